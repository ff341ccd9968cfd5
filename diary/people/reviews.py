"""The weekly look at the access log by who runs the practice: what stands out, and a signature. It sees no diary."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import looks
from diary.people.sessions import Viewer
from diary.texts import N_
from diary.vault import Vault

ZONE = Viewer.zone
NIGHT = (23, 6)  # from, until, on the clock
MANY = 8  # families in one day
BURST = 3  # prints within an hour
WEEKS = 8
LATE = timedelta(days=14)

WHAT = {
    "refused": N_("wilde lezen in een gezin dat niet (meer) openstond"),
    "untied": N_("las zonder band met dit gezin"),
    "many": N_("las op één dag in %(n)d gezinnen"),
    "night": N_("las ’s nachts"),
    "burst": N_("drukte in een uur %(n)d keer iets af"),
    "codes": N_("gaf %(n)d keer een verkeerde code"),
}


@dataclass(frozen=True)
class Finding:
    what: str
    name: str
    day: date
    families: tuple[str, ...]  # by names made for this page: which family it is, the practice need not see
    number: int
    points: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    monday: date
    findings: list[Finding]
    signed: date | None
    signer: str | None
    running: bool
    overdue: bool


def weeks(db: Database, vault: Vault, viewer: Viewer, now: datetime) -> list[Week]:
    """The last weeks that are whole, latest first, and the one that runs."""
    monday = _monday(clock.today(now, ZONE))
    mondays = [monday - timedelta(weeks=n) for n in range(WEEKS)]
    found = findings(db, vault, viewer, mondays[-1], now)
    signed = _signed(db, viewer)
    began = _began(db, viewer)
    return [
        Week(
            monday=each,
            findings=[finding for finding in found if _monday(finding.day) == each],
            signed=signed[each][0] if each in signed else None,
            signer=signed[each][1] if each in signed else None,
            running=each == monday,
            overdue=each not in signed and clock.today(now, ZONE) - each > timedelta(weeks=1) + LATE,
        )
        for each in mondays
        if began and each >= _monday(began)
    ]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _signed(db: Database, viewer: Viewer) -> dict[date, tuple[date, str]]:
    rows = store.rows(
        db,
        """select week, signed_at, accounts.name from reviews join accounts on accounts.id = reviews.account
           where reviews.practice = :practice""",
        practice=viewer.practice,
    )
    return {
        date.fromisoformat(row["week"]): (clock.local(row["signed_at"], ZONE).date(), row["name"]) for row in rows
    }


def _began(db: Database, viewer: Viewer) -> date | None:
    first = store.row(db, "select min(at) as at from looks where practice = :practice", practice=viewer.practice)
    return clock.local(first["at"], ZONE).date() if first["at"] else None


def findings(db: Database, vault: Vault, viewer: Viewer, since: date, now: datetime) -> list[Finding]:
    """What stands out in the lines of the people of this practice, latest first."""
    days = defaultdict(list)
    for row in store.rows(db, _LINES, practice=viewer.practice, since=clock.stamp(clock.at(since, _MIDNIGHT, ZONE))):
        at = clock.local(row["at"], ZONE)
        days[(at.date(), row["account"], row["name"] or "?")].append(row | {"local": at})
    found = [
        Finding(what, name, day, *_told(vault, lines, number))
        for (day, _account, name), rows in days.items()
        for what, lines, number in _standing_out(rows)
    ]
    return sorted(found, key=lambda finding: (finding.day, finding.name, finding.what), reverse=True)


_MIDNIGHT = datetime.min.time()
_LINES = """
    select looks.at, looks.event, looks.outcome, looks.account, looks.name, looks.family, looks.point,
           exists (select 1 from memberships as tie
                   where tie.id = looks.membership and tie.account = looks.account and tie.confirmed_at <= looks.at
                     and (tie.ended_at is null or tie.ended_at > looks.at)) as tied
    from looks where practice = :practice and role = 'counsellor' and at >= :since order by seq"""


def _standing_out(rows: list[dict]):
    """What of one person's day stands out: which rule, by which lines, and its number."""
    reads = [row for row in rows if row["event"] in looks.READS and row["outcome"] == "ok"]
    refused = [row for row in rows if row["outcome"] == "refused"]
    untied = [row for row in reads if not row["tied"]]
    night = [row for row in reads if row["local"].hour >= NIGHT[0] or row["local"].hour < NIGHT[1]]
    families = {row["family"] for row in reads}
    codes = [row for row in rows if row["event"] == "factor_failed"]
    if refused:
        yield "refused", refused, len(refused)
    if untied:
        yield "untied", untied, len(untied)
    if len(families) > MANY:
        yield "many", reads, len(families)
    if night:
        yield "night", night, len(night)
    if (most := _within_an_hour(rows)) > BURST:
        yield "burst", [row for row in rows if row["event"] == "printed"], most
    if len(codes) > BURST:
        yield "codes", codes, len(codes)


def _within_an_hour(rows: list[dict]) -> int:
    printed = [row["local"] for row in rows if row["event"] == "printed"]
    return max((sum(one <= other <= one + timedelta(hours=1) for other in printed) for one in printed), default=0)


def _told(vault: Vault, lines: list[dict], number: int) -> tuple[tuple[str, ...], int, tuple[str, ...]]:
    seen = Counter(row["family"] for row in lines if row["family"])
    points = sorted({row["point"] for row in lines if row["point"]})
    return tuple(vault.uid("review", family)[:6] for family, _ in seen.most_common(12)), number, tuple(points)


def sign(db: Database, vault: Vault, viewer: Viewer, text: str, now: datetime) -> bool:
    """Says that a week that is over was looked through. Repeats are harmless."""
    week = next((week for week in weeks(db, vault, viewer, now) if week.monday.isoformat() == text), None)
    if week is None or week.running:
        return False
    if week.signed is None:
        with looks.reading(db):
            row = {"practice": viewer.practice, "week": text, "account": viewer.id, "found": len(week.findings)}
            store.insert(db, "reviews", row | {"signed_at": clock.stamp(now)})
            looks.write(db, viewer, "reviewed", [], now, house=vault)
    return True
