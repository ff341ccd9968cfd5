"""What is due. The tick asks; each reminder gets one occurrence a day, whatever the clock does."""

import logging
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import TOUCH
from diary.reminders import deliveries, done, moments, news, reminders, rows
from diary.reminders.kinds import KINDS
from diary.vault import Broken, Vault

log = logging.getLogger(__name__)
AT_ONCE = 200  # reminders per transaction: others want to write too
BACK = timedelta(days=14)
PUT_BACK = timedelta(minutes=30)  # a clock that merely drifts is put right by less
UNANSWERED = 3
ASIDE = timedelta(hours=1)
RANG = "('going', 'sent', 'failed', 'held')"

_DUE = f"""
    select reminders.id, reminders.uid, reminders.kind, reminders.at, reminders.days, reminders.child,
           reminders.situation, reminders.halved, reminders.next_at, reminders.next_day,
           reminders.account, reminders.family, families.uid as family_uid, families.key,
           reminding.zone, reminding.quiet_from, reminding.quiet_until, reminding.most,
           reminding.paused_until, reminding.quiet_day {{more}}
    from {{source}}
    left join families on families.id = reminders.family
    left join reminding on reminding.account = reminders.account and reminding.family is reminders.family
      and {rows.MEMBER}
"""
_ALL = _DUE.format(more="", source="reminders")
_NEXT = f"{_ALL} where reminders.next_at <= :now order by reminders.next_at limit :n"
_AGAIN = _DUE.format(
    more=", occurrences.id as occurrence, occurrences.local_date, occurrences.again_at",
    source="occurrences join reminders on reminders.id = occurrences.reminder",
)
_AGAIN = f"{_AGAIN} where occurrences.again_at <= :now limit :n"


def plan(db: Database, vault: Vault, now: datetime) -> list[int]:
    """Turns what has come due into occurrences, with what is to be sent for them. Gives the occurrences."""
    _mind_the_clock(db, now)
    planned = []
    for query, take in ((_NEXT, _take), (_AGAIN, _take_again)):
        batch = range(AT_ONCE)
        while len(batch) == AT_ONCE:
            with store.writing(db):
                batch = store.rows(db, query, now=clock.stamp(now), n=AT_ONCE)
                for reminder in batch:
                    planned += take(db, vault, reminder, now)
    return planned


def _mind_the_clock(db: Database, now: datetime) -> None:
    """After a clock that ran ahead was put back nothing would ring until the day it had reached: all is planned anew.
    A day that has had its occurrence does not get another."""
    last = store.row(db, "select at from pulse where name = 'plan'")
    if last and clock.moment(last["at"]) > now + PUT_BACK:
        with store.writing(db):
            for reminder in store.rows(
                db, _DUE.format(more="", source="reminders") + "where next_at > :now", now=clock.stamp(now)
            ):
                _plan_anew(db, reminder, now)
    store.beat(db, "plan", clock.stamp(now))


def _plan_anew(db: Database, reminder: dict, now: datetime) -> None:
    if KINDS[reminder["kind"]].rung:
        news.ring_after(db, reminder, None, now)
    elif reminder["zone"] is not None:
        rows.set_next(db, reminder, reminder["zone"], now - moments.TOO_LATE)


def _take(db: Database, vault: Vault, reminder: dict, now: datetime) -> list[int]:
    if reminder["zone"] is None:  # who left, or never agreed
        _stop(db, reminder, now)
        return []
    try:
        came, coming = _days(reminder, now)
        halve = _goes_unanswered(db, reminder)
        if halve:
            came.pop()
        verdicts = [_verdict(db, vault, reminder, day, moment, now) for day, moment in came]
    except (ValueError, LookupError, Broken):
        log.warning("reminder %s cannot be planned; it is tried again in an hour", reminder["id"])
        rows.ring_at(db, reminder, reminder["next_day"], now + ASIDE)
        return []
    rows.ring_at(db, reminder, *coming)
    if halve:
        store.change(
            db,
            "update reminders set halved = 1, asked_at = :now where id = :id",
            now=clock.stamp(now),
            id=reminder["id"],
        )
    if KINDS[reminder["kind"]].rung and verdicts[0] in ("missed", "full", "paused"):
        news.ring_after(db, reminder, _last_without(reminder, came[0][0]), now)
        return []
    kept = [_keep(db, vault, reminder, *when, verdict, now) for when, verdict in zip(came, verdicts, strict=True)]
    return [occurrence for occurrence in kept if occurrence]


