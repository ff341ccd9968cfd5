"""Signing up, and one's own name, language and password."""

import pytest

from diary.people import accounts
from tests.persons import PASSWORD

FRESH = "nieuwe losse woorden hier"


def signs_up(person, **fields):
    given = {"name": "Marit", "email": "marit@example.org", "password": PASSWORD}
    return person.post("/register", {**given, **fields})


def test_signing_up_opens_the_way_to_an_empty_diary(stranger):
    assert signs_up(stranger).location == "/today"
    assert stranger.get("/today").location == "/welcome"
    assert "Welkom, Marit" in stranger.get("/welcome").text


@pytest.mark.parametrize("email", ["marit@example.org", "MARIT@Example.org", " marit@example.org "])
def test_an_address_has_one_account_however_it_is_typed(marit, stranger, email):
    answer = signs_up(stranger, email=email, name="Iemand anders")
    assert answer.status_code == 422
    assert "Met dit adres lukt aanmelden niet" in answer.text
    assert stranger.get("/today").status_code == 302


def test_letters_that_only_look_alike_make_another_address(db, now):
    first, other = "strasse@example.org", "straße@example.org"
    assert accounts.register(db, "A", first, PASSWORD, "nl", now()) != accounts.register(
        db, "B", other, PASSWORD, "nl", now()
    )
    assert accounts.by_email(db, other)["email"] == other


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 61},
        {"name": "a\0b"},
        {"email": ""},
        {"email": "marit"},
        {"email": "marit@example"},
        {"email": "marit@example.org\r\nBcc: eva@example.org"},
        {"email": "marit@eva@example.org"},
        {"email": "m" * 250 + "@example.org"},
        {"password": ""},
        {"password": "te kort"},
        {"password": "password1234"},
        {"password": "x y z " * 50},
        {"password": "x y z " * 500},
        {"password": "maritmaritmarit"},
    ],
    ids=lambda fields: "-".join(f"{name} {value[:12]!r}" for name, value in fields.items()),
)
def test_what_cannot_be_an_account_is_answered_and_kept_by_nobody(stranger, db, fields):
    answer = signs_up(stranger, **fields)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert db["accounts"].count == 0


def test_only_a_hash_of_the_password_is_kept(parent, on_disk, light_hashing, monkeypatch):
    monkeypatch.setattr(accounts, "_hasher", light_hashing)
    parent("Marit")
    lying_there = on_disk()
    assert b"marit@example.org" in lying_there
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in lying_there
    assert PASSWORD.encode() not in lying_there


def test_name_and_language_can_be_changed(marit):
    marit.post("/settings", {"name": "Marit H.", "language": "en"})
    assert "Good evening, Marit H." in marit.get("/today").text


@pytest.mark.parametrize("fields", [{}, {"name": "", "language": "nl"}, {"name": "Marit", "language": "xx"}])
def test_a_strange_name_or_language_changes_nothing(marit, fields):
    assert marit.post("/settings", fields).status_code == 422
    assert "Goedenavond, Marit" in marit.get("/today").text


def test_nobody_changes_the_settings_of_another(marit, stranger):
    assert stranger.post("/settings", {"name": "Eva", "language": "nl"}).status_code == 401
    assert "Goedenavond, Marit" in marit.get("/today").text


def test_a_new_password_takes_the_place_of_the_old(marit, new_phone):
    assert marit.post("/settings/password", {"current": PASSWORD, "password": FRESH}).status_code == 302
    assert new_phone(marit).signs_in(PASSWORD).status_code == 422
    assert new_phone(marit).signs_in(FRESH).status_code == 302


def test_a_new_password_signs_out_every_other_device_and_not_this_one(marit, new_phone):
    tablet = new_phone(marit)
    tablet.signs_in()
    marit.post("/settings/password", {"current": PASSWORD, "password": FRESH})
    assert (marit.get("/today").status_code, tablet.get("/today").status_code) == (200, 302)


@pytest.mark.parametrize(
    ("current", "password"),
    [
        ("niet dit wachtwoord", FRESH),
        ("", FRESH),
        (PASSWORD, "password1234"),
        (PASSWORD, "maritmaritmarit"),
        ("", ""),
    ],
)
def test_a_password_is_not_changed_by_who_cannot_say_it_nor_into_a_weak_one(marit, new_phone, current, password):
    assert marit.post("/settings/password", {"current": current, "password": password}).status_code == 422
    assert new_phone(marit).signs_in(PASSWORD).status_code == 302


def test_the_present_password_can_be_guessed_ten_times_a_minute(marit):
    told = [marit.post("/settings/password", {"current": "raak", "password": FRESH}).status_code for _ in range(12)]
    assert told == [422] * 10 + [429] * 2


def test_a_stranger_who_keeps_guessing_does_not_keep_one_from_changing_it(marit, new_phone):
    burglar = new_phone(marit)
    assert [burglar.signs_in("raden maar weer").status_code for _ in range(11)][-1] == 429
    assert marit.post("/settings/password", {"current": PASSWORD, "password": FRESH}).status_code == 302
