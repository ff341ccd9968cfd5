"""Servers to measure: started by us, on 127.0.0.1 only, and ended by their own number."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diary.config import Settings
from diary.made import ROOT

PORTS = iter(range(8300, 8400))
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 20  # seconds


class Server:
    """A running server: its first process and the workers below it."""

    def __init__(self, process: subprocess.Popen, port: int):
        self.process = process
        self.port = port

    def workers(self) -> list[int]:
        return _children(self.process.pid)

    def processes(self) -> list[int]:
        return [self.process.pid, *self.workers()]

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its processes together."""
        fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.processes())
        return sum(int(of[11]) + int(of[12]) for of in fields) / TICK

    def memory(self) -> dict[str, float]:
        """Megabytes in use, what is shared counted once. Files (the code of libraries) are also shared with
        strangers who happen to run the same Python, so that part can look smaller than it is."""
        kinds = {"Pss:": "all", "Pss_Anon:": "own"}
        sums = dict.fromkeys(kinds.values(), 0.0)
        for pid in self.processes():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, *rest = line.split()
                if name in kinds:
                    sums[kinds[name]] += int(rest[0]) / 1024
        return sums

    def lines(self, count: int) -> list[socket.socket]:
        """Open connections, as many to each worker. The kernel deals them out by chance: without this a run
        with four connections would now and then measure one worker and call it two."""
        share = dict.fromkeys(self._ready_workers(), count // Settings.workers)
        kept = []
        for _ in range(40 * count):
            if len(kept) == count:
                return kept
            line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.sendall(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            line.recv(65536)
            owner = self._owner(line)
            if share.get(owner, 0):
                share[owner] -= 1
                kept.append(line)
            else:
                line.close()
        raise RuntimeError(f"no {count} connections spread evenly over {list(share)}")

    def _ready_workers(self) -> list[int]:
        until = time.monotonic() + PATIENCE
        while len(found := self.workers()) < Settings.workers and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def _owner(self, line: socket.socket) -> int | None:
        """Which worker answers on this connection."""
        here, there = f":{self.port:04X}", f":{line.getsockname()[1]:04X}"
        rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
        wanted = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(here) and row[2].endswith(there)}
        return next((pid for pid in self.workers() if wanted & set(_open_files(pid))), None)


@contextmanager
def hello() -> Iterator[Server]:
    port = _free_port()
    with _running(["-m", "tests.bench.hello", str(port)], port, {}) as server:
        yield server


@contextmanager
def diary(home: Path) -> Iterator[Server]:
    """`python wsgi.py`, as anyone would start it."""
    port = _free_port()
    with _running(["wsgi.py"], port, {"DIARY_HOME": str(home), "DIARY_PORT": str(port)}) as server:
        yield server


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no port between 8300 and 8400 is free")


@contextmanager
def _running(arguments: list[str], port: int, settings: dict) -> Iterator[Server]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DIARY_")}
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env={**plain, **settings}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise RuntimeError(f"no server on port {port}; it ended with {process.poll()}")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _open_files(pid: int) -> Iterator[str]:
    for file in os.listdir(f"/proc/{pid}/fd"):
        try:
            yield os.readlink(f"/proc/{pid}/fd/{file}")
        except FileNotFoundError:  # closed meanwhile
            continue
