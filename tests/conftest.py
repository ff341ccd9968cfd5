"""A real application on a real SQLite file, a fixed clock, and people to sign in with."""

import gc
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from diary import clock, mail, store
from diary.config import Settings
from diary.people import accounts, families, practices, sessions
from tests import houses
from tests.persons import PASSWORD, Person

EVENING = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)  # 19:40 in Amsterdam, a Friday
MEMORY, GIGABYTE = Path("/dev/shm"), 1024**3


def pytest_configure(config):
    """The first process makes room for all: for what houses share, and in memory for homes, if there is enough."""
    if not hasattr(config, "workerinput"):
        os.environ["WORKSHOP"] = tempfile.mkdtemp()
        if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > GIGABYTE:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop("WORKSHOP"))


def pytest_collection_finish():
    """What was read to find the tests stays: no need to look through it for litter again and again."""
    gc.collect()
    gc.freeze()


class Clock:
    def __init__(self, at: datetime):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def now(monkeypatch) -> Clock:
    stopped = Clock(EVENING)
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Flask:
    """One house for all tests of a process, with a diary in which nothing stands yet."""
    app = houses.build(tmp_path_factory.mktemp("built"))
    store.leave()
    return app


@contextmanager
def moved(built: Flask, new: Path, old: Path | None = None) -> Iterator[Flask]:
    """The house on a home of its own, a copy of another: building it anew costs more than most tests."""
    kept = dict(built.config)
    home = shutil.copytree(old or built.config["SETTINGS"].home, new / "home", symlinks=True)
    built.config["SETTINGS"] = Settings(home=home)
    yield built
    for thread in threading.enumerate():
        if thread.name in ("mail", "try out"):  # still on its way out of this home
            thread.join(15)
    built.config.clear()
    built.config.update(kept)
    store.leave()


@pytest.fixture(scope="session")
def settled(built, tmp_path_factory) -> tuple[Path, Person]:
    """A home in which Marit signed up this evening, and she: most tests begin there."""
    with pytest.MonkeyPatch.context() as patch, moved(built, tmp_path_factory.mktemp("settled")) as app:
        patch.setattr(clock, "now", lambda: EVENING)
        person = Person(app.test_client(), "marit@example.org", "Marit").signs_up().begins()
        person.token()
        return app.config["SETTINGS"].home, person


@pytest.fixture
def app(tmp_path, now, built, request) -> Iterator[Flask]:
    old = request.getfixturevalue("settled")[0] if "marit" in request.fixturenames else None
    with moved(built, tmp_path, old) as app:
        yield app


@pytest.fixture(scope="session", autouse=True)
def light_hashing():
    """Argon2 is slow on purpose; one test sees that it is, and no other waits for it. Gives the real one."""
    served, light = accounts._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._hasher, accounts._nobody = light, light.hash("nobody has this password")
    return served


@pytest.fixture
def db(app):
    return store.here(app.config["SETTINGS"].database)


def contents(db, *but: str) -> dict[str, list[tuple]]:
    """Every row of every table, to see what changed."""
    return {name: db.execute(f"select * from {name}").fetchall() for name in db.table_names() if name not in but}


@pytest.fixture
def on_disk(app):
    """Gives every byte of the database as it lies on the disk."""
    return lambda: b"".join(path.read_bytes() for path in app.config["SETTINGS"].home.glob("diary.db*"))


@pytest.fixture
def letters(app, db, now, monkeypatch):
    """Gives the letters that went out so far, oldest first. No thread: they go when asked for."""
    monkeypatch.setattr(mail, "soon", lambda settings, vault: None)
    settings = app.config["SETTINGS"]

    def read() -> list:
        mail.deliver(db, settings, app.config["VAULT"], now())
        paths = sorted((settings.home / "outbox").glob("*.eml"), key=lambda path: int(path.stem))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]

    return read


@pytest.fixture
def viewer(app, db, now):
    """Gives someone who is signed in as the nouns see them."""

    def see(person: Person) -> sessions.Viewer:
        with person.client.session_transaction() as kept:
            return sessions.viewer(db, app.config["VAULT"], kept["_user_id"], now())

    return see


@pytest.fixture
def new_phone(app):
    """Gives someone another browser, in which nobody was signed in yet."""
    return lambda person: replace(person, client=app.test_client())


