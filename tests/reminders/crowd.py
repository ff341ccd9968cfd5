"""Many people with a device and a reminder that is due, and processes that send to them until they are stopped."""

import json
import random
import secrets
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from diary import clock, store, vault
from diary.config import Settings
from diary.reminders import deliveries, due, sending
from diary.reminders.kinds import EVERY_DAY
from tests.push_service import PushService

FLYING = 8  # what one process can have under way

_processes = get_context("forkserver")
_processes.set_forkserver_preload(["tests.reminders.crowd", "pywebpush"])  # or each takes a second to begin


def send_for_ever(home: Path, origin: str, rate: float, lease: float) -> None:
    """What each process does, with claims that may be shorter than ours."""
    settings = Settings(home=home, push_hosts=(origin,))
    deliveries.LEASE = sending.LEASE = timedelta(seconds=lease)
    sending.NEEDED = timedelta(seconds=lease / 2)
    keys = vault.Vault(bytes.fromhex(vault.secret(home / "master.key")))
    db = store.here(settings.database)
    while True:
        due.plan(db, keys, clock.now())
        sending.send(db, settings, keys, clock.now(), rate=rate, seconds=1)


@dataclass(frozen=True)
class Result:
    due: int
    killed: int
    lost: int
    doubles: int
    topics: int  # different ones that one delivery was sent under, at most
    unsettled: int  # deliveries and occurrences that are not written down as sent
    refused: int
    seconds: float


def fill(db, keys: vault.Vault, service: PushService | None, count: int, ahead: timedelta = timedelta(0)) -> None:
    """So many people, each with a reminder that is due now, or that much later."""
    now = clock.now()
    at = (now + ahead).replace(second=0, microsecond=0)
    stamp = clock.stamp(now)
    with store.writing(db):
        uid = str(uuid.uuid4())
        store.insert(db, "families", {"uid": uid, "key": keys.new_key(uid), "created_at": stamp, "zone": "UTC"})
        family = store.row(db, "select max(id) as id from families")["id"]
        for n in range(count):
            _person(db, keys, service, family, f"h{n % 5}", at, stamp)


def _person(db, keys, service: PushService | None, family: int, host: str, at: datetime, stamp: str) -> None:
    uid = str(uuid.uuid4())
    names = {"name": "x", "email": f"{uid}@example.org", "password": "", "language": "nl", "family": family}
    account = _insert(db, "accounts", {"uid": uid, **names, "created_at": stamp})
    store.insert(db, "memberships", {"family": family, "account": account, "role": "parent", "state": "confirmed"})
    quiet = {"quiet_from": "00:00", "quiet_until": "00:00", "most": 2, "agreed_at": stamp}
    store.insert(db, "reminding", {"account": account, "family": family, "zone": "UTC", **quiet})
    when = {"at": at.strftime("%H:%M"), "days": EVERY_DAY, "next_at": clock.stamp(at), "next_day": str(at.date())}
    whose = {"uid": str(uuid.uuid4()), "family": family, "account": account, "kind": "evening", "created_at": stamp}
    store.insert(db, "reminders", whose | when)
    if service:
        device = str(uuid.uuid4())
        told = service.browser()
        row = {"uid": device, "token": secrets.token_bytes(32), "account": account, "device": b"", "label": ""}
        session = _insert(db, "sessions", row | {"created_at": stamp, "seen_at": stamp})
        sealed = keys.close(json.dumps([told.endpoint, told.p256dh, told.auth]), device, "device")
        row = {"uid": device, "account": account, "session": session, "mark": secrets.token_bytes(32)}
        row |= {"sealed": sealed, "host": host, "label": "", "created_at": stamp}
        store.insert(db, "devices", row)


def _insert(db, table: str, row: dict) -> int:
    store.insert(db, table, row)
    return store.row(db, "select last_insert_rowid() as id")["id"]


def send_all(
    settings: Settings, service: PushService, processes: int, kills: int, rate: float, lease: float, every: float
) -> Result:
    """Lets processes send side by side until all is sent, killing one of them now and then."""
    db = store.here(settings.database)
    count = db["reminders"].count
    told = (settings.home, service.origin, rate, lease)
    began = time.monotonic()
    running = [_start(told) for _ in range(processes)]
    chance = random.Random(1940)
    next_kill, killed = began + every, 0
    try:
        while _left(db, count) and time.monotonic() < began + 900:
            time.sleep(0.05)
            if killed < kills and time.monotonic() > next_kill:
                _kill(running.pop(chance.randrange(len(running))))
                running.append(_start(told))
                killed, next_kill = killed + 1, time.monotonic() + every
    finally:
        for process in running:
            _kill(process)
    return _result(db, service, count, killed, time.monotonic() - began)


def _start(told: tuple):
    process = _processes.Process(target=send_for_ever, args=told, daemon=True)
    process.start()
    return process


def _kill(process) -> None:
    process.kill()
    process.join()


def _left(db, count: int) -> int:
    return count - store.row(db, "select count(*) as n from deliveries where state = 'sent'")["n"]


def _result(db, service: PushService, count: int, killed: int, seconds: float) -> Result:
    messages = list(service.messages)
    times = Counter(message.browser.endpoint for message in messages)
    topics: dict[str, set] = {}
    for message in messages:
        topics.setdefault(message.browser.endpoint, set()).add(message.headers["Topic"])
    unsettled = store.row(
        db,
        """select (select count(*) from occurrences where state <> 'sent')
                + (select count(*) from deliveries where state <> 'sent') as n""",
    )
    return Result(
        due=count,
        killed=killed,
        lost=count - len(times),
        doubles=sum(times.values()) - len(times),
        topics=max(map(len, topics.values()), default=0),
        unsettled=unsettled["n"],
        refused=len(service.refused),
        seconds=seconds,
    )
