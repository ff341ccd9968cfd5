"""A parent in two diaries is reminded of each in that one alone: the words of one family never stand in the other."""

import re

import pytest

from diary import clock, store
from tests.conftest import contents


@pytest.fixture
def eva(marit, parent):
    """A parent with a diary of her own, who also writes in Marit's; her own is open."""
    eva = parent("Eva")
    eva.post(re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group())
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/today").text).group())
    return eva


@pytest.fixture
def rang(db, eva, now) -> dict:
    """A moment of her own in her own diary, that has just rung."""
    eva.post("/reminders", {"kind": "own", "at": "19:00", "days": ["5"], "label": "zilverstruik"})
    found = store.row(db, "select id, uid, account, family from reminders where kind = 'own'")
    told = {"reminder": found["id"], "account": found["account"], "family": found["family"], "state": "sent"}
    at = clock.stamp(now())
    db["occurrences"].insert(told | {"uid": "a" * 36, "local_date": "2026-11-20", "due_at": at, "rang_at": at})
    return found


@pytest.fixture
def elsewhere(db, eva, rang):
    other = store.row(db, "select uid from families where id <> :own", own=rang["family"])["uid"]
    assert eva.post(f"/families/{other}/open").status_code == 302
    return eva


def test_it_stands_in_its_own_diary(eva, rang):
    for page in ("/reminders", "/reminders/2026-11-20"):
        assert "zilverstruik" in eva.get(page).text


def test_it_stands_nowhere_in_the_other(elsewhere):
    for page in ("/today", "/reminders", "/reminders/2026-11-20"):
        text = elsewhere.get(page).text
        assert ("zilverstruik" in text, "a" * 36 in text) == (False, False)


@pytest.mark.parametrize("path", ["{}/time", "{}/end", "{}/question", "{}/done", "came/" + "a" * 36])
def test_it_is_not_changed_from_the_other(db, elsewhere, rang, path):
    before = contents(db, "sessions")
    fields = {"at": "20:00", "days": "1", "answer": "done"}
    assert elsewhere.post(f"/reminders/{path.format(rang['uid'])}", fields).status_code == 404
    assert contents(db, "sessions") == before
