"""Who gets which answer, for every route and every viewer. A route without a row here fails."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from diary.people import factors
from diary.reminders import devices, due
from tests.conftest import EVENING, contents
from tests.persons import PASSWORD, Person
from tests.push_service import Browser
from tests.reminders.test_risks import evenings
from tests.sharing.plan_rows import ROWS as PLAN
from tests.sharing.rows import ROWS as SHARING

# stranger: not signed in · author: wrote the entries · other: the other parent, let in · waiting: opened an
# invitation, not let in, no diary · guest: the same, with a diary of their own · elsewhere: of another family
VIEWERS = ["stranger", "author", "other", "waiting", "guest", "elsewhere"]
# own: the family's counsellor · colleague: counsellor of another family · revoked: was the family's · asked: opened
# the family's invitation, not confirmed · admin: runs the practice · locked: own, but the second step waits
STAFF = ["own", "colleague", "revoked", "asked", "admin", "locked"]

# A number is the status; login, welcome, practice and desk (the counsellor's) are where one is sent.
# * something was written · ! something of the author's family was written
# - exactly what is answered about something that does not exist, and nothing is written
PAGES = """
                                          stranger author other waiting guest   elsewhere
GET  /                                    200      302    302   302     302     302
GET  /register                            200      200    200   200     200     200
POST /register                            422      422    422   422     422     422
GET  /login                               200      200    200   200     200     200
POST /login                               422      422    422   422     422     422
POST /logout                              401      302*   302*  302*    302*    302*
GET  /password/forgot                     200      200    200   200     200     200
POST /password/forgot                     422      422    422   422     422     422
GET  /password/reset                      200      200    200   200     200     200
POST /password/reset                      422      422    422   422     422     422
POST /password/pending/stop               401      302    302   302     302     302
POST /language                            302      302    302   302     302     302
GET  /healthz                             503      503    503   503     503     503
GET  /static/<filename>                   200      200    200   200     200     200
GET  /settings                            login    200    200   200     200     200
POST /settings                            401      302*   302*  302*    302*    302*
POST /settings/password                   401      302*   302*  302*    302*    302*
GET  /settings/erasure                    login    200    200   200     200     200
POST /settings/erasure                    401      422*   422*  422*    422*    422*
GET  /welcome                             login    302    302   200     302     302
POST /welcome                             401      200    200   302*    200     200
GET  /family                              login    200    200   welcome 200     200
GET  /family/children/new                 login    200    200   welcome 200     200
POST /family/children/new                 401      302!   302!  403     302*    302*
POST /family/invitations                  401      200!   200!  403     200*    200*
POST /family/counsellors                  401      200!   200!  403     200*    200*
POST /family/leave                        401      302!   302!  403     302*    302*
GET  /today                               login    200    200   welcome 200     200
GET  /days/<text>                         login    200    200   welcome 200     200
GET  /timeline                            login    200    200   welcome 200     200
GET  /entries/new                         login    200    200   welcome 200     200
POST /entries/new                         401      200    200   403     200     200
POST /entries                             401      302!   302!  403     302*    302*
POST /sync                                401      200!   200!  403     200*    200*
GET  /deleted                             login    200    200   welcome 200     200
GET  /asso                                login    200    200   welcome 200     200
POST /asso                                401      302    302   403     302     302
GET  /asso/<id>                           login    200*   200*  welcome 200*    200*
GET  /asso/<id>/entry                     login    200    200   welcome 200     200
POST /asso/<id>/phrase                    401      302*   302*  403     302*    302*
POST /asso/<id>/tries                     401      302*   302*  403     302*    302*
GET  /asso/shoes                          login    200    200   welcome 200     200
GET  /asso/practice                       login    200    200   welcome 200     200
POST /asso/practice                       401      200    200   403     200     200
POST /reminders/devices                   401      200*   200*  200*    200*    200*
GET  /reminders                           login    200    200   welcome 200     200
POST /reminders                           401      302*   302*  403     302*    302*
POST /reminders/none                      401      302*   302*  403     302*    302*
POST /reminders/hours                     401      302*   302*  403     302*    302*
POST /reminders/pause                     401      302*   302*  403     302*    302*
GET  /reminders/<text>                    login    200    200   welcome 200     200
GET  /reading                             200      200    200   200     200     200
GET  /reading/<card>                      200      200    200   200     200     200
GET  /help                                200      200    200   200     200     200
GET  /me                                  401      200    200   200     200     200
GET  /sw.js                               200      200    200   200     200     200
GET  /manifest.webmanifest                200      200    200   200     200     200
GET  /offline/<language>/<page>           200      200    200   200     200     200
GET  /offline/<language>/library.json     200      200    200   200     200     200
"""

# Who works for the practice gets at all those pages: what everyone gets at a public one, what is here, and otherwise
# they are sent to their own desk, or, with something to write, refused.
STAFFED = """
                                          own   colleague revoked asked admin locked
