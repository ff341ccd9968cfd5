"""Shares: one author, one version of an entry, one counsellor. Given per entry, taken back in one tap."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import access, looks, ties
from diary.people.access import MINE
from diary.people.children import Child
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.reminders import news
from diary.sharing import appointments, consents
from diary.texts import N_

STEPS = {"session": N_("bij het gesprek"), "now": N_("nu")}
PROMISE = 3  # working days

# What a parent reads before sharing. A changed text gets the next number: each share keeps which one was told.
TOLD = 1
CONSEQUENCE = N_(
    "Wat je deelt, kan een deel worden van het dossier dat de praktijk bijhoudt. Een ouder met gezag over je kind "
    "mag de praktijk om dat dossier vragen. Neem je het hier terug, dan haalt dat het niet uit dat dossier."
)


@dataclass(frozen=True)
class Share:
    """One living share, as its author and its counsellor see it."""

    id: int
    entry: int
    version: int
    membership: int
    step: str
    feeling: bool
    given: date
    opens: date | None
    answer_by: date | None
    read: date | None
    answered: date | None
    filed: date | None
    open: bool
    counsellor: Tie | None = None  # to the author


def share_of(row: dict, zone: str, now: datetime) -> Share:
    """From a row of shares, or of access.shared_with."""
    today = clock.today(now, zone)
    opens = _date(row["opens_on"])
    return Share(
        id=row["share"],
        entry=row["entry"],
        version=row["version"],
        membership=row["membership"],
        step=row["step"],
        feeling=bool(row["feeling_shared"]),
        given=_day(row["given_at"], zone),
        opens=opens,
        answer_by=_date(row["answer_by"]),
        read=_day(row["read_at"], zone),
        answered=_day(row["answered_at"], zone),
        filed=_day(row["filed_at"], zone),
        open=row["step"] == "now" or (opens is not None and opens <= today),
    )


def _day(stamp: str | None, zone: str) -> date | None:
    return clock.local(stamp, zone).date() if stamp else None


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


_LIVING = f"""
    select shares.id as share, shares.entry, shares.version, shares.membership, shares.step,
           shares.feeling as feeling_shared, shares.given_at, shares.opens_on, shares.answer_by, shares.read_at,
           shares.answered_at, shares.filed_at
    from shares join memberships as giver on giver.id = shares.giver and giver.state = 'confirmed'
    where shares.account = :viewer and shares.family = ({MINE}) and shares.taken_at is null"""


def living(db: Database, viewer: Viewer, now: datetime, where: str = "", **named) -> list[Share]:
    """What this author shares now with the counsellors who read along now."""
    known = {one.membership: one for one in ties.reading(db, viewer, now)}
    found = store.rows(db, f"{_LIVING} {where}", viewer=viewer.id, family=viewer.family, **named)
    told = (share_of(row, viewer.zone, now) for row in found if row["membership"] in known)
    return [replace(share, counsellor=known[share.membership]) for share in told]


def of(db: Database, viewer: Viewer, uid: str, now: datetime) -> list[Share]:
    row = access.own(db, viewer, uid)
    return living(db, viewer, now, "and shares.entry = :entry", entry=row["id"]) if row else []


def find(db: Database, viewer: Viewer, uid: str, counsellor: Tie, now: datetime) -> Share | None:
    """What of this entry is shared with this counsellor now."""
    return next((one for one in of(db, viewer, uid, now) if one.membership == counsellor.membership), None)


def give(db: Database, viewer: Viewer, uid: str, counsellor: Tie, step: str, feeling: bool, now: datetime) -> bool:
    """Shares an own entry as it is now. The same again is harmless; anything else replaces what was shared."""
    with looks.reading(db):
        row = access.own(db, viewer, uid)
        if row is None or row["deleted_at"] or row["child"] not in {None, *counsellor.children}:
            return False
        if consents.waits(db, viewer, row["child"], now):
            return False
        old = find(db, viewer, uid, counsellor, now)
        if old and (old.version, old.step, old.feeling) == (row["version"], step, feeling):
            return True
        if not add(db, viewer, row, counsellor, step, feeling, now):
            return False
        looks.write(db, viewer, "shared", [_logged(db, row, counsellor.membership)], now)
        if step == "now":
            news.ring(db, counsellor.account, None, "digest", now)
    return True


def add(db: Database, viewer: Viewer, row: dict, counsellor: Tie, step: str, feeling: bool, now: datetime) -> bool:
    """The row of one consent; it ends the one before it."""
    today = clock.today(now, viewer.zone)
    end(db, row["id"], counsellor.membership, now)
    added = store.change(
        db,
        """insert into shares (family, entry, version, happened_at, account, giver, membership, step, feeling, told,
                               given_at, opens_on, answer_by)
           select giver.family, :entry, :version, :happened_at, giver.account, giver.id, tie.id, :step, :feeling,
                  :told, :at, :opens_on, :answer_by
           from memberships as giver
           join memberships as tie on tie.id = :tie and tie.family = giver.family
                and tie.role = 'counsellor' and tie.state = 'confirmed'
           where giver.account = :viewer and giver.family = :family
             and giver.role = 'parent' and giver.state = 'confirmed'""",
        entry=row["id"],
        version=row["version"],
        happened_at=row["happened_at"],
        tie=counsellor.membership,
        step=step,
        feeling=feeling,
        told=TOLD,
        at=clock.stamp(now),
        opens_on=appointments.opening(db, viewer, counsellor.membership, today) if step == "session" else None,
        answer_by=promised(today).isoformat() if step == "now" else None,
        viewer=viewer.id,
        family=viewer.family,
    )
    return added == 1


def end(db: Database, entry: int, membership: int | None, now: datetime) -> int:
    """Towards one counsellor, or all."""
    return store.change(
        db,
        """update shares set taken_at = :at
           where entry = :entry and taken_at is null and (:membership is null or membership = :membership)""",
        at=clock.stamp(now),
        entry=entry,
        membership=membership,
    )


def _logged(db: Database, row: dict, membership: int) -> dict:
    latest = "select max(id) as share from shares where entry = :entry and membership = :membership"
    return row | store.row(db, latest, entry=row["id"], membership=membership)


def promised(today: date) -> date:
    """The last day on which an answer is promised: working days, and the day of sharing is none of them."""
    day, left = today, PROMISE
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def open_now(db: Database, viewer: Viewer, uid: str, counsellor: Tie, now: datetime) -> bool:
    """What waits for the session may be read now, as it was shared."""
    with looks.reading(db):
        row = access.own(db, viewer, uid)
        opened = row and store.change(
            db,
            """update shares set step = 'now', opened_at = :at, answer_by = :answer_by
               where entry = :entry and membership = :membership and account = :viewer and taken_at is null
                 and step = 'session'""",
            at=clock.stamp(now),
            answer_by=promised(clock.today(now, viewer.zone)).isoformat(),
            entry=row["id"],
            membership=counsellor.membership,
            viewer=viewer.id,
        )
        if opened:
            looks.write(db, viewer, "opened", [_logged(db, row, counsellor.membership)], now)
            news.ring(db, counsellor.account, None, "digest", now)
    return bool(opened) or find(db, viewer, uid, counsellor, now) is not None


def take_back(db: Database, viewer: Viewer, uid: str, now: datetime, membership: int | None = None) -> bool:
    """At once, from one counsellor or from all. Repeats are harmless."""
    with looks.reading(db):
        row = access.own(db, viewer, uid)
        if row and end(db, row["id"], membership, now):
            looks.write(db, viewer, "taken_back", [row], now)
    return row is not None


def keep_feeling(db: Database, viewer: Viewer, uid: str, counsellor: Tie, now: datetime) -> bool:
    """The rest stays shared as it was, and read and promised as it was. Repeats are harmless."""
    with looks.reading(db):
        row = access.own(db, viewer, uid)
        old = find(db, viewer, uid, counsellor, now)
        if row is None or old is None or not old.feeling:
            return row is not None
        end(db, row["id"], counsellor.membership, now)
        store.change(
            db,
            """insert into shares (family, entry, version, happened_at, account, giver, membership, step, feeling,
                                   told, given_at, opens_on, opened_at, answer_by, read_at, filed_at)
               select family, entry, version, happened_at, account, giver, membership, step, 0,
                      told, given_at, opens_on, opened_at, answer_by, read_at, filed_at
               from shares where id = :id""",
            id=old.id,
        )
        looks.write(db, viewer, "feeling_back", [_logged(db, row, counsellor.membership)], now)
    return True


def take_back_about(db: Database, viewer: Viewer, child: Child, now: datetime) -> None:
    """The child does not want it: nothing about them stays shared by this parent, and nothing new will be."""
    with looks.reading(db):
        consents.withdraw(db, viewer, child, now)
        for row in access.own_rows(db, viewer, {share.entry for share in living(db, viewer, now)}):
            if row["child"] == child.id:
                take_back(db, viewer, row["uid"], now)
