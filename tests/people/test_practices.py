"""The practice: who is let in to work there, what it sees, and how access ends."""

import re

import pytest

from diary import store
from diary.people import admissions, factors
from tests.conftest import contents
from tests.persons import PASSWORD

ADDRESS = "joke@praktijk.example.org"


@pytest.fixture
def link(db, now, practice):
    return "/admission/" + admissions.invite(db, practice["id"], "counsellor", ADDRESS, now())


def begins(person, link: str, **fields):
    return person.post(link, {"name": "Joke", "password": PASSWORD, **fields})


def account(db, email=ADDRESS):
    return store.row(db, "select * from accounts where email = :email", email=email)


def test_an_invitation_makes_a_counsellor_who_first_chooses_a_second_step(stranger, link, db, practice):
    assert begins(stranger, link).status_code == 302
    assert (account(db)["role"], account(db)["practice"]) == ("counsellor", practice["id"])
    assert stranger.get("/counsellor").location == "/step?next=/counsellor"
    assert stranger.get("/step").location == "/settings/steps"


def test_looking_at_an_invitation_changes_nothing(stranger, link, db):
    before = contents(db)
    for _ in range(3):
        assert ADDRESS in stranger.get(link).text
        stranger.client.head(link)
    assert contents(db) == before


def test_what_is_refused_is_logged_without_link_or_name(stranger, newcomer, link, caplog):
    begins(stranger, link)
    begins(newcomer("Karin"), link)
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told == ["an invitation to the practice was refused"]


def test_an_invitation_works_once(stranger, link, newcomer, db):
    begins(stranger, link)
    second = newcomer("Karin")
    assert begins(second, link, name="Karin").status_code == 404
    assert second.get(link).status_code == 404
    assert account(db)["name"] == "Joke"


@pytest.mark.parametrize(("hours", "status"), [(71.99, 302), (72, 404)])
def test_an_invitation_lasts_three_days(stranger, link, now, hours, status):
    now.pass_by(hours=hours)
    assert begins(stranger, link).status_code == status


@pytest.mark.parametrize("token", ["x", "A" * 32, "../practice", "%00", "ü" * 32])
def test_a_guessed_invitation_is_none(stranger, link, token):
    assert begins(stranger, f"/admission/{token}").status_code in (404, 405)


def test_the_database_keeps_no_link(link, on_disk):
    assert link.rpartition("/")[2].encode() not in on_disk()


@pytest.mark.parametrize("field", ["role", "email", "address", "practice", "family"])
def test_role_and_address_are_not_the_forms_to_say(stranger, link, db, field):
    begins(stranger, link, **{field: "admin"})
    assert (account(db)["role"], account(db)["email"]) == ("counsellor", ADDRESS)


def test_a_role_in_any_other_form_makes_no_difference(newcomer, db):
    person = newcomer("Eva")
    person.post("/register", {"name": "Eva", "email": "e@example.org", "password": PASSWORD, "role": "admin"})
    person.post("/settings", {"name": "Eva", "language": "nl", "role": "counsellor", "practice": "1"})
    assert store.rows(db, "select distinct role, practice from accounts") == [{"role": "parent", "practice": None}]


def test_a_weak_password_is_said_and_the_invitation_still_works(stranger, link):
    answer = begins(stranger, link, password="wachtwoord12")
    assert answer.status_code == 422
    assert 'value="Joke"' in answer.text
    assert begins(stranger, link).status_code == 302


def test_a_parents_address_is_not_taken_over(marit, stranger, db, now, practice):
    token = admissions.invite(db, practice["id"], "counsellor", marit.email, now())
    before = account(db, marit.email)
    assert begins(stranger, f"/admission/{token}").status_code == 422
    assert account(db, marit.email) == before


def test_who_works_here_already_keeps_password_and_second_step(app, admin, counsellor, stranger, db, now, viewer):
    joke = counsellor("Joke")
    factors.keep_totp(db, app.config["VAULT"], viewer(joke).id, "A" * 32, now())
    page = admin.post("/practice/invitations", {"address": joke.email}).text
    before = contents(db, "limits", "sessions")
    assert begins(stranger, re.search(r"/admission/[\w-]{32}", page).group()).status_code == 422
    assert contents(db, "limits", "sessions") == before


