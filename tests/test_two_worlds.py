"""One person asks the same of two worlds. In one another family has written nothing, in the other ten weeks."""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlite_utils.utils import sqlite3

from diary import clock, store
from tests.conftest import EVENING
from tests.persons import PASSWORD, Person

FRESH = [
    (re.compile(r"""(csrf-token" content=|csrf_token" value=)"[^"]+"""), r'\1"<token>'),
    (re.compile(r"/join/[\w-]{32}"), "/join/<link>"),
    (re.compile(r'(<path[^>]* d=")[^"]+'), r"\1<drawn>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uid>"),
]
WRITES = ["", "/finish", "/audience", "/feeling", "/topic", "/deletion", "/deletion/undo", "/versions/1"]
TYPED = {"kind": "incident", "area": "limit", "note": "van Eva", "version": "1", "shared": "family", "discuss": "1"}
KINDS = [
    {"kind": "incident", "area": "limit", "situation": "hitting", "stub": True},
    {"kind": "incident", "area": "routine", "situation": "sleeping", "feeling": "zilverstruik"},
    {"kind": "contact", "what": "laughed", "discuss": True},
    {"kind": "checkin", "energy": 2},
]


@dataclass(frozen=True)
class Guess:
    """All that Eva may guess, or have seen in passing, of the other family."""

    uids: list[str]
    family: str
    children: list[str]
    members: list[str]
    invitations: list[str]
    authors: list[str]
    sessions: list[str]
    link: str
    answers: tuple[str, ...] = ()  # and days of a session


def written(n: int) -> str:
    return str(uuid.UUID(int=n + 1))


def ten_weeks(db, marit, joins) -> Guess:
    """Marit's family has other adults, children, invitations, and three hundred entries in every state."""
    for name in ("Pimpernel", "Bo"):
        marit.post("/family/children/new", {"name": name})
    joost = joins(marit, "Joost")
    joins(marit, "Wieke", confirmed=False)
    changes = [
        {
            **KINDS[n % 4],
            "uid": written(n),
            "note": f"zilverstruik {n}",
            "shared": "family" if n % 3 else "me",
            "child": marit.child(),
            "happened_at": clock.stamp(EVENING - timedelta(hours=n * 5)),
        }
        for n in range(300)
    ]
    for writer, theirs in ((marit, changes[:200]), (joost, changes[200:])):
        assert writer.sync(*theirs).json["refused"] == []
        assert writer.sync(*(c | {"note": "rozenstruik", "version": 1} for c in theirs[::3])).json["refused"] == []
        for change in theirs[::9]:
            assert writer.post(f"/entries/{change['uid']}/deletion").status_code == 302
    links = [re.search(r"/join/([\w-]+)", marit.post("/family/invitations").text).group(1) for _ in range(3)]
    pages = marit.get("/family").text + marit.get("/timeline").text
    return Guess(
        uids=[written(n) for n in (0, 1, 2, 3, 9, 200, 201, 203)],
        family=store.row(db, "select uid from families where id = 1")["uid"],
        children=[row["uid"] for row in store.rows(db, "select uid from children where family = 1")],
        members=[*_numbers(db, "memberships"), *re.findall(r"/family/members/([\w-]+)/decline", pages)],
        invitations=[*_numbers(db, "invitations"), *re.findall(r"/family/invitations/([\w-]+)/withdraw", pages)],
        authors=["1", "3", *re.findall(r'<option value="([0-9a-f-]{36})">(?:Marit|Joost)<', pages)],
        sessions=[row["uid"] for row in store.rows(db, "select uid from sessions where account = 1")],
        link=links[0],
    )


