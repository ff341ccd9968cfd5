"""Passkeys, with a real browser and a key that it holds itself; and what a thief would send instead."""

import base64
import json
import re
from collections.abc import Iterator

import pytest

from diary import clock
from diary.people import accounts, factors, practices, sessions
from tests import houses
from tests.browser.conftest import LAPTOP
from tests.houses import House
from tests.persons import PASSWORD, Person


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """A diary of its own, asked for by a name: a passkey belongs to one."""
    with houses.serving(houses.build(tmp_path_factory.mktemp("passkeys")), "localhost") as house:
        yield house


class Key:
    """What Chromium holds in the place of a key or a fingerprint reader."""

    def __init__(self, page, verified: bool = True):
        self.door = page.context.new_cdp_session(page)
        self.door.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": verified, "automaticPresenceSimulation": True}
        self.id = self.door.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def held(self) -> list[dict]:
        return self.door.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def holds(self, credential: dict) -> None:
        self.door.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def drops(self, credential: dict) -> None:
        which = {"authenticatorId": self.id, "credentialId": credential["credentialId"]}
        self.door.send("WebAuthn.removeCredential", which)

    def recognises(self, owner: bool) -> None:
        self.door.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})


@pytest.fixture
def joke(house, opens):
    """A counsellor with a laptop, a fresh account and no second step."""
    now = clock.now()
    visitor = opens(LAPTOP)
    visitor.email = f"joke-{now.timestamp()}@praktijk.example.org"
    practice = practices.here(house.db, now)["id"]
    accounts.register(house.db, "Joke", visitor.email, PASSWORD, "nl", now, "counsellor", practice)
    signed_in(visitor)
    visitor.goes("/settings/steps")
    return visitor


def signed_in(visitor):
    """With the password alone, as if by thumb."""
    aside = Person(visitor.house.app.test_client(), visitor.email, "Joke")
    assert aside.signs_in().status_code == 302
    visitor.is_known_as(aside)


def signs_in(visitor):
    visitor.goes("/login")
    visitor.types("E-mailadres", visitor.email)
    visitor.types("Wachtwoord", PASSWORD)
    visitor.page.get_by_role("button", name="Log in").click()


@pytest.fixture
def keyed(joke):
    """The same with a passkey; signed out, and in again with the password alone."""
    joke.key = Key(joke.page)
    joke.taps_on("Maak een passkey")
    assert joke.reads("Bewaar deze codes op papier")
    assert joke.page.locator("ul code").count() == 10
    signed_in(joke)
    joke.goes("/counsellor")
    joke.page.wait_for_url(re.compile("/step"))
    return joke


def signs_in_anew(visitor):
    visitor.goes("/settings")
    visitor.taps_on("Log hier uit")
    visitor.page.wait_for_url(visitor.address + "/")
    signs_in(visitor)
    visitor.page.wait_for_url(re.compile("/step"))


def test_a_passkey_is_made_and_opens_the_desk(keyed):
    keyed.taps_on("Gebruik je passkey")
    keyed.page.wait_for_url("**/counsellor")
    assert keyed.reads("Gezinnen")
    keyed.goes("/settings")
    assert keyed.page.locator("h1").inner_text() == "Instellingen"


def test_a_key_that_does_not_ask_who_holds_it_makes_no_passkey(joke):
    joke.key = Key(joke.page, verified=False)
    joke.taps_on("Maak een passkey")
    assert joke.reads("Dat ging niet door")
    assert joke.page.url.endswith("/settings/steps")


def test_a_finger_that_is_not_recognised_opens_nothing(keyed):
    keyed.key.recognises(False)
    keyed.taps_on("Gebruik je passkey")
    assert keyed.reads("Dat ging niet door")
    keyed.goes("/counsellor")
    assert "/step" in keyed.page.url


# -- past the browser: what is sent by hand


def given(visitor, change=None) -> dict:
    """The form as the browser would send it, held back; `change` meddles with what the page asks of the key."""
    form = visitor.page.locator("form[data-passkey]")
    options = json.loads(form.get_attribute("data-options"))
    (change or (lambda asked: None))(options)
    answer = visitor.page.evaluate(
        """async (options) => JSON.stringify(await navigator.credentials.get(
             { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }))""",
        options,
    )
    return {"csrf_token": form.locator("[name=csrf_token]").input_value(), "credential": answer}