def test_who_lost_every_second_step_comes_back_by_the_command_line_without_families(
    app, marit, counsellor, tied, visit, stranger, db, now, viewer
):
    joke = counsellor("Joke")
    factors.keep_totp(db, app.config["VAULT"], viewer(joke).id, "A" * 32, now())
    family = tied(marit, joke)
    told = app.test_cli_runner().invoke(args=["invite-counsellor", joke.email]).output
    begins(stranger, re.search(r"/admission/[\w-]{32}", told).group())
    assert stranger.get("/step").location == "/settings/steps"
    assert joke.get("/counsellor").location == "/login?next=/counsellor"
    assert store.row(db, "select state from memberships where role = 'counsellor'") == {"state": "ended"}
    assert visit(stranger, family) is None


def test_a_later_invitation_ends_the_earlier(stranger, link, db, now, practice):
    admissions.invite(db, practice["id"], "counsellor", ADDRESS.upper(), now())
    assert begins(stranger, link).status_code == 404


def test_an_admin_invites_and_withdraws(admin, stranger):
    page = admin.post("/practice/invitations", {"address": ADDRESS})
    link = re.search(r"(/admission/[\w-]{32})", page.text).group(1)
    assert ADDRESS in admin.get("/practice").text
    admin.post("/practice/invitations/withdraw", {"address": ADDRESS})
    assert ADDRESS not in admin.get("/practice").text
    assert begins(stranger, link).status_code == 404


def test_an_address_that_is_none_is_said(admin):
    answer = admin.post("/practice/invitations", {"address": "joke"})
    assert answer.status_code == 422
    assert 'value="joke"' in answer.text


def test_an_admin_sees_how_many_families_and_none_of_their_names(marit, admin, counsellor, tied):
    tied(marit, counsellor("Joke"))
    page = admin.get("/practice").text
    assert "Joke" in page
    assert "één gezin" in page
    assert [word for word in ("Marit", "Sem", marit.email) if word in page] == []


def test_ended_access_ends_at_once_in_every_open_tab(marit, admin, counsellor, tied, visit, db):
    joke = counsellor("Joke")
    family = tied(marit, joke)
    assert visit(joke, family)
    _ends(admin, "Joke")
    assert joke.get("/counsellor").location == "/login?next=/counsellor"
    assert joke.signs_in().status_code == 422
    assert store.row(db, "select state from memberships where role = 'counsellor'") == {"state": "ended"}
    assert "Joke" not in marit.get("/family").text


@pytest.mark.parametrize(("minutes", "opens"), [(4, True), (6, False)])
def test_a_desk_that_lies_open_lets_nobody_in_out_or_at_the_log(admin, counsellor, db, now, minutes, opens):
    worker = counsellor("Anneke")
    uid = db.execute("select uid from accounts where email = ?", [worker.email]).fetchone()[0]
    now.pass_by(minutes=minutes)
    before = contents(db, "sessions", "limits")
    answers = [
        admin.get("/practice/review"),
        admin.post("/practice/invitations", {"address": "nieuw@praktijk.example.org"}),
        admin.post(f"/practice/workers/{uid}/end"),
    ]
    assert [answer.status_code for answer in answers] == ([200, 200, 302] if opens else [302, 401, 401])
    assert (contents(db, "sessions", "limits") == before) is not opens
    if not opens:
        assert answers[0].location == "/step?next=/practice/review"
        assert 'value="nieuw@praktijk.example.org"' in answers[1].text


def test_nobody_ends_their_own_access_and_ending_twice_is_harmless(admin, counsellor, db):
    counsellor("Joke")
    _ends(admin, "Joke")
    before = contents(db)
    _ends(admin, "Joke", uid=account(db)["uid"])
    _ends(admin, "Petra", uid=account(db, admin.email)["uid"])
    assert contents(db) == before


def test_who_comes_back_starts_without_a_second_step_and_without_families(
    marit, admin, counsellor, tied, visit, stranger, db, viewer
):
    joke = counsellor("Joke")
    family = tied(marit, joke)
    _ends(admin, "Joke")
    page = admin.post("/practice/invitations", {"address": ADDRESS}).text
    begins(stranger, re.search(r"/admission/[\w-]{32}", page).group())
    assert stranger.get("/step").location == "/settings/steps"
    assert visit(stranger, family) is None
    assert joke.get("/counsellor").location == "/login?next=/counsellor"


def test_an_invitation_from_whose_access_ended_works_no_more(admin, works, stranger):
    second = works("Rob", "admin")
    page = second.post("/practice/invitations", {"address": ADDRESS}).text
    _ends(admin, "Rob")
    assert begins(stranger, re.search(r"/admission/[\w-]{32}", page).group()).status_code == 404


