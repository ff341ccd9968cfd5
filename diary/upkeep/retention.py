"""How long each table keeps what. A table without a line here fails a test."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.journal.deletions import UNDO
from diary.people import sessions
from diary.upkeep import remains

TOMBSTONES = timedelta(days=180)

KEPT = {
    "families": "until the family is erased",
    "accounts": "until the account is erased; then a number without a name",
    "memberships": "as long as its family",
    "children": "as long as their family",
    "practices": "as long as the practice uses the diary",
    "ties": "as long as the membership they belong to",
    "admissions": "72 hours open, gone after 30 days",
    "introductions": "72 hours open, gone after 30 days",
    "authenticators": "until another takes its place, or the account is erased",
    "recoveries": "until fresh codes take their place",
    "passkeys": "until they are removed, or the account is erased",
    "challenges": "used ones, for the 5 minutes they could be used again",
    "entry_rows": "as long as its family; deleted: content 24 hours, empty tombstone 180 days",
    "version_rows": "as long as its entry",
    "sessions": "180 days after it ended or fell still, so that a known browser is recognised",
    "invitations": "72 hours open, gone after 30 days",
    "resets": "30 days",
    "letters": "content until sent or pointless, the empty row 30 days",
    "changes": "180 days, so that a phone that was long away does not double what it sends again",
    "limits": "until its window ends",
    "phrases": "until their writer empties them",
    "tries": "400 days, as long as they count",
    "shown": "3 days",
    "openings": "as long as its family",
    "agreements": "as long as its family",
    "plans": "as long as its family, the latest only",
    "pins": "as long as its family",
    "notes": "until their counsellor removes them",
    "anchors": "as long as its child",
    "anchor_links": "7 days open, gone after 30 days",
    "shares": "as long as its entry: every row is a consent that was given",
    "share_defaults": "until their parent changes them",
    "consents": "as long as its child: every row is a consent that was given",
    "replies": "as long as its entry; deleted: 24 hours",
    "appointments": "as long as its family",
    "agreed": "as long as its appointment",
    "looks": "5 years",
    "look_objects": "as long as its line",
    "look_clearings": "as long as the diary",
    "reviews": "as long as its practice",
    "reminding": "as long as its person is there",
    "reminders": "180 days after they ended",
    "occurrences": "180 days, so that what did not arrive is not taken for what was not written",
    "deliveries": "30 days",
    "devices": "as long as their session",
    "risks": "60 days, as long as a no counts",
    "pulse": "the latest only",
}

_SWEEPS = {
    "sessions": ("delete from sessions where max(seen_at, coalesce(ended_at, '')) < :before", timedelta(days=180)),
    "invitations": ("delete from invitations where expires_at < :before", timedelta(days=30)),
    "admissions": ("delete from admissions where expires_at < :before", timedelta(days=30)),
    "introductions": ("delete from introductions where expires_at < :before", timedelta(days=30)),
    "challenges": ("delete from challenges where expires_at < :before", timedelta(0)),
    "resets": ("delete from resets where created_at < :before", timedelta(days=30)),
    "stale letters": (
        "update letters set sealed = x'', next_at = null where expires_at < :before and sent_at is null",
        timedelta(0),
    ),
    "letters": ("delete from letters where created_at < :before", timedelta(days=30)),
    "anchor links": ("delete from anchor_links where expires_at < :before", timedelta(days=23)),
    "changes": ("delete from changes where created_at < :before", timedelta(days=180)),
    "tries": ("delete from tries where tried_at < :before", timedelta(days=400)),
    "shown": ("delete from shown where shown_at < :before", timedelta(days=3)),
    "reminders": ("delete from reminders where ended_at < :before", timedelta(days=180)),
    "occurrences": ("delete from occurrences where due_at < :before", timedelta(days=180)),
    "deliveries": ("delete from deliveries where created_at < :before", timedelta(days=30)),
    "devices": (
        """delete from devices
           where session in (select id from sessions where ended_at is not null or seen_at < :before)""",
        sessions.IDLE,
    ),
    "risks": ("delete from risks where answered_at < :before", timedelta(days=60)),
    "limits": ("delete from limits where expires_at < :before", timedelta(0)),
}


def sweep(db: Database, now: datetime) -> None:
    for sql, age in _SWEEPS.values():
        store.change(db, sql, before=clock.stamp(now - age))
    remains.empty_deleted(db, clock.stamp(now - UNDO))
    remains.forget_tombstones(db, clock.stamp(now - TOMBSTONES))
    store.settle(db)
    store.learn(db)
