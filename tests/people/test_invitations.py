"""Letting someone in: once, within three days, by the one who asked, and nothing to see before."""

import re

import pytest

from diary.people import families, invitations
from tests.conftest import contents
from tests.persons import PASSWORD


@pytest.fixture
def link(marit) -> str:
    return re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group()


def test_signing_up_on_the_way_to_an_invitation_does_not_say_yes_to_it(marit, stranger, db):
    link = re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group()
    who = {"name": "Joost", "email": "joost@example.org", "password": PASSWORD, "next": link, "whose": ""}
    answer = stranger.post("/register", who)
    assert (answer.status_code, answer.location) == (302, link)


def test_nothing_is_seen_before_the_inviter_confirms(marit, joins):
    uid = marit.writes(note="appelboom", shared="family")
    joost = joins(marit, "Joost", confirmed=False)
    assert joost.get("/today").location == "/welcome"
    assert joost.get(f"/entries/{uid}").location == "/welcome"
    assert "appelboom" not in joost.get("/welcome").text


def test_once_confirmed_one_reads_what_is_shared_and_no_more(marit, joins):
    marit.writes(note="appelboom", shared="family")
    marit.writes(note="perenboom")
    page = joins(marit, "Joost").get("/timeline").text
    assert ("appelboom" in page, "perenboom" in page, "Marit" in page) == (True, False, True)


def test_who_opens_their_own_link_is_not_asked_to_join_themselves(marit, link):
    page = marit.get(link).text
    assert "Dit is je eigen uitnodiging" in page
    assert f'action="{link}"' not in page


def test_opening_the_link_uses_nothing_up(newcomer, stranger, link):
    for _ in range(3):
        assert stranger.get(link).status_code == 200
    assert newcomer("Joost").post(link).status_code == 302


def test_a_link_works_for_one_person(newcomer, link):
    newcomer("Joost").post(link)
    assert newcomer("Bram").post(link).status_code == 404


@pytest.mark.parametrize(("minutes", "answer"), [(-1, 302), (1, 404)])
def test_a_link_works_for_72_hours(newcomer, link, now, minutes, answer):
    joost = newcomer("Joost")
    now.pass_by(hours=72, minutes=minutes)
    assert joost.post(link).status_code == answer


def test_who_comes_with_a_dead_link_is_told_of_to_the_family_without_a_name(marit, newcomer, parent, link, db):
    joost = newcomer("Joost")
    for _ in range(2):
        joost.post(link)
    marit.post(link)
    assert "wilde met een link" not in marit.get("/sharing/log").text  # used once, by whom it was meant for
    hanan, wouter = parent("Hanan"), newcomer("Wouter")
    for person in (hanan, wouter):
        assert person.post(link).status_code == 404
        assert person.post("/join/geraden").status_code == 404
    text = marit.get("/sharing/log").text
    assert text.count("wilde met een link") == 2
    assert "Iemand van buiten" in text
    assert [name for name in ("Hanan", "Wouter") if name in text] == []
    assert "wilde met een link" not in hanan.get("/sharing/log").text


def test_a_withdrawn_link_is_dead(marit, newcomer, link):
    marit.post(re.search(r"/family/invitations/[\w-]+/withdraw", marit.get("/family").text).group())
    assert newcomer("Joost").post(link).status_code == 404


@pytest.mark.parametrize("of", ["number", "other family", "own family"])
def test_nobody_of_another_family_withdraws_a_link(db, now, marit, parent, viewer, newcomer, link, of):
    eva, (made,) = viewer(parent("Eva")), invitations.waiting(db, viewer(marit), now())
    guesses = {"number": str(made["id"]), "other family": made["uid"]}
    assert not invitations.withdraw(db, eva, guesses.get(of, eva.seal.uid("invitation", made["id"])), now())
    assert newcomer("Joost").post(link).status_code == 302


def test_who_left_invites_nobody_and_withdraws_nothing(db, now, marit, joins, viewer):
    joost = joins(marit, "Joost")
    stale = viewer(marit)
    marit.post("/family/leave", {"sure": "y"})
    assert invitations.invite(db, viewer(joost), now())
    (made,) = invitations.waiting(db, viewer(joost), now())
    before = contents(db)
    assert not invitations.withdraw(db, stale, made["uid"], now())
    assert invitations.invite(db, stale, now()) is None
    assert contents(db) == before


def test_a_link_dies_with_its_maker_leaving(marit, joins, newcomer, link):
    joins(marit, "Joost")
    marit.post("/family/leave", {"sure": "y"})
    assert newcomer("Bram").post(link).status_code == 404


def test_only_the_inviter_confirms(marit, joins):
    joost = joins(marit, "Joost")
    bram = joins(marit, "Bram", confirmed=False)
    uid = re.search(r"/family/members/([\w-]+)/decline", joost.get("/family").text).group(1)
    joost.post(f"/family/members/{uid}/confirm")
    assert bram.get("/today").location == "/welcome"


def test_who_was_let_in_by_another_is_told_to_all(marit, joins):
    joost = joins(marit, "Joost")
    joins(joost, "Bram")
    assert "Bram schrijft nu ook mee" in marit.get("/today").text


def test_leaving_deletes_nothing_and_closes_the_door(marit, joins):
    joost = joins(marit, "Joost")
    joost.writes(note="appelboom", shared="family")
    joost.post("/family/leave", {"sure": "y"})
    assert "appelboom" in marit.get("/timeline").text
    assert joost.get("/timeline").location == "/welcome"


def test_nobody_puts_out_another_adult(marit, joins, db, viewer):
    joost = joins(marit, "Joost")
    for member in families.members(db, viewer(marit)):
        marit.post(f"/family/members/{member['uid']}/decline")
    assert joost.get("/today").status_code == 200


def test_accepting_twice_is_accepting_once(newcomer, link, db):
    joost = newcomer("Joost")
    assert [joost.post(link).status_code for _ in range(2)] == [302, 302]
    assert db.execute("select count(*) from memberships where state = 'invited'").fetchone() == (1,)


def test_the_link_of_who_left_stays_dead_when_they_come_back(marit, joins, newcomer):
    joost = joins(marit, "Joost")
    old = re.search(r"/join/[\w-]+", joost.post("/family/invitations").text).group()
    joost.post("/family/leave", {"sure": "y"})
    joost.post(re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group())
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/today").text).group())
    assert joost.get("/family").status_code == 200
    assert newcomer("Bram").post(old).status_code == 404


def test_a_link_is_dead_whichever_way_its_maker_went(db, newcomer, link):
    db.execute("update memberships set state = 'ended'")
    assert newcomer("Joost").get(link).status_code == 404
