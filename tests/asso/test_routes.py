"""The helper's pages: by tapping, by typing, from an entry; and what they do with nonsense."""

import json
import re

import pytest
from markupsafe import escape

from diary.asso.library import Shelf
from diary.journal import terms


def steps(page: str) -> int:
    return page.count('class="step-asso__say"')


@pytest.mark.parametrize("situation", terms.SITUATION)
def test_two_taps_bring_four_sentences_for_every_situation(marit, situation):
    assert f"situation={situation}" in marit.get("/asso").text
    assert steps(marit.get(f"/asso?situation={situation}").text) == 4


def test_a_typed_line_brings_four_sentences_and_says_what_it_was_taken_for(marit):
    page = marit.get("/asso?q=hij+gooit+met+speelgoed+als+hij+naar+bed+moet").text
    assert steps(page) == 4
    assert "Dit lijkt te gaan over" in page
    assert "je schreef:" in page


@pytest.mark.parametrize("text", ["qwrtp zxcvb", "🧸", "\0", "x" * 10_000, "%%%", "<script>alert(1)</script>"])
def test_what_says_nothing_is_answered_honestly_with_all_situations(marit, text):
    answer = marit.get("/asso", query_string={"q": text})
    assert answer.status_code == 200
    assert "weet ik niet goed te plaatsen" in answer.text
    assert steps(answer.text) == 0
    assert all(f"situation={id}" in answer.text for id in terms.SITUATION)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["?situation=flying", "?child=9", "?entry=9", "/shoes?n=99999999999", "/shoes?n=x"])
def test_what_does_not_exist_is_passed_over(marit, path):
    assert marit.get(f"/asso{path}").status_code == 200


@pytest.mark.parametrize("path", ["/asso/sleeping-nope", "/asso/%00", "/asso/sleeping-nope/entry", "/reading/nope"])
def test_what_is_no_suggestion_is_not_found(marit, path):
    assert marit.get(path).status_code == 404


def test_from_an_entry_the_situation_and_the_age_of_that_moment_count(marit):
    uid = marit.writes(situation="sleeping", age="11")
    page = marit.get(f"/asso?entry={uid}").text
    assert "11 jaar van binnen" in page
    assert f'name="entry" value="{uid}"' in page
    assert f"/asso?entry={uid}" in marit.get(f"/entries/{uid}").text


def test_ahead_of_the_moment_comes_first_what_is_for_ahead_and_that_goes_along(app, marit):
    page = marit.get("/asso?situation=sleeping&moment=before").text
    first = re.search(r'action="/asso/([\w-]+)/tries"', page).group(1)
    assert app.config["SHELF"].library("nl").suggestions[first].moment == "before"
    assert 'name="moment" value="before"' in page
    assert "moment=before" in re.search(r'/asso/sleeping-[\w-]+\?[^"]*', page).group()
    assert marit.get("/asso?situation=sleeping&moment=%00").status_code == 200


def test_from_an_entry_without_a_situation_its_text_counts_and_stays_off_the_address(marit):
    uid = marit.writes(note="ze gooit haar speelgoed kapot, appelboom")
    page = marit.get(f"/asso?entry={uid}").text
    assert steps(page) == 4
    assert not re.search(r'(href|action|value)="[^"]*appelboom', page)


def test_another_ones_entry_tells_nothing(marit, joins):
    joost = joins(marit, "Joost")
    uid = marit.writes(situation="sleeping", age="11")
    page = joost.get(f"/asso?entry={uid}").text
    assert (steps(page), "11 jaar" in page) == (0, False)


def test_right_after_a_fight_today_offers_words(marit, now):
    uid = marit.writes(situation="sleeping")
    assert f"/asso?entry={uid}" in marit.get("/today").text
    now.pass_by(hours=1)
    assert f"/asso?entry={uid}" not in marit.get("/today").text


def test_the_words_are_carried_into_a_new_entry(marit):
    page = marit.get("/asso/sleeping-throws-toys/entry").text
    assert "Bedtijd, en hup" in page
    assert re.search(r'name="situation_routine" value="sleeping" checked', page)


def test_grave_matters_show_people_above_the_suggestion(marit):
    page = marit.get("/asso?situation=self_harm").text
    assert page.index('href="/help"', page.index("<main")) < page.index("step-asso__say")


def test_the_help_card_is_one_tap_from_every_page_signed_in_or_not(marit, stranger):
    for person, paths in (
        (marit, ["/today", "/timeline", "/entries/new?kind=incident", "/asso", "/settings"]),
        (stranger, ["/", "/login", "/register", "/reading"]),
    ):
        assert all('href="/help"' in person.get(path).text for path in paths)
    for number in ("112", "08002000", "08000113"):
        assert f'href="tel:{number}"' in stranger.get("/help").text


def test_every_card_can_be_read_in_both_languages(stranger):
    for language in ("nl", "en"):
        for card in Shelf().library(language).cards.values():
            page = stranger.get(f"/reading/{card.id}", headers={"Accept-Language": language}).text
            assert str(escape(card.title)) in page
            assert card.source in page


def test_who_reads_english_is_helped_in_english(marit):
    marit.post("/settings", {"name": "Marit", "language": "en"})
    page = marit.get("/asso?q=throws+toys+at+bedtime").text
    assert "What do I say?" in page
    assert steps(page) == 4


class TestPractice:
    def test_without_a_diary_it_says_when_there_will_be_something(self, marit):
        assert "Nog geen moment om mee te oefenen" in marit.get("/asso/practice").text

    def test_a_moment_of_some_days_ago_comes_back_with_an_example_and_nothing_is_kept(self, marit, now, db):
        marit.writes(situation="sleeping", note="Knuffels door de kamer.")
        now.pass_by(days=3)
        assert "Knuffels door de kamer." in marit.get("/asso/practice").text
        page = marit.post("/asso/practice", {"asso_connect": "appelboom"}).text
        assert "appelboom" in page
        assert steps(page) == 4
        assert list(db.query("select * from phrases")) == []

    def test_todays_fight_is_left_alone(self, marit, now):
        marit.writes(situation="sleeping", note="Knuffels door de kamer.")
        now.pass_by(hours=20)
        assert "Knuffels" not in marit.get("/asso/practice").text

    def test_another_ones_moment_is_not_practised_on(self, marit, joins, now):
        joost = joins(marit, "Joost")
        marit.writes(situation="sleeping", note="Knuffels door de kamer.", shared="family")
        now.pass_by(days=3)
        assert "Knuffels" not in joost.get("/asso/practice").text


def test_the_command_prints_json_lines_best_first(app):
    asked = ["hij gooit met speelgoed als hij naar bed moet", "--age", "4"]
    answer = app.test_cli_runner().invoke(args=["suggest", *asked])
    lines = [json.loads(line) for line in answer.output.splitlines()]
    assert [set(line) for line in lines] == [{"id", "situation", "area", "score", "why"}] * 3
    assert terms.AREA_OF[lines[0]["situation"]] == lines[0]["area"]


def test_the_command_prints_nothing_for_nonsense(app):
    answer = app.test_cli_runner().invoke(args=["suggest", "qwrtp zxcvb"])
    assert (answer.exit_code, answer.output) == (0, "")
