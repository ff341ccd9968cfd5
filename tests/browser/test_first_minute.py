"""A parent who never saw the app, on a phone, in a minute."""

import pytest

from tests.browser.conftest import LAPTOP, PHONE


@pytest.mark.parametrize(
    ("viewport", "scheme", "scripts"),
    [(PHONE, "light", True), (LAPTOP, "dark", True), (PHONE, "dark", False), (LAPTOP, "light", False)],
    ids=["phone", "laptop, dark", "phone, dark, no scripts", "laptop, no scripts"],
)
def test_from_sign_up_to_finding_it_back(opens, viewport, scheme, scripts):
    parent = opens(viewport, color_scheme=scheme, java_script_enabled=scripts)
    parent.signs_up("Marit")

    parent.taps_on("Noteer", "link")
    parent.taps_on("Routine", exact=False)
    assert parent.reads("Bewaard.")

    parent.taps_on("maak af ›", "link")
    parent.chooses("Naar bed en slapen")
    parent.types("In je eigen woorden", "Gooide de knuffels uit bed. Ik bleef zitten.")
    parent.taps_on("Bewaar")
    assert parent.reads("Naar bed en slapen")

    parent.goes("/today")
    parent.taps_on("Gelachen", "link")
    parent.chooses("Mijn kind")
    parent.chooses("warm")
    parent.taps_on("Bewaar")
    assert parent.reads("Gelachen")

    parent.goes("/timeline")
    parent.page.get_by_role("searchbox").fill("KNUFFEL")
    parent.page.get_by_role("searchbox").press("Enter")
    assert parent.reads("Gooide de knuffels uit bed")
    assert not parent.page.get_by_role("link", name="Gelachen").is_visible()

    parent.taps_on("Naar bed en slapen", "link")
    parent.taps_on("Pas aan", "link")
    parent.types("In je eigen woorden", "Ik bleef zitten tot het stil was.")
    parent.taps_on("Bewaar")
    assert parent.reads("Ik bleef zitten tot het stil was.")

    parent.taps_on("Verwijder")
    parent.goes("/today")
    assert not parent.page.get_by_role("link", name="Naar bed en slapen").is_visible()
    parent.goes("/deleted")
    parent.taps_on("Haal terug")
    assert parent.reads("Het staat er weer.")
