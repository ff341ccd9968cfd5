"""How an entry stands in the database, sealed, and how it is opened for whoever may read it."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from diary import clock
from diary.journal import terms
from diary.journal.drafts import Draft
from diary.people.sessions import Viewer
from diary.texts import N_
from diary.vault import Broken


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
    def clock(self) -> str:
        return self.at.strftime("%H:%M")

    @property
    def later(self) -> bool:
        """Whether it was written down on a later day than it happened."""
        return self.written.date() > self.at.date()


def row(viewer: Viewer, draft: Draft, uid: str, version: int, now: datetime) -> dict:
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
        "discuss_at": clock.stamp(now) if draft.discuss else None,
        "shared": draft.shared,
        "feeling_shared": draft.feeling_shared,
        "body": seal.close(text(draft), uid, version, "body"),
        "words": seal.close(words(draft), uid, version, "words"),
        "feeling": seal.close(draft.feeling, uid, version, "feeling") if draft.feeling else None,
    }


def text(draft: Draft) -> str:
    return json.dumps(draft.body, ensure_ascii=False, sort_keys=True)


def words(draft: Draft) -> str:
    """What the search reads. A feeling that others may not see is not in it once others may search it."""
    body = draft.body
    spoken = [body.get("note"), body.get("before"), *body.get("words", {}).values()]
    if draft.shared == "me" or draft.feeling_shared:
        spoken.append(draft.feeling)
    return folded("\n".join(text for text in spoken if text)) + (token(body["what"]) if "what" in body else "")


def token(id: str) -> str:
    """A choice that is sealed with the rest, as the search finds it; no typed text, folded, looks like this."""
    return f"\n{id.upper()}\n"


def folded(text: str) -> str:
    """How texts are compared: without capitals, without diacritics."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", _bare(text.casefold()))
    return _bare(apart)


def _bare(text: str) -> str:
    """Without signs that sit on others. Before normalising too: a long row of them takes it for ever."""
    return "".join(sign for sign in text if not unicodedata.combining(sign))


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
