"""A counsellor's desk: the families, what they are called, and what waits in each."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import access, children, families, looks, ties
from diary.people.sessions import Viewer
from diary.sharing import appointments
from diary.sharing.appointments import Appointment
from diary.vault import Vault

# The shares of a tie that were promised an answer, and have none yet.
UNANSWERED = "answer_by is not null and answered_at is null"
_BACK = """id in (select replies.entry from replies
    where replies.membership = :membership and replies.account <> :viewer
      and replies.read_at is null and replies.withdrawn_at is null and replies.created_at > {since})"""
WRITTEN_BACK = _BACK.format(since="''")
UNREAD = f"(read_at is null or {WRITTEN_BACK})"
LATELY = timedelta(days=60)


@dataclass(frozen=True)
class Promise:
    """The answers that are promised to one family for one day at the latest."""

    family: str
    names: str
    by: date
    late: bool
    entries: dict[str, str]  # uid → the situation, or the kind


@dataclass(frozen=True)
class Family:
    """As it stands in the counsellor's list."""

    visitor: Viewer
    uid: str
    names: str  # of the children, by first name
    adults: str
    session: Appointment | None  # the next
    unread: int  # what was shared, or written back
    new: int  # of those, what came since the last visit
    visited: date | None
    shared_at: str | None
    missed: int  # reminders that did not arrive since something was shared
    promises: list[Promise]


def of(db: Database, vault: Vault, viewer: Viewer, now: datetime) -> list[Family]:
    """Who let this counsellor in: whom one meets today first, then where something is unread."""
    found = (tie for tie in ties.of_counsellor(db, viewer) if tie["state"] == "confirmed")
    visits = ((families.visit(db, vault, viewer, tie["uid"], now), tie["adults"]) for tie in found)
    known = [_family(db, visitor, adults or "", now) for visitor, adults in visits if visitor]
    return sorted(known, key=lambda one: (_later(one, now), not one.unread, one.names.casefold()))


def _later(one: Family, now: datetime) -> bool:
    return one.session is None or one.session.day > clock.today(now, one.visitor.zone)


def asking(db: Database, viewer: Viewer) -> list[str]:
    """Who asked this counsellor, and still has to say yes: no more than the name in the invitation."""
    return [tie["adults"] for tie in ties.of_counsellor(db, viewer) if tie["state"] == "invited"]


def promises(known: list[Family]) -> list[Promise]:
    """What was promised, over all families, by its date; a family once a day."""
    return sorted((one for family in known for one in family.promises), key=lambda one: (one.by, one.names))


def all_read(db: Database, visitor: Viewer, now: datetime) -> bool:
    """Whether nothing is unread in any family that lets this counsellor read now."""
    known = (
        replace(visitor, family=tie["id"], membership=tie["membership"], zone=tie["zone"])
        for tie in ties.of_counsellor(db, visitor)
    )
    return not any(access.shared_with(db, one, now, "1", f"and {UNREAD}", "limit 1") for one in known)


def missed(db: Database, visitor: Viewer, since: date, until: date) -> dict[int, int]:
    """By parent who shares something: on how many days a reminder did not arrive. That is not the same as silence."""
    found = store.rows(
        db,
        """select account, count(distinct local_date) as n from occurrences
           where account in (select account from shares where membership = :membership and taken_at is null)
             and family = :family and state in ('failed', 'missed') and local_date between :since and :until
           group by account""",
        family=visitor.family,
        membership=visitor.membership,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return {row["account"]: row["n"] for row in found}


def _family(db: Database, visitor: Viewer, adults: str, now: datetime) -> Family:
    visited = looks.last(db, visitor)
    unread, new, latest = _news(db, visitor, visited, now)
    back, back_new = _written_back(db, visitor, visited, now)
    called = ", ".join(child.name for child in children.covered(db, visitor))
    today = clock.today(now, visitor.zone)
    since = clock.local(latest, visitor.zone).date() if latest else today
    return Family(
        visitor,
        visitor.family_uid,
        called,
        adults,
        next(iter(appointments.ahead(db, visitor, now)), None),
        unread + back,
        new + back_new,
        visited and clock.local(visited, visitor.zone).date(),
        latest,
        sum(missed(db, visitor, since, today).values()),
        _promises(db, visitor, called, today, now),
    )


def _news(db: Database, visitor: Viewer, visited: str | None, now: datetime) -> tuple[int, int, str | None]:
    """How much is unread, how much of that could not be read at the last visit, and when something was last shared.
    Lately first: of years of sharing, that is little."""
    columns = (
        f"sum(read_at is null) as unread, sum(read_at is null and {_CAME} > :visited) as new, max(given_at) as at"
    )
    where = "and (read_at is null or given_at >= :since)"
    for since in (clock.stamp(now - LATELY), ""):
        found = access.shared_with(db, visitor, now, columns, where, since=since, visited=visited or "")[0]
        if found["at"]:
            return found["unread"], found["new"], found["at"]
    return 0, 0, None


# What was shared for a session comes on its day.
_CAME = "max(given_at, coalesce(opened_at, case step when 'session' then opens_on end, ''))"


def _written_back(db: Database, visitor: Viewer, visited: str | None, now: datetime) -> tuple[int, int]:
    """Entries on which a parent wrote something that was not read yet, and how many of those since the last visit."""
    columns = f"count(*) as unread, coalesce(sum({_BACK.format(since=':visited')}), 0) as new"
    where = f"and read_at is not null and {WRITTEN_BACK}"
    found = access.shared_with(db, visitor, now, columns, where, visited=visited or "")[0]
    return found["unread"], found["new"]


def _promises(db: Database, visitor: Viewer, called: str, today: date, now: datetime) -> list[Promise]:
    rows = access.shared_with(
        db, visitor, now, "uid, situation, kind, answer_by", f"and {UNANSWERED}", "order by answer_by, happened_at"
    )
    by_day: dict[str, dict[str, str]] = {}
    for row in rows:
        by_day.setdefault(row["answer_by"], {})[row["uid"]] = row["situation"] or row["kind"]
    return [
        Promise(visitor.family_uid, called, date.fromisoformat(day), day < today.isoformat(), entries)
        for day, entries in by_day.items()
    ]