def _stop(db: Database, reminder: dict, now: datetime) -> None:
    """What waits for something to happen may be wanted again: a counsellor's next family shares too."""
    if KINDS[reminder["kind"]].rung:
        rows.ring_at(db, reminder, None, None)
    else:
        reminders.finish(db, reminder["id"], now)


def _last_without(reminder: dict, day: date) -> date:
    """What happened is not bound to a day: it is told on the first that has room for it, after a pause too."""
    first_again = reminder["paused_until"]
    return max(day, date.fromisoformat(first_again) - timedelta(days=1)) if first_again else day


def _days(reminder: dict, now: datetime) -> tuple[list, tuple]:
    """Each agreed day that has come since the last, a fortnight back at most; and the next to come."""
    day, moment = date.fromisoformat(reminder["next_day"]), clock.moment(reminder["next_at"])
    if KINDS[reminder["kind"]].rung:
        return [(day, moment)], (None, None)
    how = (reminder["at"], reminder["days"], reminder["zone"])
    if moment < now - BACK:
        day, moment = moments.next_moment(*how, day, now - BACK)
    came = []
    while moment <= now:
        came.append((day, moment))
        day, moment = moments.next_moment(*how, day, moment, bool(reminder["halved"]))
    return came, (day, moment)


def _goes_unanswered(db: Database, reminder: dict) -> bool:
    """Whether the last three that arrived were met with nothing. Who has been in the app since has seen them."""
    if reminder["halved"] or KINDS[reminder["kind"]].rung:
        return False
    latest = store.rows(
        db,
        """select rang_at, answered_at from occurrences where reminder = :id and state = 'sent'
           order by local_date desc limit :n""",
        id=reminder["id"],
        n=UNANSWERED,
    )
    seen = store.row(db, "select max(seen_at) as at from sessions where account = :id", id=reminder["account"])["at"]
    since = clock.stamp(clock.moment(seen) + TOUCH) if seen else ""  # being here is written down once an hour
    return len(latest) == UNANSWERED and all(one["answered_at"] is None and one["rang_at"] > since for one in latest)


def _verdict(db: Database, vault: Vault, reminder: dict, day: date, moment: datetime, now: datetime) -> str:
    zone, quiet = reminder["zone"], (reminder["quiet_from"], reminder["quiet_until"])
    if day.isoformat() < (reminder["paused_until"] or "") or day.isoformat() == reminder["quiet_day"]:
        return "paused"
    if done.is_done(db, vault, reminder, day):
        return "silent"
    if moments.is_too_late(day, moment, now, zone) or moments.is_quiet(now, zone, quiet):
        return "missed"
    rang = store.row(
        db,
        f"""select count(*) as n from occurrences
            where account = :account and local_date = :day and state in {RANG} and reminder <> :id""",
        account=reminder["account"],
        day=day.isoformat(),
        id=reminder["id"],
    )
    return "full" if rang["n"] >= reminder["most"] else "going"


def _keep(
    db: Database, vault: Vault, reminder: dict, day: date, moment: datetime, verdict: str, now: datetime
) -> int | None:
    """One per reminder and day. What was missed never rang: should its day come again, it still may."""
    found = store.row(
        db,
        """insert into occurrences (uid, reminder, account, family, local_date, due_at, state, rang_at)
           values (:uid, :reminder, :account, :family, :day, :due, :state, :rang)
           on conflict (reminder, local_date) do update
             set state = excluded.state, due_at = excluded.due_at, rang_at = excluded.rang_at
             where occurrences.state = 'missed' and excluded.state <> 'missed'
           returning id""",
        uid=rows.new_uid(),
        reminder=reminder["id"],
        account=reminder["account"],
        family=reminder["family"],
        day=day.isoformat(),
        due=clock.stamp(moment),
        state=verdict,
        rang=clock.stamp(now) if verdict == "going" else None,
    )
    if found and verdict == "going":
        deliveries.queue(db, vault, found["id"], reminder["account"], now)
    return found and found["id"]


def _take_again(db: Database, vault: Vault, reminder: dict, now: datetime) -> list[int]:
    """‘Later’ has come: the same occurrence, once more, unless that is no longer wanted."""
    day, moment = date.fromisoformat(reminder["local_date"]), clock.moment(reminder["again_at"])
    verdict = "paused" if reminder["zone"] is None else _verdict(db, vault, reminder, day, moment, now)
    store.change(
        db,
        "update occurrences set state = :state, again_at = null, rang_at = :now where id = :id",
        state=verdict,
        now=clock.stamp(now),
        id=reminder["occurrence"],
    )
    if verdict == "going":
        deliveries.queue(db, vault, reminder["occurrence"], reminder["account"], now)
    return [reminder["occurrence"]]
