"""The Gesprekskaart: what a session needs, made by rules from what was shared. Every figure has its sieve."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.asso import agreements, plans
from diary.asso.agreements import Agreement
from diary.asso.plans import Plan
from diary.journal.rows import Entry, opened
from diary.people import access, looks
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.sharing import appointments, concerns, desks, patterns, seats
from diary.sharing.concerns import Concern
from diary.sharing.patterns import Hours, Tally
from diary.sharing.sieves import Sieve
from diary.vault import Broken

USUAL = timedelta(weeks=4)
LONGEST = timedelta(weeks=12)
PAGE = 50  # entries behind a figure at once


@dataclass(frozen=True)
class Period:
    since: date
    until: date
    session: date | None = None  # when it begins with the last session

    @property
    def before(self) -> "Period":
        """As many days, right before."""
        length = self.until - self.since + timedelta(days=1)
        return Period(self.since - length, self.since - timedelta(days=1))


@dataclass(frozen=True)
class Topic:
    """An entry on the card, and how its sharing stands."""

    entry: Entry
    new: bool
    answer_by: date | None
    waits: bool  # for an answer


@dataclass(frozen=True)
class Advice:
    """What the counsellor last wrote."""

    entry: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Card:
    period: Period
    n: int
    later: Tally  # written down on a later day
    figures: list[Tally]
    topics: list[Topic]  # the parents' own picks
    waiting: list[Topic]  # promised an answer, the soonest first
    steps: list[Tally]
    kept: Tally
    said: Tally
    hours: Hours
    hours_sieve: Sieve | None
    seen: list[Tally]  # signals that were ticked
    sides: list[tuple[Entry, Entry]]
    week: Entry | None
    plan: Plan
    known: list[Agreement]
    talk: list[Concern]
    advice: Advice | None
    missed: dict[int, int]

    @property
    def pickers(self) -> list[int]:
        """Whose topics these are."""
        return list(dict.fromkeys(topic.entry.author for topic in self.topics))

    @property
    def empty(self) -> bool:
        return not (self.n or self.topics or self.waiting)


@dataclass(frozen=True)
class Behind:
    """The entries of one figure, a page at a time."""

    entries: list[Entry]
    n: int
    more: int | None  # how many come before the next page


def period(db: Database, visitor: Viewer, now: datetime, usual: bool = False) -> Period:
    """Since the last session, or four weeks."""
    today = clock.today(now, visitor.zone)
    session = None if usual else appointments.last(db, visitor, now)
    if session and session >= today - LONGEST:
        return Period(session, today, session)
    return Period(today - USUAL + timedelta(days=1), today)


def read(db: Database, visitor: Viewer, period: Period, now: datetime, event: str = "card") -> Card:
    """For the counsellor, with its line in the log: no line, no card."""
    with looks.reading(db):
        rows = _rows(db, visitor, period, now)
        card = _made(db, visitor, period, rows, now)
        waits = {topic.entry.uid for topic in card.waiting}
        shown = [r for r in rows if r["day"] >= str(period.since) or r["discuss"] or r["uid"] in waits]
        looks.write(db, visitor, event, shown, now)
    return card


def as_seen_by(db: Database, viewer: Viewer, counsellor: Tie, now: datetime, usual: bool = False) -> Card:
    """For a parent: the card as this counsellor sees it, as far as it was made from the parent's own shares."""
    visitor = seats.in_place_of(viewer, counsellor)
    over = period(db, visitor, now, usual)
    return _made(db, visitor, over, _rows(db, visitor, over, now, viewer.id), now, viewer.id)


def behind(
    db: Database, visitor: Viewer, sieve: Sieve, now: datetime, first: int = 0, author: int | None = None
) -> Behind:
    where = f"""and day between :since and :until and (:author is null or author = :author)
                {f"and {desks.UNREAD}" if sieve.unread else ""} {f"and {desks.UNANSWERED}" if sieve.waits else ""}"""
    days = {"since": str(sieve.since or ""), "until": str(sieve.until or "9")}
    rows = access.shared_with(db, visitor, now, "*", where, "order by happened_at desc", author=author, **days)
    found = sieve.of([opened(visitor, row) for row in rows])
    return Behind(found[first : first + PAGE], len(found), first + PAGE if len(found) > first + PAGE else None)


