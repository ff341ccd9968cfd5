"""What stays closed until a counsellor opens it for this family: touch, drawing out care, taking over control."""

from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people import access
from diary.people.sessions import Viewer


def opened(db: Database, viewer: Viewer) -> set[str]:
    """The kinds that are open for the family whose diary this viewer has open."""
    found = store.rows(
        db,
        f"select kind from openings where family = ({access.MINE}) and closed_at is null",
        viewer=viewer.id,
        family=viewer.family,
    )
    return {row["kind"] for row in found}


def unlock(db: Database, counsellor: int, family: int, kind: str, now: datetime) -> bool:
    """Only a confirmed counsellor of this family may. Twice is harmless."""
    with store.writing(db):
        if not _counsels(db, counsellor, family):
            return False
        store.change(
            db,
            """insert into openings (family, kind, opened_by, opened_at) values (:family, :kind, :by, :at)
               on conflict do nothing""",
            family=family,
            kind=kind,
            by=counsellor,
            at=clock.stamp(now),
        )
    return True


def lock(db: Database, counsellor: int, family: int, kind: str, now: datetime) -> bool:
    with store.writing(db):
        if not _counsels(db, counsellor, family):
            return False
        store.change(
            db,
            "update openings set closed_at = :at where family = :family and kind = :kind and closed_at is null",
            family=family,
            kind=kind,
            at=clock.stamp(now),
        )
    return True


def _counsels(db: Database, account: int, family: int) -> bool:
    found = store.row(
        db,
        """select 1 from memberships
           where account = :account and family = :family and role = 'counsellor' and state = 'confirmed'""",
        account=account,
        family=family,
    )
    return found is not None
