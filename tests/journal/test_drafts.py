"""What was typed, read once: a draft, or a sentence per field that cannot be read."""

import uuid
from datetime import timedelta

import pytest
from werkzeug.datastructures import MultiDict

from diary import clock
from diary.journal import drafts, terms
from diary.texts import Refused
from tests.conftest import EVENING

ZONE = "Europe/Amsterdam"
SEM = str(uuid.uuid4())
UID = "6f0c0c1e-1234-4abc-8def-0123456789ab"
INCIDENT = {"kind": "incident", "area": "routine"}


def read(**fields) -> drafts.Draft:
    return drafts.parse(fields, {SEM: 7}, ZONE, EVENING)


def refused(**fields) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        read(**fields)
    return caught.value.errors


# -- each kind


def test_area_and_time_are_enough_for_an_incident():
    draft = read(**INCIDENT)
    assert (draft.area, draft.situation, draft.happened_at, draft.body) == ("routine", None, EVENING, {})


def test_everything_is_private_until_chosen_otherwise():
    draft = read(**INCIDENT)
    assert (draft.shared, draft.feeling_shared, draft.discuss, draft.stub) == ("me", False, False, False)


def test_an_incident_keeps_all_that_was_filled_in():
    draft = read(
        **INCIDENT,
        child=SEM,
        situation="sleeping",
        note="Gooide de knuffels uit bed.",
        before="Een drukke dag.",
        guess=["scared", "tired"],
        age="4",
        intensity="3",
        minutes="15",
        signals=["clung"],
        need="comfort",
        asso_connect="Je wilt nog niet.",
        tried=["start"],
        bond="repaired",
        won="both",
        won_meant="1",
        feeling="Ik was moe.",
        feeling_shared="on",
        discuss="1",
        shared="family",
    )
    assert (draft.child, draft.situation, draft.feeling, draft.feeling_shared) == (7, "sleeping", "Ik was moe.", True)
    assert (draft.discuss, draft.shared) == (True, "family")
    assert draft.body == {
        "note": "Gooide de knuffels uit bed.",
        "before": "Een drukke dag.",
        "guess": ["scared", "tired"],
        "age": 4,
        "intensity": 3,
        "minutes": 15,
        "signals": ["clung"],
        "need": "comfort",
        "words": {"connect": "Je wilt nog niet."},
        "tried": ["connect", "start"],
        "bond": "repaired",
        "won": "both",
        "won_meant": True,
    }


def test_a_good_moment_keeps_what_it_was():
    draft = read(kind="contact", what="laughed", began="child", felt="warm", note="Samen op de schommel.")
    assert draft.body == {"what": "laughed", "began": "child", "felt": "warm", "note": "Samen op de schommel."}


def test_a_check_in_keeps_the_parents_own_day():
    draft = read(kind="checkin", energy="2", me_time="little", note="De was.", feeling="Leeg.")
    assert draft.body == {"energy": 2, "me_time": "little", "note": "De was."}
    assert draft.feeling == "Leeg."


def test_a_weekcheck_keeps_four_answers_and_a_word():
    draft = read(kind="weekcheck", at_ease="mostly", comforted="sometimes", listened="little", fun="unknown")
    assert draft.body == {
        "at_ease": "mostly",
        "comforted": "sometimes",
        "listened": "little",
        "fun": "unknown",
    }
    assert list(refused(kind="weekcheck", fun="always")) == ["fun", "at_ease"]


@pytest.mark.parametrize("kind", ["contact", "checkin", "weekcheck"])
def test_fields_of_an_incident_do_not_slip_into_another_kind(kind):
    draft = read(kind=kind, area="limit", situation="hitting", stub="1", need="comfort", won="me", note="a")
    assert (draft.area, draft.situation, draft.stub, draft.body) == (None, None, False, {"note": "a"})


def test_an_empty_dagcheck_asks_for_one_thing():
    assert list(refused(kind="checkin", shared="family")) == ["energy"]
    assert read(kind="checkin", feeling="Moe.").feeling == "Moe."
    assert list(refused(kind="weekcheck", shared="family")) == ["at_ease"]
    assert read(kind="weekcheck", feeling="Moe.").feeling == "Moe."


