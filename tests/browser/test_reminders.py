"""From a proposal to a reminder that comes, leads somewhere and is answered; with scripts and without."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from diary import clock
from diary.reminders import rounds, scheduler
from tests import houses
from tests.browser.axes import faults
from tests.browser.conftest import PHONE
from tests.conftest import Clock
from tests.houses import House


@dataclass
class Evening:
    """The diary, served, on an evening that goes by as asked."""

    house: House
    clock: Clock

    def becomes(self, time: str) -> None:
        """This time, and the clockwork ticks; nobody can be reached but in the app."""
        self.clock.at, app = wall(time), self.house.app
        settings = app.config["SETTINGS"]
        scheduler.tick(settings, rounds.steps(settings, app.config["VAULT"]), self.clock.at)


def wall(time: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{time}:00+01:00")


@pytest.fixture
def evening(house, monkeypatch) -> Evening:
    evening = Evening(house, Clock(wall("19:10")))
    monkeypatch.setattr(clock, "now", evening.clock)
    return evening


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """Of their own: on this evening a later test is no later."""
    with houses.serving(houses.build(tmp_path_factory.mktemp("evening"))) as house:
        yield house


@pytest.fixture(params=["with scripts", "without"])
def marit(request, opens, evening):
    marit = opens(java_script_enabled=request.param == "with scripts")
    marit.moves_in("Marit")
    return marit


def test_a_parent_agrees_is_reminded_once_and_says_it_is_done(marit, evening):
    marit.goes("/settings")
    marit.taps = 0
    marit.taps_on("Herinneringen", "link", exact=False)
    marit.taps_on("Ja, elke avond om 19:30")
    assert marit.taps == 2
    assert marit.reads("19:30, elke dag")

    evening.becomes("19:29")
    marit.goes("/today")
    assert marit.page.get_by_role("link", name="Terugkijken op de dag").count() == 0

    evening.becomes("19:30")
    evening.becomes("19:31")
    marit.goes("/today")
    assert marit.page.get_by_role("link", name="Terugkijken op de dag").count() == 1
    marit.taps_on("Terugkijken op de dag", "link", exact=False)
    assert marit.page.url.endswith("/reminders/2026-11-20")
    assert marit.page.get_by_role("heading", name="vrijdag 20 november").is_visible()
    assert marit.page.get_by_role("link", name="Hoe was jouw dag?").is_visible()

    marit.taps_on("Gedaan")
    marit.page.wait_for_url("**/today")
    assert marit.page.get_by_role("link", name="Terugkijken op de dag").count() == 0
    marit.goes("/reminders")
    assert marit.reads("vr 20 nov, 19:30 · gedaan")


def test_a_moment_of_ones_own_is_named_at_a_time_on_some_days_and_taken_away(marit):
    marit.goes("/reminders")
    marit.page.locator("#own summary").click()
    own = marit.page.locator("#own")
    own.get_by_label("Wat is het?").fill("Voorlezen")
    own.get_by_label("Hoe laat?").fill("23:00")
    for day in ("za", "zo"):
        own.get_by_role("checkbox", name=day).uncheck(force=True)
    own.get_by_role("button", name="Zet aan").click()
    assert marit.reads("Op deze tijd is het stil.")
    assert own.get_by_label("Wat is het?").input_value() == "Voorlezen"
    own.get_by_label("Hoe laat?").fill("18:45")
    own.get_by_role("button", name="Zet aan").click()
    assert marit.reads("18:45, op werkdagen")
    marit.page.locator("summary", has_text="Voorlezen").first.click()
    marit.page.locator("details", has_text="18:45").get_by_role("button", name="Haal weg").click()
    marit.page.wait_for_url("**/reminders")
    assert marit.page.get_by_text("18:45, op werkdagen").count() == 0


def test_every_part_of_the_screen_can_be_read_and_reached(opens, evening):
    visitor = opens(bypass_csp=True)
    visitor.moves_in("Marit")
    for path in ("/reminders", "/reminders/2026-11-20"):
        visitor.goes(path)
        visitor.page.locator("main details").evaluate_all("all => all.forEach((one) => (one.open = true))")
        assert faults(visitor.page, path) == {}
        small = visitor.page.locator("main :is(a.button, button, summary, input:not([type=hidden]))").evaluate_all(
            "all => all.filter((one) => { const box = one.getBoundingClientRect(); return box.width && "
            "Math.min(box.width, box.height) < 47.5; }).map((one) => one.outerHTML)"
        )
        assert (path, small) == (path, [])
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
