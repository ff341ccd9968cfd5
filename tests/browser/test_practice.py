"""The practice and a family's counsellor, as they meet in the browser: everyone can read and use these pages."""

import re
from collections.abc import Iterator

import pyotp
import pytest

from diary import clock
from diary.people import accounts, admissions, factors, practices
from tests import houses
from tests.browser.axes import faults
from tests.browser.conftest import PHONE
from tests.houses import House
from tests.persons import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    with houses.serving(houses.build(tmp_path), "localhost") as house:
        yield house


@pytest.fixture
def works(house, opens):
    """Makes who works there, and signs them in with both steps."""

    def make(name, role, **how):
        db, now = house.db, clock.now()
        email = f"{name.lower()}@praktijk.example.org"
        account = accounts.register(db, name, email, PASSWORD, "nl", now, role, practices.here(db, now)["id"])
        factors.keep_totp(db, house.app.config["VAULT"], account, SECRET, now)
        visitor = opens(**how)
        visitor.goes("/login")
        visitor.types("E-mailadres", email)
        visitor.types("Wachtwoord", PASSWORD)
        visitor.taps_on("Log in")
        visitor.page.wait_for_url(re.compile("/step"))
        visitor.types("Code uit je app", pyotp.TOTP(SECRET).now())
        visitor.taps_on("Verder")
        visitor.page.wait_for_url(re.compile("/counsellor|/practice"))
        return visitor

    return make


def path_in(visitor, pattern: str) -> str:
    return re.search(pattern, visitor.page.content()).group()


def test_axe_finds_nothing_from_the_invitation_to_the_yes(works, opens):
    how, found = {"bypass_csp": True}, {}
    petra, joke, marit = works("Petra", "admin", **how), works("Joke", "counsellor", **how), opens(**how)

    def looks(visitor, path=""):
        if path:
            visitor.goes(path)
        visitor.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found.update(faults(visitor.page, visitor.page.url, laptop=visitor is not marit))
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    looks(petra, "/practice")
    petra.types("E-mailadres", "els@praktijk.example.org")
    petra.taps_on("Maak de link")
    looks(petra)
    looks(petra, path_in(petra, r"/admission/[\w-]+"))

    for path in ("/counsellor", "/settings", "/step", "/settings/steps", "/settings/steps/app", "/counsellor/invite"):
        looks(joke, path)
    joke.taps_on("Maak een code")
    looks(joke)
    introduction = path_in(joke, r"/introductions/[\w-]+")

    marit.moves_in("Marit")
    looks(marit, "/step")
    looks(marit, introduction)
    marit.goes("/family")
    marit.taps_on("Begeleider uitnodigen")
    looks(marit)
    joke.goes(path_in(marit, r"/join/[\w-]+"))
    looks(joke)
    joke.taps_on("Ja, ik begeleid dit gezin")
    joke.page.wait_for_url("**/counsellor")
    looks(joke)
    looks(marit, "/today")
    marit.taps_on("Kijk en zeg ja", "link")
    looks(marit)
    marit.taps_on("Ja, laat toe")
    looks(marit, "/family")
    assert marit.reads("voor Sem")
    assert found == {}


def test_from_the_link_to_the_desk_in_one_sitting(house, opens):
    db, now = house.db, clock.now()
    token = admissions.invite(db, practices.here(db, now)["id"], "counsellor", "els@praktijk.example.org", now)
    els = opens()
    els.goes(f"/admission/{token}")
    els.types("Je naam", "Els")
    els.types("Wachtwoord", PASSWORD)
    els.taps_on("Verder")
    els.taps_on("Kies een app", "link")
    els.types("Code die je app nu toont", pyotp.TOTP(els.page.locator("input[name=secret]").input_value()).now())
    els.taps_on("Bewaar")
    assert els.reads("Bewaar deze codes op papier")
    els.taps_on("Ik heb ze bewaard", "link")
    els.page.wait_for_url("**/counsellor")


def test_a_desk_left_alone_is_covered_with_what_was_typed_beneath(works):
    joke = works("Joke", "counsellor")
    joke.page.clock.install()
    joke.goes("/settings")
    joke.types("Je naam", "Joke de Wit")
    joke.page.clock.fast_forward("14:30")
    assert not joke.page.get_by_role("dialog").is_visible()
    joke.page.clock.fast_forward("01:00")
    assert joke.reads("Even op slot")
    joke.page.keyboard.press("Escape")
    assert joke.page.get_by_role("dialog").is_visible()
    joke.taps_on("Ga verder")
    joke.page.get_by_role("dialog").wait_for(state="hidden")
    assert joke.page.get_by_label("Je naam").input_value() == "Joke de Wit"


def test_the_cover_stays_while_the_server_is_locked(house, works):
    joke = works("Joke", "counsellor")
    joke.page.clock.install()
    joke.goes("/settings")
    joke.page.clock.fast_forward("15:30")
    house.change("update sessions set proved_at = null")
    with joke.page.expect_response("**/me"):
        joke.taps_on("Ga verder")
    assert joke.page.get_by_role("dialog").is_visible()
