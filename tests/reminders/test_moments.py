"""When something rings next: once per local date, whatever the clocks of a place do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import clock
from diary.reminders import moments
from diary.reminders.kinds import EVERY_DAY
from tests.reminders.conftest import AMSTERDAM

CHANGES = [date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29)]
ELSEWHERE = {
    "Europe/Lisbon": date(2027, 3, 28),
    "Europe/Istanbul": date(2027, 3, 28),
    "America/Curacao": date(2027, 3, 14),
    "America/New_York": date(2027, 11, 7),
    "America/Paramaribo": date(2028, 2, 29),
    "America/Santiago": date(2027, 9, 5),  # here midnight does not exist
    "Africa/Cairo": date(2027, 4, 30),  # nor here
    "Asia/Kathmandu": date(2027, 1, 1),
    "Australia/Lord_Howe": date(2027, 10, 3),  # half an hour
    "Pacific/Kiritimati": date(2027, 12, 31),
}
MINUTES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]


def rings(at: str, zone: str, around: date, days: str = EVERY_DAY) -> list[tuple[date, datetime]]:
    """As the tick goes from one to the next, from two days before to two days after."""
    moment = clock.at(around - timedelta(days=2), datetime.min.time(), zone) - timedelta(minutes=1)
    day, found = around - timedelta(days=3), []
    while day < around + timedelta(days=2):
        day, moment = moments.next_moment(at, days, zone, day, moment)
        found.append((day, moment))
    return found


@pytest.mark.parametrize(("zone", "day"), [*((AMSTERDAM, day) for day in CHANGES), *ELSEWHERE.items()])
def test_every_minute_of_a_day_rings_once_that_day(zone, day):
    wanted = [day + timedelta(days=n) for n in range(-2, 3)]
    for at in MINUTES:
        found = rings(at, zone, day)
        assert [one for one, _ in found] == wanted, at
        local = [moment.astimezone(clock.zone(zone)) for _, moment in found]
        assert [one.date() for one in local] == wanted, at
        assert {one.strftime("%H:%M") for one in local if one.date() != day} == {at}


def test_a_time_that_is_skipped_rings_in_the_first_minute_after():
    [_, _, (_, moment), *_] = rings("02:30", AMSTERDAM, CHANGES[0])
    assert moment == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # 3:00 by then


def test_a_time_that_comes_twice_rings_the_first_time():
    [_, _, (_, moment), *_] = rings("02:30", AMSTERDAM, CHANGES[1])
    assert moment == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


days = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda some: "".join(sorted(some)))
times = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from([AMSTERDAM, *ELSEWHERE])


@given(st.sampled_from(MINUTES), days, zones, times, st.booleans())
def test_the_next_is_later_on_an_agreed_day_and_never_the_same_day_again(at, days, zone, now, halved):
    day, moment = moments.next_moment(at, days, zone, None, now)
    after, later = moments.next_moment(at, days, zone, day, moment, halved)
    assert now < moment < later
    assert day < after
    assert {str(day.isoweekday()), str(after.isoweekday())} <= set(days)
    passed = sum(str((day + timedelta(days=n)).isoweekday()) in days for n in range(1, (after - day).days + 1))
    assert passed == (2 if halved else 1)


@given(st.sampled_from(MINUTES), st.sampled_from(MINUTES), st.sampled_from(MINUTES))
def test_quiet_hours_and_the_rest_of_the_day_make_a_day(begins, ends, wall):
    quiet, loud = moments.is_quiet_at(wall, (begins, ends)), moments.is_quiet_at(wall, (ends, begins))
    assert quiet != loud or begins == ends
    assert not (begins == ends and quiet)


@pytest.mark.parametrize(
    ("wall", "quiet"), [("21:29", False), ("21:30", True), ("00:00", True), ("06:29", True), ("06:30", False)]
)
def test_quiet_hours_go_on_over_midnight(wall, quiet):
    assert moments.is_quiet_at(wall, ("21:30", "06:30")) is quiet


@pytest.mark.parametrize(
    ("due", "late", "gone"),
    [
        ("19:30", 0, False),
        ("19:30", 5, False),
        ("19:30", 119, False),
        ("19:30", 120, True),  # that is half past nine
        ("17:00", 120, False),
        ("17:00", 121, True),
        ("21:25", 4, False),
        ("21:25", 6, True),
        ("23:58", 4, False),  # only just past midnight
        ("23:58", 6, True),
    ],
)
def test_what_is_late_rings_within_two_hours_and_before_half_past_nine(at, due, late, gone):
    moment = at(due)
    assert moments.is_too_late(date(2026, 11, 20), moment, moment + timedelta(minutes=late), AMSTERDAM) is gone


NIGHT = ("21:30", "06:30")


@pytest.mark.parametrize(
    ("wall", "after", "wanted"),
    [
        ("19:40", None, (0, "19:40")),
        ("08:15", None, (0, "09:00")),
        ("22:00", None, (1, "09:00")),
        ("03:00", None, (0, "09:00")),
        ("19:40", 0, (1, "09:00")),
    ],
)
def test_what_has_happened_is_told_at_once_by_day_and_once_a_day(at, wall, after, wanted):
    today = date(2026, 11, 20)
    day, moment = moments.next_ring(
        "09:00", EVERY_DAY, AMSTERDAM, NIGHT, None if after is None else today, at(wall), fixed=False
    )
    assert (day, moment) == (today + timedelta(days=wanted[0]), at(wanted[1], wanted[0]))


def test_a_digest_waits_for_its_time_on_a_working_day(at):
    friday = at("08:31")
    assert moments.next_ring("08:30", "12345", AMSTERDAM, NIGHT, None, friday, fixed=True)[1] == at("08:30", 3)
