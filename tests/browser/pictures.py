"""Draws the pictures of the README anew: `.venv/bin/python -m tests.browser.pictures`.

The demo family on a Friday evening, and their counsellor at her desk, in a real Chromium.
"""

import shutil
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from diary import clock, create_app, store
from diary.config import Settings
from diary.upkeep import demo
from tests.browser.conftest import FLAGS, LAPTOP, PHONE

PICTURES = Path("deploy/pictures")
EVENING = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)


SHOTS = (  # of whom, in which light, on what
    ("today", "marit", "light", "/today"),
    ("sheet", "marit", "light", "/today"),
    ("incident", "marit", "light", "/entries/new?kind=incident"),
    ("asso", "marit", "light", "/asso/sleeping-throws-toys?situation=sleeping"),
    ("timeline", "marit", "dark", "/timeline"),
    ("reminders", "marit", "light", "/reminders"),
    ("sharing", "marit", "dark", "/sharing"),
    ("card", "lotte", "light", "/counsellor"),
)


def main(folder: Path) -> None:
    clock.now = lambda: EVENING
    app = create_app(Settings(home=Path(tempfile.mkdtemp())))
    made = demo.make(store.here(app.config["SETTINGS"].database), app.config["VAULT"], EVENING)
    people = {line["email"].partition("@")[0]: line for line in made}
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.port}"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, who, scheme, path in SHOTS:
            size = LAPTOP if who == "lotte" else PHONE
            page = chromium.new_page(viewport=size, color_scheme=scheme, locale="nl-NL")
            _sign_in(page, address, people[who])
            page.goto(address + path)
            _touch(page, name)
            page.screenshot(path=folder / f"{name}.png")
        chromium.close()
    server.shutdown()


def _sign_in(page: Page, address: str, who: dict) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("E-mailadres").fill(who["email"])
    page.get_by_label("Wachtwoord").fill(who["password"])
    page.get_by_role("button", name="Log in").click()
    if "totp" in who:
        page.locator("input[name=code]").fill(pyotp.TOTP(who["totp"]).at(EVENING))
        page.get_by_role("button", name="Verder").click()


def _touch(page: Page, name: str) -> None:
    if name == "sheet":
        page.get_by_role("link", name="Noteer").click()
        page.wait_for_timeout(400)
    if name == "incident":
        page.get_by_role("radio", name="Routine").check()
    if name == "card":
        page.locator(".desk a[href^='/counsellor/']").first.click()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
