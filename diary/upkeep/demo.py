"""A family to look at: two parents, two children, ten weeks of diary. The texts stand in two files beside this."""

import random
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlite_utils import Database

from diary import clock, store
from diary.journal import deletions, drafts, entries, moments, terms
from diary.people import accounts, children, families, invitations, sessions
from diary.people.sessions import Viewer
from diary.reminders import due, reminders
from diary.upkeep import demo_practice
from diary.vault import Vault

HERE = Path(__file__).parent
SEED = 1940
WEEK = timedelta(days=7)
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
PARTS = {"ochtend": "morning", "middag": "afternoon", "avond": "evening"}
WHO = ("sem", "noor", "both")
SHARED = {"incident": 0.5, "contact": 0.75, "checkin": 0.3, "weekcheck": 0.6}  # how much of each the family may read
MINUTES = (1, 2, 3, 5, 8, 13, 25)  # between what happened and writing it down


@dataclass(frozen=True)
class Writing:
    """One entry as it will be written: by whom, what, when, and what became of it."""

    viewer: Viewer
    draft: drafts.Draft
    told: dict


def make(db: Database, vault: Vault, now: datetime) -> list[dict]:
    """Gives the sign-ins of the family, which is made when it is not there yet. Repeats are harmless."""
    story = texts()
    with store.writing(db):
        if accounts.by_email(db, story["parents"][0]["email"]) is None:
            _move_in(db, vault, story, now)
            _keep_diary(db, vault, story, now)
            _be_reminded(db, vault, story, now)
            first, second = story["parents"]
            with _signed_in(db, vault, first, now) as marit, _signed_in(db, vault, second, now) as joost:
                demo_practice.open_desk(db, vault, [marit, joost], now)
        with _signed_in(db, vault, story["parents"][0], now) as viewer:
            kids = [child.uid for child in children.of_family(db, viewer)]
        desk = demo_practice.sign_in(db, vault, now)
    return [
        {"role": "parent", "email": parent["email"], "password": parent["password"], "children": kids}
        for parent in story["parents"]
    ] + [desk]


def texts() -> dict:
    first, second = (tomllib.loads((HERE / name).read_text()) for name in ("demo.toml", "demo_2.toml"))
    return first | second | {"weeks": first["weeks"] + second["weeks"]}


def _move_in(db: Database, vault: Vault, story: dict, now: datetime) -> None:
    """The first parent founds the family and lets the second in, ten weeks ago."""
    begun = now - len(story["weeks"]) * WEEK
    founder, partner = (
        accounts.register(db, parent["name"], parent["email"], parent["password"], "nl", begun)
        for parent in story["parents"]
    )
    families.found(db, vault, founder, begun)
    with _signed_in(db, vault, story["parents"][0], now) as viewer:
        for child in story["children"]:
            children.add(db, viewer, _child(child, clock.today(now, viewer.zone)), begun)
        invitations.accept(db, invitations.invite(db, viewer, begun), partner, begun)
        waiting = next(member for member in families.members(db, viewer) if member["account"] == partner)
        families.confirm(db, viewer, waiting["uid"], begun)


@contextmanager
def _signed_in(db: Database, vault: Vault, parent: dict, now: datetime) -> Iterator[Viewer]:
    """For as long as it takes: afterwards the session is over, like that of any other device."""
    account = accounts.by_email(db, parent["email"])["id"]
    viewer = sessions.viewer(db, vault, sessions.start(db, account, "demo", "demo", now), now)
    yield viewer
    sessions.end(db, account, now, session=viewer.session)


def _child(told: dict, today: date) -> dict:
    year, month = divmod(today.year * 12 + today.month - 1 - told["months"], 12)
    return children.parse(str(uuid.uuid4()), told["name"], f"{year}-{month + 1:02}", str(told.get("age", "")), today)


def _keep_diary(db: Database, vault: Vault, story: dict, now: datetime) -> None:
    first, second = story["parents"]
    with _signed_in(db, vault, first, now) as marit, _signed_in(db, vault, second, now) as joost:
        by = {"marit": marit, "joost": joost}
        kids = {child.name.casefold(): child for child in children.of_family(db, marit)}
        chance = random.Random(SEED)  # noqa: S311  a story needs chance, not secrecy
        written = [
            _writing(told, day, by[told.get("by", "marit")], kids, chance, now)
            for day, told in _days(story, clock.today(now, marit.zone))
        ]
        passed = [writing for writing in written if writing.draft.happened_at <= now]
        for writing in sorted(passed, key=lambda writing: writing.draft.written_at):
            _write(db, writing, now)