POST /logout                              302*  302*      302*    302*  302*  302*
POST /password/pending/stop               302   302       302     302   302   401
GET  /settings                            200   200       200     200   200   302
POST /settings                            302*  302*      302*    302*  302*  401
POST /settings/password                   302*  302*      302*    302*  302*  401
GET  /                                    302   302       302     302   302   302
GET  /me                                  200   200       200     200   200   401
POST /reminders/devices                   200*  200*      200*    200*  200*  401
"""

# The pages of the practice. All other parents are answered like the author.
WORK = """
                                          stranger author waiting own  colleague revoked asked admin    locked
GET  /step                                login    200    200     200  200       200     200   200      200
POST /step                                401      422*   422*    422* 422*      422*    422*  422*     422*
GET  /settings/steps                      login    200    200     200  200       200     200   200      302
GET  /settings/steps/app                  login    200    200     200  200       200     200   200      302
POST /settings/steps/app                  401      422*   422*    422* 422*      422*    422*  422*     401
POST /settings/steps/app/remove           401      302    302     302  302       302     302   302      401
POST /settings/steps/passkeys             401      302    302     302  302       302     302   302      401
GET  /settings/export                     login    200    200     desk desk      desk    desk  practice 302
POST /settings/export                     401      200*   200*    403  403       403     403   403      401
POST /settings/steps/codes                401      302    302     302  200*      302     302   302      401
GET  /counsellor                          login    302    welcome 200  200       200     200   practice 302
GET  /counsellor/invite                   login    302    welcome 200  200       200     200   practice 302
POST /counsellor/invite                   401      403    403     200* 200*      200*    200*  403      401
GET  /counsellor/reach                    login    302    welcome 200  200       200     200   practice 302
POST /counsellor/reach                    401      403    403     302* 302*      302*    302*  403      401
GET  /counsellor/reminders                login    302    welcome 200  200       200     200   practice 302
POST /counsellor/reminders                401      403    403     302* 302*      302*    302*  403      401
POST /counsellor/reminders/end            401      403    403     302* 302*      302*    302*  403      401
POST /counsellor/reminders/pause          401      403    403     302* 302*      302*    302*  403      401
GET  /practice                            login    302    welcome desk desk      desk    desk  200      302
POST /practice/name                       401      403    403     403  403       403     403   practice* 401
POST /practice/invitations                401      403    403     403  403       403     403   200*     401
POST /practice/invitations/withdraw       401      403    403     403  403       403     403   practice 401
"""

THINGS = """
                                            stranger author other waiting guest   elsewhere
