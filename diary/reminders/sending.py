"""Sends what is due, outside any transaction, a few at a time: a service that hangs holds up nobody else."""

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from time import monotonic, sleep

from sqlite_utils import Database

from diary import store
from diary.config import Settings
from diary.reminders import deliveries, push
from diary.reminders.deliveries import LEASE, Ready
from diary.reminders.hosts import Hosts
from diary.reminders.lines import Lines
from diary.vault import Vault

THREADS = 8
RATE = 50  # starts a second: a whole town is reminded at the same minute, and then opens the diary
SECONDS = 25  # of starting; what is left waits for the next tick
CLAIMED = 50
MOST_HELD = 400
PATIENCE = 0.25  # seconds between two looks when nobody comes back
TOGETHER = 0.005  # seconds that who is back first waits for others, to be written down with them
NEEDED = timedelta(seconds=12)  # that must be left of a claim when its send begins

_hosts = Hosts()


def send(
    db: Database,
    settings: Settings,
    vault: Vault,
    now: datetime,
    rate: float = RATE,
    seconds: float = SECONDS,
    hosts: Hosts = _hosts,
) -> list[int]:
    """Sends what is due, and gives the deliveries that were tried."""
    began = monotonic()

    def moment() -> datetime:
        """What is due is asked for as at `now`, whatever the real time is; but time goes on meanwhile."""
        return now + timedelta(seconds=monotonic() - began)

    batch = _Batch(db, vault, settings, hosts)
    flying: dict[Future, Ready] = {}
    tried, next_start = [], began
    with Lines() as lines, ThreadPoolExecutor(THREADS, thread_name_prefix="push") as pool:
        while True:
            stuck = False  # all that waits is for hosts that are busy
            while not stuck and len(flying) < THREADS and began + seconds > monotonic() >= next_start:
                ready = batch.next(moment())
                if ready is None:
                    stuck = True
                    continue
                push.prepare()
                hosts.begins(ready.device.host)
                flying[pool.submit(_timed, ready, settings, lines)] = ready
                next_start = max(next_start, monotonic() - 1 / rate) + 1 / rate
                tried.append(ready.id)
            if not flying and (batch.empty or monotonic() >= began + seconds):
                break
            full = stuck or len(flying) == THREADS
            _land(db, flying, hosts, moment, PATIENCE if full else max(next_start - monotonic(), 0.001))
    batch.give_back(moment())
    return tried


def _timed(ready: Ready, settings: Settings, lines: Lines) -> tuple[push.Outcome, float]:
    began = monotonic()
    return push.send(ready.device, ready.payload, ready.topic, ready.ttl, settings, lines), monotonic() - began


def _land(db: Database, flying: dict[Future, Ready], hosts: Hosts, moment, patience: float) -> None:
    """Writes down what came of those that are back, before any other starts."""
    if not flying:
        return sleep(patience)
    landed, others = wait(flying, timeout=patience, return_when=FIRST_COMPLETED)
    if not landed:
        return None
    landed |= wait(others, timeout=TOGETHER).done
    with store.writing(db):
        for future in landed:
            ready = flying.pop(future)
            outcome, seconds = future.result()
            hosts.answers(ready.device.host, seconds)
            deliveries.record(db, ready, outcome, moment())
    return None


class _Batch:
    """What this process has claimed and not begun. A host that is busy or rests holds up its own only."""

    def __init__(self, db: Database, vault: Vault, settings: Settings, hosts: Hosts):
        self.db, self.vault, self.settings, self.hosts = db, vault, settings, hosts
        self.waiting: dict[str, deque[Ready]] = {}
        self.empty = False  # nothing more to claim, and nothing waiting

    def next(self, now: datetime) -> Ready | None:
        """What may begin now; claims more as long as all it has must wait."""
        while True:
            self._rest(now)
            for host, queue in self.waiting.items():
                if queue and self.hosts.has_room(host):
                    self.waiting[host] = self.waiting.pop(host)  # in turn
                    return queue.popleft()
            held = sum(map(len, self.waiting.values()))
            taken = deliveries.claim(self.db, self.vault, self.settings, now, CLAIMED) if held < MOST_HELD else []
            for ready in taken:
                self.waiting.setdefault(ready.device.host, deque()).append(ready)
            if not taken:
                self.empty = held == 0
                return None

    def _rest(self, now: datetime) -> None:
        """Gives back what is for a host that rests, and what its claim is running out for."""
        for host, queue in self.waiting.items():
            rest = timedelta(seconds=self.hosts.rests(host))
            while queue and (rest or queue[0].leased_at + LEASE - NEEDED < now):
                deliveries.release(self.db, queue.popleft(), now + rest)

    def give_back(self, now: datetime) -> None:
        with store.writing(self.db):
            for queue in self.waiting.values():
                while queue:
                    deliveries.release(self.db, queue.popleft(), now)
