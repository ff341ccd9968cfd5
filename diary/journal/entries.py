"""Entries: kept, changed and shared. What a writer typed is never dropped."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal import rows, terms
from diary.journal.drafts import Draft
from diary.journal.rows import Entry
from diary.people import access
from diary.people.sessions import Viewer
from diary.texts import N_, Refused


@dataclass(frozen=True)
class Saved:
    uid: str
    version: int
    day: str  # on which it happened
    copied: bool = False  # someone had written meanwhile: both texts were kept


def save(db: Database, viewer: Viewer, draft: Draft, now: datetime) -> Saved:
    """Keeps a new entry or the next version of one's own. Repeats are harmless; a stale edit becomes a copy."""
    with store.writing(db):
        mark = _beside(viewer, draft)
        if done := _done(db, viewer, draft, mark):
            return done
        old = access.own(db, viewer, draft.uid)
        if old and draft.just:
            draft = _at_first(old, draft)
        beside = _beside(viewer, draft)
        if old and draft.version and draft.typed:
            draft = _revised(clock.local(old["happened_at"], viewer.zone), old["about"], draft)
        if old is None:
            saved = _add(db, viewer, draft, now)
        elif old["deleted_at"]:
            raise Refused({"uid": N_("Deze tekst is verwijderd. Haal hem eerst terug; wat je typte staat er nog.")})
        elif _same(rows.opened(viewer, old), draft):
            saved = Saved(draft.uid, old["version"], old["day"])
        elif draft.version == old["version"]:
            row = rows.row(viewer, draft, draft.uid, old["version"] + 1, now)
            wished = old["discuss_at"] or row["discuss_at"] if draft.discuss else None
            access.replace(db, viewer, old, row | {"written_at": old["written_at"], "discuss_at": wished})
            saved = Saved(draft.uid, old["version"] + 1, row["day"])
        else:
            copy = replace(draft, uid=beside, version=None)
            again = access.own(db, viewer, copy.uid)
            saved = again and Saved(copy.uid, again["version"], again["day"], copied=True)
            saved = saved or replace(_add(db, viewer, copy, now, copy_of=draft.uid), copied=True)
        _remember(db, viewer, draft, mark, saved, now)
    return saved


def _beside(viewer: Viewer, draft: Draft) -> str:
    """The uid of a copy: the same when the same is sent again, another when anything typed is different."""
    typed = (draft.kind, draft.child, draft.area, draft.situation, clock.stamp(draft.happened_at), draft.feeling)
    return viewer.seal.uid(draft.uid, viewer.id, rows.text(draft), *typed)


def _done(db: Database, viewer: Viewer, draft: Draft, mark: str) -> Saved | None:
    if draft.change_id is None:
        return None
    found = store.row(
        db,
        "select uid, version from changes where account = :account and change_id = :change_id and mark = :mark",
        account=viewer.id,
        change_id=draft.change_id,
        mark=mark,  # the same id with another text is another change
    )
    if found is None:
        return None
    there = access.own(db, viewer, found["uid"])
    return Saved(**found, day=there["day"] if there else clock.today(draft.happened_at, viewer.zone).isoformat())


def _at_first(old: dict, draft: Draft) -> Draft:
    """‘Just now’, sent a second time, is still when it was sent first."""
    return replace(draft, happened_at=clock.moment(old["happened_at"]), about=old["about"])


def _revised(at: datetime, about: str | None, draft: Draft) -> Draft:
    """An edit leaves the moment as exact, or as vague, as it was, unless the writer moved it."""
    typed = draft.happened_at.astimezone(at.tzinfo)
    if _shown(typed) == _shown(at):
        return replace(draft, happened_at=at.astimezone(UTC), about=about)
    return draft


def _shown(at: datetime) -> datetime:
    """As a form shows it, which does not tell which of two hours it was."""
    return at.replace(second=0, microsecond=0, tzinfo=None)


def _add(db: Database, viewer: Viewer, draft: Draft, now: datetime, copy_of: str | None = None) -> Saved:
    uid = draft.uid if not access.taken(db, viewer, draft.uid) else str(uuid.uuid4())
    row = rows.row(viewer, draft, uid, 1, now)
    access.add(db, viewer, row | {"copy_of": copy_of})
    return Saved(uid, 1, row["day"])


def _same(entry: Entry, draft: Draft) -> bool:
    parts = ("kind", "child", "area", "situation", "about", "stub", "discuss", "shared", "feeling_shared")
    return (
        all(getattr(entry, part) == getattr(draft, part) for part in parts)
        and entry.happened_at == clock.stamp(draft.happened_at)
        and entry.body == draft.body
        and entry.feeling == draft.feeling
    )


def _remember(db: Database, viewer: Viewer, draft: Draft, mark: str, saved: Saved, now: datetime) -> None:
    if draft.change_id:
        store.insert(
            db,
            "changes",
            {
                "account": viewer.id,
                "change_id": draft.change_id,
                "mark": mark,
                "uid": saved.uid,
                "version": saved.version,
                "created_at": clock.stamp(now),
            },
        )


def find(db: Database, viewer: Viewer, uid: str) -> Entry | None:
    row = access.find(db, viewer, uid)
    return rows.opened(viewer, row) if row else None


def own(db: Database, viewer: Viewer, uid: str) -> Entry | None:
    """An entry this viewer may change: their own, and not deleted."""
    entry = find(db, viewer, uid)
    return entry if entry and entry.mine else None


def share(db: Database, viewer: Viewer, entry: Entry, shared: str, feeling_shared: bool) -> None:
    with store.writing(db):
        entry = own(db, viewer, entry.uid) or entry  # as it is now: the words are sealed with its version
        draft = replace(rows.as_draft(entry), shared=shared, feeling_shared=feeling_shared)
        words = viewer.seal.close(rows.words(draft), entry.uid, entry.version, "words")
        row = {"shared": shared, "feeling_shared": feeling_shared, "words": words}
        access.open_to(db, viewer, entry.uid, row)


def discuss(db: Database, viewer: Viewer, entry: Entry, wanted: bool, now: datetime) -> None:
    """Wanted again is wanted anew: a session that has passed does not count for it."""
    with store.writing(db):
        access.open_to(db, viewer, entry.uid, {"discuss_at": clock.stamp(now) if wanted else None})


def react(db: Database, viewer: Viewer, entry: Entry, words: dict[str, str], now: datetime) -> Saved:
    """Fills in what the parent said, as the next version. What was already written there stays."""
    said = {**words, **entry.body.get("words", {})}
    tried = [step for step in terms.ASSO if step in said or step in entry.body.get("tried", [])]
    draft = replace(rows.as_draft(entry), body={**entry.body, "words": said, "tried": tried})
    return save(db, viewer, draft, now)


def finish(db: Database, viewer: Viewer, entry: Entry) -> None:
    """Leaves a stub as it is: area and time are enough."""
    with store.writing(db):
        access.open_to(db, viewer, entry.uid, {"stub": False})
