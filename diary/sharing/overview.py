"""What an author shares, as a whole: read already or not, waiting for a session, and taken back lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.journal.rows import Entry, opened
from diary.people import access
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.sharing import shares
from diary.sharing.shares import Share

LATEST = 12
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Shared:
    entry: Entry
    share: Share


@dataclass(frozen=True)
class Overview:
    open: list[Shared]
    waiting: list[Shared]  # for the session
    taken: list[Entry]
    more: int  # open ones that are not in the list


def of(db: Database, viewer: Viewer, now: datetime) -> Overview:
    living = shares.living(db, viewer, now, "order by shares.given_at desc, shares.id desc")
    lately = _taken(db, viewer, now)
    open_ones = [share for share in living if share.open]
    waiting = [share for share in living if not share.open]
    entries = _entries(db, viewer, {share.entry for share in (*open_ones[:LATEST], *waiting)} | lately)
    return Overview(
        open=[Shared(entries[share.entry], share) for share in open_ones[:LATEST] if share.entry in entries],
        waiting=[Shared(entries[share.entry], share) for share in waiting if share.entry in entries],
        taken=[entry for number, entry in entries.items() if number in lately],
        more=max(0, len(open_ones) - LATEST),
    )


def ever(db: Database, viewer: Viewer) -> dict[int, list[dict]]:
    """Every consent this author gave here, by the row of its entry, also what was taken back. What was held back
    before it ever opened was none."""
    found = store.rows(
        db,
        f"""select shares.entry, accounts.name as counsellor, practices.name as practice, shares.version, shares.step,
                   shares.feeling, shares.told, shares.given_at, shares.opens_on, shares.opened_at, shares.answer_by,
                   shares.read_at, shares.answered_at, shares.filed_at, shares.taken_at
            from shares join memberships as tie on tie.id = shares.membership
            join accounts on accounts.id = tie.account left join practices on practices.id = accounts.practice
            where shares.account = :viewer and shares.family = ({MINE}) and shares.given_at is not shares.taken_at
            order by shares.id""",
        viewer=viewer.id,
        family=viewer.family,
    )
    given: dict[int, list[dict]] = {}
    for row in found:
        given.setdefault(row.pop("entry"), []).append(row | {"feeling": bool(row["feeling"])})
    return given


def _entries(db: Database, viewer: Viewer, numbers: set[int]) -> dict[int, Entry]:
    """Own entries by row, latest first."""
    return {row["id"]: opened(viewer, row) for row in access.own_rows(db, viewer, numbers)}


def _taken(db: Database, viewer: Viewer, now: datetime) -> set[int]:
    """Entries (by row) that were taken back in the last days, and are shared with nobody now."""
    found = store.rows(
        db,
        f"""select entry from shares where account = :viewer and family = ({MINE}) and given_at is not taken_at
            group by entry having count(*) = count(taken_at) and max(taken_at) > :since""",
        viewer=viewer.id,
        family=viewer.family,
        since=clock.stamp(now - LATELY),
    )
    return {row["entry"] for row in found}
