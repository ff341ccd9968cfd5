"""The diary served for real, and a real Chromium to use it with."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

from diary.asso import suggest
from tests import houses
from tests.houses import House
from tests.persons import PASSWORD, Person

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Browser:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, "these tests need Chromium; `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    app = houses.build(tmp_path_factory.mktemp("home"))
    suggest.recogniser(app.config["SHELF"].library("nl"))  # learnt before the first visitor, as where it is served
    with houses.serving(app) as house:
        yield house


def browse(chromium: Browser, viewport=PHONE, locale: str = "nl-NL", **how) -> BrowserContext:
    """A browser of someone's own, who likes pages that stand still; with a worker only where that is asked for."""
    how = {"reduced_motion": "reduce", "service_workers": "block", **how}
    context = chromium.new_context(viewport=viewport, has_touch=viewport is PHONE, locale=locale, **how)
    context.set_default_timeout(10_000)
    return context


@dataclass
class Visitor:
    """Someone with a browser, a thumb, and no patience."""

    page: Page
    house: House
    email: str = ""
    taps: int = 0
    typed: int = 0

    @property
    def address(self) -> str:
        return self.house.address

    def goes(self, path: str) -> None:
        self.page.goto(self.address + path)

    def taps_on(self, what: str, role: str = "button", exact: bool = True) -> None:
        self.taps += 1
        self.page.get_by_role(role, name=what, exact=exact).first.click()
        self.settles()

    def settles(self) -> None:
        """An entry is on the device first and then on its way: until then its form says so."""
        self.page.locator("form[data-entry][data-sent]").first.wait_for(state="detached")

    def chooses(self, what: str, role: str = "radio") -> None:
        """A chip: the label is what the thumb meets, the input lies invisibly over it."""
        self.taps += 1
        self.page.get_by_role(role, name=what, exact=True).first.check()

    def open(self, step: str) -> None:
        self.taps += 1
        self.page.locator("summary", has_text=step).click()

    def types(self, label: str, text: str) -> None:
        self.typed += len(text)
        self.page.get_by_label(label, exact=True).first.fill(text)

    def reads(self, text: str) -> bool:
        """Whether it shows, or does within moments: a page may still be on its way."""
        try:
            self.page.get_by_text(text).first.wait_for(timeout=5_000)
        except TimeoutError:
            return False
        return True

    def moves_in(self, name: str, child: str = "Sem", to: str = "/today") -> None:
        """As who signed up before: an account, a family, a child, and the cookies of that. Quicker than by thumb."""
        self.email = f"{name.lower()}-{uuid4().hex}@example.org"
        aside = Person(self.house.app.test_client(), self.email, name).signs_up()
        aside.post("/welcome", {"name": child})
        self.is_known_as(aside)
        if to:
            self.goes(to)

    def is_known_as(self, other: Person) -> None:
        """Takes over who signed in elsewhere."""
        cookies = {cookie: other.client.get_cookie(cookie).value for cookie in ("nabij", "device")}
        self.page.context.add_cookies([{"name": n, "value": v, "url": self.address} for n, v in cookies.items()])

    def signs_up(self, name: str, child: str = "Sem") -> None:
        self.email = f"{name.lower()}-{uuid4().hex}@example.org"
        self.goes("/register")
        self.page.get_by_label("Je naam").fill(name)
        self.page.get_by_label("E-mailadres").fill(self.email)
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.page.get_by_role("button", name="Begin").click()
        self.page.get_by_label("Voornaam of bijnaam").fill(child)
        self.page.get_by_role("button", name="Verder").click()
        self.page.wait_for_url("**/today")


@pytest.fixture
def opens(chromium, house):
    """Opens the app in a fresh browser, as asked; fails on any error the browser saw."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_app(viewport=PHONE, **how) -> Visitor:
        contexts.append(context := browse(chromium, viewport, **how))
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on(
            "request", lambda asked: asked.url.startswith((house.address, "data:")) or complaints.append(asked.url)
        )
        return Visitor(page, house)

    yield open_app
    for context in contexts:
        context.close()
    # A page that is not there, that waits for a second step or brings a form back says so in the console too.
    meant = ("404 (NOT FOUND)", "401 (UNAUTHORIZED)", "422 (UNPROCESSABLE ENTITY)")
    assert [said for said in complaints if not said.endswith(meant)] == []
