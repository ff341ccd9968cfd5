"""The schema comes up to date once, whole, whoever starts first, and never without a copy of what was."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from diary import create_app, migrations, store
from diary.config import Settings

ROOT = Path(__file__).resolve().parent.parent

AT_ONCE = """
import os, sys
from pathlib import Path
from diary import migrations, store
for path in map(Path, sys.argv[1:]):
    gate, open_gate = os.pipe()
    for number in range(4):
        if os.fork() == 0:
            os.close(open_gate)
            os.read(gate, 1)
            migrations.migrate(store.here(path), path)
            os._exit(0)
    os.close(open_gate)
    os.close(gate)
    for number in range(4):
        assert os.wait()[1] == 0
"""


def at_once(*paths: Path) -> None:
    subprocess.run([sys.executable, "-c", AT_ONCE, *map(str, paths)], cwd=ROOT, check=True)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "diary.db"


@pytest.fixture
def opens():
    """Opens databases, and closes them."""
    opened = []

    def open_one(path: Path) -> Database:
        opened.append(store.connect(path))
        return opened[-1]

    yield open_one
    for db in opened:
        store.close(db)


@pytest.fixture
def grown(monkeypatch):
    """Adds one more step, as the next version of the diary will."""
    more = copy.deepcopy(migrations.steps)
    monkeypatch.setattr(migrations, "steps", more)
    return more


def schema(db: Database) -> list[dict]:
    return store.rows(db, "select type, name, sql from sqlite_master order by name")


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("before-*.db"))


def test_four_processes_at_once_make_one_schema(tmp_path, opens, path):
    alone = opens(path)
    migrations.migrate(alone, path)
    paths = [tmp_path / f"{number}.db" for number in range(5)]
    at_once(*paths)
    for db in map(opens, paths):
        assert schema(db) == schema(alone)
        assert [step.name for step in migrations.steps.applied(db)] == [s.name for s in migrations.steps._migrations]
        assert store.row(db, "pragma integrity_check") == {"integrity_check": "ok"}


def test_an_empty_database_leaves_no_copies(path, opens):
    at_once(path)
    assert copies(path) == []


def test_migrating_twice_is_harmless(path, opens):
    db = opens(path)
    migrations.migrate(db, path)
    before = schema(db), migrations.steps.applied(db)
    migrations.migrate(db, path)
    assert (schema(db), migrations.steps.applied(db), copies(path)) == (*before, [])


def test_what_a_family_wrote_is_copied_before_it_is_touched(app, db, marit, grown):
    marit.writes(note="appelboom")
    path = app.config["SETTINGS"].database
    sealed = store.rows(db, "select body, words from entry_rows")

    @grown()
    def forgets(db):
        db.execute("delete from entry_rows")

    migrations.migrate(db, path)
    assert store.rows(db, "select 1 from entry_rows") == []
    [kept] = copies(path)
    old = store.look(kept)
    assert store.rows(old, "select body, words from entry_rows") == sealed
    assert store.row(old, "pragma integrity_check") == {"integrity_check": "ok"}
    old.close()


def test_a_copy_is_made_once_per_step_not_per_start(app, db, grown):
    path = app.config["SETTINGS"].database
    grown(name="more")(lambda db: db.execute("create table more (n integer) strict"))
    for _ in range(3):
        migrations.migrate(db, path)
    assert len(copies(path)) == 1
    assert "more" in db.table_names()


def test_a_step_that_fails_leaves_everything_as_it_was(app, db, marit, grown):
    before, path = schema(db), app.config["SETTINGS"].database
    grown(name="first")(lambda db: db.executescript("create table first (n integer); insert into first values (1);"))
    grown(name="second")(lambda db: db.execute("insert into nowhere values (1)"))
    with pytest.raises(store.OperationalError):
        migrations.migrate(db, path)
    assert schema(db) == before
    assert [step.name for step in grown.pending(db)] == ["first", "second"]
    assert marit.get("/today").status_code == 200


def test_steps_run_in_the_order_in_which_they_were_added(path, opens, grown):
    ran = []
    for name in ("one", "two", "three"):
        grown(name=name)(lambda db, name=name: ran.append(name))
    migrations.migrate(opens(path), path)
    assert ran == ["one", "two", "three"]


def test_a_second_start_finds_the_diary_as_it_was(app, db, marit):
    uid = marit.writes(note="appelboom")
    settings = app.config["SETTINGS"]
    again = create_app(Settings(home=settings.home))
    again_client = again.test_client()
    with marit.client.session_transaction() as mine, again_client.session_transaction() as theirs:
        theirs["_user_id"] = mine["_user_id"]
    assert "appelboom" in again_client.get(f"/entries/{uid}").text
    assert copies(settings.database) == []
