"""Everyone can read and use every page: axe, keyboard, thumb, and large letters."""

import pytest

from tests.browser.axes import faults
from tests.browser.conftest import PHONE

OPEN = [
    "/",
    "/login",
    "/register",
    "/password/forgot",
    "/password/reset",
    "/nowhere",
    "/join/unknown",
    "/help",
    "/reading",
    "/reading/circle",
]
SIGNED_IN = [
    "/today",
    "/timeline",
    "/timeline?q=knuffel",
    "/timeline?area=limit",
    "/entries/new",
    "/entries/new?kind=incident",
    "/entries/new?kind=contact",
    "/entries/new?kind=checkin",
    "/entries/new?kind=weekcheck",
    "/deleted",
    "/family",
    "/family/children/new",
    "/settings",
    "/reminders",
    "/asso",
    "/asso?situation=hitting",
    "/asso/sleeping-throws-toys",
    "/asso/shoes",
    "/asso/practice",
    "/plan",
    "/plan/new?kind=agreement",
    "/plan/new?kind=goal",
    "/anchor",
    "/insight",
    "/sharing/card",
]


def _full_diary(parent) -> list[str]:
    """A diary with something on each page; gives the addresses of one entry."""
    parent.moves_in("Marit")
    parent.goes("/entries/new?kind=incident")
    parent.chooses("Limit iemand of iets kwam in gevaar")
    parent.chooses("Weglopen")
    parent.types("In je eigen woorden", "Stond ineens bij de weg met een knuffel.")
    parent.taps_on("Bewaar")
    uid = parent.page.url.partition("#")[2]
    parent.goes(f"/entries/{uid}/edit")
    parent.types("In je eigen woorden", "Stond bij de weg, knuffel onder de arm.")
    parent.taps_on("Bewaar")
    day = parent.page.locator("main a").first.get_attribute("href")
    return [f"/entries/{uid}", f"/entries/{uid}/edit", f"/entries/{uid}/versions", day]


def test_axe_finds_nothing_on_any_page(opens):
    visitor = opens(bypass_csp=True)
    found = {}
    for path in OPEN:
        visitor.goes(path)
        found |= faults(visitor.page, path)
    for path in [*_full_diary(visitor), *SIGNED_IN]:
        visitor.goes(path)
        visitor.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found |= faults(visitor.page, path)
    visitor.goes("/asso")
    visitor.page.get_by_role("searchbox").fill("xzqw")
    visitor.page.get_by_role("searchbox").press("Enter")
    visitor.page.wait_for_url("**/asso?asked=*")
    found |= faults(visitor.page, "what says nothing")
    visitor.goes("/today")
    visitor.taps_on("Noteer", "link")
    visitor.page.wait_for_timeout(300)  # the sheet has risen
    assert found | faults(visitor.page, "the sheet") == {}


def test_a_thumb_hits_every_button_and_nothing_runs_off_the_side(signed_in):
    page, found = signed_in.page, {}
    for path in [*SIGNED_IN, "the sheet"]:
        signed_in.goes("/today" if path == "the sheet" else path)
        if path == "the sheet":
            signed_in.taps_on("Noteer", "link")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        small = page.evaluate("""() =>
          [...document.querySelectorAll(
            'button, summary, select, input, .chip, .choice, nav a, h2 > a, .back, .lone')]
            .filter(e => e.checkVisibility() && e.type !== 'hidden' && !['radio', 'checkbox'].includes(e.type))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([_, box]) => box.width < 47.5 || box.height < 47.5).map(([html]) => html)""")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if small or wide > PHONE["width"]:
            found[path] = (small, wide)
    assert found == {}


def test_twice_as_large_letters_fit(signed_in):
    page, found = signed_in.page, {}
    page.route("**/house.css", _twice_as_large)
    for path in [*SIGNED_IN, "/login", "/register"]:
        signed_in.goes(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "34px"
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"]:
            found[path] = wide
    assert found == {}


def _twice_as_large(route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + "@layer base { html { font-size: 212.5%; } }")


def test_a_krabbel_by_keyboard_alone(signed_in):
    page = signed_in.page
    signed_in.goes("/today")
    page.get_by_role("link", name="Noteer").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Anchorpoint").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("status").inner_text() == "Bewaard."


@pytest.fixture
def signed_in(opens):
    visitor = opens()
    visitor.moves_in("Marit")
    return visitor
