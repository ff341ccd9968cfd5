"""Risk moments: the hour at which one situation tends to run hard, learned from the diary, and offered once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import floor
from statistics import median

from sqlite_utils import Database

from diary import clock, store
from diary.people import access
from diary.people.sessions import Viewer
from diary.reminders import moments, reminders, reminding
from diary.reminders.kinds import EVERY_DAY

LOOKS_BACK = timedelta(days=14)
ENOUGH = 3
MOST = 100  # of one situation; more teaches nothing, and who sends thousands would keep everybody waiting
WITHIN = 60  # minutes around the median
AHEAD = 20  # minutes
QUIET = {"declined": timedelta(days=60), "later": timedelta(days=7)}
_STILL_FRESH = timedelta(hours=3)  # who writes just after midnight writes the same evening
_DAY = 24 * 60


@dataclass(frozen=True)
class Risk:
    """An offer to be ahead of a moment, with its reason: so often, of so many times, around this hour."""

    uid: str
    child: int | None
    situation: str
    times: int
    of: int
    around: str
    at: str


def offers(db: Database, viewer: Viewer, now: datetime) -> list[Risk]:
    """What stands out to this viewer and was not answered yet, most often first. Nothing that would ring at night."""
    found = [risk for about, seen in _incidents(db, viewer, now).items() if (risk := _risk(viewer, *about, *seen))]
    if not found:
        return []
    agreed, answered = reminding.of(db, viewer), _answered(db, viewer, now)
    new = (risk for risk in found if (risk.child, risk.situation) not in answered)
    waiting = (risk for risk in new if not moments.is_quiet_at(risk.at, agreed.quiet))
    return sorted(waiting, key=lambda risk: (-risk.times, risk.at))


def accept(db: Database, viewer: Viewer, uid: str, at: str, now: datetime) -> bool:
    """Makes a reminder of an offer. Repeats are harmless: an offer that was taken stands no longer."""
    with store.writing(db):
        risk = _standing(db, viewer, uid, now)
        if risk is None:
            return False
        reminders.add(db, viewer, "risk", at or risk.at, EVERY_DAY, now, child=risk.child, situation=risk.situation)
    return True


def put_off(db: Database, viewer: Viewer, uid: str, answer: str, now: datetime) -> bool:
    """‘No’ is for sixty days, ‘later’ for a week."""
    with store.writing(db):
        risk = _standing(db, viewer, uid, now)
        if risk is None:
            return False
        store.change(
            db,
            f"""insert into risks (family, account, child, situation, answer, answered_at)
                select family, :viewer, :child, :situation, :answer, :now
                from ({access.MINE}) where true
                on conflict (family, account, coalesce(child, 0), situation)
                do update set answer = excluded.answer, answered_at = excluded.answered_at""",
            viewer=viewer.id,
            family=viewer.family,
            child=risk.child,
            situation=risk.situation,
            answer=answer,
            now=clock.stamp(now),
        )
    return True


def put_off_ones(db: Database, viewer: Viewer) -> list[dict]:
    """What the viewer said no to, or not now, for as long as that is remembered."""
    return store.rows(
        db,
        f"""select child, situation, answer, answered_at from risks
            where account = :viewer and family = ({access.MINE}) order by answered_at""",
        viewer=viewer.id,
        family=viewer.family,
    )


@lru_cache(maxsize=2048)  # looked at each time Vandaag opens, and the same until something is written
def around(*minutes: int) -> tuple[int, int]:
    """The minute of the day that most of these lie about, and how many do. The day is a circle: ten to midnight
    and ten past it are twenty minutes apart."""
    return max(_about(one, minutes) for one in set(minutes))[1:]


def _about(centre: int, minutes: tuple[int, ...]) -> tuple[tuple[int, float], int, int]:
    near = [apart for one in minutes if abs(apart := _apart(centre, one)) <= WITHIN]
    middle = (centre + floor(median(near))) % _DAY
    off = [apart for one in minutes if (apart := abs(_apart(middle, one))) <= WITHIN]
    return (len(off), -sum(off)), middle, len(off)


def _apart(one: int, other: int) -> int:
    return (other - one + _DAY // 2) % _DAY - _DAY // 2


def _incidents(db: Database, viewer: Viewer, now: datetime) -> dict[tuple, tuple[list[int], int]]:
    """By child and situation: the minutes that were written down the same day and exactly, and how many in all."""
    rows = access.scan(
        db,
        viewer,
        "child, situation, happened_at, about, day, written_at",
        "and kind = 'incident' and situation is not null and happened_at between :since and :now",
        "order by happened_at desc",
        since=clock.stamp(now - LOOKS_BACK),
        now=clock.stamp(now),
    )
    seen = defaultdict(list)
    for row in rows:
        seen[row[:2]].append(row[2:])
    often = {about: all[:MOST] for about, all in seen.items() if len(all) >= ENOUGH}
    return {
        about: ([m for one in all if (m := _minute(viewer, *one)) is not None], len(all))
        for about, all in often.items()
    }


def _minute(viewer: Viewer, happened_at: str, about: str | None, day: str, written_at: str) -> int | None:
    """At which minute of the day it was, where that was written down exactly and the same day."""
    at, written = clock.local(happened_at, viewer.zone), clock.moment(written_at)
    fresh = about is None and (written - at < _STILL_FRESH or str(clock.today(written, viewer.zone)) == day)
    return at.hour * 60 + at.minute if fresh else None


def _risk(viewer: Viewer, child: int | None, situation: str, minutes: list[int], of: int) -> Risk | None:
    if len(minutes) < ENOUGH:
        return None
    middle, times = around(*minutes)
    if times < ENOUGH:
        return None
    middle = round(middle / 5) * 5
    uid = viewer.seal.uid("risk", viewer.id, child, situation)
    return Risk(uid, child, situation, times, of, _wall(middle), _wall(middle - AHEAD))


def _wall(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute % _DAY, 60))


def _standing(db: Database, viewer: Viewer, uid: str, now: datetime) -> Risk | None:
    return next((risk for risk in offers(db, viewer, now) if risk.uid == uid), None)


def _answered(db: Database, viewer: Viewer, now: datetime) -> set[tuple]:
    """What rings already, or did until lately, or was put off: not asked about again."""
    rows = db.execute(
        """select child, situation from reminders
           where account = :viewer and family = :family and kind = 'risk'
             and (ended_at is null or ended_at > :declined)
           union
           select child, situation from risks
           where account = :viewer and family = :family
             and answered_at > case answer when 'declined' then :declined else :later end""",
        {
            "viewer": viewer.id,
            "family": viewer.family,
            **{answer: clock.stamp(now - quiet) for answer, quiet in QUIET.items()},
        },
    )
    return set(rows.fetchall())
