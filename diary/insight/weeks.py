"""A parent's own look back over some weeks: how it was shared out, when it was hard, what helped."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock
from diary.asso import plans, tries
from diary.journal.rows import Entry, opened
from diary.people import access
from diary.people.sessions import Viewer
from diary.sharing import concerns, patterns
from diary.sharing.concerns import Concern
from diary.sharing.patterns import Hours
from diary.sharing.sieves import Sieve

LENGTHS = (4, 12)


@dataclass(frozen=True)
class Week:
    since: date
    until: date
    contact: int
    incidents: int


@dataclass(frozen=True)
class Helped:
    """A suggestion the viewer tried, and how often it did some good."""

    suggestion: str
    times: int
    helped: int


@dataclass(frozen=True)
class Look:
    weeks: list[Week]
    contact: int
    incidents: int
    hours: Hours
    helped: list[Helped]
    talk: list[Concern]

    @property
    def most(self) -> int:
        return max((max(week.contact, week.incidents) for week in self.weeks), default=0)


def look(db: Database, viewer: Viewer, length: int, now: datetime) -> Look:
    today = clock.today(now, viewer.zone)
    since = today - timedelta(weeks=length) + timedelta(days=1)
    rows = access.seen(db, viewer, "*", "and day between :since and :today", since=str(since), today=str(today))
    entries = [opened(viewer, row) for row in rows]
    weeks = [_week(entries, since + timedelta(weeks=n)) for n in range(length)]
    return Look(
        weeks,
        sum(week.contact for week in weeks),
        sum(week.incidents for week in weeks),
        patterns.hours(entries),
        _helped(db, viewer, now),
        concerns.of_parent(db, viewer, today, plans.of(db, viewer).band),
    )


def _week(entries: list[Entry], since: date) -> Week:
    until = since + timedelta(days=6)
    counts = [len(Sieve(since, until, kind=kind).of(entries)) for kind in ("contact", "incident")]
    return Week(since, until, *counts)


def _helped(db: Database, viewer: Viewer, now: datetime) -> list[Helped]:
    """Over all children and situations, what did some good most often."""
    found: dict[str, Helped] = {}
    for (_situation, suggestion), count in tries.counts_of_all(db, viewer, now).items():
        so_far = found.get(suggestion, Helped(suggestion, 0, 0))
        found[suggestion] = Helped(suggestion, so_far.times + count.times, so_far.helped + count.helped)
    good = (one for one in found.values() if one.helped)
    return sorted(good, key=lambda one: (-one.helped, one.times, one.suggestion))[:5]
