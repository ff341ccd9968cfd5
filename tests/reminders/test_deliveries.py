"""Getting it there: a notification, else a mail, once; and it is known when neither arrived."""

import logging
import threading
import time
from datetime import timedelta

import pytest

from diary import clock, mail, store
from diary.people import families, sessions
from diary.reminders import deliveries, devices, reminders, sending
from diary.reminders.hosts import Hosts
from diary.vault import fingerprint

TODAY = "2026-11-20"
SENT, MAILED = (TODAY, "push", "sent", "sent"), (TODAY, "mail", "sent", "sent")


@pytest.fixture
def evening(at, agree):
    """An evening reminder that is due now."""
    at("12:00")
    uid = agree()
    at("19:30")
    return uid


def state(db) -> str:
    return store.row(db, "select state from occurrences")["state"]


def after(now, tick, **time) -> list[tuple]:
    now.pass_by(**time)
    return tick()


# -- where to


def test_a_notification_goes_to_every_device_and_no_mail(db, me, marit, signed_in, device, evening, tick, letters):
    one, two = device(me), device(signed_in(marit))
    assert tick() == [SENT, SENT]
    assert state(db) == "sent"
    assert letters() == []
    assert one.endpoint != two.endpoint


def test_what_reached_one_device_still_goes_to_the_other(
    db, me, marit, signed_in, device, evening, plan, settings, vault, now
):
    device(me)
    device(signed_in(marit))
    plan()
    for _ in range(2):
        [one] = deliveries.claim(db, vault, settings, now(), 1)
        deliveries.record(db, one, sending.push.Outcome("sent"), now())
    assert state(db) == "sent"


def test_it_says_for_which_day_it_was_meant_and_is_only_said_once(me, service, device, evening, tick, now):
    device(me)
    tick()
    after(now, tick, minutes=11)
    after(now, tick, hours=20)
    [message] = service.messages
    assert f"/reminders/{TODAY}" in message.text
    assert 7190 <= int(message.headers["TTL"]) <= 7200


def test_without_a_device_a_mail_goes_at_once_and_once(db, evening, tick, letters, now):
    assert tick() == [MAILED]
    assert after(now, tick, minutes=11) == [MAILED]
    [letter] = letters()
    assert f"/reminders/{TODAY}" in letter.get_content()
    assert state(db) == "sent"


@pytest.mark.parametrize(("answer", "outcome"), [(410, "gone"), (404, "gone"), (403, "refused"), (413, "refused")])
def test_where_a_device_is_gone_or_refuses_a_mail_goes_at_once(me, device, evening, tick, letters, answer, outcome):
    device(me, answer)
    assert tick() == [(TODAY, "push", "failed", outcome), MAILED]
    assert len(letters()) == 1


def test_a_service_that_fails_is_tried_for_ten_minutes_and_then_a_mail_goes(me, service, device, evening, tick, now):
    device(me, 500)
    for _ in range(19):
        assert [row[1:] for row in tick()] == [("push", "waiting", "later")]
        now.pass_by(seconds=30)
    found = after(now, tick, seconds=60)
    assert found == [(TODAY, "push", "failed", "mailed"), MAILED]
    assert 3 <= len(service.asked) <= 6
    assert after(now, tick, minutes=30) == found


def test_a_service_that_recovers_makes_the_mail_needless(me, service, device, evening, tick, now, letters):
    browser = device(me, (429, {"Retry-After": "90"}))
    tick()
    service.answers[browser.endpoint.removeprefix(service.origin)] = 201
    assert after(now, tick, seconds=60)[0][2] == "waiting"
    assert after(now, tick, seconds=60) == [SENT]
    after(now, tick, minutes=15)
    assert letters() == []