def a_counsellor_reads(db, marit: Person, anneke: Person, tied) -> list[str]:
    """Much of it is shared with a counsellor, in every state, and answered."""
    family = tied(marit, anneke)
    marit.post("/sharing/appointments", {"day": "2026-11-24"})
    for n in (1, 2, 4, 5, 7, 8):
        version = store.row(db, "select version from entry_rows where uid = :uid and family = 1", uid=written(n))
        step = {"step": "session" if n % 2 else "now", "version": str(version["version"])}
        assert marit.post(f"/entries/{written(n)}/shares", step).status_code == 302
        anneke.post(f"/counsellor/{family}/entries/{written(n)}/replies", {"words": "zilverstruik"})
    marit.post(f"/entries/{written(8)}/shares/end")
    for reader, base in ((marit, ""), (anneke, f"/counsellor/{family}")):
        agreed = {"kind": "agreement", "situation": "sleeping" if base else "eating", "text": "zilverstruik"}
        assert reader.post(f"{base}/plan", agreed).status_code == 302
    assert marit.post("/anchor", {"child": marit.child(), "day": "zilverstruik"}).status_code == 302
    marit.post("/anchor/links", {"child": marit.child()})
    anneke.post(f"/counsellor/{family}/notes", {"uid": written(5000), "text": "zilverstruik"})
    anneke.post(f"/counsellor/{family}/plan/outline", {"phase": "contact", "factor_help": "zilverstruik"})
    path = """select uid from appointments union all select uid from replies union all select uid from agreements
              union all select uid from anchors union all select uid from notes"""
    return [row["uid"] for row in store.rows(db, path)]


def _numbers(db, table: str) -> list[str]:
    return [str(row["id"]) for row in store.rows(db, f"select id from {table} where family = 1")]


class Asking:
    """Eva, and every answer she got, without what is new each time."""

    def __init__(self, eva: Person):
        self.eva, self.form, self.answers = eva, "", []

    def get(self, path: str, **more) -> str:
        return self._told(f"GET {path}", self.eva.client.get(path, **more))

    def post(self, path: str, **fields) -> str:
        sent = {"csrf_token": self.form, **fields}
        return self._told(f"POST {path} {fields}", self.eva.client.post(path, data=sent))

    def sync(self, *changes: dict) -> str:
        sent = {"json": {"changes": changes}, "headers": {"X-CSRFToken": self.form}}
        return self._told(f"SYNC {changes}", self.eva.client.post("/sync", **sent))

    def signs_in(self) -> None:
        self.form = self.eva.token()
        self.post("/login", email=self.eva.email, password=PASSWORD)
        self.form = self.eva.token()

    def _told(self, asked: str, answer) -> str:
        headers = {name: value for name, value in answer.headers if name not in ("Content-Length", "Set-Cookie")}
        cookies = [re.sub(r"^(\w+)=[^;]*|Expires=[^;]*", r"\1", one) for one in answer.headers.getlist("Set-Cookie")]
        length = int(answer.headers.get("Content-Length", -1)) - len(answer.data)
        text = answer.text
        self.answers.append((masked(asked), answer.status_code, masked(str(headers)), cookies, length, masked(text)))
        answer.close()
        return text


def masked(text: str) -> str:
    for fresh, name in FRESH:
        text = fresh.sub(name, text)
    return text


def asks_everything(eva: Asking, guess: Guess, newcomer) -> None:
    eva.signs_in()
    looks_around(eva, guess)
    knocks(eva, guess)
    writes(eva, guess)
    looks_around(eva, guess)
    shares_with_another(eva, newcomer)


