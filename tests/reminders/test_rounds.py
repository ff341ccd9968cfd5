"""One round by hand, as at any moment: flask --app wsgi remind."""

import json

import pytest

from diary.people import families
from tests.conftest import contents

LINE = {"reminder", "kind", "local_date", "channel", "outcome"}


@pytest.fixture
def remind(app):
    def run(*args: str) -> list[dict]:
        done = app.test_cli_runner().invoke(args=["remind", *args])
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]

    return run


@pytest.fixture
def evening(at, agree):
    at("12:00")
    return agree()


def told(lines: list[dict]) -> list[tuple]:
    assert all(set(line) == LINE for line in lines)
    return [(line["kind"], line["local_date"], line["channel"], line["outcome"]) for line in lines]


def test_it_prints_a_line_per_delivery_and_the_second_time_none(evening, remind, letters):
    lines = remind("--at", "2026-11-20T19:30:00+01:00")
    assert told(lines) == [("evening", "2026-11-20", "mail", "sent")]
    assert lines[0]["reminder"] == evening
    assert remind("--at", "2026-11-20T19:30") == []
    assert len(letters()) == 1


def test_a_rehearsal_tells_the_same_and_changes_nothing(db, evening, remind, letters):
    before = contents(db)
    lines = remind("--at", "2026-11-21T19:40", "--dry-run")
    assert told(lines) == [("evening", "2026-11-20", "inbox", "missed"), ("evening", "2026-11-21", "mail", "planned")]
    assert contents(db) == before
    assert letters() == []


def test_a_rehearsal_sends_nothing_to_a_device(me, evening, device, service, remind):
    device(me)
    lines = remind("--at", "2026-11-20T19:30", "--dry-run")
    assert told(lines) == [("evening", "2026-11-20", "push", "planned")]
    assert service.asked == []


def test_a_round_in_the_far_future_leaves_the_days_until_then_to_ring(at, evening, remind, tick, letters):
    remind("--at", "2027-11-20T19:30")
    for day in range(3):
        at("19:30", day)
        tick()
    assert len(letters()) == 4


def test_what_is_silent_or_not_agreed_has_no_line(db, me, evening, remind, now):
    assert remind("--at", "2026-11-20T19:29") == []
    families.leave(db, me, now())
    assert remind("--at", "2026-11-20T19:30") == []


@pytest.mark.parametrize("moment", ["vanavond", "2026-13-01", ""])
def test_a_moment_that_is_none_is_answered(app, moment):
    done = app.test_cli_runner().invoke(args=["remind", "--at", moment])
    assert done.exit_code == 2
    assert "2026-11-20T19:30 is one" in done.output
