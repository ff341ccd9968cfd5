"""The agreement on reminding, of one person in one diary: what rings when, when it is quiet, and for how long not.

Nothing rings before there is one. Whoever it is for changes it alone.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfoNotFoundError

from sqlite_utils import Database

from diary import clock, store
from diary.journal import terms
from diary.people.access import LEFT, MINE
from diary.people.sessions import Viewer
from diary.reminders import moments, rows
from diary.reminders.kinds import EVERY_DAY, KINDS
from diary.reminders.rows import Reminder
from diary.texts import N_, Refused, clean

QUIET = ("21:30", "06:30")
MOST = 2
LONGEST_LABEL = 60
MANY = 12  # of what one may have several of; the other parent can add to them too
FULL = N_("Er staan al twaalf eigen momenten. Zet er eerst een uit; wat je typte staat er nog.")


@dataclass(frozen=True)
class Agreement:
    agreed: bool
    zone: str
    quiet_from: str = QUIET[0]
    quiet_until: str = QUIET[1]
    most: int = MOST
    paused_until: date | None = None  # the first day on which things ring again
    quiet_day: date | None = None  # ‘not today’
    reminders: tuple[Reminder, ...] = ()

    @property
    def quiet(self) -> tuple[str, str]:
        return self.quiet_from, self.quiet_until

    @property
    def asking(self) -> Reminder | None:
        """What halved itself, and waits to hear whether that is right."""
        return next((reminder for reminder in self.reminders if reminder.asked), None)


def of(db: Database, viewer: Viewer) -> Agreement:
    found = store.row(db, f"select * from reminding where {rows.OWN}", **rows.me(viewer))
    if found is None:
        return Agreement(agreed=False, zone=viewer.zone)
    return Agreement(
        agreed=True,
        zone=found["zone"],
        quiet_from=found["quiet_from"],
        quiet_until=found["quiet_until"],
        most=found["most"],
        paused_until=found["paused_until"] and date.fromisoformat(found["paused_until"]),
        quiet_day=found["quiet_day"] and date.fromisoformat(found["quiet_day"]),
        reminders=tuple(rows.opened(viewer, row, found["zone"]) for row in rows.live(db, viewer)),
    )


def save(
    db: Database,
    viewer: Viewer,
    now: datetime,
    quiet_from: str = QUIET[0],
    quiet_until: str = QUIET[1],
    most: int = MOST,
    zone: str = "",
) -> None:
    """Changes the hours and how many. Raises Refused, also where something agreed on would then never ring."""
    zone = zone or viewer.zone
    errors = {
        name: N_("Kies een tijd, bijvoorbeeld 21:30.")
        for name, wall in (("quiet_from", quiet_from), ("quiet_until", quiet_until))
        if not _is_time(wall)
    }
    if most not in (1, MOST):
        errors["most"] = N_("Kies één of twee per dag. Meer wordt het nooit.")
    if not _is_zone(zone):
        errors["zone"] = N_("Deze tijdzone kennen we niet. Kies er een uit de lijst.")
    if errors:
        raise Refused(errors)
    with store.writing(db):
        live = rows.live(db, viewer)
        timed = (row["at"] for row in live if not KINDS[row["kind"]].rung)
        if any(moments.is_quiet_at(at, (quiet_from, quiet_until)) for at in timed):
            raise Refused({"quiet_from": N_("Dan is het stil op een tijd die je afsprak. Verander eerst die tijd.")})
        _agree(db, viewer, now)
        db.execute(
            f"""update reminding set quiet_from = :quiet_from, quiet_until = :quiet_until, most = :most, zone = :zone
                where {rows.OWN}""",
            {**rows.me(viewer), "quiet_from": quiet_from, "quiet_until": quiet_until, "most": most, "zone": zone},
        )
        for row in live:
            rows.set_next(db, row, zone, now)


def pause(db: Database, viewer: Viewer, until: date | None, now: datetime) -> None:
    """‘Not now’: nothing rings before this day. None: it rings again."""
    if until is not None and until <= clock.today(now, of(db, viewer).zone):
        raise Refused({"paused_until": N_("Kies een dag die nog komt.")})
    with store.writing(db):
        _agree(db, viewer, now)
        db.execute(
            f"update reminding set paused_until = :until where {rows.OWN}",
            {**rows.me(viewer), "until": until and until.isoformat()},
        )


def add(
    db: Database,
    viewer: Viewer,
    kind: str,
    at: str,
    days: str,
    now: datetime,
    child: int | None = None,
    situation: str | None = None,
    label: str = "",
    others: Collection[int] = (),
) -> str:
    """Agrees on one more, and gives its uid; what was agreed on already is changed. Raises Refused.

    `others` are adults of the family to be reminded of it too; of them only who agreed to reminders is.
    """
    label = clean(label)
    with store.writing(db):
        if errors := _wrong(db, viewer, kind, at, days) | _wrong_about(kind, situation, label):
            raise Refused(errors)
        _agree(db, viewer, now)
        for same in of(db, viewer).reminders:
            about = (same.child, same.situation, same.label) == (child, situation, label)
            if same.kind == kind and (not KINDS[kind].several or (about and same.at == at)):
                change(db, viewer, same.uid, at, days, now)
                return same.uid
        if _is_full(db, viewer, kind, viewer.id):
            raise Refused({"at": FULL})
        what = (viewer.family, kind, at, _sorted(days), now, child, situation, label, viewer.seal)
        if KINDS[kind].several:  # the rest is everyone's own
            for other in set(others) & agreeing(db, viewer):
                if not _is_full(db, viewer, kind, other):
                    rows.insert(db, other, *what)
        return rows.insert(db, viewer.id, *what)


def _is_full(db: Database, viewer: Viewer, kind: str, account: int) -> bool:
    """Whether this person has enough of them: nobody fills the list of another without end."""
    live = "account = :account and family is :family and kind = :kind and ended_at is null"
    found = store.row(
        db,
        f"select count(*) as n from reminders where {live}",
        account=account,
        family=viewer.family,
        kind=kind,
    )
    return KINDS[kind].several and found["n"] >= MANY


def agreeing(db: Database, viewer: Viewer) -> set[int]:
    """The other adults of this diary who agreed to reminders."""
    found = store.rows(
        db,
        f"""select reminding.account from reminding
            join memberships on memberships.account = reminding.account and memberships.family = reminding.family
            where reminding.family = ({MINE}) and memberships.state = 'confirmed' and memberships.role = 'parent'
              and reminding.account <> :viewer""",
        **rows.me(viewer),
    )
    return {row["account"] for row in found}


def change(db: Database, viewer: Viewer, uid: str, at: str, days: str, now: datetime) -> bool:
    """Another time, other days. It rings as often as agreed again, and its question is answered."""
    with store.writing(db):
        row = rows.one(db, viewer, uid)
        if row is None:
            return False
        if errors := _wrong(db, viewer, row["kind"], at, days):
            raise Refused(errors)
        _look_anew(db, viewer, row | {"at": at, "days": _sorted(days), "halved": False}, now)
    return True


def keep(db: Database, viewer: Viewer, uid: str, halved: bool, now: datetime) -> bool:
    """The answer to its question where the time is right: go on as now, or as often as before."""
    with store.writing(db):
        row = rows.one(db, viewer, uid)
        if row is None:
            return False
        _look_anew(db, viewer, row | {"halved": halved}, now)
    return True


def end(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Also for what still waits to go out. Repeats are harmless."""
    with store.writing(db):
        row = rows.one(db, viewer, uid)
        if row is None:
            return False
        finish(db, row["id"], now)
    return True


