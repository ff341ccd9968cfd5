"""What a person says to what rang."""

import pytest

from diary import store
from diary.reminders import occurrences, reminding
from diary.texts import Refused

TODAY = "2026-11-20"


@pytest.fixture
def rang(db, me, at, agree, tick, now):
    """Rings this evening at half past seven, and gives the occurrence."""
    at("12:00")
    agree()
    at("19:30")
    tick()
    return occurrences.lately(db, me, now())[0]


@pytest.fixture
def says(db, me, now):
    return lambda one, answer, viewer=None: occurrences.answer(db, viewer or me, one.uid, answer, now())


@pytest.fixture
def latest(db, me, now):
    return lambda: occurrences.lately(db, me, now())[0]


def test_the_inbox_tells_what_rang_and_how_it_came(rang):
    assert (rang.kind, rang.state, rang.answer, rang.mailed, rang.open) == ("evening", "sent", None, True, True)
    assert (rang.day.isoformat(), rang.due.strftime("%H:%M")) == (TODAY, "19:30")


def test_the_inbox_keeps_a_fortnight_and_a_day_has_its_own(db, me, now, rang):
    assert occurrences.of_day(db, me, rang.day) == [rang]
    now.pass_by(days=14, minutes=1)
    assert occurrences.lately(db, me, now()) == []
    assert occurrences.of_day(db, me, rang.day) == [rang]


def test_nobody_else_reads_or_answers_it(db, marit, joins, parent, viewer, now, rang, says, latest):
    for other in (viewer(joins(marit, "Joost")), viewer(parent("Anna"))):
        assert occurrences.lately(db, other, now()) == []
        assert not says(rang, "done", other)
    assert latest().answer is None


@pytest.mark.parametrize("answer", ["opened", "done", "not_today"])
def test_an_answer_is_kept_and_repeats_are_harmless(rang, says, latest, answer):
    assert says(rang, answer)
    assert says(rang, answer)
    assert (latest().answer, latest().open) == (answer, False)


def test_opening_it_takes_back_nothing(rang, says, latest):
    says(rang, "done")
    says(rang, "opened")
    assert latest().answer == "done"


def test_nonsense_is_refused(rang, says, latest):
    with pytest.raises(Refused):
        says(rang, "misschien")
    assert latest().answer is None


def test_later_is_once_more_in_half_an_hour(rang, says, latest, now, tick, letters, at):
    says(rang, "later")
    says(rang, "later")
    assert (latest().state, latest().again.strftime("%H:%M")) == ("held", "20:00")
    at("19:59")
    tick()
    assert len(letters()) == 1
    at("20:00")
    tick()
    tick()
    assert len(letters()) == 2
    assert (latest().state, latest().open) == ("sent", True)
    with pytest.raises(Refused):
        says(rang, "later")


def test_later_has_the_same_topic(db, me, service, device, rang, says, at, tick):
    device(me)
    says(rang, "later")
    at("20:00")
    tick()
    says(rang, "done")
    first = service.messages[0].headers["Topic"]
    at("19:30", 1)
    tick()
    assert first != service.messages[1].headers["Topic"]
    assert len(service.messages) == 2


def test_later_is_silent_when_it_was_done_meanwhile(marit, rang, says, latest, at, tick, letters):
    says(rang, "later")
    marit.writes(kind="checkin", area="", energy="3")
    at("20:00")
    tick()
    assert (latest().state, len(letters())) == ("silent", 1)


@pytest.mark.parametrize(("wall", "until"), [("21:00", "00:00"), ("20:15", "20:30")])
def test_later_does_not_come_late_or_in_quiet_hours(db, me, rang, says, latest, at, now, wall, until):
    reminding.save(db, me, now(), quiet_from=until, quiet_until="00:00" if until == "00:00" else "06:00")
    at(wall)
    with pytest.raises(Refused):
        says(rang, "later")
    assert latest().answer is None


def test_not_today_is_for_the_rest_of_this_day_alone(db, at, now, agree, rang, says, tick, letters):
    agree("own", "20:00", label="lezen")
    says(rang, "not_today")
    at("20:00")
    tick()
    assert len(letters()) == 1
    at("19:30", 1)
    tick()
    assert len(letters()) == 2
    assert store.row(db, "select state from occurrences where local_date = :day and state <> 'sent'", day=TODAY) == {
        "state": "paused"
    }


def test_not_today_also_takes_back_what_would_come_later(db, me, rang, says, at, tick, letters):
    says(rang, "later")
    says(rang, "not_today")
    at("20:00")
    tick()
    assert len(letters()) == 1


def test_what_is_answered_in_the_app_need_not_be_sent_any_more(db, me, device, service, at, now, agree, tick, says):
    at("12:00")
    agree()
    device(me, 500)
    at("19:30")
    tick()
    says(occurrences.lately(db, me, now())[0], "opened")
    now.pass_by(minutes=11)
    assert tick() == []
    assert len(service.asked) == 1


def test_what_was_done_before_it_rang_stays_silent_that_day(db, me, at, now, agree, tick, letters):
    at("12:00")
    uid = agree("own", "19:30", label="lezen")
    assert occurrences.do_ahead(db, me, uid, now())
    assert occurrences.do_ahead(db, me, uid, now())
    at("19:30")
    tick()
    assert letters() == []
    at("19:30", 1)
    tick()
    assert len(letters()) == 1
    assert not occurrences.do_ahead(db, me, "00000000-0000-4000-8000-000000000000", now())