def _ends(admin, name, uid=""):
    page = admin.get("/practice").text
    uid = uid or re.search(rf"<b>{name}</b>.*?/practice/workers/([\w-]+)/end", page, re.DOTALL).group(1)
    return admin.post(f"/practice/workers/{uid}/end")


# -- from the command line


@pytest.mark.parametrize(("command", "role"), [("invite-counsellor", "counsellor"), ("invite-admin", "admin")])
def test_the_command_line_prints_a_link_that_works(app, stranger, db, command, role):
    told = app.test_cli_runner().invoke(args=[command, ADDRESS, "--practice", "Samen verder"])
    path = re.fullmatch(r"http://127.0.0.1:8000(/admission/[\w-]{32})\n", told.output).group(1)
    assert "Samen verder" in stranger.get(path).text
    assert begins(stranger, path).status_code == 302
    assert account(db)["role"] == role


def test_the_command_line_makes_one_practice_only(app, db):
    for _ in range(2):
        app.test_cli_runner().invoke(args=["invite-counsellor", ADDRESS])
    assert [row["name"] for row in store.rows(db, "select name from practices")] == ["De praktijk"]


def test_the_command_line_refuses_what_is_no_address(app, db):
    told = app.test_cli_runner().invoke(args=["invite-counsellor", "joke"])
    assert told.exit_code == 1
    assert store.rows(db, "select * from admissions") == []


def test_who_comes_back_brings_along_nothing_that_was_handed_out_before(
    marit, admin, counsellor, stranger, new_phone, letters, now
):
    joke = counsellor("Joke")
    handed_out = re.search(r"/introductions/[\w-]+", joke.post("/counsellor/invite").text).group()
    thief = new_phone(joke)
    thief.post("/password/forgot", {"email": joke.email})
    code = re.search(r"^ {4}(\w{4} \w{4})$", letters()[-1].get_content(), re.MULTILINE).group(1)
    thief.post("/password/reset", {"code": code, "password": "een gestolen nieuw wachtwoord"})
    uid = re.search(r"Joke</b>.*?/practice/workers/([\w-]+)/end", admin.get("/practice").text, re.DOTALL).group(1)
    admin.post(f"/practice/workers/{uid}/end")
    answer = admin.post("/practice/invitations", {"address": joke.email})
    link = re.search(r"/admission/[\w-]+", answer.text).group()
    assert stranger.post(link, {"name": "Joke", "password": PASSWORD}).status_code == 302
    assert marit.get(handed_out).status_code == 404
    now.pass_by(hours=72)
    assert thief.signs_in("een gestolen nieuw wachtwoord").status_code == 422


# -- a link that opens nothing any more

TRIED = "is nog geopend"


@pytest.mark.parametrize("end", ["used", "withdrawn", "expired"])
def test_who_runs_the_practice_is_told_that_a_dead_link_was_tried(
    stranger, new_phone, admin, link, now, signs_in_again, end
):
    if end == "used":
        begins(stranger, link)
    elif end == "withdrawn":
        admin.post("/practice/invitations/withdraw", {"address": ADDRESS})
    else:
        now.pass_by(hours=72)
        signs_in_again(admin)
    assert TRIED not in admin.get("/practice").text
    for _ in range(3):
        assert new_phone(stranger).get(link).status_code == 404
    page = admin.get("/practice").text
    assert page.count(TRIED) == 1
    assert page.count(f"{ADDRESS}, op ") == 1
    assert TRIED not in stranger.get("/counsellor", follow_redirects=True).text


def test_a_link_that_was_sent_on_and_filled_in_twice_is_told(stranger, newcomer, admin, link):
    begins(stranger, link)
    begins(newcomer("Karin"), link, name="Karin")
    assert TRIED in admin.get("/practice").text


def test_who_opens_their_own_used_link_again_alarms_nobody(stranger, admin, link):
    begins(stranger, link)
    assert stranger.get(link).status_code == 404
    assert TRIED not in admin.get("/practice").text


def test_a_guess_concerns_nobody_and_writes_nothing(stranger, admin, link, db):
    before = contents(db)
    for token in (link[:-1], link + "x", "/admission/" + "9" * 32):
        assert stranger.get(token).status_code == 404
    assert contents(db) == before
    assert TRIED not in admin.get("/practice").text


def test_after_a_week_a_try_is_told_no_more(stranger, new_phone, admin, link, now, signs_in_again):
    begins(stranger, link)
    new_phone(stranger).get(link)
    now.pass_by(days=7)
    signs_in_again(admin)
    assert TRIED not in admin.get("/practice").text
