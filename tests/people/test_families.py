"""A family begins, lets people in, is left and found again."""

from datetime import timedelta

import pytest

from diary import store
from diary.journal import entries, timeline
from diary.people import accounts, families, invitations
from tests.conftest import contents


@pytest.fixture
def account(db):
    return lambda person: accounts.by_email(db, person.email)["id"]


@pytest.fixture
def asks(db, now, viewer, account):
    """Lets someone ask to be let in by the host, and gives the uid of the asking."""

    def ask(host, guest) -> str:
        assert invitations.accept(db, invitations.invite(db, viewer(host), now()), account(guest), now())
        asking = (m for m in families.members(db, viewer(host)) if m["account"] == account(guest))
        return next(asking)["uid"]

    return ask


@pytest.fixture
def notes(db, viewer):
    """What someone reads in the diary that is open."""

    def read(person) -> list[str]:
        return [entry.body["note"] for entry in timeline.page(db, viewer(person), timeline.Filters()).entries]

    return read


def latest(db) -> dict:
    """The last asking to be let in."""
    return store.row(db, "select id, state from memberships where invited_at is not null order by id desc limit 1")


def leaves(person) -> None:
    person.post("/family/leave", {"sure": "y"})


# -- beginning


def test_who_begins_a_family_is_in_it_and_has_it_open(app, db, now, newcomer, viewer, account):
    joost = newcomer("Joost")
    family, _ = families.found(db, app.config["VAULT"], account(joost), now())
    me = viewer(joost)
    assert (me.family, families.open_one(db, me.id)) == (family, family)
    assert [(m["name"], m["role"], m["state"], m["confirmed_by"]) for m in families.members(db, me)] == [
        ("Joost", "parent", "confirmed", me.id)
    ]


def test_the_key_that_is_given_opens_what_the_family_wrote_and_nothing_of_another(marit, parent, viewer):
    mine, theirs = viewer(marit).seal, viewer(parent("Eva")).seal
    sealed = mine.close("appelboom", "x")
    assert (mine.open(sealed, "x"), theirs.opens(sealed, "x")) == ("appelboom", False)


def test_the_key_of_a_family_does_not_open_under_the_name_of_another(app, db, marit, parent):
    parent("Eva")
    first, second = store.rows(db, "select uid, key from families order by id")
    assert app.config["VAULT"].opens(first["key"], "family key", first["uid"])
    assert not app.config["VAULT"].opens(first["key"], "family key", second["uid"])


# -- letting in


def test_only_the_inviter_lets_in_and_a_second_time_changes_nothing(db, now, marit, joins, newcomer, viewer, asks):
    joost, bram = joins(marit, "Joost"), newcomer("Bram")
    uid = asks(marit, bram)
    assert not families.confirm(db, viewer(joost), uid, now())
    assert viewer(bram).family is None
    assert families.confirm(db, viewer(marit), uid, now())
    assert viewer(bram).family == viewer(marit).family
    before = contents(db)
    now.pass_by(hours=1)
    assert not families.confirm(db, viewer(marit), uid, now())
    assert contents(db) == before


def test_an_inviter_who_has_another_diary_open_lets_nobody_in(app, db, now, marit, newcomer, viewer, asks):
    uid = asks(marit, newcomer("Bram"))
    families.found(db, app.config["VAULT"], viewer(marit).id, now())
    assert not families.confirm(db, viewer(marit), uid, now())
    assert latest(db)["state"] == "invited"


def test_an_inviter_who_left_lets_nobody_in_and_the_others_turn_away(db, now, marit, joins, newcomer, viewer, asks):
    joost = joins(marit, "Joost")
    uid = asks(marit, newcomer("Bram"))
    leaves(marit)
    assert not families.confirm(db, viewer(marit), uid, now())
    assert families.decline(db, viewer(joost), uid, now())


