"""Earlier versions of an entry: every one that was overwritten is kept, and can be put back."""

import json
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from diary.journal import entries
from diary.journal.rows import Entry, as_draft, opened
from diary.people import access
from diary.people.sessions import Viewer


def earlier(db: Database, viewer: Viewer, entry: Entry) -> list[Entry]:
    """Earlier versions of an own entry, latest first, as entries."""
    return [_earlier(viewer, entry, kept) for kept in access.versions(db, viewer, entry.uid)]


def _earlier(viewer: Viewer, entry: Entry, kept: dict) -> Entry:
    columns = {
        **json.loads(kept["row"]),
        "uid": entry.uid,
        "version": kept["version"],
        "author": viewer.id,
        "written_at": kept["saved_at"],
        "saved_at": kept["saved_at"],
        "stub": False,
        "discuss": entry.discuss,
        "shared": entry.shared,
        "feeling_shared": entry.feeling_shared,
        "copy_of": None,
        "body": kept["body"],
        "feeling": kept["feeling"],
    }
    return opened(viewer, columns)


def put_back(db: Database, viewer: Viewer, entry: Entry, version: int, now: datetime) -> entries.Saved | None:
    """Makes an earlier version the latest. The one it replaces is kept, as always."""
    wanted = next((e for e in earlier(db, viewer, entry) if e.version == version and not e.broken), None)
    if wanted is None:
        return None
    # It may have been written for nobody else: who reads it now is for the writer to choose again.
    draft = replace(as_draft(wanted), version=entry.version, shared="me", feeling_shared=False)
    return entries.save(db, viewer, draft, now)
