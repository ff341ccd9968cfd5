"""Risk moments: what stands out, for whom, and what becomes of a yes, a no and a not now."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import clock
from diary.reminders import reminders, reminding, risks

MINUTES = st.lists(st.integers(0, 1439), min_size=1, max_size=12)
ZONE = "Europe/Amsterdam"


# -- the hour that most of them lie about


def apart(one: int, other: int) -> int:
    gap = abs(one - other) % 1440
    return min(gap, 1440 - gap)


@given(MINUTES)
def test_the_count_is_of_what_lies_within_an_hour_of_the_moment_that_is_named(minutes):
    middle, times = risks.around(*minutes)
    assert 0 <= middle < 1440
    assert times == sum(apart(middle, one) <= 60 for one in minutes)


@given(MINUTES, st.integers(0, 1439), st.randoms())
def test_neither_the_order_nor_midnight_matters(minutes, shift, chance):
    middle, times = risks.around(*minutes)
    mixed = chance.sample(minutes, len(minutes))
    assert risks.around(*mixed) == (middle, times)
    assert risks.around(*((one + shift) % 1440 for one in minutes))[1] == times


@given(st.integers(0, 1439), st.lists(st.integers(0, 60), min_size=3, max_size=3), MINUTES)
def test_three_within_an_hour_are_found_among_any_others(start, within, others):
    assert risks.around(*((start + one) % 1440 for one in within), *others)[1] >= 3


@pytest.mark.parametrize(
    ("walls", "middle", "times"),
    [
        (["19:05", "19:10", "19:40"], "19:10", 3),
        (["23:40", "00:10", "23:55"], "23:55", 3),
        (["00:02", "23:58"], "00:00", 2),
        (["07:00", "19:05", "19:10", "07:30", "19:15"], "19:10", 3),
        (["12:00"], "12:00", 1),
    ],
)
def test_the_moment_that_is_named_is_the_middle_one(walls, middle, times):
    def minute(wall: str) -> int:
        return time.fromisoformat(wall).hour * 60 + time.fromisoformat(wall).minute

    assert risks.around(*map(minute, walls)) == (minute(middle), times)


# -- what the diary says


def evenings(person, *walls: str, **fields) -> None:
    """An incident at each of these times, on the days before today, written down five minutes later."""
    for back, wall in enumerate(walls, start=1):
        at = clock.at(date(2026, 11, 20) - timedelta(days=back), time.fromisoformat(wall), ZONE)
        told = {"situation": "sleeping", "happened_at": at, "written_at": at + timedelta(minutes=5)} | fields
        sent = {name: clock.stamp(v) if isinstance(v, datetime) else v for name, v in told.items()}
        assert person.sync({"kind": "incident", **sent}).json["refused"] == []


@pytest.fixture
def offered(db, viewer, now):
    def ask(person) -> list[tuple]:
        return [(r.situation, r.times, r.of, r.around, r.at) for r in risks.offers(db, viewer(person), now())]

    return ask


def test_three_of_five_evenings_are_an_offer_with_its_reason(marit, offered):
    evenings(marit, "19:08", "19:12", "19:10", "12:00", "07:00")
    assert offered(marit) == [("sleeping", 3, 5, "19:10", "18:50")]


def test_of_a_flood_the_latest_hundred_are_looked_at(marit, offered):
    told = {"kind": "incident", "situation": "sleeping"}
    evening, noon = "2026-11-19T18:10:00.000Z", "2026-11-09T11:00:00.000Z"
    flood = [told | {"happened_at": at, "written_at": at} for at in [noon] * 30 + [evening] * 100]
    assert marit.sync(*flood).json["refused"] == []
    assert offered(marit) == [("sleeping", 100, 100, "19:10", "18:50")]


def test_two_are_none_and_neither_are_three_that_lie_apart(marit, offered):
    evenings(marit, "19:10", "19:10")
    evenings(marit, "07:00", "12:00", "19:00", situation="eating")
    assert offered(marit) == []


def test_what_was_written_down_later_or_of_about_the_evening_counts_only_among_all(marit, offered, now):
    evenings(marit, "19:10", "19:10", "19:10")
    evenings(marit, "19:10", written_at=now())
    evenings(marit, "19:10", about="evening")
    assert offered(marit) == [("sleeping", 3, 5, "19:10", "18:50")]


def test_what_is_two_weeks_old_counts_no_longer(marit, offered, now):
    evenings(marit, "19:10", "19:10", "19:10")
    now.pass_by(days=10, hours=23)
    assert len(offered(marit)) == 1
    now.pass_by(hours=2)
    assert offered(marit) == []


def test_around_midnight_the_idea_comes_before_it_unless_that_is_a_quiet_hour(db, marit, viewer, offered, now):
    evenings(marit, "00:10", "23:55", "00:12")
    assert offered(marit) == []
    reminding.save(db, viewer(marit), now(), quiet_from="01:00", quiet_until="06:30")
    assert offered(marit) == [("sleeping", 3, 3, "00:10", "23:50")]


def test_a_change_of_the_clock_moves_no_bedtime(marit, offered, now):
    now.at = datetime(2026, 10, 29, 18, 0, tzinfo=UTC)  # the clock went back on the 25th
    for day in (22, 24, 26, 28):
        at = clock.at(date(2026, 10, day), time(19, 10), ZONE)
        evenings(marit, "19:10", happened_at=at, written_at=at)
    assert offered(marit) == [("sleeping", 4, 4, "19:10", "18:50")]


def test_two_children_are_never_counted_together(marit, offered):
    marit.post("/family/children/new", {"name": "Bo"})
    evenings(marit, "19:10", "19:10", child=marit.child())
    evenings(marit, "19:10", "19:10")
    assert offered(marit) == []


def test_only_what_one_may_read_counts(marit, joins, offered):
    joost = joins(marit, "Joost")
    evenings(marit, "19:10", "19:10")
    evenings(marit, "19:10", shared="family")
    evenings(joost, "19:15", "19:15", shared="family")
    assert offered(joost) == [("sleeping", 3, 3, "19:15", "18:55")]
    assert offered(marit)[0][1:3] == (5, 5)


# -- yes, no, not now


@pytest.fixture
def risk(marit, db, viewer, now):
    evenings(marit, "19:10", "19:10", "19:10", child=marit.child())
    return risks.offers(db, viewer(marit), now())[0]


def test_a_yes_is_a_reminder_at_the_time_that_was_chosen_and_twice_is_one(db, marit, viewer, now, risk, offered):
    me = viewer(marit)
    assert risks.accept(db, me, risk.uid, "18:40", now())
    assert not risks.accept(db, me, risk.uid, "18:40", now())
    [made] = [r for r in reminding.of(db, me).reminders if r.kind == "risk"]
    assert (made.at, made.situation, made.child) == ("18:40", "sleeping", risk.child)
    assert offered(marit) == []


@pytest.mark.parametrize(("answer", "days"), [("declined", 60), ("later", 7)])
def test_a_no_is_for_sixty_days_and_a_later_for_a_week(db, marit, viewer, now, risk, offered, answer, days):
    assert risks.put_off(db, viewer(marit), risk.uid, answer, now())
    assert not risks.put_off(db, viewer(marit), risk.uid, answer, now())
    assert offered(marit) == []
    now.pass_by(days=days, seconds=-1)
    marit.signs_in()
    again = [now().date() - timedelta(days=back) for back in (1, 2, 3)]
    for day in again:
        at = clock.at(day, time(19, 10), ZONE)
        evenings(marit, "19:10", happened_at=at, written_at=at, child=marit.child())
    assert offered(marit) == []
    now.pass_by(seconds=2)
    assert len(offered(marit)) == 1


def test_a_no_of_one_parent_is_not_the_others(db, marit, joins, viewer, now, offered):
    joost = joins(marit, "Joost")
    evenings(marit, "19:10", "19:10", "19:10", shared="family")
    mine = risks.offers(db, viewer(marit), now())[0]
    assert not risks.put_off(db, viewer(joost), mine.uid, "declined", now())
    assert risks.put_off(db, viewer(marit), mine.uid, "declined", now())
    assert (offered(marit), len(offered(joost))) == ([], 1)


def test_a_reminder_that_was_taken_away_is_not_offered_again_at_once(db, marit, viewer, now, risk, offered):
    risks.accept(db, viewer(marit), risk.uid, "", now())
    [made] = [r for r in reminding.of(db, viewer(marit)).reminders if r.kind == "risk"]
    reminders.end(db, viewer(marit), made.uid, now())
    assert offered(marit) == []
