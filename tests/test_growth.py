"""What a page asks of SQLite does not grow with the diary: counted in steps of its machine, so that the same
answer comes out on any computer. A search is not here: it reads on until its page is full."""

import re

from diary import store
from tests.bench import homes

LONG, SHORT = 4_000, 1_000  # more than a year, and the last three months of it: no page looks further back
MOST = 1.2
FILTERS = ("child={child}", "kind=contact", "area=limit", "situation=refusing", "author={author}", "discuss=1")


def test_no_page_takes_more_steps_in_a_diary_four_times_as_long(app):
    home, client = homes.fill(app, LONG), app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], home.cookie)
    db = store.here(app.config["SETTINGS"].database)
    few = "update entry_rows set discuss_at = iif(id > :most, saved_at, null)"  # what is rare is found at once, too
    store.change(db, few, most=LONG - 5)
    long = {page: _steps(client, db, page) for page in _pages(app, client, db)}
    store.change(db, "delete from entry_rows where id <= :most", most=LONG - SHORT)
    short = {page: _steps(client, db, page) for page in long}
    assert {page: (n, short[page]) for page, n in long.items() if n > MOST * short[page]} == {}
    assert sum(n > 250 for n in short.values()) > 30


def _pages(app, client, db) -> list[str]:
    """All that have no number in their address, the timeline by each filter, a day, and an entry of each parent."""
    plain = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    chosen = {name: _offered(client, name) for name in ("child", "author")}
    last = [store.row(db, "select * from entry_rows where author = :one order by id desc", one=one) for one in (1, 2)]
    entries = [f"/entries/{entry['uid']}" for entry in last]
    filters = [f"/timeline?{one}".format(**chosen) for one in FILTERS]
    return [*plain, *filters, *entries, f"/days/{last[0]['day']}"]


def _offered(client, name: str) -> str:
    return re.search(rf'(?s)<select id="{name}".+?value="([0-9a-f-]{{36}})"', client.get("/timeline").text).group(1)


def _steps(client, db, page: str) -> int:
    """Of the second time it is asked for: the first one also learns."""
    client.get(page)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    db.conn.set_progress_handler(step, 1)
    answer = client.get(page)
    db.conn.set_progress_handler(None, 1)
    assert answer.status_code != 500
    return steps
