"""Who sits at a family's table: a parent, or a counsellor at the desk; and what everyone around it is called."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from diary import store
from diary.people import children, families, looks, ties
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.vault import Vault


@dataclass(frozen=True)
class Seat:
    viewer: Viewer
    base: str  # where this family's pages stand
    kids: dict[int, str]
    uids: dict[int, str]
    names: dict[int, str]
    desk: bool = False

    @property
    def numbers(self) -> dict[str, int]:
        return {uid: number for number, uid in self.uids.items()}

    @property
    def who(self) -> dict[str, dict]:
        """Names for the cards of entries, where there is more than one to tell apart. A parent reads one voice."""
        parents = {number: name for number, name in self.names.items() if number != self.viewer.id}
        return {
            "kids": self.kids if len(self.kids) > 1 else {},
            "authors": parents if self.desk and len(parents) > 1 else {},
        }


def of_parent(db: Database, viewer: Viewer, now: datetime, base: str = "") -> Seat:
    reading = {tie.account: tie.name for tie in ties.reading(db, viewer, now)}
    return _seat(viewer, base, children.of_family(db, viewer), families.names(db, viewer) | reading)


def of_counsellor(db: Database, vault: Vault, viewer: Viewer, family: str, now: datetime) -> Seat | None:
    """With this family open. Who may not is written down, and learns nothing."""
    visitor = families.visit(db, vault, viewer, family, now)
    if visitor is None:
        _refuse(db, vault, viewer, family, now)
        return None
    around = _parents(db, visitor) | {visitor.id: visitor.name}
    return _seat(visitor, f"/counsellor/{family}", children.covered(db, visitor), around, desk=True)


def in_place_of(viewer: Viewer, counsellor: Tie) -> Viewer:
    """The parent in the counsellor's place, so that the same queries answer."""
    return replace(
        viewer,
        id=counsellor.account,
        role="counsellor",
        membership=counsellor.membership,
        children=counsellor.children,
    )


def _seat(viewer: Viewer, base: str, kids: list[children.Child], names: dict[int, str], desk: bool = False) -> Seat:
    called, uids = {kid.id: kid.name for kid in kids}, {kid.id: kid.uid for kid in kids}
    return Seat(viewer, base, called, uids, names, desk)


def _parents(db: Database, visitor: Viewer) -> dict[int, str]:
    """The adults of the family, by account; also who has left."""
    found = store.rows(
        db,
        """select accounts.id, accounts.name from memberships as tie
           join memberships on memberships.family = tie.family and memberships.role = 'parent'
                and memberships.confirmed_at is not null
           join accounts on accounts.id = memberships.account
           where tie.id = :membership and tie.account = :viewer and tie.state = 'confirmed'
           order by memberships.id""",
        membership=visitor.membership,
        viewer=visitor.id,
    )
    return {row["id"]: row["name"] for row in found}


def _refuse(db: Database, vault: Vault, viewer: Viewer, family: str, now: datetime) -> None:
    """For the family and the practice: somebody without a tie wanted to read."""
    with looks.reading(db):
        if found := store.row(db, "select id from families where uid = :uid", uid=family):
            looks.write(db, replace(viewer, family=found["id"]), "refused", [], now, "refused", house=vault)
