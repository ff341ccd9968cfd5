"""What a reminder costs: asking what is due and claiming it, sending it, and sending many from four processes.

The first two are told in time of the processor: it is the ratios that count, and others use this machine too.
"""

import asyncio
import logging
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from threading import Thread

from diary import clock, create_app, store
from diary.config import Settings
from diary.reminders import deliveries, devices, due, push, sending
from diary.reminders.hosts import Hosts
from diary.reminders.lines import Lines
from tests.push_service import PushService
from tests.reminders import crowd

DUE, FAR = 1_000, timedelta(days=20)
SIZES = (1_000, 100_000)
CROWD, KILLS = 10_000, 40
HANGING, ANSWERING = 40, 200
_forked = get_context("fork")


@dataclass(frozen=True)
class Cost:
    """Milliseconds per reminder that is due."""

    planning: float
    claiming: float

    @property
    def whole(self) -> float:
        return self.planning + self.claiming


def costs(folder: Path, rounds: int) -> dict[int, list[Cost]]:
    """With few and with many reminders, of which as many are due each day; the days of both in turn."""
    with PushService() as service:
        homes = {size: _filled(folder / f"remind-{size}", service, size) for size in SIZES}
        days = [{size: _day(home, day) for size, home in homes.items()} for day in range(rounds)]
    store.leave()
    return {size: [day[size] for day in days] for size in SIZES}


def _filled(home: Path, service: PushService, size: int):
    settings = Settings(home=home, push_hosts=(service.origin,))
    app = create_app(settings)
    db = store.connect(settings.database)
    crowd.fill(db, app.config["VAULT"], service, DUE)
    crowd.fill(db, app.config["VAULT"], None, size - DUE, ahead=FAR)
    store.learn(db)
    return db, settings, app.config["VAULT"]


def _day(home, day: int) -> Cost:
    db, settings, keys = home
    now = clock.now() + timedelta(days=day)
    began = time.process_time()
    assert len(due.plan(db, keys, now)) == DUE
    planned = time.process_time()
    claimed = 0
    while some := deliveries.claim(db, keys, settings, now, sending.CLAIMED):
        claimed += len(some)
    done = time.process_time()
    assert claimed == DUE
    store.change(db, "update deliveries set state = 'sent', next_at = null")
    return Cost((planned - began) * 1000 / DUE, (done - planned) * 1000 / DUE)


@dataclass(frozen=True)
class Rates:
    """A second of one processor."""

    bare: float  # encrypting and signing, nothing else
    pushed: float  # and handing over, one after the other
    sent: float  # and claiming before, and writing down after


def rates(folder: Path, rounds: int) -> list[Rates]:
    return [_rates(folder / f"rates-{n}") for n in range(rounds)]


def _rates(home: Path) -> Rates:
    with _sink() as origin:
        settings = Settings(home=home, push_hosts=(origin,))
        app = create_app(settings)
        db, keys = store.connect(settings.database), app.config["VAULT"]
        service = PushService()
        service.origin = origin
        crowd.fill(db, keys, service, DUE)
        now = clock.now()
        due.plan(db, keys, now)
        [some] = devices.live(db, keys, store.row(db, "select min(account) as id from devices")["id"], now)
        text = "x" * 800
        bare = _rate(lambda: (push._encrypted(some, text), push._signature(origin, settings, now)))
        with Lines() as lines:
            pushed = _rate(lambda: push.send(some, text, "topic", 7200, settings, lines))
        began = time.process_time()
        sent = len(sending.send(db, settings, keys, now, rate=1e9, seconds=60))
        took = time.process_time() - began
        assert store.row(db, "select count(*) as n from deliveries where state = 'sent'")["n"] == sent == DUE
        store.close(db)
        service.server_close()
    return Rates(bare, pushed, sent / took)


def delays(folder: Path, rounds: int) -> list[float]:
    """By how many seconds the last of those that answer comes later when others hang."""
    push.prepare()
    return [_last(folder / f"hangs-{n}", HANGING) - _last(folder / f"alone-{n}", 0) for n in range(rounds)]


def _last(home: Path, hanging: int) -> float:
    with PushService() as service:
        settings = Settings(home=home, push_hosts=(service.origin,))
        app = create_app(settings)
        db, keys = store.connect(settings.database), app.config["VAULT"]
        crowd.fill(db, keys, service, hanging)
        store.change(db, "update devices set host = 'hangs'")
        service.answers = dict.fromkeys(service.answers, "hangs")
        crowd.fill(db, keys, service, ANSWERING)
        due.plan(db, keys, clock.now())
        took = []
        watch = Thread(target=_watch, args=(service, took))
        watch.start()
        sending.send(db, settings, keys, clock.now(), hosts=Hosts())
        watch.join()
        store.close(db)
    return took[0]


def _watch(service: PushService, took: list[float]) -> None:
    """Until all that answer were answered; then what hangs may go."""
    began = time.monotonic()
    while len(service.messages) < ANSWERING:
        assert time.monotonic() < began + 60
        time.sleep(0.01)
    took.append(time.monotonic() - began)
    service.over.set()


def _rate(once, times: int = 500) -> float:
    once()
    began = time.process_time()
    for _ in range(times):
        once()
    return times / (time.process_time() - began)


@contextmanager
def _sink():
    """Takes whatever comes, in a process of its own, at next to no cost."""
    told, tell = _forked.Pipe(duplex=False)
    process = _forked.Process(target=lambda: asyncio.run(_take(tell)), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{told.recv()}"
    process.kill()
    process.join()


async def _take(tell) -> None:
    async def take(reader, writer):
        with suppress(asyncio.IncompleteReadError):  # it hung up
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                await reader.readexactly(int(length.split(b":")[1]))
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=512)
    tell.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def crowd_of(home: Path, kills: int) -> crowd.Result:
    """Ten thousand that are due at the same minute, four processes and no lock between them; some may be killed."""
    logging.getLogger("diary").setLevel(logging.ERROR)
    with PushService() as service:
        settings = Settings(home=home, push_hosts=(service.origin,))
        app = create_app(settings)
        crowd.fill(store.here(settings.database), app.config["VAULT"], service, CROWD)
        result = crowd.send_all(settings, service, 4, kills, rate=sending.RATE, lease=30, every=2)
        store.leave()
    return result


def growth(found: dict[int, list[Cost]]) -> float:
    few, many = (found[size] for size in SIZES)
    return median(large.whole / small.whole for small, large in zip(few, many, strict=True))
