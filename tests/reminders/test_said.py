"""What a notification can say: a closed list, and no word of anyone's diary."""

import json
import random
import string

import pytest

from diary.reminders import said

KINDS = ["evening", "contact", "risk", "own", "week", "room", "reply", "digest"]
HERE = "https://nabij.example"


def told(kind="evening", occurrence="een-uid", day="2026-11-20", language="nl", **more) -> dict:
    return json.loads(said.payload(kind, occurrence, day, language, HERE, **more))


def test_the_list_is_short_and_these_are_its_sentences():
    assert set(said.SENTENCES["nl"].values()) == {
        "Nabij",
        "Er staat iets voor je klaar.",
        "Er is een bericht voor je.",
        "Zo ziet een herinnering eruit.",
        "Er staat iets voor je klaar",
        "In Nabij staat iets voor je klaar. Kijk wanneer het jou uitkomt:",
        "Liever op een ander moment, of even niet? Dat kies je zelf, in de app.",
    }
    assert len(said.SENTENCES["nl"]) <= 12


def test_both_languages_say_the_same_things():
    for sentences in (said.SENTENCES, said.FULLER):
        assert sentences["nl"].keys() == sentences["en"].keys()
        assert all(text for language in sentences.values() for text in language.values())
    assert list(said.FULLER["nl"]) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_browser_can_show_it_without_our_worker(kind):
    payload = told(kind)
    assert payload["web_push"] == 8030
    assert payload["notification"] | {"tag": ""} == {
        "title": "Nabij",
        "body": "Er is een bericht voor je." if kind == "reply" else "Er staat iets voor je klaar.",
        "lang": "nl",
        "navigate": "https://nabij.example/reminders/2026-11-20",
        "tag": "",
    }


def test_its_address_carries_the_day_it_was_meant_for_and_nothing_else():
    assert told(day="2027-03-28")["notification"]["navigate"] == f"{HERE}/reminders/2027-03-28"


def test_a_second_try_takes_the_place_of_the_first_and_another_reminder_does_not():
    tag = lambda **about: told(**about)["notification"]["tag"]  # noqa: E731
    assert tag(occurrence="a") == tag(occurrence="a", kind="week") != tag(occurrence="b")


def test_whoever_passes_them_on_cannot_tell_them_apart_by_their_length():
    lengths = {
        len(said.payload(kind, "uid", "2026-11-20", language, HERE, detail=detail, label="medicijn").encode())
        for kind in [*KINDS, "test"]
        for language in said.SENTENCES
        for detail in (True, False)
    }
    assert len(lengths) == 1


def test_who_chose_to_be_told_more_reads_what_it_is_about_and_only_then():
    assert told("week", detail=True)["notification"]["body"] == "Tijd voor de weekcheck."
    assert told("own", detail=True, label="voorlezen")["notification"]["body"] == "voorlezen"
    assert told("own", label="voorlezen")["notification"]["body"] == "Er staat iets voor je klaar."


def test_ten_thousand_notifications_and_mails_hold_no_word_of_a_diary():
    """Made from diaries of random words: what is given to them may come out as a day, an address or not at all."""
    dice = random.Random(2026)
    neutral = {text for sentences in said.SENTENCES.values() for text in sentences.values()}
    fuller = {text for sentences in said.FULLER.values() for text in sentences.values()}
    for _ in range(10_000):
        child, area, text = ("".join(dice.choices(string.ascii_lowercase, k=12)) for _ in range(3))
        kind, language = dice.choice([*KINDS, "test"]), dice.choice(["nl", "en"])
        day = f"20{dice.randrange(26, 40)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        detail = dice.random() < 0.5
        label = f"{child} {area} {text}" if kind == "own" and not detail else ""
        payload = said.payload(kind, f"{child}{area}", day, language, HERE, detail, label)
        subject, body = said.letter(day, language, HERE)
        notification = json.loads(payload)["notification"]
        assert not any(word in payload + subject + body for word in (child, area, text))
        assert notification["body"] in (neutral | fuller if detail else neutral)
        assert {subject, *body.strip().split("\n\n")} <= neutral | {f"{HERE}/reminders/{day}"}
