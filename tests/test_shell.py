"""What a device keeps of the app: the same for everyone, in two languages, and nothing of anyone."""

import json
import re
import struct

import pytest

from diary.asso import suggest
from diary.offline import PAGES
from diary.pages import LANGUAGES
from tests.conftest import contents
from tests.persons import PASSWORD

SHELLS = [f"/offline/{language}/{page}" for language in LANGUAGES for page in PAGES]
LIBRARIES = [f"/offline/{language}/library.json" for language in LANGUAGES]
KEPT = [*SHELLS, *LIBRARIES, "/sw.js", "/manifest.webmanifest"]


def told(worker) -> dict:
    """What the worker was told to keep."""
    return json.loads(worker.text.removeprefix("const SHELL = ").partition(";\n")[0])


def status(person, path: str) -> int:
    answer = person.get(path)
    answer.close()
    return answer.status_code


@pytest.mark.parametrize("path", KEPT)
def test_what_is_kept_is_the_same_for_everyone_and_gives_no_cookie(path, stranger, marit, joins):
    marit.writes(note="zilverstruik")
    marit.post("/entries", {"kind": "incident", "area": "limit"})  # "Bewaard." waits for the next page
    for person in (stranger, marit, joins(marit, "Joost")):
        answer = person.get(path)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
        assert answer.data == stranger.get(path).data
        assert answer.headers["Cache-Control"] == "no-cache"
    assert "Bewaard." in marit.get("/today").text


@pytest.mark.parametrize("path", SHELLS)
def test_a_page_that_is_kept_names_nobody_and_holds_no_number(path, marit, viewer):
    me = viewer(marit)
    text = marit.get(path).text
    assert [word for word in ("Marit", "Sem", me.uid, me.family_uid, me.email, marit.child()) if word in text] == []
    assert 'name="csrf-token" content=""' in text
    assert re.findall(r'name="(?:csrf_token|uid|opened_at|diary)" value="[^"]', text) == []


@pytest.mark.parametrize("path", KEPT)
def test_an_answer_that_is_known_is_not_sent_again(path, stranger):
    known = stranger.get(path).headers["ETag"]
    again = stranger.get(path, headers={"If-None-Match": known})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["de/today", "nl/nothing", "nl/", "de/library.json"])
def test_another_language_or_page_is_not_there(path, stranger):
    assert stranger.get(f"/offline/{path}").status_code == 404


def test_each_language_says_it_in_its_own_words(marit):
    assert "Schrijven kan gewoon." in marit.get("/offline/nl/today").text
    assert '<html lang="en" data-nobody>' in marit.get("/offline/en/today").text
    assert "Schrijven" not in marit.get("/offline/en/today").text


def test_at_any_hour_every_part_of_the_day_stands_in_a_form_that_is_kept(now, stranger):
    text = stranger.get("/offline/nl/incident").text
    assert re.findall(r'name="when" value="(\w+)"', text) == [
        *("now", "evening", "afternoon", "morning", "last_evening", "yesterday", "time")
    ]


# -- the library


def test_the_library_holds_what_everyone_may_read_and_nothing_closed(stranger, app):
    library = app.config["SHELF"].library("nl")
    kept = stranger.get("/offline/nl/library.json").json
    assert {s["id"] for s in kept["suggestions"]} == {s.id for s in library.suggestions.values() if not s.closed}
    assert [card["id"] for card in kept["cards"]] == list(library.cards)
    assert 0 < kept["likely"] <= suggest.LIKELY  # people come first at least as soon as with a connection
    closed = [s for s in library.suggestions.values() if s.closed]
    assert closed
    assert [s.id for s in closed if s.title in {one["title"] for one in kept["suggestions"]}] == []


def test_the_library_squeezed_is_the_same_library(stranger):
    import brotli

    squeezed = stranger.get("/offline/nl/library.json", headers={"Accept-Encoding": "br"})
    assert squeezed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(squeezed.data) == stranger.get("/offline/nl/library.json").data


