"""What is asked of a diary, byte for byte as a phone would."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.homes import NOWHERE, OFTEN, Home

COMMON = "Host: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: nl,en;q=0.5\r\n"
VANDAAG, DAY, TIMELINE, SITUATION, BACK = "Vandaag", "a day", "timeline", "one situation", "far back"
SEARCH_NOWHERE, SEARCH_OFTEN = "search: nowhere", "search: often"
FORM, SYNC = "save: form", "save: sync"


@dataclass(frozen=True)
class Task:
    name: str
    make: Callable[[], bytes]
    status: int = 200
    saves: bool = False
    path: str = ""


def tasks(home: Home) -> list[Task]:
    paths = {
        VANDAAG: "/today",
        DAY: f"/days/{home.day}",
        TIMELINE: "/timeline",
        SITUATION: "/timeline?situation=refusing",
        BACK: f"/timeline?before={home.cursor}",
        SEARCH_NOWHERE: f"/timeline?q={NOWHERE}",
        SEARCH_OFTEN: f"/timeline?q={OFTEN}",
    }
    reading = [_reading(name, path, f"Cookie: nabij={home.cookie}\r\n") for name, path in paths.items()]
    form = Task(FORM, lambda: _form(home), 302, saves=True, path="/entries")
    return [*reading, form, Task(SYNC, lambda: _sync(home), saves=True, path="/sync")]


def typed(home: Home) -> dict[str, str]:
    """A new entry: about a hundred and fifty letters, ids that were never used, and on a day that no other task
    shows, or the pages would grow while they are measured."""
    return {
        "uid": str(uuid.uuid4()),
        "change_id": str(uuid.uuid4()),
        "kind": "incident",
        "area": "routine",
        "situation": "waking",
        "shared": "family",
        "happened_at": "2000-06-01T12:00",
        "child": home.child,
        "note": "Ze wilde niet opstaan en trok het dekbed over haar hoofd. Ik ging op de rand zitten en wachtte. "
        f"Na tien minuten kwam er een hand, daarna de {OFTEN}.",
    }


def _reading(name: str, path: str, cookie: str = "") -> Task:
    wanted = f"GET {path} HTTP/1.1\r\n{COMMON}{cookie}\r\n".encode()
    return Task(name, lambda: wanted, path=path)


HELLO = _reading("hello", "/")


def _form(home: Home) -> bytes:
    fields = {**typed(home), "csrf_token": home.csrf}
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in fields.items())
    return _post(home, "/entries", "Content-Type: application/x-www-form-urlencoded\r\n", body)


def _sync(home: Home) -> bytes:
    head = f"Content-Type: application/json\r\nX-CSRFToken: {home.csrf}\r\n"
    return _post(home, "/sync", head, json.dumps({"changes": [typed(home)]}))


def _post(home: Home, path: str, head: str, body: str) -> bytes:
    own = f"Cookie: nabij={home.cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"POST {path} HTTP/1.1\r\n{COMMON}{head}{own}{body}".encode()
