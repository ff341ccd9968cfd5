"""What is due: once a day, silent when it was done, and never dropped in silence."""

import uuid
from datetime import date, timedelta

import pytest

from diary import clock, store
from diary.people import families
from diary.reminders import due, moments, news, reminders, reminding
from diary.reminders.kinds import EVERY_DAY
from tests.reminders.conftest import AMSTERDAM

TODAY, TOMORROW = "2026-11-20", "2026-11-21"


def occurrences(db) -> int:
    return db["occurrences"].count


def days_on(n: int) -> str:
    return (date(2026, 11, 20) + timedelta(days=n)).isoformat()


# -- once


def test_before_its_time_nothing_is_due_and_afterwards_once(at, agree, plan, states):
    at("12:00")
    uid = agree()
    at("19:29")
    assert plan() == []
    at("19:30")
    assert len(plan()) == 1
    assert plan() == []
    at("20:00")
    assert plan() == []
    assert states(uid) == {TODAY: "going"}


def test_nothing_rings_without_an_agreement(db, at, me, plan):
    at("19:30", 3)
    assert plan() == []


def test_only_on_agreed_days(at, agree, plan, states):
    at("12:00")
    uid = agree(days="15")  # monday and friday
    for day in range(8):
        at("19:30", day)
        plan()
    assert list(states(uid)) == [TODAY, days_on(3), days_on(7)]


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_every_minute_of_an_odd_day_has_one_occurrence(db, me, at, agree, plan, now, day):
    agree()
    noon = clock.moment(f"{day}T00:00:00Z") - timedelta(hours=36)
    with store.writing(db):
        for minute in range(0, 24 * 60, 3):
            wall = f"{minute // 60:02}:{minute % 60:02}"
            coming = moments.next_moment(wall, EVERY_DAY, me.zone, None, noon)
            row = {"uid": str(uuid.uuid4()), "family": me.family, "account": me.id, "kind": "own", "at": wall}
            row |= {"days": EVERY_DAY, "created_at": "", "next_at": clock.stamp(coming[1])}
            store.insert(db, "reminders", row | {"next_day": str(coming[0])})
    for hour in range(72):
        now.at = noon + timedelta(hours=hour)
        plan()
    found = store.row(
        db,
        """select count(*) as n, count(distinct reminder) as reminders from occurrences
           join reminders on reminders.id = occurrences.reminder where kind = 'own' and local_date = :day""",
        day=day,
    )
    assert found == {"n": 480, "reminders": 480}


# -- late


@pytest.mark.parametrize(
    ("asleep", "found"),
    [
        (timedelta(minutes=5), {TODAY: "going"}),
        (timedelta(hours=1), {TODAY: "going"}),
        (timedelta(hours=3), {TODAY: "missed"}),
        (timedelta(hours=8), {TODAY: "missed"}),
        (timedelta(days=1, hours=1), {TODAY: "missed", TOMORROW: "going"}),
        (timedelta(days=3), {TODAY: "missed", TOMORROW: "missed", days_on(2): "missed", days_on(3): "going"}),
    ],
)
def test_after_a_sleep_each_day_is_rung_once_or_told_as_missed(at, now, agree, plan, states, asleep, found):
    at("12:00")
    uid = agree(at="17:00")
    at("17:00")
    now.pass_by(**{"seconds": asleep.total_seconds()})
    plan()
    assert states(uid) == found
    plan()
    assert states(uid) == found


def test_of_a_year_asleep_a_fortnight_is_told(at, agree, plan, states):
    at("12:00")
    uid = agree()
    at("19:31", 365)
    plan()
    assert list(states(uid).values()) == ["missed"] * 13 + ["going"]


@pytest.mark.parametrize("leap", [timedelta(hours=2), timedelta(hours=-2), timedelta(days=-1), timedelta(hours=-25)])
def test_a_leap_of_the_clock_rings_no_day_twice_and_drops_none(db, at, now, agree, plan, states, leap):
    at("12:00")
    uid = agree()
    at("19:30")
    assert len(plan()) == 1

    def rang() -> dict:
        return store.row(db, "select uid, due_at, rang_at from occurrences where local_date = :day", day=TODAY)

    now.at += leap
    first = rang()
    back = clock.today(now(), AMSTERDAM)
    for _ in range(6 * 24 * 4):
        now.pass_by(minutes=10)
        plan()
    days = [day for day in states(uid) if day >= back.isoformat()]
    assert days == [(back + timedelta(days=n)).isoformat() for n in range(len(days))]
    assert len(days) >= 4
    assert rang() == first


