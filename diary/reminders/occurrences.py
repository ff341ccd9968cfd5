"""What rang, day by day, and what its person said to it: the inbox in the app."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import Viewer
from diary.reminders import moments, reminding, rows
from diary.texts import N_, Refused

ANSWERS = ("opened", "later", "not_today", "done")
LATELY = timedelta(days=14)
LATER = timedelta(minutes=30)


@dataclass(frozen=True)
class Occurrence:
    uid: str
    reminder: str
    kind: str
    label: str
    child: int | None
    situation: str | None
    day: date
    due: datetime  # on its person's clock
    state: str
    answer: str | None
    again: datetime | None
    mailed: bool  # it came by mail, since no notification arrived

    @property
    def open(self) -> bool:
        """Whether it rang and was not answered yet."""
        return self.state in ("going", "sent", "failed") and self.answer in (None, "later")


def lately(db: Database, viewer: Viewer, now: datetime) -> list[Occurrence]:
    """Of the last fortnight, latest first."""
    return _found(db, viewer, "and occurrences.due_at > :since", since=clock.stamp(now - LATELY))


def ever(db: Database, viewer: Viewer) -> list[Occurrence]:
    """All that is remembered, latest first."""
    return _found(db, viewer, "")


def of_day(db: Database, viewer: Viewer, day: date) -> list[Occurrence]:
    return _found(db, viewer, "and occurrences.local_date = :day", day=day.isoformat())


def elsewhere(db: Database, viewer: Viewer, day: date) -> set[int]:
    """Other diaries of this person in which something of that day waits. A notification does not say whose it is."""
    found = store.rows(
        db,
        """select distinct family from occurrences
           where account = :viewer and local_date = :day and family <> :family
             and state in ('going', 'sent', 'failed') and coalesce(answer, 'later') = 'later'""",
        day=day.isoformat(),
        **rows.me(viewer),
    )
    return {row["family"] for row in found}


def answer(db: Database, viewer: Viewer, uid: str, said: str, now: datetime) -> bool:
    """Repeats are harmless. Raises Refused where ‘later’ would be too late, or would be the second time."""
    if said not in ANSWERS:
        raise Refused({"answer": N_("Dit antwoord kennen we niet. Kies er een van de knoppen.")})
    with store.writing(db):
        found = next(iter(_found(db, viewer, "and occurrences.uid = :uid", uid=uid)), None)
        if found is None:
            return False
        if said == "later":
            _again(db, viewer, found, now)
        elif found.answer is None or said != "opened":
            _close(db, viewer, found, said, now)
        if said == "not_today":
            _be_quiet(db, viewer, found.day)
    return True


def do_ahead(db: Database, viewer: Viewer, reminder: str, now: datetime) -> bool:
    """Done before it rang: today it stays silent; after it rang this is the answer. Repeats are harmless."""
    zone = reminding.zone(db, viewer)
    with store.writing(db):
        row = rows.one(db, viewer, reminder)
        if row is None:
            return False
        day = clock.today(now, zone)
        if found := next((one for one in of_day(db, viewer, day) if one.reminder == reminder), None):
            _close(db, viewer, found, "done", now)
            return True
        store.change(
            db,
            """insert into occurrences (uid, reminder, account, family, local_date, due_at, state,
                                        answer, answered_at)
               values (:uid, :id, :viewer, :family, :day, :due, 'silent', 'done', :now)
               on conflict (reminder, local_date) do nothing""",
            uid=rows.new_uid(),
            id=row["id"],
            day=day.isoformat(),
            due=clock.stamp(clock.at(day, time.fromisoformat(row["at"]), zone)),
            now=clock.stamp(now),
            **rows.me(viewer),
        )
    return True


def _found(db: Database, viewer: Viewer, where: str, **named) -> list[Occurrence]:
    found = store.rows(
        db,
        f"""select occurrences.uid, reminders.uid as reminder, kind, label, child, situation, local_date, due_at,
                   state, answer, again_at,
                   coalesce((select zone from reminding where {rows.OWN}), :zone) as zone,
                   exists (select 1 from deliveries
                     where occurrence = occurrences.id and channel = 'mail') as mailed
            from occurrences join reminders on reminders.id = occurrences.reminder
            where occurrences.account = :viewer and occurrences.family is :family {where}
            order by occurrences.due_at desc, occurrences.id desc""",
        zone=viewer.zone,
        **rows.me(viewer),
        **named,
    )
    return [
        Occurrence(
            uid=row["uid"],
            reminder=row["reminder"],
            kind=row["kind"],
            label=rows.label(viewer.seal, row["label"], row["reminder"]),
            child=row["child"],
            situation=row["situation"],
            day=date.fromisoformat(row["local_date"]),
            due=clock.local(row["due_at"], row["zone"]),
            state=row["state"],
            answer=row["answer"],
            again=clock.local(row["again_at"], row["zone"]) if row["again_at"] else None,
            mailed=bool(row["mailed"]),
        )
        for row in found
    ]


def _again(db: Database, viewer: Viewer, found: Occurrence, now: datetime) -> None:
    if found.state == "held":
        return
    agreed, again = reminding.of(db, viewer), now + LATER
    local = again.astimezone(clock.zone(agreed.zone))
    too_late = local.date() != found.day or local.time() >= moments.LATEST
    if too_late or moments.is_quiet(again, agreed.zone, agreed.quiet):
        raise Refused({"answer": N_("Over een half uur is het te laat. Morgen is er weer een dag.")})
    if not found.open or found.answer == "later":
        raise Refused({"answer": N_("Straks kan één keer. Het blijft hier staan voor als het je uitkomt.")})
    _set(db, viewer, found, "held", "later", now, again)


def _close(db: Database, viewer: Viewer, found: Occurrence, said: str, now: datetime) -> None:
    """It has arrived, in any case: what still waits to go out need not go any more."""
    state = "sent" if found.state in ("going", "held", "failed") else found.state
    _set(db, viewer, found, state, said, now)


def _set(
    db: Database,
    viewer: Viewer,
    found: Occurrence,
    state: str,
    said: str,
    now: datetime,
    again: datetime | None = None,
) -> None:
    changed = store.row(
        db,
        """update occurrences set state = :state, answer = :said, answered_at = :now, again_at = :again
           where uid = :uid and account = :viewer returning id""",
        state=state,
        said=said,
        now=clock.stamp(now),
        again=again and clock.stamp(again),
        uid=found.uid,
        viewer=viewer.id,
    )
    store.change(db, "delete from deliveries where occurrence = :id and state = 'waiting'", id=changed["id"])


def _be_quiet(db: Database, viewer: Viewer, day: date) -> None:
    """The rest of this day."""
    named = {**rows.me(viewer), "day": day.isoformat()}
    store.change(db, f"update reminding set quiet_day = :day where {rows.OWN}", **named)
    store.change(
        db,
        f"""delete from deliveries where state = 'waiting' and occurrence in (
              select id from occurrences where {rows.OWN} and local_date = :day)""",
        **named,
    )
    store.change(
        db,
        f"""update occurrences set state = 'paused', again_at = null
            where {rows.OWN} and local_date = :day and state in ('going', 'held')""",
        **named,
    )
