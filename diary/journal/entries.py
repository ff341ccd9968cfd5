"""Entries: kept, changed, shared, deleted and brought back. What a writer typed is never dropped."""

import json
import unicodedata
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.journal import terms
from diary.journal.drafts import Draft
from diary.people import access
from diary.people.sessions import Viewer
from diary.texts import N_, Refused
from diary.vault import Broken

UNDO = timedelta(hours=24)


@dataclass(frozen=True)
class Entry:
    """An entry as this viewer may read it."""

    uid: str
    version: int
    kind: str
    child: int | None
    area: str | None
    situation: str | None
    author: int
    mine: bool
    happened_at: str
    at: datetime  # the same moment on the family's clock
    about: str | None
    day: str
    written: datetime
    saved: datetime  # by our own clock
    stub: bool
    discuss: bool
    shared: str
    feeling_shared: bool
    copy_of: str | None
    body: dict
    feeling: str
    broken: bool

    @property
    def mark(self) -> str:
        return self.area or self.kind

    @property
    def title(self) -> str:
        if self.kind == "contact":
            return terms.CONTACTS.get(self.body.get("what"), terms.KINDS["contact"])
        if self.stub and not self.situation:
            return N_("Krabbel")
        return terms.SITUATION.get(self.situation) or self.sort

    @property
    def sort(self) -> str:
        """The word for its colour and shape."""
        return terms.AREAS.get(self.area) or terms.KINDS[self.kind]

    @property
    def later(self) -> bool:
        """Whether it was written down on a later day than it happened."""
        return self.written.date() > self.at.date()


@dataclass(frozen=True)
class Saved:
    uid: str
    version: int
    copied: bool = False  # someone had written meanwhile: both texts were kept


def save(db: Database, viewer: Viewer, draft: Draft, now: datetime) -> Saved:
    """Keeps a new entry or the next version of one's own. Repeats are harmless; a stale edit becomes a copy."""
    with store.writing(db):
        if done := _done(db, viewer, draft):
            return done
        old = access.own(db, viewer, draft.uid)
        if old and draft.just:
            draft = _at_first(old, draft)
        if old is None:
            saved = _add(db, viewer, draft, now)
        elif old["deleted_at"]:
            raise Refused({"uid": N_("Deze tekst is verwijderd. Haal hem eerst terug; wat je typte staat er nog.")})
        elif _same(opened(viewer, old), draft):
            saved = Saved(draft.uid, old["version"])
        elif draft.version == old["version"]:
            row = _row(viewer, draft, draft.uid, old["version"] + 1, now)
            access.replace(db, viewer, old, row | {"written_at": old["written_at"]})
            saved = Saved(draft.uid, old["version"] + 1)
        else:
            copy = replace(draft, uid=viewer.seal.uid(draft.uid, viewer.id, _text(draft)), version=None)
            again = access.own(db, viewer, copy.uid)
            saved = again and Saved(copy.uid, again["version"], copied=True)
            saved = saved or replace(_add(db, viewer, copy, now, copy_of=draft.uid), copied=True)
        _remember(db, viewer, draft, saved, now)
    return saved


def _done(db: Database, viewer: Viewer, draft: Draft) -> Saved | None:
    if draft.change_id is None:
        return None
    found = store.row(
        db,
        "select uid, version from changes where account = :account and change_id = :change_id",
        account=viewer.id,
        change_id=draft.change_id,
    )
    return found and Saved(**found)


def _at_first(old: dict, draft: Draft) -> Draft:
    """‘Just now’, sent a second time, is still when it was sent first."""
    return replace(draft, happened_at=clock.moment(old["happened_at"]), about=old["about"])


def _add(db: Database, viewer: Viewer, draft: Draft, now: datetime, copy_of: str | None = None) -> Saved:
    uid = draft.uid if not access.taken(db, viewer, draft.uid) else str(uuid.uuid4())
    access.add(db, viewer, _row(viewer, draft, uid, 1, now) | {"copy_of": copy_of})
    return Saved(uid, 1)


def _row(viewer: Viewer, draft: Draft, uid: str, version: int, now: datetime) -> dict:
    seal = viewer.seal
    return {
        "uid": uid,
        "version": version,
        "child": draft.child,
        "kind": draft.kind,
        "area": draft.area,
        "situation": draft.situation,
        "happened_at": clock.stamp(draft.happened_at),
        "about": draft.about,
        "day": clock.today(draft.happened_at, viewer.zone).isoformat(),
        "written_at": clock.stamp(draft.written_at),
        "saved_at": clock.stamp(now),
        "stub": draft.stub,
        "discuss": draft.discuss,
        "shared": draft.shared,
        "feeling_shared": draft.feeling_shared,
        "body": seal.close(_text(draft), uid, version, "body"),
        "words": seal.close(_words(draft), uid, version, "words"),
        "feeling": seal.close(draft.feeling, uid, version, "feeling") if draft.feeling else None,
    }


def _text(draft: Draft) -> str:
    return json.dumps(draft.body, ensure_ascii=False, sort_keys=True)


def _words(draft: Draft) -> str:
    """What the search reads. A feeling that others may not see is not in it once others may search it."""
    body = draft.body
    spoken = [body.get("note"), body.get("before"), *body.get("words", {}).values()]
    if draft.shared == "me" or draft.feeling_shared:
        spoken.append(draft.feeling)
    return folded("\n".join(text for text in spoken if text))


def folded(text: str) -> str:
    """How texts are compared: without capitals, without diacritics."""
    apart = unicodedata.normalize("NFKD", _bare(text.casefold()))
    return _bare(apart)


