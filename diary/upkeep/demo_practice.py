"""The demo's other side: a counsellor with three families, what is shared with her, and what she wrote back."""

import random
import secrets
import tomllib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlite_utils import Database

from diary import clock
from diary.asso import agreements, openings, pins, plans
from diary.journal import drafts, entries, terms
from diary.people import access, accounts, children, factors, families, invitations, practices, sessions, ties
from diary.people.sessions import Viewer
from diary.sharing import appointments, reading, replies, shares
from diary.vault import Vault

TEXTS = Path(__file__).parent / "demo_practice.toml"
SEED = 1953
SHARED = 0.8  # how much of the last weeks is shared


def open_desk(db: Database, vault: Vault, hosts: list[Viewer], now: datetime) -> None:
    """Ties the counsellor to the demo's own family and to two more, ten weeks ago; shares, answers and a plan."""
    story = tomllib.loads(TEXTS.read_text())
    begun = now - timedelta(weeks=10)
    practice = practices.here(db, begun)
    told = story["counsellor"]
    lotte = accounts.register(
        db, told["name"], told["email"], told["password"], "nl", begun, "counsellor", practice["id"]
    )
    factors.keep_totp(db, vault, lotte, told["totp"], begun)
    chance = random.Random(SEED)  # noqa: S311  a story needs chance, not secrecy
    with at_work(db, vault, lotte, now) as desk:
        _tie(db, hosts[0], lotte, begun)
        for host in hosts:
            _share(db, host, chance, now)
        visitor = families.visit(db, vault, desk, hosts[0].family_uid, now)
        _answer(db, visitor, hosts, story["replies"]["words"], now)
        _agree(db, hosts[0], visitor, story, now)
        for family in story["families"]:
            with _household(db, vault, family, begun, now) as host:
                _tie(db, host, lotte, begun)
                _write(db, host, family, now)
                _share(db, host, chance, now, whole=True)
                _answer(db, families.visit(db, vault, desk, host.family_uid, now), [host], [], now)


def sign_in(db: Database, vault: Vault, now: datetime) -> dict:
    """How the counsellor signs in, and the children of her families."""
    told = tomllib.loads(TEXTS.read_text())["counsellor"]
    with at_work(db, vault, accounts.by_email(db, told["email"])["id"], now) as desk:
        known = [row["uid"] for row in ties.of_counsellor(db, desk)]
        visits = [families.visit(db, vault, desk, uid, now) for uid in known]
        kids = [child.uid for visitor in visits if visitor for child in children.covered(db, visitor)]
    return {"role": "counsellor", **{name: told[name] for name in ("email", "password", "totp")}, "children": kids}


@contextmanager
def at_work(db: Database, vault: Vault, account: int, now: datetime) -> Iterator[Viewer]:
    """The counsellor, both steps taken; afterwards the session is over."""
    waiting = sessions.viewer(db, vault, sessions.start(db, account, "demo", "demo", now), now)
    viewer = sessions.viewer(db, vault, sessions.prove(db, waiting, now), now)
    yield viewer
    sessions.end(db, account, now, session=viewer.session)


@contextmanager
def _household(db: Database, vault: Vault, told: dict, begun: datetime, now: datetime) -> Iterator[Viewer]:
    nobodys = secrets.token_urlsafe(48)
    account = accounts.register(db, told["parent"], told["email"], nobodys, "nl", begun)
    families.found(db, vault, account, begun)
    viewer = sessions.viewer(db, vault, sessions.start(db, account, "demo", "demo", now), now)
    today = clock.today(now, viewer.zone)
    year, month = divmod(today.year * 12 + today.month - 1 - told["months"], 12)
    born, age = f"{year}-{month + 1:02}", str(told.get("age", ""))
    children.add(db, viewer, children.parse(str(uuid.uuid4()), told["child"], born, age, today), begun)
    yield viewer
    sessions.end(db, account, now, session=viewer.session)


def _tie(db: Database, host: Viewer, lotte: int, begun: datetime) -> None:
    invitation = invitations.invite(db, host, begun, "counsellor")
    invitations.accept(db, invitation, lotte, begun)
    tie = next(tie for tie in ties.of_family(db, host, begun) if tie.account == lotte)
    kids = [child.id for child in children.of_family(db, host)]
    ties.settle(db, host, tie.uid, ties.Terms(kids, clock.today(begun, host.zone).isoformat(), None), begun)


