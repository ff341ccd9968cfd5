"""Asks a server for the same thing over and over, on connections that stay open, each in a process of its own.

Raw sockets and answers read by their length only, because whatever the asking costs is taken from the two
cores that are to answer. What it did cost is told, and so is what strangers on this machine used meanwhile.
"""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tests.bench.servers import TICK, Server

LINES = 4  # two to each worker: one being answered, one in waiting
_forked = get_context("fork")  # the children inherit open connections


class WrongAnswer(Exception):
    """A server that answers fast because it refuses is not measured."""


@dataclass(frozen=True)
class Load:
    rate: float  # answers a second
    waits: list[float]  # seconds, one for each answer
    cpu: float  # milliseconds of the server's processor time per answer
    size: float  # bytes per answer, as they came over the line
    asking: float  # processor time of the asking, as a part of one core
    strangers: float  # processor time of everyone else, as a part of the machine


def measure(server: Server, make: Callable[[], bytes], status: int, seconds: float) -> Load:
    start = _forked.Barrier(LINES + 1, timeout=60)
    told = [_forked.Pipe(duplex=False) for _ in range(LINES)]
    askers = [
        _forked.Process(target=_ask, args=(line, make, status, seconds, start, tell))
        for line, (_, tell) in zip(server.lines(LINES), told, strict=True)
    ]
    for asker in askers:
        asker.start()
    start.wait()
    clock, served, busy = time.perf_counter(), server.cpu(), _busy()
    parts = [hear.recv() for hear, _ in told]
    spent, busy, elapsed = server.cpu() - served, _busy() - busy, time.perf_counter() - clock
    for asker in askers:
        asker.join()
    for part in parts:
        if isinstance(part, Exception):
            raise part
    waits = [wait for found, *_ in parts for wait in found]
    asked = sum(cpu for *_, cpu in parts)
    return Load(
        rate=sum(len(found) / lasted for found, _, lasted, _ in parts),
        waits=waits,
        cpu=1000 * spent / len(waits),
        size=sum(size for _, size, _, _ in parts) / len(waits),
        asking=asked / elapsed,
        strangers=max(0.0, busy - spent - asked) / elapsed / os.cpu_count(),
    )


def _ask(line: socket.socket, make: Callable, status: int, seconds: float, start, tell) -> None:
    start.wait()
    try:
        tell.send(_until(line, make, b"%d" % status, seconds))
    except (OSError, WrongAnswer) as error:
        tell.send(error)


def _until(line: socket.socket, make: Callable, status: bytes, seconds: float) -> tuple:
    waits, size, cpu = [], 0, time.process_time()
    begun = now = time.perf_counter()
    while now < begun + seconds:
        line.sendall(make())
        size += _answer(line, status)
        before, now = now, time.perf_counter()
        waits.append(now - before)
    return waits, size, now - begun, time.process_time() - cpu


def _answer(line: socket.socket, status: bytes) -> int:
    got = line.recv(65536)
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += _more(line)
    at = got.find(b"content-length: ", 0, end)
    if got[9:12] != status or at < 0:
        raise WrongAnswer(got[:500])
    size = end + 4 + int(got[at + 16 : got.find(b"\r", at)])
    left = size - len(got)
    while left > 0:
        left -= len(_more(line))
    return size


def _more(line: socket.socket) -> bytes:
    return line.recv(65536) or _broke()


def _broke() -> None:
    raise ConnectionError("the server closed the connection halfway")


def _busy() -> float:
    """Seconds that the cores of this machine have worked, or were kept from us, for whomever."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICK
