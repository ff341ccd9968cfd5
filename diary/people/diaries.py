"""Every diary of one parent: what is asked of the open one can be asked of each."""

from dataclasses import replace

from sqlite_utils import Database

from diary import store
from diary.people.sessions import Viewer
from diary.vault import Broken, Vault


def of(db: Database, vault: Vault, viewer: Viewer) -> list[Viewer]:
    """The same parent in each diary they are in, the open one first; with its key in hand, unless that is damaged."""
    found = store.rows(
        db,
        """select families.id, families.uid, families.zone, families.key
           from memberships join families on families.id = memberships.family
           where memberships.account = :viewer and memberships.state = 'confirmed' and memberships.role = 'parent'
           order by families.id is not :open, memberships.id""",
        viewer=viewer.id,
        open=viewer.family,
    )
    return [_seat(vault, viewer, row) for row in found]


def _seat(vault: Vault, viewer: Viewer, row: dict) -> Viewer:
    try:
        seal = vault.seal(row["key"], row["uid"])
    except Broken:
        seal = None
    return replace(viewer, family=row["id"], family_uid=row["uid"], zone=row["zone"], seal=seal)
