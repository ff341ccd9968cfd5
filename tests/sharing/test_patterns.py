"""Counting: what a figure says is what its sieve lets through."""

from collections import Counter
from datetime import timedelta

import pytest
from werkzeug.datastructures import MultiDict

from diary.sharing import patterns, sieves
from diary.sharing.sieves import Sieve
from tests.sharing.told import TODAY, told

SINCE = TODAY - timedelta(days=27)


def some() -> list:
    return [
        told(
            1, area="routine", situation="sleeping", body={"tried": ["connect"], "bond": "held", "signals": ["clung"]}
        ),
        told(2, area="routine", situation="sleeping", body={"tried": ["connect", "start"], "bond": "lost"}),
        told(3, area="limit", situation="danger", discuss=True),
        told(4, kind="contact"),
        told(5, kind="checkin", body={"energy": 2}),
        told(40, area="limit"),
    ]


def test_each_tally_counts_exactly_what_its_sieve_lets_through():
    entries = some()
    tallies = [
        *patterns.tallies(entries, Counter(), SINCE, TODAY),
        *patterns.steps(entries, SINCE, TODAY),
        *patterns.bond(entries, SINCE, TODAY),
        *patterns.signals(entries, [], SINCE, TODAY),
    ]
    assert [(t.name, t.n) for t in tallies if t.n != len(t.sieve.of(entries))] == []
    assert {t.name: t.n for t in tallies} == {
        **{"contact": 1, "routine": 2, "anchorpoint": 0, "limit": 1},
        **{"connect": 2, "sensitive": 0, "structure": 0, "start": 1},
        **{"kept": 1, "said": 2, "clung": 1},
    }


def test_a_sieve_comes_back_from_its_own_address():
    asked = [
        Sieve(SINCE, TODAY, area="limit"),
        Sieve(kind="contact", later=True, discuss=True),
        Sieve(step="any", bond="kept"),
        Sieve(weekday=0, hour=0, hours=2),
        Sieve(signal="clung", situation="sleeping", grave=True, low=True),
    ]
    assert [sieves.asked_for(MultiDict(sieve.asked())) for sieve in asked] == asked


@pytest.mark.parametrize(
    "nonsense",
    [
        {
            "area": "x",
            "kind": "secret",
            "step": "9",
            "signal": "'",
            "since": "gisteren",
            "weekday": "7",
            "hour": "99",
        },
        {"weekday": "-1", "hour": "²", "hours": "0", "until": "2026-13-01", "bond": "maybe"},
    ],
)
def test_what_an_address_asks_that_does_not_exist_asks_nothing(nonsense):
    assert sieves.asked_for(MultiDict(nonsense)) == Sieve()


def test_a_vague_moment_is_on_no_map_and_in_no_hour():
    vague = told(1, about="evening")
    assert patterns.hours([vague]).total == 0
    assert Sieve(hour=vague.at.hour).of([vague]) == []
    assert Sieve(weekday=vague.at.weekday()).of([vague]) == [vague]


def test_the_busiest_two_hours_are_named_only_when_they_say_something():
    evenings = [told(day) for day in range(6)]  # 19:40
    mornings = [told(day, minutes=-12 * 60) for day in range(2)]
    hours = patterns.hours([*evenings, *mornings])
    assert (hours.busiest, hours.within, hours.total) == ((19, 21), 6, 8)
    assert hours.within == len(Sieve(hour=hours.busiest[0], hours=2).of([*evenings, *mornings]))
    assert patterns.hours(evenings[:4]).busiest is None
    spread = [told(day, minutes=-60 * 3 * day) for day in range(6)]
    assert patterns.hours(spread).busiest is None


def test_a_map_grows_with_a_night_and_forgets_nothing():
    night = told(1, minutes=-17 * 60)  # 02:40
    hours = patterns.hours([night])
    assert (hours.first, hours.last, hours.total) == (2, 21, 1)


def test_two_adults_about_the_same_evening_stand_beside_each_other():
    mine, theirs = told(1, author=1), told(1, author=2, minutes=30)
    others = [told(1, author=1, minutes=-400), told(1, author=2, child=2), told(3, author=2)]
    assert patterns.two_sides([*others, theirs, mine]) == [(mine, theirs)]


def test_what_was_mostly_met_is_said_when_it_is_more_than_half():
    entries = [told(1, area="routine", situation=s) for s in ("sleeping", "sleeping", "eating")]
    assert [t.mostly for t in patterns.tallies(entries, Counter(), SINCE, TODAY)] == [None, "sleeping", None, None]
    assert patterns.tallies(entries[1:], Counter(), SINCE, TODAY)[1].mostly is None
