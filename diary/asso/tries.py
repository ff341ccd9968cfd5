"""What a parent tried, and whether it helped. It counts reactions, never the child."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.journal import entries
from diary.people import access
from diary.people.sessions import Viewer

HELPED = {"yes": 2, "bit": 1, "not_yet": 0}
OPEN = timedelta(hours=30)  # how long ‘Did it help?’ is still asked
_LATELY = timedelta(days=3)  # what was shown since is not offered first again
_STILL_READING = timedelta(minutes=30)  # but stays where it is while someone looks at it
_REMEMBERED = timedelta(days=400)


@dataclass(frozen=True)
class Try:
    uid: str
    child: int | None
    situation: str
    suggestion: str
    entry: str | None
    tried_at: str
    helped: int | None


@dataclass(frozen=True)
class Count:
    """How often it was tried, and how often it helped, a little or well."""

    times: int = 0
    helped: int = 0

    @property
    def share(self) -> float:
        """Between 0 and 1; a half where nothing is known yet."""
        return (self.helped + 1) / (self.times + 2)


def begin(db: Database, viewer: Viewer, attempt: Try, said: dict[str, str], now: datetime) -> None:
    """Keeps the try, and what was said on the entry it was for. Repeats are harmless; the latest answer counts."""
    with store.writing(db):
        alike = (t for t in waiting(db, viewer, now) if _about(t) == _about(attempt))
        if asked := next(alike, None):  # ‘ask me later’, and then back and answered after all
            attempt = replace(attempt, uid=asked.uid)
        store.change(
            db,
            """insert into tries (uid, family, account, child, situation, suggestion, entry, tried_at, helped)
               values (:uid, :family, :account, :child, :situation, :suggestion, :entry, :tried_at, :helped)
               on conflict (family, account, uid)
               do update set helped = coalesce(excluded.helped, helped), entry = coalesce(excluded.entry, entry)""",
            family=viewer.family,
            account=viewer.id,
            **vars(attempt),
        )
        entry = attempt.entry and entries.own(db, viewer, attempt.entry)
        if entry and entry.shared == "me":  # one's own sentences are private; what is shared one fills in by hand
            entries.react(db, viewer, entry, said, now)


def _about(attempt: Try) -> tuple:
    return attempt.child, attempt.situation, attempt.suggestion, attempt.entry


def answer(db: Database, viewer: Viewer, uid: str, helped: int) -> bool:
    own = f"family = ({access.MINE}) and account = :viewer and uid = :uid"
    return (
        store.change(db, f"update tries set helped = :helped where {own}", **_me(viewer), uid=uid, helped=helped) == 1
    )


def waiting(db: Database, viewer: Viewer, now: datetime) -> list[Try]:
    """What was tried today or last night and has no answer yet, latest first."""
    return _own(db, viewer, "and helped is null and tried_at > :since", since=clock.stamp(now - OPEN))


def ever(db: Database, viewer: Viewer) -> list[Try]:
    """All that is remembered, latest first."""
    return _own(db, viewer, "")


def since(db: Database, viewer: Viewer, situation: str, child: int | None, moment: datetime) -> bool:
    """Whether the viewer tried something in this situation from this moment on."""
    where = "and situation = :situation and (:child is null or child is :child) and tried_at >= :since"
    return bool(_own(db, viewer, where, situation=situation, child=child, since=clock.stamp(moment)))


def counts(db: Database, viewer: Viewer, child: int | None, now: datetime) -> dict[tuple[str, str], Count]:
    """By situation and suggestion: what helped this child before."""
    return _counts(db, viewer, now, "and child is :child", child=child)


def counts_of_all(db: Database, viewer: Viewer, now: datetime) -> dict[tuple[str, str], Count]:
    """The same, whichever child it was for."""
    return _counts(db, viewer, now, "")


def _counts(db: Database, viewer: Viewer, now: datetime, where: str, **named) -> dict[tuple[str, str], Count]:
    found = store.rows(
        db,
        f"""select situation, suggestion, count(*) as times, sum(helped > 0) as helped from tries
            where family = ({access.MINE}) and account = :viewer {where}
              and helped is not null and tried_at > :since
            group by situation, suggestion""",
        **_me(viewer),
        **named,
        since=clock.stamp(now - _REMEMBERED),
    )
    return {(row["situation"], row["suggestion"]): Count(row["times"], row["helped"]) for row in found}


def show(db: Database, viewer: Viewer, suggestion: str, now: datetime) -> None:
    """Remembers that this was on the screen, so that next time another comes first."""
    store.change(
        db,
        """insert into shown (family, account, suggestion, shown_at) values (:family, :account, :suggestion, :at)
           on conflict (family, account, suggestion) do update set shown_at = excluded.shown_at""",
        family=viewer.family,
        account=viewer.id,
        suggestion=suggestion,
        at=clock.stamp(now),
    )


def shown(db: Database, viewer: Viewer, now: datetime) -> dict[str, str]:
    found = store.rows(
        db,
        f"""select suggestion, shown_at from shown
            where family = ({access.MINE}) and account = :viewer and shown_at between :since and :until""",
        **_me(viewer),
        since=clock.stamp(now - _LATELY),
        until=clock.stamp(now - _STILL_READING),
    )
    return {row["suggestion"]: row["shown_at"] for row in found}


def _own(db: Database, viewer: Viewer, where: str, **named) -> list[Try]:
    found = store.rows(
        db,
        f"""select uid, child, situation, suggestion, entry, tried_at, helped from tries
            where family = ({access.MINE}) and account = :viewer {where} order by tried_at desc""",
        **_me(viewer),
        **named,
    )
    return [Try(**row) for row in found]


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
