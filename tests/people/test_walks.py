"""Whatever people do, in whatever order: each sees what a model of plain sets says, and no more."""

import os
import re
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from inspect import signature
from random import Random

import pytest
from sqlite_utils.utils import sqlite3

from diary import clock, store
from diary.journal import deletions, entries, timeline
from diary.people import access, families, introductions, invitations, sessions, ties
from diary.upkeep import remains
from diary.vault import fingerprint
from tests.conftest import EVENING, contents

WALKS, STEPS = int(os.environ.get("WALKS", "60")), 40
PEOPLE, FAMILIES = ["Anna", "Bram", "Cees"], [1, 2]
COUNSELLORS = ["Joke", "Karin"]
WORD = re.compile(r"woord\d+x")
ENTRY = re.compile(r'<article class="entry[^"]*" id="([0-9a-f-]{36})"')
WRITES = ["", "/finish", "/audience", "/feeling", "/topic", "/deletion", "/deletion/undo", "/versions/1"]
ALL = timeline.Filters()
OFTEN = {
    **{"invites": 3, "accepts": 7, "confirms": 5, "brings_in": 5, "declines": 1, "withdraws": 1, "leaves": 3},
    **{"opens_another_diary": 3, "writes": 7, "sends": 5, "shares": 3, "deletes": 2, "brings_back": 2},
    **{"invites_a_counsellor": 3, "counsellor_accepts": 6, "says_yes": 6, "stops": 1, "introduces": 2, "answers": 3},
    **{"time_passes": 2, "opens_every_page": 2, "knocks_at_an_entry": 3},
}


@dataclass
class Member:
    who: str
    family: int
    host: str = ""
    state: str = "in"  # asking, in, out


@dataclass
class Tied:
    who: str
    family: int
    host: str
    state: str = "asking"  # asking, in, out
    until: date | None = None


@dataclass
class Link:
    family: int
    host: str
    made: datetime
    role: str = "parent"
    withdrawn: bool = False
    used_for: "Member | Tied | None" = None


@dataclass
class Written:
    author: str
    words: list[str]  # one for each version, the latest last
    shared: bool
    day: date
    deleted: datetime | None = None
    emptied: bool = False


class House:
    """The application and its people. Every walk finds it as it was."""

    def __init__(self, app, db, now, persons, counsellors):
        self.db, self.now, self.vault = db, now, app.config["VAULT"]
        self.clients = {person.name: person.client for person in persons}
        self.forms = {person.name: person.token() for person in persons}
        self.sessions = {person.name: _session(person) for person in persons}
        self.counsellors = counsellors  # as they came to work: whatever the hour, they are at their desks
        self.as_it_was = sqlite3.connect(":memory:")
        db.conn.backup(self.as_it_was)

    def begin_again(self) -> None:
        self.as_it_was.backup(self.db.conn)
        self.now.at = EVENING

    def viewer(self, who: str) -> sessions.Viewer:
        return sessions.viewer(self.db, self.vault, self.sessions[who], self.now())

    def at_the_door(self, who: str, family: int) -> sessions.Viewer:
        """As if this diary was still open on a page of theirs, with its key in hand."""
        home = store.row(self.db, "select uid, key from families where id = :family", family=family)
        seal = self.vault.seal(home["key"], home["uid"])
        return replace(self.viewer(who), family=family, family_uid=home["uid"], seal=seal)

    def asks(self, who: str, path: str, **sent):
        browser, token = self.clients[who], {"X-CSRFToken": self.forms[who]}
        return browser.post(path, headers=token, **sent) if sent else browser.get(path)


def uid(me: sessions.Viewer, *row: object) -> str:
    """What this row is called in the diary that is open, if it is of that diary."""
    return me.seal.uid(*row) if me.seal else "x"


def _session(person) -> str:
    with person.client.session_transaction() as kept:
        return kept["_user_id"]


