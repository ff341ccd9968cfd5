"""From a hard moment to four sentences, by thumb; and what the answer changes."""

import pytest

from diary import clock, store
from diary.asso import openings
from diary.asso.library import Shelf
from diary.people import accounts, families, sessions
from tests import houses
from tests.browser.conftest import Visitor, browse
from tests.persons import PASSWORD


def said(parent) -> list[str]:
    parent.page.locator(".step-asso__say").first.wait_for()
    return parent.page.locator(".step-asso__say").all_inner_texts()


def says_nothing(parent) -> bool:
    """Whether no sentence stands here, once those of the page before are gone."""
    parent.page.locator(".step-asso__say").first.wait_for(state="detached")
    return parent.page.locator(".step-asso__say").count() == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_by_tapping_two_taps_bring_four_sentences(opens, scripts):
    parent = opens(java_script_enabled=scripts)
    parent.moves_in("Marit")
    parent.taps = 0
    parent.taps_on("ASSO", "link")
    parent.taps_on("Naar bed en slapen", "link")
    assert (parent.taps, len(said(parent))) == (2, 4)


def test_by_typing_one_line_brings_four_sentences(opens):
    parent = opens()
    parent.moves_in("Marit")
    parent.goes("/asso")
    box = parent.page.get_by_role("searchbox")
    box.fill("ze gooit met haar speelgoed als ik zeg dat het bedtijd is")
    box.press("Enter")
    parent.page.wait_for_url("**asked=**")
    assert len(said(parent)) == 4


def test_an_answer_changes_what_comes_first(opens):
    parent = opens()
    parent.moves_in("Marit")
    parent.goes("/asso?situation=sleeping")
    first = said(parent)
    parent.taps_on("nog niet")
    assert parent.reads("Dank je")
    parent.goes("/asso?situation=sleeping")
    assert said(parent) != first


def test_ones_own_words_stand_first_the_next_time(opens):
    parent = opens()
    parent.moves_in("Marit")
    parent.goes("/asso/sleeping-throws-toys")
    parent.open("In mijn woorden")
    parent.types("Aansluiten", "Hup, daar gaat de beer.")
    parent.taps_on("Bewaar mijn zinnen")
    assert parent.reads("Je eigen zinnen staan de volgende keer voorop")
    assert "Hup, daar gaat de beer." in said(parent)[0]
    parent.goes("/asso?situation=sleeping")
    assert "Hup, daar gaat de beer." in said(parent)[0]


def test_from_an_incident_to_words_and_back(opens):
    parent = opens()
    parent.moves_in("Marit")
    parent.taps_on("Noteer", "link")
    parent.taps_on("Limit", exact=False)
    parent.page.get_by_role("link", name="Wat kan ik zeggen?").first.click()
    parent.page.wait_for_url("**/asso?entry=**")
    parent.page.get_by_role("link", name="Slaan, schoppen, bijten").click()
    parent.page.wait_for_url("**situation=hitting**")
    parent.taps_on("ja")
    parent.page.wait_for_url("**/entries/**")
    assert parent.reads("Aansluiten")


def test_what_is_closed_stays_closed_until_a_counsellor_opens_it(chromium, tmp_path):
    closed = "Heeft voor iedereen alles al geregeld"
    with houses.serving(houses.build(tmp_path)) as house:
        parent = Visitor(browse(chromium).new_page(), house)
        parent.moves_in("Marit")
        parent.goes("/asso")
        parent.page.get_by_role("searchbox").fill("heeft bij het opstaan voor iedereen alles al geregeld")
        parent.page.get_by_role("searchbox").press("Enter")
        parent.page.wait_for_url("**/asso?asked=*")
        assert not parent.page.get_by_text(closed).count()
        assert parent.page.goto(f"{house.address}/asso/waking-has-done-it-all").status == 404
        lotte = accounts.register(house.db, "Lotte", "lotte@example.org", PASSWORD, "nl", clock.now(), "counsellor")
        row = {"family": 1, "account": lotte, "role": "counsellor", "state": "confirmed"}
        store.insert(house.db, "memberships", row | {"invited_at": clock.stamp(clock.now())})
        vault, family = house.app.config["VAULT"], store.row(house.db, "select uid from families")["uid"]
        waiting = sessions.viewer(house.db, vault, sessions.start(house.db, lotte, "", "", clock.now()), clock.now())
        desk = sessions.viewer(house.db, vault, sessions.prove(house.db, waiting, clock.now()), clock.now())
        visitor = families.visit(house.db, vault, desk, family, clock.now())
        assert openings.unlock(house.db, visitor, "taking_over", "het past nu", clock.now())
        parent.goes("/asso/waking-has-done-it-all")
        assert len(said(parent)) == 4
        parent.page.context.close()


def test_what_to_call_is_one_tap_away_signed_out_too(opens):
    parent = opens()
    for path in ("/", "/login", "/reading"):
        parent.goes(path)
        parent.taps_on("Hulp", "link")
        assert parent.page.get_by_role("link", name="0800-2000").get_attribute("href") == "tel:08002000"


def test_no_step_of_the_library_needs_more_than_two_lines_on_a_phone(opens):
    """Measured in the letters of most phones: as wide as Arial."""
    parent = opens()
    parent.moves_in("Marit")
    parent.goes("/asso?situation=sleeping")
    texts = [
        text
        for language in ("nl", "en")
        for s in Shelf().library(language).suggestions.values()
        for text in s.steps.values()
    ]
    long = parent.page.evaluate(
        """(texts) => {
            document.body.style.fontFamily = "'Liberation Sans', Arial";
            const say = document.querySelector(".step-asso__say");
            const line = parseFloat(getComputedStyle(say).lineHeight);
            return texts.filter((text) => {
                say.textContent = `“${text}”`;
                return say.getBoundingClientRect().height > 2.5 * line;
            });
        }""",
        texts,
    )
    assert long == []