def finish(db: Database, reminder: int, now: datetime) -> None:
    store.change(
        db,
        "update reminders set ended_at = :now, next_at = null, label = null where id = :id",
        now=clock.stamp(now),
        id=reminder,
    )
    store.change(db, "delete from deliveries where reminder = :id and state = 'waiting'", id=reminder)


def _look_anew(db: Database, viewer: Viewer, row: dict, now: datetime) -> None:
    """Its person has just looked at it: what went unanswered so far no longer counts."""
    store.change(
        db,
        "update reminders set at = :at, days = :days, halved = :halved, asked_at = null where id = :id",
        at=row["at"],
        days=row["days"],
        halved=row["halved"],
        id=row["id"],
    )
    store.change(
        db,
        """update occurrences set answer = 'opened', answered_at = :now
           where reminder = :id and answered_at is null""",
        id=row["id"],
        now=clock.stamp(now),
    )
    if not row["halved"]:
        rows.set_next(db, row, of(db, viewer).zone, now)


def _wrong(db: Database, viewer: Viewer, kind: str, at: str, days: str) -> dict[str, str]:
    if kind not in KINDS or KINDS[kind].ours != (viewer.family is not None):
        return {"kind": N_("Deze herinnering kennen we niet. Kies er een uit de lijst.")}
    errors = {}
    if not _is_time(at):
        errors["at"] = N_("Kies een tijd, bijvoorbeeld 19:30.")
    elif moments.is_quiet_at(at, of(db, viewer).quiet):
        errors["at"] = N_("Op deze tijd is het stil. Kies een andere tijd, of verander eerst je stille uren.")
    if not set(days) & set(EVERY_DAY) or set(days) - set(EVERY_DAY):
        errors["days"] = N_("Kies minstens één dag.")
    return errors


def _wrong_about(kind: str, situation: str | None, label: str) -> dict[str, str]:
    errors = {}
    if kind == "own" and not label:
        errors["label"] = N_("Geef het een naam van een of twee woorden, bijvoorbeeld voorlezen.")
    elif len(label) > LONGEST_LABEL:
        errors["label"] = N_("Houd het op 60 tekens; een of twee woorden is genoeg.")
    if (kind == "risk" or situation) and situation not in terms.SITUATION:
        errors["situation"] = N_("Deze situatie kennen we niet. Kies er een uit de lijst.")
    return errors


def _sorted(days: str) -> str:
    return "".join(sorted(set(days)))


def _is_time(text: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII) is not None


def _is_zone(name: str) -> bool:
    try:
        return bool(clock.zone(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _agree(db: Database, viewer: Viewer, now: datetime) -> None:
    if viewer.family is not None and store.row(db, MINE, **rows.me(viewer)) is None:
        raise Refused({"kind": LEFT})
    begin(db, viewer.id, viewer.family, viewer.zone, now)


def begin(db: Database, account: int, family: int | None, zone: str, now: datetime) -> bool:
    """The first yes. From then on also rings what comes from others, until that is ended."""
    first = store.change(
        db,
        """insert into reminding (account, family, zone, quiet_from, quiet_until, most, agreed_at)
           values (:account, :family, :zone, :quiet_from, :quiet_until, :most, :now) on conflict do nothing""",
        account=account,
        family=family,
        zone=zone,
        quiet_from=QUIET[0],
        quiet_until=QUIET[1],
        most=MOST,
        now=clock.stamp(now),
    )
    for name, kind in KINDS.items():
        if first and kind.rung and kind.ours == (family is not None):
            rows.insert(db, account, family, name, kind.at, kind.days, now)
    return bool(first)
