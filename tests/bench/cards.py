"""How soon after a tap on ‘Bewaar’ its card stands there, on a phone some times slower than this machine.

`python -m tests.bench.cards`. The connection is cut: what is measured is what this device does by itself.
"""

import logging
import shutil
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests import houses
from tests.browser import phones

ROUNDS = 15
SLOW = 4
CARD_MS = 100
WATCH = """() => {
    window.card = new Promise((seen) => document.addEventListener("submit", () => {
        const began = performance.now();
        const look = () => {
            if (document.querySelector("#pending-place .entry--waiting")) seen(performance.now() - began);
            else requestAnimationFrame(look);
        };
        look();
    }, true));
}"""


def measure(others: int) -> list[float]:
    """With so many cards waiting already; milliseconds, quickest first."""
    with tempfile.TemporaryDirectory(prefix="bench-") as home, sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        with houses.serving(houses.build(Path(home))) as house:
            phone = phones.phone(browser, house)
            phone.visitor.moves_in("Marit")
            phone.spoil(phones.never_arrives)
            phone.spoil(phones.never_arrives, "/me")
            found = [_saved(phone.opens("/entries/new?kind=incident")) for _ in range(others + ROUNDS)]
            browser.close()
    return sorted(found[others:])


def _saved(page: Page) -> float:
    page.get_by_role("radio", name="Limit").first.check()
    page.get_by_label("In je eigen woorden", exact=True).fill("appelboom")
    page.wait_for_timeout(500)  # it is a draft by now
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    page.evaluate(WATCH)
    page.get_by_role("button", name="Bewaar", exact=True).click()
    took = page.evaluate("window.card")
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return took


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for others in (0, 20):
        took = measure(others)
        met = "met" if median(took) <= CARD_MS else "NOT MET"
        spread = f"{median(took):.0f} ms, from {took[0]:.0f} to {took[-1]:.0f}"
        print(f"{met:<8} a card within {CARD_MS} ms, {SLOW} times slower, {others} waiting already: {spread}")


if __name__ == "__main__":
    main()