def looks_around(eva: Asking, guess: Guess) -> None:
    for path in ("/sharing", "/sharing/log", "/sharing/log?days=365", "/counsellor", "/practice/review"):
        eva.get(path)
    for path in ("/", "/today", "/family", "/settings", "/deleted", "/timeline", "/welcome", "/login", "/healthz"):
        eva.get(path)
    for path in ("", "?kind=incident", "?kind=contact", "?kind=checkin"):
        eva.get(f"/entries/new{path}")
    for path in ("/plan", "/plan/new", "/anchor", "/insight?weeks=12", "/sharing/card", "/asso?situation=eating"):
        eva.get(path)
    for day in ("2026-11-20", "2026-11-19", "2026-10-20"):
        eva.get(f"/days/{day}")
    for text in ("zilver", "rozenstruik", "Pimpernel", "Joost", "van", "e", "slapen", "Gelachen", "x" * 200):
        eva.get("/timeline", query_string={"q": text})
    authors = [f"author={author}" for author in guess.authors]
    for chosen in ("kind=contact", "area=limit", "situation=hitting", "discuss=1", *authors):
        eva.get(f"/timeline?{chosen}")
        eva.get(f"/timeline?q=struik&{chosen}")
    eva.get(f"/timeline?child={guess.children[0]}")
    eva.get("/timeline", query_string={"before": f"{clock.stamp(EVENING)}~{guess.uids[0]}"})
    eva.post("/step", password=PASSWORD, next="/settings/export")
    eva.get("/settings/export")
    for form in ("html", "json"):
        assert "Eva" in eva.post("/settings/export", form=form)


def knocks(eva: Asking, guess: Guess) -> None:
    for uid in guess.uids:
        for page in ("", "/edit", "/versions"):
            eva.get(f"/entries/{uid}{page}")
        for path in WRITES:
            eva.post(f"/entries/{uid}{path}", **TYPED)
    for uid in guess.uids:
        eva.get(f"/entries/{uid}/share")
        for path in ("shares", "shares/open", "shares/end", "shares/hold", "replies", "replies/read"):
            eva.post(f"/entries/{uid}/{path}", step="now", version="1", words="van Eva")
        eva.get(f"/counsellor/{guess.family}/entries/{uid}")
    for uid in guess.answers:
        eva.post(f"/sharing/appointments/{uid}/agreement")
        eva.post(f"/sharing/appointments/{uid}/drop")
        eva.get(f"/plan/{uid}/edit")
        for path in ("", "/accept", "/end"):
            eva.post(f"/plan/{uid}{path}", kind="agreement", situation="eating", text="van Eva")
        eva.post(f"/anchor/links/{uid}/withdraw")
    for child in guess.children:
        eva.get(f"/anchor?child={child}")
        eva.post("/anchor", child=child, day="van Eva")
        eva.post("/anchor/links", child=child)
        eva.get(f"/family/children/{child}")
        eva.post(f"/family/children/{child}", name="Tom")
    for uid in guess.members:
        eva.post(f"/family/members/{uid}/confirm")
        eva.post(f"/family/members/{uid}/decline")
    for uid in guess.invitations:
        eva.post(f"/family/invitations/{uid}/withdraw")
    for uid in guess.sessions:
        eva.post(f"/settings/sessions/{uid}/end")
    eva.post(f"/families/{guess.family}/open")
    for token in (guess.link.swapcase(), guess.link[:-1], "x" * 32):
        eva.get(f"/join/{token}")
        eva.post(f"/join/{token}")


def writes(eva: Asking, guess: Guess) -> None:
    eva.sync(*(TYPED | {"uid": uid, "version": None} for uid in guess.uids))
    eva.sync(*(TYPED | {"uid": uid, "note": "van Eva, later"} for uid in guess.uids))
    eva.sync(TYPED | {"uid": guess.uids[0], "child": guess.children[0]}, TYPED | {"diary": guess.family})
    eva.post("/entries", **TYPED | {"uid": written(4)})
    eva.post("/family/children/new", name="Tom", uid=guess.children[0])
    for uid in guess.uids[:2]:
        for page in ("", "/edit", "/versions"):
            eva.get(f"/entries/{uid}{page}")
        for path in WRITES[1:]:
            eva.post(f"/entries/{uid}{path}", **TYPED)


def shares_with_another(eva: Asking, newcomer) -> None:
    for _ in range(2):
        link = re.search(r"/join/[\w-]+", eva.post("/family/invitations")).group()
    newcomer("Tom").post(link)
    for pattern in (r"/family/invitations/[\w-]+/withdraw", r"/family/members/[\w-]+/confirm"):
        eva.post(re.search(pattern, eva.get("/family")).group())
    for path in ("/family", "/today", "/timeline", "/settings"):
        eva.get(path)
    eva.post("/login", email="marit@example.org", password="raden maar weer")
    eva.post("/password/forgot", email="marit@example.org")
    eva.post("/family/leave", sure="y")
    eva.get("/today")


