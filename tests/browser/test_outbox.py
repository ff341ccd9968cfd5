"""What is written is on the device within a second, says where it is, and arrives exactly once."""

import json
import uuid

import brotli
import pytest

from diary.made import ahead
from tests import houses
from tests.browser import phones
from tests.browser.phones import answer_lost, answers

CANARIES = ["appelboom", "perenboom", "Fenna"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with houses.serving(houses.build(tmp_path_factory.mktemp("home"))) as house:
        yield house


@pytest.fixture
def marit(chromium, house):
    """Another Marit for each test, without a service worker: with one it is tried in test_offline."""
    one = phones.phone(chromium, house)
    one.name = f"Marit-{uuid.uuid4().hex[:12]}"
    one.visitor.moves_in(one.name, "Fenna", to="")
    one.email = one.visitor.email
    one.entries = lambda: house.entries(one.name)
    yield one
    one.context.close()


KINDS = ["incident", "contact", "checkin", "weekcheck"]


def writes(one, text: str = "appelboom", kind: str = "incident") -> None:
    """Fills in a form that is open and saves it, as far as that goes now."""
    if kind == "incident":
        one.visitor.chooses("Limit iemand of iets kwam in gevaar")
        one.visitor.types("In je eigen woorden", text)
    elif kind == "contact":
        one.visitor.chooses("Gelachen")
        one.visitor.open("Iets erbij schrijven")
        one.visitor.types("In je eigen woorden", text)
    elif kind == "checkin":
        one.visitor.chooses("weinig")
        one.visitor.types("Eén ding dat goed ging", text)
    elif kind == "weekcheck":
        one.visitor.chooses("soms")
        one.visitor.types("Wat viel je op?", text)
    one.visitor.taps_on("Bewaar")


def body(one, n: int = -1) -> str:
    """The words of an entry, opened by its own page."""
    one.opens(f"/entries/{one.entries()[n]['uid']}")
    return one.page.locator("main").inner_text()


# -- with a connection it feels as without us


def test_saving_goes_where_the_server_would_have_gone(marit):
    for many, kind in enumerate(KINDS, start=1):
        marit.opens(f"/entries/new?kind={kind}")
        writes(marit, kind=kind)
        marit.page.wait_for_url(f"**/today#{marit.entries()[-1]['uid']}")
        assert marit.page.get_by_role("status").inner_text() == "Bewaard."
        assert "appelboom" in marit.page.locator(f"[id='{marit.entries()[-1]['uid']}']").inner_text()
        assert (kind, marit.asks_for("/sync")) == (kind, many)


def test_a_moment_of_another_day_is_shown_on_its_day(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.open("Net gebeurd, of eerder?")
    marit.visitor.chooses("gisteren overdag")
    writes(marit)
    kept = marit.entries()[0]
    marit.page.wait_for_url(f"**/days/{kept['day']}#{kept['uid']}")
    assert (kept["about"], marit.page.get_by_role("status").inner_text()) == ("afternoon", "Bewaard.")


def test_an_edit_goes_to_its_entry_and_leaves_the_moment_as_vague_as_it_was(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.open("Net gebeurd, of eerder?")
    marit.visitor.chooses("gisteravond")
    writes(marit)
    first = marit.entries()[0]
    marit.opens(f"/entries/{first['uid']}/edit")
    writes(marit, "perenboom")
    marit.page.wait_for_url(f"**/entries/{first['uid']}")
    then = marit.entries()[0]
    assert (then["version"], then["about"], then["happened_at"]) == (2, "evening", first["happened_at"])


def test_an_edit_on_top_of_another_text_keeps_both_and_says_so(marit):
    marit.opens("/entries/new?kind=incident")
    writes(marit)
    uid = marit.entries()[0]["uid"]
    marit.opens(f"/entries/{uid}/edit")
    slow = marit.page
    marit.new_tab(f"/entries/{uid}/edit")
    writes(marit, "perenboom")
    marit.visitor.page = slow
    slow.get_by_label("In je eigen woorden").fill("kersenboom")
    marit.visitor.taps_on("Bewaar")
    slow.wait_for_url(lambda url: "/edit" not in url)
    assert "Beide zijn bewaard" in slow.get_by_role("status").inner_text()
    assert slow.url.endswith(marit.entries()[1]["uid"])
    assert ["perenboom" in body(marit, 0), "kersenboom" in body(marit, 1)] == [True, True]


def test_a_krabbel_stays_two_taps(marit):
    marit.opens()
    marit.visitor.taps = 0
    marit.visitor.taps_on("Noteer", "link")
    marit.visitor.taps_on("Routine", exact=False)
    assert marit.page.get_by_role("status").inner_text() == "Bewaard."
    assert (marit.visitor.taps, [row["stub"] for row in marit.entries()]) == (2, [1])


# -- without a connection


def test_written_without_a_connection_it_arrives_once_after_the_tab_was_killed(marit):
    for many, kind in enumerate(KINDS):
        marit.opens(f"/entries/new?kind={kind}")
        marit.cut()
        writes(marit, kind=kind)
        (card,) = marit.waiting()
        assert ("appelboom" in card, "op dit toestel" in card) == (True, True)
        marit.loses_its_tab()
        assert len(marit.entries()) == many
        marit.mend()
        marit.new_tab()
        marit.sent()
        marit.opens()
        assert [row["kind"] for row in marit.entries()] == KINDS[: many + 1]
        assert marit.page.locator(f"[id='{marit.entries()[-1]['uid']}']").count() == 1
    assert "appelboom" in body(marit)


def test_a_krabbel_without_a_connection_arrives_once(marit):
    marit.opens("/timeline")
    marit.cut()
    marit.visitor.taps_on("Noteer", "link")
    marit.visitor.taps_on("Limit", exact=False)
    assert "Krabbel" in marit.waiting()[0]
    marit.visitor.taps_on("Noteer", "link")
    marit.visitor.taps_on("Routine", exact=False)
    marit.page.wait_for_function("() => document.querySelectorAll('#pending-place .entry').length === 2")
    marit.mend()
    marit.page.evaluate("dispatchEvent(new Event('online'))")
    marit.sent()
    assert sorted(row["area"] for row in marit.entries()) == ["limit", "routine"]


COUNT = """() => {
    const real = IDBDatabase.prototype.transaction;
    let many = 0;
    IDBDatabase.prototype.transaction = function (...how) {
        many += 1;
        return real.apply(this, how);
    };
    document.addEventListener("submit", () => (many = 0), true);
    window.until = new Promise((seen) => new MutationObserver(() => {
        if (document.querySelector(".entry--waiting")) seen(many);
    }).observe(document, {childList: true, subtree: true}));
}"""


def test_the_card_waits_for_nothing_but_the_text_to_be_on_the_disk(marit):
    """For the key, and for the text itself; on a slow phone each time the disk is asked is seen."""
    marit.opens("/entries/new?kind=incident")
    marit.page.wait_for_timeout(500)
    marit.cut()
    marit.page.evaluate(COUNT)
    writes(marit)
    assert marit.page.evaluate("window.until") <= 2
    assert marit.page.evaluate(phones.UNSENT) == 1


def test_a_card_tells_when_it_was_saved(marit):
    marit.opens("/entries/new?kind=contact")
    marit.cut()
    writes(marit, kind="contact")
    assert "op dit toestel" in marit.waiting()[0]
    marit.mend()
    marit.page.evaluate("dispatchEvent(new Event('online'))")
    marit.page.get_by_text("opgeslagen").wait_for()
    marit.page.locator("#pending-place .entry a").click()
    marit.page.wait_for_url(f"**/entries/{marit.entries()[0]['uid']}")


@pytest.mark.parametrize("many", [1, 2])
def test_a_form_that_lay_on_the_phone_knows_the_diary_and_the_children(marit, many):
    marit.opens()
    if many == 2:
        marit.opens("/family/children/new")
        marit.page.get_by_label("Voornaam of bijnaam").fill("Bram")
        marit.page.locator("main form button").last.click()
        marit.page.wait_for_url("**/family")
    marit.page.evaluate("new Promise((done) => { indexedDB.deleteDatabase('nabij').onsuccess = done; })")
    marit.opens("/timeline")  # here it learns who they are
    marit.page.wait_for_timeout(400)
    marit.opens("/offline/nl/contact")
    marit.cut()
    if many == 2:
        marit.visitor.chooses("Bram")
    writes(marit, kind="contact")
    assert "appelboom" in marit.waiting()[0]
    marit.mend()
    marit.opens("/offline/nl/today")
    marit.page.wait_for_url(f"{marit.address}/today")  # by itself, once all is sent
    (kept,) = marit.entries()
    assert kept["child"] is not None
    assert marit.page.get_by_role("heading", name="Gelachen").count() == 1


# -- answers that are none

FAULTS = {
    "401": answers(401),
    "403": answers(403),
    "413": answers(413),
    "429": answers(429, **{"retry-after": "30"}),
    "500": answers(500),
    "502": answers(502, "<h1>Bad Gateway</h1>"),
    "torn": phones.torn,
    "a portal": phones.a_portal,
    "never arrives": phones.never_arrives,
    "answer lost": answer_lost,
}


@pytest.mark.parametrize("path", ["/sync", "/me"])
def test_whatever_the_answer_it_is_kept_and_sent_once_later(marit, path):
    for many, fault in enumerate(FAULTS):
        marit.opens("/entries/new?kind=incident")
        marit.spoil(FAULTS[fault], path)
        before = len(marit.asked)
        writes(marit, f"appelboom {fault}")
        assert (fault, "op dit toestel" in marit.waiting()[0]) == (fault, True)
        assert len([1 for _, asked in marit.asked[before:] if asked in ("/me", "/sync")]) <= 4
        kept = (path, fault) == ("/sync", "answer lost")  # of /me it is one that never arrives
        assert (fault, len(marit.entries())) == (fault, many + kept)
        marit.heal(path)
        marit.loses_its_tab()
        marit.new_tab()
        marit.sent()
        assert (fault, len(marit.entries())) == (fault, many + 1)
        assert f"appelboom {fault}" in body(marit)


def test_a_server_in_trouble_is_left_in_peace(marit):
    marit.page.clock.install()
    marit.opens("/entries/new?kind=incident")
    marit.spoil(answers(500))
    writes(marit)
    marit.waiting()
    marit.asked.clear()
    for _ in range(20):  # ten minutes
        marit.page.clock.run_for(30_000)
        marit.page.evaluate("dispatchEvent(new Event('online'))")
        marit.page.wait_for_timeout(30)
    assert 1 <= marit.asks_for("/sync") <= 8
    assert marit.asks_for("/me") <= 8


def test_a_lost_line_is_tried_twice_a_minute_and_no_more(marit):
    marit.page.clock.install()
    marit.opens("/entries/new?kind=incident")
    marit.spoil(phones.never_arrives, "/me")
    writes(marit)
    marit.waiting()
    marit.asked.clear()
    for _ in range(10):
        marit.page.clock.run_for(30_000)
        marit.page.wait_for_timeout(30)
    assert 4 <= marit.asks_for("/me") <= 12


def test_one_that_fails_does_not_hold_up_the_others(marit):
    marit.opens()
    marit.cut()
    for area in ("Limit", "Routine", "Anchorpoint"):
        marit.visitor.taps_on("Noteer", "link")
        marit.visitor.taps_on(area, exact=False)
    marit.page.wait_for_function("() => document.querySelectorAll('#pending-place .entry').length === 3")
    marit.mend()

    def choke(route) -> None:
        if '"area":"limit"' in route.request.post_data:
            return route.fulfill(status=500, body="{}")
        return route.continue_()

    marit.spoil(choke)
    marit.page.clock.install()
    marit.opens()
    for _ in range(30):
        marit.page.clock.run_for(60_000)
        marit.page.wait_for_timeout(100)
        if len(marit.entries()) == 2:
            break
    assert sorted(row["area"] for row in marit.entries()) == ["anchorpoint", "routine"]
    marit.heal()
    marit.opens()
    marit.sent()
    assert len(marit.entries()) == 3


def test_after_a_session_ran_out_it_is_sent_at_the_next_sign_in(marit, house):
    marit.opens("/entries/new?kind=incident")
    house.change(
        "update sessions set seen_at = '2020-01-01T00:00:00.000Z' where account ="
        " (select id from accounts where name = :name)",
        name=marit.name,
    )
    writes(marit)
    assert "op dit toestel" in marit.waiting()[0]
    assert marit.entries() == []
    marit.signs_in(marit.email)
    marit.sent()
    assert len(marit.entries()) == 1


# -- one device, several tabs and people


def test_two_tabs_send_once(marit):
    marit.opens("/entries/new?kind=incident")
    marit.cut()
    writes(marit)
    marit.waiting()
    other = marit.context.new_page()
    marit.mend()
    marit.asked.clear()
    marit.context.new_page().goto(marit.address + "/today", wait_until="commit")
    other.goto(marit.address + "/today", wait_until="commit")
    marit.page.evaluate("dispatchEvent(new Event('online'))")
    marit.sent()
    marit.page.wait_for_timeout(300)
    assert (marit.asks_for("/sync"), len(marit.entries())) == (1, 1)


def test_who_signs_in_next_neither_sends_nor_sees_what_another_wrote(marit, house):
    marit.opens("/entries/new?kind=incident")
    marit.spoil(answers(500))
    writes(marit)
    marit.waiting()
    marit.heal()
    page = marit.page
    house.change(
        "update sessions set ended_at = '2026-01-01T00:00:00.000Z', device = x'' where account ="
        " (select id from accounts where name = :name)",
        name=marit.name,
    )
    marit.context.clear_cookies()
    marit.visitor.moves_in("Joost", "Bram")
    page.wait_for_timeout(500)
    assert "appelboom" not in page.content()
    marit.opens("/entries/new?kind=incident")
    writes(marit, "perenboom")
    page.wait_for_url("**/today#*")
    assert (len(house.entries("Joost")), marit.entries()) == (1, [])
    marit.context.clear_cookies()
    marit.signs_in(marit.email)
    marit.sent()
    assert (len(house.entries("Joost")), len(marit.entries())) == (1, 1)


# -- typing


def test_typing_survives_a_killed_tab_within_a_second(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.chooses("Routine opstaan, eten, wassen, de dag, slapen")
    marit.visitor.chooses("Eten")
    marit.page.get_by_label("In je eigen woorden").press_sequentially("appelboom en perenboom", delay=5)
    marit.visitor.open("Hoe was je kind?")
    marit.visitor.chooses("bang", "checkbox")
    marit.page.wait_for_timeout(1000)
    marit.loses_its_tab()
    marit.new_tab("/entries/new?kind=incident")
    marit.page.get_by_text("Dit typte je eerder").wait_for()
    assert marit.page.get_by_label("In je eigen woorden").input_value() == "appelboom en perenboom"
    assert marit.page.get_by_role("radio", name="Eten", exact=True).is_checked()
    assert marit.page.get_by_role("checkbox", name="bang").is_checked()
    marit.visitor.taps_on("Bewaar")
    marit.page.wait_for_url("**/today#*")
    assert [row["situation"] for row in marit.entries()] == ["eating"]
    marit.opens("/entries/new?kind=incident")
    marit.page.wait_for_timeout(500)
    assert marit.page.get_by_label("In je eigen woorden").input_value() == ""


def test_what_was_typed_before_can_be_put_aside(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.types("In je eigen woorden", "appelboom")
    marit.page.wait_for_timeout(800)
    marit.opens("/entries/new?kind=incident")
    marit.page.get_by_role("button", name="Begin leeg").click()
    marit.page.wait_for_timeout(800)
    assert marit.page.get_by_label("In je eigen woorden").input_value() == ""
    assert marit.page.get_by_text("Dit typte je eerder").count() == 0


# -- what the server refuses


def test_a_refused_text_says_why_at_its_field_and_can_be_mended(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.types("In je eigen woorden", "appelboom")
    marit.visitor.taps_on("Bewaar")  # no area
    wrong = marit.page.locator(".areas .wrong")
    wrong.wait_for()
    assert "Kies Limit, Routine of Anchorpoint" in wrong.inner_text()
    assert marit.page.get_by_label("In je eigen woorden").input_value() == "appelboom"
    marit.visitor.chooses("Limit iemand of iets kwam in gevaar")
    marit.visitor.taps_on("Bewaar")
    marit.page.wait_for_url("**/today#*")
    assert len(marit.entries()) == 1
    assert marit.page.locator("#pending-place .entry").count() == 0


def test_what_was_refused_later_is_opened_again_from_its_card(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.types("In je eigen woorden", "appelboom")
    marit.cut()
    marit.visitor.taps_on("Bewaar")
    marit.waiting()
    marit.mend()
    marit.loses_its_tab()
    marit.new_tab()
    marit.page.get_by_text("niet geaccepteerd").wait_for()
    assert "Kies Limit, Routine of Anchorpoint" in marit.waiting()[0]
    marit.page.get_by_role("link", name="Pas aan").click()
    marit.page.wait_for_url("**/entries/new?kind=incident&mend=*")
    marit.page.locator(".areas .wrong").wait_for()
    assert marit.page.get_by_label("In je eigen woorden").input_value() == "appelboom"
    marit.visitor.chooses("Limit iemand of iets kwam in gevaar")
    marit.visitor.taps_on("Bewaar")
    marit.page.wait_for_url("**/today#*")
    marit.sent()
    assert "appelboom" in body(marit)


def test_an_edit_of_what_was_deleted_meanwhile_can_be_kept_as_a_new_one(marit):
    marit.opens("/entries/new?kind=incident")
    writes(marit)
    uid = marit.entries()[0]["uid"]
    marit.opens(f"/entries/{uid}/edit")
    marit.visitor.types("In je eigen woorden", "perenboom")
    other = marit.context.new_page()
    other.goto(f"{marit.address}/entries/{uid}")
    other.get_by_role("button", name="Verwijder").click()
    other.wait_for_url("**/deleted**")
    marit.visitor.taps_on("Bewaar")
    marit.page.locator(".told--wrong").get_by_text("Deze tekst is verwijderd").wait_for()
    marit.visitor.types("In je eigen woorden", "perenboom, beter gezegd")
    marit.page.wait_for_timeout(700)
    marit.opens()
    marit.page.get_by_role("link", name="Pas aan").click()
    marit.page.wait_for_url("**/entries/new?kind=incident&mend=*")
    marit.page.locator(".told--wrong").get_by_text("Deze tekst is verwijderd").wait_for()
    marit.visitor.taps_on("Bewaar")
    marit.page.wait_for_url("**/today#*")
    first, second = marit.entries()
    assert (bool(first["deleted_at"]), second["deleted_at"]) == (True, None)
    assert "perenboom, beter gezegd" in body(marit)


def refused_later(one, text: str = "appelboom") -> None:
    """Written without a connection, and without an area: the server refused it when it came."""
    one.opens("/entries/new?kind=incident")
    one.visitor.types("In je eigen woorden", text)
    one.cut()
    one.visitor.taps_on("Bewaar")
    one.waiting()
    one.mend()
    one.opens()
    one.page.get_by_text("niet geaccepteerd").first.wait_for()


def note(one) -> str:
    return one.page.get_by_label("In je eigen woorden", exact=True).input_value()


def test_mending_one_text_leaves_what_was_being_typed_in_another(marit):
    refused_later(marit)
    marit.opens("/entries/new?kind=incident")
    marit.visitor.types("In je eigen woorden", "perenboom")
    marit.page.wait_for_timeout(700)
    marit.opens()
    marit.page.get_by_role("link", name="Pas aan").click()
    marit.page.locator(".areas .wrong").wait_for()
    assert note(marit) == "appelboom"
    marit.visitor.types("In je eigen woorden", "appelboom, beter gezegd")
    marit.page.wait_for_timeout(700)
    marit.page.reload()
    marit.page.locator(".areas .wrong").wait_for()
    assert note(marit) == "appelboom, beter gezegd"
    marit.opens("/entries/new?kind=incident")
    marit.page.get_by_text("Dit typte je eerder").wait_for()
    assert note(marit) == "perenboom"
    marit.opens()
    marit.page.get_by_role("link", name="Pas aan").click()
    marit.page.locator(".areas .wrong").wait_for()
    marit.visitor.chooses("Limit iemand of iets kwam in gevaar")
    marit.visitor.taps_on("Bewaar")
    marit.page.wait_for_url("**/today#*")
    marit.sent()
    assert (len(marit.entries()), "beter gezegd" in body(marit)) == (1, True)
    marit.opens("/entries/new?kind=incident")
    marit.page.get_by_text("Dit typte je eerder").wait_for()
    assert note(marit) == "perenboom"


def test_what_was_refused_can_be_thrown_away_and_its_card_asks_first(marit):
    refused_later(marit, "appelboom")
    refused_later(marit, "perenboom")
    card = marit.page.locator("#pending-place .entry", has_text="appelboom")
    assert card.get_by_role("button", name="Ja, gooi weg").is_hidden()
    card.get_by_text("Gooi weg", exact=True).click()
    card.get_by_role("button", name="Ja, gooi weg").click()
    card.wait_for(state="detached")
    marit.opens()
    assert ["perenboom" in text for text in marit.waiting()] == [True]
    assert marit.page.evaluate(phones.UNSENT) == 1


def test_a_card_that_was_opened_stays_open_while_the_phone_looks_again(marit):
    refused_later(marit, "appelboom")
    card = marit.page.locator("#pending-place .entry", has_text="appelboom")
    card.get_by_text("Gooi weg", exact=True).click()
    button = card.get_by_role("button", name="Ja, gooi weg")
    button.focus()
    marit.page.evaluate("dispatchEvent(new Event('online'))")
    marit.page.wait_for_timeout(400)  # for what must not happen
    assert button.is_visible()
    assert button.evaluate("button => button === document.activeElement")


def test_a_text_refused_on_another_page_opens_for_its_writer_only(marit):
    refused_later(marit)
    link = marit.page.get_by_role("link", name="Pas aan").get_attribute("href")
    marit.context.clear_cookies()
    marit.visitor.moves_in("Joost", "Bram")
    marit.opens(link)
    marit.page.wait_for_timeout(500)
    assert note(marit) == ""


def test_text_shared_into_a_form_stands_below_what_was_typed_there(marit):
    marit.opens("/entries/new?kind=incident")
    marit.visitor.types("In je eigen woorden", "appelboom")
    marit.page.wait_for_timeout(700)
    for _ in range(2):  # and once, however often the page is opened
        marit.opens("/entries/new?note=perenboom")
        marit.page.get_by_text("Dit typte je eerder").wait_for()
        assert note(marit) == "appelboom\n\nperenboom"
        marit.page.get_by_label("In je eigen woorden", exact=True).press("End")
        marit.page.get_by_label("In je eigen woorden", exact=True).press(" ")
        marit.page.get_by_label("In je eigen woorden", exact=True).press("Backspace")
        marit.page.wait_for_timeout(700)


# -- when the device keeps nothing

BROKEN = {
    "no indexedDB": "Object.defineProperty(globalThis, 'indexedDB', {value: undefined})",
    "private mode": "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }",
    "server lost": "IDBDatabase.prototype.transaction = () => { throw new DOMException("
    "'Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError'); }",
    "disk full": "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "it hangs": "indexedDB.open = () => ({})",
    "no crypto": "Object.defineProperty(crypto, 'subtle', {value: undefined})",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_where_nothing_can_be_kept_the_form_goes_as_without_scripts(marit, broken):
    marit.context.add_init_script(BROKEN[broken])
    marit.opens("/entries/new?kind=incident")
    writes(marit)
    marit.page.wait_for_url("**/today#*")
    assert len(marit.entries()) == 1
    assert "appelboom" in body(marit)


def test_where_nothing_can_be_kept_nor_sent_the_text_stays_on_the_screen(marit):
    marit.context.add_init_script(BROKEN["disk full"])
    marit.opens("/entries/new?kind=incident")
    marit.cut()
    writes(marit)
    marit.page.get_by_text("Laat deze pagina open").wait_for()
    assert marit.page.get_by_label("In je eigen woorden").input_value() == "appelboom"
    marit.mend()
    marit.visitor.taps_on("Bewaar")
    marit.page.wait_for_url("**/today#*")
    assert len(marit.entries()) == 1


# -- what can be read here, and signing out


def leaves_a_trace(one) -> list[str]:
    kept = one.dump() + one.page.content()
    return [word for word in [*CANARIES, one.email, one.name] if word in kept]


def unsent_and_typing(one) -> None:
    one.opens("/entries/new?kind=contact")
    one.visitor.open("Iets erbij schrijven")
    one.visitor.types("In je eigen woorden", "perenboom")
    one.page.wait_for_timeout(600)
    one.opens("/entries/new?kind=incident")
    one.spoil(answers(500))
    writes(one)
    one.waiting()


def test_nothing_that_waits_here_can_be_read(marit):
    unsent_and_typing(marit)
    kept = marit.dump()
    assert "key, extractable: false" in kept
    assert [word for word in [*CANARIES, marit.email, marit.name] if word in kept] == []


def test_signing_out_with_something_unsent_asks_first(marit):
    unsent_and_typing(marit)
    marit.opens("/settings")
    marit.page.get_by_role("button", name="Log hier uit").click()
    marit.page.get_by_role("dialog").get_by_text("Dit staat nog niet in je dagboek").wait_for()
    with marit.page.expect_download() as saved:
        marit.page.get_by_role("button", name="Bewaar het als bestand").click()
    with open(saved.value.path()) as file:
        text = file.read()
    assert ["appelboom" in text, "perenboom" in text] == [True, True]
    marit.page.get_by_role("button", name="Blijf ingelogd").click()
    assert marit.page.get_by_role("dialog").count() == 0
    marit.opens()
    assert "op dit toestel" in marit.waiting()[0]


def test_what_is_unsent_can_be_sent_while_signing_out(marit):
    marit.opens("/entries/new?kind=incident")
    marit.spoil(answers(500))
    writes(marit)
    marit.waiting()
    marit.opens("/settings")
    marit.page.get_by_role("button", name="Log hier uit").click()
    marit.page.get_by_role("button", name="Verstuur het nu en log uit").click()
    marit.page.get_by_text("Nog niet alles is verstuurd").wait_for()
    marit.heal()
    marit.page.get_by_role("button", name="Verstuur het nu en log uit").click()
    marit.page.wait_for_url(marit.address + "/")
    assert len(marit.entries()) == 1
    assert leaves_a_trace(marit) == []


def test_signing_out_leaves_nothing_behind(marit):
    unsent_and_typing(marit)
    marit.opens("/settings")
    marit.page.get_by_role("button", name="Log hier uit").click()
    marit.page.get_by_role("button", name="Log toch uit").click()
    marit.page.wait_for_url(marit.address + "/")
    assert leaves_a_trace(marit) == []
    marit.opens("/today")
    assert "/login" in marit.page.url


def test_signing_out_of_a_session_that_ran_out_leaves_nothing_behind(marit, house):
    unsent_and_typing(marit)
    marit.opens("/settings")
    house.change(
        "update sessions set seen_at = '2020-01-01T00:00:00.000Z' where account ="
        " (select id from accounts where name = :name)",
        name=marit.name,
    )
    marit.page.get_by_role("button", name="Log hier uit").click()
    marit.page.get_by_role("button", name="Log toch uit").click()
    marit.page.wait_for_url(marit.address + "/")
    assert leaves_a_trace(marit) == []


def test_signing_out_without_a_connection_leaves_nothing_behind_and_is_told_later(marit, house):
    unsent_and_typing(marit)
    marit.opens("/settings")
    marit.cut()
    marit.page.get_by_role("button", name="Log hier uit").click()
    marit.page.get_by_role("button", name="Log toch uit").click()
    marit.page.get_by_text("Je bent uitgelogd").wait_for()
    assert leaves_a_trace(marit) == []
    marit.loses_its_tab()
    marit.mend()
    marit.new_tab("/help")
    marit.page.wait_for_url(marit.address + "/")
    assert leaves_a_trace(marit) == []
    assert marit.opens("/today").url.partition("?")[0].endswith("/login")


def ends_elsewhere(house, name: str) -> None:
    house.change(
        "update sessions set ended_at = '2026-01-01T00:00:00.000Z', device = x'' where account ="
        " (select id from accounts where name = :name)",
        name=name,
    )


def kept(one) -> list[int]:
    """How many rows each store holds here."""
    one.page.wait_for_timeout(400)
    boxes = json.loads(one.dump())["boxes"]
    return [len(boxes.get(f"nabij/{store}", [])) for store in ("me", "outbox", "drafts")]


@pytest.mark.parametrize("path", ["/today", "/login", "/help", None])
def test_a_session_that_was_ended_elsewhere_wipes_at_the_next_contact(marit, house, path):
    unsent_and_typing(marit)
    marit.heal()
    assert kept(marit) == [1, 1, 1]
    ends_elsewhere(house, marit.name)
    if path:
        marit.opens(path)
    else:
        marit.page.evaluate("fetch('/me').then(() => true)")  # as another tab would
        marit.opens("/reading")
    assert kept(marit) == [0, 0, 0]
    assert [word for word in [*CANARIES, marit.email] if word in marit.dump()] == []
    assert marit.entries() == []


def test_what_another_has_waiting_here_stays_when_ones_session_is_ended_elsewhere(marit, house):
    unsent_and_typing(marit)
    mine = marit.page
    house.change(
        "update sessions set seen_at = '2020-01-01T00:00:00.000Z' where account ="
        " (select id from accounts where name = :name)",
        name=marit.name,
    )
    joost = f"Joost-{uuid.uuid4().hex[:12]}"
    marit.new_tab(None)
    marit.visitor.moves_in(joost, "Bram")
    unsent_and_typing(marit)
    assert kept(marit) == [1, 2, 2]
    ends_elsewhere(house, joost)
    mine.evaluate("dispatchEvent(new Event('online'))")  # a page of Marit hears of it first
    marit.opens("/today")
    assert kept(marit) == [0, 1, 1]
    marit.heal()
    marit.signs_in(marit.email)
    marit.sent()
    assert (len(marit.entries()), len(house.entries(joost))) == (1, 0)
    marit.opens("/entries/new?kind=contact")
    marit.page.get_by_text("Dit typte je eerder").wait_for()
    assert note(marit) == "perenboom"


# -- what it weighs


def test_all_scripts_together_weigh_at_most_20_kilobytes(tmp_path):
    made = ahead(tmp_path).static.rglob("*.js")
    weights = {path.name: len(brotli.compress(path.read_bytes())) for path in made}
    assert sum(weights.values()) <= 20_000, weights
