"""What one person agreed to be reminded of in one diary: when it is quiet, how much a day, and for how long not.

Nothing rings before there is a first yes. Whoever it is for changes it alone.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from sqlite_utils import Database

from diary import clock, store
from diary.people.access import LEFT, MINE
from diary.people.sessions import Viewer
from diary.reminders import moments, rows
from diary.reminders.kinds import KINDS
from diary.reminders.rows import Reminder
from diary.texts import N_, Refused

QUIET = ("21:30", "06:30")
MOST = 2
SETTLED = timedelta(days=1)
NOT_AHEAD = N_("Kies een dag die nog komt.")


@dataclass(frozen=True)
class Reminding:
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

    def back_on(self, today: date) -> date | None:
        """The first day on which things ring again, where that is not today."""
        if self.paused_until and self.paused_until > today:
            return self.paused_until
        return today + timedelta(days=1) if self.quiet_day == today else None

    @property
    def asking(self) -> Reminder | None:
        """What halved itself, and waits to hear whether that is right."""
        return next((reminder for reminder in self.reminders if reminder.asked), None)


def of(db: Database, viewer: Viewer) -> Reminding:
    found = store.row(db, f"select * from reminding where {rows.OWN}", **rows.me(viewer))
    if found is None:
        return Reminding(agreed=False, zone=viewer.zone)
    return Reminding(
        agreed=True,
        zone=found["zone"],
        quiet_from=found["quiet_from"],
        quiet_until=found["quiet_until"],
        most=found["most"],
        paused_until=found["paused_until"] and date.fromisoformat(found["paused_until"]),
        quiet_day=found["quiet_day"] and date.fromisoformat(found["quiet_day"]),
        reminders=tuple(rows.opened(viewer, row, found["zone"]) for row in rows.live(db, viewer)),
    )


def zone(db: Database, viewer: Viewer) -> str:
    """By whose clock it rings."""
    found = store.row(db, f"select zone from reminding where {rows.OWN}", **rows.me(viewer))
    return found["zone"] if found else viewer.zone


def may_be_asked(db: Database, viewer: Viewer, now: datetime) -> bool:
    """Who has written here for a day or more, and has not said yes or no."""
    sql = f"select 1 from accounts where id = :viewer and created_at < :then and not exists ({_SAID})"
    return store.row(db, sql, then=clock.stamp(now - SETTLED), **rows.me(viewer)) is not None


_SAID = f"select 1 from reminding where {rows.OWN}"


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
        if not is_time(wall)
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
        agree(db, viewer, now)
        db.execute(
            f"""update reminding set quiet_from = :quiet_from, quiet_until = :quiet_until, most = :most, zone = :zone
                where {rows.OWN}""",
            {**rows.me(viewer), "quiet_from": quiet_from, "quiet_until": quiet_until, "most": most, "zone": zone},
        )
        for row in live:
            rows.set_next(db, row, zone, now)


def pause(db: Database, viewer: Viewer, until: date | None, now: datetime) -> None:
    """‘Not now’: nothing rings before this day. None: it rings again, today too."""
    if until is not None and until <= clock.today(now, of(db, viewer).zone):
        raise Refused({"paused_until": NOT_AHEAD})
    with store.writing(db):
        agree(db, viewer, now)
        db.execute(
            f"""update reminding set paused_until = :until, quiet_day = iif(:until is null, null, quiet_day)
                where {rows.OWN}""",
            {**rows.me(viewer), "until": until and until.isoformat()},
        )


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


def is_time(text: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII) is not None


def _is_zone(name: str) -> bool:
    try:
        return bool(clock.zone(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def agree(db: Database, viewer: Viewer, now: datetime) -> None:
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
