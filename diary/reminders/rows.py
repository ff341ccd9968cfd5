"""How a reminder stands in the database: its label sealed, and the moment it rings next in an indexed column."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import Viewer
from diary.reminders import moments
from diary.reminders.kinds import KINDS
from diary.vault import Broken, Seal

# Whether whoever it is for is still in: in the family, or as counsellor in one that lets them read on this day. The
# day is that of UTC, since the families of one counsellor may keep different clocks.
MEMBER = """exists (select 1 from memberships join accounts as member on member.id = memberships.account
      where memberships.account = reminders.account and memberships.state = 'confirmed' and member.ended_at is null
        and (memberships.family = reminders.family and memberships.role = 'parent'
             or reminders.family is null and memberships.role = 'counsellor'
               and coalesce(memberships.from_day, '') <= substr(:now, 1, 10)
               and coalesce(memberships.until_day, '9') >= substr(:now, 1, 10)))"""
OWN = "account = :viewer and family is :family"  # a counsellor's own are of no family


@dataclass(frozen=True)
class Reminder:
    uid: str
    kind: str
    at: str
    days: str
    child: int | None
    situation: str | None
    label: str
    halved: bool
    asked: bool  # whether the question waits that comes with halving
    next: datetime | None  # on its person's clock


def new_uid() -> str:
    return str(uuid.uuid4())


def me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}


def live(db: Database, viewer: Viewer) -> list[dict]:
    return store.rows(db, f"select * from reminders where {OWN} and ended_at is null order by at, id", **me(viewer))


def one(db: Database, viewer: Viewer, uid: str) -> dict | None:
    return store.row(
        db, f"select * from reminders where {OWN} and ended_at is null and uid = :uid", uid=uid, **me(viewer)
    )


def opened(viewer: Viewer, row: dict, zone: str) -> Reminder:
    return Reminder(
        uid=row["uid"],
        kind=row["kind"],
        at=row["at"],
        days=row["days"],
        child=row["child"],
        situation=row["situation"],
        label=label(viewer.seal, row["label"], row["uid"]),
        halved=bool(row["halved"]),
        asked=row["asked_at"] is not None,
        next=clock.local(row["next_at"], zone) if row["next_at"] else None,
    )


def label(seal: Seal | None, sealed: bytes | None, uid: str) -> str:
    try:
        return seal.open(sealed, uid, "label") if seal and sealed else ""
    except Broken:
        return ""


def insert(
    db: Database,
    account: int,
    family: int | None,
    kind: str,
    at: str,
    days: str,
    now: datetime,
    child: int | None = None,
    situation: str | None = None,
    label: str = "",
    seal: Seal | None = None,
) -> str:
    """Gives its uid. Whoever it is for has agreed to be reminded."""
    uid = new_uid()
    store.change(
        db,
        """insert into reminders (uid, family, account, kind, at, days, child, situation, label, created_at)
           values (:uid, :family, :account, :kind, :at, :days,
                   (select id from children where id = :child and family = :family), :situation, :label, :now)""",
        uid=uid,
        family=family,
        account=account,
        kind=kind,
        at=at,
        days=days,
        child=child,
        situation=situation,
        label=seal.close(label, uid, "label") if seal and label else None,
        now=clock.stamp(now),
    )
    found = store.row(
        db,
        """select reminders.*, reminding.zone from reminders
           join reminding on reminding.account = reminders.account and reminding.family is reminders.family
           where uid = :uid""",
        uid=uid,
    )
    set_next(db, found, found["zone"], now)
    return uid


def name(db: Database, viewer: Viewer, uid: str, label: str) -> None:
    sealed = viewer.seal.close(label, uid, "label")
    store.change(
        db, f"update reminders set label = :label where {OWN} and uid = :uid", label=sealed, uid=uid, **me(viewer)
    )


def set_next(db: Database, row: dict, zone: str, now: datetime) -> None:
    """Plans it anew, from now. What waits for something to happen has no next before that."""
    if KINDS[row["kind"]].rung:
        return
    ring_at(db, row, *moments.next_moment(row["at"], row["days"], zone, None, now))


def answered(db: Database, reminder: int, now: datetime) -> None:
    """By what its person did: nothing of it need go out any more."""
    store.change(
        db,
        """update occurrences set answer = 'opened', answered_at = :now
           where reminder = :id and answered_at is null""",
        id=reminder,
        now=clock.stamp(now),
    )
    store.change(db, "delete from deliveries where reminder = :id and state = 'waiting'", id=reminder)


def ring_at(db: Database, row: dict, day: date | str | None, moment: datetime | None) -> None:
    """The next time, for the day it stands for; None for no time yet."""
    store.change(
        db,
        "update reminders set next_at = :moment, next_day = :day where id = :id",
        moment=moment and clock.stamp(moment),
        day=day and str(day),
        id=row["id"],
    )
