"""A parent's own sentences: offered first, private unless shared, and sealed."""

import pytest

from diary.asso import phrases

SLEEP = "/asso/sleeping-throws-toys"
MINE = {"asso_connect": "Daar vliegt appelboom.", "asso_start": "Wij tillen perenboom."}


def test_ones_own_sentences_stand_in_the_place_of_ours(marit):
    before = marit.get(SLEEP).text
    marit.post(f"{SLEEP}/phrase", MINE)
    after = marit.get(SLEEP).text
    assert "appelboom" not in before
    assert ["“Daar vliegt appelboom.”" in after, "in jouw woorden" in after] == [True, True]


def test_an_own_sentence_comes_first_the_next_time(marit):
    assert "appelboom" not in marit.get("/asso?situation=sleeping").text
    marit.post("/asso/sleeping-afraid-of-dark/phrase", MINE)
    assert "appelboom" in marit.get("/asso?situation=sleeping").text


def test_others_see_them_only_when_shared_and_strangers_never(marit, joins, parent):
    joost, eva = joins(marit, "Joost"), parent("Eva")
    marit.post(f"{SLEEP}/phrase", MINE)
    assert "appelboom" not in joost.get(SLEEP).text
    marit.post(f"{SLEEP}/phrase", {**MINE, "shared": "1"})
    assert "in de woorden van Marit" in joost.get(SLEEP).text
    assert "appelboom" not in eva.get(SLEEP).text
    marit.post(f"{SLEEP}/phrase", MINE)
    assert "appelboom" not in joost.get(SLEEP).text


def test_another_ones_shared_sentences_do_not_hide_ones_own(marit, joins):
    joost = joins(marit, "Joost")
    joost.post(f"{SLEEP}/phrase", {"asso_connect": "kersenboom", "shared": "1"})
    marit.post(f"{SLEEP}/phrase", MINE)
    page = marit.get(SLEEP).text
    assert ["appelboom" in page, "“kersenboom”" in page] == [True, False]


def test_who_left_reads_no_sentences_any_more(marit, joins):
    joost = joins(marit, "Joost")
    marit.post(f"{SLEEP}/phrase", {**MINE, "shared": "1"})
    joost.post("/family/leave", {"sure": "y"})
    assert joost.get(SLEEP).status_code == 302


def test_emptying_all_steps_forgets_them(marit, db):
    marit.post(f"{SLEEP}/phrase", MINE)
    marit.post(f"{SLEEP}/phrase", {"asso_connect": " "})
    assert list(db.query("select * from phrases")) == []


def test_saving_twice_keeps_one(marit, db):
    for _ in range(2):
        marit.post(f"{SLEEP}/phrase", MINE)
    assert db.execute("select count(*) from phrases").fetchone() == (1,)


def test_the_words_lie_sealed_on_the_disk(marit, on_disk):
    marit.post(f"{SLEEP}/phrase", MINE)
    assert b"appelboom" not in on_disk()


def test_words_moved_to_another_suggestion_do_not_open(marit, db, viewer):
    marit.post(f"{SLEEP}/phrase", MINE)
    with db.conn:
        db.execute("update phrases set suggestion = 'eating-counts-portions'")
    assert phrases.seen(db, viewer(marit)) == []


@pytest.mark.parametrize("text", ["x" * 301, "é" * 20_000])
def test_a_sentence_that_is_too_long_comes_back_as_typed(marit, db, text):
    answer = marit.post(f"{SLEEP}/phrase", {"asso_connect": text})
    assert (answer.status_code, text in answer.text) == (422, True)
    assert list(db.query("select * from phrases")) == []
