"""Copies of the database, and whether one is sound."""

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from diary import migrations, store
from diary.people import looks
from diary.upkeep import endings, remains
from diary.vault import Vault

UNREAD = "the diary in use cannot be read: who was shown out since that copy must be shown out again, by hand"


class Unsound(Exception):
    """What was offered is no whole diary; its text says what is wrong."""


def back_up(db: Database, path: Path) -> None:
    """Never over another copy, and never a half one: it takes its name when it is whole."""
    if path.exists():
        raise Unsound(f"{path} is there already; choose another name")
    fresh = path.with_name(f".{path.name}.part")
    fresh.unlink(missing_ok=True)
    store.copy(db, fresh)
    fresh.chmod(0o600)
    fresh.rename(path)


def restore(db: Database, vault: Vault, path: Path, now: datetime) -> list[str]:
    """Tries the copy first. It then replaces everything in one transaction, also under a running server; what has
    ended since is ended in it by then.

    Single texts that do not open are no reason to lose all the others: they are told, and restored as they are.
    """
    if not path.is_file():
        raise Unsound(f"{path} is not there")
    offered = store.look(path)
    try:
        if faults := _faults(offered):
            raise Unsound("; ".join(faults))
        told, whole = _closed(offered, vault), store.aside()
        offered.conn.backup(whole.conn)
        migrations.steps.apply(whole)
        with db.turnstile:
            try:
                ended = endings.of(db)
            except store.DatabaseError:
                ended, told = {}, [*told, UNREAD]
            endings.keep(whole, ended, now)
            whole.conn.backup(db.conn)
        whole.close()
        return told
    finally:
        offered.close()


def check(db: Database, vault: Vault) -> list[str]:
    """Everything that is wrong with the diary that is in use, a sentence each."""
    if faults := _faults(db):
        return faults
    faults = _closed(db, vault) + looks.faults(db, vault)
    return faults + [f"migration not applied: {step.name}" for step in migrations.steps.pending(db)]


def _faults(db: Database) -> list[str]:
    try:
        told = [row["integrity_check"] for row in store.rows(db, "pragma integrity_check")]
        orphans = store.rows(db, "pragma foreign_key_check")
        store.row(db, "select 1 from families")
    except store.DatabaseError as error:
        return [f"this is no diary, or it cannot be read: {error}"]
    return [
        *(fault for fault in told if fault != "ok"),
        *(f"{row['table']} row {row['rowid']} points at nothing in {row['parent']}" for row in orphans),
    ]


def _closed(db: Database, vault: Vault) -> list[str]:
    """SQLite's own check cannot see a wrong byte in a text; the seal can."""
    return [f"the {field} of entry {uid} does not open" for uid, field in remains.closed(db, vault)]
