"""What axe finds on a page as it stands: by day, in the evening, and on a laptop where one is used."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (how) => (await axe.run({ resultTypes: ["violations"], ...how }))
            .violations.map((fault) => [fault.id, fault.nodes[0].html.slice(0, 160)])"""


def faults(page: Page, path: str, laptop: bool = False) -> dict[str, list]:
    """One visit for all: the colours are what the evening changes, and the layout what a laptop does."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_RUN, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(_RUN, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    page.emulate_media(color_scheme="light")
    if laptop:
        seen = page.viewport_size
        page.set_viewport_size(LAPTOP)
        found += page.evaluate(_RUN, {"runOnly": RULES, "rules": {"color-contrast": {"enabled": False}}})
        page.set_viewport_size(seen)
    return {path: found} if found else {}