def test_a_clock_that_was_a_month_ahead_has_silenced_nothing(at, agree, plan, states):
    at("12:00")
    uid = agree()
    at("19:30", 30)
    plan()
    assert states(uid)[days_on(30)] == "going"
    for day in range(30):
        at("19:30", day)
        plan()
    assert [states(uid)[days_on(n)] for n in range(30)] == ["going"] * 30


# -- quiet


def test_in_quiet_hours_nothing_rings(db, me, at, agree, plan, states, now):
    at("12:00")
    uid = agree(at="17:00")
    reminding.save(db, me, now(), quiet_from="17:30", quiet_until="16:00")
    at("17:31")
    plan()
    assert states(uid) == {TODAY: "missed"}


def test_two_a_day_is_the_most_over_all_kinds(at, agree, plan, db, now, me):
    at("12:00")
    for hour in (13, 14, 15):
        agree("own", f"{hour}:00", label=f"{hour}")
    for wall in ("13:00", "14:00", "15:00"):
        at(wall)
        plan()
    assert [row["state"] for row in store.rows(db, "select state from occurrences order by due_at")] == [
        "going",
        "going",
        "full",
    ]


def test_who_wants_one_a_day_gets_one(db, me, at, agree, plan, now):
    at("12:00")
    agree("own", "13:00", label="a")
    agree("own", "14:00", label="b")
    reminding.save(db, me, now(), quiet_from="00:00", quiet_until="00:00", most=1)
    at("14:00")
    plan()
    assert {row["state"] for row in store.rows(db, "select state from occurrences")} == {"going", "full"}


def test_a_pause_lasts_until_its_day(db, me, at, agree, plan, states):
    uid = agree()
    reminding.pause(db, me, date(2026, 11, 23), at("20:00"))
    for day in (1, 2, 3):
        at("19:30", day)
        plan()
    assert states(uid) == {TOMORROW: "paused", days_on(2): "paused", days_on(3): "going"}


# -- done already


def writes_dagcheck(marit, **more):
    marit.writes(kind="checkin", area="", energy="3", **more)


def evening(at, agree, plan, states, **about) -> str:
    uid = agree(**about)
    at("19:30", 1)
    plan()
    return states(uid)[TOMORROW]


def test_who_looked_back_already_is_left_alone(at, agree, plan, states, marit):
    at("18:00", 1)
    writes_dagcheck(marit)
    at("19:40")
    assert evening(at, agree, plan, states) == "silent"


def test_a_scribble_left_to_finish_still_rings(at, agree, plan, states, marit):
    at("18:00", 1)
    writes_dagcheck(marit)
    marit.writes(stub="1")
    at("19:40")
    assert evening(at, agree, plan, states) == "going"


def test_the_dagcheck_of_another_adult_or_another_day_does_not_count(at, agree, plan, states, marit, joins):
    joost = joins(marit, "Joost")
    writes_dagcheck(marit)
    at("18:00", 1)
    writes_dagcheck(joost, shared="family")
    at("19:40")
    assert evening(at, agree, plan, states) == "going"


@pytest.mark.parametrize(
    ("about", "entry", "state"),
    [
        ({"kind": "contact"}, {"kind": "contact", "area": "", "what": "laughed"}, "silent"),
        ({"kind": "contact"}, {"kind": "incident"}, "going"),
        ({"kind": "room"}, {"kind": "checkin", "area": "", "energy": "3", "me_time": "yes"}, "silent"),
        ({"kind": "room"}, {"kind": "checkin", "area": "", "energy": "3", "me_time": "little"}, "going"),
        ({"kind": "risk", "situation": "sleeping"}, {"situation": "sleeping"}, "silent"),
        ({"kind": "risk", "situation": "sleeping"}, {"situation": "eating"}, "going"),
        ({"kind": "own", "label": "lezen"}, {"situation": "sleeping"}, "going"),
    ],
)
def test_each_kind_knows_when_it_was_done(at, agree, plan, states, marit, about, entry, state):
    at("18:00", 1)
    marit.writes(**entry)
    at("19:40")
    assert evening(at, agree, plan, states, **about) == state


