"""Diaries to measure: one family each, written at a steady ten entries a day, so that a larger diary is not
a busier one: it only goes further back. Its latest days are the same, letter for letter."""

import random
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

from flask import Flask

from diary import clock, create_app, store
from diary.config import Settings
from diary.journal import rows, terms
from diary.journal.drafts import Draft
from diary.people import accounts, children, families, sessions

A_DAY = 10
SITUATIONS = [*terms.SITUATION, *["refusing"] * 15]  # every family has its own refrain
KINDS = ("incident",) * 7 + ("contact",) * 2 + ("checkin",)
OFTEN, NOWHERE = "fiets", "zeppelin"
WORDS = f"""ze wilde niet mee naar huis en bleef staan bij de {OFTEN} toen ik haar riep hij gooide zijn beker door
keuken daarna lachte we samen weer even later kwam papa thuis ik merkte dat moe was zei zacht wat zag vond
moeilijk lastig boos verdrietig maar ook trots schoen tas trap douche eten brood tafel slapen licht deur
opeens rustig arm om heen stil buiten regen gefietst oma juf klas""".split()


@dataclass(frozen=True)
class Home:
    size: int
    folder: Path
    token: str  # of the session
    cookie: str
    csrf: str
    child: str
    day: date  # halfway; the diary shows no days before 2000
    cursor: str  # three quarters back
    seconds: float  # what filling took


def fill(app: Flask, size: int) -> Home:
    begun, now, settings = perf_counter(), clock.now(), app.config["SETTINGS"]
    db, vault = store.here(settings.database), app.config["VAULT"]
    people = [accounts.register(db, name, f"{name}@example.org", "vier losse woorden", "nl", now) for name in "AB"]
    family, _ = families.found(db, vault, people[0], now)
    _join(db, family, people[1], now)
    tokens = [sessions.start(db, account, "bench", "", now) for account in people]
    parents = [sessions.viewer(db, vault, token, now) for token in tokens]
    fields = {"name": "Sem", "born": "2017-05", "age": 4}
    for _ in range(2):
        children.add(db, parents[0], fields | {"uid": str(uuid.uuid4())}, now)
    kids = children.of_family(db, parents[0])
    _write(db, _rows(parents, [child.id for child in kids], size, now))
    back = db.execute(
        "select happened_at || '~' || uid from entry_rows where audience = 0 order by 1 desc limit 1 offset ?",
        [db["entry_rows"].count_where("audience = 0") * 3 // 4],
    ).fetchone()[0]
    cookie, csrf = _signed_in(app, tokens[0])
    store.leave()
    today = clock.today(now, parents[0].zone)
    halfway = max(today - timedelta(days=size // A_DAY // 2), date(2001, 1, 1))
    return Home(size, settings.home, tokens[0], cookie, csrf, kids[0].uid, halfway, back, perf_counter() - begun)


@contextmanager
def opened(home: Home) -> Iterator[tuple]:
    """The application in this process: app, connection and the parent who looks."""
    app = create_app(Settings(home=home.folder))
    db = store.here(app.config["SETTINGS"].database)
    try:
        yield app, db, sessions.viewer(db, app.config["VAULT"], home.token, clock.now())
    finally:
        store.leave()


def _join(db, family: int, account: int, now: datetime) -> None:
    at = clock.stamp(now)
    row = {"role": "parent", "state": "confirmed", "confirmed_by": account, "confirmed_at": at}
    db["memberships"].insert({"family": family, "account": account, **row})
    families.open_for(db, account, family)


def _signed_in(app, token: str) -> tuple[str, str]:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session.permanent = token, True, True
    csrf = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/today").text).group(1)
    return client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value, csrf


def _rows(parents: list, kids: list[int], size: int, now: datetime) -> Iterator[dict]:
    today = clock.today(now, parents[0].zone)
    for number in range(size, 0, -1):  # as they were written: the oldest first
        chance = random.Random(number)
        back, place = divmod(number - 1, A_DAY)
        wall = time(7 + place, chance.randrange(60))
        at = clock.at(today - timedelta(days=back), wall, parents[0].zone)
        writer = chance.choice(parents)
        draft = _draft(chance, at, chance.choice(kids))
        row = rows.row(writer, draft, draft.uid, 1, at)  # what a save would write
        yield {**row, "family": writer.family, "author": writer.id}


def _draft(chance: random.Random, at: datetime, child: int) -> Draft:
    kind = chance.choice(KINDS)
    incident = kind == "incident"
    situation = chance.choice(SITUATIONS) if incident else None
    body = {"note": " ".join(chance.choices(WORDS, k=28))}
    if incident:
        said = " ".join(chance.choices(WORDS, k=8))
        body |= {"intensity": 3, "need": "comfort", "tried": ["connect"], "words": {"connect": said}}
    return Draft(
        uid=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        kind=kind,
        happened_at=at,
        written_at=at + timedelta(hours=chance.choice((0, 0, 0, 1, 30))),
        child=child,
        area=terms.AREA_OF.get(situation),
        situation=situation,
        stub=incident and chance.random() < 0.2,  # two taps, and never finished
        discuss=chance.random() < 0.03,
        shared=chance.choice(("family", "family", "family", "me")),
        feeling=" ".join(chance.choices(WORDS, k=6)) if incident else "",
        body=body,
    )


def _write(db, written: Iterator[dict]) -> None:
    first = next(written)
    columns = ", ".join(first)
    marks = ", ".join(f":{name}" for name in first)
    with store.writing(db):
        db.conn.executemany(f"insert into entry_rows ({columns}) values ({marks})", [first])
        db.conn.executemany(f"insert into entry_rows ({columns}) values ({marks})", written)
