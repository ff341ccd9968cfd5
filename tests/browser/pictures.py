"""Draws the pictures of the README anew: `.venv/bin/python -m tests.browser.pictures`.

The demo family on a Friday evening, in a real Chromium.
"""

import shutil
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from diary import clock, create_app, store
from diary.config import Settings
from diary.upkeep import demo
from tests.browser.conftest import FLAGS, PHONE

PICTURES = Path("deploy/pictures")
EVENING = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)


def main(folder: Path) -> None:
    clock.now = lambda: EVENING
    app = create_app(Settings(home=Path(tempfile.mkdtemp())))
    marit = demo.make(store.here(app.config["SETTINGS"].database), app.config["VAULT"], EVENING)[0]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.port}"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, scheme, path in (
            ("today", "light", "/today"),
            ("sheet", "light", "/today"),
            ("incident", "light", "/entries/new?kind=incident"),
            ("asso", "light", "/asso/sleeping-throws-toys?situation=sleeping"),
            ("timeline", "dark", "/timeline"),
        ):
            page = chromium.new_page(viewport=PHONE, color_scheme=scheme, locale="nl-NL")
            _sign_in(page, address, marit)
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


def _touch(page: Page, name: str) -> None:
    if name == "sheet":
        page.get_by_role("link", name="Noteer").click()
        page.wait_for_timeout(400)
    if name == "incident":
        page.get_by_role("radio", name="Routine").check()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
