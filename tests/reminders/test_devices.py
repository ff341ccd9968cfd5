"""On which devices someone is reminded: their own, as long as they are signed in there, and nobody else's."""

import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from diary import clock, store
from diary.people import sessions
from diary.reminders import devices, push
from diary.reminders.push import Outcome
from diary.vault import fingerprint
from tests.persons import PASSWORD, Person
from tests.push_service import Browser


@pytest.fixture
def app(app, service):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], push_hosts=(service.origin,))
    return app


@pytest.fixture
def turns_on(service):
    """Turns reminders on in someone's browser."""

    def turn_on(person: Person, browser: Browser | None = None) -> Browser:
        browser = browser or service.browser()
        answer = subscribes(person, browser.subscription())
        assert answer.status_code == 200, answer.text
        return browser

    return turn_on


def subscribes(person: Person, told: object):
    return person.client.post("/reminders/devices", json=told, headers={"X-CSRFToken": person.token()})


@pytest.fixture
def reached(app, db, now):
    """Where someone would be pushed to now."""

    def endpoints(account: int) -> list[str]:
        return [device.endpoint for device in devices.live(db, app.config["VAULT"], account, now())]

    return endpoints


@pytest.fixture
def listed(db, now, viewer):
    return lambda person: devices.of(db, viewer(person), now())


def test_a_device_is_listed_by_its_name_and_reached_at_its_address(marit, turns_on, listed, reached, viewer):
    browser = turns_on(marit)
    assert [(d.here, d.detail, d.sent_at, d.failed_at) for d in listed(marit)] == [(True, False, None, None)]
    assert reached(viewer(marit).id) == [browser.endpoint]


def test_what_is_kept_of_it_can_be_read_by_nobody_who_reads_the_database(marit, turns_on, on_disk):
    browser = turns_on(marit)
    path = browser.endpoint.rpartition("/")[2]
    assert not any(secret.encode() in on_disk() for secret in (path, browser.p256dh, browser.auth))


def test_turning_it_on_twice_is_one_device_that_keeps_what_was_chosen(marit, turns_on, listed, db, viewer):
    browser = turns_on(marit)
    before = listed(marit)[0]
    devices.tell_more(db, viewer(marit), before.uid, True)
    turns_on(marit, browser)
    assert [(d.uid, d.detail) for d in listed(marit)] == [(before.uid, True)]


def test_a_new_address_of_the_same_browser_takes_the_place_of_the_old(marit, turns_on, listed, reached, viewer):
    turns_on(marit)
    uid = listed(marit)[0].uid
    fresh = turns_on(marit)
    assert reached(viewer(marit).id) == [fresh.endpoint]
    assert [d.uid for d in listed(marit)] == [uid]


def test_who_turns_it_on_in_a_browser_takes_it_over(marit, parent, turns_on, listed, reached, viewer, db):
    browser = turns_on(marit)
    devices.tell_more(db, viewer(marit), listed(marit)[0].uid, True)
    eva = parent("Eva")
    turns_on(eva, browser)
    assert (reached(viewer(marit).id), reached(viewer(eva).id)) == ([], [browser.endpoint])
    assert [d.detail for d in listed(eva)] == [False]


def test_each_device_has_its_own_line(marit, new_phone, turns_on, listed):
    other = new_phone(marit)
    other.signs_in()
    turns_on(marit)
    turns_on(other)
    assert [d.here for d in listed(marit)] == [False, True]
    assert [d.here for d in listed(other)] == [True, False]


def _signs_out(person, **_):
    person.post("/logout")


def _is_ended_elsewhere(person, new_phone, **_):
    other = new_phone(person)
    other.signs_in()
    other.post("/settings/password", {"current": PASSWORD, "password": "nieuwe losse woorden hier"})


def _falls_still(person, now, **_):
    now.pass_by(days=31)


def _signs_in_again(person, **_):
    person.signs_in()


@pytest.mark.parametrize("ends", [_signs_out, _is_ended_elsewhere, _falls_still, _signs_in_again])
def test_a_session_that_is_over_is_reminded_no_more(marit, new_phone, now, turns_on, reached, viewer, ends):
    turns_on(marit)
    account = viewer(marit).id
    ends(marit, new_phone=new_phone, now=now)
    assert reached(account) == []


def test_no_address_is_left_of_a_session_that_was_ended(marit, turns_on, db):
    turns_on(marit)
    marit.post("/logout")
    assert store.rows(db, "select * from devices") == []


def test_on_a_phone_that_goes_round_nothing_of_one_comes_in_the_hands_of_another(
    app, db, now, marit, parent, turns_on, service, reached, viewer
):
    dice, browser = random.Random(7), service.browser()
    people = [marit, parent("Eva"), parent("Noor")]
    accounts = {person.name: viewer(person).id for person in people}
    for person in people:
        person.post("/logout")
    for _ in range(100):
        person = dice.choice(people)
        person.signs_in()
        turns_on(person, browser)
        assert [name for name, account in accounts.items() if reached(account)] == [person.name]
        if dice.random() < 0.5:  # else the phone is passed on as it is
            person.post("/logout")
            assert [name for name, account in accounts.items() if reached(account)] == []
        now.pass_by(minutes=12)


