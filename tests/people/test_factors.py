"""The second step of signing in, with a code from an app, a code on paper, or a password typed again."""

import base64
import json
import re
from random import Random

import pyotp
import pytest

from diary import store
from diary.people import factors, recoveries, sessions
from diary.upkeep import retention
from tests.persons import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def joke(app, db, counsellor, viewer, now):
    """A counsellor with an app, who has just signed in anew with the password alone."""
    joke = counsellor("Joke")
    factors.keep_totp(db, app.config["VAULT"], viewer(joke).id, SECRET, now())
    assert joke.signs_in().status_code == 302
    return joke


@pytest.fixture
def app_shows(now):
    return lambda seconds=0: pyotp.TOTP(SECRET).at(int(now().timestamp()) + seconds)


def takes_step(person, code: str, **fields):
    return person.post("/step", {"code": code, **fields})


def test_a_password_alone_opens_no_desk(joke, viewer):
    assert viewer(joke).waits
    answer = joke.get("/counsellor")
    assert (answer.status_code, answer.location) == (302, "/step?next=/counsellor")


def test_a_code_opens_the_desk_and_goes_on_to_where_one_was_heading(joke, app_shows):
    answer = takes_step(joke, app_shows(), next="/counsellor")
    assert (answer.status_code, answer.location) == (302, "/counsellor")
    assert joke.get("/counsellor").status_code == 200


def test_the_session_goes_on_under_another_token(joke, app_shows, app, stranger):
    with joke.client.session_transaction() as kept:
        old = kept["_user_id"]
    takes_step(joke, app_shows())
    with joke.client.session_transaction() as kept:
        assert kept["_user_id"] != old
    with stranger.client.session_transaction() as kept:
        kept["_user_id"] = old
    assert stranger.get("/counsellor").location.startswith("/login")


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_fits_half_a_minute_to_either_side(joke, app_shows, seconds, fits):
    assert takes_step(joke, app_shows(seconds)).status_code == (302 if fits else 422)


def test_a_code_works_once_and_no_older_one_after_it(joke, app_shows):
    takes_step(joke, app_shows(), next="/counsellor")
    joke.signs_in()
    assert takes_step(joke, app_shows()).status_code == 422
    assert takes_step(joke, app_shows(-30)).status_code == 422
    assert takes_step(joke, app_shows(30)).status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "1234567", "абвгде", "١٢٣٤٥٦", "12 34", "\0" * 6, "x" * 40])
def test_what_is_no_code_is_refused_with_a_sentence(joke, code):
    answer = takes_step(joke, code)
    assert answer.status_code == 422
    assert "Dit klopte niet" in answer.text


def test_after_five_wrong_codes_even_the_right_one_waits_ten_minutes(joke, app_shows, now):
    assert [takes_step(joke, "000000").status_code for _ in range(5)] == [422] * 5
    answer = takes_step(joke, app_shows(), note="wat ik typte")
    assert answer.status_code == 429
    assert 'value="wat ik typte"' in answer.text
    now.pass_by(minutes=10)
    assert takes_step(joke, app_shows()).status_code == 302


def test_the_secret_lies_sealed(joke, on_disk):
    assert SECRET.encode() not in on_disk()


def test_who_comes_to_work_for_the_first_time_chooses_a_second_step_before_anything_else(counsellor, now):
    joke = counsellor("Joke")
    joke.signs_in()
    assert joke.get("/step").location == "/settings/steps"
    assert "kies eerst een tweede stap" in joke.get("/settings/steps").text
    for page in ("/settings", "/counsellor", "/today", "/settings/steps/codes"):
        assert joke.get(page).status_code in (302, 405)
    secret = re.search('name="secret" value="([A-Z2-7]{32})"', joke.get("/settings/steps/app").text).group(1)
    wrong = joke.post("/settings/steps/app", {"secret": secret, "code": "000000"})
    assert wrong.status_code == 422
    assert secret in wrong.text
    done = joke.post("/settings/steps/app", {"secret": secret, "code": pyotp.TOTP(secret).at(now())})
    assert len(_codes(done)) == 10
    assert joke.get("/counsellor").status_code == 200


def _codes(answer) -> list[str]:
    return re.findall("<code>([A-Z2-7 ]+)</code>", answer.text)


def test_each_code_on_paper_works_once(joke, db, viewer, now):
    codes = recoveries.renew(db, viewer(joke))
    assert takes_step(joke, codes[3].lower()).status_code == 302
    joke.signs_in()
    assert takes_step(joke, codes[3]).status_code == 422
    assert takes_step(joke, codes[4].replace(" ", "")).status_code == 302
    assert recoveries.left(db, viewer(joke)) == 8


def test_fresh_codes_on_paper_make_the_old_ones_worthless(joke, db, viewer):
    old = recoveries.renew(db, viewer(joke))
    recoveries.renew(db, viewer(joke))
    assert takes_step(joke, old[0]).status_code == 422