GET  /family/children/<uid>                 -        200    200   -       -       -
POST /family/children/<uid>                 -        302!   302!  -       -       -
POST /families/<uid>/open                   -        302    302   -       -       -
POST /family/members/<uid>/confirm          -        302!   -     -       -       -
POST /family/members/<uid>/decline          -        302!   302!  -       -       -
POST /family/invitations/<uid>/withdraw     -        302!   302!  -       -       -
POST /settings/sessions/<uid>/end           -        302*   -     -       -       -
POST /asso/tries/<uid>                      -        302*   -     -       -       -
POST /reminders/devices/<uid>/test          -        302*   -     -       -       -
POST /reminders/devices/<uid>/detail        -        302*   -     -       -       -
POST /reminders/devices/<uid>/remove        -        302*   -     -       -       -
POST /reminders/<uid>/time                  -        302*   -     -       -       -
POST /reminders/<uid>/end                   -        302*   -     -       -       -
POST /reminders/<uid>/done                  -        302*   -     -       -       -
POST /reminders/<uid>/question              -        302*   -     -       -       -
POST /reminders/risks/<uid>                 -        302*   -     -       -       -
POST /reminders/came/<uid>                  -        302*   -     -       -       -
GET  /join/<token>                          200      200    200   200     200     200
POST /join/<token>                          -        -      -     -       -       302!
GET  /family/counsellors/<uid>              -        200    -     -       -       -
POST /family/counsellors/<uid>              -        422    -     -       -       -
POST /family/counsellors/<uid>/revoke       -        302!   302!  -       -       -
GET  /introductions/<token>                 200      200    200   302     200     200
POST /introductions/<token>                 -        422    422   -       422     422
GET  /admission/<token>                     200      200    200   200     200     200
POST /admission/<token>                     422      422    422   422     422     422
POST /practice/workers/<uid>/end            -        -      -     -       -       -
POST /settings/steps/passkeys/<uid>/remove  -        -      -     -       -       -
"""

# To whom of the practice any of these is something; to all others there none is anything.
STAFFED_THINGS = {
    "GET /join/<token>": dict.fromkeys(STAFF, "200"),
    "POST /join/<token>": dict.fromkeys(("colleague", "revoked", "admin"), "404*"),  # its family is told
    "GET /admission/<token>": dict.fromkeys(STAFF, "200"),
    "POST /admission/<token>": dict.fromkeys(STAFF, "422"),
    "POST /practice/workers/<uid>/end": {"admin": "practice!"},
    "POST /settings/steps/passkeys/<uid>/remove": {"colleague": "302*"},
}

# For everyone else each of these entries is one that does not exist.
ENTRIES = """
                                      author/private author/shared author/gone other/private other/shared other/gone
