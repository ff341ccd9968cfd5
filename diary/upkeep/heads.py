"""The last line of the access log, each hour in a file beside the database: without it a cut-off end is not seen.

Whoever copies this file to another machine can prove the log against whoever holds this one.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from diary import clock
from diary.people import looks

NAME = "access-log-heads.txt"
EVERY = timedelta(hours=1)
CHECKED = 1000


def keep(db: Database, home: Path, now: datetime) -> None:
    """A line each hour in which something was added."""
    last = _lines(home, 1)
    at, _, told = last[0].partition(" ") if last else ("", "", "0 ")
    if (at and clock.moment(at) > now - EVERY) or (head := looks.head(db)) == told:
        return
    with (home / NAME).open("a") as file:
        file.write(f"{clock.stamp(now)} {head}\n")


def faults(db: Database, home: Path) -> list[str]:
    for line in _lines(home, CHECKED):
        at, _, told = line.partition(" ")
        if not looks.holds(db, told):
            return [f"the access log: what was its end at {at} is not in it any more"]
    return []


def set_aside(home: Path, now: datetime) -> None:
    """When a copy was put back, the log goes on from where it was then; what was proven till now stays legible."""
    if (home / NAME).exists():
        (home / NAME).rename(home / f"access-log-heads-until-{clock.stamp(now).replace(':', '')}.txt")


def _lines(home: Path, number: int) -> list[str]:
    path = home / NAME
    return path.read_text().splitlines()[-number:] if path.exists() else []
