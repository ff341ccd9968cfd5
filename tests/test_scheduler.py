"""The tick: one process at a time does the work, and one task that fails stops nothing."""

import logging
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diary import clock, store
from diary.reminders import scheduler
from diary.upkeep import tick
from tests.conftest import EVENING

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def settings(app):
    return app.config["SETTINGS"]


@pytest.fixture
def pulse(db):
    return lambda: (store.row(db, "select at from pulse where name = 'tick'") or {}).get("at")


def test_a_tick_writes_down_when_it_was(settings, now, pulse):
    scheduler.tick(settings, [], now())
    assert pulse() == clock.stamp(EVENING)
    now.pass_by(minutes=1)
    scheduler.tick(settings, [], now())
    assert pulse() == clock.stamp(EVENING + timedelta(minutes=1))


def test_every_task_gets_the_same_moment(settings, now):
    seen = []
    scheduler.tick(settings, [lambda db, at: seen.append(at)] * 2, now())
    assert seen == [EVENING, EVENING]


def test_a_task_that_fails_does_not_stop_the_others(settings, db, now, pulse, caplog):
    def breaks(db, now):
        with store.writing(db):
            db.execute("insert into limits values ('half', '', 1, '')")
            raise ZeroDivisionError

    def works(db, now):
        done.append(now)

    done = []
    with caplog.at_level(logging.ERROR):
        scheduler.tick(settings, [breaks, works, breaks, works], now())
    assert done == [EVENING, EVENING]
    assert pulse() == clock.stamp(EVENING)
    assert store.rows(db, "select * from limits where key = 'half'") == []
    assert caplog.text.count("a task of the tick failed: breaks") == 2


def test_slow_work_does_not_make_the_clock_seem_dead(settings, now, pulse, stranger):
    def dawdles(db, at):
        assert pulse() == clock.stamp(at)
        now.pass_by(minutes=4)

    scheduler.tick(settings, [dawdles], now())
    assert stranger.get("/healthz").status_code == 200


def test_a_tick_of_the_diary_does_all_its_work(app, settings, db, now, pulse, marit):
    uid = marit.writes(note="weg")
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=25)
    scheduler.tick(settings, tick.work(settings, app.config["VAULT"]), now())
    assert store.row(db, "select body from entry_rows where uid = :uid", uid=uid) == {"body": None}
    assert pulse() == clock.stamp(now())


# -- who ticks

TICKING = """
import os, sys, time
from pathlib import Path
from diary.config import Settings
from diary.reminders import scheduler
scheduler.EVERY = 0.05

def task(db, now):
    db.execute("insert into ticks values (?)", [os.getpid()])

ticking = scheduler.start(Settings(home=Path(sys.argv[1])), [task])
print(os.getpid(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def ticks(settings, db):
    """Starts processes that tick, and stops them."""
    db.execute("create table ticks (process integer) strict")
    running = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-c", TICKING, str(settings.home)]
        started = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        running.append(started)
        started.stdout.readline()
        return started

    yield start
    for process in running:
        process.kill()
        process.communicate()


def ticked(db, since: int = 0) -> set[int]:
    return {row["process"] for row in store.rows(db, "select process from ticks where rowid > :since", since=since)}


def until(condition) -> None:
    """Waits at most ten seconds."""
    patience = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.02)


def test_of_two_processes_one_ticks_and_when_it_is_killed_the_other_takes_over(ticks, db):
    first, second = ticks(), ticks()
    until(lambda: db["ticks"].count > 8)
    [working] = ticked(db)
    here, other = (first, second) if first.pid == working else (second, first)
    here.send_signal(signal.SIGKILL)
    here.wait()
    since = db["ticks"].count
    until(lambda: db["ticks"].count > since + 3)
    assert ticked(db, since) == {other.pid}


def test_a_process_that_was_frozen_goes_on(ticks, db):
    process = ticks()
    until(lambda: db["ticks"].count > 2)
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    since = db["ticks"].count
    process.send_signal(signal.SIGCONT)
    until(lambda: db["ticks"].count > since + 2)


def test_a_wall_clock_that_was_put_back_a_day_does_not_stop_the_ticks_for_a_day(settings, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY", 0.05)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))
    ticked = []
    running = scheduler.start(settings, [lambda _, at: ticked.append(at)])
    try:
        until(lambda: len(ticked) > 2)
        [job] = running.get_jobs()
        job.modify(next_run_time=clock.now() + timedelta(days=1))
        before = len(ticked)
        until(lambda: len(ticked) > before + 2)
    finally:
        running.shutdown()


def test_nothing_ticks_before_it_is_started(app, pulse):
    assert pulse() is None


def test_a_process_of_its_own_ticks_and_finishes_when_it_is_told_to_stop(settings, db, pulse):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"]
    alone = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DIARY_HOME": str(settings.home)})
    try:
        until(lambda: pulse() is not None)
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(timeout=10) == 0
    finally:
        alone.kill()


# -- what a monitor is told


def test_a_monitor_hears_that_all_is_well(settings, now, stranger):
    scheduler.tick(settings, [], now())
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True, "database": True, "scheduler": True})


def test_a_monitor_hears_that_nothing_ever_ticked(stranger):
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json["ok"], answer.json["database"]) == (503, False, True)


@pytest.mark.parametrize(("late", "status"), [(179.999, 200), (180, 503), (86400, 503)])
def test_a_pulse_is_fresh_for_three_minutes(settings, now, stranger, late, status):
    scheduler.tick(settings, [], now())
    now.pass_by(seconds=late)
    assert stranger.get("/healthz").status_code == status


def test_a_monitor_hears_that_the_database_does_not_answer(db, stranger):
    db.execute("drop table pulse")
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, False)


def test_a_monitor_is_told_nothing_else(settings, now, stranger, marit):
    scheduler.tick(settings, [], now())
    assert set(stranger.get("/healthz").json) == {"ok", "database", "scheduler"}
