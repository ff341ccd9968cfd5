"""A counsellor's number, on the help card of the families she supports and nowhere else."""

import pytest


@pytest.fixture
def joke(counsellor, marit, tied):
    joke = counsellor("Joke")
    tied(marit, joke)
    joke.post("/counsellor/reach", {"phone": "06 1234 5678", "days": "maandag en dinsdag"})
    return joke


def test_her_family_finds_it_on_the_help_card(marit, joke):
    page = marit.get("/help").text
    for word in ("Joke", "06 1234 5678", 'href="tel:0612345678"', "maandag en dinsdag"):
        assert word in page


def test_nobody_else_does(joke, marit, parent, stranger, new_phone, now):
    assert marit.post("/family/leave", {"sure": "y"}).status_code == 302
    for who in (marit, parent("Eva"), stranger):
        assert "1234 5678" not in who.get("/help").text
    assert "1234 5678" not in stranger.get("/offline/nl/help").text


@pytest.mark.parametrize(
    "changed",
    [
        "memberships set state = 'ended'",
        "memberships set state = 'invited'",
        "memberships set until_day = '2026-11-19'",
        "memberships set from_day = '2026-11-21'",
        "accounts set ended_at = '2026-11-20'",
    ],
)
def test_it_goes_with_the_tie(marit, joke, db, changed):
    db.execute(f"update {changed} where role = 'counsellor'")
    assert "1234 5678" not in marit.get("/help").text


def test_she_empties_it(marit, joke):
    joke.post("/counsellor/reach")
    page = marit.get("/help").text
    assert "Joke" not in page
    assert "het nummer dat jullie hebben afgesproken" in page


@pytest.mark.parametrize(
    "fields", [{"phone": "bel mij"}, {"phone": "1" * 40}, {"days": "d" * 121}, {"phone": "<b>06</b>"}]
)
def test_what_is_no_number_comes_back_with_what_was_typed(marit, joke, fields):
    answer = joke.post("/counsellor/reach", fields)
    assert answer.status_code == 422
    assert "06 1234 5678" in marit.get("/help").text
