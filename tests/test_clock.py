"""Time: one form to keep it in, and wall clocks that skip an hour or show it twice."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import clock

AMSTERDAM = "Europe/Amsterdam"
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
NIGHTS = [
    (AMSTERDAM, SPRING),
    (AMSTERDAM, AUTUMN),
    (AMSTERDAM, date(2028, 3, 26)),
    (AMSTERDAM, date(2028, 10, 29)),
    ("Europe/Lisbon", SPRING),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("America/Santiago", date(2026, 9, 6)),  # the hour after midnight is the one that is missing
    ("Australia/Lord_Howe", date(2027, 4, 4)),  # half an hour
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Asia/Kathmandu", SPRING),  # nothing happens, three quarters of an hour off
]


def shown(day: date, zone: str) -> dict[datetime, datetime]:
    """What the wall clock shows around this day, minute by minute, with the first moment it does."""
    first, wall = datetime.combine(day, time(), UTC) - timedelta(days=1), ZoneInfo(zone)
    moments = [first + timedelta(minutes=n) for n in range(4 * 1440)]
    seen: dict[datetime, datetime] = {}
    for moment in moments:
        seen.setdefault(moment.astimezone(wall).replace(tzinfo=None), moment)
    return seen


@pytest.mark.parametrize(("zone", "day"), NIGHTS, ids=lambda value: str(value).rpartition("/")[2])
def test_every_minute_of_a_day_is_its_first_moment_or_the_first_minute_after_the_gap(zone, day):
    seen = shown(day, zone)
    order = sorted(seen)
    for minute in (time(n // 60, n % 60) for n in range(1440)):
        wall = datetime.combine(day, minute)
        valid = order[bisect_left(order, wall)]
        assert clock.at(day, minute, zone) == seen[valid], wall


def test_the_missing_hour_of_spring_begins_when_summer_time_does():
    assert clock.at(SPRING, time(2, 30), AMSTERDAM) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert clock.at(SPRING, time(3), AMSTERDAM) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_the_double_hour_of_autumn_is_the_first():
    assert clock.at(AUTUMN, time(2, 30), AMSTERDAM) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert clock.at(AUTUMN, time(3), AMSTERDAM) == datetime(2027, 10, 31, 2, tzinfo=UTC)


def test_a_day_that_was_skipped_whole_is_the_first_minute_of_the_next():
    skipped = clock.at(date(2011, 12, 30), time(12), "Pacific/Apia")
    assert skipped == clock.at(date(2011, 12, 31), time(0), "Pacific/Apia")


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 3, 29), 24)])
def test_a_day_has_as_many_hours_as_the_family_lives_through(day, hours):
    begin = datetime.combine(day, time(), UTC) - timedelta(days=1)
    lived = [begin + timedelta(hours=n) for n in range(72)]
    assert sum(clock.today(moment, AMSTERDAM) == day for moment in lived) == hours


def test_a_day_begins_at_midnight_where_the_family_lives():
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert clock.today(late, AMSTERDAM) == date(2026, 11, 21)
    assert clock.today(late, "America/New_York") == date(2026, 11, 20)


moments = st.datetimes(timezones=st.timezones(), allow_imaginary=False).filter(lambda at: 1 < at.year < 9999)


@given(moments)
def test_a_stamp_is_always_as_wide_and_gives_the_moment_back(at):
    kept = clock.stamp(at)
    assert len(kept) == len("2026-11-20T18:40:00.000Z")
    assert timedelta(0) <= at - clock.moment(kept) < timedelta(milliseconds=1)


@given(moments, st.integers(1, 10**9))
def test_stamps_sort_as_the_moments_do(at, later):
    after = at.astimezone(UTC) + timedelta(milliseconds=later)
    assert clock.stamp(at) < clock.stamp(after)


def test_a_stamp_reads_as_the_wall_clock_of_the_family():
    assert f"{clock.local('2027-03-28T01:00:00.000Z', AMSTERDAM):%H:%M}" == "03:00"
    assert f"{clock.local('2027-03-28T00:59:59.999Z', AMSTERDAM):%H:%M}" == "01:59"


def test_now_is_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
