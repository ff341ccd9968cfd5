"""Entries as they are after reading, for what only counts."""

import uuid
from datetime import timedelta

from diary import clock
from diary.journal.rows import Entry
from tests.conftest import EVENING

ZONE = "Europe/Amsterdam"
TODAY = clock.today(EVENING, ZONE)


def told(back: float = 0, **fields) -> Entry:
    """One from so many days back, with what is said of it."""
    moment = EVENING - timedelta(days=back) + timedelta(minutes=fields.pop("minutes", 0))
    at = moment.astimezone(clock.zone(ZONE))
    written = fields.pop("written", at)
    usual = {
        "uid": str(uuid.uuid4()),
        "version": 1,
        "kind": "incident",
        "child": 1,
        "area": None,
        "situation": None,
        "author": 1,
        "mine": False,
        "about": None,
        "stub": False,
        "discuss": False,
        "shared": "me",
        "feeling_shared": False,
        "copy_of": None,
        "body": {},
        "feeling": "",
        "broken": False,
    }
    moments = {"happened_at": clock.stamp(moment), "at": at, "day": at.date().isoformat(), "written": written}
    return Entry(**usual | moments | {"saved": written} | fields)
