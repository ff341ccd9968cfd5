"""Telling someone, neutrally, that something waits for them."""

from datetime import datetime

from sqlite_utils import Database


def reply_waits(db: Database, parent: int, family: int, now: datetime) -> None:
    """A parent has an answer to read."""


def shared(db: Database, counsellor: int, now: datetime) -> None:
    """A counsellor has something to read, with the rest of the day."""
