"""The counsellor before a session: two minutes, a laptop, and one screen that says enough."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, Page

from diary import clock, store
from diary.journal import drafts, entries
from diary.people import accounts, children, sessions, ties
from diary.sharing import shares
from diary.upkeep import demo
from tests import houses
from tests.browser import sheets
from tests.browser.axes import faults
from tests.browser.conftest import LAPTOP, PHONE, browse
from tests.houses import House

CANARY = "nooitgedeeldstruik"


@dataclass
class Practice:
    """The demo's three families, the first of which shares two hundred entries more."""

    house: House
    lotte: dict
    family: str

    def opens(self, chromium: Browser, viewport=LAPTOP, **how) -> Page:
        page = browse(chromium, viewport, **how).new_page()
        page.goto(f"{self.house.address}/login")
        page.get_by_label("E-mailadres").fill(self.lotte["email"])
        page.get_by_label("Wachtwoord").fill(self.lotte["password"])
        page.clicks = 0
        return page

    def code(self) -> str:
        """What the app on her phone shows; none works twice, so tests that follow each other begin anew."""
        self.house.change("update authenticators set last_step = 0")
        return pyotp.TOTP(self.lotte["totp"]).now()


@pytest.fixture(scope="module")
def practice(tmp_path_factory) -> Iterator[Practice]:
    app, now = houses.build(tmp_path_factory.mktemp("practice")), clock.now()
    db, vault = store.here(app.config["SETTINGS"].database), app.config["VAULT"]
    *parents, lotte = demo.make(db, vault, now)
    ids = [accounts.by_email(db, parent["email"])["id"] for parent in parents]
    host, other = (sessions.viewer(db, vault, sessions.start(db, id, "test", "test", now), now) for id in ids)
    _share(db, host, _much(), now)
    _share(db, other, [(4, USUAL | {"note": "ik zag iets anders"})], now)
    with houses.serving(app) as house:
        yield Practice(house, lotte, host.family_uid)


USUAL = {"kind": "incident", "area": "anchorpoint", "note": "bij de deur, " * 30}
WEEK = {"kind": "weekcheck", "at_ease": "mostly", "comforted": "sometimes", "listened": "little", "fun": "mostly"}


def _much() -> list[tuple[int, dict]]:
    """Two hundred, by the hours ago, with something for every part of the card, and words that are never shared."""
    told = [(9 * n + 5, USUAL | {"note": CANARY} if n % 10 == 0 else USUAL) for n in range(200)]
    told += [(n, USUAL | {"discuss": True, "situation": "small_hurts"}) for n in (1, 2, 3, 4)]
    return [*told, (6, USUAL | {"area": "limit", "situation": "self_harm"}), (7, WEEK)]


def _share(db, host, told: list[tuple[int, dict]], now) -> None:
    child = children.of_family(db, host)[0]
    one = ties.reading(db, host, now)[0]
    with store.writing(db):
        for hours, fields in told:
            at = (now - timedelta(hours=hours)).isoformat()
            typed = fields | {"child": child.uid, "happened_at": at, "written_at": at}
            draft = drafts.parse(typed, {child.uid: child.id}, host.zone, now)
            entries.save(db, host, draft, now)
            if fields.get("note") != CANARY:
                shares.give(db, host, draft.uid, one, "now", False, now)


def clicks(page: Page, role: str, name: str | re.Pattern) -> None:
    page.clicks += 1
    page.get_by_role(role, name=name).first.click()


def arrives(practice: Practice, page: Page) -> None:
    clicks(page, "button", "Log in")
    page.get_by_label("Code uit je app").fill(practice.code())
    clicks(page, "button", "Verder")
    clicks(page, "link", re.compile("^Sem, Noor"))
    page.get_by_role("heading", name="Gesprekskaart: Sem, Noor").wait_for()


def test_from_signing_in_to_topic_change_and_last_advice_in_six_clicks_and_one_screen(chromium, practice):
    page = practice.opens(chromium)
    arrives(practice, page)
    assert practice.house.rows("select count(*) as n from shares")[0]["n"] > 200
    topic = page.locator(".topic").first
    change = page.locator(".figure .small").first
    advice = page.get_by_role("heading", name="Laatste advies").locator("xpath=following-sibling::p[1]")
    for shown in (topic, change, advice):
        box = shown.bounding_box()
        assert box["y"] + box["height"] <= LAPTOP["height"], shown
        assert shown.inner_text().strip()
    assert page.evaluate("scrollY") == 0
    assert page.clicks <= 6
    page.context.close()


def test_a_full_card_prints_on_one_a4_without_a_word_that_was_not_shared(chromium, practice):
    page = practice.opens(chromium)
    arrives(practice, page)
    clicks(page, "link", "Afdrukken")
    page.wait_for_url("**?print=1")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    said = sheets.words(sheet)
    parts = (
        "Gesprekskaart: Sem, Noor",
        "Om over te praten",
        "Weekcheck",
        "Laatste advies",
        "Werkpunt",
        "Twee kanten",
        "bij de deur, bij de deur",
    )
    assert [part for part in parts if sheets.squeezed(part) not in said] == []
    assert [word for word in (CANARY, "Gezinnen", "Hulp", "Instellingen", "telezen") if word in said] == []
    page.context.close()


def test_every_figure_is_a_tap_away_from_its_entries(chromium, practice):
    page = practice.opens(chromium, PHONE)
    arrives(practice, page)
    figure = page.locator(".figure--anchorpoint")
    n = figure.locator("b").inner_text()
    figure.click()
    assert page.get_by_role("heading", level=1).inner_text() == f"{n} teksten"
    there = page.locator("article.entry").count()
    while (earlier := page.get_by_role("link", name="Toon wat eerder was")).count():
        assert CANARY not in page.content()
        earlier.click()
        there += page.locator("article.entry").count()
    assert there == int(n)
    assert CANARY not in page.content()
    page.context.close()


def test_axe_finds_nothing_at_the_desk_and_nothing_runs_off_the_side(chromium, practice):
    page = practice.opens(chromium, PHONE, bypass_csp=True)
    arrives(practice, page)
    base, found = f"/counsellor/{practice.family}", {}
    for path in (
        "/counsellor",
        base,
        f"{base}/entries?area=limit",
        f"{base}/notes",
        f"{base}/plan",
        f"{base}/plan/new",
    ):
        page.goto(practice.house.address + path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found |= faults(page, path, laptop=True)
        for viewport in (LAPTOP, PHONE):
            page.set_viewport_size(viewport)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    assert found == {}
    page.context.close()


def test_the_desk_needs_no_script(chromium, practice):
    page = practice.opens(chromium, java_script_enabled=False)
    arrives(practice, page)
    assert page.get_by_role("heading", name="Laatste advies").count() == 1
    page.context.close()