GET  /entries/<uid>                   200            200           -              -             200          -
GET  /entries/<uid>/edit              200            200           -              -             -            -
POST /entries/<uid>                   302!           302!          -              -             -            -
POST /entries/<uid>/finish            302!           302!          -              -             -            -
POST /entries/<uid>/audience          302!           302!          -              -             -            -
POST /entries/<uid>/feeling           302!           302!          -              -             -            -
POST /entries/<uid>/topic             302!           302!          -              -             -            -
POST /entries/<uid>/deletion          302!           302!          -              -             -            -
POST /entries/<uid>/deletion/undo     -              -             302!           -             -            -
GET  /entries/<uid>/versions          200            200           -              -             -            -
POST /entries/<uid>/versions/<number> 302!           302!          -              -             -            -
"""
STATES = ("private", "shared", "gone")

# How a browser is reached; the key is one that anything can be encrypted with.
SUBSCRIPTION = Browser("https://fcm.googleapis.com/fcm/send/matrix").subscription()
SPOKEN_TO_BY_SCRIPTS = ("/sync", "/reminders/devices")
UNTOKENED = {"POST /entries/new"}  # what another app shares; nothing is written with a token either

# What is sent along; all else is sent empty.
FIELDS = {
    "/settings": {"name": "Iemand", "language": "nl"},
    "/settings/export": {"form": "json"},
    "/settings/password": {"current": PASSWORD, "password": "nieuwe losse woorden hier"},
    "/welcome": {"name": "Bo"},
    "/family/children/new": {"name": "Bo"},
    "/family/children/<uid>": {"name": "Bo"},
    "/family/leave": {"sure": "y"},
    "/entries": {"kind": "incident", "area": "routine", "note": "hier geschreven"},
    "/entries/<uid>": {"kind": "incident", "area": "limit", "version": "2"},
    "/entries/<uid>/audience": {"shared": "family"},
    "/entries/<uid>/feeling": {"feeling_shared": "1"},
    "/entries/<uid>/topic": {"discuss": "1"},
    "/asso/<id>/phrase": {"asso_connect": "hier geschreven"},
    "/asso/<id>/tries": {"helped": "yes"},
    "/asso/tries/<uid>": {"helped": "yes"},
    "/reminders/devices": SUBSCRIPTION,
    "/reminders/devices/<uid>/detail": {"detail": "1"},
    "/counsellor/reach": {"phone": "06 12345678"},
    "/practice/name": {"name": "Samen verder"},
    "/practice/invitations": {"address": "nog-een@praktijk.example.org"},
    "/reminders": {"kind": "evening"},
    "/reminders/hours": {"quiet_from": "21:00", "quiet_until": "07:00"},
    "/reminders/pause": {"until": "2026-12-01"},
    "/counsellor/reminders": {"at": "09:00", "days": "1"},
    "/counsellor/reminders/pause": {"until": "2026-12-01"},
    "/reminders/<uid>/time": {"at": "18:00", "days": "1"},
    "/reminders/<uid>/question": {"answer": "halved"},
    "/reminders/risks/<uid>": {"answer": "declined"},
    "/reminders/came/<uid>": {"answer": "done"},
    "/sync": {"uid": str(uuid.UUID(int=7)), "kind": "contact", "note": "hier geschreven"},
}
PIECES = {"id": "sleeping-throws-toys", "card": "asso", "text": "2026-11-20", "filename": "icons/nabij.svg"}
PIECES |= {"number": "1", "language": "nl", "page": "incident"}
SEARCHED = {"/timeline": "/timeline?q=struik", "/entries/new": "/entries/new?kind=incident"}

# Words that stand in the family's diary, and who may ever read them.
WORDS = {
    "zilverstruik": {"author"},  # private
    "rozenstruik": {"author", "other"},  # shared
    "Pimpernel": {"author", "other", "own"},  # the child, and whom the tie covers
    "Joost": {
        "author",
        "other",
        "own",
    },  # the other parent; an invitation names its inviter
}


@dataclass
class World:
    """A family with a diary, and everyone who may want to look at it. Every question finds it as it was."""

    app: Flask
    db: Database
    tokens: dict[str, str]
    things: dict[str, str]
    kept: sqlite3.Connection
    doors: dict[str, tuple[str, str]] = field(default_factory=dict)

    def browser(self, who: str) -> tuple[Person, str]:
        """One that was told nothing yet, and what its forms carry: that is asked for once."""
        if who not in self.doors:
            first = person(self, who)
            self.doors[who] = first.token(), first.client.get_cookie("nabij").value
        form, cookie = self.doors[who]
        fresh = Person(self.app.test_client(), "", "")
        fresh.client.set_cookie("nabij", cookie)
        return fresh, form

    def ask(self, who: str, row: str, piece: str, csrf: bool = True):
        """The answer, and what had changed by then."""
        before = contents(self.db)
        answer = self._asked(who, *row.split(), piece, csrf)
        after = contents(self.db)
        if after != before:
            self.kept.backup(self.db.conn)
        return answer, after != before, self._of_family(after) != self._of_family(before)

    def _asked(self, who: str, method: str, rule: str, piece: str, csrf: bool):
        browser, form = self.browser(who)
        path = self._path(rule, piece)
        fields = FIELDS.get(rule, {})
        form = form if csrf else ""
        if method == "GET":
            answer = browser.get(SEARCHED.get(rule, path))
        elif rule in SPOKEN_TO_BY_SCRIPTS:
            sent = {"changes": [fields]} if rule == "/sync" else fields
            answer = browser.client.post(path, json=sent, headers={"X-CSRFToken": form})
        else:
            answer = browser.client.post(path, data={"csrf_token": form, **fields})
        return _plain(answer, path)

    def _path(self, rule: str, piece: str) -> str:
        filled = re.sub("<(uid|token)>", piece, rule)
        filled = filled.replace("/static", self.app.static_url_path)
        return re.sub(r"<(\w+)>", lambda found: PIECES[found.group(1)], filled)

    def _of_family(self, rows: dict) -> list:
        ours = [[row for row in rows[name] if row[at] == 1] for name, at in self._family_columns().items()]
        return [*ours, rows["version_rows"]]

    def _family_columns(self) -> dict[str, int]:
        tables = {"families": "id", "children": "family", "memberships": "family", "invitations": "family"}
        tables["entry_rows"] = "family"
        return {name: [c.name for c in self.db[name].columns].index(column) for name, column in tables.items()}

    def cell(self, who: str, row: str, piece: str = "", unknown: str = "") -> str:
        """What the table says about this: the answer in one word."""
        (status, place, text), wrote, wrote_theirs = self.ask(who, row, piece)
        if unknown and self.ask(who, row, unknown) == ((status, place, text), False, False) and not wrote:
            return "-"
        sent = re.match(r"/(welcome|counsellor|practice)$|/(login)\b", place)
        mark = "!" if wrote_theirs else "*" if wrote else ""
        read = [word for word, readers in WORDS.items() if word in text and who not in readers]
        place = (sent.group(1) or sent.group(2)).replace("counsellor", "desk") if sent else status
        return " ".join([f"{place}{mark}", *read])


def person(world: World, who: str) -> Person:
    """This viewer with a browser, signed in."""
    browser = Person(world.app.test_client(), "", "")
    if token := world.tokens.get(who):
        with browser.client.session_transaction() as kept:
            kept["_user_id"] = token
    return browser


FRESH = re.compile(
    r"""(?<=csrf-token" content=")[^"]+|(?<=csrf_token" value=")[^"]+|(?<="csrf":")[^"]+"""
    r"""|\b[0-9a-f]{8}-[0-9a-f-]{27}"""
)


def _plain(answer, path: str) -> tuple[int, str, str]:
    """An answer without what is different each time."""
    text, place = answer.text, answer.headers.get("Location", "")
    answer.close()
    for known in (path, quote(path, safe="")):
        text, place = text.replace(known, "<path>"), place.replace(known, "<path>")
    return answer.status_code, FRESH.sub("<fresh>", place), FRESH.sub("<fresh>", text)


@pytest.fixture
def world(app, db, marit, joins, parent, new_phone, counsellor, admin, tied, now, monkeypatch) -> World:
    monkeypatch.setattr(devices, "try_out", lambda *_: None)  # it writes beside the page, so at any moment
    marit.post(f"/family/children/{marit.child()}", {"name": "Pimpernel"})
    people = {"author": marit, "other": joins(marit, "Joost"), "elsewhere": parent("Eva")}
    people["waiting"], people["guest"] = joins(marit, "Wieke", confirmed=False), joins(marit, "Gijs", confirmed=False)
    people["guest"].post("/welcome", {"name": "Tom"})
    people |= {"admin": admin} | {who: counsellor(who.title()) for who in STAFF if who != "admin"}
    for who in ("own", "locked"):
        tied(marit, people[who])
    tied(people["elsewhere"], people["colleague"])
    for who, state in {"revoked": "ended", "asked": "invited"}.items():
        tied(marit, people[who])
        last = "(select max(id) from memberships)"
        db.execute(f"update memberships set state = '{state}' where id = {last}")
    locked = db.execute("select id from accounts where name = 'Locked'").fetchone()[0]
    factors.keep_totp(db, app.config["VAULT"], locked, "A" * 32, now())
    db.execute("update sessions set proved_at = null where account = ?", [locked])
    new_phone(marit).signs_in()
    link = re.search(r"/join/([\w-]+)", marit.post("/family/invitations").text).group(1)
    pages = marit.get("/family").text + marit.get("/settings").text
    things = {
        "children": marit.child(),
        "families": db.execute("select uid from families where id = 1").fetchone()[0],
        "members": re.search(r"/family/members/([\w-]+)/confirm", pages).group(1),
        "invitations": re.search(r"/family/invitations/([\w-]+)/withdraw", pages).group(1),
        "sessions": re.search(r"/settings/sessions/([\w-]+)/end", pages).group(1),
        "join": link,
        "counsellors": re.search(r"/family/counsellors/([\w-]+)/revoke", pages).group(1),
        "introductions": _introduces(people["own"]),
        "admission": re.search(r"/admission/([\w-]+)", _admits(admin)).group(1),
        "workers": re.search(r"/practice/workers/([\w-]+)/end", admin.get("/practice").text).group(1),
        "passkeys": _passkeys(db)[0],
        "tries": _tried(marit),
        "devices": _reminded(marit, db),
        **_ringing(app, db, marit),
        **{state: _written(marit, state) for state in STATES},
    }
    kept = sqlite3.connect(":memory:")
    db.conn.backup(kept)
    yield World(app, db, {who: _token(person) for who, person in people.items()}, things, kept)
    kept.close()


def _written(marit: Person, state: str) -> str:
    """An entry of two versions, unfinished, with words of its own."""
    entry = {"uid": str(uuid.uuid4()), "kind": "incident", "area": "routine", "stub": True, "feeling": "moe"}
    entry["note"], entry["shared"] = ("zilverstruik", "me") if state == "private" else ("rozenstruik", "family")
    marit.sync(entry)
    marit.sync(entry | {"situation": "eating", "version": 1})
    if state == "gone":
        marit.post(f"/entries/{entry['uid']}/deletion")
    return entry["uid"]


def _introduces(own: Person) -> str:
    return re.search(r"/introductions/([\w-]+)", own.post("/counsellor/invite").text).group(1)


def _admits(admin: Person) -> str:
    return admin.post("/practice/invitations", {"address": "nieuw@praktijk.example.org"}).text


def _passkeys(db: Database) -> list[str]:
    """Two of the colleague's, so that one may go."""
    uids = [str(uuid.uuid4()) for _ in range(2)]
    colleague = db.execute("select id from accounts where name = 'Colleague'").fetchone()[0]
    for uid in uids:
        key = {"uid": uid, "account": colleague, "credential": uid.encode(), "public_key": b"", "sign_count": 0}
        db["passkeys"].insert(key | {"label": "", "created_at": "2026-11-20T18:40:00.000Z"})
    return uids