def test_who_is_signed_out_meanwhile_turns_nothing_on(app, db, now, marit, viewer, service):
    me = viewer(marit)
    sessions.end(db, me.id, now())
    devices.keep(db, app.config["VAULT"], me, service.browser().subscription(), (service.origin,), now())
    assert store.rows(db, "select * from devices") == []


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        "x",
        [],
        {},
        {"endpoint": None},
        {"keys": 7},
        {"keys": {}},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": ["x"], "auth": {}}},
        {"endpoint": "https://evil.example/push"},
        {"endpoint": "http://169.254.169.254/latest"},
        {"endpoint": 7},
        {"endpoint": "x" * 3000},
    ],
    ids=str,
)
def test_what_is_no_subscription_is_refused_with_a_sentence(marit, service, told, db):
    whole = service.browser().subscription()
    answer = subscribes(marit, whole | told if isinstance(told, dict) and told else told)
    assert answer.status_code == 422
    assert "mail" in answer.json["errors"]["subscription"]
    assert store.rows(db, "select * from devices") == []


def test_a_key_that_lies_on_no_curve_is_refused(marit, service):
    told = service.browser().subscription()
    told["keys"]["p256dh"] = told["keys"]["p256dh"][:-4] + "AAAA"
    assert subscribes(marit, told).status_code == 422


def test_a_phone_is_told_what_we_know_of_it(marit, turns_on, app, db, viewer, listed):
    assert marit.get("/me").json["device"] is None
    browser = turns_on(marit)
    assert marit.get("/me").json["device"] == fingerprint(browser.endpoint).hex()
    assert marit.get("/me").json["key"] == push.public_key(app.config["SETTINGS"])
    devices.remove(db, viewer(marit), listed(marit)[0].uid)
    assert marit.get("/me").json["device"] == "removed"


def test_a_device_that_is_gone_asks_for_a_new_address_and_is_there_again(marit, turns_on, reached, db, viewer, now):
    turns_on(marit)
    id = store.row(db, "select id from devices")["id"]
    devices.note(db, id, Outcome("gone", "410"), now())
    assert (reached(viewer(marit).id), marit.get("/me").json["device"]) == ([], "gone")
    fresh = turns_on(marit)
    assert reached(viewer(marit).id) == [fresh.endpoint]


@pytest.mark.parametrize(
    ("kind", "sent", "failed", "stays"),
    [("sent", True, False, 1), ("later", False, True, 1), ("refused", False, True, 1), ("gone", False, True, 0)],
)
def test_what_became_of_a_send_is_written_down(marit, turns_on, db, now, viewer, reached, kind, sent, failed, stays):
    turns_on(marit)
    id = store.row(db, "select id from devices")["id"]
    devices.note(db, id, Outcome(kind), now())
    row = store.row(db, "select sent_at, failed_at from devices")
    assert row == {
        "sent_at": clock.stamp(now()) if sent else None,
        "failed_at": clock.stamp(now()) if failed else None,
    }
    assert len(reached(viewer(marit).id)) == stays


def test_a_send_that_comes_through_clears_what_went_wrong_before(marit, turns_on, db, now, listed):
    turns_on(marit)
    id = store.row(db, "select id from devices")["id"]
    devices.note(db, id, Outcome("later"), now())
    devices.note(db, id, Outcome("sent"), now() + timedelta(minutes=1))
    assert (listed(marit)[0].failed_at, listed(marit)[0].sent_at is not None) == (None, True)


def test_a_test_goes_out_beside_the_page_and_its_outcome_is_seen_later(marit, turns_on, service, listed):
    turns_on(marit)
    assert marit.post(f"/reminders/devices/{listed(marit)[0].uid}/test").status_code == 302
    until = time.monotonic() + 10
    while listed(marit)[0].sent_at is None and time.monotonic() < until:
        time.sleep(0.02)
    assert listed(marit)[0].sent_at is not None
    assert ["Zo ziet een herinnering eruit." in message.text for message in service.messages] == [True]


def test_a_page_does_not_wait_for_a_service_that_hangs(marit, turns_on, service, listed):
    turns_on(marit, service.browser("hangs"))
    assert marit.post(f"/reminders/devices/{listed(marit)[0].uid}/test").status_code == 302
    assert not service.over.is_set()  # it hangs still
    service.over.set()


def test_tests_have_an_end(marit, turns_on, listed, monkeypatch):
    monkeypatch.setattr(devices, "try_out", lambda *_: None)
    turns_on(marit)
    path = f"/reminders/devices/{listed(marit)[0].uid}/test"
    assert [marit.post(path).status_code for _ in range(11)] == [302] * 10 + [429]


def test_a_device_tells_more_or_less_as_its_owner_chooses(marit, turns_on, listed):
    turns_on(marit)
    path = f"/reminders/devices/{listed(marit)[0].uid}/detail"
    marit.post(path, {"detail": "1"})
    assert listed(marit)[0].detail
    marit.post(path, {"detail": "0"})
    assert not listed(marit)[0].detail


@pytest.mark.parametrize("name", ["uid", "here"])
def test_a_device_can_be_taken_away_once_and_for_all(marit, turns_on, listed, reached, viewer, name):
    browser = turns_on(marit)
    path = f"/reminders/devices/{'here' if name == 'here' else listed(marit)[0].uid}/remove"
    assert (marit.post(path).status_code, marit.post(path).status_code) == (302, 404)
    assert (listed(marit), reached(viewer(marit).id)) == ([], [])
    turns_on(marit, browser)  # until its owner wants it again
    assert reached(viewer(marit).id) == [browser.endpoint]


def test_here_is_the_browser_in_hand_and_no_other(marit, new_phone, turns_on, listed):
    turns_on(marit)
    other = new_phone(marit)
    other.signs_in()
    assert other.post("/reminders/devices/here/remove").status_code == 404
    assert len(listed(marit)) == 1