def _share(db: Database, host: Viewer, chance: random.Random, now: datetime, whole: bool = False) -> None:
    """Entry by entry, some minutes after each was written; a few wait for the session."""
    one = ties.reading(db, host, now)[0]
    rows = access.seen(db, host, "uid, discuss, saved_at", "and author = :viewer", "order by saved_at")
    for row in rows:
        if whole or row["discuss"] or chance.random() < SHARED:
            given = min(clock.moment(row["saved_at"]) + timedelta(minutes=4), now)
            step = "session" if chance.random() < 0.1 and not row["discuss"] else "now"
            shares.give(db, host, row["uid"], one, step, chance.random() < 0.3, given)


def _answer(db: Database, visitor: Viewer, hosts: list[Viewer], words: list[str], now: datetime) -> None:
    """All but the latest three days was read, and has its answer; the latest answers wait to be read."""
    parents = {host.id: host for host in hosts}
    known = access.shared_with(db, visitor, now, "uid, author, discuss, given_at", "", "order by given_at desc")
    said = iter(words)
    for row in known:
        at = clock.moment(row["given_at"]) + timedelta(hours=20)
        if at > now - timedelta(days=3):
            continue
        text = next(said, None) if row["discuss"] else None
        reading.read(db, visitor, row["uid"], at)
        typed = replies.Typed(str(uuid.uuid4()), None if text else "seen", text or "")
        replies.answer(db, visitor, row["uid"], typed, at)
        if at < now - timedelta(days=5):
            replies.receive(db, parents[row["author"]], row["uid"], at + timedelta(hours=3))


def _agree(db: Database, host: Viewer, visitor: Viewer, story: dict, now: datetime) -> None:
    today, plan = clock.today(now, host.zone), story["plan"]
    one = ties.reading(db, host, now)[0]
    kids = {child.name: child.uid for child in children.of_family(db, host)}
    numbers = {child.uid: child.id for child in children.of_family(db, host)}
    last = now - timedelta(days=15)
    appointments.note(db, host, one, clock.today(last, host.zone), last - timedelta(days=7))
    appointments.note(db, host, one, today + timedelta(days=6), now - timedelta(days=1))
    for kind in ("goal", "agreement"):
        for told in plan[f"{kind}s"]:
            fields = told | {"kind": kind, "child": kids[told["child"]]}
            uid = agreements.propose(db, visitor, agreements.parse(fields, numbers, str(uuid.uuid4())), last)
            agreements.accept(db, host, uid, last)
    agreements.propose(db, host, agreements.parse(story["proposal"], numbers, str(uuid.uuid4())), now)
    outline = {f"met_{id}": met for id, met in plan["conditions"].items()}
    outline |= {f"note_{id}": note for id, note in plan["notes"].items()}
    outline |= {f"factor_{id}": text for id, text in plan["factors"].items()}
    plans.save(db, visitor, plans.parse(outline | {"phase": plan["phase"]}), last)
    openings.unlock(db, visitor, "touch", plan["opening"], last)
    pins.pin(db, visitor, plan["pin"], numbers[kids["Sem"]], last)


def _write(db: Database, host: Viewer, told: dict, now: datetime) -> None:
    child = children.of_family(db, host)[0]
    for one in told["entries"]:
        day = clock.today(now, host.zone) - timedelta(days=one["back"])
        happened = clock.at(day, time.fromisoformat(one["at"]), host.zone)
        fields = {name: value for name, value in one.items() if name not in ("back", "at")}
        fields |= {
            "uid": str(uuid.uuid4()),
            "kind": "contact" if one["what"] in terms.CONTACTS else "incident",
            "situation": one["what"],
            "child": child.uid,
            "happened_at": happened.isoformat(),
            "written_at": (happened + timedelta(minutes=9)).isoformat(),
        }
        draft = drafts.parse(fields, {child.uid: child.id}, host.zone, now)
        entries.save(db, host, draft, draft.written_at)
