"""What a monitor asks."""

from datetime import timedelta

from flask import Blueprint, g

from diary import clock, store
from diary.front import db, public

bp = Blueprint("upkeep", __name__)
LATE = timedelta(minutes=3)


@bp.get("/healthz")
@public
def health():
    try:
        pulse = store.row(db(), "select at from pulse where name = 'tick'")
    except store.DatabaseError:
        return {"ok": False, "database": False, "scheduler": False}, 503
    ticking = pulse is not None and clock.moment(pulse["at"]) > g.now - LATE
    return {"ok": ticking, "database": True, "scheduler": ticking}, 200 if ticking else 503
