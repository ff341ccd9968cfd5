"""A forgotten password: what a code by mail can do, and what it cannot do alone."""

import re
from datetime import timedelta

import pytest

from diary.people import resets
from tests.conftest import contents
from tests.persons import PASSWORD

FRESH = "nieuwe losse woorden hier"
HOURS = timedelta(hours=1)
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def asks(letters):
    """Asks for a code in this browser, and gives the one that came by mail."""

    def ask(person) -> str:
        before = len(letters())
        person.post("/password/forgot", {"email": person.email})
        (letter,) = letters()[before:]
        assert letter["To"] == person.email
        return re.search(r"^ {4}(\w{4} \w{4})$", letter.get_content(), re.MULTILINE).group(1)

    return ask


def types(person, code: str, password: str = FRESH) -> str:
    """The heading of the page that answers."""
    answer = person.post("/password/reset", {"code": code, "password": password})
    return re.search("<h1>(.*?)</h1>", answer.text).group(1)


def opens(person, password: str) -> bool:
    return person.signs_in(password).status_code == 302


NOW, LATER, WRONG = "Je nieuwe wachtwoord geldt", "Over drie dagen geldt je nieuwe wachtwoord", "Nieuw wachtwoord"


def test_on_a_known_device_it_holds_at_once_and_every_session_ends(marit, asks, new_phone):
    tablet = new_phone(marit)
    tablet.signs_in()
    marit.post("/logout")
    assert types(marit, asks(marit)) == NOW
    assert tablet.get("/today").status_code == 302
    assert (opens(tablet, PASSWORD), opens(marit, FRESH)) == (False, True)


def test_on_an_unknown_device_it_opens_nothing_for_72_hours_to_the_moment(marit, asks, new_phone, now):
    thief = new_phone(marit)
    assert types(thief, asks(thief)) == LATER
    asked = now.at
    for at in (asked, asked + HOURS, asked + 72 * HOURS - MOMENT):
        now.at = at
        assert not opens(thief, FRESH)
    now.at = asked + 72 * HOURS
    assert opens(thief, FRESH)


def test_until_then_the_old_password_goes_on_working(marit, asks, new_phone, now):
    thief = new_phone(marit)
    types(thief, asks(thief))
    now.pass_by(hours=71)
    assert opens(new_phone(marit), PASSWORD)
    assert marit.get("/today").status_code == 200


def test_once_it_opens_the_old_password_and_every_session_end(marit, asks, new_phone, now):
    phone = new_phone(marit)
    types(phone, asks(phone))
    now.pass_by(hours=72)
    assert opens(phone, FRESH)
    assert marit.get("/today").status_code == 302
    assert not opens(marit, PASSWORD)


def test_it_does_not_wait_for_ever(marit, asks, new_phone, now):
    phone = new_phone(marit)
    types(phone, asks(phone))
    now.pass_by(days=17)
    assert not opens(phone, FRESH)


@pytest.mark.parametrize(("passed", "shown"), [(17 * 24 * HOURS - MOMENT, True), (17 * 24 * HOURS, False)])
def test_it_is_shown_for_as_long_as_it_can_open(marit, asks, new_phone, now, passed, shown):
    phone = new_phone(marit)
    types(phone, asks(phone))
    now.at += passed
    assert ("Iemand vroeg een nieuw wachtwoord aan" in marit.get("/today").text) == shown
    assert ("Er wacht een nieuw wachtwoord" in marit.get("/settings").text) == shown
    assert opens(phone, FRESH) == shown


def test_every_signed_in_device_shows_it_and_can_stop_it(marit, asks, new_phone, now):
    tablet, thief = new_phone(marit), new_phone(marit)
    tablet.signs_in()
    assert "nieuw wachtwoord aan" not in tablet.get("/today").text
    types(thief, asks(thief))
    for device in (marit, tablet):
        assert "Iemand vroeg een nieuw wachtwoord aan" in device.get("/today").text
        assert "Er wacht een nieuw wachtwoord" in device.get("/settings").text
        assert "maandag 23 november" in device.get("/today").text
    tablet.post("/password/pending/stop")
    assert "nieuw wachtwoord aan" not in marit.get("/today").text
    now.pass_by(hours=73)
    assert (opens(thief, FRESH), opens(thief, PASSWORD)) == (False, True)


def test_stopping_also_ends_codes_that_were_not_typed_yet(marit, asks, new_phone):
    thief = new_phone(marit)
    code = asks(thief)
    marit.post("/password/pending/stop")
    assert types(thief, code) == WRONG


def test_stopping_twice_is_harmless_and_a_stranger_stops_nothing(marit, asks, new_phone, stranger, parent):
    phone = new_phone(marit)
    types(phone, asks(phone))
    assert stranger.post("/password/pending/stop").status_code == 401
    parent("Eva").post("/password/pending/stop")
    assert "Iemand vroeg" in marit.get("/today").text
    assert [marit.post("/password/pending/stop").status_code for _ in range(2)] == [302, 302]


def test_changing_the_password_stops_what_waits(marit, asks, new_phone, now):
    thief = new_phone(marit)
    types(thief, asks(thief))
    marit.post("/settings/password", {"current": PASSWORD, "password": "weer andere woorden hier"})
    now.pass_by(hours=73)
    assert not opens(thief, FRESH)


def test_a_code_works_once(marit, asks):
    code = asks(marit)
    assert [types(marit, code) for _ in range(2)] == [NOW, WRONG]


def test_a_code_that_waits_is_used_up_too(marit, asks, new_phone):
    phone = new_phone(marit)
    code = asks(phone)
    assert [types(phone, code), types(phone, code, "weer andere woorden hier")] == [LATER, WRONG]


