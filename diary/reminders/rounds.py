"""One round: from what is due to what became of it. By the tick; or by hand, with a line per delivery that holds no
word of anyone's."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from sqlite_utils import Database

from diary import clock, mail, store
from diary.config import Settings
from diary.reminders import due, fallback, sending
from diary.vault import Vault


class _Undone(Exception):
    pass


def steps(settings: Settings, vault: Vault) -> list[Callable]:
    """Each also goes on where an earlier round stopped."""
    return [
        lambda db, now: due.plan(db, vault, now),
        lambda db, now: sending.send(db, settings, vault, now),
        lambda db, now: fallback.by_mail(db, settings, vault, now),
        lambda db, now: mail.deliver(db, settings, vault, now),
        lambda db, now: fallback.settle(db, now),
    ]


def run(db: Database, settings: Settings, vault: Vault, now: datetime) -> list[dict]:
    """As at this moment, and what came of each."""
    planned, tried, mailed, _, settled = (step(db, now) for step in steps(settings, vault))
    return _missed(db, planned) + _delivered(db, {*tried, *mailed, *settled})


def rehearse(db: Database, settings: Settings, vault: Vault, now: datetime) -> list[dict]:
    """What would go out at this moment. Afterwards everything is as it was."""
    lines = []
    with suppress(_Undone), store.writing(db):
        planned = due.plan(db, vault, now)
        mailed = fallback.by_mail(db, settings, vault, now)
        waiting = store.rows(db, "select id from deliveries where next_at <= :now", now=clock.stamp(now))
        found = _delivered(db, {*mailed, *(row["id"] for row in waiting)})
        lines = _missed(db, planned) + [line | {"outcome": "planned"} for line in found]
        raise _Undone
    return lines


_LINE = "select reminders.uid as reminder, kind, {table}.local_date, {channel} as channel, {outcome} as outcome"


def _missed(db: Database, planned: Iterable[int]) -> list[dict]:
    """Too late to send: shown in the app alone."""
    line = _LINE.format(table="occurrences", channel="'inbox'", outcome="occurrences.state")
    sql = f"""{line} from occurrences join reminders on reminders.id = occurrences.reminder
              where occurrences.id = :id and occurrences.state = 'missed'"""
    return [row for id in planned for row in store.rows(db, sql, id=id)]


def _delivered(db: Database, ids: Iterable[int]) -> list[dict]:
    line = _LINE.format(
        table="deliveries", channel="deliveries.channel", outcome="coalesce(deliveries.outcome, deliveries.state)"
    )
    sql = f"{line} from deliveries join reminders on reminders.id = deliveries.reminder where deliveries.id = :id"
    return [row for id in sorted(ids) for row in store.rows(db, sql, id=id)]
