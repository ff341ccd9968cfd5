"""Dutch is the source; English is complete."""

import pytest

from diary.made import TRANSLATIONS
from diary.upkeep import texts


@pytest.mark.parametrize("path", sorted(TRANSLATIONS.glob("*.po")), ids=lambda path: path.stem)
def test_every_sentence_is_translated_and_no_other(path):
    known = {m.id: m.string for m in texts.read(path) if m.id}
    wanted = {m.id for m in texts.sentences() if m.id}
    assert wanted - {id for id, string in known.items() if texts.whole(string)} == set()
    assert set(known) - wanted == set()


@pytest.mark.parametrize("path", sorted(TRANSLATIONS.glob("*.po")), ids=lambda path: path.stem)
def test_a_translation_fills_in_the_same_blanks(path):
    wrong = [str(error) for message in texts.read(path) for error in message.check()]
    assert wrong == []


def test_the_browser_speaks_first_and_the_account_after(marit, stranger):
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert "Start your diary" in stranger.get("/", headers=english).text
    assert "Begin je dagboek" in stranger.get("/").text
    assert "Goedenavond, Marit" in marit.get("/today", headers=english).text
    marit.post("/settings", {"name": "Marit", "language": "en"})
    assert "Good evening, Marit" in marit.get("/today").text
