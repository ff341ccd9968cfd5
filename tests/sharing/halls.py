"""The world of the matrix in as many halls: without what Marit wrote, with it in each state, and with it in all."""

import re
import uuid
from dataclasses import dataclass, field

from sqlite_utils.utils import sqlite3

from diary import store
from diary.people import sessions
from tests import test_matrix
from tests.conftest import Clock
from tests.persons import Person
from tests.push_service import PushService
from tests.sharing.channels import ENTRIES, STATES
from tests.test_matrix import STAFF, VIEWERS, World, person

# beside: reads along with the same family, and nothing was shared with them
EVERYONE = [*VIEWERS, *STAFF, "beside"]
STEPS = {"s": "session", "n": "now", "b": "now", "d": "now", "g": "now"}


@dataclass
class Halls:
    world: World
    now: Clock
    service: PushService
    whose: dict[str, str] = field(default_factory=dict)  # mail addresses, and addresses of phones
    kept: dict[str, sqlite3.Connection] = field(default_factory=dict)

    def build(self) -> None:
        self._agree()
        self.keep("")
        for state in STATES:
            self.enter("")
            self._write(state)
            self.keep(state)
        for state in STATES[:-1]:
            self._write(state)
        self.keep(STATES)

    def keep(self, name: str) -> None:
        self.kept[name] = sqlite3.connect(":memory:")
        self.world.db.conn.backup(self.kept[name])

    def enter(self, name: str) -> None:
        """As it was when it was kept, in an instant."""
        self.kept[name].backup(self.world.db.conn)

    def close(self) -> None:
        for kept in self.kept.values():
            kept.close()

    def person(self, who: str) -> Person:
        return person(self.world, who)

    def _agree(self) -> None:
        """There is a session to come; everyone wants to hear of everything, this evening, on a phone."""
        world, evening = self.world, {"at": "20:00", "days": "5"}
        self.person("own").post(f"/counsellor/{world.things['families']}/appointments", {"day": "2026-11-24"})
        for who in (*STAFF, "beside"):
            self.person(who).post("/counsellor/reminders", evening)
        self.person("other").post("/reminders", {"kind": "evening", **evening})
        gone = "ended_at = '2026-11-20T18:40:00.000Z', next_at = null"
        world.db.execute(f"update reminders set {gone} where kind not in ('reply', 'digest')")
        world.db.execute("delete from devices")
        for who in EVERYONE:
            browser, form = world.browser(who)
            if who in world.tokens:
                phone = self.service.browser()
                sent = {"json": phone.subscription(), "headers": {"X-CSRFToken": form}}
                browser.client.post("/reminders/devices", **sent)
                self.whose |= {phone.endpoint: who, self._address(who): who}

    def _address(self, who: str) -> str:
        token, vault = self.world.tokens[who], self.world.app.config["VAULT"]
        return sessions.viewer(self.world.db, vault, token, self.now()).email

    def _write(self, state: str) -> None:
        """Of everything something, shared as far as this state says. Whoever is no longer, or not yet, her counsellor
        has the same shares: it is the tie that keeps them out."""
        marit, db = self.person("author"), self.world.db
        usual = {"note": "kanaalstruik duindoorn", "feeling": "lijsterbes", "discuss": True}
        usual |= {"shared": "family" if state in "fg" else "me", "child": self.world.things["children"]}
        changes = [{**usual, **entry, "uid": uid} for uid, entry in zip(uids(state), ENTRIES, strict=True)]
        assert marit.sync(*changes).json["refused"] == []
        page = marit.get(f"/entries/{uids(state)[0]}/share").text
        tie = {"counsellor": re.search(r'counsellor=([\w-]+)"[^>]*>Own<', page).group(1)}
        before = store.row(db, "select coalesce(max(id), 0) as id from shares")["id"]
        for uid in uids(state) if state in STEPS else ():
            sent = marit.post(f"/entries/{uid}/shares", {**tie, "version": "1", "step": STEPS[state]})
            assert sent.status_code == 302
        _share_with_who_may_not(db, before)
        for uid in uids(state):
            if state == "b":
                marit.post(f"/entries/{uid}/shares/end", tie)
            if state == "d":
                marit.post(f"/entries/{uid}/deletion")
        answered = f"/counsellor/{self.world.things['families']}/entries/{uids(state)[2]}/replies"
        self.person("own").post(answered, {"words": "meidoorn"})


def uids(state: str) -> list[str]:
    """Of what is written in this state; without one, of what nobody wrote."""
    return [str(uuid.UUID(int=ord(one) * 100 + n)) for one in state or "?" for n in range(len(ENTRIES))]


def _share_with_who_may_not(db, before: int) -> None:
    columns = ", ".join(c.name for c in db["shares"].columns if c.name not in ("id", "membership"))
    store.change(
        db,
        f"""insert into shares (membership, {columns})
            select other.id, given.* from (select {columns} from shares where id > :before) as given
            join memberships as other
              on other.family = 1 and other.role = 'counsellor' and other.state <> 'confirmed'""",
        before=before,
    )


def of(world: World, beside: Person, family: str, now: Clock, service: PushService) -> Halls:
    test_matrix.PIECES["family"] = world.things["families"] = family
    world.tokens["beside"] = test_matrix._token(beside)
    halls = Halls(world, now, service)
    halls.build()
    return halls
