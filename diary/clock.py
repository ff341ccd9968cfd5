"""The one door to time. Stored: UTC in one fixed-width form. Days are cut in the family's zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

zone = lru_cache(ZoneInfo)


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """The form in which a moment is kept: sorts as text, always as wide."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def local(stamp: str, zone_name: str) -> datetime:
    return moment(stamp).astimezone(zone(zone_name))


def today(now: datetime, zone_name: str) -> date:
    return now.astimezone(zone(zone_name)).date()


def at(day: date, wall: time, zone_name: str) -> datetime:
    """The moment a wall clock shows this time: the first of two, or the first valid minute after a gap."""
    there = datetime.combine(day, wall, zone(zone_name))
    while True:
        found = there.astimezone(UTC)
        if found.astimezone(there.tzinfo).replace(tzinfo=None) == there.replace(tzinfo=None):
            return found
        there += timedelta(minutes=1)  # wall-clock arithmetic: walks out of the gap
