"""When it happened: as exact as it was given, never more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from diary import clock
from diary.journal import moments
from tests.conftest import EVENING

ZONE = "Europe/Amsterdam"
NIGHT = datetime(2026, 11, 20, 23, 10, tzinfo=UTC)  # ten past midnight on the 21st


def wall(moment: datetime) -> str:
    return moment.astimezone(clock.zone(ZONE)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("choice", "at", "about"),
    [
        ("now", "2026-11-20 19:40", None),
        ("morning", "2026-11-20 08:00", "morning"),
        ("afternoon", "2026-11-20 15:00", "afternoon"),
        ("yesterday", "2026-11-19 15:00", "afternoon"),
        ("last_evening", "2026-11-19 20:00", "evening"),
    ],
)
def test_a_choice_is_a_moment_and_how_much_of_it_is_known(choice, at, about):
    found, known = moments.chosen(choice, EVENING, ZONE)
    assert (wall(found), known) == (at, about)


def test_this_evening_is_at_most_now():
    seven = EVENING - timedelta(minutes=40)
    found, _ = moments.chosen("evening", seven + timedelta(hours=2), ZONE)
    assert wall(found) == "2026-11-20 20:00"


@pytest.mark.parametrize(
    ("hour", "offered"),
    [
        (3, ["now", "last_evening", "yesterday", "time"]),
        (9, ["now", "morning", "last_evening", "yesterday", "time"]),
        (16, ["now", "afternoon", "morning", "last_evening", "yesterday", "time"]),
        (22, ["now", "evening", "afternoon", "morning", "last_evening", "yesterday", "time"]),
    ],
)
def test_only_what_has_been_is_offered_latest_first(hour, offered):
    at = datetime(2026, 11, 20, hour, 1, tzinfo=clock.zone(ZONE))
    assert moments.offered(at, ZONE) == offered
    assert set(offered) <= set(moments.CHOICES)


@pytest.mark.parametrize("choice", ["morning", "afternoon", "evening"])
def test_a_part_of_the_day_chosen_before_midnight_is_of_that_day_after_it(choice):
    before, known = moments.chosen(choice, NIGHT - timedelta(minutes=20), ZONE)
    assert moments.chosen(choice, NIGHT, ZONE) == (before, known)
    assert wall(before).startswith("2026-11-20")


@pytest.mark.parametrize("choice", [choice for choice in moments.CHOICES if choice != "time"])
def test_no_choice_lies_ahead(choice):
    for hours in range(48):
        at = EVENING + timedelta(hours=hours)
        assert moments.chosen(choice, at, ZONE)[0] <= at


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-11-20T19:40", "2026-11-20T18:40:00.000Z"),
        ("2026-11-20 19:40:30", "2026-11-20T18:40:30.000Z"),
        ("2026-11-20T18:40:30.123Z", "2026-11-20T18:40:30.123Z"),
        ("2026-11-20T13:40-05:00", "2026-11-20T18:40:00.000Z"),
        ("2026-07-01T12:00", "2026-07-01T10:00:00.000Z"),
        ("2024-02-29T12:00", "2024-02-29T11:00:00.000Z"),
        ("2026-03-29T02:30", "2026-03-29T01:00:00.000Z"),  # the missing hour: the first minute after it
        ("2025-10-26T02:30", "2025-10-26T00:30:00.000Z"),  # the double hour: the first
    ],
)
def test_a_typed_moment_is_read_on_the_family_s_clock_or_as_it_stands(typed, at):
    assert clock.stamp(moments.read(typed, EVENING, ZONE)) == at


NO_MOMENT = ["", "nu", "20-11-2026 19:40", "2026-11-20", "19:40", "2026-11-20T19", "2026-11-20T19:40+1"]
NO_MOMENT += [
    "٢٠٢٦-11-20T19:40",
    "2026-11-20T19:40\n",
    " 2026-11-20T19:40",
    "2026-W47-5T19:40",
    "2026-11-20T19:40[NL]",
]
NO_SUCH = ["0000-00-00T00:00", "0000-01-01T00:00", "2026-13-01T00:00", "2026-11-31T00:00", "2027-02-29T12:00"]
NO_SUCH += ["2026-11-20T24:00", "2026-11-20T19:60", "2026-11-20T19:40+99:99", "0001-01-01T00:00+14:00"]
NO_SUCH += ["9999-12-31T23:59-14:00", "0001-01-01T00:00"]


@pytest.mark.parametrize("typed", NO_MOMENT)
def test_what_is_no_moment_gets_an_example(typed):
    with pytest.raises(moments.Unreadable, match="bijvoorbeeld"):
        moments.read(typed, EVENING, ZONE)


@pytest.mark.parametrize("typed", NO_SUCH)
def test_a_day_or_time_that_does_not_exist_is_said_to(typed):
    with pytest.raises(moments.Unreadable, match="bestaat niet"):
        moments.read(typed, EVENING, ZONE)


@pytest.mark.parametrize(("typed", "why"), [("1999-12-31T12:00", "2000"), ("9999-12-31T23:59", "nog komen")])
def test_a_moment_too_far_away_is_refused(typed, why):
    with pytest.raises(moments.Unreadable, match=why):
        moments.read(typed, EVENING, ZONE)


def test_a_phone_whose_clock_is_ahead_is_believed_for_a_day():
    ahead = EVENING + timedelta(days=1)
    assert moments.read(clock.stamp(ahead), EVENING, ZONE) == ahead
    with pytest.raises(moments.Unreadable):
        moments.read(clock.stamp(ahead + timedelta(milliseconds=1)), EVENING, ZONE)


@pytest.mark.parametrize("text", ["2026-11-20", "2024-02-29", "2000-01-01", "9999-12-31"])
def test_a_day_of_an_address_is_read(text):
    assert moments.day(text) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    ["", "vandaag", "2026-1-1", "20261120", "2027-02-29", "1999-12-31", "0000-00-00", "2026-11-20\n", "2026-W47-5"],
)
def test_what_is_no_day_is_none(text):
    assert moments.day(text) is None


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, "night"),
        (5, "night"),
        (6, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (18, "evening"),
        (23, "evening"),
    ],
)
def test_the_parts_of_a_day(hour, part):
    assert moments.part(datetime(2026, 11, 20, hour, 59, tzinfo=UTC)) == part
