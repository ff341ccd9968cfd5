"""A line that breaks after so many bytes, on the way out or on the way back, and a phone that sends until it hears.

Where it breaks is drawn anew each time; `tests/journal/test_torn.py` breaks it forty times, `make bench` two hundred.
"""

import http.client
import json
import random
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import houses
from tests.persons import PASSWORD, Person

AT_ONCE = 3  # changes in one sending


class Line:
    """Stands between a phone and the server; whole, until it is told where to break."""

    def __init__(self, port: int):
        self.there = ("127.0.0.1", port)
        self.breaks: tuple[str, int] | None = None  # which way, and after how many bytes
        self.passed = {"out": 0, "back": 0}
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.serving = threading.Thread(target=self._serve)
        self.serving.start()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self.door.accept()
            except OSError:  # closed
                return
            with here, socket.create_connection(self.there) as there:
                self.passed = {"out": 0, "back": 0}
                back = threading.Thread(target=self._carry, args=("back", there, here))
                back.start()
                self._carry("out", here, there)
                back.join()

    def _carry(self, way: str, source: socket.socket, target: socket.socket) -> None:
        try:
            while some := source.recv(4096):
                whole = len(some)
                if self.breaks and self.breaks[0] == way:
                    some = some[: max(0, self.breaks[1] - self.passed[way])]
                target.sendall(some)
                self.passed[way] += len(some)
                if len(some) < whole:
                    break
        except OSError:
            pass
        for end in (source, target):
            with suppress(OSError):  # it had gone already
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line(port: int) -> Iterator[Line]:
    made = Line(port)
    yield made
    made.door.shutdown(socket.SHUT_RDWR)
    made.serving.join()
    made.door.close()


def run(home: Path, breaks: int, seed: int = 0) -> dict[str, int]:
    """Breaks the line so often; counts how often that was before all had passed, and what went wrong by it."""
    drawn = random.Random(seed)
    with houses.serving(houses.build(home)) as house, line(int(house.address.rpartition(":")[2])) as between:
        marit = Person(house.app.test_client(), "marit@example.org", "Marit")
        marit.post("/register", {"name": "Marit", "email": marit.email, "password": PASSWORD})
        marit.post("/welcome", {"name": "Sem"})
        headers = _signed_in(marit)
        written, torn, partly = [], 0, 0
        for _ in range(breaks):
            changes = [_change() for _ in range(AT_ONCE)]
            written += [change["uid"] for change in changes]
            body = json.dumps({"changes": changes})
            way = drawn.choice(["out", "back"])
            between.breaks = way, drawn.randrange(len(body) + 400 if way == "out" else 700)
            told = _send(between.port, body, headers)
            torn += told is None
            kept = {row["uid"] for row in house.entries("Marit")}
            partly += len({change["uid"] in kept for change in changes}) > 1
            between.breaks = None
            told = told or _send(between.port, body, headers)
            assert [one["uid"] for one in told["saved"]] == [change["uid"] for change in changes], told
        kept = [row["uid"] for row in house.entries("Marit")]
    return {
        "torn": torn,
        "partly": partly,
        "lost": len(set(written) - set(kept)),
        "doubled": len(kept) - len(set(written)),
    }


def _change() -> dict:
    uid = str(uuid.uuid4())
    entry = {"uid": uid, "kind": "incident", "area": "routine", "note": f"appelboom {uid}"}
    return entry | {"change_id": str(uuid.uuid4()), "written_at": "2026-01-01T12:00:00Z"}


def _signed_in(person: Person) -> dict[str, str]:
    token = person.get("/me").json["csrf"]
    cookie = f"nabij={person.client.get_cookie('nabij').value}"
    return {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}


def _send(port: int, body: str, headers: dict[str, str]) -> dict | None:
    """What the server told, if all of it came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/sync", body, headers)
        with connection.getresponse() as answer:
            told = json.loads(answer.read())
            assert answer.status == 200, told
            return told
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
