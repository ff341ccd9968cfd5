"""The matrix of sharing: every viewer, every route, an entry in every state it can be in."""

import re
import uuid
from dataclasses import replace

import pytest

from diary import store
from diary.people import access
from tests import test_matrix
from tests.conftest import EVENING, Person, contents
from tests.sharing.rows import ENTRIES, PAGES, STATES, read
from tests.test_matrix import STAFF, VIEWERS, World, _plain, world  # noqa: F401

LOG = ("looks", "look_objects")  # a line is written where someone is refused, too
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
    columns = ", ".join(c.name for c in db["shares"].columns if c.name not in ("id", "membership"))
    db.execute(
        f"""insert into shares ({columns}, membership) select {columns}, other.id from shares
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


def person(world, who: str) -> Person:  # noqa: F811
    browser = Person(world.app.test_client(), "", "")
    if token := world.tokens.get(who):
        with browser.client.session_transaction() as kept:
            kept["_user_id"] = token
    return browser


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
    browser, path = person(world, who), world._path(rule, uid)
    form = browser.token()
    before = contents(world.db, *LOG)
    if method == "GET":
        answer = browser.get(path)
    else:
        sent = {"csrf_token": form, "counsellor": world.things["tie"], **FIELDS.get(rule, {})}
        answer = browser.client.post(path, data=sent)
    wrote = contents(world.db, *LOG) != before
    world.kept.backup(world.db.conn)
    return _plain(answer, path), wrote


def cell(world, who: str, row: str, uid: str = "") -> str:  # noqa: F811
    (status, place, text), wrote = ask(world, who, row, uid)
    if uid and not wrote and ask(world, who, row, NONE) == ((status, place, text), False):
        return "-"
    read = [state for state, word in WORD.items() if word in text and state not in MAY_READ.get(who, ())]
    return " ".join([f"{status}{'!' if wrote else ''}", *read])


@pytest.mark.parametrize("who", VIEWERS + STAFF)
def test_an_entry_is_shared_with_whom_it_was_shared_and_nobody_else(shared_world, who):
    rows = read(ENTRIES)
    named = {row: dict(zip(rest[1::2], rest[2::2], strict=True)) for row, rest in rows.items() if rest[0] == who}
    told = {
        (row, state): cell(shared_world, who, row, shared_world.things[state]) for row in rows for state in STATES
    }
    for (row, state), answer in told.items():
        looked_at_again = row.startswith("GET  /counsellor") or row.startswith("GET /counsellor")
        meant = named.get(row, {}).get(state, "-")
        assert (row, state, answer) == (row, state, meant) or (looked_at_again and answer == meant + "!")


@pytest.mark.parametrize("who", VIEWERS + STAFF)
def test_the_pages_of_sharing_are_for_whom_they_are(shared_world, who):
    for row, rest in read(PAGES).items():
        meant = dict(zip(rest[::2], rest[1::2], strict=True)).get(who)
        uid = shared_world.things["appointments"] if "<uid>" in row else ""
        answer = cell(shared_world, who, row, uid)
        refused = answer in ("-", "302", "401", "403", "404")
        assert (row, answer) == (row, meant) if meant else refused, row


@pytest.mark.parametrize("who", [who for who in VIEWERS + STAFF if who not in MAY_READ])
def test_no_page_at_all_holds_a_word_of_it_for_anyone_else(shared_world, who):
    for row in (*test_matrix._rows(test_matrix.PAGES), *test_matrix._rows(test_matrix.WORK)):
        if row.startswith("GET"):
            (_, _, text), _ = ask(shared_world, who, row, shared_world.things["join"])
            assert not [word for word in (*WORD.values(), "antwoordstruik") if word in text], row


def test_a_tie_that_only_shows_its_rows_shows_nothing(shared_world, db, visit):
    """The shares of the others are really there, so that it is the tie that keeps them out."""
    assert store.row(db, "select count(distinct membership) as n from shares where taken_at is null")["n"] > 2
    closed = store.rows(db, "select id, account from memberships where family = 1 and state <> 'confirmed'")
    assert len(closed) >= 2
    own = visit(person(shared_world, "own"), shared_world.things["families"])
    for tie in closed:
        assert access.shared_with(db, replace(own, id=tie["account"], membership=tie["id"]), EVENING) == []
