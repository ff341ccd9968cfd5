"""Every diary of one parent: what is asked of the open one can be asked of each."""

from dataclasses import replace

from sqlite_utils import Database

from diary import store
from diary.people.sessions import Viewer
from diary.vault import Vault


def of(db: Database, vault: Vault, viewer: Viewer) -> list[Viewer]:
    """The same parent in each diary they are in, with its key in hand; the open one first."""
    found = store.rows(
        db,
        """select families.id, families.uid, families.zone, families.key
           from memberships join families on families.id = memberships.family
           where memberships.account = :viewer and memberships.state = 'confirmed' and memberships.role = 'parent'
           order by families.id is not :open, memberships.id""",
        viewer=viewer.id,
        open=viewer.family,
    )
    return [
        replace(
            viewer, family=row["id"], family_uid=row["uid"], zone=row["zone"], seal=vault.seal(row["key"], row["uid"])
        )
        for row in found
    ]
