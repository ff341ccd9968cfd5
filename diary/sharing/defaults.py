"""How a parent wants each kind to be shared from now on. An hour passes first, in which it can still be held back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.journal.rows import Entry
from diary.people import access, sessions, ties
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.sharing import consents, shares
from diary.vault import Vault

PAUSE = timedelta(hours=1)
LATE = timedelta(days=7)  # how long after a standstill it still follows


@dataclass(frozen=True)
class Pending:
    """What will be shared by itself, unless the parent says no."""

    counsellor: Tie
    step: str
    at: datetime


# Since when the viewer is in: who left and came back says anew what they want.
_IN = f"""select confirmed_at from memberships
          where account = :viewer and family = ({MINE}) and state = 'confirmed'"""


def choose(db: Database, viewer: Viewer, counsellor: Tie, steps: dict[str, str | None], now: datetime) -> None:
    """For what is written from now on. What was chosen already keeps its date."""
    with store.writing(db):
        for kind, step in steps.items():
            told = {"viewer": viewer.id, "family": viewer.family, "tie": counsellor.membership, "kind": kind}
            same = "account = :viewer and membership = :tie and kind = :kind"
            store.change(
                db,
                f"delete from share_defaults where {same} and (step is not :step or set_at < ({_IN}))",
                **told,
                step=step if step else "",
            )
            if step:
                store.change(
                    db,
                    f"""insert into share_defaults (account, membership, kind, step, told, set_at)
                        select :viewer, :tie, :kind, :step, :text, :at from ({MINE}) where true
                        on conflict do nothing""",
                    **told,
                    step=step,
                    text=shares.TOLD,
                    at=clock.stamp(now),
                )


def of(db: Database, viewer: Viewer) -> dict[tuple[int, str], str]:
    """The step, by tie and kind."""
    found = store.rows(
        db,
        f"select membership, kind, step from share_defaults where account = :viewer and set_at >= ({_IN})",
        viewer=viewer.id,
        family=viewer.family,
    )
    return {(row["membership"], row["kind"]): row["step"] for row in found}


def pending(db: Database, viewer: Viewer, entry: Entry, now: datetime) -> list[Pending]:
    """What will be shared of this own entry within the hour."""
    if consents.waits(db, viewer, entry.child, now):
        return []
    known = {one.membership: one for one in ties.reading(db, viewer, now)}
    mine = "and wanted.account = :viewer and entry.uid = :uid"
    rows = access.by_default(db, clock.stamp(now - LATE), clock.stamp(now), mine, viewer=viewer.id, uid=entry.uid)
    return [
        Pending(known[row["tie"]], row["step"], clock.local(row["saved_at"], viewer.zone) + PAUSE)
        for row in rows
        if row["tie"] in known
    ]


def hold(db: Database, viewer: Viewer, uid: str, counsellor: Tie, now: datetime) -> bool:
    """This one not: written down as a share that never was open."""
    with store.writing(db):
        row = access.own(db, viewer, uid)
        if row is None:
            return False
        if shares.find(db, viewer, uid, counsellor, now) is None:
            shares.add(db, viewer, row, counsellor, "session", False, now)
            shares.end(db, row["id"], counsellor.membership, now)
    return True


def follow(db: Database, vault: Vault, now: datetime) -> None:
    """Shares what has lain for an hour, as its author wanted. Every rule of a share by hand holds here too."""
    for row in access.by_default(db, clock.stamp(now - LATE), clock.stamp(now - PAUSE)):
        parent = sessions.absent(vault, {**row, "account": row["author"]})
        tie = next((one for one in ties.reading(db, parent, now) if one.membership == row["tie"]), None)
        if tie:
            shares.give(db, parent, row["uid"], tie, row["step"], False, now)
