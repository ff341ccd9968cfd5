"""What waits for something to happen: an answer, or what families shared. Once a day, and only until it is seen."""

from datetime import date

import pytest

from diary import store
from diary.reminders import news, reminding
from tests.reminders.test_due import TODAY, TOMORROW, days_on


def reply(db, me, now) -> None:
    news.ring(db, me.id, me.family, "reply", now())


def rung(db) -> list[tuple]:
    found = store.rows(
        db,
        """select local_date, state from occurrences join reminders on reminders.id = reminder
           where kind in ('reply', 'digest') order by local_date""",
    )
    return [tuple(row.values()) for row in found]


def test_an_answer_rings_at_once_and_the_next_ones_tomorrow_together(db, me, at, agree, plan, now):
    at("19:40")
    agree()
    reply(db, me, now)
    plan()
    assert rung(db) == [(TODAY, "going")]
    for _ in range(3):
        reply(db, me, now)
        plan()
    assert rung(db) == [(TODAY, "going")]
    at("09:00", 1)
    plan()
    assert rung(db) == [(TODAY, "going"), (TOMORROW, "going")]
    at("09:00", 2)
    plan()
    assert len(rung(db)) == 2


def test_who_agreed_to_nothing_hears_nothing_of_it(db, me, plan, now):
    reply(db, me, now)
    assert plan() == []


def test_an_answer_that_was_read_does_not_ring(db, me, at, agree, plan, now):
    at("22:00")
    agree()
    reply(db, me, now)
    news.hush(db, me.id, me.family, "reply", now())
    at("09:00", 1)
    plan()
    assert rung(db) == []


def test_an_answer_on_a_full_day_rings_the_next(db, me, at, agree, plan, now):
    at("12:00")
    agree("own", "13:00", label="a")
    agree("own", "14:00", label="b")
    at("14:00")
    plan()
    reply(db, me, now)
    plan()
    assert rung(db) == []
    at("09:00", 1)
    plan()
    assert rung(db) == [(TOMORROW, "going")]


def test_an_answer_that_came_in_a_pause_is_told_on_the_first_day_after_it(db, me, at, agree, plan, now):
    at("12:00")
    agree()
    reminding.pause(db, me, date(2026, 12, 24), now())
    reply(db, me, now)
    plan()
    assert rung(db) == []
    at("09:00", 34)
    plan()
    assert rung(db) == [("2026-12-24", "going")]


@pytest.fixture
def desk(db, marit, counsellor, tied, viewer):
    """A counsellor who reads along through the 22nd, a Sunday."""
    joke = counsellor("Joke")
    tied(marit, joke)
    store.change(db, "update memberships set until_day = '2026-11-22' where role = 'counsellor'")
    return viewer(joke).id


def test_an_answer_that_was_read_waits_nowhere_any_more(db, me, at, agree, plan, now, device):
    at("19:40")
    agree()
    device(me)
    reply(db, me, now)
    plan()
    news.hush(db, me.id, me.family, "reply", now())
    assert store.rows(db, "select answer from occurrences") == [{"answer": "opened"}]
    assert db["deliveries"].count == 0


def test_what_was_shared_is_not_told_after_the_last_day_of_a_tie(db, desk, at, plan, now):
    news.ring(db, desk, None, "digest", now())
    at("08:31", 3)
    assert plan() == []


def test_a_digest_that_is_on_its_way_stops_with_the_tie(db, desk, at, plan, now, tick):
    store.change(db, "update memberships set until_day = '2026-11-23' where role = 'counsellor'")
    news.ring(db, desk, None, "digest", now())
    at("08:31", 3)
    assert len(plan()) == 1
    store.change(db, "update memberships set until_day = '2026-11-22' where role = 'counsellor'")
    assert tick() == []


def test_the_next_family_that_lets_a_counsellor_in_is_heard_of_again(db, desk, at, plan, now):
    news.ring(db, desk, None, "digest", now())
    at("08:31", 3)
    plan()
    store.change(db, "update memberships set until_day = null where role = 'counsellor'")
    news.ring(db, desk, None, "digest", now())
    at("08:31", 4)
    plan()
    assert rung(db) == [("2026-11-24", "going")]


def test_what_families_share_rings_for_a_counsellor_once_on_a_working_day(db, me, at, plan, now):
    store.change(db, "update memberships set role = 'counsellor' where account = :id", id=me.id)
    at("12:00")  # a friday
    for _ in range(3):
        news.ring(db, me.id, None, "digest", now())
    at("08:29", 3)
    assert plan() == []
    at("08:30", 3)
    plan()
    assert rung(db) == [(days_on(3), "going")]
