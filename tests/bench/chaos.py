"""Schedules of what several devices do on a bad line, and a check of what is left: nothing typed is lost, nothing is
there twice, nothing that was deleted comes back, and nobody sends what another wrote.

A device works as static/js/outbox.js does: it keeps a change until the server said that it has it, and sends all
that waits for whoever is signed in. `tests/journal/test_chaos.py` runs three hundred, `make bench` as many as asked.
"""

import json
import re
import tempfile
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diary import clock, create_app, store
from diary.config import Settings
from diary.journal import deletions, entries, versions
from diary.people import sessions
from diary.upkeep import remains
from tests.conftest import Clock
from tests.persons import PASSWORD, Person

DEVICES, PEOPLE = 3, 2
LINE = (
    "whole",
    "cut on the way",
    "cut halfway",
    "answer lost",
    "answer torn",
    "sent twice",
    "shuffled",
    "signed out",
)

_device = st.integers(0, DEVICES - 1)
_step = st.one_of(
    st.tuples(st.just("write"), _device, st.integers(0, 3)),
    st.tuples(st.just("edit"), _device, st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("look"), _device),
    st.tuples(st.just("collide"), _device, st.integers(0, 5)),
    st.tuples(st.just("bury"), _device, st.integers(0, 5)),
    st.tuples(st.just("delete"), _device, st.integers(0, 5)),
    st.tuples(st.just("undelete"), _device, st.integers(0, 5)),
    st.tuples(st.just("send"), _device, st.sampled_from(LINE)),
    st.tuples(st.just("replay"), _device, st.integers(0, 20)),
    st.tuples(st.just("switch"), _device, st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("wait"), st.integers(1, 60 * 30)),
    st.tuples(st.just("night")),
)
schedules = st.lists(_step, min_size=4, max_size=40)


@dataclass
class Device:
    """A phone: who is signed in, what waits on it, and which versions its reader has seen."""

    who: int
    waiting: list[tuple[int, dict]] = field(default_factory=list)  # by whom, and the change
    sent: list[tuple[int, dict]] = field(default_factory=list)  # whatever ever left it, for replays
    seen: dict[tuple[int, str], dict] = field(default_factory=dict)
    refused: list[tuple[int, dict]] = field(default_factory=list)


@dataclass
class Found:
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    revived: list = field(default_factory=list)
    overwritten: list = field(default_factory=list)  # by a text whose writer had not seen what stood there
    foreign: list = field(default_factory=list)
    stuck: list = field(default_factory=list)


