"""One tick each half minute. What is due stands in tables; the tick only asks, so a tick missed loses nothing."""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler

from diary import clock, store
from diary.config import Settings

log = logging.getLogger(__name__)
EVERY = 30


def start(settings: Settings, work: list[Callable]) -> BackgroundScheduler:
    """Ticks in this process. Of several processes one does the work; when it goes, the next takes over."""
    scheduler = BackgroundScheduler(timezone="UTC")
    lock = os.open(settings.home / "scheduler.lock", os.O_CREAT | os.O_RDWR, 0o600)
    scheduler.add_job(
        _tick,
        "interval",
        [settings, work, lock],
        seconds=EVERY,
        next_run_time=clock.now(),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    return scheduler


def serve(settings: Settings, work: list[Callable]) -> None:
    """A process that does nothing else. Told to stop, it finishes what it has begun."""
    told = threading.Event()
    for by in (signal.SIGTERM, signal.SIGINT):
        signal.signal(by, lambda *_: told.set())
    scheduler = start(settings, work)
    told.wait()
    scheduler.shutdown(wait=True)


def _tick(settings: Settings, work: list[Callable], lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held until this process ends
    except BlockingIOError:
        return
    tick(settings, work, clock.now())


def tick(settings: Settings, work: list[Callable], now: datetime) -> None:
    """The pulse is written down before as well: a mail server that dawdles does not make the clock seem dead."""
    db = store.here(settings.database)
    store.beat(db, "tick", clock.stamp(now))
    for task in work:
        try:
            task(db, now)
        except Exception:  # one task that fails must not stop the others, nor the next tick
            log.exception("a task of the tick failed: %s", getattr(task, "__name__", task))
    store.beat(db, "tick", clock.stamp(clock.now()))
