"""The schema, as named steps: the files in schema/, in their order. One that has run anywhere is never edited."""

import logging
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database, Migrations

from diary import clock, store

log = logging.getLogger(__name__)
steps = Migrations("diary")
SCHEMA = Path(__file__).parent / "schema"
KEPT = timedelta(days=35)


def migrate(db: Database, path: Path) -> None:
    """Brings the schema up to date. Any number of processes may call it at once: one does the work."""
    if not steps.pending(db):
        return
    if steps.applied(db):
        keep_copy(db, path)
    with store.writing(db):
        steps.apply(db)


def keep_copy(db: Database, path: Path) -> None:
    kept = path.with_name(f"before-{clock.stamp(clock.now()).replace(':', '')}-{secrets.token_hex(2)}.db")
    store.copy(db, kept)
    log.info("kept a copy of the database before migrating: %s", kept)


def forget_copies(path: Path, now: datetime) -> None:
    """What was deleted from the diary must not live on in its copies."""
    for kept in path.parent.glob("before-*.db"):
        if now.timestamp() - kept.stat().st_mtime > KEPT.total_seconds():
            kept.unlink()


def _step(script: Path) -> None:
    steps(name=script.stem.partition("-")[2])(lambda db: db.executescript(script.read_text()))


for script in sorted(SCHEMA.glob("*.sql")):
    _step(script)
