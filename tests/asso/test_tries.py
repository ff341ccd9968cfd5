"""What was tried, whether it helped, and what that changes the next time."""

import re
import uuid

import pytest

from diary import store
from diary.asso import openings, tries
from diary.upkeep import retention

SLEEP = "/asso/sleeping-throws-toys"


def first(person, situation: str = "sleeping") -> str:
    return re.search(r'action="/asso/([\w-]+)/tries"', person.get(f"/asso?situation={situation}").text).group(1)


def answers(person, suggestion: str, helped: str, **more) -> None:
    answer = person.post(f"/asso/{suggestion}/tries", {"uid": str(uuid.uuid4()), "helped": helped, **more})
    assert answer.status_code == 302, answer.text


def test_an_answer_changes_what_comes_first(marit):
    before = first(marit)
    for _ in range(3):
        answers(marit, before, "not_yet")
    after = first(marit)
    assert after != before
    for _ in range(4):
        answers(marit, before, "yes")
    page = marit.get("/asso?situation=sleeping").text
    assert "hielp 4 van 7 keer" in page


def test_what_helped_is_counted_per_child(marit, db, viewer, now):
    marit.post("/family/children/new", {"name": "Bo"})
    sem, bo = (c[0] for c in db.execute("select uid from children order by id").fetchall())
    answers(marit, "sleeping-throws-toys", "yes", child=sem)
    assert "hielp 1 van 1 keer" in marit.get(f"{SLEEP}?child={sem}").text
    assert "hielp" not in re.sub("Hielp het", "", marit.get(f"{SLEEP}?child={bo}").text)


def test_what_one_parent_tried_stays_with_that_parent(marit, joins):
    joost = joins(marit, "Joost")
    answers(marit, "sleeping-throws-toys", "yes")
    assert "hielp 1 van 1 keer" not in joost.get(SLEEP).text


def test_later_is_asked_on_today_until_it_is_answered(marit, now):
    answers(marit, "sleeping-throws-toys", "")
    page = marit.get("/today").text
    assert "Hielp het?" in page
    uid = re.search(r"/asso/tries/([\w-]+)", page).group(1)
    assert marit.post(f"/asso/tries/{uid}", {"helped": "bit"}).status_code == 302
    assert "Hielp het?" not in marit.get("/today").text
    assert "hielp 1 van 1 keer" in marit.get(SLEEP).text


def test_after_a_day_and_a_night_it_is_no_longer_asked(marit, now):
    answers(marit, "sleeping-throws-toys", "")
    now.pass_by(hours=31)
    assert "Hielp het?" not in marit.get("/today").text


def test_sent_twice_it_is_one_try_with_the_latest_answer(marit, db):
    fields = {"uid": str(uuid.uuid4())}
    for helped in ("yes", "not_yet", ""):
        marit.post(f"{SLEEP}/tries", {**fields, "helped": helped})
    assert db.execute("select helped from tries").fetchall() == [(0,)]


def test_later_and_then_back_and_answered_is_one_try(marit, db):
    answers(marit, "sleeping-throws-toys", "")
    answers(marit, "sleeping-throws-toys", "yes")
    assert db.execute("select helped from tries").fetchall() == [(2,)]
    answers(marit, "sleeping-throws-toys", "bit")
    assert len(db.execute("select 1 from tries").fetchall()) == 2  # the next evening's is another


def test_what_was_said_is_filled_in_on_the_entry_and_nothing_written_is_lost(marit, db):
    uid = marit.writes(situation="sleeping", note="Knuffels door de kamer.", asso_structure="Het is laat, appelboom.")
    answers(marit, "sleeping-throws-toys", "yes", entry=uid)
    page = marit.get(f"/entries/{uid}").text
    assert "Knuffels door de kamer." in page
    assert "appelboom" in page
    assert "Bedtijd, en hup" in page
    assert marit.get(f"/entries/{uid}/versions").status_code == 200


def test_twice_for_the_same_entry_makes_no_third_version(marit, db):
    uid = marit.writes(situation="sleeping")
    for _ in range(2):
        answers(marit, "sleeping-throws-toys", "yes", entry=uid)
    assert db.execute("select version from entry_rows").fetchall() == [(2,)]


