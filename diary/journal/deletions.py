"""Deleting an entry, which can be undone for a day."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock
from diary.journal.rows import Entry, opened
from diary.people import access
from diary.people.sessions import Viewer

UNDO = timedelta(hours=24)


def delete(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    return access.mark_deleted(db, viewer, uid, clock.stamp(now))


def undelete(db: Database, viewer: Viewer, uid: str) -> bool:
    return access.mark_deleted(db, viewer, uid, None)


def lately(db: Database, viewer: Viewer, now: datetime) -> list[Entry]:
    rows = access.deleted_since(db, viewer, clock.stamp(now - UNDO))
    return [opened(viewer, row) for row in rows]
