"""A log whose end was cut off is whole in itself; only what was kept elsewhere tells."""

from datetime import timedelta

import pytest

from diary.people import looks
from diary.upkeep import heads


@pytest.fixture
def home(app):
    return app.config["SETTINGS"].home


@pytest.fixture
def log(db, marit, viewer, now):
    def write(lines: int) -> None:
        with looks.reading(db):
            for _ in range(lines):
                looks.write(db, viewer(marit), "log", [], now())

    return write


def test_each_hour_with_something_new_leaves_a_line(db, home, log, now):
    heads.keep(db, home, now())
    for lines in (2, 1, 0, 3):
        log(lines)
        for _ in range(3):
            heads.keep(db, home, now())
        now.pass_by(hours=1)
    kept = (home / heads.NAME).read_text().splitlines()
    assert [line.split()[1] for line in kept] == ["2", "3", "6"]
    assert heads.faults(db, home) == []


def test_two_hundred_cut_off_ends_are_all_seen(app, db, home, log, now):
    log(201)
    heads.keep(db, home, now())
    db.execute("drop trigger looks_stay")
    db.execute("drop trigger look_objects_stay")
    for left in range(200, 0, -1):
        db.execute("delete from looks where seq > ?", [left])
        assert looks.faults(db, app.config["VAULT"]) == []
        assert len(heads.faults(db, home)) == 1


def test_what_retention_cleared_is_no_fault(app, db, home, log, now):
    log(5)
    heads.keep(db, home, now())
    looks.clear(db, app.config["VAULT"], now() + looks.KEPT + timedelta(days=1))
    assert heads.faults(db, home) == []


def test_a_copy_that_is_put_back_begins_a_new_file(app, db, home, log, now, tmp_path):
    log(5)
    runner = app.test_cli_runner()
    runner.invoke(args=["backup", str(tmp_path / "copy.db")])
    log(5)
    heads.keep(db, home, now())
    runner.invoke(args=["restore", str(tmp_path / "copy.db")])
    assert heads.faults(db, home) == []
    assert len(list(home.glob("access-log-heads-until-*.txt"))) == 1


def test_the_check_of_everything_reads_it(app, db, home, log, now):
    log(5)
    heads.keep(db, home, now())
    runner = app.test_cli_runner()
    assert "All is well." in runner.invoke(args=["check"]).output
    db.execute("drop trigger looks_stay")
    db.execute("delete from looks where seq > 3")
    told = runner.invoke(args=["check"])
    assert told.exit_code == 1
    assert "is not in it any more" in told.output