def test_who_is_let_in_elsewhere_keeps_the_diary_open_that_was_open(db, now, marit, parent, viewer, asks):
    eva = parent("Eva")
    own = viewer(eva).family
    assert families.confirm(db, viewer(marit), asks(marit, eva), now())
    assert viewer(eva).family == own


def test_who_waits_reads_no_name_but_the_inviters(db, marit, joins, newcomer, account, asks):
    joins(marit, "Joost")
    bram = newcomer("Bram")
    asks(marit, bram)
    assert [(f["state"], f["adults"]) for f in families.of_account(db, account(bram))] == [("invited", "Marit")]
    assert [f["adults"] for f in families.of_account(db, account(marit))] == ["Marit, Joost"]


def test_who_is_new_is_told_for_two_weeks_to_who_did_not_let_them_in(db, now, marit, joins, viewer):
    joost = joins(marit, "Joost")
    joins(joost, "Bram")

    def told(person) -> list[str]:
        found = families.newcomers(families.members(db, viewer(person)), viewer(person), now())
        return [member["name"] for member in found]

    assert (told(marit), told(joost)) == (["Bram"], [])
    now.pass_by(days=14)
    assert told(marit) == []


# -- turning away


@pytest.mark.parametrize("who", ["inviter", "other"])
def test_any_adult_turns_away_who_asks_and_they_can_be_asked_again(
    db, now, marit, joins, newcomer, viewer, asks, who
):
    joost, bram = joins(marit, "Joost"), newcomer("Bram")
    uid = asks(marit, bram)
    assert families.decline(db, viewer({"inviter": marit, "other": joost}[who]), uid, now())
    assert not families.confirm(db, viewer(marit), uid, now())
    assert families.of_account(db, viewer(bram).id) == []
    assert families.confirm(db, viewer(marit), asks(marit, bram), now())
    assert viewer(bram).family == viewer(marit).family


def test_nobody_of_another_family_turns_away_or_lets_in(db, now, marit, parent, newcomer, viewer, asks):
    eva, uid = viewer(parent("Eva")), asks(marit, newcomer("Bram"))
    for guess in (uid, eva.seal.uid("member", latest(db)["id"]), str(latest(db)["id"])):
        assert not families.decline(db, eva, guess, now())
        assert not families.confirm(db, eva, guess, now())
    assert latest(db)["state"] == "invited"


def test_who_was_turned_away_never_gives_a_name_to_the_family(db, now, marit, newcomer, viewer, asks):
    families.decline(db, viewer(marit), asks(marit, newcomer("Bram")), now())
    assert list(families.names(db, viewer(marit)).values()) == ["Marit"]
    assert [member["name"] for member in families.members(db, viewer(marit))] == ["Marit"]


# -- leaving, and coming back


def test_leaving_takes_sight_away_and_leaves_what_was_shared(db, marit, joins, viewer, notes):
    joost = joins(marit, "Joost")
    uid = joost.writes(note="appelboom", shared="family")
    joost.writes(note="perenboom")
    marit.writes(note="rozenstruik", shared="family")
    before, stale = contents(db, "memberships", "accounts", "sessions", "looks"), viewer(joost)
    leaves(joost)
    assert set(notes(marit)) == {"appelboom", "rozenstruik"}
    assert viewer(joost).family is None
    assert contents(db, "memberships", "accounts", "sessions", "looks") == before
    assert entries.find(db, stale, uid) is None
    assert (families.members(db, stale), families.names(db, stale)) == ([], {})


def test_a_name_stays_under_what_was_written_after_leaving(db, marit, joins, viewer):
    leaves(joins(marit, "Joost"))
    assert list(families.names(db, viewer(marit)).values()) == ["Marit", "Joost"]


@pytest.mark.parametrize("answer", [families.confirm, families.decline])
def test_who_left_lets_nobody_in_and_turns_nobody_away(db, now, marit, joins, newcomer, viewer, asks, answer):
    joins(marit, "Joost")
    uid, stale = asks(marit, newcomer("Bram")), viewer(marit)
    leaves(marit)
    before = contents(db)
    assert not answer(db, stale, uid, now())
    assert contents(db) == before