def _tried(marit: Person) -> str:
    uid = str(uuid.uuid4())
    marit.post("/asso/sleeping-throws-toys/tries", {"uid": uid})
    return uid


def _reminded(marit: Person, db: Database) -> str:
    told = Browser("https://fcm.googleapis.com/fcm/send/marit").subscription()
    marit.client.post("/reminders/devices", json=told, headers={"X-CSRFToken": marit.token()})
    return db.execute("select uid from devices").fetchone()[0]


def _ringing(app: Flask, db: Database, marit: Person) -> dict[str, str]:
    """A reminder, one that came, and an offer of a third."""
    evenings(marit, "19:10", "19:10", "19:10")
    marit.post("/reminders", {"kind": "contact", "at": "19:41", "days": "5"})
    due.plan(db, app.config["VAULT"], EVENING + timedelta(minutes=2))
    pages = marit.get("/today").text + marit.get("/reminders").text
    found = {name: rf"/reminders/{name}/([0-9a-f-]{{36}})" for name in ("came", "risks")}
    found["reminders"] = r"/reminders/([0-9a-f-]{36})/time"
    return {name: re.search(address, pages).group(1) for name, address in found.items()}


def _token(person: Person) -> str:
    with person.client.session_transaction() as kept:
        return kept["_user_id"]


