"""From every page there is a way on: installed on a phone, an app has no back button of the browser."""

import re

import pytest

WAY_BACK = re.compile(r'<a class="(?:back|button[^"]*)" href="(/[^"]*)"')
BAR = '<nav class="bar"'
UNDER_MORE = ["/family", "/plan", "/insight", "/sharing", "/reminders", "/deleted", "/anchor", "/sharing/card"]
UNDER_MORE += ["/settings/export", "/settings/erasure", "/settings/steps"]


def leads_on(page: str) -> bool:
    return BAR in page or bool(WAY_BACK.search(page.partition("<main")[2].partition("</main>")[0]))


@pytest.mark.parametrize("path", ["/help", "/reading", "/password/forgot", "/nowhere", "/join/unknown"])
def test_a_visitor_is_not_left_on_a_page_without_a_way_back(stranger, path):
    assert leads_on(stranger.get(path).text)


@pytest.mark.parametrize("path", ["/help", "/reading", "/settings", "/settings/steps", "/step", "/nowhere"])
def test_who_works_for_a_practice_is_not_either(anneke, admin, path):
    assert [leads_on(person.get(path).text) for person in (anneke, admin)] == [True, True]


def test_a_parent_may_turn_back_from_the_password_that_is_asked_again(marit, now):
    now.pass_by(hours=1)
    page = marit.get("/settings/steps", follow_redirects=True).text
    assert "Je wachtwoord van nu" in page
    assert leads_on(page)


@pytest.mark.parametrize("path", UNDER_MORE)
def test_what_stands_under_more_leads_back_and_the_bar_says_so(marit, path):
    page = marit.get(path).text
    assert WAY_BACK.search(page)
    assert re.search(r'<a href="/settings" aria-current="page">', page)


def test_who_has_no_diary_yet_finds_the_way_back_from_the_settings(newcomer):
    assert WAY_BACK.search(newcomer("Sanne").get("/settings").text)


def test_empty_pages_say_what_to_do(marit):
    assert "Schrijf een voorval op" in marit.get("/asso/practice").text
    assert "Nodig je begeleider uit" in marit.get("/sharing").text
    assert 'href="/family#counsellors"' in marit.get("/sharing/card").text
