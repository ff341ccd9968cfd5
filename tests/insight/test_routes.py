"""A parent's own look back: small, mild and true."""

import re
from datetime import timedelta

import pytest


@pytest.fixture
def writes(marit, now):
    def write(back: int, **fields) -> str:
        return marit.writes(happened_at=(now() - timedelta(days=back)).isoformat(), **fields)

    return write


def rows(text: str) -> list[tuple[int, int]]:
    """Per week: fine moments, incidents."""
    return [
        (int(a), int(b)) for a, b in re.findall(r'<th scope="row">[^<]+ \w+</th><td>(\d+)</td><td>(\d+)</td>', text)
    ]


def test_an_empty_diary_gets_a_kind_word_and_no_chart(marit):
    text = marit.get("/insight").text
    assert "Nog niets om naar te kijken." in text
    assert "<svg class=" not in text.replace('<svg class="icon"', "")


def test_each_week_counts_what_was_written_of_it(marit, writes):
    for back in (0, 6, 7, 27):
        writes(back, situation="eating")
    writes(1, kind="contact", area="", what="together")
    writes(28, situation="eating")  # before the first week
    assert rows(marit.get("/insight").text) == [(0, 1), (0, 0), (0, 1), (1, 2)]
    assert sum(n for _, n in rows(marit.get("/insight?weeks=12").text)) == 5


def test_what_another_keeps_private_is_not_counted(marit, joins):
    joost = joins(marit, "Joost")
    joost.writes(situation="eating")
    joost.writes(situation="eating", shared="family")
    assert rows(marit.get("/insight").text)[-1] == (0, 1)


def test_danger_leads_to_people_before_anything_else(marit, writes):
    writes(1, area="limit", situation="self_harm")
    text = marit.get("/insight").text
    assert text.index("huisarts") < text.index('href="/help"', text.index("huisarts")) < text.index('id="balance"')


def test_a_parent_sees_the_signal_before_anyone_else_does(marit, writes, counsellor, tied):
    person = counsellor("Anneke")
    family = tied(marit, person)
    writes(1, area="limit", situation="danger")
    assert "Om over te praten" not in person.get(f"/counsellor/{family}").text
    assert "gevaar" in marit.get("/insight").text.partition('id="balance"')[0]


def test_low_energy_of_the_other_parent_is_not_told(marit, joins, now):
    joost = joins(marit, "Joost")
    for back in range(3):
        at = (now() - timedelta(days=back)).isoformat()
        joost.writes(kind="checkin", area="", energy="1", shared="family", happened_at=at)
    assert "weinig energie" in joost.get("/insight").text
    assert "weinig energie" not in marit.get("/insight").text


def test_what_helped_is_named_and_what_did_not_is_not(marit):
    marit.post("/asso/sleeping-throws-toys/tries", {"helped": "yes"})
    marit.post("/asso/sleeping-afraid-of-dark/tries", {"helped": "not_yet"})
    text = marit.get("/insight").text
    assert "/asso/sleeping-throws-toys" in text
    assert "/asso/sleeping-afraid-of-dark" not in text


@pytest.mark.parametrize("weeks", ["x", "0", "-4", "999999999999999999999"])
def test_a_length_that_is_none_of_ours_shows_four_weeks(marit, writes, weeks):
    writes(1, situation="eating")
    assert len(rows(marit.get(f"/insight?weeks={weeks}").text)) == 4