def _rows(table: str) -> dict[str, dict[str, str]]:
    """A table of text as row → column → cell."""
    head, *lines = table.strip().splitlines()
    split = [re.match(r"(\w+ +\S+) +(.*)", line).groups() for line in lines]
    return {" ".join(name.split()): dict(zip(head.split(), cells.split(), strict=True)) for name, cells in split}


def _thing(rule: str) -> str:
    known = """join children families members invitations sessions tries devices reminders risks came
               counsellors introductions admission workers passkeys"""
    found = re.search(f"({'|'.join(known.split())})/<", rule)
    return found.group(1) if found else ""


def _unknown(piece: str) -> str:
    """As long as a real one, and nobody's."""
    return re.sub("[0-9a-f]", "9", piece) if "-" in piece or len(piece) > 9 else "9" * 9


def test_every_route_has_a_row(app):
    rules = {(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods}
    plain = {method + " " + re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule) for rule, method in rules}
    here = {row.replace(app.static_url_path, "/static") for row in plain if row.startswith(("GET", "POST"))}
    assert here == {*_rows(PAGES), *_rows(WORK), *_rows(THINGS), *_rows(ENTRIES)} | SHARING | PLAN


def test_every_page_answers_each_viewer_as_the_table_says(world):
    rows = _rows(PAGES)
    for who in VIEWERS:
        told = {row: world.cell(who, row) for row in rows}
        assert told == {row: cells[who] for row, cells in rows.items()}, who


