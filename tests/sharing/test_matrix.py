"""The matrix of sharing: every viewer, every route, an entry in every state. What the pages tell: test_channels."""

import re
import uuid
from dataclasses import replace

import pytest

from diary import store
from diary.people import access
from tests import test_matrix
from tests.conftest import EVENING, contents
from tests.sharing.rows import ENTRIES, PAGES, STATES, read
from tests.test_matrix import STAFF, VIEWERS, World, _plain, person, world  # noqa: F401

LOG = {"looks", "look_objects"}  # a line is written where someone is refused, too
REFUSED = ("-", "302", "401", "403", "404")
NONE = str(uuid.UUID(int=9))
WORD = {state: f"struik{state}x" for state in STATES}
MAY_READ = {"author": {*STATES} - {"gone"}, "other": {"family", "session", "now", "back"}, "own": {"now"}}


@pytest.fixture
def shared_world(world, db) -> World:  # noqa: F811
    """Marit's entries in every state; the counsellors who are no longer or not yet hers have the same shares."""
    marit = person(world, "author")
    texts = {state: {"uid": str(uuid.uuid4()), "kind": "contact", "note": WORD[state]} for state in STATES}
    for state, entry in texts.items():
        marit.sync(entry | {"shared": "me" if state == "private" else "family"})
        world.things[state] = entry["uid"]
    page = marit.get(f"/entries/{world.things['now']}/share").text
    world.things["tie"] = re.search(r'counsellor=([\w-]+)"[^>]*>Own<', page).group(1)
    for state, step in {"session": "session", "now": "now", "back": "now", "gone": "now"}.items():
        sent = {"counsellor": world.things["tie"], "version": "1", "step": step}
        assert marit.post(f"/entries/{world.things[state]}/shares", sent).status_code == 302
    marit.post(f"/entries/{world.things['back']}/shares/end", {"counsellor": world.things["tie"]})
    marit.post(f"/entries/{world.things['gone']}/deletion")
    columns = [c.name for c in db["shares"].columns if c.name not in ("id", "membership")]
    copied = ", ".join(f"shares.{name}" for name in columns)
    db.execute(
        f"""insert into shares ({", ".join(columns)}, membership) select {copied}, other.id from shares
            join memberships as other on other.family = 1 and other.role = 'counsellor'
            where other.id <> shares.membership and shares.taken_at is null"""
    )
    own, family = person(world, "own"), world.things["families"]
    path = f"/counsellor/{family}/entries/{world.things['now']}"
    own.post(f"{path}/replies", {"words": "antwoordstruik"})
    own.post(f"/counsellor/{family}/appointments", {"day": "2026-11-24"})
    test_matrix.PIECES["family"] = family
    test_matrix.PIECES["reply"] = re.search(r"replies/([\w-]+)/withdraw", own.get(path).text).group(1)
    world.things["appointments"] = store.row(db, "select uid from appointments")["uid"]
    db.conn.backup(world.kept)
    return world


FIELDS = {
    "/entries/<uid>/shares": {"step": "now", "version": "1"},
    "/entries/<uid>/replies": {"words": "hier geschreven"},
    "/counsellor/<family>/entries/<uid>/replies": {"words": "hier geschreven"},
    "/sharing/defaults": {"incident": "now"},
    "/sharing/appointments": {"day": "2026-11-24"},
    "/counsellor/<family>/appointments": {"day": "2026-11-25"},
}


def ask(world, who: str, row: str, uid: str):  # noqa: F811
    """The answer, and whether anything was written but a line in the log."""
    method, rule = row.split()
    path = world._path(rule, uid)
    browser, form = world.browser(who)
    before = contents(world.db)
    if method == "GET":
        answer = browser.get(path)
    else:
        sent = {"csrf_token": form, "counsellor": world.things["tie"], **FIELDS.get(rule, {})}
        answer = browser.client.post(path, data=sent)
    changed = {table for table, rows in contents(world.db).items() if rows != before[table]}
    if changed:
        world.kept.backup(world.db.conn)
    wrote = bool(changed - LOG)
    return _plain(answer, path), wrote


def cell(world, who: str, row: str, uid: str = "") -> str:  # noqa: F811
    (status, place, text), wrote = ask(world, who, row, uid)
    if uid and not wrote and ask(world, who, row, NONE) == ((status, place, text), False):
        return "-"
    read = [state for state, word in WORD.items() if word in text and state not in MAY_READ.get(who, ())]
    return " ".join([f"{status}{'!' if wrote else ''}", *read])


@pytest.mark.parametrize("some", [VIEWERS, STAFF], ids=["parents", "the practice"])
def test_everyone_finds_of_sharing_what_the_rows_say_and_no_more(shared_world, some):
    for who in some:
        for row, rest in read(ENTRIES).items():
            of_entry(shared_world, who, row, dict(zip(rest[1::2], rest[2::2], strict=True)) if rest[0] == who else {})
        for row, rest in read(PAGES).items():
            meant = dict(zip(rest[::2], rest[1::2], strict=True)).get(who)
            thing = "children" if "/consents/" in row else "appointments"
            of_page(shared_world, who, row, meant, shared_world.things[thing] if "<uid>" in row else "")


def of_entry(world, who: str, row: str, named: dict[str, str]) -> None:  # noqa: F811
    for state in STATES:
        answer, meant = cell(world, who, row, world.things[state]), named.get(state, "-")
        read_first = answer == f"{meant}!" and row.startswith("GET /counsellor")  # that it was read is noted
        assert read_first or (who, row, state, answer) == (who, row, state, meant)


def of_page(world, who: str, row: str, meant: str | None, uid: str) -> None:  # noqa: F811
    answer = cell(world, who, row, uid)
    assert (who, row, answer) == (who, row, meant) if meant else answer in REFUSED, (who, row, answer)


def test_a_tie_that_only_shows_its_rows_shows_nothing(shared_world, db, visit):
    """The shares of the others are really there, so that it is the tie that keeps them out."""
    assert store.row(db, "select count(distinct membership) as n from shares where taken_at is null")["n"] > 2
    closed = store.rows(db, "select id, account from memberships where family = 1 and state <> 'confirmed'")
    assert len(closed) >= 2
    own = visit(person(shared_world, "own"), shared_world.things["families"])
    for tie in closed:
        assert access.shared_with(db, replace(own, id=tie["account"], membership=tie["id"]), EVENING) == []
