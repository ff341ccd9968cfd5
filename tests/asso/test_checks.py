"""What the check of the library finds, by file and line."""

import pytest

from diary.asso import checks, reading
from diary.asso.library import HOUSE
from tests.asso.test_library import ONE

GOOD = ONE.format(id="sleeping-ours", title="Van ons")


@pytest.fixture
def found(tmp_path):
    """Gives the faults of a folder with this one file, as line and sentence."""

    def look(text: str, **how) -> list[tuple[int, str]]:
        folder = tmp_path / "library"
        (folder / "nl/routine").mkdir(parents=True)
        (folder / "forbidden.toml").write_text((HOUSE / "forbidden.toml").read_text())
        (folder / "nl/routine/sleeping.toml").write_text(text)
        return [(fault.line, fault.sentence) for fault in checks.faults(folder, whole=False, **how)]

    return look


def test_a_good_file_has_no_faults(found):
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("now", "then", "line", "word"),
    [
        ("Het is bedtijd.", "Je mag nu niet meer spelen.", 13, "‘niet’"),
        ("Het is bedtijd.", "Nee. Het is bedtijd.", 13, "‘nee’"),
        ("Het is stil boven.", "Waarom lig je nog wakker?", 12, "‘waarom’"),
        ("Ik loop mee.", "Ik loop mee. " * 7, 14, "hooguit 76"),
        ("Dichtbij zijn helpt.", "Zet je kind even op de gang.", 15, "‘op de gang’"),
        ("Dichtbij zijn helpt.", "Houd hem stevig vast tot het over is.", 15, "raden we niet aan"),
        ('Van ons"', 'Van ons, en dan een titel die veel en veel te lang is"', 6, "hooguit 45"),
    ],
)
def test_a_fault_is_found_where_it_stands(found, now, then, line, word):
    (at, sentence), *more = found(GOOD.replace(now, then, 1))
    assert (at, word in sentence, more) == (line, True, [])


def test_a_heavy_text_is_found(found):
    heavy = "Emotieregulatieproblematiek veroorzaakt aanpassingsmoeilijkheden gedurende overgangssituaties."
    assert any("te zwaar" in sentence for _, sentence in found(GOOD.replace("Dichtbij zijn helpt.", heavy)))


def test_a_sentence_of_another_text_is_found(found, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "book.txt").write_text("Soms is het\nheel erg stil boven in dat huis.")
    ours = GOOD.replace("Het is stil boven.", "En is het heel erg stil boven?")
    assert found(ours, against=theirs) == [(12, "sleeping-ours: ‘is het heel erg stil boven’ staat ook in book.txt.")]


def test_the_whole_library_needs_both_languages_and_enough(tmp_path):
    (tmp_path / "nl/routine").mkdir(parents=True)
    (tmp_path / "nl/routine/sleeping.toml").write_text(GOOD)
    said = [fault.sentence for fault in checks.faults(tmp_path)]
    assert "dit bestand is er niet in het en." in said
    assert "sleeping: 1, en het moeten er minstens 6 zijn." in said
    assert "1 suggesties; het moeten er minstens 200 zijn." in said


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        *(("bed", "nl", 1), ("geeuwen", "nl", 2), ("ruziën", "nl", 3), ("bedtijd", "nl", 2), ("buiten", "nl", 2)),
        *(("make", "en", 1), ("asked", "en", 1), ("waited", "en", 2), ("little", "en", 2), ("bedtime", "en", 2)),
    ],
)
def test_syllables_are_counted_as_spoken(word, language, count):
    assert reading.syllables(word, language) == count


def test_short_words_in_short_sentences_read_easier():
    easy, heavy = (
        "Ik blijf bij je. Het is laat.",
        "Onderhandelingsmogelijkheden beperken vermoeidheidsverschijnselen.",
    )
    assert reading.ease(easy, "nl") > reading.PLAIN > reading.ease(heavy, "nl")


def test_the_command_says_how_much_it_checked(app):
    answer = app.test_cli_runner().invoke(args=["prompts", "check"])
    assert (answer.exit_code, "All is well: 17 cards, 233 suggestions, 210 tips" in answer.output) == (0, True)


def test_the_command_names_file_and_line(app, tmp_path):
    (tmp_path / "nl/routine").mkdir(parents=True)
    (tmp_path / "nl/routine/sleeping.toml").write_text("says = [")
    answer = app.test_cli_runner().invoke(args=["prompts", "check", "--folder", str(tmp_path)])
    assert answer.exit_code == 1
    assert "sleeping.toml:1: Dit is geen leesbare TOML" in answer.output
