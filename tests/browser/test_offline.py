"""Without a connection: what opens, what this device keeps, and how a new version comes in."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from diary import create_app, made
from diary.config import Settings
from diary.offline import PAGES
from diary.shell import NO_WORKER
from tests import houses
from tests.browser.conftest import Visitor, browse
from tests.houses import House


@pytest.fixture
def parent(opens):
    """Signed in, with the worker at work."""
    visitor = opens(service_workers="allow")
    visitor.moves_in("Marit")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return visitor


@pytest.fixture
def away(parent):
    """The same phone later: the app closed, and no connection when it is opened again."""
    context = parent.page.context
    parent.page.close()
    context.set_offline(True)
    parent.page = context.new_page()
    return parent


def test_a_cold_start_opens_a_page_to_write_on(away):
    away.goes("/today")
    assert away.reads("Schrijven kan gewoon.")
    away.taps_on("Noteer", "link")
    assert away.page.get_by_role("button", name="Limit").first.is_visible()


def test_any_other_page_gives_way_to_it(away):
    for path in ("/", "/timeline?q=beer", "/settings", "/family", "/days/2026-11-20", "/entries/new"):
        away.goes(path)
        assert away.reads("Schrijven kan gewoon.")
        assert away.page.url == away.address + path


FORMS = {
    "/entries/new?kind=incident&area=limit": ("Voorval", "Limit iemand of iets kwam in gevaar"),
    "/entries/new?kind=contact&what=laughed": ("Een fijn moment", "Gelachen"),
    "/entries/new?kind=checkin": ("Hoe was jouw dag?", None),
    "/entries/new?kind=weekcheck": ("Hoe was jullie week?", None),
}


def test_the_form_of_each_kind_opens_with_what_was_asked(away):
    for path, (heading, chosen) in FORMS.items():
        away.goes(path)
        assert away.page.get_by_role("heading", name=heading).is_visible()
        assert away.page.get_by_role("button", name="Bewaar").is_visible()
        assert chosen is None or away.page.get_by_role("radio", name=chosen).is_checked()
        fields = away.page.locator("form.form").evaluate("form => Object.fromEntries(new FormData(form))")
        assert len(fields["uid"]) == 36
        assert fields["opened_at"].endswith("Z")


def test_a_notification_of_yesterday_leads_to_the_dagcheck_of_yesterday(away):
    away.page.clock.install(time="2026-11-20T07:30:00")
    away.goes("/reminders/2026-11-19")
    assert away.reads("Schrijven kan gewoon.")
    away.page.get_by_role("link", name="Hoe was jouw dag?").click()
    assert away.page.get_by_label("Dag en tijd").input_value() == "2026-11-19T20:00"
    assert away.page.get_by_label("Dag en tijd").is_visible()
    away.goes("/reminders/2026-11-20")
    away.page.get_by_role("link", name="Hoe was jouw dag?").click()
    assert away.page.locator("[name=happened_at]").input_value() == ""


def test_only_the_parts_of_the_day_that_were_can_be_chosen(away):
    away.page.clock.install(time="2026-11-20T09:30:00")
    away.goes("/entries/new?kind=incident")
    offered = away.page.locator("[name=when]").evaluate_all("all => all.map((one) => one.value)")
    assert offered == ["now", "morning", "last_evening", "yesterday", "time"]


def test_text_shared_from_another_app_stands_in_an_incident(away):
    away.goes("/entries/new?note=De%20beer%20vloog")
    assert away.page.get_by_label("In je eigen woorden").input_value() == "De beer vloog"


SHARE = """(note) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: "/entries/new"});
    form.append(Object.assign(document.createElement("input"), {name: "note", value: note}));
    document.body.append(form);
    form.submit();
}"""


@pytest.mark.parametrize("connected", [True, False])
def test_text_shared_from_another_app_stands_in_an_incident_and_in_no_address(parent, connected):
    page = parent.page
    parent.goes("/today")
    page.context.set_offline(not connected)
    page.evaluate(SHARE, 'De "beer" <vloog> & $& viel')
    page.wait_for_url("**/entries/new")
    assert page.get_by_label("In je eigen woorden").input_value() == 'De "beer" <vloog> & $& viel'
    assert page.get_by_role("heading", name="Voorval").is_visible()
    page.context.set_offline(False)
    parent.chooses("Limit iemand of iets kwam in gevaar")
    parent.taps_on("Bewaar")
    page.locator(".entry__note", has_text="<vloog>").first.wait_for()


def test_a_question_typed_when_the_connection_is_gone_is_answered_here(parent):
    page = parent.page
    parent.goes("/asso")
    page.context.set_offline(True)
    page.get_by_role("searchbox").fill("gooit met speelgoed als het bedtijd is")
    page.get_by_role("searchbox").press("Enter")
    assert parent.reads("Dit lijkt te gaan over: gooien of kapotmaken")
    page.get_by_role("link", name="ASSO", exact=True).click()
    page.wait_for_function("() => document.querySelector('#helper [type=search]')?.value === ''")


def test_no_page_comes_by_before_the_server_has_heard_that_someone_signed_out(parent):
    context = parent.page.context
    parent.page = context.new_page()  # this one may complain that there is no connection
    parent.goes("/settings")
    context.set_offline(True)
    parent.taps_on("Log hier uit")
    parent.page.get_by_text("Je bent uitgelogd").wait_for()
    parent.page.close()
    parent.page = context.new_page()
    parent.goes("/today")
    assert parent.reads("Schrijven kan gewoon.")
    context.set_offline(False)
    assert "/login" in parent.page.goto(parent.address + "/today").url


def test_a_form_sent_without_a_connection_says_so_and_keeps_what_was_typed(parent):
    page = parent.page
    parent.goes("/settings")
    page.context.set_offline(True)
    page.get_by_label("Je naam").fill('Marit "<b>" & co')
    page.get_by_role("button", name="Bewaar", exact=True).click()
    assert parent.reads("Dit is niet verstuurd")
    parent.taps_on("Stuur het nog een keer")
    assert parent.reads("Dit is niet verstuurd")
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) => {
            const cache = await caches.open(name);
            return Promise.all((await cache.keys()).map(async (asked) => (await cache.match(asked)).text()));
        }))).flat().join()"""
    )
    assert ("Dit is niet verstuurd" in kept, "& co" in kept) == (True, False)
    page.context.set_offline(False)
    parent.taps_on("Stuur het nog een keer")
    page.wait_for_url("**/settings")
    assert page.get_by_label("Je naam").input_value() == 'Marit "<b>" & co'


