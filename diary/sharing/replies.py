"""Answers on the entry itself: a tap, or own words, from both sides. Sealed, and kept once however often sent."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import access, looks
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.reminders import news
from diary.sharing import shares
from diary.texts import N_, Refused, clean
from diary.vault import Broken

LONGEST = 4000
WITHDRAW = timedelta(minutes=10)
NODS = {
    "seen": N_("Gezien"),
    "well_done": N_("Knap gedaan"),
    "we_will_talk": N_("Dit bespreken we"),
    "glad": N_("Fijn dat je dit deelt"),
    "heavy": N_("Dat was een zwaar moment"),
}


@dataclass(frozen=True)
class Typed:
    """An answer as it was sent, once it is in order."""

    uid: str
    nod: str | None
    words: str


@dataclass(frozen=True)
class Reply:
    uid: str
    at: datetime
    name: str
    mine: bool
    nod: str | None
    words: str
    new: bool  # to who looks
    retractable: bool
    broken: bool = False


def parse(fields) -> Typed:
    """Raises Refused."""
    words, nod = clean(fields.get("words") or ""), fields.get("nod") or None
    if nod and nod not in NODS:
        raise Refused({"words": N_("Dit korte antwoord kennen we niet. Kies er een uit de rij.")})
    if not nod and not words:
        raise Refused({"words": N_("Er staat nog niets. Schrijf een paar woorden.")})
    if len(words) > LONGEST:
        raise Refused({"words": N_("Dit is te lang voor één antwoord: maak er twee van. Alles staat er nog.")})
    try:
        sent = str(uuid.UUID(fields.get("uid") or ""))
    except ValueError:
        sent = str(uuid.uuid4())
    return Typed(sent, nod, "" if nod else words)


def answer(db: Database, visitor: Viewer, uid: str, typed: Typed, now: datetime) -> bool:
    """A counsellor answers what is shared. The parent is told that something waits, not what."""
    with looks.reading(db):
        row = access.find_shared(db, visitor, uid, now)
        if row is None:
            return False
        if _keep(db, visitor, row, visitor.membership, typed, now):
            _answered(db, visitor, row)
            looks.write(db, visitor, "replied", [row], now)
            news.ring(db, row["author"], visitor.family, "reply", now)
    return True


def _answered(db: Database, visitor: Viewer, row: dict) -> None:
    """Writes at the share when the first answer came that still stands."""
    store.change(
        db,
        """update shares set answered_at = (
             select min(created_at) from replies
             where entry = shares.entry and membership = shares.membership and account = :visitor
               and withdrawn_at is null and created_at >= shares.given_at)
           where id = :share""",
        visitor=visitor.id,
        share=row["share"],
    )


def say(db: Database, viewer: Viewer, uid: str, counsellor: Tie, typed: Typed, now: datetime) -> bool:
    """The author writes back, on what is shared with this counsellor now."""
    with looks.reading(db):
        row = access.own(db, viewer, uid)
        if row is None or row["deleted_at"] or shares.find(db, viewer, uid, counsellor, now) is None:
            return False
        if _keep(db, viewer, row, counsellor.membership, typed, now):
            looks.write(db, viewer, "replied", [row], now)
            news.ring(db, counsellor.account, None, "digest", now)
    return True


def _keep(db: Database, writer: Viewer, row: dict, membership: int, typed: Typed, now: datetime) -> bool:
    uid = writer.seal.uid("reply", writer.id, membership, row["uid"], typed.uid, typed.nod, typed.words)
    kept = store.change(
        db,
        """insert into replies (uid, family, entry, membership, parent, account, nod, words, created_at)
           values (:uid, :family, :entry, :membership, :parent, :account, :nod, :words, :at)
           on conflict (uid) do nothing""",
        uid=uid,
        family=writer.family,
        entry=row["id"],
        membership=membership,
        parent=row["author"],
        account=writer.id,
        nod=typed.nod,
        words=writer.seal.close(typed.words, row["uid"], uid, "reply") if typed.words else None,
        at=clock.stamp(now),
    )
    return kept == 1


def thread(
    db: Database, reader: Viewer, entry: int, uid: str, now: datetime, membership: int | None = None
) -> list[Reply]:
    """All that was said on an entry that its reader was already found to see: with one counsellor, or with each."""
    found = store.rows(
        db,
        """select replies.uid, replies.account, replies.nod, replies.words, replies.created_at, replies.read_at,
                  accounts.name
           from replies join accounts on accounts.id = replies.account
           where replies.entry = :entry and (:membership is null or replies.membership = :membership)
             and replies.withdrawn_at is null order by replies.id""",
        entry=entry,
        membership=membership,
    )
    return [_opened(reader, uid, row, now) for row in found]


def _opened(reader: Viewer, entry: str, row: dict, now: datetime) -> Reply:
    mine = row["account"] == reader.id
    try:
        words = reader.seal.open(row["words"], entry, row["uid"], "reply") if row["words"] else ""
    except Broken:
        words = None
    return Reply(
        uid=row["uid"],
        at=clock.local(row["created_at"], reader.zone),
        name=row["name"],
        mine=mine,
        nod=NODS.get(row["nod"]),
        words=words or "",
        new=not mine and row["read_at"] is None,
        retractable=mine and clock.moment(row["created_at"]) > now - WITHDRAW,
        broken=words is None,
    )


def seen(db: Database, reader: Viewer, entry: int, now: datetime) -> None:
    """Marks as read what others wrote to this reader. A counsellor's own thread only; an author reads each."""
    store.change(
        db,
        """update replies set read_at = :at
           where entry = :entry and account <> :reader and read_at is null
             and (:membership is null or membership = :membership)""",
        at=clock.stamp(now),
        entry=entry,
        reader=reader.id,
        membership=reader.membership,
    )


def receive(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """The author has read what was answered."""
    row = access.own(db, viewer, uid)
    if row is None or row["deleted_at"]:
        return False
    seen(db, viewer, row["id"], now)
    if not waiting(db, viewer):
        news.hush(db, viewer.id, viewer.family, "reply", now)
    return True


def withdraw(db: Database, visitor: Viewer, uid: str, reply: str, now: datetime) -> bool:
    """Within ten minutes, a counsellor's own words. Nothing is ever changed."""
    with looks.reading(db):
        row = access.find_shared(db, visitor, uid, now)
        gone = row and store.change(
            db,
            """update replies set withdrawn_at = :at, words = null
               where uid = :reply and entry = :entry and account = :visitor and membership = :membership
                 and created_at > :since and withdrawn_at is null""",
            at=clock.stamp(now),
            reply=reply,
            entry=row["id"],
            visitor=visitor.id,
            membership=visitor.membership,
            since=clock.stamp(now - WITHDRAW),
        )
        if gone:
            _answered(db, visitor, row)
            looks.write(db, visitor, "withdrew", [row], now)
    return bool(gone)


def waiting(db: Database, viewer: Viewer) -> list[dict]:
    """The own entries on which an answer waits, by row: for Vandaag and for the marks in lists."""
    found = store.rows(
        db,
        """select distinct entry from replies
           where parent = :viewer and family = :family and account <> :viewer
             and read_at is null and withdrawn_at is null""",
        viewer=viewer.id,
        family=viewer.family,
    )
    return access.own_rows(db, viewer, {row["entry"] for row in found})
