"""A parent's whole diary, to take along: all that is theirs, in every diary they are in, and what they may see there.

What another wrote for themselves alone, what a counsellor notes, and what the other parent looked at is not in it:
everything is asked as this parent.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.insight import chapters
from diary.journal import deletions, versions
from diary.journal.rows import Entry, opened
from diary.people import access, children, diaries, factors, families, looks, recoveries, sessions
from diary.people.children import Child
from diary.people.sessions import Viewer
from diary.reminders import devices
from diary.sharing import overview, replies
from diary.sharing.replies import Reply
from diary.vault import Vault


@dataclass(frozen=True)
class Kept:
    """An own entry with all that hangs on it."""

    entry: Entry
    earlier: list[Entry]  # latest first
    shares: list[dict]
    replies: list[Reply]

    @property
    def month(self) -> str:
        return self.entry.day[:7]


@dataclass(frozen=True)
class Diary:
    uid: str
    zone: str
    kids: dict[int, Child]
    names: dict[int, str]
    own: list[Kept]  # oldest first, as one reads a book
    others: list[Entry]  # what others in the family let the family read
    deleted: list[tuple[Entry, str]]  # and when: can be brought back for a day
    chapters: dict


@dataclass(frozen=True)
class Export:
    at: datetime
    account: dict
    diaries: list[Diary]
    closed: int  # diaries of theirs whose key is damaged: what stands in them cannot come along now


def take(db: Database, vault: Vault, viewer: Viewer, now: datetime) -> Export:
    """With its line in the access log of every diary it is taken from: no line, no export. The line comes first, so
    that nobody who saves meanwhile waits until years of a diary were read."""
    with looks.reading(db):
        mine = diaries.of(db, vault, viewer)
        told = [one for one in mine if one.seal]
        for there in told or [_outside(viewer)]:
            looks.write(db, there, "took_along", [], now, house=vault)
    with store.still(db):
        here = {there.family for there in diaries.of(db, vault, viewer)}  # who was put out in between takes nothing
        found = [_diary(db, there, now) for there in told if there.family in here]
        return Export(now, _account(db, viewer, now), found, closed=len(mine) - len(told))


def _outside(viewer: Viewer) -> Viewer:
    """Whichever diary was open when this was asked, they are in none now."""
    return replace(viewer, family=None, family_uid=None, seal=None)


def _diary(db: Database, there: Viewer, now: datetime) -> Diary:
    kids = {child.id: child for child in children.of_family(db, there)}
    given = overview.ever(db, there)
    own, others = (
        access.seen(db, there, "*", f"and author {sign} :viewer", "order by happened_at, uid") for sign in ("=", "<>")
    )
    return Diary(
        uid=there.family_uid,
        zone=there.zone,
        kids=kids,
        names=families.names(db, there),
        own=[_kept(db, there, row, given.get(row["id"], []), now) for row in own],
        others=[opened(there, row) for row in others],
        deleted=[
            (opened(there, row), row["deleted_at"])
            for row in access.deleted_since(db, there, clock.stamp(now - deletions.UNDO))
        ],
        chapters=chapters.of(db, there, kids, now),
    )


def _kept(db: Database, there: Viewer, row: dict, given: list[dict], now: datetime) -> Kept:
    entry = opened(there, row)
    return Kept(
        entry=entry,
        earlier=versions.earlier(db, there, entry) if entry.version > 1 else [],
        shares=given,
        replies=replies.thread(db, there, row["id"], entry.uid, now) if given else [],
    )


def _account(db: Database, viewer: Viewer, now: datetime) -> dict:
    since = store.row(db, "select created_at from accounts where id = :id", id=viewer.id)["created_at"]
    ways = factors.ways(db, viewer)
    return {
        "uid": viewer.uid,
        "name": viewer.name,
        "email": viewer.email,
        "language": viewer.language,
        "created_at": since,
        "authenticator": ways.app,
        "recovery_codes": recoveries.left(db, viewer),
        "passkeys": [vars(key) for key in ways.passkeys],
        "sessions": [
            {name: one[name] for name in ("uid", "label", "created_at", "seen_at")}
            for one in sessions.open_ones(db, viewer, now)
        ],
        "devices": [vars(one) for one in devices.of(db, viewer, now)],
    }
