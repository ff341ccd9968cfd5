"""Practising on a quiet moment: a situation from one's own diary of some days ago."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock
from diary.journal.rows import Entry, opened
from diary.people import access
from diary.people.sessions import Viewer

_QUIET = timedelta(days=2)  # long enough ago to look at it calmly
_STILL_KNOWN = timedelta(days=45)


def moments(db: Database, viewer: Viewer, now: datetime) -> list[Entry]:
    """The viewer's own incidents to practise on, latest first."""
    mine = "and kind = 'incident' and author = :viewer and situation is not null"
    found = access.seen(
        db,
        viewer,
        "*",
        f"{mine} and happened_at between :first and :last",
        "order by happened_at desc, uid desc limit 30",
        first=clock.stamp(now - _STILL_KNOWN),
        last=clock.stamp(now - _QUIET),
    )
    return [opened(viewer, row) for row in found]
