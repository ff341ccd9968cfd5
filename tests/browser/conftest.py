"""The diary served for real, and a real Chromium to use it with."""

import shutil
import threading
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright
from werkzeug.serving import make_server

from diary.asso import suggest
from tests import houses
from tests.conftest import PASSWORD

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
def address(tmp_path_factory) -> str:
    app = houses.build(tmp_path_factory.mktemp("home"))
    suggest.recogniser(app.config["SHELF"].library("nl"))  # learnt before the first visitor, as where it is served
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@dataclass
class Visitor:
    """Someone with a browser, a thumb, and no patience."""

    page: Page
    address: str
    taps: int = 0
    typed: int = 0

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

    def signs_up(self, name: str, child: str = "Sem") -> None:
        self.goes("/register")
        self.page.get_by_label("Je naam").fill(name)
        self.page.get_by_label("E-mailadres").fill(f"{name.lower()}-{uuid4().hex}@example.org")
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.page.get_by_role("button", name="Begin").click()
        self.page.get_by_label("Voornaam of bijnaam").fill(child)
        self.page.get_by_role("button", name="Verder").click()
        self.page.wait_for_url("**/today")


@pytest.fixture
def opens(chromium, address):
    """Opens the app in a fresh browser, as asked; fails on any error the browser saw."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_app(viewport=PHONE, **how) -> Visitor:
        context = chromium.new_context(
            viewport=viewport, has_touch=viewport is PHONE, locale=how.pop("locale", "nl-NL"), **how
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("request", lambda asked: asked.url.startswith((address, "data:")) or complaints.append(asked.url))
        return Visitor(page, address)

    yield open_app
    for context in contexts:
        context.close()
    # A page that is not there, or not without a second step, says so in the console too: some tests ask for that.
    assert [said for said in complaints if "404 (NOT FOUND)" not in said and "401 (UNAUTH" not in said] == []
