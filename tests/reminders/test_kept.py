"""What of reminders is thrown away when: on the last moment it is still there, a millisecond later it is gone."""

import pytest

from diary import store
from diary.people import sessions
from diary.reminders import reminders
from diary.upkeep import retention


@pytest.fixture
def count(db, now):
    """How many rows of a table are left after a sweep."""

    def count(table: str) -> int:
        retention.sweep(db, now())
        return store.row(db, f"select count(*) as n from {table}")["n"]

    return count


@pytest.mark.parametrize(("table", "days"), [("occurrences", 180), ("deliveries", 30)])
def test_what_rang_is_kept_for_as_long_as_it_tells_something(now, at, agree, tick, count, table, days):
    at("12:00")
    agree()
    at("19:30")
    tick()
    now.pass_by(days=days)
    assert count(table) == 1
    now.pass_by(milliseconds=1)
    assert count(table) == 0


def test_an_ended_reminder_loses_its_name_at_once_and_itself_later(db, me, now, at, agree, count):
    uid = agree("own", "19:30", label="Voorlezen")
    reminders.end(db, me, uid, now())
    assert store.row(db, "select label from reminders where uid = :uid", uid=uid) == {"label": None}
    now.pass_by(days=180)
    assert count("reminders") == 2
    now.pass_by(milliseconds=1)
    assert count("reminders") == 1  # what was not ended stays


def test_a_device_goes_with_its_session_and_with_one_that_fell_still(db, me, marit, signed_in, device, now, count):
    device(me)
    device(signed_in(marit))
    sessions.end(db, me.id, now(), session=me.session)
    assert count("devices") == 1
    now.pass_by(days=30, hours=1)
    assert count("devices") == 0
