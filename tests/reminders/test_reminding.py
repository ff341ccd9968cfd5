"""The agreement on reminding: nothing without one, and only its own person changes it."""

from datetime import date, timedelta

import pytest

from diary import store
from diary.people import families
from diary.reminders import reminders, reminding
from diary.reminders.kinds import EVERY_DAY, KINDS
from diary.texts import Refused
from tests.conftest import EVENING


@pytest.fixture
def me(marit, viewer):
    return viewer(marit)


def evening(db, me, at: str = "19:30", days: str = EVERY_DAY) -> str:
    return reminders.add(db, me, "evening", at, days, EVENING)


def refused(call, *args, **fields) -> set[str]:
    with pytest.raises(Refused) as no:
        call(*args, **fields)
    return set(no.value.errors)


def test_before_anything_is_agreed_nothing_is_there_to_ring(db, me):
    agreement = reminding.of(db, me)
    assert not agreement.agreed
    assert agreement.reminders == ()
    assert store.rows(db, "select * from reminders") == []


def test_the_first_yes_makes_the_agreement_and_lets_answers_ring(db, me):
    uid = evening(db, me)
    agreement = reminding.of(db, me)
    assert agreement.agreed
    assert agreement.quiet == reminding.QUIET
    assert {reminder.kind for reminder in agreement.reminders} == {"evening", "reply"}
    [mine] = [reminder for reminder in agreement.reminders if reminder.uid == uid]
    assert mine.next.isoformat() == "2026-11-21T19:30:00+01:00"  # today it is 19:40 already


def test_agreeing_twice_on_the_same_changes_it(db, me):
    assert evening(db, me) == evening(db, me, at="20:15", days="71")
    [mine] = [reminder for reminder in reminding.of(db, me).reminders if reminder.kind == "evening"]
    assert (mine.at, mine.days) == ("20:15", "17")
    assert mine.next.isoformat() == "2026-11-22T20:15:00+01:00"


def test_own_moments_may_be_many_and_their_names_are_sealed(db, me, on_disk):
    reminders.add(db, me, "own", "08:00", "12345", EVENING, label="Voorleesboek")
    reminders.add(db, me, "own", "08:00", "12345", EVENING, label="Medicijn")
    reminders.add(db, me, "own", "08:00", "12345", EVENING, label="Medicijn")
    labels = [reminder.label for reminder in reminding.of(db, me).reminders if reminder.kind == "own"]
    assert labels == ["Voorleesboek", "Medicijn"]
    assert b"Voorleesboek" not in on_disk()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "onbekend"}, "kind"),
        ({"kind": "digest"}, "kind"),
        ({"at": "25:00"}, "at"),
        ({"at": "19:30\n"}, "at"),
        ({"at": "22:10"}, "at"),
        ({"days": ""}, "days"),
        ({"days": "8"}, "days"),
        ({"kind": "own"}, "label"),
        ({"kind": "own", "label": "x" * 61}, "label"),
        ({"kind": "risk"}, "situation"),
        ({"kind": "risk", "situation": "nergens"}, "situation"),
    ],
)
def test_nonsense_is_answered_per_field_and_nothing_is_kept(db, me, fields, wrong):
    asked = {"kind": "evening", "at": "19:30", "days": EVERY_DAY, "now": EVENING} | fields
    assert refused(reminders.add, db, me, **asked) == {wrong}
    assert store.rows(db, "select * from reminding") == []


def test_hours_that_would_silence_what_was_agreed_are_refused(db, me):
    evening(db, me)
    assert refused(reminding.save, db, me, EVENING, quiet_from="19:00") == {"quiet_from"}
    assert refused(reminding.save, db, me, EVENING, quiet_until="7 uur") == {"quiet_until"}
    assert refused(reminding.save, db, me, EVENING, most=3) == {"most"}
    assert refused(reminding.save, db, me, EVENING, zone="Europe/../etc") == {"zone"}
    reminding.save(db, me, EVENING, quiet_from="20:00", quiet_until="08:00", most=1, zone="Europe/Lisbon")
    kept = reminding.of(db, me)
    assert (kept.quiet, kept.most, kept.zone) == (("20:00", "08:00"), 1, "Europe/Lisbon")
    [mine] = [reminder for reminder in kept.reminders if reminder.kind == "evening"]
    assert mine.next.isoformat() == "2026-11-20T19:30:00+00:00"  # there it is still to come


def test_a_pause_ends_on_a_day_that_is_still_to_come(db, me):
    assert refused(reminding.pause, db, me, EVENING.date(), EVENING) == {"paused_until"}
    reminding.pause(db, me, date(2026, 12, 1), EVENING)
    assert reminding.of(db, me).paused_until == date(2026, 12, 1)
    reminding.pause(db, me, None, EVENING)
    assert reminding.of(db, me).paused_until is None


def test_what_is_ended_does_not_ring_and_ending_it_twice_is_harmless(db, me):
    uid = evening(db, me)
    assert reminders.end(db, me, uid, EVENING)
    assert not reminders.end(db, me, uid, EVENING)
    assert store.row(db, "select next_at from reminders where uid = :uid", uid=uid) == {"next_at": None}
    assert evening(db, me) != uid


def test_nobody_else_changes_it(db, me, marit, joins, viewer, parent):
    uid = evening(db, me)
    for other in (viewer(joins(marit, "Joost")), viewer(parent("Anna"))):
        assert not reminders.end(db, other, uid, EVENING)
        assert not reminders.change(db, other, uid, "20:00", EVERY_DAY, EVENING)
        assert not reminders.keep(db, other, uid, True, EVENING)
        assert uid not in {reminder.uid for reminder in reminding.of(db, other).reminders}


def test_another_adult_is_reminded_too_only_after_an_own_yes(db, me, marit, joins, viewer, parent):
    joost, anna = viewer(joins(marit, "Joost")), viewer(parent("Anna"))
    evening(db, anna)

    def reads_aloud(label: str):
        reminders.add(db, me, "own", "19:00", EVERY_DAY, EVENING, label=label, others=[joost.id, anna.id])

    reads_aloud("Voorlezen")
    assert reminding.of(db, joost).reminders == ()
    evening(db, joost)
    reads_aloud("Medicijn")
    assert [one.label for one in reminding.of(db, joost).reminders if one.kind == "own"] == ["Medicijn"]
    assert [one.label for one in reminding.of(db, anna).reminders if one.kind == "own"] == []


def test_who_left_agrees_on_nothing_any_more(db, me):
    families.leave(db, me, EVENING)
    assert refused(evening, db, me) == {"kind"}


def test_every_kind_can_be_agreed_on_at_its_own_time(db, me):
    for name, kind in KINDS.items():
        if kind.ours:
            more = {"label": "Voorlezen"} if name == "own" else {"situation": "sleeping"} if name == "risk" else {}
            reminders.add(db, me, name, kind.at, kind.days, EVENING, **more)
    coming = [one.next for one in reminding.of(db, me).reminders if not KINDS[one.kind].rung]
    assert all(EVENING < moment <= EVENING + timedelta(days=7) for moment in coming)
