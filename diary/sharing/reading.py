"""What a counsellor reads of an entry: as it was shared, with its thread. The line in the log goes first."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal import versions
from diary.journal.rows import Entry, opened
from diary.people import access, looks
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.reminders import news
from diary.sharing import desks, replies, seats
from diary.sharing.replies import Reply
from diary.sharing.shares import Share, share_of


@dataclass(frozen=True)
class Reading:
    entry: Entry
    share: Share
    thread: list[Reply]
    onward: "Onward | None"


@dataclass(frozen=True)
class Onward:
    """What to read after this, and how many such there are."""

    uid: str
    n: int
    unread: bool  # or else promised an answer


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
        if desks.all_read(db, visitor, now):
            news.hush(db, visitor.id, None, "digest", now)
        told = store.row(db, "select entry, membership, read_at from shares where id = :share", share=row["share"])
        onward = _onward(db, visitor, uid, now)
    return Reading(opened(visitor, row), share_of(row | told, visitor.zone, now), thread, onward)


def _onward(db: Database, visitor: Viewer, uid: str, now: datetime) -> Onward | None:
    """What is unread goes first, whoever was promised an answer soonest before all."""
    for where in (desks.UNREAD, desks.UNANSWERED):
        rows = access.shared_with(
            db,
            visitor,
            now,
            "uid, count(*) over () as n",
            f"and uid <> :uid and {where}",
            "order by answered_at is not null, answer_by is null, answer_by, happened_at limit 1",
            uid=uid,
        )
        if rows:
            return Onward(rows[0]["uid"], rows[0]["n"], where == desks.UNREAD)
    return None


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


def as_read(
    db: Database, viewer: Viewer, entry: Entry, now: datetime, share: Share | None = None, feeling: bool = False
) -> Entry:
    """An own entry exactly as a counsellor reads it: as shared, or as it would be."""
    shown, discuss = entry, entry.discuss
    if share:
        feeling, discuss = share.feeling, discuss and discussed(db, viewer, entry, share.counsellor, now) is None
        if share.version != entry.version:
            shown = next(old for old in versions.earlier(db, viewer, entry) if old.version == share.version)
    shown = shown if feeling else replace(shown, feeling="")
    return replace(shown, mine=False, copy_of=None, discuss=discuss, shared=entry.shared)


def discussed(db: Database, viewer: Viewer, entry: Entry, counsellor: Tie, now: datetime) -> date | None:
    """The session at which this own entry stood ready to be talked about, once that has passed."""
    row = access.find_shared(db, seats.in_place_of(viewer, counsellor), entry.uid, now)
    return date.fromisoformat(row["discussed_on"]) if row and row["discussed_on"] else None
