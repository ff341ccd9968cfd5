"""A counsellor's desk: the families, what they are called, and what waits in each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import access, children, families, ties
from diary.people.sessions import Viewer
from diary.vault import Vault

# The shares of a tie that were promised an answer, and have none yet.
UNANSWERED = "answer_by is not null and answered_at is null"
LATELY = timedelta(days=60)


@dataclass(frozen=True)
class Promise:
    """An answer that is promised: on which entry, and when at the latest."""

    family: str
    uid: str
    names: str
    title: str | None  # the situation, or the kind
    by: date
    late: bool


@dataclass(frozen=True)
class Tie:
    """One family, as it stands in the counsellor's list."""

    visitor: Viewer
    uid: str
    names: str  # of the children, by first name
    new: int  # shared and not read yet, or written back and not read yet
    shared_at: str | None
    missed: int  # reminders that did not arrive since something was shared
    promises: list[Promise]


def of(db: Database, vault: Vault, viewer: Viewer, now: datetime) -> list[Tie]:
    """The families where a parent let this counsellor in, for today; the most news first."""
    found = (tie for tie in ties.of_counsellor(db, viewer) if tie["state"] == "confirmed")
    visits = (families.visit(db, vault, viewer, row["uid"], now) for row in found)
    known = [_tie(db, visitor, now) for visitor in visits if visitor]
    return sorted(known, key=lambda tie: (not tie.new, tie.names.casefold()))


def asking(db: Database, viewer: Viewer) -> list[str]:
    """Who asked this counsellor, and still has to say yes: no more than the name in the invitation."""
    return [tie["adults"] for tie in ties.of_counsellor(db, viewer) if tie["state"] == "invited"]


def promises(known: list[Tie]) -> list[Promise]:
    """What was promised, over all families, by its date."""
    return sorted((one for tie in known for one in tie.promises), key=lambda one: (one.by, one.names))


def names(db: Database, visitor: Viewer) -> str:
    return ", ".join(child.name for child in children.covered(db, visitor))


def parents(db: Database, visitor: Viewer) -> dict[int, str]:
    """The adults of the family, by account; also who has left."""
    found = store.rows(
        db,
        """select accounts.id, accounts.name from memberships as tie
           join memberships on memberships.family = tie.family and memberships.role = 'parent'
                and memberships.confirmed_at is not null
           join accounts on accounts.id = memberships.account
           where tie.id = :membership and tie.account = :viewer and tie.state = 'confirmed'
           order by memberships.id""",
        membership=visitor.membership,
        viewer=visitor.id,
    )
    return {row["id"]: row["name"] for row in found}


def missed(db: Database, visitor: Viewer, since: date, until: date) -> dict[int, int]:
    """By parent who shares something: on how many days a reminder did not arrive. That is not the same as silence."""
    found = store.rows(
        db,
        """select account, count(distinct local_date) as n from occurrences
           where family = :family and state in ('failed', 'missed') and local_date between :since and :until
             and exists (select 1 from shares
                         where membership = :membership and account = occurrences.account and taken_at is null)
           group by account""",
        family=visitor.family,
        membership=visitor.membership,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return {row["account"]: row["n"] for row in found}


def _tie(db: Database, visitor: Viewer, now: datetime) -> Tie:
    unread, latest = _news(db, visitor, now)
    called = names(db, visitor)
    today = clock.today(now, visitor.zone)
    since = clock.local(latest, visitor.zone).date() if latest else today
    return Tie(
        visitor,
        visitor.family_uid,
        called,
        unread + _written_back(db, visitor, now),
        latest,
        sum(missed(db, visitor, since, today).values()),
        _promises(db, visitor, called, today, now),
    )


def _news(db: Database, visitor: Viewer, now: datetime) -> tuple[int, str | None]:
    """How much is unread, and when something was last shared. Lately first: of years of sharing, that is little."""
    columns = "sum(read_at is null) as unread, max(given_at) as latest"
    where = "and (read_at is null or given_at >= :since)"
    for since in (clock.stamp(now - LATELY), ""):
        found = access.shared_with(db, visitor, now, columns, where, since=since)[0]
        if found["latest"]:
            return found["unread"], found["latest"]
    return 0, None


def _written_back(db: Database, visitor: Viewer, now: datetime) -> int:
    """Entries on which a parent wrote something that was not read yet."""
    unread = """and read_at is not null and id in (
        select replies.entry from replies where replies.membership = :membership and replies.account <> :viewer
          and replies.read_at is null and replies.withdrawn_at is null)"""
    return access.shared_with(db, visitor, now, "count(*) as n", unread)[0]["n"]


def _promises(db: Database, visitor: Viewer, called: str, today: date, now: datetime) -> list[Promise]:
    rows = access.shared_with(
        db, visitor, now, "uid, situation, kind, answer_by", f"and {UNANSWERED}", "order by answer_by, happened_at"
    )
    return [
        Promise(
            visitor.family_uid,
            row["uid"],
            called,
            row["situation"] or row["kind"],
            date.fromisoformat(row["answer_by"]),
            row["answer_by"] < today.isoformat(),
        )
        for row in rows
    ]
