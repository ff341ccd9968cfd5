"""What stands around the entries of one diary, chapter by chapter, as one of its parents sees it.

Plain values only: people by their names, children and entries by their uids, never by the number of a row.
"""

from datetime import UTC, datetime

from sqlite_utils import Database

from diary.asso import agreements, openings, phrases, pins, plans, tries
from diary.people import families, invitations, ties
from diary.people.children import Child
from diary.people.sessions import Viewer
from diary.people.ties import Tie
from diary.reminders import occurrences, reminding, risks
from diary.sharing import anchors, appointments, consents, defaults, inspection

_BEGAN = datetime(2000, 1, 1, tzinfo=UTC)
_ALL = -1


def of(db: Database, there: Viewer, kids: dict[int, Child], now: datetime) -> dict:
    tied = ties.of_family(db, there, now)
    names = families.names(db, there) | {tie.account: tie.name for tie in tied}
    return {
        "adults": [_adult(there, row) for row in families.members(db, there)],
        "children": [_but(vars(child), "id") for child in kids.values()],
        "counsellors": [_counsellor(tie, kids) for tie in tied],
        "invitations": [_but(row, "id", "uid") for row in invitations.waiting(db, there, now)],
        **_agreed(db, there, kids, names),
        **_anchors(db, there, kids, now),
        **_helped(db, there, kids, names),
        **_reminded(db, there, kids),
        **_shared(db, there, kids, now),
        "log": [_looked(line) for line in inspection.told(db, there, _BEGAN, now, _ALL)],
    }


def _adult(there: Viewer, row: dict) -> dict:
    told = {name: row[name] for name in ("name", "state", "invited_at", "confirmed_at")}
    return told | {"you": row["account"] == there.id}


def _counsellor(tie: Tie, kids: dict[int, Child]) -> dict:
    told = ("name", "email", "practice", "state", "confirmed_at", "from_day", "until_day")
    covered = [kids[number].uid for number in sorted(tie.children) if number in kids]
    return {name: getattr(tie, name) for name in told} | {"children": covered}


def _agreed(db: Database, there: Viewer, kids: dict[int, Child], names: dict[int, str]) -> dict:
    known = [
        _about(_but(vars(one), "proposed_by", "mine"), kids) | {"proposed_by": names.get(one.proposed_by)}
        for one in agreements.of(db, there)
    ]
    plan = plans.of(db, there)
    return {
        "agreements": known,
        "plan": {name: dict(value) if name in _WORDS else value for name, value in vars(plan).items()},
        "pins": [_about(pin, kids) for pin in pins.of(db, there)],
        "openings": list(openings.of(db, there).values()),
    }


_WORDS = ("conditions", "notes", "factors")


def _anchors(db: Database, there: Viewer, kids: dict[int, Child], now: datetime) -> dict:
    cards = ((child, anchors.of(db, there, child)) for child in kids.values())
    return {
        "anchors": [
            {"child": child.uid, "texts": dict(card.texts), "agreed": card.agreed, "helps": card.helps}
            | {"uid": card.uid, "name": card.name, "saved_at": card.saved_at}
            for child, card in cards
            if card
        ],
        "anchor_links": [_about(_but(one, "id", "uid"), kids) for one in anchors.links(db, there, now)],
    }


def _helped(db: Database, there: Viewer, kids: dict[int, Child], names: dict[int, str]) -> dict:
    """What was tried, and one's own sentences beside those that others let the family read."""
    said = phrases.seen(db, there)
    return {
        "tries": [_about(vars(one), kids) for one in tries.ever(db, there)],
        "phrases": [_but(vars(one), "author", "mine") for one in said if one.mine],
        "phrases_of_others": [
            {"suggestion": one.suggestion, "steps": one.steps, "author": names.get(one.author)}
            for one in said
            if not one.mine
        ],
    }


def _reminded(db: Database, there: Viewer, kids: dict[int, Child]) -> dict:
    agreed = reminding.of(db, there)
    return {
        "reminding": _but(vars(agreed), "reminders"),
        "reminders": [_about(vars(one), kids) for one in agreed.reminders],
        "rang": [_about(vars(one), kids) for one in occurrences.ever(db, there)],
        "risks": [_about(one, kids) for one in risks.put_off_ones(db, there)],
    }


def _shared(db: Database, there: Viewer, kids: dict[int, Child], now: datetime) -> dict:
    reading = {tie.membership: tie.name for tie in ties.reading(db, there, now)}
    wanted = defaults.of(db, there).items()
    return {
        "appointments": [vars(one) for one in appointments.ever(db, there, now)],
        "consents": [_about(one, kids) for one in consents.ever(db, there)],
        "share_defaults": [
            {"counsellor": reading[tie], "kind": kind, "step": step} for (tie, kind), step in wanted if tie in reading
        ],
    }


def _looked(line: inspection.Told) -> dict:
    return vars(line) | {"entries": [entry.uid for entry in line.entries]}


def _about(row: dict, kids: dict[int, Child]) -> dict:
    """A child by its uid; none stays none."""
    return row | {"child": kids[row["child"]].uid if row["child"] in kids else None}


def _but(row: dict, *names: str) -> dict:
    return {name: value for name, value in row.items() if name not in names}
