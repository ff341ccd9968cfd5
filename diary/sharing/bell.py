"""Telling someone, neutrally, that something waits for them."""

from datetime import datetime

from sqlite_utils import Database

from diary.reminders import news


def reply_waits(db: Database, parent: int, family: int, now: datetime) -> None:
    """A parent has an answer to read."""
    news.ring(db, parent, family, "reply", now)


def all_read(db: Database, parent: int, family: int, now: datetime) -> None:
    """There is nothing to ring for any more."""
    news.hush(db, parent, family, "reply", now)


def shared(db: Database, counsellor: int, now: datetime) -> None:
    """A counsellor has something to read, with the rest of the day."""
    news.ring(db, counsellor, None, "digest", now)


def desk_read(db: Database, counsellor: int, now: datetime) -> None:
    """Of all families nothing is left to read."""
    news.hush(db, counsellor, None, "digest", now)