def test_who_works_for_the_practice_finds_no_diary(world):
    rows, exceptions = _rows(PAGES), _rows(STAFFED)
    for who in STAFF:
        told = {row: world.cell(who, row) for row in rows}
        turned = {row: _turned_away(who, cells["stranger"]) for row, cells in rows.items()}
        assert told == turned | {row: cells[who] for row, cells in exceptions.items()}, who


def _turned_away(who: str, stranger: str) -> str:
    if stranger not in ("login", "401"):
        return stranger
    sent = "practice" if who == "admin" else "desk"
    return ("302" if stranger == "login" else "401") if who == "locked" else sent if stranger == "login" else "403"


def test_the_practice_answers_each_viewer_as_the_table_says(world):
    rows = _rows(WORK)
    for who in VIEWERS + STAFF:
        told = {row: world.cell(who, row) for row in rows}
        assert told == {row: _work(cells, who) for row, cells in rows.items()}, who


def _work(cells: dict[str, str], who: str) -> str:
    return cells.get(who) or cells["author"]


def test_a_thing_of_one_family_is_nothing_to_another(world):
    rows = _rows(THINGS)
    for who in VIEWERS + STAFF:
        told = {row: world.cell(who, row, it := world.things[_thing(row)], _unknown(it)) for row in rows}
        staff = {row: STAFFED_THINGS.get(row, {}).get(who, "-") for row in rows}
        assert told == {row: cells.get(who) or staff[row] for row, cells in rows.items()}, who


def test_an_entry_one_may_not_see_does_not_exist(world):
    rows, none = _rows(ENTRIES), str(uuid.UUID(int=9))
    for who in VIEWERS + STAFF:
        told = {(row, state): world.cell(who, row, world.things[state], none) for row in rows for state in STATES}
        meant = {(row, state): rows[row].get(f"{who}/{state}", "-") for row in rows for state in STATES}
        assert told == meant, who


def test_what_a_family_writes_leaves_no_trace_with_others(world, db, marit):
    pages = [row for row in (*_rows(PAGES), *_rows(THINGS)) if row.startswith("GET") and "<uid>" not in row]
    others = ["stranger", "waiting", "guest", "elsewhere"]
    before = {(who, row): world.ask(who, row, world.things["join"]) for who in others for row in pages}
    marit.sync(*({"kind": "contact", "note": f"struik {n}", "shared": "family"} for n in range(30)))
    marit.post("/family/children/new", {"name": "Bo"})
    db.conn.backup(world.kept)
    assert {asked: world.ask(*asked, world.things["join"]) for asked in before} == before


def test_nothing_is_written_without_the_token_of_a_form(world):
    rows = [row for row in (*_rows(PAGES), *_rows(WORK), *_rows(THINGS), *_rows(ENTRIES)) if row.startswith("POST")]
    for row in rows:
        thing = world.things["private"] if "/entries/" in row else world.things[_thing(row)] if _thing(row) else ""
        who = "admin" if "POST /practice" in row else "own" if "POST /counsellor" in row else "author"
        (status, _, _), wrote, _ = world.ask(who, row, thing, csrf=False)
        assert (row, status, wrote) == (row, 200 if row in UNTOKENED else 400, False)