# -- the worker


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worker_keeps_only_what_exists(language, stranger):
    kept = told(stranger.get(f"/sw.js?language={language}"))
    paths = [*kept["files"], *kept["pages"].values(), kept["library"]]
    assert {path: status(stranger, path) for path in paths} == dict.fromkeys(paths, 200)
    assert set(kept["pages"].values()) == {path for path in SHELLS if f"/{language}/" in path}
    assert [path for path in kept["files"] if not path.startswith(kept["made"])] == []


def test_all_that_a_kept_page_asks_for_is_kept(stranger):
    kept = told(stranger.get("/sw.js"))
    for page in kept["pages"].values():
        asked = re.findall(r'(?:src|href)="(/static/[^"#]+)"', stranger.get(page).text)
        assert {path for path in asked if not path.endswith(".png")} - set(kept["files"]) == set()


def test_the_worker_changes_with_what_it_keeps(stranger, app, monkeypatch):
    before = stranger.get("/sw.js").text
    assert before == stranger.get("/sw.js").text
    app.extensions["shell"].clear()
    monkeypatch.setitem(PAGES, "help", ("offline/today.html", {}))
    assert told(stranger.get("/sw.js"))["version"] not in before


def test_a_strange_language_gives_dutch(stranger):
    assert stranger.get("/sw.js?language=../x").text == stranger.get("/sw.js").text


def test_one_file_in_the_home_takes_the_worker_off_every_phone(app, stranger):
    switch = app.config["SETTINGS"].home / "no-worker"
    switch.touch()
    gone = stranger.get("/sw.js").text
    assert "unregister" in gone
    assert "fetch" not in gone
    assert "data-worker" not in stranger.get("/login").text
    switch.unlink()
    assert "fetch" in stranger.get("/sw.js").text
    assert 'data-worker="/sw.js?language=nl"' in stranger.get("/login").text


# -- the home screen


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_the_manifest_exists_in_the_size_it_says(language, stranger):
    manifest = stranger.get(f"/manifest.webmanifest?language={language}").json
    pictures = [*manifest["icons"], *manifest["screenshots"], *manifest["shortcuts"][0]["icons"]]
    for picture in pictures:
        answer = stranger.get(picture["src"])
        data = answer.get_data()
        answer.close()
        if picture["type"] == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", data[16:24])) == picture["sizes"]
        else:
            assert (data[:4], picture["sizes"]) == (b"<svg", "any")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable", "monochrome"}


def test_what_the_home_screen_opens_is_ours(marit):
    manifest = marit.get("/manifest.webmanifest").json
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Nabij", "/today", "standalone")
    paths = [manifest["start_url"], *(shortcut["url"] for shortcut in manifest["shortcuts"])]
    assert [marit.get(path).status_code for path in paths] == [200] * 4


