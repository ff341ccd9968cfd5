"""Whatever parents and counsellors do, in whatever order: a counsellor reads what a model of plain sets says."""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest
from sqlite_utils.utils import sqlite3

from diary import clock, store
from diary.journal import deletions, drafts, entries
from diary.people import access, accounts, families, looks, sessions, ties
from diary.sharing import appointments, shares
from tests.conftest import EVENING

WALKS, STEPS = int(os.environ.get("WALKS", "1000")), 30
PARENTS, READERS = ("Marit", "Joost"), ("Anneke", "Bram")
OFTEN = {
    **{"writes": 5, "edits": 3, "gives": 14, "takes_back": 2, "opens": 2, "deletes": 1, "brings_back": 2},
    **{"notes_a_day": 3, "proposes_a_day": 2, "agrees": 3, "drops_a_day": 2, "nights_pass": 3},
    **{"unties": 1, "ties_again": 9, "leaves": 1, "returns": 12, "covers": 1},
}


@dataclass
class Written:
    author: str
    about: int | None
    version: int = 1
    deleted: bool = False


@dataclass
class Given:
    version: int
    membership: int  # of the author
    session: bool
    feeling: bool
    on: date
    opened: bool = False


@dataclass
class Day:
    tie: int
    day: date
    by: str
    agreed: set[str] = field(default_factory=set)