def _bare(text: str) -> str:
    """Without signs that sit on others. Before normalising too: a long row of them takes it for ever."""
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def _same(entry: Entry, draft: Draft) -> bool:
    parts = ("kind", "child", "area", "situation", "about", "stub", "discuss", "shared", "feeling_shared")
    return (
        all(getattr(entry, part) == getattr(draft, part) for part in parts)
        and entry.happened_at == clock.stamp(draft.happened_at)
        and entry.body == draft.body
        and entry.feeling == draft.feeling
    )


def _remember(db: Database, viewer: Viewer, draft: Draft, saved: Saved, now: datetime) -> None:
    if draft.change_id:
        db["changes"].insert(
            {
                "account": viewer.id,
                "change_id": draft.change_id,
                "uid": saved.uid,
                "version": saved.version,
                "created_at": clock.stamp(now),
            }
        )


def opened(viewer: Viewer, row: dict) -> Entry:
    """Opens a row for this viewer. The feeling of another stays closed, unless it was shared."""
    mine = row["author"] == viewer.id
    uid, version = row["uid"], row["version"]
    try:
        body = json.loads(viewer.seal.open(row["body"], uid, version, "body"))
        may_feel = row["feeling"] and (mine or row["feeling_shared"])
        feeling = viewer.seal.open(row["feeling"], uid, version, "feeling") if may_feel else ""
        broken = False
    except Broken:
        body, feeling, broken = {}, "", True
    return Entry(
        uid=uid,
        version=version,
        kind=row["kind"],
        child=row["child"],
        area=row["area"],
        situation=row["situation"],
        author=row["author"],
        mine=mine,
        happened_at=row["happened_at"],
        at=clock.local(row["happened_at"], viewer.zone),
        about=row["about"],
        day=row["day"],
        written=clock.local(row["written_at"], viewer.zone),
        saved=clock.local(row["saved_at"], viewer.zone),
        stub=bool(row["stub"]),
        discuss=bool(row["discuss"]),
        shared=row["shared"],
        feeling_shared=bool(row["feeling_shared"]),
        copy_of=row["copy_of"] if mine else None,
        body=body,
        feeling=feeling,
        broken=broken,
    )


def find(db: Database, viewer: Viewer, uid: str) -> Entry | None:
    row = access.find(db, viewer, uid)
    return opened(viewer, row) if row else None


def own(db: Database, viewer: Viewer, uid: str) -> Entry | None:
    """An entry this viewer may change: their own, and not deleted."""
    entry = find(db, viewer, uid)
    return entry if entry and entry.mine else None


def revised(entry: Entry, draft: Draft) -> Draft:
    """An edit leaves the moment as exact, or as vague, as it was, unless the writer moved it."""
    shown = entry.at.replace(second=0, microsecond=0, tzinfo=None)  # the form does not tell which of two hours
    typed = draft.happened_at.astimezone(entry.at.tzinfo).replace(tzinfo=None)
    if draft.just or typed == shown:
        return replace(draft, uid=entry.uid, happened_at=clock.moment(entry.happened_at), about=entry.about)
    return replace(draft, uid=entry.uid, about=None)


def share(db: Database, viewer: Viewer, entry: Entry, shared: str, feeling_shared: bool) -> None:
    with store.writing(db):
        entry = own(db, viewer, entry.uid) or entry  # as it is now: the words are sealed with its version
        draft = replace(as_draft(entry), shared=shared, feeling_shared=feeling_shared)
        words = viewer.seal.close(_words(draft), entry.uid, entry.version, "words")
        row = {"shared": shared, "feeling_shared": feeling_shared, "words": words}
        access.open_to(db, viewer, entry.uid, row)


def discuss(db: Database, viewer: Viewer, entry: Entry, wanted: bool) -> None:
    with store.writing(db):
        access.open_to(db, viewer, entry.uid, {"discuss": wanted})


def finish(db: Database, viewer: Viewer, entry: Entry) -> None:
    """Leaves a stub as it is: area and time are enough."""
    with store.writing(db):
        access.open_to(db, viewer, entry.uid, {"stub": False})


def delete(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    return access.mark_deleted(db, viewer, uid, clock.stamp(now))


def undelete(db: Database, viewer: Viewer, uid: str) -> bool:
    return access.mark_deleted(db, viewer, uid, None)


def recently_deleted(db: Database, viewer: Viewer, now: datetime) -> list[Entry]:
    rows = access.deleted_since(db, viewer, clock.stamp(now - UNDO))
    return [opened(viewer, row) for row in rows]


def versions(db: Database, viewer: Viewer, entry: Entry) -> list[Entry]:
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


def put_back(db: Database, viewer: Viewer, entry: Entry, version: int, now: datetime) -> Saved | None:
    """Makes an earlier version the latest. The one it replaces is kept, as always."""
    earlier = next((e for e in versions(db, viewer, entry) if e.version == version and not e.broken), None)
    if earlier is None:
        return None
    # Another feeling than the others may read now comes back closed: sharing it is for the writer to choose.
    open_still = entry.feeling_shared and earlier.feeling == entry.feeling
    draft = replace(as_draft(earlier), version=entry.version, feeling_shared=open_still)
    return save(db, viewer, draft, now)


def as_draft(entry: Entry) -> Draft:
    return Draft(
        uid=entry.uid,
        kind=entry.kind,
        child=entry.child,
        area=entry.area,
        situation=entry.situation,
        happened_at=clock.moment(entry.happened_at),
        written_at=entry.written,
        about=entry.about,
        stub=entry.stub,
        discuss=entry.discuss,
        shared=entry.shared,
        feeling=entry.feeling,
        feeling_shared=entry.feeling_shared,
        body=entry.body,
        version=entry.version,
    )