def _be_reminded(db: Database, vault: Vault, story: dict, now: datetime) -> None:
    """For twelve days by now. Most of what came was looked at; one did not arrive, and one kind was left alone until
    it came half as often, and asked whether it fits."""
    with _signed_in(db, vault, story["parents"][0], now) as viewer:
        today, begun = clock.today(now, viewer.zone), now - timedelta(days=12)
        for told in story["reminders"]:
            reminders.add(db, viewer, now=begun, **told)
        days = [today - timedelta(days=back) for back in range(13)]
        hours = [time.fromisoformat(told["at"]) for told in story["reminders"]]
        for moment in sorted(clock.at(day, hour, viewer.zone) for day in days for hour in hours):
            if begun < moment < now:
                due.plan(db, vault, moment)
    left_alone = "reminder in (select id from reminders where kind = 'room')"
    store.change(db, "update occurrences set state = 'sent' where state = 'going'")
    looked_at = f"state = 'sent' and not {left_alone}"
    store.change(db, f"update occurrences set answer = 'opened', answered_at = rang_at where {looked_at}")
    store.change(
        db,
        f"""update occurrences set state = 'failed', answer = null, answered_at = null
            where id = (select id from occurrences where {looked_at} and local_date < :day
                        order by local_date desc limit 1)""",
        day=str(today - timedelta(days=1)),
    )
    asked = clock.stamp(now - timedelta(hours=12))
    store.change(db, "update reminders set halved = 1, asked_at = :now where kind = 'room'", now=asked)


def _days(story: dict, today: date) -> Iterator[tuple[date, dict]]:
    """Every entry with its day. Each week has all seven weekdays and the last ends today, which has its own texts."""
    for back, week in enumerate(reversed(story["weeks"])):
        end = today - back * WEEK
        for told in week["entries"]:
            weekday = WEEKDAYS.index(told["on"].split()[0])
            day = end - timedelta(days=(end.weekday() - weekday) % 7)
            if day < today:
                yield day, told
    for told in story["last"]["yesterday"]:
        yield today - timedelta(days=1), told
    for told in story["last"]["today"]:
        yield today, told


def _writing(told: dict, day: date, viewer: Viewer, kids: dict, chance: random.Random, now: datetime) -> Writing:
    happened, about = _moment(day, told["on"].split()[-1], viewer.zone, chance)
    later = timedelta(hours=told["later"]) if "later" in told else timedelta(minutes=chance.choice(MINUTES))
    who = next((name for name in WHO if name in told), None)
    what = told.get(who)
    kind = _kind(told, what)
    shared = told.get("family", chance.random() < SHARED[kind])
    fields = told | {
        "uid": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "kind": kind,
        "child": kids[who].uid if who in kids else None,
        "what": what,
        "situation": what,
        "happened_at": happened.isoformat(),
        "about": about,
        "written_at": max(happened, min(happened + later, now)).isoformat(),
        "shared": "family" if shared else "me",
        **{f"asso_{step}": said for step, said in zip(terms.ASSO, told.get("say", ()), strict=False)},
    }
    family = {child.uid: child.id for child in kids.values()}
    return Writing(viewer, drafts.parse(fields, family, viewer.zone, now), told)


def _moment(day: date, text: str, zone: str, chance: random.Random) -> tuple[datetime, str | None]:
    if text in PARTS:
        return clock.at(day, moments.PARTS[PARTS[text]], zone), PARTS[text]
    return clock.at(day, time.fromisoformat(text).replace(second=chance.randrange(60)), zone), None


def _kind(told: dict, what: str | None) -> str:
    if "energy" in told:
        return "checkin"
    if "fun" in told:
        return "weekcheck"
    return "contact" if what in terms.CONTACTS else "incident"


def _write(db: Database, writing: Writing, now: datetime) -> None:
    viewer, draft, told = writing.viewer, writing.draft, writing.told
    if "was" in told:
        edited = min(draft.written_at + timedelta(hours=told["edited"]), now)
        first = replace(draft, body=draft.body | {"note": told["was"]})
        entries.save(db, viewer, first, draft.written_at)
        entries.save(db, viewer, replace(draft, version=1), edited)
    else:
        entries.save(db, viewer, draft, draft.written_at)
    if "deleted" in told:
        gone = min(draft.written_at + timedelta(hours=told["deleted"]), now)
        deletions.delete(db, viewer, draft.uid, gone)
