"""What is measured in this very process: statements of a page, and the parts of a search."""

import statistics
import time
from dataclasses import dataclass
from unittest import mock

from diary.journal import terms, timeline
from diary.people import access
from tests.bench.homes import NOWHERE, Home, opened
from tests.bench.requests import tasks, typed

TIMES = 5


@dataclass(frozen=True)
class Search:
    """Milliseconds of one search for a word that is nowhere."""

    read: int  # entries this parent may see
    whole: float
    fetching: float
    opening: float


def statements(home: Home) -> dict[str, int]:
    """How many statements each task asks of SQLite, transactions included, once all is warm."""
    with opened(home) as (app, db, _):
        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], home.cookie)
        return {task.name: [_count(client, db, home, task) for _ in range(2)][-1] for task in tasks(home)}


def _count(client, db, home: Home, task) -> int:
    said = []
    db.conn.set_trace_callback(said.append)
    if not task.saves:
        answer = client.get(task.path)
    elif task.path == "/sync":
        answer = client.post("/sync", json={"changes": [typed(home)]}, headers={"X-CSRFToken": home.csrf})
    else:
        answer = client.post(task.path, data={**typed(home), "csrf_token": home.csrf})
    db.conn.set_trace_callback(None)
    assert answer.status_code == task.status, answer.text
    return len(said)


def search(home: Home) -> Search:
    labels = terms.SITUATION | terms.AREAS | terms.KINDS
    with opened(home) as (_, db, viewer):
        return _middle([_searched(db, viewer, labels) for _ in range(TIMES + 1)][1:])


def _searched(db, viewer, labels: dict) -> Search:
    """One search, with a stopwatch on what it fetches; then the same texts opened once more, and nothing else."""
    rows, fetching, scan = [], 0.0, access.scan

    def timed(*args, **named):
        nonlocal fetching
        begun = time.perf_counter()
        rows.extend(found := scan(*args, **named))
        fetching += time.perf_counter() - begun
        return found

    begun = time.perf_counter()
    with mock.patch.object(access, "scan", timed):
        timeline.search(db, viewer, NOWHERE, labels, timeline.Filters())
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    for uid, version, words, *_ in rows:
        viewer.seal.open_bytes(words, uid, version, "words")
    opening = time.perf_counter() - begun
    return Search(len(rows), 1000 * whole, 1000 * fetching, 1000 * opening)


def _middle(found: list[Search]) -> Search:
    return Search(*(statistics.median(column) for column in zip(*(vars(one).values() for one in found), strict=True)))
