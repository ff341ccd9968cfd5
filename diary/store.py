"""The one door to SQLite: connections, reading, and one fair queue for everything that writes."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

IntegrityError = sqlite3.IntegrityError
OperationalError = sqlite3.OperationalError
DatabaseError = sqlite3.DatabaseError

PATIENCE = 10  # seconds

_here = threading.local()


class Turnstile:
    """Lets one writer through at a time, over all threads and processes, and nobody twice in a row.

    SQLite's own waiting is a lottery: of two writers in a tight loop one got 25,388 rows in and the other 1.
    Here the next in line holds the first door while it waits for the second, so whoever has just written
    finds the first door shut and queues up behind.

    It also keeps writes and checkpoints apart. SQLite before 3.51.3 (3.50.7, 3.44.6) can corrupt a WAL file
    when a checkpoint races with a write. Ours run inside a commit or a close, and both happen behind this door.
    """

    def __init__(self, path: Path):
        self.doors = [os.open(f"{path}.{door}", os.O_CREAT | os.O_RDWR, 0o600) for door in ("next", "write")]

    def __enter__(self):
        waiting, writing = self.doors
        fcntl.flock(waiting, fcntl.LOCK_EX)
        try:
            fcntl.flock(writing, fcntl.LOCK_EX)
        finally:  # who gives up waiting does not stand in the first door for ever
            fcntl.flock(waiting, fcntl.LOCK_UN)

    def __exit__(self, *_):
        fcntl.flock(self.doors[1], fcntl.LOCK_UN)

    def close(self):
        for door in self.doors:
            os.close(door)


def connect(path: Path) -> Database:
    conn = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE, cached_statements=256)
    db = Database(conn, execute_plugins=False)
    db.turnstile = Turnstile(path)
    # Another process may be switching to WAL this very moment; the switch is a write like any other.
    with db.turnstile:
        conn.execute("pragma journal_mode = wal")
    for setting in (
        "synchronous = full",
        "foreign_keys = on",
        "secure_delete = on",
        "trusted_schema = off",
        "mmap_size = 0",
        "cache_size = -500",  # a small one each: what the system keeps of the file is there for all
    ):
        conn.execute(f"pragma {setting}")
    return db


def look(path: Path) -> Database:
    """Opens a file that is not ours to change."""
    return Database(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True), execute_plugins=False)


def aside() -> Database:
    """A database of nobody else, gone when it is closed."""
    return Database(sqlite3.connect("", isolation_level=None), execute_plugins=False)


def here(path: Path) -> Database:
    """This thread's own connection, opened at its first use. A forked process opens its own."""
    mine = getattr(_here, "open", None)
    if mine is None or mine[:2] != (os.getpid(), path):
        mine = _here.open = (os.getpid(), path, connect(path))
    return mine[2]


def leave() -> None:
    """Closes this thread's own connection."""
    if mine := getattr(_here, "open", None):
        del _here.open
        close(mine[2])


# SQLite's locks do not survive a fork. A child that inherits an open connection writes without any, and of 399
# rows it had confirmed 371 were gone once its parent closed.
os.register_at_fork(before=leave)


def close(db: Database) -> None:
    with db.turnstile:  # the last to close checkpoints
        db.close()
    db.turnstile.close()


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """What belongs together is on disk together when this ends, or not at all. Never wait for a network inside.

    `begin immediate`, because a deferred transaction that reads before it writes fails at once when another
    has written in between.
    """
    if db.conn.in_transaction:
        yield db
        return
    with db.turnstile:
        db.conn.execute("begin immediate")
        try:
            yield db
            db.conn.execute("commit")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("rollback")
            raise


@contextmanager
def still(db: Database) -> Iterator[None]:
    """What is read inside is of one moment, and keeps nobody from writing meanwhile. Nothing is written inside."""
    db.conn.execute("pragma query_only = on")
    db.conn.execute("begin")
    try:
        yield
    finally:
        db.conn.execute("pragma query_only = off")
        if db.conn.in_transaction:
            db.conn.execute("rollback")


def copy(db: Database, path: Path) -> None:
    """A whole and consistent copy, while others go on reading and writing."""
    db.execute("vacuum into ?", [str(path)])


def learn(db: Database) -> None:
    """Lets SQLite count again where its tables have grown, so that it picks the narrowest index."""
    with db.turnstile:
        db.execute("pragma optimize").fetchall()


def settle(db: Database) -> None:
    """Brings the write-ahead log home and empties it: what was deleted from the database still stood in there.

    A reader is waited for only a moment, since writers wait meanwhile. The next time will do.
    """
    with db.turnstile:
        db.execute("pragma busy_timeout = 200")
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
        db.execute(f"pragma busy_timeout = {PATIENCE * 1000}")


def rows(db: Database, sql: str, **named) -> list[dict]:
    cursor = db.execute(sql, named)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def row(db: Database, sql: str, **named) -> dict | None:
    return next(iter(rows(db, sql, **named)), None)


def change(db: Database, sql: str, **named) -> int:
    """Runs one statement that writes, and says how many rows it touched."""
    with writing(db):
        return db.execute(sql, named).rowcount


def insert(db: Database, table: str, row: dict) -> None:
    """One row. The table API asks the database ten things about itself first, at every insert."""
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    change(db, f"insert into {table} ({names}) values ({values})", **row)


def beat(db: Database, name: str, at: str) -> None:
    """Writes down that this was alive then."""
    change(
        db,
        "insert into pulse (name, at) values (:name, :at) on conflict (name) do update set at = excluded.at",
        name=name,
        at=at,
    )