def test_codes_of_one_are_nothing_for_another(joke, counsellor, db, viewer):
    karin = counsellor("Karin")
    codes = recoveries.renew(db, viewer(karin))
    assert takes_step(joke, codes[0]).status_code == 422


def test_the_codes_are_not_kept_readable(joke, db, viewer, on_disk):
    code = recoveries.renew(db, viewer(joke))[0]
    assert code.replace(" ", "").encode() not in on_disk()


# -- a passkey; with a real browser in tests/browser/test_passkeys.py


def test_an_answer_that_is_sound_outside_and_nonsense_inside_opens_nothing(app, db, joke, viewer, now):
    vault, me, site = app.config["VAULT"], viewer(joke), factors.Site("localhost", ["http://localhost"])
    chance = Random(1)
    for ask, answer in ((factors.ask_to_keep, factors.keep_passkey), (factors.ask_to_prove, factors.prove_passkey)):
        for _ in range(150):
            challenge = json.loads(ask(db, vault, me, site, now()))["challenge"]
            assert answer(db, vault, me, site, json.dumps(_nonsense(challenge, chance)), now()) is False
    assert factors.ways(db, me).passkeys == []


def _nonsense(challenge: str, chance: Random) -> dict:
    def some():
        return _packed(chance.randbytes(chance.choice([0, 1, 36, 37, 55, 200])))

    kind = chance.choice(["webauthn.create", "webauthn.get", "x"])
    client = {"type": kind, "challenge": challenge, "origin": "http://localhost"}
    said = {"clientDataJSON": _packed(json.dumps(client).encode()), "attestationObject": some()}
    said |= {"authenticatorData": some(), "signature": some(), "userHandle": some()}
    for name in chance.sample(list(said)[1:], chance.randrange(3)):
        said[name] = chance.choice([None, 7, "", "é", [], {}])
    same = some()
    return {"id": same, "rawId": chance.choice([same, same, some(), None]), "type": "public-key", "response": said}


def _packed(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).rstrip(b"=").decode()


def test_a_used_challenge_is_forgotten_once_it_could_not_be_used_again(app, db, joke, viewer, now):
    vault, me, site = app.config["VAULT"], viewer(joke), factors.Site("localhost", ["http://localhost"])
    challenge = json.loads(factors.ask_to_prove(db, vault, me, site, now()))["challenge"]
    factors.prove_passkey(db, vault, me, site, json.dumps(_nonsense(challenge, Random(2))), now())
    now.pass_by(minutes=4, seconds=59)
    retention.sweep(db, now())
    assert len(store.rows(db, "select * from challenges")) == 1
    now.pass_by(seconds=2)
    retention.sweep(db, now())
    assert store.rows(db, "select * from challenges") == []


# -- the desk locks


@pytest.fixture
def at_work(joke, app_shows):
    takes_step(joke, app_shows())
    return joke


@pytest.mark.parametrize(("seconds", "status"), [(14 * 60, 200), (16 * 60, 302)])
def test_the_desk_locks_after_a_quarter_of_an_hour(at_work, now, seconds, status):
    now.pass_by(seconds=seconds)
    assert at_work.get("/counsellor").status_code == status


def test_who_goes_on_working_is_not_locked_out(at_work, now):
    for _ in range(10):
        now.pass_by(minutes=14)
        assert at_work.get("/counsellor").status_code == 200


def test_what_a_page_asks_for_by_itself_is_no_work(at_work, app, now):
    for _ in range(4):
        now.pass_by(minutes=4)
        for path in ("/me", "/healthz", "/sw.js", f"{app.static_url_path}/house.css"):
            at_work.get(path).close()
    assert at_work.get("/counsellor").status_code == 302