def test_an_entry_of_another_is_not_touched(marit, joins, db):
    joost = joins(marit, "Joost")
    uid = marit.writes(situation="sleeping", shared="family")
    answers(joost, "sleeping-throws-toys", "yes", entry=uid)
    assert db.execute("select version from entry_rows").fetchall() == [(1,)]
    assert db.execute("select entry from tries").fetchall() == [(None,)]


def test_what_was_shown_yesterday_makes_room_and_stays_while_it_is_read(marit, now):
    before = first(marit)
    now.pass_by(minutes=10)
    assert first(marit) == before
    now.pass_by(hours=20)
    assert first(marit) != before
    now.pass_by(days=4)
    assert first(marit) == before


def test_shown_and_tries_are_swept(marit, db, now):
    answers(marit, "sleeping-throws-toys", "yes")
    first(marit)
    now.pass_by(days=401)
    retention.sweep(db, now())
    assert [db.execute(f"select count(*) from {name}").fetchone() for name in ("shown", "tries")] == [(0,), (0,)]


@pytest.mark.parametrize("fields", [{"helped": "9"}, {"helped": ""}, {}])
def test_nonsense_for_an_answer_writes_nothing(marit, db, fields):
    fresh = str(uuid.uuid4())
    marit.post(f"{SLEEP}/tries", {"uid": fresh})
    assert marit.post(f"/asso/tries/{fresh}", fields).status_code == 404
    assert db.execute("select helped from tries").fetchall() == [(None,)]


@pytest.mark.parametrize("uid", ["x" * 300, "'; drop", ""])
def test_a_strange_id_is_just_another_id(marit, db, uid):
    assert marit.post(f"{SLEEP}/tries", {"uid": uid, "helped": "yes", "entry": uid, "child": uid}).status_code == 302
    assert len(db.execute("select uid from tries").fetchone()[0]) == 36


class TestOpenings:
    """What a counsellor opens."""

    CLOSED = "/asso/waking-has-done-it-all"

    @pytest.fixture
    def lotte(self, counsellor, marit, tied, visit):
        person = counsellor("Lotte")
        return visit(person, tied(marit, person))

    def test_closed_is_as_if_it_does_not_exist(self, marit):
        assert marit.get(self.CLOSED).status_code == 404
        for path in ("phrase", "tries"):
            assert marit.post(f"{self.CLOSED}/{path}", {"asso_connect": "x"}).status_code == 404
        assert marit.get(f"{self.CLOSED}/entry").status_code == 404

    def test_a_counsellor_opens_and_closes_it_for_this_family_alone(self, marit, parent, lotte, db, now):
        eva = parent("Eva")
        assert openings.unlock(db, lotte, "taking_over", "hij is eraan toe", now())
        assert openings.unlock(db, lotte, "taking_over", "nog een keer", now())
        assert (marit.get(self.CLOSED).status_code, eva.get(self.CLOSED).status_code) == (200, 404)
        assert openings.of(db, lotte)["taking_over"]["reason"] == "hij is eraan toe"
        assert openings.lock(db, lotte, "taking_over", now())
        assert marit.get(self.CLOSED).status_code == 404

    @pytest.mark.parametrize("state", ["invited", "ended"])
    def test_a_counsellor_who_is_not_in_opens_nothing(self, lotte, db, now, state):
        store.change(db, "update memberships set state = :state where id = :id", state=state, id=lotte.membership)
        assert not openings.unlock(db, lotte, "touch", "toch", now())
        assert openings.opened(db, lotte) == set()

    def test_a_parent_opens_nothing(self, marit, viewer, db, now):
        assert not openings.unlock(db, viewer(marit), "touch", "toch", now())
        assert not openings.lock(db, viewer(marit), "touch", now())


def test_a_count_leans_to_the_middle_while_little_is_known():
    assert tries.Count().share == 0.5
    assert 0.5 < tries.Count(1, 1).share < tries.Count(4, 4).share < 1


def test_ones_own_sentences_do_not_slip_into_what_the_family_reads(marit, joins):
    joost = joins(marit, "Joost")
    marit.post(f"{SLEEP}/phrase", {"asso_connect": "appelboom"})
    uid = marit.writes(situation="sleeping", shared="family")
    answers(marit, "sleeping-throws-toys", "yes", entry=uid)
    assert "appelboom" not in joost.get(f"/entries/{uid}").text
