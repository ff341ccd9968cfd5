"""Looking back: a day, everything in order, and searching. Cost does not grow with the diary."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from diary.journal import terms
from diary.journal.rows import Entry, folded, opened, token
from diary.people import access
from diary.people.sessions import Viewer
from diary.vault import Broken

PAGE = 20
_AT_ONCE = 500  # how many sealed texts the search reads before it looks whether it has a page full
_LATEST = "order by happened_at desc, uid desc"
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([0-9a-f-]{36})", re.ASCII)


@dataclass(frozen=True)
class Filters:
    """What of the diary to show. Each is one index deep."""

    child: int | None = None
    kind: str | None = None
    area: str | None = None
    situation: str | None = None
    author: int | None = None
    discuss: bool = False

    def where(self) -> str:
        chosen = [f"and {name} = :{name}" for name in self.named()]
        return " ".join(chosen)

    def named(self) -> dict:
        return {name: int(value) if name == "discuss" else value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    earlier: str | None  # where the next page begins


def day(db: Database, viewer: Viewer, day: date) -> list[Entry]:
    rows = access.seen(db, viewer, "*", "and day = :day", _LATEST, day=day.isoformat())
    return [opened(viewer, row) for row in rows]


def beside(db: Database, viewer: Viewer, day: date) -> tuple[date | None, date | None]:
    """The nearest day before and after that has something."""
    sides = (("<", "desc"), (">", "asc"))
    found = [
        access.scan(db, viewer, "day", f"and day {side} :day", f"order by day {order} limit 1", day=str(day))
        for side, order in sides
    ]
    before, after = (date.fromisoformat(rows[0][0]) if rows else None for rows in found)
    return before, after


def checked_in(db: Database, viewer: Viewer, day: date) -> str | None:
    """The viewer's own dagcheck of this day: one goes on in it, rather than write a second."""
    rows = access.scan(
        db, viewer, "uid", "and day = :day and kind = 'checkin' and author = :viewer", "limit 1", day=str(day)
    )
    return rows[0][0] if rows else None


def looked_back(db: Database, viewer: Viewer, day: date) -> dict[int | None, str]:
    """By child: the viewer's own weekcheck of the week of this day, in which one goes on as well."""
    monday = day - timedelta(days=day.weekday())
    rows = access.scan(
        db,
        viewer,
        "child, uid",
        "and kind = 'weekcheck' and author = :viewer and day between :monday and :sunday",
        monday=str(monday),
        sunday=str(monday + timedelta(days=6)),
    )
    return dict(rows)


def stubs(db: Database, viewer: Viewer, before: date) -> list[Entry]:
    """What the viewer scribbled before this day and has not finished, latest first."""
    mine = "and stub = 1 and author = :viewer and +day < :before"  # by the index of stubs: there are few
    rows = access.seen(db, viewer, "*", mine, f"{_LATEST} limit 9", before=before.isoformat())
    return [opened(viewer, row) for row in rows]


def page(db: Database, viewer: Viewer, filters: Filters, before: str = "") -> Page:
    cursor, at = _cursor(before)
    rows = access.seen(
        db,
        viewer,
        "*",
        f"{filters.where()} {cursor}",
        f"{_LATEST} limit {PAGE + 1}",
        **filters.named(),
        **at,
    )
    return _page([opened(viewer, row) for row in rows])


def search(
    db: Database, viewer: Viewer, text: str, labels: dict[str, str], filters: Filters, before: str = ""
) -> Page:
    """A part of a word is enough. `labels` are the words a reader sees for ids, so that these are found too."""
    needle = folded(text.strip())
    named = {key for key, label in labels.items() if needle in folded(label)}
    spoken = [needle, *(token(key) for key in named & terms.CONTACTS.keys())]
    wanted = [text.encode("utf-8", "replace") for text in spoken]
    found: list[str] = []
    while len(found) <= PAGE:
        cursor, at = _cursor(before)
        rows = access.scan(
            db,
            viewer,
            f"uid, version, words, happened_at {', area, situation, kind' if named else ''}",
            f"{filters.where()} {cursor}",
            f"{_LATEST} limit {_AT_ONCE}",
            **filters.named(),
            **at,
        )
        found += [row[0] for row in rows if named.intersection(row[4:]) or _holds(viewer, row, wanted)]
        if len(rows) < _AT_ONCE:
            break
        before = f"{rows[-1][3]}~{rows[-1][0]}"
    rows = (access.find(db, viewer, uid) for uid in found[: PAGE + 1])
    return _page([opened(viewer, row) for row in rows if row])


def _holds(viewer: Viewer, row: tuple, wanted: list[bytes]) -> bool:
    try:
        words = viewer.seal.open_bytes(row[2], row[0], row[1], "words")
    except Broken:
        return False
    return any(text in words for text in wanted)


def _page(entries: list[Entry]) -> Page:
    shown = entries[:PAGE]
    more = len(entries) > PAGE
    return Page(shown, f"{shown[-1].happened_at}~{shown[-1].uid}" if more else None)


def _cursor(before: str) -> tuple[str, dict]:
    """Where to go on reading. What is no cursor of ours begins at the beginning."""
    found = _CURSOR.fullmatch(before)
    if not found:
        return "", {}
    return "and (happened_at, uid) < (:cursor_at, :cursor_uid)", dict(
        zip(("cursor_at", "cursor_uid"), found.groups(), strict=True)
    )


def usual_situations(db: Database, viewer: Viewer) -> dict[str, list[str]]:
    """The situations of each area, those this family lately met most first."""
    lately = access.scan(db, viewer, "situation, happened_at, uid", "and kind = 'incident'", f"{_LATEST} limit 200")
    met = [row[0] for row in lately]
    return {area: sorted(group, key=lambda s: -met.count(s)) for area, group in terms.SITUATIONS.items()}


def latest_child(db: Database, viewer: Viewer) -> int | None:
    """The child the viewer last wrote about."""
    rows = access.scan(
        db,
        viewer,
        "child, happened_at, uid",
        "and author = :viewer and child is not null",
        f"{_LATEST} limit 1",
    )
    return rows[0][0] if rows else None
