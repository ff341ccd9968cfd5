"""Without a connection: words to say by tapping and by typing, and the cards to read."""

import pytest

from diary.asso.library import Shelf
from diary.journal import terms
from tests.browser.axes import faults
from tests.browser.test_helper import said, says_nothing

HELP = "Maak je je zorgen"
LOST = "Dat weet ik niet goed te plaatsen"
PLAY = "ze gooit met haar speelgoed als ik zeg dat het bedtijd is"
GRAVE = [
    "hij slaat zijn zusje",
    "ze snijdt zichzelf in haar arm",
    "speelt met de aansteker",
    "dreigt mij te vermoorden",
]


@pytest.fixture
def flight(opens):
    """Opens the helper, and then there is no connection any more."""

    def flies(page: str = "asso", language: str = "nl", **how):
        parent = opens(**how)
        parent.asked = []
        with parent.page.expect_response("**/library.json"):
            parent.goes(f"/offline/{language}/{page}")
        parent.page.locator("#helper > *").first.wait_for()
        parent.page.on("request", lambda request: parent.asked.append(request.url))
        parent.page.context.set_offline(True)
        parent.taps = 0
        return parent

    return flies


def types(parent, text: str) -> None:
    box = parent.page.get_by_role("searchbox")
    box.fill(text)
    box.press("Enter")


def helped(parent) -> bool:
    """Whether people are named above the words to say."""
    return parent.page.locator("#helper > .choice--help").is_visible()


def test_by_tapping_one_situation_brings_four_sentences_and_other_ideas(flight):
    parent = flight()
    parent.taps_on("Naar bed en slapen", "link")
    assert (parent.taps, len(said(parent))) == (1, 4)
    first = said(parent)
    parent.page.locator("#helper ul.rows a").first.click()
    assert len(said(parent)) == 4
    assert said(parent) != first
    parent.page.go_back()
    assert said(parent) == first


def test_every_situation_has_its_sentences(flight):
    parent = flight()
    for situation in terms.SITUATION:
        parent.page.locator(f'#helper a[href="/asso?situation={situation}"]').evaluate("link => link.click()")
        assert (situation, len(said(parent))) == (situation, 4)


def test_by_typing_one_line_brings_what_it_was_taken_for_and_why(flight):
    parent = flight()
    types(parent, PLAY)
    assert len(said(parent)) == 4
    assert parent.reads("Dit lijkt te gaan over: gooien of kapotmaken")
    assert parent.reads("je schreef:")
    assert parent.page.locator("#helper .rows").get_by_text("naar bed en slapen").first.is_visible()


def test_what_is_typed_goes_nowhere_and_stays_nowhere(flight):
    parent = flight()
    types(parent, f"appelboom {PLAY}")
    assert said(parent)
    assert [url for url in parent.asked if "/static/" not in url] == []
    places = "[location.href, history.state, {...localStorage}, {...sessionStorage}, document.title]"
    assert "appelboom" not in parent.page.evaluate(f"JSON.stringify({places})")
    parent.page.go_back()
    assert parent.page.get_by_role("searchbox").input_value() == ""
    parent.page.go_forward()
    assert said(parent)


def test_what_says_nothing_is_answered_honestly_with_all_situations(flight):
    parent = flight()
    for text in ("qwrtp zxcvb", "🧸", "%%%", "melk, eieren, koffie", "<b>x</b>", "x" * 9_999):
        types(parent, text)
        assert parent.reads(LOST), text
        assert says_nothing(parent), text
        shown = parent.page.locator('#helper a[href*="situation="]').evaluate_all(
            "all => all.filter((link) => link.checkVisibility()).length"
        )
        assert (text, shown) == (text, len(terms.SITUATION))
        parent.page.go_back()
        parent.page.get_by_text(LOST).wait_for(state="detached")


def test_when_it_is_grave_people_go_before_the_words(flight):
    parent = flight()
    for text in GRAVE:
        types(parent, text)
        assert (text, helped(parent), len(said(parent))) == (text, True, 4)
        parent.page.go_back()
        assert not helped(parent)


def test_people_stand_below_when_it_is_not_grave_and_come_back_there(flight):
    parent = flight()
    for text, first in ((GRAVE[0], True), ("wil niet slapen", False)):
        types(parent, text)
        assert helped(parent) == first
        assert parent.page.get_by_role("link", name=HELP).count() == 1


def test_what_only_a_counsellor_opens_is_not_there(flight):
    parent = flight()
    closed = [one for one in Shelf().library("nl").suggestions.values() if one.closed]
    assert closed
    parent.page.evaluate(f"history.pushState(null, '', '/asso/{closed[0].id}'); dispatchEvent(new Event('popstate'))")
    assert parent.page.get_by_role("searchbox").is_visible()
    assert says_nothing(parent)
    parent.page.context.set_offline(False)
    kept = parent.page.request.get(f"{parent.address}/offline/nl/library.json").text()
    assert [one.id for one in closed if one.id in kept or one.steps["connect"] in kept] == []


def test_a_card_is_chosen_and_read(flight):
    parent = flight("reading")
    card = next(iter(Shelf().library("nl").cards.values()))
    parent.taps_on(card.title, "link", exact=False)
    assert parent.page.get_by_role("heading", level=1).inner_text() == card.title
    shown = parent.page.locator("article.reading").inner_text()
    assert all(line in shown for part in card.parts for line in ([part] if isinstance(part, str) else part))
    assert card.source in shown
    parent.taps_on("Lezen", "link", exact=False)
    assert parent.page.locator("#helper .rows a").count() == len(Shelf().library("nl").cards)


def test_who_knows_no_more_gets_another_question_each_time(flight):
    parent = flight()
    parent.taps_on("Ik weet het niet meer", "link", exact=False)
    first = parent.page.locator(".shoes__question").inner_text()
    parent.taps_on("Een andere vraag", "link")
    assert parent.page.locator(".shoes__question").inner_text() not in ("", first)


def test_who_reads_english_is_helped_in_english(flight):
    parent = flight(language="en", locale="en-GB")
    types(parent, "throws toys at bedtime")
    assert len(said(parent)) == 4
    assert parent.page.get_by_role("heading", name="What do I say?").is_visible()
    types(parent, "xzqw zxcv")
    assert says_nothing(parent)


def test_the_whole_way_from_the_worker_that_keeps_it(opens):
    """Visited once with a connection; later none at all, and both pages still open."""
    parent = opens(service_workers="allow")
    parent.moves_in("Marit")
    active = "() => navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')"
    parent.page.wait_for_function(active)
    parent.goes("/today")
    parent.page.context.set_offline(True)
    parent.goes("/asso?situation=sleeping")
    assert len(said(parent)) == 4
    types(parent, PLAY)
    assert len(said(parent)) == 4
    parent.goes("/reading/circle")
    assert parent.page.locator("article.reading").is_visible()


def test_axe_finds_nothing_on_what_is_drawn_here(flight):
    found = {}
    parent = flight(bypass_csp=True)
    for text in (PLAY, GRAVE[0], "xzqw zxcv"):
        types(parent, text)
        parent.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found |= faults(parent.page, text)
    parent = flight("reading", bypass_csp=True)
    found |= faults(parent.page, "reading")
    parent.page.locator("#helper .rows a").first.click()
    assert found | faults(parent.page, "card") == {}
