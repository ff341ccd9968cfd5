"""The access log as a parent reads it: who looked at what of theirs, per day. Repeats of a day are one line."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice

from sqlite_utils import Database

from diary import clock, store
from diary.journal import entries
from diary.journal.rows import Entry
from diary.people import looks
from diary.people.access import MINE
from diary.people.looks import EVENTS, OPENLY
from diary.people.sessions import Viewer

MOST = 2000
NAMED = 10  # entries that a line leads to


@dataclass(frozen=True)
class Told:
    """What one person did on one day. Of the other parent only that, and that it was a parent."""

    day: date
    event: str
    role: str
    mine: bool
    name: str | None
    practice: str | None
    said: str
    times: int  # how often
    number: int  # of entries
    first: str | None  # on the clock
    entries: list[Entry]
    ground: str | None
    refused: bool


_OPENLY = ", ".join(f"'{event}'" for event in OPENLY)

# Lines about this family: of all of it, or about an entry that the one who looks wrote. What one person repeats
# within a quarter of an hour is counted here already: knocking ten thousand times pushes nothing out of sight.
_LINES = f"""
    select min(looks.at) as at, count(*) as times, looks.event, looks.outcome, looks.account, looks.role, looks.name,
           practices.name as practice,
           group_concat(
             (select group_concat(uid) from look_objects where look = looks.seq and owner = :viewer)) as uids
    from looks left join practices on practices.id = looks.practice
    where looks.family = ({MINE}) and looks.at >= :since and looks.at <= :until
      and (exists (select 1 from look_objects where look = looks.seq and owner = :viewer)
           or not exists (select 1 from look_objects where look = looks.seq))
      and (looks.account = :viewer or looks.role <> 'parent' or looks.event in ({_OPENLY}))
    group by cast(strftime('%s', looks.at) as integer) / 900, looks.account, looks.role, looks.name, looks.event,
             looks.outcome
    order by max(looks.seq) desc limit :most"""


def of(db: Database, viewer: Viewer, since: datetime, until: datetime) -> list[Told]:
    with looks.reading(db):  # looking here is a look as well
        looks.write(db, viewer, "log", [], until)
        return told(db, viewer, since, until)


def told(db: Database, viewer: Viewer, since: datetime, until: datetime, most: int = MOST) -> list[Told]:
    """Within what writes its own line of this look. `most`: -1 is all there is."""
    period = {"since": clock.stamp(since), "until": clock.stamp(until)}
    found = store.rows(db, _LINES, viewer=viewer.id, family=viewer.family, most=most, **period)
    groups: dict[tuple, list[dict]] = {}
    for row in found:
        at = clock.local(row["at"], viewer.zone)
        same = (at.date(), row["account"], row["role"], row["name"], row["event"], row["outcome"])
        groups.setdefault(same, []).append(row | {"clock": at.strftime("%H:%M")})
    find = cache(lambda uid: entries.find(db, viewer, uid))  # opened one by one: a line may be about hundreds
    return [_told(viewer, same[0], rows, find) for same, rows in groups.items()]


def _told(viewer: Viewer, day: date, rows: list[dict], find: Callable[[str], Entry | None]) -> Told:
    first = rows[-1]
    uids = Counter(uid for row in rows for uid in _uids(row))
    _, one, many = EVENTS[first["event"]]
    parent = first["role"] == "parent"
    mine = first["account"] == viewer.id
    return Told(
        day=day,
        event=first["event"],
        role=first["role"],
        mine=mine,
        name=None if parent else first["name"],
        practice=None if parent else first["practice"],
        said=many if many and len(uids) > 1 else one,
        times=sum(row["times"] for row in rows),
        number=len(uids),
        first=first["clock"] if mine or not parent else None,
        entries=[*islice(filter(None, map(find, uids)), NAMED)],
        ground=None if parent else ("share" if uids else "tie"),
        refused=first["outcome"] != "ok",
    )


def _uids(row: dict) -> list[str]:
    return row["uids"].split(",") if row["uids"] else []
