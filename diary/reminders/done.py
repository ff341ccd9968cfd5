"""Whether what a reminder asks was done already: then it stays silent."""

import json
from collections.abc import Callable
from datetime import date, time, timedelta

from sqlite_utils import Database

from diary import clock
from diary.asso import tries
from diary.people import access, sessions
from diary.people.sessions import Viewer
from diary.vault import Broken, Vault


def is_done(db: Database, vault: Vault, reminder: dict, day: date) -> bool:
    """Looks with the eyes of its person: what they may not see does not count either."""
    asks = _ASKS.get(reminder["kind"])
    return asks is not None and asks(db, sessions.absent(vault, reminder), reminder, day)


def _looked_back(db: Database, viewer: Viewer, _: dict, day: date) -> bool:
    """The dagcheck of the day is there, and nothing was left to finish."""
    stubs = _any(db, viewer, "and day = :day and stub = 1 and author = :viewer", day=day.isoformat())
    return not stubs and _any(db, viewer, f"{_OWN_OF_DAY} and kind = 'checkin'", day=day.isoformat())


def _had_contact(db: Database, viewer: Viewer, _: dict, day: date) -> bool:
    return _any(db, viewer, f"{_OWN_OF_DAY} and kind = 'contact'", day=day.isoformat())


def _checked_the_week(db: Database, viewer: Viewer, _: dict, day: date) -> bool:
    monday = day - timedelta(days=day.weekday())
    own = "and author = :viewer and kind = 'weekcheck' and day between :monday and :sunday"
    return _any(db, viewer, own, monday=monday.isoformat(), sunday=(monday + timedelta(days=6)).isoformat())


def _had_room(db: Database, viewer: Viewer, _: dict, day: date) -> bool:
    checks = access.seen(db, viewer, "uid, version, body", f"{_OWN_OF_DAY} and kind = 'checkin'", day=day.isoformat())
    return any(_body(viewer, row).get("me_time") == "yes" for row in checks)


def _met(db: Database, viewer: Viewer, reminder: dict, day: date) -> bool:
    """The hard moment has come already, or its parent was ahead of it."""
    situation, child = reminder["situation"], reminder["child"]
    logged = "and day = :day and situation = :situation and (:child is null or child is :child)"
    return _any(db, viewer, logged, day=day.isoformat(), situation=situation, child=child) or tries.since(
        db, viewer, situation, child, clock.at(day, time.min, viewer.zone)
    )


_ASKS: dict[str, Callable] = {
    "evening": _looked_back,
    "contact": _had_contact,
    "week": _checked_the_week,
    "room": _had_room,
    "risk": _met,
}
_OWN_OF_DAY = "and author = :viewer and day = :day"


def _any(db: Database, viewer: Viewer, where: str, **named) -> bool:
    return bool(access.scan(db, viewer, "1", where, "limit 1", **named))


def _body(viewer: Viewer, row: dict) -> dict:
    try:
        return json.loads(viewer.seal.open(row["body"], row["uid"], row["version"], "body"))
    except Broken:
        return {}