@pytest.fixture
def stranger(app) -> Person:
    return Person(app.test_client(), "nobody@example.org", "")


@pytest.fixture
def newcomer(app):
    """Makes people with an account and no family."""

    def make(name: str) -> Person:
        return Person(app.test_client(), f"{name.lower()}@example.org", name).signs_up()

    return make


@pytest.fixture
def parent(newcomer):
    """Makes parents, each with a family and one child."""

    def make(name: str, child: str = "Sem") -> Person:
        return newcomer(name).begins(child)

    return make


@pytest.fixture
def marit(app, settled) -> Person:
    _, known = settled
    person = Person(app.test_client(), known.email, known.name)
    for cookie in ("nabij", "device"):
        person.client.set_cookie(cookie, known.client.get_cookie(cookie).value)
    person.known = dict(known.known)
    return person


@pytest.fixture
def joins(newcomer):
    """Lets a newcomer into someone's family, all the way or only as far as the open door."""

    def join(host: Person, name: str, confirmed: bool = True) -> Person:
        link = re.search(r"(/join/[\w-]+)", host.post("/family/invitations").text).group(1)
        guest = newcomer(name)
        guest.post(link)
        if confirmed:
            host.post(re.search(r"/family/members/[\w-]+/confirm", host.get("/today").text).group())
        return guest

    return join


@pytest.fixture
def practice(db, now) -> dict:
    return practices.here(db, now())


@pytest.fixture
def works(app, db, now, practice):
    """Makes people who work at the practice, signed in with both steps."""

    def make(name: str, role: str) -> Person:
        person = Person(app.test_client(), f"{name.lower()}@praktijk.example.org", name)
        account = accounts.register(db, name, person.email, PASSWORD, "nl", now(), role, practice["id"])
        token = sessions.start(db, account, name, "", now())
        waiting = sessions.viewer(db, app.config["VAULT"], token, now())
        with person.client.session_transaction() as kept:
            kept["_user_id"] = sessions.prove(db, waiting, now())
        return person

    return make


@pytest.fixture
def counsellor(works):
    """Makes counsellors, signed in with both steps."""
    return lambda name: works(name, "counsellor")


@pytest.fixture
def admin(works) -> Person:
    return works("Petra", "admin")


@pytest.fixture
def tied(db, viewer, now):
    """Ties a counsellor to a parent's family, for all its children; gives the family's uid."""

    def tie(parent: Person, counsellor: Person) -> str:
        host, guest = viewer(parent), viewer(counsellor)
        told = {"family": host.family, "account": guest.id, "role": "counsellor", "state": "confirmed"}
        told |= {"invited_by": host.id, "confirmed_by": host.id, "confirmed_at": clock.stamp(now())}
        told |= {"from_day": clock.today(now(), host.zone).isoformat()}
        membership = db["memberships"].insert(told).last_pk
        for child in store.rows(db, "select id from children where family = :family", family=host.family):
            db["ties"].insert({"membership": membership, "child": child["id"]})
        return host.family_uid

    return tie


@pytest.fixture
def signs_in_again(app, db, now):
    """Signs a counsellor in with both steps: days have passed."""

    def sign_in(counsellor: Person) -> None:
        account = accounts.by_email(db, counsellor.email)["id"]
        token = sessions.start(db, account, counsellor.name, "Firefox", now())
        waiting = sessions.viewer(db, app.config["VAULT"], token, now())
        with counsellor.client.session_transaction() as kept:
            kept["_user_id"] = sessions.prove(db, waiting, now())

    return sign_in


@pytest.fixture
def visit(app, db, viewer, now):
    """Gives a counsellor as the nouns see them with this family open, if they may."""
    return lambda counsellor, uid: families.visit(db, app.config["VAULT"], viewer(counsellor), uid, now())


@pytest.fixture
def anneke(counsellor, marit, tied) -> Person:
    """A counsellor who reads along with Marit's family."""
    person = counsellor("Anneke")
    person.family = tied(marit, person)
    return person


@pytest.fixture
def shared(marit, anneke) -> str:
    uid = marit.writes(note="zilverstruik", situation="eating", child=marit.child())
    marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"})
    return uid
