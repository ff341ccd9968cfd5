"""Signing in and out, guessing, and what was typed when a session had run out."""

import re
import uuid
from html import unescape

import pytest

from tests.conftest import contents
from tests.persons import PASSWORD

TYPED = {"kind": "incident", "area": "routine", "note": 'Hij zei: "ga weg" & sloeg <de deur>', "shared": "family"}


def hidden(page: str) -> dict[str, str]:
    """What a form on this page would send along unseen; of two by one name the first counts."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in reversed(fields)}


def signs_in_on(person, page: str, password: str = PASSWORD, **fields):
    return person.client.post("/login", data={**hidden(page), "email": person.email, "password": password, **fields})


def test_the_right_password_opens_the_diary(marit, new_phone):
    phone = new_phone(marit)
    assert phone.signs_in().location == "/today"
    assert "Goedenavond, Marit" in phone.get("/today").text


@pytest.mark.parametrize("email", ["MARIT@example.org", "  marit@example.org  "])
def test_an_address_may_be_typed_carelessly(marit, new_phone, email):
    assert new_phone(marit).signs_in(email=email).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "een ander wachtwoord"},
        {"password": PASSWORD + " "},
        {"password": PASSWORD.upper()},
        {"password": "x" * 5000},
        {"password": "\0"},
        {"email": ""},
        {"email": "marit"},
        {"email": "' or 1=1 --@example.org"},
        {"email": "x" * 300 + "@example.org"},
    ],
    ids=str,
)
def test_what_is_not_right_is_refused_with_a_sentence(marit, new_phone, fields):
    phone = new_phone(marit)
    answer = phone.signs_in(**fields)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert phone.get("/today").status_code == 302


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(marit, new_phone):
    phone = new_phone(marit)
    known, unknown = (phone.signs_in("fout wachtwoord", email=f"{name}@example.org") for name in ("marit", "nihil"))
    plain = [re.sub(r'(csrf.token" (content|value)=")[^"]+', "", answer.text) for answer in (known, unknown)]
    assert plain[0].replace("marit@", "nihil@") == plain[1]
    assert (known.status_code, dict(known.headers)) == (unknown.status_code, dict(unknown.headers))


def test_a_page_that_needs_a_sign_in_comes_after_it(marit, new_phone):
    phone = new_phone(marit)
    asked = phone.get("/timeline?q=gooien&area=limit")
    page = phone.get(asked.location).text
    assert signs_in_on(phone, page).location == "/timeline?q=gooien&area=limit"


@pytest.mark.parametrize(
    "onward",
    ["//evil.org", "https://evil.org", "/\\evil.org", "/\t/evil.org", "/a\r\nX-Set: 1", "javascript:alert(1)", ""],
)
def test_signing_in_never_leads_to_another_site(marit, new_phone, onward):
    assert new_phone(marit).signs_in(next=onward).location == "/today"


def test_a_stranger_guesses_ten_times_a_minute(marit, new_phone, now):
    burglar = new_phone(marit)
    assert [burglar.signs_in("raden maar weer").status_code for _ in range(11)] == [422] * 10 + [429]
    assert burglar.signs_in().status_code == 429
    now.pass_by(minutes=1)
    assert burglar.signs_in().status_code == 302


def test_guessing_at_an_unknown_address_is_slowed_down_the_same(stranger):
    assert [stranger.signs_in("raden maar weer").status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_stranger_who_keeps_guessing_locks_nobody_out(marit, new_phone):
    for _ in range(12):
        new_phone(marit).signs_in("raden maar weer")
    marit.post("/logout")
    assert marit.signs_in().status_code == 302


@pytest.mark.parametrize(("mine", "others"), [("192.0.2.{}", "192.0.2.1"), ("2001:db8::{:x}", "2001:db8:0:1::1")])
def test_one_line_to_the_internet_guesses_two_hundred_times_in_ten_minutes(stranger, mine, others):
    """Also over many accounts, and however many addresses of its own IPv6 gives it."""
    many = ":" in mine
    token, tries = stranger.token(), []
    for n in range(201):
        fields = {"csrf_token": token, "email": f"a{n}@example.org", "password": "een wachtwoord"}
        line = {"REMOTE_ADDR": mine.format(n if many else 9)}
        tries.append(stranger.client.post("/login", data=fields, environ_overrides=line).status_code)
    assert [tries.count(code) for code in (422, 429)] == [200, 1]
    elsewhere = stranger.client.post("/login", data=fields, environ_overrides={"REMOTE_ADDR": others})
    assert elsewhere.status_code == 422


def test_a_browser_that_was_here_before_guesses_ten_times_a_minute_too(marit, now):
    marit.post("/logout")
    assert [marit.signs_in("raden maar weer").status_code for _ in range(11)] == [422] * 10 + [429]
    now.pass_by(minutes=1)
    assert marit.signs_in().status_code == 302


def test_signing_in_makes_a_new_session_and_ends_the_one_before(marit, on_disk):
    with marit.client.session_transaction() as kept:
        before = kept["_user_id"]
    marit.signs_in()
    assert marit.get("/settings").text.count(">dit toestel<") == 1
    assert "/settings/sessions/" not in marit.get("/settings").text
    with marit.client.session_transaction() as kept:
        after, kept["_user_id"] = kept["_user_id"], before
    assert after != before
    assert marit.get("/today").status_code == 302


def test_signing_out_closes_the_diary_and_clears_what_the_browser_kept(marit):
    with marit.client.session_transaction() as kept:
        token = kept["_user_id"]
    answer = marit.post("/logout")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"cache", "storage"')
    with marit.client.session_transaction() as kept:
        kept["_user_id"] = token
    assert marit.get("/today").status_code == 302


def test_signing_out_twice_is_harmless(marit):
    marit.post("/logout")
    page = marit.post("/logout")
    assert page.status_code == 401
    assert signs_in_on(marit, page.text).location == "/today"
    assert marit.get("/today").status_code == 200


# -- a session that ran out while someone was writing


@pytest.fixture
def ran_out(marit, now):
    """What Marit sees who saves an entry after a month away."""

    def save(path: str = "/entries", fields: dict = TYPED) -> str:
        form = marit.token()
        now.pass_by(days=31)
        answer = marit.client.post(path, data={"csrf_token": form, **fields})
        assert answer.status_code == 401
        return answer.text

    return save


def test_what_was_typed_is_on_the_sign_in_page(ran_out, db):
    page = ran_out()
    assert TYPED.items() <= hidden(page).items()
    assert "wat je net schreef wordt dan bewaard" in page
    assert db["entry_rows"].count == 0


def test_signing_in_as_the_same_person_saves_it(ran_out, marit):
    page = ran_out()
    answer = signs_in_on(marit, page)
    assert (answer.status_code, answer.location) == (307, "/entries")
    again = marit.client.post(answer.location, data=hidden(page))
    assert again.status_code == 302
    assert "sloeg &lt;de deur&gt;" in marit.get("/timeline").text


def test_it_is_still_there_after_a_mistyped_password(ran_out, marit):
    page = signs_in_on(marit, ran_out(), "een tikfout hier").text
    assert TYPED.items() <= hidden(page).items()
    assert signs_in_on(marit, page).status_code == 307


def test_signing_in_as_another_does_not_save_it(ran_out, marit, parent, new_phone, db):
    eva = parent("Eva")
    page, before = ran_out(), contents(db, "sessions", "limits")
    eva.client = marit.client
    answer = signs_in_on(eva, page)
    assert (answer.status_code, answer.location) == (302, "/today")
    assert "Goedenavond, Eva" in eva.get("/today").text
    assert contents(db, "sessions", "limits") == before


def test_a_button_without_fields_brings_one_back_to_today(ran_out, marit):
    assert signs_in_on(marit, ran_out(f"/entries/{uuid.uuid4()}/deletion", {})).location == "/today"


def test_a_password_never_travels_along(ran_out, marit):
    page = ran_out("/settings/password", {"current": PASSWORD, "password": "nieuwe losse woorden hier"})
    assert PASSWORD not in page
    assert "nieuwe losse woorden" not in page
    assert signs_in_on(marit, page).status_code == 302


def test_another_site_cannot_fill_in_whom_one_signs_in_as(marit, parent, new_phone):
    """Its fields would come before those that are typed: one would write in the diary of another."""
    parent("Eva")
    phone = new_phone(marit)
    foreign = {"email": "eva@example.org", "password": PASSWORD, "next": "/settings", "whose": "x", "note": "x"}
    page = phone.client.post("/entries", data=foreign).text
    assert hidden(page).keys().isdisjoint({"email", "password"})
    assert (hidden(page)["next"], hidden(page)["whose"]) == ("/entries", "")
    assert signs_in_on(phone, page).status_code == 302


def test_a_script_hears_that_it_must_sign_in(marit, now):
    now.pass_by(days=31)
    answer = marit.sync({"kind": "contact"})
    assert (answer.status_code, answer.json) == (401, {"error": "Log opnieuw in. Er gaat niets verloren."})


def test_a_form_left_open_in_another_tab_is_kept_after_signing_out(marit, db):
    form = marit.token()
    marit.post("/logout")
    page = marit.client.post("/entries", data={"csrf_token": form, **TYPED})
    assert TYPED.items() <= hidden(page.text).items()
