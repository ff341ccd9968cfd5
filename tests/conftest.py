"""A real application on a real SQLite file, a fixed clock, and people to sign in with."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from diary import clock, create_app, store
from diary.config import Settings

PASSWORD = "vier losse woorden hier"
EVENING = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)  # 19:40 in Amsterdam, a Friday


class Clock:
    def __init__(self, at: datetime):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time) -> None:
        self.at += timedelta(**time)


@dataclass
class Person:
    """Someone with a browser."""

    client: FlaskClient
    email: str
    name: str

    def token(self, page: str = "/") -> str:
        return re.search(r'name="csrf-token" content="([^"]+)"', self.client.get(page).text).group(1)

    def post(self, path: str, fields: dict | None = None, **more):
        return self.client.post(path, data={"csrf_token": self.token(), **(fields or {})}, **more)

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def sync(self, *changes: dict):
        return self.client.post("/sync", json={"changes": changes}, headers={"X-CSRFToken": self.token()})

    def writes(self, **fields) -> str:
        """Saves an entry and gives its uid."""
        answer = self.post("/entries", {"kind": "incident", "area": "routine", **fields})
        assert answer.status_code == 302, answer.text
        return answer.location.partition("#")[2]

    def child(self) -> str:
        return re.search(r"/family/children/([0-9a-f-]{36})", self.get("/family").text).group(1)


@pytest.fixture
def now(monkeypatch) -> Clock:
    stopped = Clock(EVENING)
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


@pytest.fixture
def app(tmp_path, now) -> Flask:
    made = create_app(Settings(home=tmp_path / "home"))
    yield made
    store.leave()


@pytest.fixture
def db(app):
    return store.here(app.config["SETTINGS"].database)


@pytest.fixture
def stranger(app) -> Person:
    return Person(app.test_client(), "nobody@example.org", "")


@pytest.fixture
def newcomer(app):
    """Makes people with an account and no family."""

    def make(name: str) -> Person:
        person = Person(app.test_client(), f"{name.lower()}@example.org", name)
        answer = person.post("/register", {"name": name, "email": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return person

    return make


@pytest.fixture
def parent(newcomer):
    """Makes parents, each with a family and one child."""

    def make(name: str, child: str = "Sem") -> Person:
        person = newcomer(name)
        person.post("/welcome", {"name": child, "born": "2017-05", "age": "4"})
        return person

    return make


@pytest.fixture
def marit(parent) -> Person:
    return parent("Marit")


@pytest.fixture
def joins(newcomer):
    """Lets a newcomer into someone's family, all the way or only as far as the open door."""

    def join(host: Person, name: str, confirmed: bool = True) -> Person:
        link = re.search(r"(/join/[\w-]+)", host.post("/family/invitations").text).group(1)
        guest = newcomer(name)
        guest.post(link)
        if confirmed:
            number = re.search(r"/family/members/(\d+)/confirm", host.get("/today").text).group(1)
            host.post(f"/family/members/{number}/confirm")
        return guest

    return join
