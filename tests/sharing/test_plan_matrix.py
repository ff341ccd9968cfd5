"""The matrix of desk, plan and anchor card: every viewer, and entries in every state they can be in."""

import re

import pytest

from tests.sharing import test_matrix as sharing
from tests.sharing.plan_rows import OPEN, PAGES
from tests.sharing.rows import read
from tests.sharing.test_matrix import cell, of_page, person, shared_world  # noqa: F401
from tests.test_matrix import STAFF, VIEWERS, world  # noqa: F401

NOTE = "6f9619ff-8b86-4011-b42d-00cf4fc964ff"
AGREEMENT = {"kind": "agreement", "situation": "sleeping", "text": "afspraakstruik"}


@pytest.fixture
def planned(shared_world, db, monkeypatch):  # noqa: F811
    """What there is to agree on, to pin, to note and to hand out, beside what is shared."""
    marit, own = person(shared_world, "author"), person(shared_world, "own")
    child, family = shared_world.things["children"], shared_world.things["families"]
    marit.post("/plan", AGREEMENT)
    marit.post("/anchor", {"child": child, "day": "kaartstruik"})
    link = re.search(r"/a/([\w-]+)", marit.post("/anchor/links", {"child": child}).text).group(1)
    own.post(f"/counsellor/{family}/notes", {"uid": NOTE, "text": "notitiestruik"})
    pages = marit.get("/plan").text + marit.get("/anchor").text
    shared_world.things |= {
        "plan": re.search(r"/plan/([0-9a-f-]{36})/end", pages).group(1),
        "links": re.search(r"/anchor/links/([0-9a-f-]{36})/withdraw", pages).group(1),
        "notes": NOTE,
        "a": link,
    }
    fields = {
        "/plan": AGREEMENT,
        "/plan/<uid>": AGREEMENT | {"text": "anders"},
        "/anchor": {"child": child, "day": "anders"},
        "/anchor/links": {"child": child},
        "/counsellor/<family>/notes": {"text": "anders"},
        "/counsellor/<family>/plan": AGREEMENT,
        "/counsellor/<family>/plan/outline": {"phase": "contact"},
        "/counsellor/<family>/plan/openings": {"kind": "touch", "reason": "nu", "open": "1"},
        "/counsellor/<family>/plan/pins": {"suggestion": "sleeping-throws-toys", "on": "1"},
    }
    monkeypatch.setattr(sharing, "FIELDS", sharing.FIELDS | fields)
    db.conn.backup(shared_world.kept)
    return shared_world


def thing(world, row: str) -> str:  # noqa: F811
    found = re.search(r"(links|notes|plan|a)/<(uid|token)>", row)
    return world.things[found.group(1)] if found else ""


@pytest.mark.parametrize("some", [VIEWERS, STAFF], ids=["parents", "the practice"])
def test_the_desk_and_the_plan_are_for_whom_they_are(planned, some):
    for who in some:
        for row, rest in read(PAGES).items():
            meant = dict(zip(rest[::2], rest[1::2], strict=True)).get(who)
            of_page(planned, who, row, meant, thing(planned, row))


def test_a_link_is_for_who_holds_it(planned):
    for who in VIEWERS + STAFF:
        for row, (meant,) in read(OPEN).items():
            assert (who, row, cell(planned, who, row, thing(planned, row))) == (who, row, meant)


def test_words_of_plan_card_and_notes_reach_only_their_own(planned):
    readers = {
        "afspraakstruik": {"author", "other", "own"},
        "notitiestruik": {"own"},
        "kaartstruik": {"author", "other"},
    }
    for who in VIEWERS + STAFF:
        seen = ""
        for row in read(PAGES):
            if row.startswith("GET"):
                (_, _, text), _ = sharing.ask(planned, who, row, thing(planned, row))
                seen += text
        assert (who, [word for word, known in readers.items() if word in seen and who not in known]) == (who, [])