def test_every_try_has_the_same_topic_and_nobody_else_can_tell_of_what(db, me, service, device, evening, tick, now):
    browser = device(me, 500)
    tick()
    service.answers[browser.endpoint.removeprefix(service.origin)] = 201
    store.change(db, "update deliveries set next_at = :now", now=clock.stamp(now()))
    tick()
    uid = store.row(db, "select uid from occurrences")["uid"]
    assert [message.headers["Topic"] for message in service.messages] == [fingerprint(uid).hex()[:32]]
    assert len(service.asked) == 2


def test_when_neither_arrives_that_is_known_and_no_word_of_it_is_logged(
    db, evening, tick, now, monkeypatch, caplog, marit
):
    monkeypatch.setattr(mail, "_send", _refuses)
    with caplog.at_level(logging.WARNING):
        tick()
        assert state(db) == "going"
        for _ in range(5):
            after(now, tick, minutes=31)
    assert state(db) == "failed"
    assert "did not arrive" in caplog.text
    assert marit.email not in caplog.text


def _refuses(*_):
    raise ConnectionRefusedError


def test_what_is_silent_goes_nowhere(marit, at, agree, tick):
    at("12:00")
    agree()
    marit.writes(kind="checkin", area="", energy="3")
    at("19:30")
    assert tick() == []


# -- to whom


def test_nothing_goes_to_a_device_that_was_signed_out_meanwhile(db, me, device, evening, plan, tick, service, now):
    device(me)
    plan()
    sessions.end(db, me.id, now(), session=me.session)
    tick()
    assert service.asked == []


def test_nothing_goes_to_who_left_the_family_meanwhile(db, me, device, evening, plan, tick, service, now, letters):
    device(me)
    plan()
    families.leave(db, me, now())
    tick()
    after(now, tick, minutes=11)
    assert (service.asked, letters()) == ([], [])
    assert state(db) == "paused"


def test_nothing_goes_out_of_what_was_ended_meanwhile(db, me, device, evening, plan, tick, service, now, letters):
    device(me)
    plan()
    reminders.end(db, me, evening, now())
    tick()
    after(now, tick, minutes=11)
    assert (service.asked, letters()) == ([], [])


def test_a_device_that_another_person_took_over_says_nothing_of_the_first(
    db, me, parent, viewer, vault, settings, service, device, evening, plan, tick, now
):
    browser = device(me)
    plan()
    devices.keep(db, vault, viewer(parent("Anna")), browser.subscription(), settings.push_hosts, now())
    tick()
    assert service.asked == []


def test_who_chose_to_be_told_more_hears_the_name_of_an_own_moment(db, me, device, at, agree, tick, service, now):
    at("12:00")
    agree("own", "19:30", label="Voorlezen")
    device(me)
    at("19:30")
    tick()
    assert "Voorlezen" not in service.messages[-1].text
    devices.tell_more(db, me, devices.of(db, me, now())[0].uid, True)
    at("19:30", 1)
    tick()
    assert "Voorlezen" in service.messages[-1].text


# -- claims


def test_what_is_claimed_is_taken_by_nobody_else_until_the_claim_runs_out(
    db, me, vault, settings, device, evening, plan, now
):
    device(me)
    plan()
    [mine] = deliveries.claim(db, vault, settings, now(), 10)
    now.pass_by(seconds=29)
    assert deliveries.claim(db, vault, settings, now(), 10) == []
    now.pass_by(seconds=1)
    [theirs] = deliveries.claim(db, vault, settings, now(), 10)
    assert (theirs.id, theirs.topic) == (mine.id, mine.topic)
    deliveries.record(db, mine, sending.push.Outcome("refused"), now())
    assert store.row(db, "select state from deliveries") == {"state": "waiting"}
    deliveries.record(db, theirs, sending.push.Outcome("sent"), now())
    assert store.row(db, "select state from deliveries") == {"state": "sent"}


def test_after_two_hours_it_is_no_longer_worth_sending(db, me, device, evening, plan, tick, service, now):
    device(me)
    plan()
    assert after(now, tick, hours=2)[0] == (TODAY, "push", "failed", "late")
    assert service.asked == []


