"""Someone with an agreement, and days that pass tick by tick."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from diary import clock, mail, store
from diary.reminders import devices, due, fallback, reminders, reminding, sending
from diary.reminders.hosts import Hosts
from diary.reminders.kinds import EVERY_DAY
from diary.vault import fingerprint
from tests.push_service import PushService

AMSTERDAM = "Europe/Amsterdam"


@pytest.fixture
def me(marit, viewer):
    return viewer(marit)


@pytest.fixture
def vault(app):
    return app.config["VAULT"]


@pytest.fixture
def agree(db, me, now):
    """Agrees on a reminder, without quiet hours unless asked for."""

    def add(kind: str = "evening", at: str = "19:30", days: str = EVERY_DAY, viewer=None, **about) -> str:
        reminding.save(db, viewer or me, now(), quiet_from="00:00", quiet_until="00:00")
        return reminders.add(db, viewer or me, kind, at, days, now(), **about)

    return add


@pytest.fixture
def at(now):
    """Makes it this time of the wall clock in Amsterdam, so many days on from the 20th of November."""

    def be(wall: str, days: int = 0) -> datetime:
        day = datetime(2026, 11, 20).date() + timedelta(days=days)  # noqa: DTZ001  a day
        now.at = clock.at(day, time.fromisoformat(wall), AMSTERDAM)
        return now.at

    return be


@pytest.fixture
def plan(db, vault, now):
    return lambda: due.plan(db, vault, now())


@pytest.fixture
def states(db):
    """Gives what became of each day of a reminder, in order."""

    def read(uid: str) -> dict[str, str]:
        found = store.rows(
            db,
            """select local_date, state from occurrences
               where reminder = (select id from reminders where uid = :uid) order by local_date""",
            uid=uid,
        )
        return {row["local_date"]: row["state"] for row in found}

    return read


# -- sending


@pytest.fixture
def service(now):
    with PushService() as service:
        yield service


@pytest.fixture
def settings(app, service):
    return replace(app.config["SETTINGS"], push_hosts=(service.origin,))


@pytest.fixture
def device(db, vault, service, settings):
    """Gives someone a browser that can be reached, answering as asked."""

    def make(viewer, answer: object = 201):
        browser = service.browser(answer)
        devices.keep(db, vault, viewer, browser.subscription(), settings.push_hosts, clock.now())
        return browser

    return make


@pytest.fixture
def tick(db, settings, vault, now, plan):
    """One tick as it is in the diary, and what stands in the table of deliveries afterwards."""
    hosts = Hosts()

    def run() -> list[tuple]:
        plan()
        sending.send(db, settings, vault, now(), rate=1000, hosts=hosts)
        fallback.by_mail(db, settings, vault, now())
        mail.deliver(db, settings, vault, now())
        fallback.settle(db, now())
        found = store.rows(db, "select local_date, channel, state, outcome from deliveries order by id")
        return [tuple(row.values()) for row in found]

    return run


@pytest.fixture
def signed_in(viewer, new_phone):
    """The same person on another device."""

    def again(person):
        phone = new_phone(person)
        phone.signs_in()
        return viewer(phone)

    return again


def topic_of(uid: str) -> str:
    return fingerprint(uid).hex()[:32]