class Model:
    """Who is in, what is written, and who may see it."""

    def __init__(self, now):
        self.now = now
        self.members = {1: Member("Anna", 1), 2: Member("Bram", 2), 3: Member("Cees", 1, "Anna")}
        self.links: dict[str, Link] = {}
        self.written: dict[tuple[int, str], Written] = {}
        self.ties: dict[int, Tied] = {}
        self.introductions: dict[str, tuple[str, datetime, list[Tied]]] = {}

    def states(self, who: str, family: int | None) -> list[str]:
        return [m.state for m in self.members.values() if (m.who, m.family) == (who, family)]

    def inside(self, who: str, family: int | None) -> bool:
        return "in" in self.states(who, family)

    def open(self, link: Link) -> bool:
        return not link.used_for and not link.withdrawn and self.now() - link.made < invitations.LASTS

    def lets_ask(self, link: Link, guest: str) -> bool:
        if link.used_for:
            return link.used_for.who == guest and link.used_for.state != "out"
        stranger = set(self.states(guest, link.family)) <= {"out"}
        return link.role == "parent" and self.open(link) and self.inside(link.host, link.family) and stranger

    def tied(self, who: str, family: int | None) -> Tied | None:
        mine = (tie for tie in self.ties.values() if (tie.who, tie.family) == (who, family) and tie.state != "out")
        return next(mine, None)

    def visits(self, who: str, family: int) -> bool:
        tie = self.tied(who, family)
        return tie is not None and tie.state == "in" and (tie.until is None or self.today() <= tie.until)

    def lets_counsel(self, link: Link, who: str) -> bool:
        if link.used_for:
            return link.used_for.who == who and link.used_for.state != "out"
        open_to_her = link.role == "counsellor" and self.open(link) and self.inside(link.host, link.family)
        return open_to_her and self.tied(who, link.family) is None

    def seen(self, who: str, family: int | None) -> dict[str, Written]:
        here = self._here(who, family).items()
        return {uid: w for uid, w in here if not w.deleted and (w.shared or w.author == who)}

    def own(self, who: str, family: int | None) -> dict[str, Written]:
        return {uid: w for uid, w in self._here(who, family).items() if w.author == who and not w.emptied}

    def deleted(self, who: str, family: int | None) -> set[str]:
        own = self.own(who, family).items()
        return {uid for uid, w in own if w.deleted and self.now() - w.deleted <= deletions.UNDO}

    def _here(self, who: str, family: int | None) -> dict[str, Written]:
        return {uid: w for (home, uid), w in self.written.items() if home == family and self.inside(who, family)}

    def today(self) -> date:
        return clock.today(self.now(), "Europe/Amsterdam")


