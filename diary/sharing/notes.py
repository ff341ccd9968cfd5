"""A counsellor's own notes on a family: for whoever wrote them alone. No parent's page reads this table."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import Viewer
from diary.texts import N_, Refused, clean
from diary.vault import Broken

LONGEST = 20_000
_OWN = """account = :viewer and family in (
            select family from memberships
            where id = :membership and account = :viewer and role = 'counsellor' and state = 'confirmed')"""


@dataclass(frozen=True)
class Note:
    uid: str
    text: str
    written_at: str
    changed_at: str | None


def of(db: Database, visitor: Viewer) -> list[Note]:
    found = store.rows(
        db,
        f"select uid, words, written_at, changed_at from notes where {_OWN} order by written_at desc, id desc",
        **_me(visitor),
    )
    return [
        Note(text=_words(visitor, row), **{n: row[n] for n in ("uid", "written_at", "changed_at")}) for row in found
    ]


def parse(text: str) -> str:
    text = clean(text)
    if not text:
        raise Refused({"text": N_("Er staat nog niets. Typ je aantekening en bewaar opnieuw.")})
    if len(text) > LONGEST:
        raise Refused({"text": N_("Deze tekst is te lang: maak er twee van. Alles staat er nog.")})
    return text


def keep(db: Database, visitor: Viewer, uid: str, text: str, now: datetime) -> None:
    """A new note, or other words for one of one's own. Repeats are harmless."""
    store.change(
        db,
        """insert into notes (uid, family, account, words, written_at)
            select :uid, id, :viewer, :words, :now from families where id in (
              select family from memberships where id = :membership and account = :viewer
                and role = 'counsellor' and state = 'confirmed')
            on conflict (family, account, uid)
            do update set words = excluded.words, changed_at = excluded.written_at""",
        uid=uid,
        words=visitor.seal.close(text, uid, visitor.uid, "note"),
        now=clock.stamp(now),
        **_me(visitor),
    )


def drop(db: Database, visitor: Viewer, uid: str) -> bool:
    return store.change(db, f"delete from notes where {_OWN} and uid = :uid", uid=uid, **_me(visitor)) == 1


def _words(visitor: Viewer, row: dict) -> str:
    try:
        return visitor.seal.open(row["words"], row["uid"], visitor.uid, "note")
    except Broken:
        return "?"


def _me(visitor: Viewer) -> dict:
    return {"viewer": visitor.id, "membership": visitor.membership}