def test_a_form_and_json_read_the_same():
    form = MultiDict([*INCIDENT.items(), ("guess", "sad"), ("guess", "angry"), ("age", "0"), ("discuss", "1")])
    from_form = drafts.parse(form | {"uid": UID}, {}, ZONE, EVENING)
    assert from_form == read(**INCIDENT, guess=["angry", "sad"], age=0, discuss=True, uid=UID)


def test_nought_is_a_number_and_not_nothing():
    assert read(**INCIDENT, age=0, minutes="0").body == {"age": 0, "minutes": 0}


# -- area and situation


@pytest.mark.parametrize(("situation", "area"), terms.AREA_OF.items())
def test_a_situation_knows_its_area(situation, area):
    assert read(kind="incident", situation=situation).area == area
    assert read(kind="incident", area=area, **{f"situation_{area}": situation}).situation == situation


def test_of_the_situations_in_a_form_those_of_the_chosen_area_count():
    draft = read(kind="incident", area="limit", situation_limit="hitting", situation_routine="eating")
    assert draft.situation == "hitting"


def test_a_situation_of_another_area_is_not_guessed_at():
    assert set(refused(kind="incident", area="limit", situation="eating")) == {"situation"}


def test_an_incident_needs_an_area():
    assert "Help me kiezen" in refused(kind="incident")["area"]


@pytest.mark.parametrize("kind", [None, "", "monthcheck", "INCIDENT", 1, True, [], {}, ["incident"]])
def test_what_is_no_kind_is_asked_for(kind):
    assert set(refused(kind=kind, area="routine")) == {"kind"}


# -- when


def test_what_was_chosen_is_seen_from_when_it_was_written():
    before = EVENING - timedelta(days=2)
    draft = read(**INCIDENT, when="last_evening", written_at=clock.stamp(before))
    assert (clock.stamp(draft.happened_at), draft.about) == ("2026-11-17T19:00:00.000Z", "evening")
    assert draft.written_at == before


def test_what_was_written_without_a_connection_happened_when_it_was_written():
    before = EVENING - timedelta(days=2)
    assert read(**INCIDENT, written_at=clock.stamp(before)).happened_at == before


def test_a_time_of_its_own_wins_from_nothing_chosen_and_loses_from_a_choice():
    typed = {"happened_at": "2026-11-18T07:00"}
    assert clock.stamp(read(**INCIDENT, **typed).happened_at) == "2026-11-18T06:00:00.000Z"
    assert clock.stamp(read(**INCIDENT, **typed, when="time").happened_at) == "2026-11-18T06:00:00.000Z"
    assert read(**INCIDENT, **typed, when="now").happened_at == EVENING


def test_a_part_of_the_day_is_kept_with_the_time_it_stands_for():
    assert read(**INCIDENT, happened_at="2026-11-18T15:00", about="afternoon").about == "afternoon"
    assert read(**INCIDENT, happened_at="2026-11-18T15:00", about="afternoon", when="time").about is None


def test_another_moment_needs_a_day_and_a_time():
    assert set(refused(**INCIDENT, when="time")) == {"happened_at"}
    assert set(refused(**INCIDENT, when="time", happened_at="morgen")) == {"happened_at"}


def test_nobody_writes_in_the_future():
    draft = read(**INCIDENT, written_at=clock.stamp(EVENING + timedelta(hours=3)))
    assert draft.written_at == EVENING
    assert set(refused(**INCIDENT, written_at="2027-02-29T10:00")) == {"written_at"}


# -- texts


@pytest.mark.parametrize("name", ["note", "before", "feeling"])
def test_a_text_has_at_most_twenty_thousand_letters(name):
    assert read(**INCIDENT, **{name: "é" * 20_000})
    assert set(refused(**INCIDENT, **{name: "é" * 20_001})) == {name}


def test_words_of_asso_are_shorter():
    assert read(**INCIDENT, asso_start="a" * 2_000).body["words"] == {"start": "a" * 2_000}
    assert set(refused(**INCIDENT, asso_start="a" * 2_001)) == {"asso_start"}


def test_what_cannot_be_kept_as_text_leaves_a_mark_and_takes_nothing_with_it():
    assert read(**INCIDENT, note="voor\0na \ud800 🧸").body["note"] == "voor\ufffdna \ufffd 🧸"


@pytest.mark.parametrize(
    "text", ["\u202eomgekeerd\u202c", "👩‍👩‍👧‍👦 é e\u0301", "a\u0300\u0301\u0302", "%s {x} {{ y }} ${z}"]
)
def test_every_other_sign_is_kept_as_it_is(text):
    assert read(**INCIDENT, note=text).body["note"] == text