def test_who_tried_something_was_ahead_of_the_hard_moment(at, agree, plan, states, marit):
    at("18:00", 1)
    marit.post("/asso/sleeping-throws-toys/tries", {"uid": str(uuid.uuid4()), "helped": "yes"})
    at("19:40")
    assert evening(at, agree, plan, states, kind="risk", situation="sleeping") == "silent"


# -- unanswered


def ticks_daily(at, plan, first: int, last: int) -> None:
    for day in range(first, last + 1):
        at("19:30", day)
        plan()


def arrive(db) -> None:
    store.change(db, "update occurrences set state = 'sent' where state = 'going'")


@pytest.fixture
def ignored(db, at, agree, plan):
    """Three evenings that arrived and were met with nothing."""
    at("12:00")
    uid = agree()
    for day in (1, 2, 3):
        at("19:30", day)
        plan()
        arrive(db)
    return uid


def question(db, me):
    return reminding.of(db, me).asking


def test_three_unanswered_make_it_every_other_day_and_ask_one_question(db, me, at, plan, states, ignored):
    before = states(ignored)
    assert question(db, me) is None
    ticks_daily(at, plan, 4, 9)
    assert question(db, me).uid == ignored
    assert set(states(ignored)) - set(before) == {days_on(5), days_on(7), days_on(9)}


def test_who_has_been_in_the_app_has_seen_them(db, me, marit, at, plan, ignored):
    at("21:00", 3)
    marit.get("/today")
    ticks_daily(at, plan, 4, 4)
    assert question(db, me) is None


def test_what_did_not_arrive_is_not_held_against_anyone(db, me, at, plan, ignored):
    store.change(db, "update occurrences set state = 'failed' where local_date = :day", day=days_on(2))
    ticks_daily(at, plan, 4, 4)
    assert question(db, me) is None


@pytest.mark.parametrize(("halved", "rings"), [(True, [6]), (False, [5, 6])])
def test_its_question_is_answered_once(db, me, at, now, plan, states, ignored, halved, rings):
    ticks_daily(at, plan, 4, 4)
    assert reminders.keep(db, me, ignored, halved, now())
    assert question(db, me) is None
    ticks_daily(at, plan, 5, 6)
    assert question(db, me) is None
    shown = [day for day in states(ignored) if day > days_on(4)]
    assert shown == ([days_on(5)] if halved else [days_on(n) for n in rings])


# -- who it is for


def test_who_left_is_not_reminded(db, me, at, agree, plan, states, now):
    uid = agree()
    families.leave(db, me, now())
    at("19:30", 1)
    assert plan() == []
    assert states(uid) == {}
    assert store.row(db, "select ended_at from reminders where uid = :uid", uid=uid)["ended_at"]


@pytest.mark.parametrize("ended", [False, True])
def test_a_counsellor_whose_work_here_ended_is_not_called_to_the_desk(
    db, marit, counsellor, tied, viewer, at, plan, now, ended
):
    joke = counsellor("Joke")
    tied(marit, joke)
    account = viewer(joke).id
    news.ring(db, account, None, "digest", now())
    if ended:
        store.change(db, "update accounts set ended_at = :now where id = :id", now=clock.stamp(now()), id=account)
    at("08:31", 3)  # a Monday
    assert len(plan()) == (not ended)


def test_each_rings_on_their_own_clock(db, me, at, agree, plan, states, now):
    agree(at="12:00")
    reminding.save(db, me, now(), quiet_from="00:00", quiet_until="00:00", zone="Europe/Lisbon")
    at("12:01", 1)
    assert plan() == []
    at("13:00", 1)
    assert len(plan()) == 1


def test_one_that_cannot_be_read_does_not_stop_the_others(db, at, agree, plan, states, caplog):
    at("12:00")
    bad = agree("own", "18:00", label="geheim woord")
    good = agree()
    store.change(db, "update reminders set at = 'kwart over' where uid = :uid", uid=bad)
    at("19:30")
    plan()
    assert states(good) == {TODAY: "going"}
    assert "cannot be planned" in caplog.text
    assert "geheim" not in caplog.text
    at("20:31")
    store.change(db, "update reminders set at = '18:00' where uid = :uid", uid=bad)
    plan()
    assert states(bad) == {TODAY: "going"}


def test_what_is_asked_of_the_database_does_not_grow_with_what_is_not_due(db, agree, plan):
    agree()
    [step, *_] = store.rows(db, f"explain query plan {due._NEXT}", now="", n=1)
    assert "reminders_next" in step["detail"]
