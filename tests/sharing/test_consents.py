"""At 12, 16 and 18 a child has a say in what is shared about it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from diary import store
from diary.people import children
from diary.people.children import Child
from diary.sharing import consents, defaults


@pytest.fixture
def grown(marit, anneke) -> str:
    """Marit's child, who is twelve this month."""
    uid = marit.child()
    marit.post(f"/family/children/{uid}", {"name": "Sem", "born": "2014-11"})
    return uid


def agrees(parent, child: str, agrees: str = "1"):
    return parent.post(f"/sharing/consents/{child}", {"agrees": agrees}, follow_redirects=True).text


def test_nothing_new_is_shared_until_the_parent_wrote_that_the_child_agrees(marit, anneke, grown, gives, reads):
    uid = marit.writes(child=grown)
    assert not gives(marit, uid)
    page = marit.get(f"/entries/{uid}/share").text
    assert "Praat met Sem over delen" in page
    assert "Deel nu" not in page
    assert "Sem is nu 12 of ouder" in marit.get("/today").text
    assert "/share" in marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"}).location
    assert reads(anneke, anneke.family) == {}
    assert "Je kunt weer delen over Sem" in agrees(marit, grown)
    assert gives(marit, uid)
    assert reads(anneke, anneke.family) == {uid: 1}
    assert "Sem is nu 12" not in marit.get("/today").text


def test_who_shares_with_nobody_is_asked_nothing(marit):
    marit.post(f"/family/children/{marit.child()}", {"name": "Sem", "born": "2012-11"})
    assert "Sem is nu" not in marit.get("/today").text
    assert "Praat met Sem" not in marit.get("/sharing").text


def test_what_is_about_no_child_is_shared_as_before(marit, grown, gives):
    assert gives(marit, marit.writes(kind="checkin", area="", energy="3"))


def test_the_pause_begins_at_midnight_where_the_family_lives(marit, anneke, gives, now):
    marit.post(f"/family/children/{marit.child()}", {"name": "Sem", "born": "2014-12"})
    uid, later = marit.writes(child=marit.child()), marit.writes(child=marit.child(), area="limit")
    now.at = datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)
    assert gives(marit, uid)
    now.pass_by(seconds=1)
    assert not gives(marit, later)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2014-11", "2026-10-31", None),
        ("2014-11", "2026-11-01", 12),
        ("2014-11", "2030-10-31", 12),
        ("2014-11", "2030-11-01", 16),
        ("2014-11", "2032-11-01", 18),
        ("2012-02", "2024-02-01", 12),
        ("2001-01", "2026-11-20", 18),
        (None, "2026-11-20", None),
    ],
)
def test_the_last_of_three_birthdays_counts_from_the_first_of_its_month(born, day, age):
    assert consents.reached(Child(1, "", "Sem", born, None), date.fromisoformat(day)) == age


def test_a_later_birthday_asks_again(db, marit, grown, viewer, now):
    agrees(marit, grown)
    sem = children.of_family(db, viewer(marit))[0]
    asked = [consents.of(db, viewer(marit), [sem], now() + timedelta(days=365 * n)) for n in (0, 3, 5)]
    assert [(one.age, one.waits) for (one,) in asked] == [(12, False), (12, False), (16, True)]


def test_each_parent_answers_for_what_they_share(marit, joins, anneke, grown, gives):
    joost = joins(marit, "Joost")
    agrees(marit, grown)
    assert not gives(joost, joost.writes(child=grown))


def test_a_no_takes_back_all_about_this_child_and_nothing_else(marit, anneke, grown, gives, reads):
    agrees(marit, grown)
    about, other = marit.writes(child=grown), marit.writes(kind="checkin", area="", energy="3")
    assert gives(marit, about)
    assert gives(marit, other)
    assert "Sem vindt delen goed" in marit.get("/sharing").text
    agrees(marit, grown, "0")
    assert reads(anneke, anneke.family) == {other: 1}
    assert not gives(marit, about)


def test_nothing_goes_by_itself_while_it_waits(app, db, marit, anneke, grown, now):
    marit.post("/sharing/defaults", {"incident": "now"})
    now.pass_by(minutes=1)
    uid = marit.writes(child=grown)
    text = marit.get(f"/entries/{uid}").text
    assert "delen we dit" not in text
    assert "Delen over Sem wacht op een antwoord" in text
    now.pass_by(minutes=61)
    defaults.follow(db, app.config["VAULT"], now())
    assert store.rows(db, "select * from shares") == []


def test_no_link_of_the_anchor_card_is_made_while_it_waits(marit, grown):
    marit.post("/anchor", {"child": grown, "day": "zeven uur op"})
    assert "Maak een link" not in marit.get("/anchor").text
    assert marit.post("/anchor/links", {"child": grown}).status_code == 404
    agrees(marit, grown)
    assert marit.post("/anchor/links", {"child": grown}).status_code == 200


def test_every_yes_and_its_end_is_kept_with_what_was_told(db, marit, grown):
    for answer in ("1", "1", "0", "0", "1"):
        agrees(marit, grown, answer)
    kept = store.rows(db, "select age, told, withdrawn_at is null as stands from consents order by id")
    assert [(row["age"], row["told"], row["stands"]) for row in kept] == [(12, 1, 0), (12, 1, 1)]
    log = marit.get("/sharing/log").text
    assert "schreef op dat je kind delen goed vindt" in log
    assert "schreef op dat je kind niet meer wil delen" in log


def test_the_child_of_another_family_is_nobody(marit, parent, grown):
    assert parent("Eva").post(f"/sharing/consents/{grown}", {"agrees": "1"}).status_code == 404


def test_of_a_young_child_nothing_is_asked(marit, anneke):
    assert "Praat met" not in marit.get("/sharing").text
    assert marit.post(f"/sharing/consents/{marit.child()}", {"agrees": "1"}).status_code == 404