class Walk:
    """One family, two parents, two counsellors; and beside the database what it should come to."""

    def __init__(self, db, vault, now, rng: Random, child: int):
        self.db, self.vault, self.now, self.rng, self.child = db, vault, now, rng, child
        self.members = dict.fromkeys(PARENTS)
        for name in PARENTS:
            self.members[name] = self.last("account = (select id from accounts where name = :name)", name=name)
        self.ties, self.covered = dict.fromkeys(READERS), {}
        self.written, self.given, self.days = {}, {}, {}
        self.at_desk = {}
        self.signs_in()
        for name in READERS:
            self.ties_now(name)
        for name in PARENTS:
            self.writes(name, "")

    def last(self, where: str, **named) -> int:
        return store.row(self.db, f"select max(id) as id from memberships where {where}", **named)["id"]

    def signs_in(self) -> None:
        for name in (*PARENTS, *READERS):
            account = store.row(self.db, "select id from accounts where name = :name", name=name)["id"]
            token = sessions.start(self.db, account, name, "", self.now())
            waiting = sessions.viewer(self.db, self.vault, token, self.now())
            self.at_desk[name] = sessions.prove(self.db, waiting, self.now())

    def viewer(self, name: str) -> sessions.Viewer:
        return sessions.viewer(self.db, self.vault, self.at_desk[name], self.now())

    def today(self) -> date:
        return clock.today(self.now(), "Europe/Amsterdam")

    def counsellor(self, parent: str, name: str):
        return next((c for c in ties.reading(self.db, self.viewer(parent), self.now()) if c.name == name), None)

    def steps(self) -> None:
        parent, reader = self.rng.choice(PARENTS), self.rng.choice(READERS)
        does = getattr(self, self.rng.choices(list(OFTEN), list(OFTEN.values()))[0])
        if self.members[parent] is None and does.__name__ not in ("returns", "nights_pass", "proposes_a_day"):
            return
        does(parent, reader)
        for (uid, tie), share in self.given.items():
            days = (d for d in self.days.values() if d.tie == tie and self.written[uid].author in d.agreed)
            share.opened |= share.session and any(share.on <= d.day <= self.today() for d in days)

    def own(self, parent: str) -> str | None:
        mine = [uid for uid, entry in self.written.items() if entry.author == parent]
        return self.rng.choice(mine) if mine else None

    # -- what people do

    def writes(self, parent: str, _reader: str) -> None:
        about = self.rng.choice([self.child, None])
        uid = self.saves(parent, about, None)
        self.written[uid] = Written(parent, about)

    def saves(self, parent: str, about: int | None, old: tuple | None) -> str:
        fields = {"kind": "incident", "area": "routine", "note": f"woord {self.rng.random()}", "feeling": "moe"}
        fields |= {"uid": old[0], "version": old[1]} if old else {}
        fields["child"] = "kind" if about else ""
        viewer = self.viewer(parent)
        draft = drafts.parse(fields, {"kind": self.child}, viewer.zone, self.now())
        return entries.save(self.db, viewer, draft, self.now()).uid

    def edits(self, parent: str, _reader: str) -> None:
        uid = self.own(parent)
        if uid and not self.written[uid].deleted:
            entry = self.written[uid]
            entry.about = self.rng.choice([self.child, None])
            self.saves(parent, entry.about, (uid, entry.version))
            entry.version += 1

    def gives(self, parent: str, reader: str) -> None:
        uid, counsellor = self.rng.choice(list(self.written) or [None]), self.counsellor(parent, reader)
        assert (counsellor is not None) == (self.ties[reader] is not None)
        if not uid or not counsellor:
            return
        entry, session, feeling = self.written[uid], self.rng.random() < 0.5, self.rng.random() < 0.3
        done = shares.give(
            self.db, self.viewer(parent), uid, counsellor, "session" if session else "now", feeling, self.now()
        )
        may = entry.author == parent and not entry.deleted
        may = may and (entry.about is None or self.covered[self.ties[reader]])
        assert done == may
        old = self.given.get((uid, self.ties[reader]))
        same = old and (old.version, old.session, old.feeling) == (entry.version, session, feeling)
        if may and not (same and old.membership == self.members[parent]):
            self.given[uid, self.ties[reader]] = Given(
                entry.version, self.members[parent], session, feeling, self.today()
            )

    def takes_back(self, parent: str, reader: str) -> None:
        if uid := self.own(parent):
            one = self.ties[reader] if self.rng.random() < 0.5 else None
            shares.take_back(self.db, self.viewer(parent), uid, self.now(), one)
            self.given = {key: g for key, g in self.given.items() if key[0] != uid or (one and key[1] != one)}

    def opens(self, parent: str, reader: str) -> None:
        uid, counsellor = self.own(parent), self.counsellor(parent, reader)
        if uid and counsellor:
            shares.open_now(self.db, self.viewer(parent), uid, counsellor, self.now())
            if share := self.given.get((uid, counsellor.membership)):
                share.session = False

    def deletes(self, parent: str, _reader: str) -> None:
        if uid := self.own(parent):
            deletions.delete(self.db, self.viewer(parent), uid, self.now())
            self.written[uid].deleted = True

    def brings_back(self, parent: str, _reader: str) -> None:
        if uid := self.own(parent):
            deletions.undelete(self.db, self.viewer(parent), uid)
            self.written[uid].deleted = False

    def notes_a_day(self, parent: str, reader: str) -> None:
        if counsellor := self.counsellor(parent, reader):
            day = self.today() + timedelta(days=self.rng.randint(0, 6))
            appointments.note(self.db, self.viewer(parent), counsellor, day, self.now())
            self.noted(counsellor.membership, day, parent).agreed.add(parent)

    def proposes_a_day(self, _parent: str, reader: str) -> None:
        if visitor := self.visits(reader):
            day = self.today() + timedelta(days=self.rng.randint(0, 6))
            appointments.propose(self.db, visitor, day, self.now())
            self.noted(visitor.membership, day, reader)

    def noted(self, tie: int, day: date, by: str) -> Day:
        same = next((d for d in self.days.values() if (d.tie, d.day, d.by) == (tie, day, by)), None)
        if same is None:
            uid = store.row(self.db, "select uid from appointments order by id desc limit 1")["uid"]
            same = self.days[uid] = Day(tie, day, by)
        return same

    def agrees(self, parent: str, _reader: str) -> None:
        if self.days:
            uid = self.rng.choice(list(self.days))
            day = self.days[uid]
            done = appointments.agree(self.db, self.viewer(parent), uid, self.now())
            may = day.tie in self.ties.values() and day.by in (parent, *READERS) and day.day >= self.today()
            assert done == may
            if may:
                day.agreed.add(parent)

    def drops_a_day(self, parent: str, _reader: str) -> None:
        if self.days:
            uid = self.rng.choice(list(self.days))
            if appointments.drop(self.db, self.viewer(parent), uid, self.now()):
                assert self.days.pop(uid).by == parent

    def nights_pass(self, _parent: str, _reader: str) -> None:
        self.now.pass_by(days=self.rng.randint(1, 3))
        self.signs_in()

    def unties(self, _parent: str, reader: str) -> None:
        if self.ties[reader]:
            store.change(self.db, "update memberships set state = 'ended' where id = :id", id=self.ties[reader])
            self.ties[reader] = None

    def ties_again(self, _parent: str, reader: str) -> None:
        self.ties_now(reader)

    def ties_now(self, reader: str) -> None:
        if self.ties[reader]:
            return
        account = accounts.by_email(self.db, f"{reader.lower()}@praktijk.example.org")["id"]
        row = {"family": 1, "account": account, "role": "counsellor", "state": "confirmed"}
        store.insert(self.db, "memberships", row | {"confirmed_at": clock.stamp(self.now())})
        self.ties[reader] = self.last("account = :account", account=account)
        store.insert(self.db, "ties", {"membership": self.ties[reader], "child": self.child})
        self.covered[self.ties[reader]] = True

    def covers(self, _parent: str, reader: str) -> None:
        if tie := self.ties[reader]:
            store.change(self.db, "delete from ties where membership = :tie", tie=tie)
            self.covered[tie] = not self.covered[tie]
            if self.covered[tie]:
                store.insert(self.db, "ties", {"membership": tie, "child": self.child})

    def leaves(self, parent: str, _reader: str) -> None:
        families.leave(self.db, self.viewer(parent), self.now())
        self.members[parent] = None
        if not any(self.members.values()):  # nobody is left to whom they could be tied
            self.ties = dict.fromkeys(READERS)

    def returns(self, parent: str, _reader: str) -> None:
        if self.members[parent] is None:
            account = accounts.by_email(self.db, f"{parent.lower()}@example.org")["id"]
            row = {"family": 1, "account": account, "role": "parent", "state": "confirmed"}
            store.insert(self.db, "memberships", row | {"confirmed_at": clock.stamp(self.now())})
            store.change(self.db, "update accounts set family = 1 where id = :id", id=account)
            self.members[parent] = self.last("account = :account", account=account)

    # -- what they may read

    def visits(self, reader: str):
        uid = store.row(self.db, "select uid from families where id = 1")["uid"]
        return families.visit(self.db, self.vault, self.viewer(reader), uid, self.now())

    def meant(self, reader: str) -> dict[str, tuple[int, bool]]:
        tie = self.ties[reader]
        return {
            uid: (share.version, share.feeling)
            for (uid, to), share in self.given.items()
            if to == tie
            and share.membership == self.members[self.written[uid].author]
            and not self.written[uid].deleted
            and (not share.session or share.opened)
            and (self.covered[tie] or self.about(uid, share.version) is None)
        }

    def about(self, uid: str, version: int) -> int | None:
        sql = """select case when version = :version then child
                        else (select json_extract(row, '$.child') from version_rows
                              where entry = entry_rows.id and version = :version) end as child
                 from entry_rows where uid = :uid"""
        return store.row(self.db, sql, uid=uid, version=version)["child"]

    def read(self, reader: str) -> dict[str, tuple[int, bool]]:
        visitor = self.visits(reader)
        assert (visitor is not None) == (self.ties[reader] is not None)
        rows = access.shared_with(self.db, visitor, self.now()) if visitor else []
        return {row["uid"]: (row["version"], bool(row["feeling_shared"])) for row in rows}


@pytest.fixture
def home(app, db, now, marit, joins, counsellor):
    joins(marit, "Joost")
    for name in READERS:
        counsellor(name)
    as_it_was = sqlite3.connect(":memory:")
    db.conn.backup(as_it_was)
    yield as_it_was
    as_it_was.close()


def test_nobody_ever_reads_more_than_was_shared(app, db, now, home):
    child, seen = store.row(db, "select id from children")["id"], 0
    for number in range(WALKS):
        home.backup(db.conn)
        now.at = EVENING
        walk = Walk(db, app.config["VAULT"], now, Random(number), child)
        for step in range(STEPS):
            walk.steps()
            for reader in READERS:
                assert walk.read(reader) == walk.meant(reader), (number, step, reader)
                seen += len(walk.meant(reader))
        assert looks.faults(db, app.config["VAULT"]) == []
    assert seen > WALKS * STEPS / 4  # they were not walks past closed doors
