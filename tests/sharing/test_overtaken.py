"""What was taken back before it was told is not told."""

import re
from datetime import timedelta

import pytest

from diary.upkeep import tick
from tests.conftest import EVENING

NIGHT, MORNING, MONDAY = timedelta(hours=3), timedelta(hours=14), timedelta(days=2, hours=14)


@pytest.fixture
def told(app, db, letters, now):
    """Gives whom letters went to, once so much time has passed since the evening."""

    def read(later: timedelta) -> list[str]:
        for minutes in (0, 15):
            now.at = EVENING + later + timedelta(minutes=minutes)
            for step in tick.work(app.config["SETTINGS"], app.config["VAULT"]):
                step(db, now.at)
        return [letter["To"] for letter in letters()]

    return read


def test_what_is_still_shared_is_told_and_what_was_taken_back_is_not(marit, anneke, shared, told):
    other = marit.writes(note="zilverstruik", situation="eating")
    marit.post(f"/entries/{other}/shares", {"step": "now", "version": "1"})
    marit.post(f"/entries/{shared}/shares/end")
    assert told(MONDAY) == [anneke.email]


@pytest.mark.parametrize("path", ["shares/end", "deletion"])
def test_nothing_is_told_of_what_was_taken_back_or_deleted(marit, shared, told, path):
    marit.post(f"/entries/{shared}/{path}")
    assert told(MONDAY) == []


def test_it_is_told_when_it_is_shared_again(marit, anneke, shared, told):
    marit.post(f"/entries/{shared}/deletion")
    assert told(NIGHT) == []
    marit.post(f"/entries/{shared}/deletion/undo")
    assert told(MONDAY) == [anneke.email]


def test_a_family_that_put_her_out_is_not_told_of_while_another_lets_in(marit, anneke, shared, told, tied, parent):
    tied(parent("Eva"), anneke)
    marit.post(re.search(r"/family/counsellors/[\w-]+/revoke", marit.get("/family").text).group())
    assert told(MONDAY) == []


def test_an_answer_withdrawn_in_the_night_is_not_told_in_the_morning(
    marit, anneke, shared, told, now, signs_in_again
):
    marit.post("/reminders", {"kind": "contact", "at": "16:00", "days": "3"})
    now.pass_by(hours=3)
    signs_in_again(anneke)
    page = f"/counsellor/{anneke.family}/entries/{shared}"
    anneke.post(f"{page}/replies", {"words": "rozenstruik"})
    anneke.post(re.search(r"/counsellor/\S+/withdraw", anneke.get(page).text).group())
    assert told(MORNING) == []


def test_an_answer_that_stands_is_told_in_the_morning(marit, anneke, shared, told, now, signs_in_again):
    marit.post("/reminders", {"kind": "contact", "at": "16:00", "days": "3"})
    now.pass_by(hours=3)
    signs_in_again(anneke)
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "rozenstruik"})
    assert told(MORNING) == [marit.email]
