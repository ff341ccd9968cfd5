"""One thing to be reminded of: agreed on, changed, ended. A refusal says what to choose instead."""

from collections.abc import Collection
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal import terms
from diary.people.sessions import Viewer
from diary.reminders import moments, reminding, rows
from diary.reminders.kinds import EVERY_DAY, KINDS
from diary.texts import N_, Refused, clean

LONGEST_LABEL = 60
MANY = 12  # of what one may have several of; the other parent can add to them too
FULL = N_("Er staan al twaalf eigen momenten. Zet er eerst een uit; wat je typte staat er nog.")


def add(
    db: Database,
    viewer: Viewer,
    kind: str,
    at: str,
    days: str,
    now: datetime,
    child: int | None = None,
    situation: str | None = None,
    label: str = "",
    others: Collection[int] = (),
) -> str:
    """Agrees on one more, and gives its uid; what was agreed on already is changed. Raises Refused.

    `others` are adults of the family to be reminded of it too; of them only who agreed to reminders is.
    """
    label = clean(label)
    with store.writing(db):
        if errors := _wrong(db, viewer, kind, at, days) | _wrong_about(kind, situation, label):
            raise Refused(errors)
        reminding.agree(db, viewer, now)
        for same in reminding.of(db, viewer).reminders:
            about = (same.child, same.situation, same.label) == (child, situation, label)
            if same.kind == kind and (not KINDS[kind].several or (about and same.at == at)):
                change(db, viewer, same.uid, at, days, now)
                return same.uid
        if _is_full(db, viewer, kind, viewer.id):
            raise Refused({"at": FULL})
        what = (viewer.family, kind, at, _sorted(days), now, child, situation, label, viewer.seal)
        if KINDS[kind].several:  # the rest is everyone's own
            for other in set(others) & reminding.agreeing(db, viewer):
                if not _is_full(db, viewer, kind, other):
                    rows.insert(db, other, *what)
        return rows.insert(db, viewer.id, *what)


def change(
    db: Database, viewer: Viewer, uid: str, at: str, days: str, now: datetime, label: str | None = None
) -> bool:
    """Another time, other days, another name. It rings as often as agreed again, and its question is answered."""
    with store.writing(db):
        row = rows.one(db, viewer, uid)
        if row is None:
            return False
        errors = _wrong(db, viewer, row["kind"], at, days)
        if label is not None and row["kind"] == "own":
            errors |= _wrong_about("own", row["situation"], label := clean(label))
        if errors:
            raise Refused(errors)
        if label and row["kind"] == "own":
            rows.name(db, viewer, uid, label)
        _look_anew(db, viewer, row | {"at": at, "days": _sorted(days), "halved": False}, now)
    return True


def keep(db: Database, viewer: Viewer, uid: str, halved: bool, now: datetime) -> bool:
    """The answer to its question where the time is right: go on as now, or as often as before."""
    with store.writing(db):
        row = rows.one(db, viewer, uid)
        if row is None:
            return False
        _look_anew(db, viewer, row | {"halved": halved}, now)
    return True


def end(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Also for what still waits to go out. Repeats are harmless."""
    with store.writing(db):
        row = rows.one(db, viewer, uid)
        if row is None:
            return False
        finish(db, row["id"], now)
    return True


def finish(db: Database, reminder: int, now: datetime) -> None:
    store.change(
        db,
        "update reminders set ended_at = :now, next_at = null, label = null where id = :id",
        now=clock.stamp(now),
        id=reminder,
    )
    store.change(db, "delete from deliveries where reminder = :id and state = 'waiting'", id=reminder)


def _is_full(db: Database, viewer: Viewer, kind: str, account: int) -> bool:
    """Whether this person has enough of them: nobody fills the list of another without end."""
    live = "account = :account and family is :family and kind = :kind and ended_at is null"
    found = store.row(
        db,
        f"select count(*) as n from reminders where {live}",
        account=account,
        family=viewer.family,
        kind=kind,
    )
    return KINDS[kind].several and found["n"] >= MANY


def _look_anew(db: Database, viewer: Viewer, row: dict, now: datetime) -> None:
    """Its person has just looked at it: what went unanswered so far no longer counts."""
    store.change(
        db,
        "update reminders set at = :at, days = :days, halved = :halved, asked_at = null where id = :id",
        at=row["at"],
        days=row["days"],
        halved=row["halved"],
        id=row["id"],
    )
    rows.answered(db, row["id"], now)
    if not row["halved"]:
        rows.set_next(db, row, reminding.zone(db, viewer), now)


def _wrong(db: Database, viewer: Viewer, kind: str, at: str, days: str) -> dict[str, str]:
    if kind not in KINDS or KINDS[kind].ours != (viewer.family is not None):
        return {"kind": N_("Deze herinnering kennen we niet. Kies er een uit de lijst.")}
    errors = {}
    if not reminding.is_time(at):
        errors["at"] = N_("Kies een tijd, bijvoorbeeld 19:30.")
    elif moments.is_quiet_at(at, reminding.of(db, viewer).quiet):
        errors["at"] = _AT_HOME if viewer.family else _AT_WORK
    if not set(days) & set(EVERY_DAY) or set(days) - set(EVERY_DAY):
        errors["days"] = N_("Kies minstens één dag.")
    return errors


_AT_HOME = N_("Op deze tijd is het stil. Kies een andere tijd, of verander eerst je stille uren.")
_AT_WORK = N_("Zo vroeg of laat sturen we niets. Kies een tijd tussen 06:30 en 21:30.")


def _wrong_about(kind: str, situation: str | None, label: str) -> dict[str, str]:
    errors = {}
    if kind == "own" and not label:
        errors["label"] = N_("Geef het een naam van een of twee woorden, bijvoorbeeld voorlezen.")
    elif len(label) > LONGEST_LABEL:
        errors["label"] = N_("Houd het op 60 tekens; een of twee woorden is genoeg.")
    if (kind == "risk" or situation) and situation not in terms.SITUATION:
        errors["situation"] = N_("Deze situatie kennen we niet. Kies er een uit de lijst.")
    return errors


def _sorted(days: str) -> str:
    return "".join(sorted(set(days)))
