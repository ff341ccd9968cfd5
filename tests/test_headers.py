"""The headers of every answer, the flags of every cookie, and nothing inline in any page."""

import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from diary import create_app, store
from diary.config import Settings
from diary.headers import HEADERS, MEGABYTE
from tests.persons import PASSWORD, Person

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

ANSWERS = {
    "a page": (200, lambda p: p.get("/today")),
    "a page for everyone": (200, lambda p: p.get("/login")),
    "sent on": (302, lambda p: p.get("/")),
    "saved": (302, lambda p: p.post("/entries", {"kind": "contact"})),
    "a form refused": (422, lambda p: p.post("/entries", {"kind": "incident"})),
    "changes saved": (200, lambda p: p.sync({"kind": "contact"})),
    "changes refused": (400, lambda p: p.client.post("/sync", json=[], headers={"X-CSRFToken": p.token()})),
    "a form of another site": (400, lambda p: p.client.post("/entries", data={"kind": "contact"})),
    "nothing there": (404, lambda p: p.get("/nothing")),
    "nobody's entry": (404, lambda p: p.get("/entries/nothing")),
    "no static file": (404, lambda p: p.get("/static/nothing.css")),
    "the wrong way": (405, lambda p: p.client.put("/today")),
    "the wrong way for JSON": (405, lambda p: p.client.put("/sync", json={})),
    "a question about ways": (200, lambda p: p.client.options("/today")),
    "the head of a page": (200, lambda p: p.client.head("/today")),
    "too much": (413, lambda p: p.post("/entries", {"note": "x" * (MEGABYTE + 1)})),
    "too much JSON": (413, lambda p: p.sync({"note": "x" * (MEGABYTE + 1)})),
    "for a monitor": (503, lambda p: p.get("/healthz")),
}
SIGNED_OUT = {
    "the front door": (200, lambda p: p.get("/")),
    "asked to sign in": (302, lambda p: p.get("/today")),
    "asked to sign in with a form": (401, lambda p: p.post("/entries")),
    "asked to sign in with JSON": (401, lambda p: p.sync()),
    "not recognised": (422, lambda p: p.post("/login", {"email": "a@example.org", "password": PASSWORD})),
}
COMPLETE = {name: [value] for name, value in HEADERS.items()}
PAGES = ["/", "/login", "/register", "/password/forgot", "/password/reset", "/today", "/timeline", "/timeline?q=boom"]
PAGES += ["/entries/new", "/entries/new?kind=incident", "/entries/new?kind=contact", "/entries/new?kind=checkin"]
PAGES += ["/entries/new?kind=weekcheck"]
PAGES += ["/days/2026-11-20", "/deleted", "/family", "/family/children/new", "/settings", "/welcome", "/nothing"]

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
INLINE = re.compile(
    r"""<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle\s*=|<[^>]*\son\w+\s*=|javascript:""", re.IGNORECASE
)


@pytest.fixture
def secure(tmp_path, now):
    """The diary as families reach it over https."""
    app = create_app(Settings(home=tmp_path / "secure", url="https://nabij.example"))
    yield app
    store.leave()


def complete(answer) -> dict[str, list[str]]:
    return {name: answer.headers.getlist(name) for name in HEADERS}


def test_every_answer_has_every_header_once_and_is_kept_by_nobody(marit, stranger):
    for person, answers in ((marit, ANSWERS), (stranger, SIGNED_OUT)):
        for name, (status, ask) in answers.items():
            answer = ask(person)
            assert (name, answer.status_code) == (name, status)
            assert complete(answer) == COMPLETE, name
            assert answer.headers.getlist("Cache-Control") == ["no-store"], name
            assert "Server" not in answer.headers, name


def test_a_fault_of_ours_has_them_too(marit, app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "journal.today", lambda: 1 / 0)
    answer = marit.get("/today")
    assert answer.status_code == 500
    assert complete(answer) == COMPLETE
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Wat bewaard was, is er nog." in answer.text
    assert "ZeroDivision" not in answer.text


DOWN = "alter table sessions rename to away"  # what everyone who is signed in is known by


