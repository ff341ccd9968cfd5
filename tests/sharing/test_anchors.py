"""The anchor card: the parent's words on one page, and a link that opens nothing else."""

import re
from dataclasses import replace

import pytest

from diary.upkeep import retention
from tests.conftest import contents

DAY = {"day": "zeven uur op, dan ontbijt", "know": "houdt van deuren dicht", "call": "Marit 06"}


@pytest.fixture
def saved(marit):
    marit.post("/plan", {"kind": "agreement", "situation": "sleeping", "text": "in de gang met een boek"})
    agreed = re.search(r'name="agreed" value="([0-9a-f-]{36})"', marit.get("/anchor").text).group(1)
    marit.writes(situation="sleeping", note="zilverstruik")
    answer = marit.post("/anchor", DAY | {"child": marit.child(), "agreed": agreed})
    assert answer.status_code == 302
    return answer


def link(marit) -> str:
    return re.search(r'value="http://[^/]+(/a/[\w-]+)"', marit.post("/anchor/links", {"child": marit.child()}).text)[
        1
    ]


def test_the_card_says_what_was_chosen_and_holds_no_incident(marit, saved, stranger):
    for text in (marit.get("/anchor").text, stranger.get(link(marit)).text):
        for word in (*DAY.values(), "in de gang met een boek"):
            assert word in text
        assert "zilverstruik" not in text


def test_behind_the_link_is_nothing_but_the_card(marit, saved, stranger, db):
    path = link(marit)
    before = contents(db)
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert [word for word in ("csrf", "<form", "<script", "Marit@", "/today", "<nav") if word in answer.text] == []
    assert contents(db) == before


def test_it_is_as_neutral_for_who_is_signed_in(marit, saved, stranger):
    path = link(marit)
    assert marit.get(path).text == stranger.get(path).text


def test_a_link_stops_after_a_week(marit, saved, stranger, now):
    path = link(marit)
    now.pass_by(days=6, hours=23)
    assert stranger.get(path).status_code == 200
    now.pass_by(hours=2)
    gone = stranger.get(path)
    assert (gone.status_code, "Sem" in gone.text) == (404, False)
    assert gone.text == stranger.get("/a/geraden").text


def test_any_adult_takes_a_link_back_at_once(marit, joins, saved, stranger):
    path, joost = link(marit), joins(marit, "Joost")
    uid = re.search(r"/anchor/links/([0-9a-f-]{36})/withdraw", joost.get("/anchor").text).group(1)
    assert joost.post(f"/anchor/links/{uid}/withdraw").status_code == 302
    assert joost.post(f"/anchor/links/{uid}/withdraw").status_code == 404
    assert stranger.get(path).status_code == 404


def test_a_link_ends_with_its_maker_in_the_family(marit, joins, saved, stranger):
    joost = joins(marit, "Joost")
    path = link(joost)
    assert stranger.get(path).status_code == 200
    joost.post("/family/leave", {"sure": "y"})
    assert stranger.get(path).status_code == 404


def test_another_family_has_no_part_in_it(marit, parent, saved):
    eva, child = parent("Eva"), marit.child()
    assert "zeven uur op" not in eva.get(f"/anchor?child={child}").text
    assert eva.post("/anchor", DAY | {"child": child}).status_code == 404
    assert eva.post("/anchor/links", {"child": child}).status_code == 404
    uid = link(marit) and re.search(r"/anchor/links/([0-9a-f-]{36})/withdraw", marit.get("/anchor").text).group(1)
    assert eva.post(f"/anchor/links/{uid}/withdraw").status_code == 404


@pytest.mark.parametrize("wrong", [{"agreed": "x"}, {"helps": "x"}, {"day": "x" * 3001}])
def test_a_card_that_cannot_be_kept_comes_back_with_what_was_typed(marit, wrong):
    answer = marit.post("/anchor", DAY | {"child": marit.child(), **wrong})
    assert answer.status_code == 422
    assert "houdt van deuren dicht" in answer.text


def test_without_a_card_there_is_no_link(marit):
    assert marit.post("/anchor/links", {"child": marit.child()}).status_code == 404


def test_its_words_are_sealed_and_its_token_is_not_kept(marit, saved, on_disk):
    token = link(marit).removeprefix("/a/")
    assert len(token) >= 32
    assert [word for word in (b"deuren dicht", token.encode()) if word in on_disk()] == []


def test_a_link_is_forgotten_a_month_after_it_was_made(marit, saved, db, now):
    link(marit)
    now.pass_by(days=29)
    retention.sweep(db, now())
    assert db["anchor_links"].count == 1
    now.pass_by(days=2)
    retention.sweep(db, now())
    assert db["anchor_links"].count == 0


def test_a_link_is_the_address_by_which_families_reach_us(marit, saved, app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], url="http://dagboek.example")
    assert 'value="http://dagboek.example/a/' in marit.post("/anchor/links", {"child": marit.child()}).text


def test_a_page_behind_a_link_tells_nobody_its_address(marit, saved, stranger):
    assert stranger.get(link(marit)).headers.getlist("Referrer-Policy") == ["no-referrer"]


def test_the_page_of_the_card_has_one_title_and_so_has_the_card_behind_its_link(marit, stranger, saved):
    assert marit.get("/anchor").text.count("<h1") == 1
    assert stranger.get(link(marit)).text.count("<h1") == 1
