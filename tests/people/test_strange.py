"""Whatever is typed into the forms of practice, tie and second step: an answer, never a fault of ours."""

import re

import pytest

from diary.people import admissions
from tests.persons import PASSWORD
from tests.test_bad_input import STRANGE

FORMS = {
    "/step": ["code", "credential", "password", "next", "whose"],
    "/settings/steps/app": ["secret", "code"],
    "/settings/steps/passkeys": ["credential"],
    "/practice/name": ["name"],
    "/practice/invitations": ["address"],
    "/practice/invitations/withdraw": ["address"],
    "/admission": ["name", "password"],
    "/family/counsellors": ["children", "from_day", "until_day"],
    "/introductions": ["children", "from_day", "until_day"],
}


@pytest.fixture
def ask(marit, counsellor, admin, db, now, practice, monkeypatch):
    """Sends one strange text to one form, by who may use it; limits are for other tests."""
    monkeypatch.setattr("diary.people.limits.count", lambda *_: None)
    joke = counsellor("Joke")
    join = re.search(r"/join/[\w-]+", marit.post("/family/counsellors").text).group()
    joke.post(join)
    tie = re.search(r"/family/counsellors/[\w-]+(?=\")", marit.get("/family").text).group()
    introduction = re.search(r"/introductions/[\w-]+", joke.post("/counsellor/invite").text).group()
    admission = "/admission/" + admissions.invite(db, practice["id"], "counsellor", "els@example.org", now())
    who = {"/practice": admin, "/family": marit, "/introductions": marit, "/admission": marit}
    paths = {"/family/counsellors": tie, "/introductions": introduction, "/admission": admission}
    usual = {
        "/admission": {"name": "Els", "password": "kort"},
        "/family/counsellors": {"children": marit.child()},
        "/introductions": {"children": marit.child()},
    }
    tokens = {}

    def send(form: str, field: str, text: str) -> int:
        person = next((p for start, p in who.items() if form.startswith(start)), joke)
        token = tokens.setdefault(id(person), person.token())
        fields = {"csrf_token": token, **usual.get(form, {}), field: text}
        return person.client.post(paths.get(form, form), data=fields).status_code

    return send


@pytest.mark.parametrize(("form", "field"), [(form, field) for form, fields in FORMS.items() for field in fields])
def test_strange_text_is_answered(ask, form, field):
    assert {ask(form, field, text) for text in STRANGE} <= {200, 302, 400, 404, 413, 422}


@pytest.mark.parametrize("path", ["/admission/", "/introductions/", "/family/counsellors/", "/join/"])
def test_a_strange_address_is_answered(marit, path):
    for text in ("%00", "%FF", "x" * 5000, "%2e%2e", "é", "9" * 40, "null"):
        assert marit.get(path + text).status_code in (404, 405)
        assert marit.post(path + text, {"name": "x", "password": PASSWORD}).status_code in (404, 405, 422)
