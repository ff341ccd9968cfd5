"""The library: ours, in two languages, and what a practice lays over it while we run."""

import os
from pathlib import PurePath

import pytest

from diary.asso import checks, sheets
from diary.asso.library import HOUSE, Shelf
from diary.asso.sheets import Unreadable
from diary.journal import terms

ONE = """
says = ["het wordt laat"]

[[suggestion]]
id = "{id}"
title = "{title}"
ages = [2, 6]
moment = "during"
also = []
says = ["nog een verhaaltje"]
connect = "Daar ben je."
sensitive = "Het is stil boven."
structure = "Het is bedtijd."
start = "Ik loop mee."
why = "Dichtbij zijn helpt."
source = "Van ons"
"""


@pytest.fixture
def practice(tmp_path):
    """A practice's own folder, and how a file in it is written; each a second after the one before."""
    written = []

    def write(text: str, place: str = "nl/routine/sleeping.toml") -> None:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        written.append(path)
        os.utime(path, (len(written), len(written)))

    write.shelf = Shelf(practice=tmp_path)
    write.folder = tmp_path
    return write


def test_our_own_library_keeps_its_own_rules():
    assert list(map(str, checks.faults(HOUSE))) == []


@pytest.mark.parametrize("language", sheets.LANGUAGES)
def test_every_situation_has_something_to_say_in_both_languages(language):
    library = Shelf().library(language)
    assert all(len([s for s in library.suggestions.values() if s.situation == id]) >= 6 for id in terms.SITUATION)
    assert all(library.says[id] for id in terms.SITUATION)
    assert len(library.suggestions) >= 200


def test_english_has_its_own_words_for_everything():
    dutch, english = (Shelf().library(language) for language in ("nl", "en"))
    for one, other in zip(dutch.suggestions.values(), english.suggestions.values(), strict=True):
        assert (one.id, one.ages, one.closed) == (other.id, other.ages, other.closed)
        assert one.steps.values() != other.steps.values()
    assert [card.id for card in dutch.cards.values()] == [card.id for card in english.cards.values()]
    assert all(tip.text != english.tips[id].text for id, tip in dutch.tips.items())


def test_a_practice_adds_and_replaces_by_id_without_a_restart(practice):
    practice(ONE.format(id="sleeping-ours", title="Van de praktijk"))
    assert practice.shelf.library("nl").suggestions["sleeping-ours"].title == "Van de praktijk"
    assert "sleeping-throws-toys" in practice.shelf.library("nl").suggestions
    practice(ONE.format(id="sleeping-throws-toys", title="Anders gezegd"))
    changed = practice.shelf.library("nl").suggestions
    assert changed["sleeping-throws-toys"].title == "Anders gezegd"
    assert "sleeping-ours" not in changed


def test_what_a_practice_says_in_dutch_alone_is_read_in_dutch(practice):
    practice(ONE.format(id="sleeping-throws-toys", title="Anders gezegd"))
    assert practice.shelf.library("en").suggestions["sleeping-throws-toys"].title == "Anders gezegd"


@pytest.mark.parametrize("broken", ["says = [", ONE.format(id="sleeping-ours", title=""), "\0"])
def test_a_broken_file_is_refused_whole_and_the_last_good_one_stays(practice, caplog, broken):
    practice(ONE.format(id="sleeping-ours", title="Goed"))
    assert practice.shelf.library("nl").suggestions["sleeping-ours"].title == "Goed"
    practice(ONE.format(id="sleeping-fresh", title="Ook goed") + broken)
    found = practice.shelf.library("nl").suggestions
    assert (found["sleeping-ours"].title, "sleeping-fresh" in found) == ("Goed", False)
    assert "is not used" in caplog.text


def test_a_file_that_is_taken_away_is_gone_and_ours_is_back(practice):
    practice(ONE.format(id="sleeping-throws-toys", title="Anders gezegd"))
    practice.shelf.library("nl")
    (practice.folder / "nl/routine/sleeping.toml").unlink()
    assert practice.shelf.library("nl").suggestions["sleeping-throws-toys"].title != "Anders gezegd"


WRONG = {
    "[[suggestion]]\nid = 'Hoofd Letter'": "geen goede id",
    ONE.format(id="sleeping-a", title="A") * 2: "leesbare TOML",
    ONE.format(id="sleeping-a", title="A").replace("[2, 6]", "[6, 2]"): "de laagste eerst",
    ONE.format(id="sleeping-a", title="A").replace('"during"', '"always"'): "een van before",
    ONE.format(id="sleeping-a", title="A").replace("also = []", 'also = ["flying"]'): "lijst van situaties",
    ONE.format(id="sleeping-a", title="A").replace('connect = "Daar ben je."', ""): "‘connect’ ontbreekt",
    ONE.format(id="sleeping-a", title="A") + 'colour = "red"': "‘colour’ hoort hier niet",
    "says = 'nee'": "lijst van zinnen",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items(), ids=WRONG.values())
def test_what_is_wrong_in_a_file_is_said(text, sentence):
    with pytest.raises(Unreadable, match=sentence):
        sheets.read(PurePath("nl/routine/sleeping.toml"), text)


@pytest.mark.parametrize("place", ["nl/routine/hitting.toml", "nl/tips/jokes.toml", "nl/x.toml", "sleeping.toml"])
def test_a_file_that_belongs_nowhere_is_refused(place):
    with pytest.raises(Unreadable, match="geen bestand"):
        sheets.read(PurePath(place), "")
