"""What stays closed until a counsellor opens it for this family: touch, drawing out care, taking over control."""

from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.asso.agreements import TABLE, note
from diary.people.sessions import Viewer
from diary.texts import N_
from diary.vault import Broken

KINDS = {
    "touch": N_("Uitnodigen tot nabijheid"),
    "drawing_out": N_("Zorg uitlokken"),
    "taking_over": N_("De leiding rustig overnemen"),
}


def opened(db: Database, viewer: Viewer) -> set[str]:
    """The kinds that are open for the family whose diary this viewer has open."""
    return set(of(db, viewer))


def of(db: Database, viewer: Viewer) -> dict[str, dict]:
    """What is open, since when, and why."""
    found = store.rows(
        db,
        f"""select kind, reason, opened_at from openings
            where family = (select family from ({TABLE})) and closed_at is null order by id""",
        **_me(viewer),
    )
    return {row["kind"]: row | {"reason": _reason(viewer, row)} for row in found}


def unlock(db: Database, viewer: Viewer, kind: str, reason: str, now: datetime) -> bool:
    """Only a counsellor at this family's table may. Twice is harmless."""
    with store.writing(db):
        if not _counsels(db, viewer):
            return False
        store.change(
            db,
            """insert into openings (family, kind, reason, opened_by, opened_at)
               values (:family, :kind, :reason, :viewer, :at) on conflict do nothing""",
            kind=kind,
            reason=viewer.seal.close(reason, viewer.family_uid, kind, "reason"),
            at=clock.stamp(now),
            **_me(viewer),
        )
        note(db, viewer, now)
    return True


def lock(db: Database, viewer: Viewer, kind: str, now: datetime) -> bool:
    with store.writing(db):
        if not _counsels(db, viewer):
            return False
        store.change(
            db,
            "update openings set closed_at = :at where family = :family and kind = :kind and closed_at is null",
            family=viewer.family,
            kind=kind,
            at=clock.stamp(now),
        )
        note(db, viewer, now)
    return True


def _counsels(db: Database, viewer: Viewer) -> bool:
    return store.row(db, f"select 1 from ({TABLE}) where role = 'counsellor'", **_me(viewer)) is not None


def _reason(viewer: Viewer, row: dict) -> str:
    try:
        return viewer.seal.open(row["reason"], viewer.family_uid, row["kind"], "reason") if row["reason"] else ""
    except Broken:
        return "?"


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