class World:
    """One family on one server, of which each schedule uses entries of its own."""

    def __init__(self, app, people: list[Person], now: Clock):
        self.app, self.people, self.now, self.began = app, people, now, now()
        self.db = store.here(app.config["SETTINGS"].database)
        self.tokens = [person.token("/today") for person in people]

    def lives_through(self, schedule: list[tuple]) -> Found:
        self.now.at = self.began  # or their sessions would end of old age, some schedules on
        self.devices = [Device(n % PEOPLE) for n in range(DEVICES)]
        self.typed: Counter[str] = Counter()  # each text that was ever typed, and in how many changes
        self.erased: set[str] = set()  # deleted for more than a day
        self.uids: list[tuple[int, str]] = []
        self.gone: set[str] = set()
        self.edits: set[tuple[str, int, str]] = set()  # of which entry, on top of which version, with which text
        self.stirred: list[str] = []
        self.viewers = [self._viewer(person) for person in self.people]
        for verb, *what in schedule:
            getattr(self, f"_{verb}")(*what)
        return self._end()

    # -- what people do

    def _write(self, device: int, words: int) -> None:
        here = self.devices[device]
        uid = str(uuid.uuid4())
        change = self._change(uid, words) | {"when": "now"}
        self.uids.append((here.who, uid))
        here.waiting.append((here.who, change))

    def _edit(self, device: int, which: int, words: int) -> None:
        """On top of what this device saw last, however long ago that was."""
        here = self.devices[device]
        known = [(uid, seen) for (who, uid), seen in here.seen.items() if who == here.who]
        if known:
            uid, seen = known[which % len(known)]
            change = self._change(uid, words) | seen
            self.edits.add((uid, seen["version"], change["note"]))
            here.waiting.append((here.who, change))

    def _collide(self, device: int, which: int) -> None:
        """All who have this diary open change the same, each another way; the first is sent, the others wait."""
        who = self.devices[device].who
        same = [n for n, here in enumerate(self.devices) if here.who == who]
        for words, n in enumerate(same):
            self._look(n)
            self._edit(n, which, words)
        self._send(same[0], "whole")

    def _bury(self, device: int, which: int) -> None:
        """What was just changed here is deleted elsewhere before the change was sent."""
        self._look(device)
        self._edit(device, which, 3)
        self._delete(device, which)

    def _look(self, device: int) -> None:
        here = self.devices[device]
        for who, uid in self.uids:
            entry = entries.own(self.db, self.viewers[who], uid) if who == here.who else None
            if entry:
                here.seen[who, uid] = {"version": entry.version, "happened_at": entry.happened_at}

    def _delete(self, device: int, which: int) -> None:
        here = self.devices[device]
        mine = [uid for who, uid in self.uids if who == here.who]
        if mine and deletions.delete(self.db, self.viewers[here.who], mine[which % len(mine)], self.now()):
            self.gone.add(mine[which % len(mine)])

    def _undelete(self, device: int, which: int) -> None:
        here = self.devices[device]
        mine = [uid for who, uid in self.uids if who == here.who and uid in self.gone]
        if mine and deletions.undelete(self.db, self.viewers[here.who], mine[which % len(mine)]):
            self.gone.discard(mine[which % len(mine)])

    def _switch(self, device: int, who: int) -> None:
        self.devices[device].who = who

    def _wait(self, minutes: int) -> None:
        self.now.pass_by(minutes=minutes)

    def _night(self) -> None:
        """What was deleted a day ago or more loses its content."""
        limit = clock.stamp(self.now() - deletions.UNDO)
        for who, viewer in enumerate(self.viewers):
            for row in self._rows(who):
                if row["deleted_at"] and row["deleted_at"] < limit and row["body"] is not None:
                    self.erased |= set(self._texts(viewer, row).values())
        remains.empty_deleted(self.db, limit)

    def _change(self, uid: str, words: int) -> dict:
        """Few texts, so that the same is typed more than once; marked with its entry, to be found again."""
        self.typed[f"{words} {uid}"] += 1
        return {
            "uid": uid,
            "change_id": str(uuid.uuid4()),
            "kind": "incident",
            "area": "routine",
            "note": f"{words} {uid}",
            "written_at": clock.stamp(self.now() - timedelta(seconds=1)),
        }

    # -- what the line does

    def _send(self, device: int, line: str) -> None:
        here = self.devices[device]
        rows = [row for row in here.waiting if row[0] == here.who]  # of whoever is signed in, and no one else
        if not rows or line == "cut on the way":
            return
        if line == "shuffled":
            rows = rows[1::2] + rows[::2]
        changes = [change for _, change in rows]
        if line == "cut halfway":
            whole = json.dumps({"changes": changes}).encode()
            answer = self._post(here.who, whole[: len(whole) // 2])
            assert answer.status_code == 400, answer.text
            return
        if line == "signed out":
            answer = self.app.test_client().post("/sync", json={"changes": changes})
            assert answer.status_code in (400, 401), answer.text
            return
        here.sent += rows
        if line == "sent twice":
            self._post(here.who, json.dumps({"changes": changes}).encode())
        answer = self._post(here.who, json.dumps({"changes": changes}).encode())
        assert answer.status_code == 200, answer.text
        if line in ("answer lost", "answer torn"):
            return
        self._settle(here, rows, answer.json)

    def _settle(self, here: Device, rows: list, told: dict) -> None:
        """An answer tells of each change in its order, saved and refused apart."""
        saved, refused = list(told["saved"]), list(told["refused"])
        for row in rows:
            uid = row[1]["uid"]
            if saved and saved[0]["uid"] == uid:
                kept = saved.pop(0)
                here.seen[row[0], kept["kept_as"]] = {"version": kept["version"], "happened_at": row[1]["written_at"]}
                if kept["kept_as"] != uid and (row[0], kept["kept_as"]) not in self.uids:
                    self.uids.append((row[0], kept["kept_as"]))
            else:
                assert refused.pop(0)["uid"] == uid
                here.refused.append(row)
            here.waiting.remove(row)

    def _replay(self, device: int, which: int) -> None:
        """Something of long ago comes in again, after all that happened since."""
        here = self.devices[device]
        rows = [change for who, change in here.sent if who == here.who]
        if rows:
            self._post(here.who, json.dumps({"changes": [rows[which % len(rows)]]}).encode())

    def _post(self, who: int, body: bytes):
        headers = {"X-CSRFToken": self.tokens[who], "Content-Type": "application/json"}
        before = self._graves(who)
        answer = self.people[who].client.post("/sync", data=body, headers=headers)
        self.stirred += [uid for uid, known in self._graves(who).items() if known != before[uid]]
        return answer

    def _graves(self, who: int) -> dict[str, tuple]:
        """Of what is deleted: its version and how many copies it has. No text that comes in changes that."""
        ours = {uid for person, uid in self.uids if person == who} & self.gone
        rows = self._rows(who) if ours else []
        copies = Counter(row["copy_of"] for row in rows)
        return {row["uid"]: (row["version"], copies[row["uid"]]) for row in rows if row["uid"] in ours}

    # -- what is left

    def _end(self) -> Found:
        """Everyone has a good line at last, on every device they used."""
        for who in range(PEOPLE):
            for n, here in enumerate(self.devices):
                here.who = who
                for _ in range(2):
                    self._send(n, "whole")
        found = Found(stuck=[row for here in self.devices for row in here.waiting], revived=self.stirred)
        refused = {change["note"] for here in self.devices for _, change in here.refused}
        standing: Counter[str] = Counter()
        texts, written = set(), set()
        for who, viewer in enumerate(self.viewers):
            for row in self._rows(who):
                if bool(row["deleted_at"]) != (row["uid"] in self.gone):
                    found.revived.append(row["uid"])
                if row["body"] is not None:
                    said = self._texts(viewer, row)
                    texts |= set(said.values())
                    found.overwritten += [
                        (row["uid"], version)
                        for version, text in said.items()
                        if version > 1 and (row["uid"], version - 1, text) not in self.edits
                    ]
                if not row["deleted_at"]:
                    standing[entries.own(self.db, viewer, row["uid"]).body["note"]] += 1
            found.foreign += [text for text in texts if self._author(text) != who]
            written |= texts
            texts = set()
        found.doubled = [text for text, times in standing.items() if times > self.typed[text]]
        found.lost = [text for text in self.typed if text not in written | refused | self.erased]
        return found

    def _rows(self, who: int) -> list[dict]:
        """The rows of this schedule: an entry, and every copy of it."""
        ours = ", ".join(f"'{uid}'" for person, uid in self.uids if person == who) or "''"
        sql = f"""select uid, version, copy_of, deleted_at, body from entry_rows
                  where author = :viewer and (uid in ({ours}) or copy_of in ({ours}))"""
        return store.rows(self.db, sql, viewer=self.viewers[who].id)

    def _texts(self, viewer: sessions.Viewer, row: dict) -> dict[int, str]:
        """What is written in each version of it; of what was deleted, what would come back with it."""
        uid, at = row["uid"], row["deleted_at"]
        if at:
            deletions.undelete(self.db, viewer, uid)
        entry = entries.own(self.db, viewer, uid)
        said = {one.version: one.body["note"] for one in [*versions.earlier(self.db, viewer, entry), entry]}
        if at:
            deletions.delete(self.db, viewer, uid, clock.moment(at))
        return said

    def _author(self, text: str) -> int | None:
        uid = text.partition(" ")[2]
        return next((who for who, one in self.uids if one == uid), None)

    def _viewer(self, person: Person) -> sessions.Viewer:
        with person.client.session_transaction() as kept:
            return sessions.viewer(self.db, self.app.config["VAULT"], kept["_user_id"], self.now())


def run(folder: Path, many: int) -> tuple[int, Found]:
    """As many schedules as asked, on a diary of its own. Gives how many, and all that went wrong."""
    stopped = Clock(datetime(2026, 11, 20, 18, 40, tzinfo=UTC))
    clock.now, real = stopped, clock.now
    try:
        app = create_app(Settings(home=Path(tempfile.mkdtemp(dir=folder))))
        world = World(app, _couple(app), stopped)
        total, lived = Found(), [0]

        @settings(
            max_examples=many,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(schedules)
        def live(schedule) -> None:
            found = world.lives_through(schedule)
            lived[0] += 1
            for name, wrong in vars(found).items():
                getattr(total, name).extend(wrong)

        live()
        return lived[0], total
    finally:
        clock.now = real
        store.leave()


def _couple(app) -> list[Person]:
    """Two parents of one family, come in by the front door."""
    marit, joost = (Person(app.test_client(), f"{name}@example.org", name) for name in ("Marit", "Joost"))
    for person in (marit, joost):
        person.post("/register", {"name": person.name, "email": person.email, "password": PASSWORD})
    marit.post("/welcome", {"name": "Sem", "born": "2017-05", "age": "4"})
    joost.post(re.search(r"(/join/[\w-]+)", marit.post("/family/invitations").text).group(1))
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/today").text).group())
    return [marit, joost]
