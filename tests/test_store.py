"""The one door to SQLite: whole or not at all, everybody's turn, and what was promised survives a kill."""

import fcntl
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from diary import store

ROOT = Path(__file__).resolve().parent.parent
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
    "mmap_size": 0,
}


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "diary.db"


@pytest.fixture
def opens(path):
    """Opens connections, and closes them."""
    opened = []

    def open_one():
        opened.append(store.connect(path))
        return opened[-1]

    yield open_one
    for db in opened:
        store.close(db)


@pytest.fixture
def db(opens):
    db = opens()
    db.executescript("""
        create table notes (id integer primary key, writer text, n integer) strict;
        create table counter (n integer not null) strict;
        insert into counter values (0);
    """)
    return db


def count(db) -> int:
    return store.row(db, "select count(*) as n from notes")["n"]


def run(script: str, *arguments, stdout=subprocess.PIPE) -> subprocess.Popen:
    """Another process, which has the store at hand."""
    begin = "import os, random, signal, sys, time; from pathlib import Path; from diary import store"
    return subprocess.Popen(
        [sys.executable, "-c", f"{begin}\n{script}", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=stdout,
        text=True,
    )


# -- connections


@pytest.mark.parametrize("name", PRAGMAS)
def test_every_connection_is_set_up_the_same(opens, path, name):
    found = []

    def elsewhere():
        found.append(store.row(store.here(path), f"pragma {name}")[name])
        store.leave()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    found += [store.row(opens(), f"pragma {name}")[name] for _ in range(2)]
    assert found == [PRAGMAS[name]] * 3


def test_a_connection_waits_for_its_turn_rather_than_failing(opens):
    assert store.row(opens(), "pragma busy_timeout")["timeout"] >= 5000


def test_a_thread_keeps_its_own_connection_until_it_leaves(path):
    mine, others = store.here(path), []
    thread = threading.Thread(target=lambda: (others.append(store.here(path)), store.leave()))
    thread.start()
    thread.join()
    assert store.here(path) is mine
    assert others[0] is not mine
    store.leave()
    assert store.here(path) is not mine
    store.leave()


def test_leaving_twice_is_harmless(path):
    store.here(path)
    store.leave()
    store.leave()


def test_the_database_is_for_its_owner_alone(db, path):
    doors = [path.with_name(f"{path.name}.{door}") for door in ("next", "write")]
    assert [door.stat().st_mode & 0o077 for door in doors] == [0, 0]


# -- whole or not at all


def test_what_belongs_together_is_kept_together(db, opens):
    other = opens()
    with store.writing(db):
        db["notes"].insert({"n": 1})
        db["notes"].insert({"n": 2})
        assert count(other) == 0
    assert count(other) == 2


def halfway(db, error: type[BaseException]) -> None:
    with store.writing(db):
        db["notes"].insert({"n": 1})
        raise error


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_what_stops_halfway_was_never_there(db, error):
    with pytest.raises(error):
        halfway(db, error)
    assert count(db) == 0
    assert not db.conn.in_transaction


def test_a_row_that_cannot_be_kept_takes_the_others_with_it(db):
    with pytest.raises(store.IntegrityError), store.writing(db):
        db["notes"].insert_all([{"id": 1}, {"id": 2}, {"id": 1}])
    assert count(db) == 0


def test_writing_inside_writing_is_one_piece(db, opens):
    other = opens()
    with store.writing(db):
        with store.writing(db):
            db["notes"].insert({"n": 1})
        store.change(db, "insert into notes (n) values (2)")
        assert count(other) == 0
    assert count(other) == 2


def test_what_fails_inside_fails_as_a_whole(db):
    with pytest.raises(ZeroDivisionError), store.writing(db):
        halfway(db, ZeroDivisionError)
    assert count(db) == 0


def test_after_a_failure_the_next_writer_is_let_through(db, opens):
    with pytest.raises(ZeroDivisionError):
        halfway(db, ZeroDivisionError)
    store.change(opens(), "insert into notes (n) values (1)")
    assert count(db) == 1


def test_a_change_says_how_many_rows_it_touched(db):
    db["notes"].insert_all({"n": n} for n in range(3))
    assert store.change(db, "update notes set n = 0 where n > :n", n=0) == 2
    assert store.change(db, "delete from notes where n = :n", n=99) == 0


def test_reading_gives_plain_rows_and_none_for_nothing(db):
    db["notes"].insert({"n": 7})
    assert store.rows(db, "select n from notes where n = :n", n=7) == [{"n": 7}]
    assert store.row(db, "select n from notes where n = :n", n=8) is None


def test_what_is_read_still_is_of_one_moment_while_others_write(db, opens):
    other = opens()
    with store.still(db):
        before = count(db)
        store.insert(other, "notes", {"writer": "other", "n": 1})
        assert (count(db), count(other)) == (before, before + 1)
    assert count(db) == before + 1


def test_nothing_is_written_in_what_is_read_still_and_afterwards_again(db):
    with pytest.raises(store.OperationalError), store.still(db):
        store.insert(db, "notes", {"writer": "me", "n": 1})
    store.insert(db, "notes", {"writer": "me", "n": 1})
    assert count(db) == 1


def test_who_does_not_know_our_door_cannot_write_in_between_either(db, path):
    outsider = store.sqlite3.connect(path, timeout=0)
    with store.writing(db):
        assert count(db) == 0
        with pytest.raises(store.OperationalError, match="locked"):
            outsider.execute("insert into notes (n) values (1)")
        db["notes"].insert({"n": 2})
    outsider.close()
    assert count(db) == 1


# -- everybody's turn


def test_who_waits_goes_before_who_has_just_been(path):
    mine, theirs = store.Turnstile(path), store.Turnstile(path)
    went = []

    def wait_and_go():
        with theirs:
            went.append("theirs")

    for _ in range(20):
        with mine:
            waiting = threading.Thread(target=wait_and_go)
            waiting.start()
            stands_in_line(path)
        with mine:
            went.append("mine")
        waiting.join()
    mine.close()
    theirs.close()
    assert went == ["theirs", "mine"] * 20


def stands_in_line(path: Path) -> None:
    """Returns when somebody holds the first door."""
    patience = time.monotonic() + 5
    with open(f"{path}.next") as door:
        while time.monotonic() < patience:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(door, fcntl.LOCK_UN)
            time.sleep(0.001)
    raise TimeoutError


def test_who_gives_up_waiting_does_not_stand_in_the_door(path):
    inside, impatient, next_one = (store.Turnstile(path) for _ in range(3))

    def ring(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with inside:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(TimeoutError):
                impatient.__enter__()
        signal.setitimer(signal.ITIMER_REAL, 1)
        with next_one:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
        for door in (inside, impatient, next_one):
            door.close()


def test_two_threads_in_a_tight_loop_both_get_in(db, path):
    written, stop = [0, 0], time.monotonic() + 0.6

    def write(who: int):
        while time.monotonic() < stop:
            store.change(store.here(path), "insert into notes (n) values (:n)", n=who)
            written[who] += 1
        store.leave()

    threads = [threading.Thread(target=write, args=[who]) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == count(db)
    assert min(written) * 2 > max(written)


TIGHT = """
db, written = store.connect(Path(sys.argv[1])), 0
print("ready", flush=True)
sys.stdin.readline()
stop = time.monotonic() + 0.8
while time.monotonic() < stop:
    store.change(db, "insert into notes (writer) values (:w)", w=str(os.getpid()))
    written += 1
print(written)
"""


def test_two_processes_in_a_tight_loop_both_get_in(db, path):
    written = together(TIGHT, path, processes=2)
    assert sum(written) == count(db)
    assert min(written) * 2 > max(written)


COUNTING = """
db = store.connect(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for _ in range(25):
    with store.writing(db):
        n = store.row(db, "select n from counter")["n"]
        time.sleep(0.0002)
        db.execute("update counter set n = :n", {"n": n + 1})
print(25)
"""


def test_four_processes_that_read_before_they_write_lose_nothing(db, path):
    assert sum(together(COUNTING, path, processes=4)) == 100
    assert store.row(db, "select n from counter")["n"] == 100


def together(script: str, path: Path, processes: int) -> list[int]:
    """Runs this script in several processes that begin at the same moment; each tells a number."""
    running = [run(script, path) for _ in range(processes)]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [int(process.communicate(timeout=30)[0]) for process in running]


# -- what was promised survives a fork

FORKED = """
path = Path(sys.argv[1])
store.here(path)
if os.fork() == 0:
    mine = store.here(path)
    for n in range(1, 101):
        store.change(mine, "insert into notes (n) values (:n)", n=n)
        time.sleep(0.001)
    os._exit(0)
time.sleep(0.05)
store.leave()
store.close(store.connect(path))
assert os.wait()[1] == 0
"""


def test_a_process_that_forks_takes_nothing_from_its_child_when_it_goes(path):
    """SQLite's locks do not survive a fork: a child that inherits a connection writes without any."""
    db = store.connect(path)
    db.execute("create table notes (n integer) strict")
    store.close(db)
    with run(FORKED, path) as forked:
        assert forked.wait(timeout=30) == 0
    db = store.connect(path)
    assert count(db) == 100
    store.close(db)


# -- what was promised survives a kill

# Twenty writers, one after another. Every second one kills itself between two rows that belong together; the
# others are killed by the clock, wherever they are.
KILLED = """
path = Path(sys.argv[1])

def write(name, dies_at):
    db, n = store.connect(path), 0
    while True:
        n += 1
        with store.writing(db):
            db["notes"].insert({"writer": name, "n": n})
            if n == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            db["notes"].insert({"writer": name, "n": -n})
        os.write(1, f"{name} {n}\\n".encode())

for number in range(20):
    child = os.fork()
    if child == 0:
        write(f"w{number}", random.randint(1, 20) if number % 2 else 0)
    time.sleep(random.uniform(0.03, 0.06))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


def test_twenty_kills_lose_nothing_that_was_promised_and_stop_nobody(db, path, tmp_path):
    waits = []
    with (tmp_path / "promised").open("w") as promises, run(KILLED, path, stdout=promises) as killed:
        while killed.poll() is None:
            began = time.monotonic()
            store.change(db, "insert into notes (writer, n) values ('other', 0)")
            waits.append(time.monotonic() - began)
    promised = {tuple(line.split()) for line in (tmp_path / "promised").read_text().splitlines()}
    kept = {(row["writer"], str(row["n"])) for row in store.rows(db, "select writer, n from notes where n > 0")}

    assert killed.returncode == 0
    assert len({writer for writer, _ in promised}) > 10
    assert promised - kept == set()
    assert len(kept - promised) <= 20  # on disk, and killed before it could say so
    assert store.rows(db, "select 1 from notes group by writer having sum(n) <> 0") == []
    assert len(waits) == store.row(db, "select count(*) as n from notes where writer = 'other'")["n"]
    assert max(waits) < 2
    assert store.row(db, "pragma integrity_check") == {"integrity_check": "ok"}
