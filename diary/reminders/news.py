"""What waits for something to happen: an answer to read, or what families shared. It rings once a day at most."""

from datetime import date, datetime

from sqlite_utils import Database

from diary import store
from diary.people.sessions import Viewer
from diary.reminders import moments, reminders, reminding, rows


def ring(db: Database, account: int, family: int | None, kind: str, now: datetime) -> None:
    """Something has happened that this person wants to hear of. What happens in one day rings once."""
    with store.writing(db):
        if family is None:  # a counsellor hears of what was shared, unless that was ended
            reminding.begin(db, account, None, Viewer.zone, now)
        found = store.row(
            db,
            """select reminders.*, reminding.zone, reminding.quiet_from, reminding.quiet_until from reminders
               join reminding on reminding.account = reminders.account and reminding.family is reminders.family
               where reminders.account = :account and reminders.family is :family and reminders.kind = :kind
                 and reminders.ended_at is null and reminders.next_at is null""",
            account=account,
            family=family,
            kind=kind,
        )
        if found:
            ring_after(db, found, _latest_day(db, found["id"]), now)


def decline(db: Database, viewer: Viewer, kind: str, now: datetime) -> None:
    """Wants to hear nothing of it, also where nothing has happened yet. Repeats are harmless."""
    with store.writing(db):
        reminding.agree(db, viewer, now)
        for one in reminding.of(db, viewer).reminders:
            if one.kind == kind:
                reminders.end(db, viewer, one.uid, now)


def hush(db: Database, account: int, family: int | None, kind: str, now: datetime) -> None:
    """It was seen: what has not rung need not any more, and what has is answered by that."""
    with store.writing(db):
        for reminder in store.rows(
            db,
            """select id from reminders where account = :account and family is :family and kind = :kind
                 and ended_at is null""",
            account=account,
            family=family,
            kind=kind,
        ):
            rows.ring_at(db, reminder, None, None)
            rows.answered(db, reminder["id"], now)


def ring_after(db: Database, reminder: dict, day: date | None, now: datetime) -> None:
    found = moments.next_ring(
        reminder["at"],
        reminder["days"],
        reminder["zone"],
        (reminder["quiet_from"], reminder["quiet_until"]),
        day,
        now,
        fixed=reminder["kind"] == "digest",
    )
    rows.ring_at(db, reminder, *(found or (None, None)))


def _latest_day(db: Database, reminder: int) -> date | None:
    found = store.row(db, "select max(local_date) as day from occurrences where reminder = :id", id=reminder)
    return date.fromisoformat(found["day"]) if found["day"] else None
