"""Who reads along with this family now, as a parent sees it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal.rows import Entry
from diary.people.access import MINE
from diary.people.sessions import Viewer


@dataclass(frozen=True)
class Counsellor:
    membership: int
    account: int
    uid: str  # what an address calls this tie by
    name: str
    practice: str | None
    since: date | None
    until: date | None
    children: frozenset[int]

    def reads(self, entry: Entry) -> bool:
        """Whether the tie is about the child of this entry. A dagcheck is about the parent."""
        return entry.child is None or entry.child in self.children


def of(db: Database, viewer: Viewer, now: datetime) -> list[Counsellor]:
    """The confirmed counsellors whose tie is in its days today."""
    found = store.rows(
        db,
        f"""select tie.id as membership, tie.account, accounts.name, practices.name as practice,
                   tie.from_day as since, tie.until_day as until,
                   (select group_concat(child) from ties where membership = tie.id) as children
            from memberships as tie join accounts on accounts.id = tie.account
            left join practices on practices.id = accounts.practice
            where tie.family = ({MINE}) and tie.role = 'counsellor' and tie.state = 'confirmed'
              and accounts.ended_at is null
              and coalesce(tie.from_day, '') <= :today and coalesce(tie.until_day, '9') >= :today
            order by tie.id""",
        viewer=viewer.id,
        family=viewer.family,
        today=clock.today(now, viewer.zone).isoformat(),
    )
    return [_read(viewer, row) for row in found]


def _read(viewer: Viewer, row: dict) -> Counsellor:
    return Counsellor(
        **row
        | {
            "uid": viewer.seal.uid("tie", row["membership"]),
            "since": row["since"] and date.fromisoformat(row["since"]),
            "until": row["until"] and date.fromisoformat(row["until"]),
            "children": frozenset(int(child) for child in (row["children"] or "").split(",") if child),
        }
    )


def find(db: Database, viewer: Viewer, uid: str, now: datetime) -> Counsellor | None:
    """The one this address means; with one counsellor there is nothing to choose."""
    known = of(db, viewer, now)
    if not uid and len(known) == 1:
        return known[0]
    return next((one for one in known if one.uid == uid), None)