@pytest.mark.parametrize(("minutes", "place"), [(599, None), (601, "/login?next=/counsellor")])
def test_a_working_day_ends_the_session_whatever_one_does(at_work, now, minutes, place):
    for _ in range(minutes // 10):
        now.pass_by(minutes=10)
        at_work.get("/counsellor")
    now.pass_by(minutes=minutes % 10)
    assert at_work.get("/counsellor").location == place


def test_what_was_typed_at_a_locked_desk_goes_on_after_the_step(at_work, now, app_shows, db):
    now.pass_by(minutes=20)
    asked = at_work.post("/settings", {"name": "Joke de Wit", "language": "nl"})
    assert asked.status_code == 401
    hidden = dict(re.findall('<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
    assert hidden["name"] == "Joke de Wit"
    answer = at_work.client.post("/step", data=hidden | {"code": app_shows()})
    assert (answer.status_code, answer.location) == (307, "/settings")
    at_work.client.post(answer.location, data=hidden)
    assert store.row(db, "select name from accounts where role = 'counsellor'")["name"] == "Joke de Wit"


def test_a_wrong_code_keeps_what_was_typed(at_work, now):
    now.pass_by(minutes=20)
    answer = takes_step(at_work, "000000", note="lang verhaal", next="/settings")
    assert answer.status_code == 422
    assert 'name="note" value="lang verhaal"' in answer.text
    assert 'name="next" value="/settings"' in answer.text


def test_a_script_at_a_locked_desk_is_told_in_its_own_language(at_work, now):
    token = at_work.token()
    now.pass_by(minutes=20)
    answer = at_work.client.post("/sync", json={"changes": []}, headers={"X-CSRFToken": token})
    assert (answer.status_code, list(answer.json)) == (401, ["error"])


# -- parents


def test_a_parent_is_asked_for_nothing_more_by_day(marit, now):
    now.pass_by(hours=20)
    assert marit.get("/today").status_code == 200


def test_a_parent_types_the_password_before_changing_the_lock(marit, now):
    now.pass_by(minutes=5)  # since it was typed
    assert marit.get("/settings/steps").location == "/step?next=/settings/steps"
    assert marit.post("/step", {"password": "niet het goede"}).status_code == 422
    answer = marit.post("/step", {"password": PASSWORD, "next": "/settings/steps"})
    assert (answer.status_code, answer.location) == (302, "/settings/steps")
    assert marit.get("/settings/steps").status_code == 200


def test_the_lock_is_shut_again_five_minutes_later(marit, now):
    marit.post("/step", {"password": PASSWORD})
    now.pass_by(minutes=5)
    assert marit.get("/settings/steps").location == "/step?next=/settings/steps"


@pytest.fixture
def guarded(app, db, marit, viewer, now):
    factors.keep_totp(db, app.config["VAULT"], viewer(marit).id, SECRET, now())
    return marit


def test_a_parent_with_a_second_step_reads_nothing_before_it(guarded, app_shows):
    guarded.signs_in()
    for page in ("/today", "/timeline", "/family", "/settings"):
        assert guarded.get(page).location.startswith("/step")
    assert guarded.get("/me").status_code == 401
    for page in ("/help", "/reading", "/"):
        assert "Sem" not in guarded.get(page).text
    takes_step(guarded, app_shows())
    assert guarded.get("/today").status_code == 200


def test_a_parents_other_phone_stays_in_when_a_step_is_added(marit, new_phone, now):
    other = new_phone(marit)
    other.signs_in()
    marit.post("/step", {"password": PASSWORD})
    secret = re.search('name="secret" value="([A-Z2-7]{32})"', marit.get("/settings/steps/app").text).group(1)
    assert (
        len(_codes(marit.post("/settings/steps/app", {"secret": secret, "code": pyotp.TOTP(secret).at(now())}))) == 10
    )
    assert other.get("/today").status_code == 200
    other.signs_in()
    assert other.get("/today").location.startswith("/step")


def test_the_last_step_can_be_taken_away_by_a_parent_only(guarded, at_work, app_shows, db, now):
    guarded.signs_in()
    takes_step(guarded, app_shows(), next="/settings/steps")
    guarded.post("/settings/steps/app/remove")
    at_work.post("/settings/steps/app/remove")
    assert [row["role"] for row in _with_app(db)] == ["counsellor"]


def _with_app(db):
    return store.rows(db, "select role from authenticators join accounts on accounts.id = account")


def test_nobodys_lock_changes_in_silence(guarded, app_shows, letters):
    guarded.signs_in()
    takes_step(guarded, app_shows())
    guarded.post("/settings/steps/app/remove")
    letter = letters()[-1]
    assert (letter["To"], letter["Subject"]) == (guarded.email, "Er is iets veranderd aan het inloggen")
    assert "Marit" not in letter.get_content()


def test_a_link_in_the_mail_alone_never_opens_a_desk(joke, letters):
    joke.post("/password/forgot", {"email": joke.email})
    code = re.search(r"\n\s+([A-Z2-7]{4} [A-Z2-7]{4})\n", letters()[-1].get_content()).group(1)
    joke.post("/password/reset", {"code": code, "password": "nieuwe losse woorden hier"})
    joke.signs_in("nieuwe losse woorden hier")
    assert joke.get("/counsellor").location.startswith("/step")


def test_a_session_that_ends_while_its_code_is_looked_at_is_led_to_the_door(joke, app_shows, monkeypatch, db, now):
    proves = factors.prove_totp

    def proves_slowly(*told):
        sessions.end(db, told[2].id, now())
        return proves(*told)

    monkeypatch.setattr(factors, "prove_totp", proves_slowly)
    answer = takes_step(joke, app_shows())
    assert answer.status_code < 500
    assert joke.get("/counsellor").location.startswith("/login")


def test_codes_on_paper_are_renewed_after_a_fresh_step_alone(guarded, app_shows, db, now):
    takes_step(guarded, app_shows())
    now.pass_by(minutes=6)
    before = db.execute("select code from recoveries").fetchall()
    answer = guarded.post("/settings/steps/codes")
    assert answer.status_code == 401
    assert db.execute("select code from recoveries").fetchall() == before


def test_setting_up_an_app_is_no_way_around_the_five_tries(counsellor, now):
    joke = counsellor("Joke")
    tries = [joke.post("/settings/steps/app", {"secret": SECRET, "code": f"{n:06}"}).status_code for n in range(6)]
    assert tries == [422] * 5 + [429]
