"""An erased account leaves nothing of its owner, and everything of the others."""

import re

import pytest

from diary import store
from diary.people import looks
from diary.upkeep import copies, erasures, retention
from tests.conftest import contents
from tests.persons import PASSWORD


def erases(person, password: str = PASSWORD):
    return person.post("/settings/erasure", {"current": password})


@pytest.fixture
def joost(marit, joins):
    return joins(marit, "Joost")


@pytest.fixture
def shared(marit, joost, counsellor, tied):
    """Both wrote, and a counsellor reads and answers what Marit shared."""
    anneke = counsellor("Anneke")
    family = tied(marit, anneke)
    uid = marit.writes(note="zilverstruik", shared="family", child=marit.child())
    marit.post(f"/entries/{uid}", {"kind": "incident", "area": "limit", "note": "goudregen", "version": "1"})
    marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "2"})
    anneke.post(f"/counsellor/{family}/entries/{uid}/replies", {"words": "vlinderstruik"})
    marit.post("/asso/sleeping-throws-toys/phrase", {"asso_connect": "mijn zin"})
    marit.post("/plan", {"kind": "agreement", "situation": "sleeping", "text": "samen besloten"})
    marit.post("/reminders", {"kind": "evening"})
    joost.writes(note="rozenstruik", shared="family")
    return uid


def test_all_that_one_wrote_is_gone_and_the_other_keeps_the_rest(marit, joost, shared, db):
    answer = erases(marit)
    assert answer.location == "/"
    assert answer.headers["Clear-Site-Data"] == '"cache"'  # storage holds what another may have waiting here
    assert re.search(r'name="left" content="[0-9a-f-]{36}"', marit.get("/login").text)
    page = joost.get("/timeline").text
    assert "rozenstruik" in page
    assert [word for word in ("goudregen", "Marit") if word in page] == []
    assert joost.get(f"/entries/{shared}").status_code == 404
    assert "Sem" in joost.get("/family").text
    counts = {name: db[name].count for name in ("entry_rows", "version_rows", "shares", "replies", "phrases")}
    assert counts == {"entry_rows": 1, "version_rows": 0, "shares": 0, "replies": 0, "phrases": 0}


def test_who_was_erased_is_signed_out_everywhere_and_never_comes_back(marit, shared, new_phone):
    phone = new_phone(marit)
    phone.signs_in()
    erases(marit)
    for browser in (marit, phone):
        assert browser.get("/today").location.startswith("/login")
    assert new_phone(marit).signs_in().status_code == 422


def test_the_same_address_may_begin_anew(marit, shared, new_phone, db):
    erases(marit)
    again = new_phone(marit)
    answer = again.post("/register", {"name": "Marit", "email": marit.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert "welcome" in again.get("/today").location


def test_nothing_of_name_or_address_stays_on_the_disk(app, db, marit, joost, shared, on_disk, now):
    assert marit.email.encode() in on_disk()
    erases(marit)
    retention.sweep(db, now())
    assert [word for word in (marit.email.encode(), b"Marit") if word in on_disk()] == []


def test_the_log_keeps_its_lines_without_the_name_and_stays_whole(app, db, marit, joost, shared):
    erases(marit)
    lines = store.rows(db, "select name, event from looks where account = 1")
    assert {line["name"] for line in lines} == {None}
    assert "erased" in {line["event"] for line in lines}
    assert looks.faults(db, app.config["VAULT"]) == []
    assert copies.check(db, app.config["VAULT"]) == []
    log = joost.get("/sharing/log").text
    assert "De andere ouder" in log
    assert "verwijderde het eigen account" in log


def test_with_the_last_adult_the_whole_diary_goes_with_its_key(app, db, marit, joost, shared, parent):
    parent("Eva").writes(note="van Eva")
    joost.post("/family/leave", {"sure": "y"})
    assert "Het gaat helemaal weg" in marit.get("/settings/erasure").text
    erases(marit)
    assert [row["id"] for row in store.rows(db, "select id from families")] == [2]
    assert copies.check(db, app.config["VAULT"]) == []
    assert db["entry_rows"].count == 1
    assert joost.get("/today").location == "/welcome"


def test_every_table_of_a_family_is_emptied_with_it(db):
    """A table added later is named here, or its rows would keep the family from going."""
    own = {name for name in db.table_names() for key in db[name].foreign_keys if key.other_table == "families"}
    assert own - {*erasures._OF_FAMILY} == {"accounts", "entry_rows", "memberships", "shares"}


def test_a_wrong_password_erases_nothing(marit, shared, db):
    before = contents(db, "limits")
    assert erases(marit, "iets anders dan dat").status_code == 422
    assert contents(db, "limits") == before


def test_nobody_erases_another_by_a_name_in_the_form(marit, joost, shared, db):
    joost.post("/settings/erasure", {"current": PASSWORD, "username": marit.email, "email": marit.email})
    assert marit.get("/today").status_code == 200
    assert store.row(db, "select name from accounts where id = 1")["name"] == "Marit"


def test_who_works_for_the_practice_is_ended_there_and_not_here(counsellor, admin):
    for who in (counsellor("Anneke"), admin):
        assert who.get("/settings/erasure").status_code == 302
        assert erases(who).status_code == 403


def test_a_copy_that_is_put_back_forgets_them_again(app, db, marit, joost, shared, tmp_path, now):
    runner = app.test_cli_runner()
    runner.invoke(args=["backup", str(tmp_path / "copy.db")])
    erases(marit)
    assert runner.invoke(args=["restore", str(tmp_path / "copy.db")]).exit_code == 0
    assert "goudregen" not in joost.get("/timeline").text
    assert store.row(db, "select name from accounts where id = 1")["name"] == ""
    assert erasures.replay(db, app.config["SETTINGS"].home, now()) == 0