def read_behind(db: Database, visitor: Viewer, sieve: Sieve, now: datetime, first: int = 0) -> Behind:
    """The same for the counsellor, with its line in the log."""
    with looks.reading(db):
        found = behind(db, visitor, sieve, now, first)
        looks.write(db, visitor, "list", [_told(entry) for entry in found.entries], now)
    return found


def _told(entry: Entry) -> dict:
    return {name: getattr(entry, name) for name in ("uid", "version", "child", "author")}


def _rows(db: Database, visitor: Viewer, period: Period, now: datetime, author: int | None = None) -> list[dict]:
    """All that the card may speak of: this period, the one before, the weeks to compare with, and what waits."""
    since = min(period.before.since, concerns.since(period.until))
    where = f"""and (:author is null or author = :author)
                and (day between :since and :until or discuss or {desks.UNANSWERED})"""
    return access.shared_with(
        db,
        visitor,
        now,
        f"*, {desks.UNANSWERED} as waits",
        where,
        "order by happened_at desc",
        author=author,
        since=since.isoformat(),
        until=period.until.isoformat(),
    )


def _made(
    db: Database, visitor: Viewer, period: Period, rows: list[dict], now: datetime, author: int | None = None
) -> Card:
    every = [opened(visitor, row) for row in rows]
    shares = {row["uid"]: row for row in rows}
    since, until = period.since, period.until
    entries = Sieve(since, until).of(every)
    earlier = Sieve(period.before.since, period.before.until).of(every)
    plan = plans.of(db, visitor)
    later = Sieve(since, until, later=True)
    kept, said = patterns.bond(entries, since, until)
    hours = patterns.hours(entries)
    return Card(
        period=period,
        n=len(entries),
        later=Tally("later", len(later.of(entries)), 0, later),
        figures=patterns.tallies(entries, Counter(entry.mark for entry in earlier), since, until),
        topics=[_topic(entry, shares) for entry in every if entry.discuss],
        waiting=_waiting(every, shares),
        steps=patterns.steps(entries, since, until),
        kept=kept,
        said=said,
        hours=hours,
        hours_sieve=hours.busiest and Sieve(since, until, kind="incident", hour=hours.busiest[0], hours=2),
        seen=patterns.signals(entries, earlier, since, until),
        sides=patterns.two_sides(entries),
        week=next((entry for entry in entries if entry.kind == "weekcheck"), None),
        plan=plan,
        known=[one for one in agreements.of(db, visitor) if one.stands],
        talk=concerns.found(every, until, plan.band),
        advice=_advice(db, visitor, now, author),
        missed={who: n for who, n in desks.missed(db, visitor, since, until).items() if author in (who, None)},
    )


def _topic(entry: Entry, shares: dict[str, dict]) -> Topic:
    share = shares[entry.uid]
    by = share["answer_by"]
    return Topic(entry, share["read_at"] is None, date.fromisoformat(by) if by else None, bool(share["waits"]))


def _waiting(entries: Iterable[Entry], shares: dict[str, dict]) -> list[Topic]:
    found = (_topic(entry, shares) for entry in entries if shares[entry.uid]["waits"])
    return sorted(found, key=lambda topic: (topic.answer_by, topic.entry.happened_at))


def _advice(db: Database, visitor: Viewer, now: datetime, author: int | None) -> Advice | None:
    """The latest words of the counsellor, on something that is shared still."""
    said = """and (:author is null or author = :author) and id in (
        select replies.entry from replies where replies.membership = :membership and replies.account = :viewer
          and replies.withdrawn_at is null and replies.words is not null)"""
    shared = access.shared_with(db, visitor, now, "id, uid", said, author=author)
    entries = {row["id"]: row["uid"] for row in shared}
    found = store.rows(
        db,
        """select uid, entry, words, created_at from replies
           where membership = :membership and account = :viewer and withdrawn_at is null and words is not null
           order by created_at desc, id desc""",
        membership=visitor.membership,
        viewer=visitor.id,
    )
    row = next((row for row in found if row["entry"] in entries), None)
    try:
        words = row and visitor.seal.open(row["words"], entries[row["entry"]], row["uid"], "reply")
    except Broken:
        return None
    return row and Advice(entries[row["entry"]], words, clock.local(row["created_at"], visitor.zone))