def test_what_could_not_begin_in_time_waits_for_the_next_tick(
    db, me, device, settings, vault, evening, plan, now, service
):
    device(me)
    plan()
    assert sending.send(db, settings, vault, now(), seconds=0) == []
    assert len(sending.send(db, settings, vault, now())) == 1


# -- a crowd


def test_what_is_too_late_does_not_hide_what_is_behind_it(db, me, device, at, agree, plan, settings, vault, now):
    at("12:00")
    agree("own", "13:00", label="a")
    agree("own", "18:00", label="b")
    device(me)
    at("13:00")
    plan()
    at("18:00")
    plan()
    assert len(deliveries.claim(db, vault, settings, now(), 1)) == 1


@pytest.fixture
def crowd(db, me, vault, settings, service, evening, plan, now):
    """Many devices of one person, as if each had a reminder due."""

    def make(answers: list) -> None:
        for answer in answers:
            token = sessions.start(db, me.id, "phone", "phone", now())
            viewer = sessions.viewer(db, vault, token, now())
            devices.keep(db, vault, viewer, service.browser(answer).subscription(), settings.push_hosts, now())
        plan()

    return make


def test_starts_are_spread(db, crowd, settings, vault, now, service):
    crowd([201] * 30)
    began = time.monotonic()
    assert len(sending.send(db, settings, vault, now(), rate=50)) == 30
    assert time.monotonic() - began >= 29 / 50 * 0.9
    assert len(service.messages) == 30


def test_a_service_that_hangs_holds_up_no_other(db, crowd, settings, vault, now, service):
    crowd(["hangs"] * 40 + [201] * 20)
    good = "select id from devices order by id desc limit 20"
    store.change(db, f"update devices set host = 'good' where id in ({good})")
    came = []
    watching = threading.Thread(target=_free_the_rest, args=(service, came), daemon=True)
    watching.start()
    sending.send(db, settings, vault, now(), rate=1000, hosts=Hosts())
    watching.join()
    assert came == [20]


def _free_the_rest(service, came: list) -> None:
    """Once all others have come, what hangs may go: nothing here depends on how fast this machine is."""
    until = time.monotonic() + 9
    while len(service.messages) < 20 and time.monotonic() < until:
        time.sleep(0.01)
    came.append(len(service.messages))
    service.over.set()


def test_a_service_that_hangs_is_left_alone_for_a_while(db, crowd, settings, vault, now, service, monkeypatch):
    monkeypatch.setattr(sending.push, "TOTAL", 0.5)
    monkeypatch.setattr("diary.reminders.hosts.SLOW", 0.4)
    crowd(["hangs"] * 40)
    tried = sending.send(db, settings, vault, now(), rate=1000, hosts=Hosts())
    assert 3 <= len(tried) <= 6
    soon = clock.stamp(now() + timedelta(seconds=100))
    resting = store.row(db, "select count(*) as n from deliveries where next_at > :soon and tries = 0", soon=soon)
    assert resting["n"] == 40 - len(tried)


def test_a_host_that_hangs_three_times_in_a_row_rests_two_minutes():
    at = [0.0]
    hosts = Hosts(lambda: at[0])
    for seconds in (9, 9, 0.1, 9, 9):
        hosts.begins("one")
        hosts.answers("one", seconds)
    assert hosts.rests("one") == 0
    hosts.begins("one")
    hosts.answers("one", 9)
    assert hosts.rests("one") == 120
    assert hosts.rests("other") == 0
    at[0] = 120.0
    assert hosts.rests("one") == 0


def test_a_host_has_room_for_three_at_a_time():
    hosts = Hosts()
    for _ in range(3):
        assert hosts.has_room("one")
        hosts.begins("one")
    assert not hosts.has_room("one")
    hosts.answers("one", 0.1)
    assert hosts.has_room("one")
