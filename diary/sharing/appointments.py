"""The next session: a day that a parent or the counsellor notes. It opens what a parent shared for the session.

A counsellor's note opens nothing until the parent says yes, and a parent's yes opens only what that parent shared.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.journal import moments
from diary.people import looks
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.texts import N_, Refused

AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Appointment:
    uid: str
    day: date
    counsellor: str
    mine: bool  # noted by who looks
    agreed: bool


def note(db: Database, viewer: Viewer, counsellor: Tie, day: date, now: datetime) -> None:
    """A parent writes down the next session, and so agrees to it. Repeats are harmless."""
    with looks.reading(db):
        _agree(db, viewer, _noted(db, viewer, counsellor.membership, day, now), counsellor.membership, now)


def propose(db: Database, visitor: Viewer, day: date, now: datetime) -> None:
    """A counsellor writes it down: it opens nothing before the parent agrees."""
    with looks.reading(db):
        _noted(db, visitor, visitor.membership, day, now)


def _noted(db: Database, viewer: Viewer, membership: int, day: date, now: datetime) -> int:
    known = {"membership": membership, "day": day.isoformat(), "by": viewer.id}
    same = "select id from appointments where membership = :membership and day = :day and noted_by = :by"
    if found := store.row(db, f"{same} and dropped_at is null", **known):
        return found["id"]
    row = {"uid": str(uuid.uuid4()), "family": viewer.family, "membership": membership, "day": day.isoformat()}
    store.insert(db, "appointments", row | {"noted_by": viewer.id, "noted_at": clock.stamp(now)})
    looks.write(db, viewer, "appointment", [], now)
    return store.row(db, "select id from appointments where uid = :uid", uid=row["uid"])["id"]


def agree(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """A parent says yes to a day the counsellor noted."""
    with store.writing(db):
        found = store.row(db, f"select id, membership from ({_SEEN}) where uid = :uid", uid=uid, **_me(viewer, now))
        if found is None:
            return False
        _agree(db, viewer, found["id"], found["membership"], now)
    return True


def _agree(db: Database, viewer: Viewer, appointment: int, membership: int, now: datetime) -> None:
    store.change(
        db,
        "insert into agreed (appointment, account, agreed_at) values (:id, :viewer, :at) on conflict do nothing",
        id=appointment,
        viewer=viewer.id,
        at=clock.stamp(now),
    )
    _set_openings(db, membership, clock.today(now, viewer.zone))


def drop(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Who noted a day takes it off again; what waited for it waits on."""
    with store.writing(db):
        found = store.row(
            db,
            """select id, membership from appointments
               where uid = :uid and noted_by = :by and family = :family and dropped_at is null""",
            uid=uid,
            by=viewer.id,
            family=viewer.family,
        )
        if found is None:
            return False
        store.change(
            db, "update appointments set dropped_at = :at where id = :id", at=clock.stamp(now), id=found["id"]
        )
        _set_openings(db, found["membership"], clock.today(now, viewer.zone))
    return True


def _set_openings(db: Database, membership: int, today: date) -> None:
    """What waits for the session opens on the next agreed day; what that day opened already stays open."""
    store.change(
        db,
        f"""update shares set opens_on = ({_NEXT})
            where membership = :membership and step = 'session' and taken_at is null
              and (opens_on is null or opens_on > :today)""",
        membership=membership,
        today=today.isoformat(),
    )


_NEXT = """select min(day) from appointments join agreed on agreed.appointment = appointments.id
           where appointments.membership = shares.membership and agreed.account = shares.account
             and appointments.day >= :today and appointments.dropped_at is null"""


def opening(db: Database, viewer: Viewer, membership: int, today: date) -> str | None:
    """The day on which what this parent shares now for the session opens, when one is agreed."""
    found = store.row(
        db,
        f"select ({_NEXT}) as day from (select :membership as membership, :account as account) as shares",
        membership=membership,
        account=viewer.id,
        today=today.isoformat(),
    )
    return found["day"]


# What a parent sees: what they noted themselves, and what the counsellor noted for the family.
_SEEN = f"""
    select appointments.id, appointments.uid, appointments.membership, appointments.day, accounts.name,
           appointments.noted_by = :viewer as mine,
           exists (select 1 from agreed where appointment = appointments.id and account = :viewer) as agreed
    from appointments join memberships as tie on tie.id = appointments.membership
    join accounts on accounts.id = tie.account
    where tie.family = ({MINE}) and tie.state = 'confirmed' and appointments.dropped_at is null
      and appointments.noted_by in (:viewer, tie.account) and appointments.day >= :today"""


def coming(db: Database, viewer: Viewer, now: datetime) -> list[Appointment]:
    """The days ahead, as this parent sees them, soonest first."""
    return _seen(db, _me(viewer, now))


def ever(db: Database, viewer: Viewer, now: datetime) -> list[Appointment]:
    """The days behind as well."""
    return _seen(db, _me(viewer, now) | {"today": ""})


def _seen(db: Database, told: dict) -> list[Appointment]:
    found = store.rows(db, f"{_SEEN} order by appointments.day, appointments.id", **told)
    return [
        Appointment(row["uid"], date.fromisoformat(row["day"]), row["name"], bool(row["mine"]), bool(row["agreed"]))
        for row in found
    ]


def _me(viewer: Viewer, now: datetime) -> dict:
    return {"viewer": viewer.id, "family": viewer.family, "today": clock.today(now, viewer.zone).isoformat()}


def ahead(db: Database, visitor: Viewer, now: datetime) -> list[Appointment]:
    """The days ahead of a counsellor with this family, soonest first."""
    found = _days(db, visitor, "day >= :today order by day", now)
    return [
        Appointment(row["uid"], date.fromisoformat(row["day"]), visitor.name, row["mine"], row["agreed"])
        for row in found
    ]


def last(db: Database, visitor: Viewer, now: datetime) -> date | None:
    """The latest session before today that both knew of."""
    found = _days(db, visitor, "day < :today and agreed order by day desc limit 1", now)
    return date.fromisoformat(found[0]["day"]) if found else None


def _days(db: Database, visitor: Viewer, where: str, now: datetime) -> list[dict]:
    return store.rows(
        db,
        f"""select * from (
              select uid, day, noted_by = :viewer as mine,
                     exists (select 1 from agreed where appointment = appointments.id) as agreed
              from appointments where membership = :membership and dropped_at is null) where {where}""",
        viewer=visitor.id,
        membership=visitor.membership,
        today=clock.today(now, visitor.zone).isoformat(),
    )


def parse(text: str, today: date) -> date:
    """Raises Refused."""
    day = moments.day(text)
    if day is None:
        raise Refused({"day": N_("Kies een dag, bijvoorbeeld 24-11-2026.")})
    if not today <= day <= today + AHEAD:
        raise Refused({"day": N_("Kies een dag vanaf vandaag, binnen een jaar.")})
    return day
