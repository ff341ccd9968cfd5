"""Someone with a phone that can be pushed to, and the push service it is reached by."""

from dataclasses import replace

import pytest

from tests.conftest import Person
from tests.push_service import Browser, PushService


@pytest.fixture
def service(now):
    with PushService() as service:
        yield service


@pytest.fixture
def app(app, service):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], push_hosts=(service.origin,))
    return app


@pytest.fixture
def turns_on(service):
    """Turns reminders on in someone's browser."""

    def turn_on(person: Person, browser: Browser | None = None) -> Browser:
        browser = browser or service.browser()
        answer = subscribes(person, browser.subscription())
        assert answer.status_code == 200, answer.text
        return browser

    return turn_on


def subscribes(person: Person, told: object):
    return person.client.post("/reminders/devices", json=told, headers={"X-CSRFToken": person.token()})