class Walk:
    """Each step is done for real and in the model, and both say whether it works."""

    def __init__(self, house: House, chance: Random):
        house.begin_again()
        self.house, self.db, self.now, self.chance = house, house.db, house.now, chance
        self.model = Model(house.now)
        self.trail: list[str] = []
        self.met: set[str] = set()

    def step(self) -> None:
        name = self.chance.choices(list(OFTEN), list(OFTEN.values()))[0]
        pools = {
            **dict.fromkeys(("who", "host", "guest"), PEOPLE),
            "family": FAMILIES,
            "number": [n for n, m in self.model.members.items() if m.state == "asking"] or list(self.model.members),
            "token": list(self.model.links)[-6:],
            "uid": sorted({uid for _, uid in self.model.written}),
            "shared": [True, False],
            "hours": [1, 30],
            "counsellor": COUNSELLORS,
            "tie": list(self.model.ties)[-6:],
            "introduction": list(self.model.introductions)[-4:],
            "days": [None, 0, 1],
        }
        asked = signature(action := getattr(self, name)).parameters
        if all(pools[each] for each in asked):
            chosen = {each: self.chance.choice(pools[each]) for each in asked}
            self.trail.append(f"{name} {chosen}")
            action(**chosen)

    def invites(self, host) -> str | None:
        me = self.house.viewer(host)
        if me.family is None:
            return None
        token = invitations.invite(self.db, me, self.now())
        self.model.links[token] = Link(me.family, host, self.now())
        return token

    def accepts(self, guest, token) -> int | None:
        link = self.model.links[token]
        right = self.model.lets_ask(link, guest)
        assert invitations.accept(self.db, token, self.house.viewer(guest).id, self.now()) == right
        if not right or link.used_for:
            return None
        number = store.row(self.db, "select max(id) as latest from memberships")["latest"]
        link.used_for = self.model.members[number] = Member(guest, link.family, link.host, "asking")
        return number

    def confirms(self, host, number):
        me, guest = self.house.viewer(host), self.model.members[number]
        right = (guest.state, guest.host, guest.family) == ("asking", host, me.family)
        assert families.confirm(self.db, me, uid(me, "member", number), self.now()) == right
        if right:
            self.met |= {"returned"} if "out" in self.model.states(guest.who, guest.family) else set()
            guest.state = "in"

    def brings_in(self, host, guest):
        if (token := self.invites(host)) and (number := self.accepts(guest, token)):
            self.confirms(host, number)

    def declines(self, host, number):
        me, guest = self.house.viewer(host), self.model.members[number]
        right = (guest.state, guest.family) == ("asking", me.family)
        assert families.decline(self.db, me, uid(me, "member", number), self.now()) == right
        if right:
            guest.state = "out"

    def withdraws(self, host, token):
        me, link = self.house.viewer(host), self.model.links[token]
        right = self.model.open(link) and link.family == me.family
        number = store.row(self.db, "select id from invitations where token = :t", t=fingerprint(token))["id"]
        assert invitations.withdraw(self.db, me, uid(me, "invitation", number), self.now()) == right
        link.withdrawn |= right

    def leaves(self, who):
        me = self.house.viewer(who)
        assert families.leave(self.db, me, self.now()) == self.model.inside(who, me.family)
        for member in self.model.members.values():
            if (member.who, member.family, member.state) == (who, me.family, "in"):
                member.state = "out"
        for link in self.model.links.values():
            link.withdrawn |= (link.host, link.family) == (who, me.family)
        empty = not any(self.model.inside(adult, me.family) for adult in PEOPLE)
        for tie in self.model.ties.values():
            if tie.family == me.family and (empty or (tie.state, tie.host) == ("asking", who)):
                tie.state = "out"

    def invites_a_counsellor(self, host):
        me = self.house.viewer(host)
        token = invitations.invite(self.db, me, self.now(), "counsellor")
        assert (token is None) == (me.family is None)
        if token:
            self.model.links[token] = Link(me.family, host, self.now(), "counsellor")

    def counsellor_accepts(self, counsellor, token):
        link, her = self.model.links[token], self.house.counsellors[counsellor]
        right = self.model.lets_counsel(link, counsellor)
        assert invitations.accept(self.db, token, her.id, self.now()) == right
        if right and not link.used_for:
            link.used_for = self._tie(Tied(counsellor, link.family, link.host))

    def says_yes(self, host, tie, days):
        me, asking = self.house.viewer(host), self.model.ties[tie]
        right = (asking.host, asking.family) == (host, me.family) and asking.state != "out"
        assert ties.settle(self.db, me, uid(me, "tie", tie), self._terms(me, days), self.now()) == right
        if right:
            self.met |= {"said anew"} if asking.state == "in" else {"tied"}
            asking.state, asking.until = "in", self._until(days)

    def stops(self, host, tie):
        me, tied = self.house.viewer(host), self.model.ties[tie]
        right = tied.family == me.family and tied.state != "out"
        assert ties.revoke(self.db, me, uid(me, "tie", tie), self.now()) == right
        if right:
            self.met |= {"stopped another's"} if tied.host != host else set()
            tied.state = "out"

    def introduces(self, counsellor):
        token = introductions.make(self.db, self.house.counsellors[counsellor], self.now())
        self.model.introductions[token] = (counsellor, self.now(), [])

    def answers(self, host, introduction, days):
        me, (her, made, used) = self.house.viewer(host), self.model.introductions[introduction]
        again = used and (used[0].host, used[0].family, used[0].state) == (host, me.family, "in")
        fresh = not used and self.now() - made < introductions.LASTS and me.family is not None
        right = bool(again) or (fresh and self.model.tied(her, me.family) is None)
        done = introductions.answer(self.db, me, introduction, self._terms(me, days), self.now())
        assert done == right
        if right and not again:
            used.append(self._tie(Tied(her, me.family, host, "in", self._until(days))))

    def _tie(self, tied: Tied) -> Tied:
        number = store.row(self.db, "select max(id) as latest from memberships")["latest"]
        self.model.ties[number] = tied
        return tied

    def _terms(self, me, days) -> ties.Terms:
        last = self._until(days)
        return ties.Terms([me.family or 1], self.model.today().isoformat(), last and last.isoformat())

    def _until(self, days) -> date | None:
        return None if days is None else self.model.today() + timedelta(days=days)

    def opens_another_diary(self, who, family):
        assert families.open_for(self.db, self.house.viewer(who).id, family) == self.model.inside(who, family)

    def writes(self, who, shared):
        self.sends(who, str(uuid.UUID(int=len(self.trail))), shared)

    def sends(self, who, uid, shared):
        """A text under this uid, whoever used it before: an edit of one's own, or something new of one's own."""
        family, word = self.house.viewer(who).family, f"woord{len(self.trail)}x"
        there = self.model.written.get((family, uid))
        mine = there and there.author == who
        change = {"kind": "contact", "uid": uid, "note": word, "shared": "family" if shared else "me"}
        change["version"] = len(there.words) if mine else 1
        answer = self.house.asks(who, "/sync", json={"changes": [change]})
        if family is None:
            assert answer.status_code == 403
        elif mine and there.deleted:
            assert answer.json["saved"] == []
        elif mine:
            there.words.append(word)
            there.shared = shared
        else:
            kept = answer.json["saved"][0]["kept_as"]
            assert (kept == uid) == (there is None)
            assert (family, kept) not in self.model.written
            self.model.written[family, kept] = Written(who, [word], shared, self.model.today())

    def shares(self, who, uid, shared):
        me = self.house.viewer(who)
        entry, mine = entries.own(self.db, me, uid), self.model.own(who, me.family).get(uid)
        assert (entry is not None) == (mine is not None and not mine.deleted)
        if entry:
            entries.share(self.db, me, entry, "family" if shared else "me", False)
            mine.shared = shared

    def deletes(self, who, uid):
        me = self.house.viewer(who)
        mine = self.model.own(who, me.family).get(uid)
        right = mine is not None and not mine.deleted
        assert deletions.delete(self.db, me, uid, self.now()) == right
        if right:
            mine.deleted = self.now()

    def brings_back(self, who, uid):
        me = self.house.viewer(who)
        mine = self.model.own(who, me.family).get(uid)
        right = mine is not None and mine.deleted is not None
        assert deletions.undelete(self.db, me, uid) == right
        if right:
            mine.deleted = None

    def time_passes(self, hours):
        self.now.pass_by(hours=hours)
        remains.empty_deleted(self.db, clock.stamp(self.now() - deletions.UNDO))
        for w in self.model.written.values():
            w.emptied |= w.deleted is not None and self.now() - w.deleted > deletions.UNDO

    # -- looking, as browsers do

    def opens_every_page(self, who):
        family = self.house.viewer(who).family
        notes, today = self._notes(who, family)
        day = f"/days/{self.model.today()}"
        pages = {"/timeline": notes, "/timeline?q=woord": notes, "/today": today, day: today}
        for path, meant in pages.items():
            page = self.house.asks(who, path).text
            assert (set(ENTRY.findall(page)), set(WORD.findall(page))) == (meant.keys(), set(meant.values()))
        page = self.house.asks(who, "/deleted").text
        assert (set(ENTRY.findall(page)), WORD.findall(page)) == (self.model.deleted(who, family), [])

    def knocks_at_an_entry(self, who, uid):
        family = self.house.viewer(who).family
        seen = self.model.seen(who, family).get(uid)
        mine = seen if seen and seen.author == who else None
        pages = {"": seen and seen.words[-1:]}
        pages |= {"/edit": mine and mine.words[-1:], "/versions": mine and mine.words[:-1]}
        for page, meant in pages.items():
            answer = self.house.asks(who, f"/entries/{uid}{page}")
            assert answer.status_code == (302 if family is None else 404 if meant is None else 200)
            assert set(WORD.findall(answer.text)) == set(meant or [])
        there = self.model.written.get((family, uid))
        if not there or there.author != who:
            before = contents(self.db, "sessions")
            fields = {"kind": "contact", "note": "x", "version": "1", "shared": "family", "discuss": "1"}
            told = [self.house.asks(who, f"/entries/{uid}{path}", data=fields).status_code for path in WRITES]
            assert told == ([403] * len(WRITES) if family is None else [422, *[404] * (len(WRITES) - 1)])
            assert contents(self.db, "sessions") == before

    # -- what holds after every step

    def look_around(self):
        for who in PEOPLE:
            mine = [family for family in FAMILIES if self.model.inside(who, family)]
            assert self.house.viewer(who).family in (mine or [None])
            for family in FAMILIES:
                self._look(who, family)
            self.met |= {"in both"} if len(mine) == 2 else set()
        for who, her in self.house.counsellors.items():
            for family in FAMILIES:
                self._visits(who, her, family)

    def _visits(self, who, her, family):
        home = store.row(self.db, "select uid from families where id = :family", family=family)["uid"]
        visitor = families.visit(self.db, self.house.vault, her, home, self.now())
        assert (visitor is not None) == self.model.visits(who, family)
        if visitor:
            assert visitor.children == {family}
            assert timeline.page(self.db, visitor, ALL).entries == []  # a tie alone shows nothing
            self.met |= {"visited"}
        elif (tie := self.model.tied(who, family)) and tie.state == "in":
            self.met |= {"too late"}

    def _look(self, who, family):
        me, every = self.house.at_the_door(who, family), {uid for _, uid in self.model.written}
        own, (notes, today) = self.model.own(who, family), self._notes(who, family)
        versions = {uid: len(own[uid].words) - 1 if uid in own and not own[uid].deleted else 0 for uid in every}
        assert _told(timeline.page(self.db, me, ALL).entries) == notes
        assert _told(timeline.search(self.db, me, "woord", {}, ALL).entries) == notes
        assert _told(timeline.day(self.db, me, self.model.today())) == today
        assert _told(filter(None, (entries.find(self.db, me, uid) for uid in every))) == notes
        assert {uid for uid in every if entries.own(self.db, me, uid)} == notes.keys() & own.keys()
        assert {uid: len(access.versions(self.db, me, uid)) for uid in every} == versions
        assert {entry.uid for entry in deletions.lately(self.db, me, self.now())} == self.model.deleted(who, family)
        authors = {w.author for w in self.model.seen(who, family).values()} - {who}
        self.met |= {"read another's"} if authors else set()
        self.met |= {"read who left"} if any(not self.model.inside(author, family) for author in authors) else set()

    def _notes(self, who, family) -> tuple[dict, dict]:
        """What one may read by uid: all of it, and of today."""
        seen = self.model.seen(who, family)
        today = {uid: w.words[-1] for uid, w in seen.items() if w.day == self.model.today()}
        return {uid: w.words[-1] for uid, w in seen.items()}, today


def _told(found) -> dict[str, str]:
    return {entry.uid: entry.body["note"] for entry in found}


@pytest.fixture
def house(app, db, now, parent, joins, counsellor, viewer) -> House:
    anna, bram = parent("Anna"), parent("Bram")
    people = [anna, bram, joins(anna, "Cees")]
    return House(app, db, now, people, {who: viewer(counsellor(who)) for who in COUNSELLORS})


def test_on_every_walk_each_sees_what_is_theirs_to_see(house):
    met = set()
    for number in range(WALKS):
        walk = Walk(house, Random(number))
        try:
            for _ in range(STEPS):
                walk.step()
                walk.look_around()
        except Exception as error:
            error.add_note(f"walk {number}: {'; '.join(walk.trail)}")
            raise
        met |= walk.met
    ties_met = {"tied", "said anew", "stopped another's", "visited", "too late"}
    assert met == {"returned", "in both", "read another's", "read who left"} | ties_met
