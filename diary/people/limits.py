"""How often something may be tried. Counted in one table, so that it is exact over all processes."""

import ipaddress
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store


class TooOften(Exception):
    """Tried too often in this window."""


def count(db: Database, key: str, limit: int, minutes: int, now: datetime) -> None:
    """Counts one try; raises TooOften past the limit of this window."""
    start = int(now.timestamp()) // (minutes * 60)
    with store.writing(db):
        n = store.row(
            db,
            """insert into limits (key, window, n, expires_at) values (:key, :window, 1, :expires)
               on conflict (key, window) do update set n = n + 1 returning n""",
            key=key,
            window=f"{minutes}:{start}",
            expires=clock.stamp(now + timedelta(minutes=minutes)),
        )["n"]
    if n > limit:
        raise TooOften(key)


def forget(db: Database, key: str) -> None:
    """What was tried is over: it worked."""
    store.change(db, "delete from limits where key = :key", key=key)


def line(address: str | None) -> str:
    """Who shares one line to the internet counts as one: with IPv6 each has more addresses than anyone can count."""
    try:
        there = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    there = getattr(there, "ipv4_mapped", None) or there
    return str(there if there.version == 4 else ipaddress.ip_network((there, 64), strict=False))