@pytest.mark.parametrize(("passed", "told"), [(10 * 60 * 1000 - 1, NOW), (10 * 60 * 1000, WRONG)])
def test_a_code_works_ten_minutes(marit, asks, now, passed, told):
    code = asks(marit)
    now.pass_by(milliseconds=passed)
    assert types(marit, code) == told


def test_a_code_works_in_the_browser_that_asked_for_it_alone(marit, asks, new_phone):
    code = asks(marit)
    other = new_phone(marit)
    assert types(other, code) == WRONG
    asks(other)
    assert types(other, code) == WRONG
    assert types(marit, code) == NOW


def test_five_wrong_tries_use_a_code_up(marit, asks):
    code = asks(marit)
    assert [types(marit, "AAAA AAAA") for _ in range(5)] == [WRONG] * 5
    assert types(marit, code) == WRONG
    assert opens(marit, PASSWORD)


def test_the_fifth_try_may_be_the_right_one(marit, asks):
    code = asks(marit)
    assert [types(marit, "AAAA AAAA") for _ in range(4)] == [WRONG] * 4
    assert types(marit, code) == NOW


def test_a_new_code_takes_the_place_of_the_last(marit, asks):
    first, second = asks(marit), asks(marit)
    assert [types(marit, first), types(marit, second)] == [WRONG, NOW]


@pytest.mark.parametrize("slip", [str.lower, lambda c: c.replace(" ", ""), lambda c: f" {c[:2]}-{c[2:]} "])
def test_a_code_may_be_typed_carelessly(marit, asks, slip):
    assert types(marit, slip(asks(marit))) == NOW


def test_signs_that_look_alike_are_taken_as_meant():
    assert resets.plain("0o 1i-8b") == "OOIIBB"


@pytest.mark.parametrize("code", ["", "x", "A" * 41, "\0", "ÀÀÀÀ ÀÀÀÀ", "........"])
def test_a_strange_code_is_answered(marit, asks, code):
    asks(marit)
    assert marit.post("/password/reset", {"code": code, "password": FRESH}).status_code == 422


@pytest.mark.parametrize("password", ["", "kort", "password1234", "maritmaritmarit", "x" * 2000])
def test_a_weak_password_is_refused_and_costs_no_try(marit, asks, password):
    code = asks(marit)
    for _ in range(6):
        answer = marit.post("/password/reset", {"code": code, "password": password})
        assert answer.status_code == 422
        assert 'id="password-wrong"' in answer.text
    assert types(marit, code) == NOW


def test_a_code_without_having_asked_opens_nothing(marit, stranger):
    assert types(stranger, "AAAA AAAA") == WRONG


def test_who_asks_hears_the_same_about_an_address_nobody_has(marit, letters, new_phone):
    told = []
    for email in (marit.email, "nobody@example.org"):
        phone = new_phone(marit)
        for answer in (phone.post("/password/forgot", {"email": email}), phone.get("/password/reset")):
            told.append(
                (
                    answer.status_code,
                    answer.location,
                    re.sub(r'(csrf.token" (content|value)=")[^"]+', "", answer.text),
                )
            )
            told[-1] += (re.sub("nabij=[^;]+", "", answer.headers.get("Set-Cookie", "")),)
        told.append(types(phone, "AAAA AAAA"))
    assert told[:3] == told[3:]
    assert len(letters()) == 1


@pytest.mark.parametrize(
    "email", ["", "marit", "x" * 300 + "@example.org", "marit@example.org\nBcc: eva@example.org"]
)
def test_a_strange_address_is_answered(stranger, letters, email):
    assert stranger.post("/password/forgot", {"email": email}).status_code == 422
    assert letters() == []


def test_five_letters_an_hour_at_most(marit, letters, new_phone, now):
    told = [new_phone(marit).post("/password/forgot", {"email": marit.email}).status_code for _ in range(7)]
    assert told == [302] * 5 + [429] * 2
    assert len(letters()) == 5
    now.pass_by(hours=1)
    assert new_phone(marit).post("/password/forgot", {"email": marit.email}).status_code == 302


def test_asking_changes_nothing_for_who_has_the_account(marit, asks, new_phone):
    asks(new_phone(marit))
    assert marit.get("/today").status_code == 200
    assert "nieuw wachtwoord aan" not in marit.get("/today").text
    assert opens(new_phone(marit), PASSWORD)


def test_opening_the_page_for_the_code_changes_nothing(marit, asks, db):
    asks(marit)
    before = contents(db)
    for look in (marit.client.get, marit.client.head):
        assert look("/password/reset").status_code == 200
        assert look("/password/forgot").status_code == 200
    assert contents(db) == before


def test_neither_code_nor_letter_nor_password_lies_in_the_database(marit, asks, new_phone, on_disk):
    thief = new_phone(marit)
    code = asks(thief)
    types(thief, code)
    lying_there = on_disk()
    for secret in (code, resets.plain(code), FRESH, "Typ dan deze code"):
        assert secret.encode() not in lying_there


def test_the_letter_says_nothing_about_a_child(marit, asks, letters):
    asks(marit)
    text = str(letters()[0])
    assert "Sem" not in text
    assert "Marit" not in text


def test_no_password_changes_in_silence(marit, asks, letters):
    fresh = {"current": PASSWORD, "password": "heel andere losse woorden"}
    marit.post("/settings/password", fresh | {"current": "een verkeerd wachtwoord"})
    assert letters() == []
    marit.post("/settings/password", fresh)
    types(marit, asks(marit))
    told = [letter for letter in letters() if letter["Subject"] == "Je wachtwoord is veranderd"]
    assert [letter["To"] for letter in told] == [marit.email] * 2
    assert "Was jij het niet?" in told[0].get_content()