@pytest.mark.parametrize(("language", "said"), [("nl", "Er ging bij ons iets mis."), ("en", "Something went wrong")])
def test_when_the_database_cannot_be_asked_the_page_still_comes_in_ones_own_language(marit, db, language, said):
    marit.post("/settings", {"name": "Marit", "language": language})
    db.execute(DOWN)
    for path in ("/today", "/login", "/help", "/nothing"):
        answer = marit.get(path, headers={"Accept-Language": "en" if language == "nl" else "nl"})
        assert (path, answer.status_code, said in answer.text) == (path, 500, True)
        assert complete(answer) == COMPLETE


def test_what_was_typed_while_the_database_was_down_can_be_sent_again(marit, db):
    drawn = dict(HIDDEN.findall(marit.get("/entries/new?kind=contact").text)) | {"note": 'appel"boom'}
    db.execute(DOWN)
    answer = marit.client.post("/entries", data=drawn)
    assert (answer.status_code, 'value="appel&#34;boom"' in answer.text) == (500, True)
    db.execute("alter table away rename to sessions")
    again = dict(HIDDEN.findall(answer.text)) | {"note": 'appel"boom'}
    assert marit.client.post("/entries", data=again).status_code == 302
    assert "appel&#34;boom" in marit.get("/today").text


def test_the_policy_lets_in_nothing_but_our_own_files():
    policy = dict(part.split(maxsplit=1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_over_https_a_browser_never_goes_back(secure, app):
    assert secure.test_client().get("/").headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers


# -- cookies


def cookies(answer) -> dict:
    found = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return found


def registered(app):
    person = Person(app.test_client(), "marit@example.org", "Marit")
    return person.post("/register", {"name": "Marit", "email": person.email, "password": PASSWORD})


def test_a_script_cannot_read_a_cookie_and_another_site_cannot_send_it(app):
    set_at_sign_up = cookies(registered(app))
    assert set(set_at_sign_up) == {"nabij", "device"}
    for cookie in set_at_sign_up.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert (cookie["secure"], cookie["domain"]) == ("", "")


def test_over_https_cookies_are_secure_and_of_this_host_alone(secure):
    client, here = secure.test_client(), {"base_url": "https://nabij.example"}
    token = re.search(r'csrf-token" content="([^"]+)', client.get("/register", **here).text).group(1)
    form = {"csrf_token": token, "name": "Marit", "email": "marit@example.org", "password": PASSWORD}
    answer = client.post("/register", data=form, headers={"Referer": "https://nabij.example/register"}, **here)
    assert set(cookies(answer)) == {"__Host-nabij", "__Host-device"}
    for cookie in cookies(answer).values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_no_page_sets_another_cookie(marit, stranger):
    for answer in (person.get(path) for person in (marit, stranger) for path in PAGES):
        for name, cookie in cookies(answer).items():
            assert name in ("nabij", "device")
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


# -- nothing inline


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_a_script_or_a_style_inside(path):
    assert INLINE.findall(path.read_text()) == []
    assert re.findall(r"""(?:src|href|action)="(?:https?:)?//""", path.read_text()) == []
    assert set(re.findall(r"(\w+)\s*\|\s*safe", path.read_text())) <= {"qr"}  # drawn by ourselves


def test_no_page_has_a_script_or_a_style_inside(marit):
    uid = marit.writes(note="boom", stub="1")
    pages = [marit.get(path).text for path in (*PAGES, f"/entries/{uid}", f"/entries/{uid}/edit")]
    pages.append(marit.post("/family/invitations").text)
    assert [found for page in pages for found in INLINE.findall(page)] == []


@pytest.mark.parametrize("inline", ["<script>", '<p style="x">', "<style>", '<b onclick="x">', 'href="javascript:x"'])
def test_this_very_search_finds_what_it_looks_for(inline):
    assert INLINE.search(inline)


# -- hosts


@pytest.mark.parametrize("host", ["evil.example", "nabij.example.evil.example", "", "127.0.0.1.evil.example", "a b"])
def test_an_address_that_is_not_ours_is_refused(app, host):
    answer = app.test_client().get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert "Dit konden we niet lezen." in answer.text
    assert complete(answer) == COMPLETE


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "nabij.example", "nabij.example:443"])
def test_our_own_address_is_served(secure, host):
    assert secure.test_client().get("/login", headers={"Host": host}).status_code == 200
