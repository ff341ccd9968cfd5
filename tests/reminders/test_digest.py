"""A counsellor's own screen: one message a day when families shared something, at a time of their own."""

from datetime import date

import pytest

from diary.reminders import news, reminding
from tests.push_service import Browser

HERE = "/counsellor/reminders"


@pytest.fixture
def joke(marit, counsellor, tied):
    joke = counsellor("Joke")
    tied(marit, joke)
    return joke


@pytest.fixture
def agreed(db, viewer, joke):
    return lambda: reminding.of(db, viewer(joke))


def times(agreed) -> list[tuple]:
    return [(one.kind, one.at, one.days) for one in agreed().reminders]


def test_before_anything_is_shared_the_screen_says_when_it_would_come(joke, agreed):
    assert "08:30, op werkdagen" in joke.get(HERE).text
    assert times(agreed) == []


def test_another_time_on_other_days_and_twice_is_once(joke, agreed):
    for _ in range(2):
        assert joke.post(HERE, {"at": "16:15", "days": ["1", "4"]}).location == HERE
    assert times(agreed) == [("digest", "16:15", "14")]
    assert "16:15, ma, do" in joke.get(HERE).text


def test_it_rings_at_that_time(db, joke, viewer, now, at, plan):
    joke.post(HERE, {"at": "16:15", "days": "1"})
    news.ring(db, viewer(joke).id, None, "digest", now())
    at("16:14", 3)
    assert plan() == []
    at("16:15", 3)
    assert len(plan()) == 1


def test_turned_off_nothing_rings_until_it_is_turned_on(db, joke, agreed, viewer, now, at, plan):
    account = viewer(joke).id
    assert joke.post(f"{HERE}/end").location == HERE
    assert "Staat uit" in joke.get(HERE).text
    news.ring(db, account, None, "digest", now())
    joke.post(HERE, {"at": "08:30", "days": "1"})
    assert times(agreed) == [("digest", "08:30", "1")]
    at("08:31", 3)
    assert plan() == []


def test_what_was_shared_in_a_pause_is_told_after_it(db, joke, viewer, now, at, plan):
    account = viewer(joke).id
    joke.post(f"{HERE}/pause", {"until": "2026-12-07"})
    assert "Er komt niets tot maandag 7 december" in joke.get(HERE).text
    news.ring(db, account, None, "digest", now())
    at("08:31", 3)
    plan()
    assert db["occurrences"].count == 0
    at("08:31", 17)
    assert len(plan()) == 1


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        (HERE, {"at": "25:00", "days": "1"}, "Kies een tijd"),
        (HERE, {"at": "08:30"}, "Kies minstens één dag"),
        (HERE, {"at": "05:00", "days": "1"}, "tussen 06:30 en 21:30"),
        (f"{HERE}/pause", {"until": "2026-11-20"}, "Kies een dag die nog komt"),
        (f"{HERE}/pause", {"until": "straks"}, "Kies een dag die nog komt"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(joke, agreed, path, fields, told):
    answer = joke.post(path, fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert times(agreed) == []
    assert agreed().paused_until is None


def test_the_devices_of_a_counsellor_stand_on_this_screen(db, joke):
    told = Browser("https://fcm.googleapis.com/fcm/send/joke").subscription()
    joke.client.post("/reminders/devices", json=told, headers={"X-CSRFToken": joke.token()})
    uid = db.execute("select uid from devices").fetchone()[0]
    assert f"/reminders/devices/{uid}/test" in joke.get(HERE).text
    assert joke.post(f"/reminders/devices/{uid}/detail", {"detail": "1"}).location == HERE
    assert "Er is iets met je gedeeld." in joke.get(HERE).text
    assert joke.post(f"/reminders/devices/{uid}/remove").location == HERE


def test_what_did_not_arrive_is_said(db, joke, viewer, now, at, plan, signs_in_again):
    news.ring(db, viewer(joke).id, None, "digest", now())
    at("08:31", 3)
    plan()
    db.execute("update occurrences set state = 'failed'")
    signs_in_again(joke)
    assert "Het laatste bericht kwam niet aan" in joke.get(HERE).text


def test_a_pause_that_is_over_is_no_pause(joke, agreed, db):
    joke.post(f"{HERE}/pause", {"until": "2026-12-07"})
    assert agreed().back_on(date(2026, 12, 6)) == date(2026, 12, 7)
    assert agreed().back_on(date(2026, 12, 7)) is None
    joke.post(f"{HERE}/pause", {"until": ""})
    assert agreed().paused_until is None
