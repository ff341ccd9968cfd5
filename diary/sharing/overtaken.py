"""News that was overtaken before it rang: by taking back, deleting, withdrawing, or ending the tie."""

from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people import sessions
from diary.people.sessions import Viewer
from diary.reminders import news
from diary.sharing import desks, replies
from diary.vault import Vault


def hush(db: Database, vault: Vault, now: datetime) -> None:
    """That something was shared, or answered, is told only while there is something to find."""
    for row in _about_to_ring(db, now):
        reader = sessions.absent(vault, row)
        if not _finds(db, reader, row["kind"], now):
            news.hush(db, reader.id, reader.family, row["kind"], now)


def _about_to_ring(db: Database, now: datetime) -> list[dict]:
    """Due at this moment, or on its way to a device that has not answered yet. For this no text is opened."""
    return store.rows(
        db,
        """select account, family, kind, null as family_uid, null as key, :zone as zone from reminders
           where kind in ('reply', 'digest') and ended_at is null
             and (id in (select id from reminders where next_at <= :now)
                  or id in (select reminder from occurrences where state = 'going')
                  or id in (select reminder from occurrences where again_at <= :now))""",
        now=clock.stamp(now),
        zone=Viewer.zone,
    )


def _finds(db: Database, reader: Viewer, kind: str, now: datetime) -> bool:
    if kind == "digest":
        return not desks.all_read(db, reader, now)
    return bool(replies.waiting(db, reader))
