"""What the disk can do at most, and whether two writers get their turn."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from diary import store

ROW = "insert into written (text) values (:text)"
TEXT = {"text": "x" * 600}  # about what an entry takes
_forked = get_context("fork")


@dataclass(frozen=True)
class Pair:
    """Rows a second of two writers in a tight loop, the slower first."""

    slower: float
    faster: float

    @property
    def ratio(self) -> float:
        return self.slower / self.faster


def alone(folder: Path, seconds: float) -> float:
    """Durable rows a second of one writer, nobody else about, with nothing around them."""
    db = store.connect(_fresh(folder))
    try:
        return _tight(db, seconds, _bare)
    finally:
        store.close(db)


def together(folder: Path, seconds: float, begin: Callable | None = None) -> Pair:
    """Two processes on one file: through `store.writing`, or with SQLite's own waiting."""
    path, start = _fresh(folder), _forked.Barrier(2, timeout=60)
    told = [_forked.Pipe(duplex=False) for _ in range(2)]
    writers = [_forked.Process(target=_write, args=(path, seconds, begin, start, tell)) for _, tell in told]
    for writer in writers:
        writer.start()
    rates = sorted(hear.recv() for hear, _ in told)
    for writer in writers:
        writer.join()
    return Pair(*rates)


@contextmanager
def lottery(db):
    """`begin immediate` and no turnstile: whoever's nap ends first goes first."""
    db.conn.execute("begin immediate")
    yield
    db.conn.execute("commit")


_bare = lottery  # nobody to wait for, so the same thing


def _write(path: Path, seconds: float, begin: Callable | None, start, tell) -> None:
    db = store.connect(path)
    start.wait()
    tell.send(_tight(db, seconds, begin or store.writing))
    store.close(db)


def _tight(db, seconds: float, begin: Callable) -> float:
    rows, begun = 0, time.perf_counter()
    while (now := time.perf_counter()) < begun + seconds:
        with begin(db):
            db.conn.execute(ROW, TEXT)
        rows += 1
    return rows / (now - begun)


def _fresh(folder: Path) -> Path:
    path = folder / f"commits-{time.monotonic_ns()}.db"
    db = store.connect(path)
    db.execute("create table written (id integer primary key, text text) strict")
    store.close(db)
    return path
