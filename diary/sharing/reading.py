"""What a counsellor reads of an entry: as it was shared, with its thread. The line in the log goes first."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal.rows import Entry, opened
from diary.people import access, looks
from diary.people.sessions import Viewer
from diary.sharing import replies
from diary.sharing.replies import Reply
from diary.sharing.shares import ANSWERED, Share, share_of


@dataclass(frozen=True)
class Reading:
    entry: Entry
    share: Share
    thread: list[Reply]


def read(db: Database, visitor: Viewer, uid: str, now: datetime) -> Reading | None:
    """Opens it, and writes in the same transaction that it was read: no line, no content."""
    with looks.reading(db):
        row = access.find_shared(db, visitor, uid, now)
        if row is None:
            return None
        looks.write(db, visitor, "entry", [row], now)
        store.change(
            db,
            "update shares set read_at = :at where id = :share and read_at is null",
            at=clock.stamp(now),
            share=row["share"],
        )
        thread = replies.thread(db, visitor, row["id"], row["uid"], now, visitor.membership)
        replies.seen(db, visitor, row["id"], now)
        told = store.row(
            db,
            f"select entry, membership, read_at, {ANSWERED} as answered_at from shares where id = :share",
            share=row["share"],
        )
    return Reading(opened(visitor, row), share_of(row | told, visitor.zone, now), thread)


def file(db: Database, visitor: Viewer, uid: str, now: datetime) -> bool:
    """Says that the practice took this over in its own file. Repeats are harmless."""
    with looks.reading(db):
        row = access.find_shared(db, visitor, uid, now)
        if row is None:
            return False
        if row["filed_at"] is None:
            looks.write(db, visitor, "filed", [row], now)
            store.change(
                db, "update shares set filed_at = :at where id = :share", at=clock.stamp(now), share=row["share"]
            )
    return True
