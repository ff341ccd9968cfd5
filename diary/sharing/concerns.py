"""What is worth talking about: a week that is other than this family's own weeks before it. Words, never a score.

A parent sees it first, with what they can do. It compares a family with itself alone, and says nothing while there
is too little to compare with.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import mean

from sqlite_utils import Database

from diary.journal.rows import Entry, opened
from diary.people import access
from diary.people.sessions import Viewer
from diary.sharing.sieves import LOW, Sieve

WEEK = timedelta(days=7)
EARLIER = 6  # weeks that this one is laid beside
_LEAST = 2  # of those, how many must hold anything
_FACTOR = {"narrow": 1.25, "usual": 1.75, "wide": 2.5}
_LOW_DAYS = {"narrow": 2, "usual": 3, "wide": 5}
_GRAVE_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Concern:
    """One thing to talk about. `n` this week; `usual`, what a week before it held."""

    kind: str  # grave, limits, contact, energy
    n: int
    usual: int
    sieve: Sieve


def since(today: date) -> date:
    return today - (EARLIER + 1) * WEEK + timedelta(days=1)


def of_parent(db: Database, viewer: Viewer, today: date, band: str) -> list[Concern]:
    """From what this parent may read; the energy is their own."""
    rows = access.seen(
        db, viewer, "*", "and day between :since and :today", since=str(since(today)), today=str(today)
    )
    entries = (opened(viewer, row) for row in rows)
    return found([entry for entry in entries if entry.mine or entry.kind != "checkin"], today, band)


def found(entries: Iterable[Entry], today: date, band: str) -> list[Concern]:
    entries = [entry for entry in entries if entry.day <= today.isoformat()]
    this_week = Sieve(today - WEEK + timedelta(days=1), today)
    told = [
        _grave(entries, today),
        _more(entries, today, band, Sieve(this_week.since, today, area="limit")),
        _fewer(entries, today, band, Sieve(this_week.since, today, kind="contact")),
        _tired(entries, today, band),
    ]
    return [concern for concern in told if concern]


def _grave(entries: list[Entry], today: date) -> Concern | None:
    sieve = Sieve(today - _GRAVE_FOR + timedelta(days=1), today, grave=True)
    n = len(sieve.of(entries))
    return Concern("grave", n, 0, sieve) if n else None


def _more(entries: list[Entry], today: date, band: str, sieve: Sieve) -> Concern | None:
    """Limits: at least three, and clearly more than in a usual week."""
    weeks = _weeks_before(entries, sieve)
    n = len(sieve.of(entries))
    if len(weeks) >= _LEAST and n >= 3 and n > mean(weeks) and n >= ceil(mean(weeks) * _FACTOR[band]):
        return Concern("limits", n, round(mean(weeks)), sieve)
    return None


def _fewer(entries: list[Entry], today: date, band: str, sieve: Sieve) -> Concern | None:
    """Contact: clearly fewer than usual in a week in which there was writing. Silence is not drying up."""
    weeks = _weeks_before(entries, sieve)
    n = len(sieve.of(entries))
    wrote = any(entry.day >= sieve.since.isoformat() for entry in entries)
    if wrote and len(weeks) >= _LEAST and mean(weeks) >= 3 and n * _FACTOR[band] <= mean(weeks):
        return Concern("contact", n, round(mean(weeks)), sieve)
    return None


def _weeks_before(entries: list[Entry], sieve: Sieve) -> list[int]:
    """How many each earlier week held; a week without a word is none to compare with."""
    written, counted = Counter(), Counter()
    asked = {entry.uid for entry in Sieve(kind=sieve.kind, area=sieve.area).of(entries)}
    for entry in entries:
        back = (sieve.since - date.fromisoformat(entry.day) + timedelta(days=6)) // WEEK
        written[back] += 1
        counted[back] += entry.uid in asked
    return [counted[back] for back in range(1, EARLIER + 1) if written[back]]


def _tired(entries: list[Entry], today: date, band: str) -> Concern | None:
    """The latest dagchecks of one writer, all low, and of the last ten days."""
    days = _LOW_DAYS[band]
    lately = Sieve(today - timedelta(days=9), today, kind="checkin").of(entries)
    checks = sorted((one for one in lately if "energy" in one.body), key=lambda one: one.happened_at, reverse=True)
    for author in dict.fromkeys(entry.author for entry in checks):
        latest = [entry for entry in checks if entry.author == author][:days]
        if len(latest) == days and all(entry.body["energy"] <= LOW for entry in latest):
            sieve = Sieve(date.fromisoformat(latest[-1].day), today, kind="checkin", low=True)
            return Concern("energy", len(sieve.of(entries)), 0, sieve)
    return None
