"""Lines to push services: opened once for many sends, and left as soon as there is a doubt about them."""

import time

import pytest

from diary.config import Settings
from diary.reminders import hosts, push
from diary.reminders.lines import Lines


@pytest.fixture
def settings(tmp_path, service) -> Settings:
    return Settings(home=tmp_path, push_hosts=(service.origin,), sender="Nabij <zorg@example.org>")


@pytest.fixture
def lines():
    with Lines() as lines:
        yield lines


@pytest.fixture
def hand_over(settings, lines):
    return lambda browser: push.send(browser, "hallo", "een-onderwerp", 7200, settings, lines).kind


def test_sends_after_one_another_share_a_line(service, hand_over):
    assert [hand_over(service.browser()) for _ in range(5)] == ["sent"] * 5
    assert service.lines == 1


@pytest.mark.parametrize("answer", [404, 429, 500, "redirects"])
def test_a_refusal_keeps_the_line(service, hand_over, answer):
    hand_over(service.browser(answer))
    assert hand_over(service.browser()) == "sent"
    assert service.lines == 1


def test_a_line_that_the_service_left_is_opened_again_and_nothing_comes_twice(service, hand_over):
    for _ in range(3):
        assert hand_over(service.browser("hangs up")) == "sent"
        time.sleep(0.05)
    assert (service.lines, len(service.messages)) == (3, 3)


@pytest.mark.parametrize("answer", ["huge", "stops halfway", "babbles", "huge headers"])
def test_a_line_with_more_to_say_is_not_used_again(service, hand_over, answer):
    hand_over(service.browser(answer))
    assert hand_over(service.browser()) == "sent"
    assert service.lines == 2


def test_what_broke_after_it_was_sent_is_not_sent_again_by_itself(service, hand_over):
    hand_over(service.browser())
    browser = service.browser("drops")
    assert hand_over(browser) == "later"
    assert service.asked.count(browser.endpoint.removeprefix(service.origin)) == 1


def test_a_run_of_sends_leaves_no_line_behind(service, settings):
    with Lines() as lines:
        push.send(service.browser(), "hallo", "een", 60, settings, lines)
        [line] = lines._idle[service.origin]
    assert line.fileno() == -1


def test_a_tick_reaches_many_devices_over_few_lines(service, me, signed_in, marit, agree, at, device, tick):
    at("12:00")
    agree()
    for someone in [me, *(signed_in(marit) for _ in range(5))]:
        device(someone)
    at("19:30")
    assert {state for _, _, state, _ in tick()} == {"sent"}
    assert len(service.messages) == 6
    assert service.lines <= hosts.AT_ONCE