def test_a_password_stands_on_no_page_that_could_not_be_sent(parent):
    page = parent.page
    parent.goes("/settings")
    page.locator("summary", has_text="Ander wachtwoord").click()
    page.get_by_label("Wachtwoord van nu").fill("appelboom appelboom")
    page.get_by_label("Nieuw wachtwoord").fill("perenboom perenboom")
    page.context.set_offline(True)
    page.get_by_role("button", name="Bewaar dit wachtwoord").click()
    assert parent.reads("Dit is niet verstuurd")
    assert "boom" not in page.content()


def test_what_to_call_and_what_to_read_open(away):
    away.goes("/help")
    assert away.page.get_by_role("link", name="0800-2000").is_visible()
    away.goes("/reading")
    away.page.get_by_role("heading", name="Lezen").wait_for()
    away.goes("/asso")
    away.page.get_by_role("heading", name="Wat zeg ik?").wait_for()


def test_after_a_visit_to_every_page_this_device_keeps_nothing_of_anyone(parent):
    page = parent.page
    parent.goes("/entries/new?kind=incident")
    parent.chooses("Limit iemand of iets kwam in gevaar")
    parent.types("In je eigen woorden", "zilverstruik")
    parent.taps_on("Bewaar")
    page.wait_for_url("**/today**")
    for path in ("/timeline?q=struik", "/family", "/settings", "/asso?situation=hitting", "/deleted", "/me"):
        parent.goes(path)
    page.goto(parent.address + "/today")
    kept = page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const asked of await cache.keys()) {
                    found[new URL(asked.url).pathname] = await (await cache.match(asked)).text();
                }
            }
            return found;
        }"""
    )
    assert len(kept) > len(PAGES)
    assert [path for path in kept if not path.startswith(("/static/", "/offline/nl/"))] == []
    assert [path for path, text in kept.items() for word in ("zilverstruik", "Marit", "Sem ") if word in text] == []


def test_the_app_can_be_put_on_a_home_screen(parent):
    cdp = parent.page.context.new_cdp_session(parent.page)
    errors = cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []  # all tests are
    assert cdp.send("Page.getAppManifest")["errors"] == []


# -- the first visit, and the home screen


@pytest.mark.parametrize("path", ["/", "/login", "/today"])
def test_a_first_visit_is_light_and_the_worker_waits_until_it_is_over(opens, path):
    visitor = opens()
    visitor.moves_in("Marit")
    visitor.page.wait_for_load_state("networkidle")
    cdp = visitor.page.context.new_cdp_session(visitor.page)
    if path != "/today":
        visitor.page.context.clear_cookies()
    cdp.send("Network.clearBrowserCache")
    cdp.send("Network.enable")
    sizes = []
    cdp.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    visitor.goes(path)
    visitor.page.wait_for_timeout(300)
    assert len(sizes) <= 8
    assert sum(sizes) <= 60_000


IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


def test_an_iphone_is_told_how_to_install_after_the_third_entry_and_never_again_once_refused(opens):
    visitor = opens(user_agent=IPHONE)
    visitor.moves_in("Marit")
    card = visitor.page.get_by_role("heading", name="Zet Nabij op je beginscherm")
    seen = []
    for number in range(3):
        visitor.goes(f"/entries/new?kind=contact&what=talked&n={number}")
        visitor.taps_on("Bewaar")
        visitor.page.wait_for_url("**/today**")
        visitor.goes("/today")
        seen.append(card.is_visible())
    assert seen == [False, False, True]
    assert visitor.reads("Tik op Deel")
    assert visitor.reads("als je zeven dagen niet kijkt")
    visitor.taps_on("Nee, laat maar")
    visitor.goes("/today")
    assert not card.is_visible()


# -- a new version


@dataclass
class Practice:
    """A server of our own, on which another version can be put."""

    house: House
    version: Callable

    def deploys(self, number: int) -> None:
        self.house.app = self.version(number)

    def falls(self, answer: Callable) -> None:
        """From now on only the worker's own address is served as before."""
        app = self.house.app
        self.house.app = lambda environ, start: (app if environ["PATH_INFO"] == "/sw.js" else answer)(environ, start)


