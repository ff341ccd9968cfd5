"""A parent's own sentences for a suggestion. Private unless shared with the family."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal import terms
from diary.journal.drafts import Typed
from diary.people import access
from diary.people.sessions import Viewer
from diary.texts import Refused
from diary.vault import Broken

LONGEST = 300


@dataclass(frozen=True)
class Phrase:
    suggestion: str
    author: int
    mine: bool
    shared: bool
    steps: dict[str, str]


def parse(fields) -> tuple[dict[str, str], bool]:
    """The four steps as typed, and whether the family may read them. Raises Refused."""
    typed = Typed(fields)
    steps = {step: typed.text(f"asso_{step}", LONGEST) for step in terms.ASSO}
    if typed.errors:
        raise Refused(typed.errors)
    return {step: said for step, said in steps.items() if said}, typed.flag("shared")


def keep(db: Database, viewer: Viewer, suggestion: str, steps: dict[str, str], shared: bool, now: datetime) -> None:
    """The latest words replace the ones before; no words at all forgets them."""
    named = {"family": viewer.family, "account": viewer.id, "suggestion": suggestion}
    if not steps:
        same = "family = :family and account = :account and suggestion = :suggestion"
        store.change(db, f"delete from phrases where {same}", **named)
        return
    store.change(
        db,
        """insert into phrases (family, account, suggestion, words, shared, saved_at)
           values (:family, :account, :suggestion, :words, :shared, :at)
           on conflict (family, account, suggestion)
           do update set words = excluded.words, shared = excluded.shared, saved_at = excluded.saved_at""",
        **named,
        words=viewer.seal.close(json.dumps(steps, ensure_ascii=False), "phrase", viewer.id, suggestion),
        shared=shared,
        at=clock.stamp(now),
    )


def seen(db: Database, viewer: Viewer) -> list[Phrase]:
    """The viewer's own, and what others in the family share; one's own first."""
    found = store.rows(
        db,
        f"""select suggestion, account, words, shared from phrases
            where family = ({access.MINE}) and (account = :viewer or shared = 1)
            order by account <> :viewer, saved_at desc""",
        viewer=viewer.id,
        family=viewer.family,
    )
    return [phrase for row in found if (phrase := _opened(viewer, row))]


def _opened(viewer: Viewer, row: dict) -> Phrase | None:
    try:
        words = viewer.seal.open(row["words"], "phrase", row["account"], row["suggestion"])
    except Broken:
        return None
    mine = row["account"] == viewer.id
    return Phrase(row["suggestion"], row["account"], mine, bool(row["shared"]), json.loads(words))
