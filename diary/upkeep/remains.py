"""What becomes of rows of entries with nobody looking: emptied, forgotten, closed in a copy, tried for their seal.

No word of an entry leaves this module. Whatever is shown to someone is asked of people/access.
"""

from sqlite_utils import Database

from diary import store
from diary.vault import Broken, Vault


def empty_deleted(db: Database, before: str) -> int:
    """What was deleted before this moment loses its content and its versions; an empty tombstone stays."""
    with store.writing(db):
        gone = "select id from entry_rows where deleted_at < :before and body is not null"
        db.execute(f"delete from version_rows where entry in ({gone})", {"before": before})
        db.execute(f"delete from replies where entry in ({gone})", {"before": before})
        return db.execute(
            """update entry_rows set body = null, words = null, feeling = null, area = null, situation = null,
                 child = null, about = null, stub = 0, discuss_at = null
               where deleted_at < :before and body is not null""",
            {"before": before},
        ).rowcount


def forget_tombstones(db: Database, before: str) -> int:
    return store.change(db, "delete from entry_rows where deleted_at < :before and body is null", before=before)


def closings(db: Database) -> list[dict]:
    """Which entries were deleted, or are for their author alone: what must not be open again in a copy."""
    return store.rows(
        db,
        """select entry.uid, entry.author, entry.shared, entry.deleted_at, entry.family, families.uid as of
           from entry_rows as entry join families on families.id = entry.family
           where entry.deleted_at is not null or entry.shared = 'me'""",
    )


def close_again(copy: Database, entry: dict) -> None:
    copy.execute(
        """update entry_rows set deleted_at = coalesce(:deleted_at, deleted_at), shared = :shared
           where uid = :uid and author = :author
             and family = (select id from families where id = :family and uid = :of)""",
        entry,
    )


def forget_author(db: Database, account: int) -> None:
    """All that this person ever wrote, in every family: its versions, its shares and its threads go with it."""
    store.change(db, "delete from entry_rows where author = :account", account=account)


def forget_family(db: Database, family: int) -> None:
    store.change(db, "delete from entry_rows where family = :family", family=family)


def closed(db: Database, vault: Vault) -> list[tuple[str, str]]:
    """For the check of the whole database: which sealed fields do not open. No text leaves this function."""
    found = []
    for family in store.rows(db, "select id, uid, key from families"):
        try:
            seal = vault.seal(family["key"], family["uid"])
        except Broken:
            found.append((family["uid"], "family key"))
            continue
        sealed = "select uid, version, body, words, feeling from entry_rows where family = :id"
        for row in db.execute(sealed, {"id": family["id"]}):
            uid, version, *fields = row
            for field, text in zip(("body", "words", "feeling"), fields, strict=True):
                if text is not None and not seal.opens(text, uid, version, field):
                    found.append((uid, field))
    return found