@pytest.fixture
def practice(tmp_path, monkeypatch):
    made_now = made._version

    def version(number: int):
        monkeypatch.setattr(made, "_version", lambda sources: f"{made_now(sources)[:11]}{number}")
        return create_app(Settings(home=tmp_path / "home"))

    with houses.serving(version(1)) as house:
        yield Practice(house, version)


@pytest.fixture
def visitor(chromium, practice):
    context = browse(chromium, service_workers="allow")
    visitor = Visitor(context.new_page(), practice.house)
    visitor.moves_in("Marit")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.goes("/entries/new?kind=incident")
    assert visitor.page.evaluate("!!navigator.serviceWorker.controller")
    yield visitor
    context.close()


def caches(page) -> list[str]:
    return page.evaluate("caches.keys()")


def waiting(page) -> bool | None:
    """Whether a newer worker waits; None without any worker."""
    return page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found ? !!found.waiting : null)")


def eventually(true: Callable[[], bool]) -> None:
    for _ in range(100):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to be")


UPDATE = "navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => true)"


def test_a_new_version_waits_for_a_form_and_loses_no_letter(visitor, practice):
    page = visitor.page
    visitor.types("In je eigen woorden", "Hij gooide de beer")
    practice.deploys(2)
    page.evaluate(UPDATE)
    page.locator("#fresh").wait_for()
    before = page.evaluate("performance.timeOrigin")
    visitor.taps_on("Ververs")
    page.get_by_text("Bewaar eerst wat je typte.").wait_for()
    assert page.get_by_label("In je eigen woorden").input_value() == "Hij gooide de beer"
    assert page.evaluate("performance.timeOrigin") == before
    assert waiting(page)
    visitor.chooses("Limit iemand of iets kwam in gevaar")
    visitor.taps_on("Bewaar")
    page.wait_for_url("**/today**")
    page.get_by_text("Hij gooide de beer").wait_for()


def test_a_page_with_nothing_to_lose_is_refreshed_when_its_reader_wants_it(visitor, practice):
    page = visitor.page
    practice.deploys(2)
    page.evaluate(UPDATE)
    page.locator("#fresh").wait_for()
    with page.expect_navigation():
        visitor.taps_on("Ververs")
    page.wait_for_load_state()
    assert page.locator("#fresh").is_hidden()
    assert page.locator("script").get_attribute("src").split("/")[2].endswith("2")
    assert waiting(page) is False


def test_a_new_page_lets_its_worker_in_without_a_word(visitor, practice):
    page = visitor.page
    before = caches(page)
    practice.deploys(2)
    visitor.goes("/today")
    eventually(lambda: len(caches(page)) > len(before) and waiting(page) is False)
    assert page.locator("#fresh").is_hidden()


def test_an_old_tab_goes_on_with_its_own_files_and_its_text(visitor, practice):
    old, page = visitor.page, visitor.page.context.new_page()
    visitor.types("In je eigen woorden", "Hij gooide de beer")
    practice.deploys(2)
    page.goto(practice.house.address + "/today")
    old.locator("#fresh").wait_for()
    src = old.locator("script").get_attribute("src")
    assert old.evaluate("src => fetch(src).then((answer) => answer.status)", src) == 200
    assert old.get_by_label("In je eigen woorden").input_value() == "Hij gooide de beer"


def test_one_file_takes_the_worker_off_this_phone_at_the_next_visit(visitor, tmp_path):
    page = visitor.page
    assert caches(page)
    (tmp_path / "home" / NO_WORKER).touch()
    visitor.goes("/today")
    eventually(lambda: (caches(page), waiting(page)) == ([], None))
    visitor.goes("/timeline")
    time.sleep(1)
    assert (caches(page), waiting(page)) == ([], None)


# -- a bad day at the practice


def test_a_server_that_is_away_is_a_connection_that_is_away(visitor, practice):
    practice.falls(_bad_gateway)
    visitor.goes("/timeline")
    assert visitor.reads("Schrijven kan gewoon.")


def test_nobody_waits_long_for_a_page(visitor, practice):
    practice.falls(_asleep)
    begun = time.monotonic()
    visitor.goes("/timeline")
    assert visitor.reads("Schrijven kan gewoon.")
    assert time.monotonic() - begun < 6


def _bad_gateway(environ, start):
    start("502 Bad Gateway", [("Content-Type", "text/plain")])
    return [b"Bad Gateway"]


def _asleep(environ, start):
    time.sleep(8)
    return _bad_gateway(environ, start)