def test_leaving_twice_is_leaving_once(db, now, marit, viewer):
    stale = viewer(marit)
    assert families.leave(db, stale, now())
    before = contents(db)
    assert not families.leave(db, stale, now() + timedelta(hours=1))
    assert contents(db) == before


def test_who_comes_back_reads_their_own_again_and_what_was_shared_meanwhile(
    db, now, marit, joins, viewer, asks, notes
):
    joost = joins(marit, "Joost")
    joost.writes(note="perenboom")
    leaves(joost)
    marit.writes(note="rozenstruik", shared="family")
    marit.writes(note="zilverstruik")
    uid = asks(marit, joost)
    assert viewer(joost).family is None
    families.confirm(db, viewer(marit), uid, now())
    assert set(notes(joost)) == {"perenboom", "rozenstruik"}


def test_after_the_last_one_left_nobody_reads_and_nothing_is_gone(db, now, marit, parent, viewer, on_disk):
    marit.writes(note="appelboom", shared="family")
    family, stale, link = viewer(marit).family, viewer(marit), invitations.invite(db, viewer(marit), now())
    leaves(marit)
    eva = viewer(parent("Eva"))
    assert not invitations.accept(db, link, eva.id, now())
    assert not any(families.open_for(db, one, family) for one in (stale.id, eva.id))
    assert timeline.page(db, stale, timeline.Filters()).entries == []
    assert db["entry_rows"].count == 1


# -- more than one diary


def test_leaving_one_family_opens_the_other(db, now, marit, parent, viewer, asks):
    eva = parent("Eva")
    own = viewer(eva).family
    families.confirm(db, viewer(marit), asks(marit, eva), now())
    assert families.open_for(db, viewer(eva).id, viewer(marit).family)
    leaves(eva)
    assert viewer(eva).family == own


def test_each_diary_shows_its_own(db, now, marit, parent, viewer, asks, notes):
    eva = parent("Eva")
    eva.writes(note="perenboom")
    marit.writes(note="rozenstruik", shared="family")
    families.confirm(db, viewer(marit), asks(marit, eva), now())
    other = next(f["uid"] for f in families.of_account(db, viewer(eva).id) if f["id"] == viewer(marit).family)
    assert notes(eva) == ["perenboom"]
    assert eva.post(f"/families/{other}/open").status_code == 302
    assert notes(eva) == ["rozenstruik"]


@pytest.mark.parametrize("how", ["asks", "turned away", "left", "never there"])
def test_one_opens_no_family_one_is_not_in(db, now, marit, parent, viewer, asks, how):
    eva = parent("Eva")
    if how != "never there":
        uid = asks(marit, eva)
    if how == "turned away":
        families.decline(db, viewer(marit), uid, now())
    if how == "left":
        families.confirm(db, viewer(marit), uid, now())
        families.open_for(db, viewer(eva).id, viewer(marit).family)
        leaves(eva)
    own = viewer(eva).family
    assert not families.open_for(db, viewer(eva).id, viewer(marit).family)
    assert (viewer(eva).family, families.open_one(db, viewer(eva).id)) == (own, own)


def test_an_ended_membership_closes_the_diary_even_if_it_is_still_marked_as_open(db, marit, viewer):
    store.change(db, "update memberships set state = 'ended'")
    assert (viewer(marit).family, viewer(marit).seal) == (None, None)
    assert families.open_one(db, viewer(marit).id) is None
    assert marit.get("/today").location == "/welcome"


def test_a_double_tap_on_the_first_page_makes_one_family(newcomer, db):
    joost = newcomer("Joost")
    for _ in range(2):
        joost.post("/welcome", {"name": "Sem"})
    assert (db["families"].count, db["children"].count) == (1, 1)