def test_ends_of_lines_and_edges_are_tidied():
    assert read(**INCIDENT, note="  een\r\ntwee\n ").body["note"] == "een\ntwee"
    assert read(**INCIDENT, note=" \n ").body == {}


# -- ids


@pytest.mark.parametrize("typed", [UID, UID.upper(), UID.replace("-", ""), f"{{{UID}}}", f"urn:uuid:{UID}"])
def test_an_id_is_read_in_one_form(typed):
    assert read(**INCIDENT, uid=typed).uid == UID


@pytest.mark.parametrize(
    "typed", ["x", UID[:-1], UID + "0", f"{UID}'", 1, 10**38, True, [UID], {"a": UID}, "../" * 12]
)
def test_what_is_no_id_is_said_to(typed):
    assert set(refused(**INCIDENT, uid=typed)) == {"uid"}


def test_without_an_id_there_is_a_new_one():
    assert read(**INCIDENT).uid != read(**INCIDENT).uid


@pytest.mark.parametrize("child", ["x", str(uuid.uuid4()), 7, "7", True, [SEM], {"uid": SEM}])
def test_a_child_of_another_family_is_nobody(child):
    assert set(refused(**INCIDENT, child=child)) == {"child"}


# -- strange types

SCALARS = [1.5, float("inf"), float("nan"), True, [], [1], {}, {"a": 1}]
CHOICES = ["situation", "need", "bond", "won", "shared", "when", "intensity"]


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", [*SCALARS, "nee", "\0", 10**400, -1], ids=repr)
def test_what_is_no_choice_is_said_to(name, value):
    assert set(refused(**INCIDENT, **{name: value})) == {name}


@pytest.mark.parametrize("name", ["age", "minutes", "version"])
@pytest.mark.parametrize("value", [*SCALARS, "x", "-1", "1.0", "1e3", "١", " 1", "10000000", 10**400, -1], ids=repr)
def test_what_is_no_whole_number_that_fits_is_said_to(name, value):
    assert set(refused(**INCIDENT, **{name: value})) == {name}


@pytest.mark.parametrize(("name", "value"), [("age", 19), ("minutes", 1441), ("version", 0)])
def test_a_number_out_of_reach_is_said_to(name, value):
    assert set(refused(**INCIDENT, **{name: value})) == {name}


@pytest.mark.parametrize(
    "name", ["note", "before", "feeling", "asso_start", "happened_at", "written_at", "change_id"]
)
@pytest.mark.parametrize("value", [1, 0, *SCALARS], ids=repr)
def test_what_is_no_text_is_said_to(name, value):
    assert set(refused(**INCIDENT, **{name: value})) == {name}


@pytest.mark.parametrize("name", ["guess", "signals", "tried"])
@pytest.mark.parametrize("value", ["scared", 1, True, {"a": 1}, [1], [None], [["scared"]], ["nee"], [{}]], ids=repr)
def test_what_is_no_list_of_choices_is_said_to(name, value):
    assert set(refused(**INCIDENT, **{name: value})) == {name}


def nested(depth: int) -> list:
    deep = []
    for _ in range(depth):
        deep = [deep]
    return deep


@pytest.mark.parametrize("name", [*CHOICES, "note", "guess", "age", "uid", "child", "kind"])
def test_lists_in_lists_are_just_one_more_thing_that_cannot_be_read(name):
    assert set(refused(**INCIDENT | {name: nested(50_000)})) == {name}


@pytest.mark.parametrize("name", ["discuss", "stub", "feeling_shared", "won_meant"])
@pytest.mark.parametrize("value", ["", "0", "nee", 0, 2, None, [], [1], {"a": 1}, "1 "], ids=repr)
def test_only_a_clear_yes_is_yes(name, value):
    draft = read(**INCIDENT, **{name: value})
    assert not any([draft.discuss, draft.stub, draft.feeling_shared, draft.body])


def test_every_field_that_is_wrong_gets_its_own_sentence():
    errors = refused(**INCIDENT, age="x", need="x", note=1, uid="x")
    assert set(errors) == {"age", "need", "note", "uid"}
    assert all(sentence.endswith(".") for sentence in errors.values())
