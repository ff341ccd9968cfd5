"""A copy that is put back brings back what was written, and nobody who was shown out since."""

import re

import pytest

from diary import store
from diary.people import accounts, factors, introductions, recoveries
from tests.persons import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


@pytest.fixture
def put_back(db, run, tmp_path):
    """Makes a copy now, and gives what puts it back later."""

    def keep():
        assert run("backup", tmp_path / "copy.db").exit_code == 0

        def restore():
            answer = run("restore", tmp_path / "copy.db")
            assert answer.exit_code == 0, answer.output

        return restore

    return keep


def state(db, table: str, **where) -> list[dict]:
    return store.rows(db, f"select * from {table} where {' and '.join(f'{n} = :{n}' for n in where) or '1'}", **where)


def test_everyone_signs_in_again(marit, put_back):
    restore = put_back()
    restore()
    assert marit.get("/today").location.startswith("/login")
    assert marit.signs_in().status_code == 302


def test_a_counsellor_who_was_shown_out_stays_out(db, marit, anneke, shared, put_back):
    restore = put_back()
    marit.post(re.search(r"/family/counsellors/[\w-]+/revoke", marit.get("/family").text).group())
    restore()
    assert [row["state"] for row in state(db, "memberships", role="counsellor")] == ["ended"]
    marit.signs_in()
    assert "Anneke" not in marit.get("/family").text


def test_a_parent_who_left_stays_away(db, marit, joins, put_back):
    joost = joins(marit, "Joost")
    restore = put_back()
    joost.post("/family/leave", {"sure": "y"})
    restore()
    joost.signs_in()
    assert joost.get("/today").location == "/welcome"


def test_what_was_taken_back_or_deleted_stays_so(db, marit, anneke, shared, put_back):
    gone = marit.writes(note="weg ermee")
    restore = put_back()
    marit.post(f"/entries/{shared}/shares/end")
    marit.post(f"/entries/{gone}/deletion")
    restore()
    assert [row["taken_at"] is None for row in state(db, "shares")] == [False]
    marit.signs_in()
    assert marit.get(f"/entries/{gone}").status_code == 404
    marit.post(f"/entries/{gone}/deletion/undo")
    assert "weg ermee" in marit.get(f"/entries/{gone}").text


def test_whose_access_ended_stays_out(db, admin, anneke, put_back):
    restore = put_back()
    uid = re.search(r"Anneke</b>.*?/practice/workers/([\w-]+)/end", admin.get("/practice").text, re.DOTALL).group(1)
    admin.post(f"/practice/workers/{uid}/end")
    restore()
    assert accounts.by_email(db, anneke.email)["ended_at"] is not None
    assert anneke.signs_in().status_code == 422


def test_the_password_of_today_holds(marit, put_back):
    restore = put_back()
    marit.post("/settings/password", {"current": PASSWORD, "password": "heel andere losse woorden"})
    restore()
    assert marit.signs_in().status_code == 422
    assert marit.signs_in("heel andere losse woorden").status_code == 302


def test_links_that_were_handed_out_open_nothing_any_more(db, marit, anneke, newcomer, put_back, viewer, now):
    link = re.search(r"(/join/[\w-]+)", marit.post("/family/invitations").text).group(1)
    token = introductions.make(db, viewer(anneke), now())
    restore = put_back()
    restore()
    assert newcomer("Joost").post(link).status_code == 404
    assert introductions.find(db, token, now()) is None


def test_a_code_on_paper_that_was_used_stays_used(app, db, anneke, put_back, viewer, now):
    who = viewer(anneke)
    factors.keep_totp(db, app.config["VAULT"], who.id, SECRET, now())
    code, other, *_ = recoveries.renew(db, who)
    restore = put_back()
    assert recoveries.use(db, who, code, now())
    restore()
    assert (recoveries.use(db, who, code, now()), recoveries.use(db, who, other, now())) == (False, True)


def test_a_copy_of_another_house_is_not_touched_by_what_happened_here(db, marit, parent, put_back, viewer):
    """Numbers mean something else there: only what is the same family, account or entry is carried over."""
    restore = put_back()
    marit.post("/family/leave", {"sure": "y"})
    db.execute("update families set uid = 'another'")
    db.execute("update accounts set uid = 'another'")
    restore()
    assert [row["state"] for row in state(db, "memberships")] == ["confirmed"]


def test_what_was_made_private_since_stays_with_its_author(marit, joins, put_back):
    joost = joins(marit, "Joost")
    uid = marit.writes(note="zilverstruik", shared="family")
    restore = put_back()
    marit.post(f"/entries/{uid}/audience", {"shared": "me"})
    restore()
    joost.signs_in()
    assert joost.get(f"/entries/{uid}").status_code == 404


def test_a_diary_that_cannot_be_read_is_replaced_all_the_same_and_that_is_said(db, marit, run, put_back, tmp_path):
    put_back()
    db.execute("drop table shares")
    answer = run("restore", tmp_path / "copy.db")
    assert answer.exit_code == 0
    assert "must be shown out again, by hand" in answer.output
    assert marit.signs_in().status_code == 302
