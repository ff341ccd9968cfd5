"""Handing a notification over: every answer of a service is an outcome, and no service takes more than its time."""

import logging
import threading
import time
from datetime import timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import http_ece
import pytest
from py_vapid import Vapid

from diary.config import Settings
from diary.reminders import push
from tests.push_service import PushService


@pytest.fixture
def settings(tmp_path, service) -> Settings:
    return Settings(home=tmp_path, push_hosts=(service.origin,), sender="Nabij <zorg@example.org>")


@pytest.fixture
def hand_over(settings):
    return lambda browser, text="hallo": push.send(browser, text, "een-onderwerp", 7200, settings)


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(push, "TOTAL", 0.5)


def test_what_is_sent_is_read_by_its_browser_alone(service, hand_over):
    browser, other = service.browser(), service.browser()
    assert hand_over(browser, "Er staat iets klaar.").kind == "sent"
    assert [(m.browser, m.text) for m in service.messages] == [(browser, "Er staat iets klaar.")]
    with pytest.raises(http_ece.ECEException):
        other.read(service.bodies[-1])


def test_every_send_says_how_long_about_what_and_how_urgent(service, hand_over):
    hand_over(service.browser())
    headers = service.messages[0].headers
    assert (headers["TTL"], headers["Topic"], headers["Urgency"]) == ("7200", "een-onderwerp", "high")


def test_every_send_is_signed_afresh_for_that_service_and_not_for_long(service, hand_over, now):
    browser = service.browser()
    hand_over(browser)
    now.pass_by(hours=1)
    hand_over(browser)
    first, second = (message.claims for message in service.messages)
    assert first["aud"] == service.origin
    assert first["sub"] == "mailto:zorg@example.org"
    assert second["exp"] - first["exp"] == 3600
    assert 0 < second["exp"] - now().timestamp() <= 12 * 3600


def test_a_service_is_told_a_web_address_where_the_sender_has_no_real_one(tmp_path):
    of = lambda **more: push._reachable_at(Settings(home=tmp_path, **more))  # noqa: E731
    assert of(url="https://nabij.example:8443") == "https://nabij.example"
    assert of(sender="Zorg <zorg@praktijk.nl>", url="https://nabij.example") == "mailto:zorg@praktijk.nl"
    assert of() == "mailto:nabij@localhost"


def test_our_key_is_made_once_kept_to_ourselves_and_new_when_its_file_is_gone(settings):
    first = push.public_key(settings)
    kept = settings.home / "vapid.key"
    assert (push.public_key(settings), kept.stat().st_mode & 0o777) == (first, 0o600)
    kept.unlink()
    assert push.public_key(settings) != first
    assert len(push.public_key(settings)) == 87


def test_the_key_that_signs_is_the_key_that_browsers_get(service, hand_over, settings):
    hand_over(service.browser())
    authorization = service.messages[0].headers["Authorization"]
    assert authorization.endswith(f",k={push.public_key(settings)}")
    assert Vapid.verify(authorization)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (200, "sent"),
        (201, "sent"),
        (202, "sent"),
        (404, "gone"),
        (410, "gone"),
        (400, "refused"),
        (401, "refused"),
        (403, "refused"),
        (413, "refused"),
        (429, "later"),
        (500, "later"),
        (502, "later"),
        (503, "later"),
        ("redirects", "refused"),
        ("drops", "later"),
        ("babbles", "later"),
        ("huge", "sent"),
        ("huge headers", "later"),
    ],
)
def test_each_answer_has_its_outcome(service, hand_over, answer, kind):
    assert hand_over(service.browser(answer)).kind == kind


@pytest.mark.parametrize(("answer", "kind"), [("hangs", "later"), ("drips", "later"), ("stops halfway", "sent")])
def test_a_service_that_dawdles_gets_no_more_than_its_time(service, hand_over, hurried, answer, kind):
    began = time.monotonic()
    assert hand_over(service.browser(answer)).kind == kind
    assert time.monotonic() - began < 3  # of the half second it was given; else it would be half a minute


def test_one_service_that_hangs_holds_up_no_other_send(service, hand_over):
    hanging = threading.Thread(target=hand_over, args=[service.browser("hangs")])
    hanging.start()
    assert hand_over(service.browser()).kind == "sent"
    assert hanging.is_alive()
    service.over.set()
    hanging.join()


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("9999999", push.LONGEST_WAIT),
        ("9" * 5000, None),
        ("-5", None),
        ("²", None),
        ("straks", None),
        ("", None),
        ("Fri, 20 Nov 2026 18:45:00 GMT", timedelta(minutes=5)),
        ("Fri, 20 Nov 2026 18:45:00 -0000", timedelta(minutes=5)),
        ("Fri, 20 Nov 2020 18:45:00 GMT", timedelta(0)),
        ("Fri, 20 Nov 2099 18:45:00 GMT", push.LONGEST_WAIT),
        ("Fri, 99 Nov 2026 18:45:00 GMT", None),
    ],
)
def test_how_long_to_wait_is_read_as_seconds_or_as_a_date(service, hand_over, said, wait):
    outcome = hand_over(service.browser((429, {"Retry-After": said.encode().decode("latin-1")})))
    assert (outcome.kind, outcome.wait) == ("later", wait)


def test_waiting_may_be_asked_for_by_a_service_in_trouble_too(service, hand_over, now):
    until = format_datetime(now() + timedelta(minutes=3), usegmt=False)
    assert hand_over(service.browser((503, {"Retry-After": until}))).wait == timedelta(minutes=3)


def test_nobody_follows_a_redirect(service, hand_over):
    browser = service.browser("redirects")
    hand_over(browser)
    assert service.asked == [browser.endpoint.removeprefix(service.origin)]


def test_what_is_not_taken_is_told_without_a_word_of_it(service, hand_over, caplog):
    browser = service.browser(403)
    with caplog.at_level(logging.DEBUG):
        hand_over(browser, "Milan slaapt")
    assert [record.message for record in caplog.records] == ["a push service refused a notification: 403"]


@pytest.mark.parametrize(
    "wrong",
    [{"p256dh": "AAAA"}, {"p256dh": ""}, {"auth": ""}, {"p256dh": "é"}, {"p256dh": "B" * 87}],
    ids=str,
)
def test_a_key_that_is_none_is_an_outcome_and_asks_nobody(service, hand_over, wrong):
    browser = service.browser()
    keys = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
    assert hand_over(SimpleNamespace(**(keys | wrong))) == push.Outcome("refused", "key")
    assert service.asked == []


def test_a_service_that_is_away_is_tried_later(tmp_path, now):
    with PushService() as service:
        browser = service.browser()
    assert (
        push.send(browser, "hallo", "een", 60, Settings(home=tmp_path, push_hosts=(service.origin,))).kind == "later"
    )


def test_a_sender_that_no_service_would_take_is_an_outcome(service, tmp_path):
    settings = Settings(home=tmp_path, push_hosts=(service.origin,), sender="niemand")
    assert push.send(service.browser(), "hallo", "een", 60, settings).kind == "refused"