def sends(visitor, fields: dict) -> int:
    told = visitor.page.request.post(visitor.address + "/step", form=fields, max_redirects=0)
    return told.status


def test_a_key_that_was_not_asked_who_holds_it_is_refused(keyed):
    keyed.key.recognises(False)
    held_back = given(keyed, lambda asked: asked.update(userVerification="discouraged"))
    assert sends(keyed, held_back) == 422


def test_an_answer_works_once(keyed, house):
    held_back = given(keyed)
    assert sends(keyed, held_back) == 302
    signs_in_anew(keyed)
    assert sends(keyed, held_back | {"csrf_token": token(keyed)}) == 422


def test_an_answer_to_another_session_is_refused(keyed, opens):
    other = opens(LAPTOP)
    other.email = keyed.email
    signs_in(other)
    other.page.wait_for_url(re.compile("/step"))
    assert sends(other, given(keyed) | {"csrf_token": token(other)}) == 422


def test_an_answer_that_comes_twice_within_a_session_is_refused(keyed):
    held_back = given(keyed)
    assert sends(keyed, held_back | {"credential": spoilt(held_back["credential"])}) == 422
    assert sends(keyed, held_back) == 422


def test_a_challenge_of_ones_own_making_is_refused(keyed):
    assert sends(keyed, given(keyed, lambda asked: asked.update(challenge="A" * 70))) == 422


@pytest.mark.parametrize(
    ("name", "origin", "fits"), [(None, None, True), ("example.org", None, False), (None, "x", False)]
)
def test_an_answer_is_for_one_name_and_one_address(keyed, house, name, origin, fits):
    site = factors.Site(name or "localhost", [origin or house.address])
    vault = house.app.config["VAULT"]
    me = sessions.viewer(house.db, vault, session_of(keyed, house.app), clock.now())
    assert factors.prove_passkey(house.db, vault, me, site, given(keyed)["credential"], clock.now()) == fits


def session_of(visitor, app) -> str:
    cookie = next(c["value"] for c in visitor.page.context.cookies() if c["name"] == "nabij")
    return app.session_interface.get_signing_serializer(app).loads(cookie)["_user_id"]


def test_a_copy_of_a_key_that_lags_behind_is_refused(keyed):
    copy = keyed.key.held()[0]
    assert sends(keyed, given(keyed)) == 302
    keyed.key.drops(copy)
    keyed.key.holds(copy)  # its count is what it was before
    signs_in_anew(keyed)
    assert sends(keyed, given(keyed)) == 422


@pytest.mark.parametrize(
    "answers", [("", "{}", "[]"), ("null", "[" * 9000, '{"response": {"clientDataJSON": "eyJ9"}}')]
)
def test_what_is_no_answer_is_refused_with_a_sentence(keyed, answers):
    for answer in answers:  # three: after five one has to wait
        assert (answer, sends(keyed, {"csrf_token": token(keyed), "credential": answer})) == (answer, 422)


def test_a_parent_may_add_one_and_is_asked_for_it_the_next_time(house, opens, chromium):
    eva = opens()
    eva.moves_in("Eva")
    eva.key = Key(eva.page)
    house.change("update sessions set created_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')")
    eva.goes("/settings")
    eva.taps_on("Extra stap bij het inloggen", role="link", exact=False)
    eva.types("Je wachtwoord van nu", PASSWORD)
    eva.taps_on("Verder")
    eva.taps_on("Maak een passkey")
    assert eva.reads("Bewaar deze codes op papier")
    eva.goes("/today")
    signs_in_anew(eva)
    eva.taps_on("Gebruik je passkey")
    eva.page.wait_for_url("**/today")


def token(visitor) -> str:
    return visitor.page.locator("meta[name=csrf-token]").get_attribute("content")


def spoilt(credential: str) -> str:
    answer = json.loads(credential)
    answer["response"]["signature"] = packed("nothing of the kind")
    return json.dumps(answer)


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