def reads_along(bram: Asking, guess: Guess, own: str) -> None:
    """A counsellor of the other family, who knows all that she may have seen in passing of this one."""
    bram.form = bram.eva.token("/settings")
    for path in ("/counsellor", "/settings", "/sharing", "/today", "/timeline?q=zilver"):
        bram.get(path)
    for family in (guess.family, own):
        for uid in (*guess.uids, written(1000)):
            page = f"/counsellor/{family}/entries/{uid}"
            bram.get(page)
            bram.post(f"{page}/replies", words="van Bram")
            bram.post(f"{page}/filing")
            for reply in guess.answers:
                bram.post(f"{page}/replies/{reply}/withdraw")
        for path in ("", "?weeks=4", "?print=1", "/entries?area=limit", "/notes", "/plan", "/plan/new"):
            bram.get(f"/counsellor/{family}{path}")
        for uid in guess.answers:
            bram.post(f"/counsellor/{family}/appointments/{uid}/drop")
            bram.get(f"/counsellor/{family}/plan/{uid}/edit")
            for path in ("", "/accept", "/end"):
                bram.post(f"/counsellor/{family}/plan/{uid}{path}", kind="goal", text="van Bram")
            bram.post(f"/counsellor/{family}/notes/{uid}/deletion")
    bram.post(f"/counsellor/{guess.family}/appointments", day="2026-11-25")


def of_marit(db) -> list[list[dict]]:
    tables = ("entry_rows", "children", "memberships", "invitations", "shares", "replies", "appointments")
    tables += ("agreements", "plans", "pins", "openings", "notes", "anchors")
    kept = [store.rows(db, f"select * from {table} where family = 1") for table in tables]
    earlier = "select * from version_rows where entry in (select id from entry_rows where family = 1)"
    return [*kept, store.rows(db, earlier)]


def test_nothing_that_comes_back_tells_what_another_family_wrote(
    app, db, now, marit, parent, joins, newcomer, counsellor, tied
):
    eva, bram, anneke = parent("Eva"), counsellor("Bram"), counsellor("Anneke")
    own = tied(eva, bram)
    eva.sync(*({"kind": "contact", "uid": written(1000 + n), "note": f"van Eva {n}"} for n in range(25)))
    empty = sqlite3.connect(":memory:")
    db.conn.backup(empty)

    guess = ten_weeks(db, marit, joins)
    guess = replace(guess, answers=tuple(a_counsellor_reads(db, marit, anneke, tied)))
    before = of_marit(db)
    now.pass_by(minutes=1)
    full = Asking(replace(eva, client=app.test_client()))
    asks_everything(full, guess, newcomer)
    full_desk = Asking(replace(bram))
    reads_along(full_desk, guess, own)
    assert of_marit(db) == before

    empty.backup(db.conn)
    empty.close()
    bare = Asking(replace(eva, client=app.test_client()))
    asks_everything(bare, guess, newcomer)
    bare_desk = Asking(replace(bram))
    reads_along(bare_desk, guess, own)

    assert len(full.answers) > 150
    assert len(full_desk.answers) > 60
    for one, other in ((full, bare), (full_desk, bare_desk)):
        for told, meant in zip(one.answers, other.answers, strict=True):
            assert told == meant


def test_no_address_counts_what_there_is_in_other_families(marit, parent, joins):
    eva = parent("Eva")
    eva.post("/family/invitations")
    joins(eva, "Joost")
    joins(eva, "Wieke", confirmed=False)
    pages = eva.get("/family").text + eva.get("/today").text + eva.get("/timeline").text
    assert len(re.findall(r"/(?:invitations|members)/[0-9a-f-]{36}/", pages)) == 5
    assert re.findall(r'/(?:invitations|members)/\d+/|<option value="\d+"', pages) == []