def test_text_from_another_app_stands_in_a_new_incident_and_is_not_kept_yet(marit, db):
    share = marit.get("/manifest.webmanifest").json["share_target"]
    shared = {share["params"]["text"]: "<Gooide> de beer"}
    before = contents(db)
    answer = marit.client.post(share["action"], data=shared, headers={"Sec-Fetch-Site": "none"})
    assert (share["method"], answer.status_code) == ("POST", 200)
    assert 'value="incident"' in answer.text
    assert "&lt;Gooide&gt; de beer</textarea>" in answer.text
    assert contents(db) == before
    assert (
        marit.client.post(share["action"], data=shared, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )


def test_text_shared_after_a_session_ran_out_goes_on_with_the_same_person(marit, now):
    now.pass_by(days=31)
    page = marit.client.post("/entries/new", data={"note": "De beer vloog."}, headers={"Sec-Fetch-Site": "none"})
    assert (page.status_code, "De beer vloog." in page.text) == (401, True)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    answer = marit.signs_in(**{name: value for name, value in fields.items() if name != "csrf_token"})
    assert (answer.status_code, answer.location) == (307, "/entries/new")


# -- who is signed in


def test_a_script_is_told_who_is_signed_in(marit, viewer):
    me = viewer(marit)
    answer = marit.get("/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["csrf"]
    assert len(answer.json["key"]) == 87
    assert answer.json | {"csrf": "", "key": ""} == {
        "account": me.uid,
        "family": me.family_uid,
        "language": "nl",
        "csrf": "",
        "kids": [{"uid": marit.child(), "name": "Sem"}],
        "zone": "Europe/Amsterdam",
        "device": None,
        "key": "",
    }


def test_its_token_opens_what_a_form_opens(marit):
    token = marit.get("/me").json["csrf"]
    sent = {"changes": [{"kind": "contact"}]}
    assert len(marit.client.post("/sync", json=sent, headers={"X-CSRFToken": token}).json["saved"]) == 1


def test_who_has_no_family_open_has_no_names_to_read(newcomer):
    me = newcomer("Wieke").get("/me").json
    assert (me["family"], me["kids"]) == (None, [])


def test_a_stranger_is_told_nothing(stranger):
    answer = stranger.get("/me")
    assert (answer.status_code, set(answer.json)) == (401, {"error"})


# -- a session that was ended elsewhere


EMPTY = '"cache"'  # and no more: what another account has waiting in this browser stays


def emptied(answer) -> str | None:
    return answer.headers.get("Clear-Site-Data")


def left(page) -> list[str]:
    return re.findall('<meta name="left" content="([^"]+)">', page.text)


@pytest.fixture
def ended(marit, new_phone):
    """A phone, and what signs it out from another."""
    second = new_phone(marit)
    second.signs_in()
    number = re.findall(r"/settings/sessions/([\w-]+)/end", second.get("/settings").text)[-1]
    return marit, lambda: second.post(f"/settings/sessions/{number}/end")


@pytest.mark.parametrize(
    "ask",
    [
        lambda p: p.get("/me"),
        lambda p: p.get("/today"),
        lambda p: p.client.post("/sync", json={"changes": []}),
        lambda p: p.client.post("/entries", data={"kind": "contact"}),
    ],
    ids=["who am I", "a page", "changes", "a form"],
)
def test_a_session_that_was_ended_elsewhere_empties_its_browser_once(ended, ask):
    phone, end = ended
    end()
    assert [emptied(ask(phone)), emptied(ask(phone))] == [EMPTY, None]


def test_scripts_are_told_whose_session_was_ended_until_someone_signs_in(ended, viewer):
    phone, end = ended
    uid = viewer(phone).uid
    assert left(phone.get("/help")) == []
    end()
    assert [left(phone.get("/help")), left(phone.get("/login"))] == [[uid], [uid]]
    assert [phone.get("/me").headers.get("X-Left"), left(phone.get("/offline/nl/today"))] == [uid, []]
    phone.signs_in()
    assert [left(phone.get("/help")), phone.get("/me").headers.get("X-Left")] == [[], None]


def test_what_was_typed_meanwhile_still_goes_on_with_the_same_person(ended):
    phone, end = ended
    end()
    page = phone.client.post("/entries", data={"kind": "contact", "note": "Hij lachte."})
    assert (page.status_code, "Hij lachte." in page.text) == (401, True)
    whose = re.search('name="whose" value="([^"]+)"', page.text).group(1)
    answer = phone.signs_in(next="/entries", whose=whose, kind="contact", note="Hij lachte.")
    assert answer.status_code == 307


def test_a_session_that_ran_out_takes_nothing_with_it(marit, now):
    now.pass_by(days=31)
    assert left(marit.get("/login")) == []
    assert [emptied(marit.get(path)) for path in ("/me", "/today")] == [None, None]


def test_what_was_ended_on_purpose_stays_so_however_late_it_is_heard(ended, now):
    phone, end = ended
    end()
    now.pass_by(days=40)
    assert emptied(phone.get("/me")) == EMPTY


def test_a_new_password_elsewhere_empties_this_browser_too(marit, new_phone):
    second = new_phone(marit)
    second.signs_in()
    second.post("/settings/password", {"current": PASSWORD, "password": "vier andere woorden nu"})
    assert [emptied(marit.get("/me")), emptied(second.get("/me"))] == [EMPTY, None]


def test_signing_in_again_in_this_browser_empties_nothing(marit, app, new_phone):
    with marit.client.session_transaction() as kept:
        before = kept["_user_id"]
    marit.signs_in()
    with marit.client.session_transaction() as kept:
        kept["_user_id"] = before  # an answer that was under way meanwhile
    assert emptied(marit.get("/me")) is None
