"""What it costs a tired parent: taps and letters, per kind, from Vandaag."""

import pytest


@pytest.fixture
def parent(opens):
    visitor = opens()
    visitor.moves_in("Marit")
    visitor.taps = visitor.typed = 0
    return visitor


def test_a_krabbel_is_two_taps(parent):
    parent.taps_on("Noteer", "link")
    parent.taps_on("Limit", exact=False)
    assert parent.reads("Bewaard.")
    assert (parent.taps, parent.typed) == (2, 0)


def test_a_good_moment_is_four_taps(parent):
    parent.taps_on("Gelachen", "link")
    parent.chooses("Mijn kind")
    parent.chooses("warm")
    parent.taps_on("Bewaar")
    assert parent.reads("Gelachen")
    assert (parent.taps, parent.typed) == (4, 0)


def test_the_usual_incident_is_ten_taps_and_one_line(parent):
    parent.taps_on("Noteer", "link")
    parent.taps_on("Alles opschrijven", "link")
    parent.chooses("Routine opstaan, eten, wassen, de dag, slapen")
    parent.chooses("Naar bed en slapen")
    parent.types("In je eigen woorden", "Gooide alles uit bed, ik bleef erbij.")
    parent.open("Hoe was je kind?")
    parent.chooses("bang", "checkbox")
    parent.chooses("stevig")
    parent.open("Hoe liep het af?")
    parent.chooses("Weer goedgemaakt")
    parent.taps_on("Bewaar")
    assert parent.reads("Naar bed en slapen")
    assert (parent.taps, parent.typed) == (10, 37)


def test_a_day_check_is_five_taps_and_a_few_words(parent):
    parent.taps_on("Noteer", "link")
    parent.taps_on("Dagcheck", "link")
    parent.chooses("weinig")
    parent.chooses("een klein beetje")
    parent.types("Eén ding dat goed ging", "Samen soep gegeten")
    parent.taps_on("Bewaar")
    assert parent.reads("Dagcheck")
    assert (parent.taps, parent.typed) == (5, 18)


def test_a_double_tap_saves_once(parent):
    parent.goes("/entries/new?kind=contact&what=talked")
    parent.page.get_by_role("button", name="Bewaar").dblclick()
    parent.page.wait_for_url("**/today**")
    assert parent.page.get_by_role("heading", name="Gekletst").count() == 1


def test_without_scripts_a_double_tap_saves_once(opens):
    parent = opens(java_script_enabled=False)
    parent.moves_in("Marit")
    parent.goes("/entries/new?kind=contact&what=talked")
    parent.page.get_by_role("button", name="Bewaar").dblclick()
    parent.page.get_by_role("heading", name="Gekletst").wait_for()  # the second tap cut the first one's page short
    assert parent.page.get_by_role("heading", name="Gekletst").count() == 1
