"""The anchor card: one page for who looks after a child now and then. Routines and what helps; no incidents.

A link to it opens nothing else, for a week, until an adult of the family takes it back.
"""

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.asso.agreements import Agreement
from diary.asso.library import Suggestion
from diary.journal.drafts import Typed
from diary.people import looks
from diary.people.access import MINE
from diary.people.children import Child
from diary.people.sessions import Viewer
from diary.sharing import consents
from diary.texts import N_, Refused
from diary.vault import Broken, Vault, fingerprint

LASTS = timedelta(days=7)
TEXTS = {
    "day": N_("Zo gaat een gewone dag"),
    "know": N_("Goed om te weten"),
    "call": N_("Wie je belt"),
}
HINTS = {
    "day": N_("Bijvoorbeeld: opstaan om zeven uur, eerst ontbijten, dan aankleden. Naar bed met hetzelfde liedje."),
    "know": N_("Wat fijn is, wat spannend is, en waaraan je merkt dat het te veel wordt."),
    "call": N_("Een naam en een nummer is genoeg."),
}


@dataclass(frozen=True)
class Anchor:
    """What stands on a card, as it was when it was saved."""

    name: str
    texts: Mapping[str, str]
    agreed: list[dict]  # situation, text, say, uid
    helps: list[dict]  # title, lines, id
    uid: str = ""
    saved_at: str = ""

    @property
    def empty(self) -> bool:
        return not (self.texts or self.agreed or self.helps)


def parse(fields: Mapping, child: Child, known: list[Agreement], helpful: list[tuple[Suggestion, dict]]) -> Anchor:
    """Reads the form: what is ticked is copied in words, so that the card says what the parent saw."""
    typed = Typed(fields)
    texts = {name: typed.text(name, 3000) for name in TEXTS}
    agreed = typed.several("agreed", {one.uid: one for one in known})
    helps = typed.several("helps", {suggestion.id: suggestion for suggestion, _ in helpful})
    if typed.errors:
        raise Refused(typed.errors)
    return Anchor(
        child.name,
        {name: text for name, text in texts.items() if text},
        [
            {"uid": one.uid, "situation": one.situation, "text": one.text, "say": one.say}
            for one in known
            if one.uid in agreed
        ],
        [
            {"id": suggestion.id, "title": suggestion.title, "lines": list(said.values())}
            for suggestion, said in helpful
            if suggestion.id in helps
        ],
    )


def save(db: Database, viewer: Viewer, child: Child, anchor: Anchor, now: datetime) -> None:
    """One card per child: what is saved takes the place of what was there."""
    with store.writing(db):
        old = _row(db, viewer, child)
        uid = old["uid"] if old else str(uuid.uuid4())
        words = {"name": anchor.name, "texts": anchor.texts, "agreed": anchor.agreed, "helps": anchor.helps}
        store.change(
            db,
            f"""insert into anchors (uid, family, child, words, saved_by, saved_at)
                select :uid, family, :child, :words, :viewer, :now from ({MINE}) where true
                on conflict (family, child) do update
                set words = excluded.words, saved_by = excluded.saved_by, saved_at = excluded.saved_at""",
            uid=uid,
            child=child.id,
            words=viewer.seal.close(json.dumps(words, ensure_ascii=False), uid, "anchor"),
            now=clock.stamp(now),
            **_me(viewer),
        )


def of(db: Database, viewer: Viewer, child: Child) -> Anchor | None:
    row = _row(db, viewer, child)
    return row and _opened(viewer.seal, row)


def link(db: Database, viewer: Viewer, child: Child, now: datetime) -> str | None:
    """Gives the token of a new link, shown once: the database keeps only its hash."""
    if consents.waits(db, viewer, child.id, now):
        return None
    token = secrets.token_urlsafe(24)
    with store.writing(db):
        made = _link(db, viewer, child, token, now)
        if made:
            looks.write(db, viewer, "anchor_linked", [], now)
    return token if made else None


def _link(db: Database, viewer: Viewer, child: Child, token: str, now: datetime) -> bool:
    sql = f"""insert into anchor_links (token, anchor, made_by, created_at, expires_at)
            select :token, id, :viewer, :now, :expires from anchors where child = :child and family = ({MINE})"""
    until = clock.stamp(now + LASTS)
    told = {"token": fingerprint(token), "child": child.id, "now": clock.stamp(now), "expires": until}
    return store.change(db, sql, **told, **_me(viewer)) == 1


def links(db: Database, viewer: Viewer, now: datetime) -> list[dict]:
    """The links that still open something, each with the `uid` an address calls it by."""
    found = store.rows(
        db,
        f"""select anchor_links.id, anchor_links.created_at, anchor_links.expires_at, anchors.child, accounts.name
            from anchor_links join anchors on anchors.id = anchor_links.anchor
            join accounts on accounts.id = anchor_links.made_by
            where anchors.family = ({MINE}) and withdrawn_at is null and expires_at > :now
            order by anchor_links.id""",
        now=clock.stamp(now),
        **_me(viewer),
    )
    return [row | {"uid": viewer.seal.uid("anchor link", row["id"])} for row in found]


def withdraw(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    with store.writing(db):
        one = next((one for one in links(db, viewer, now) if one["uid"] == uid), None)
        if one is None:
            return False
        store.change(
            db, "update anchor_links set withdrawn_at = :now where id = :id", now=clock.stamp(now), id=one["id"]
        )
        looks.write(db, viewer, "anchor_unlinked", [], now)
    return True


def behind(db: Database, vault: Vault, token: str, now: datetime) -> Anchor | None:
    """The card behind a link, for whoever holds it; as long as who made the link is in the family."""
    row = store.row(
        db,
        """select anchors.uid, anchors.words, anchors.saved_at, families.key, families.uid as family
           from anchor_links join anchors on anchors.id = anchor_links.anchor
           join families on families.id = anchors.family
           join memberships on memberships.family = anchors.family and memberships.account = anchor_links.made_by
                and memberships.state = 'confirmed' and memberships.role = 'parent'
           where anchor_links.token = :token and withdrawn_at is null and expires_at > :now""",
        token=fingerprint(token),
        now=clock.stamp(now),
    )
    return row and _opened(vault.seal(row["key"], row["family"]), row)


def _row(db: Database, viewer: Viewer, child: Child) -> dict | None:
    return store.row(
        db,
        f"select uid, words, saved_at from anchors where family = ({MINE}) and child = :child",
        child=child.id,
        **_me(viewer),
    )


def _opened(seal, row: dict) -> Anchor | None:
    try:
        words = json.loads(seal.open(row["words"], row["uid"], "anchor"))
    except Broken:
        return None
    return Anchor(**words, uid=row["uid"], saved_at=row["saved_at"])


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
