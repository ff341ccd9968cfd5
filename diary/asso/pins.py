"""A suggestion that family and counsellor chose for a child: it comes before all others."""

from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.asso.agreements import TABLE, THEIRS, note
from diary.people.sessions import Viewer


def of(db: Database, viewer: Viewer) -> list[dict]:
    """Every pin at this viewer's table, with the child it is for; none: for all of them."""
    return store.rows(
        db,
        f"select child, suggestion, pinned_at from pins where {THEIRS.format(of='pins')} order by id",
        **_me(viewer),
    )


def for_child(db: Database, viewer: Viewer, child: int | None) -> frozenset[str]:
    return frozenset(pin["suggestion"] for pin in of(db, viewer) if pin["child"] in (child, None))


def pin(db: Database, viewer: Viewer, suggestion: str, child: int | None, now: datetime) -> None:
    """Twice is harmless."""
    sql = f"""insert into pins (family, child, suggestion, pinned_by, pinned_at)
              select family, :child, :suggestion, :viewer, :now from ({TABLE}) where true on conflict do nothing"""
    _change(db, viewer, sql, suggestion, child, now)


def unpin(db: Database, viewer: Viewer, suggestion: str, child: int | None, now: datetime) -> None:
    sql = f"""update pins set ended_at = :now
              where family = (select family from ({TABLE})) and suggestion = :suggestion and child is :child
                and ended_at is null"""
    _change(db, viewer, sql, suggestion, child, now)


def _change(db: Database, viewer: Viewer, sql: str, suggestion: str, child: int | None, now: datetime) -> None:
    with store.writing(db):
        if store.change(db, sql, child=child, suggestion=suggestion, now=clock.stamp(now), **_me(viewer)):
            note(db, viewer, now)


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
