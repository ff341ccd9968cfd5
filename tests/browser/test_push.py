"""A notification from our hand to the lock screen: encrypted, carried, shown once, and opened on its day.

Chromium has no push service here, so subscribing is played: the browser gets an address at a service of ours and a
key that was made in Python. The rest is real: the page asks, the server keeps and sends, the service decrypts, and
what it read is given to the worker the way a browser does.
"""

import json
import os
import random
import time
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import CDPSession

from diary import clock
from diary.reminders import devices, push, said
from diary.vault import fingerprint
from tests import houses
from tests.browser import phones
from tests.browser.phones import Phone
from tests.houses import House
from tests.push_service import Browser, PushService

# What a browser with a push service would do. It remembers over pages, as a browser does.
SUBSCRIBING = """(told) => {
  const kept = () => JSON.parse(localStorage.subscribed ?? "null");
  const plain = (text) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = (text) => Uint8Array.from(plain(text), (sign) => sign.charCodeAt(0));
  const made = ({ told, key }) => ({
    ...told, options: { applicationServerKey: bytes(key).buffer, userVisibleOnly: true }, toJSON: () => told,
    unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
  });
  PushManager.prototype.getSubscription = async () => (kept() ? made(kept()) : null);
  PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
    const next = JSON.parse(localStorage.next ?? "null") ?? told;
    localStorage.subscribed = JSON.stringify({ told: next, key });
    return made(kept());
  };
}"""


# The worker counts what it has shown, and gives how much that was before.
COUNTING = """() => {
  if (self.counted) return counted.length;
  const show = registration.showNotification.bind(registration);
  self.counted = [];
  Object.defineProperty(registration, "showNotification", {
    value: async (title, said) => { await show(title, said); counted.push([title, said.body]); },
  });
  return 0;
}"""


@pytest.fixture(scope="module")
def service():
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def house(tmp_path_factory, service):
    with houses.serving(houses.build(tmp_path_factory.mktemp("home"))) as house:
        house.app.config["SETTINGS"] = replace(
            house.app.config["SETTINGS"], push_hosts=(service.origin,), url=house.address
        )
        yield house


@dataclass
class Reminded:
    """Someone's phone, its push service, and a way for notifications to come in."""

    phone: Phone
    house: House
    browser: Browser
    line: CDPSession
    registration: str

    @property
    def page(self):
        return self.phone.page

    def turns_on(self) -> None:
        self.phone.opens("/reminders")
        self.page.get_by_role("button", name="Zet meldingen aan").click()
        self.page.get_by_text("Herinneringen komen hier als melding.").wait_for()

    def kept(self) -> list[dict]:
        return self.house.rows(
            "select hex(mark) as mark, sealed <> x'' as live, outcome from devices where account = :account",
            account=self.account,
        )

    @property
    def account(self) -> int:
        return self.house.rows("select id from accounts where email = :email", email=self.phone.visitor.email)[0][
            "id"
        ]

    def is_sent(self, text: str) -> str:
        """Sends for real, and gives what the push service read."""
        app = self.house.app
        for device in devices.live(self.house.db, app.config["VAULT"], self.account, clock.now()):
            assert push.send(device, text, "een-onderwerp", 60, app.config["SETTINGS"]).kind == "sent"
        return text

    def receives(self, text: str) -> list[dict]:
        """Gives it to the worker, and tells what stands on the screen when that has shown it.

        Who asks for the list any sooner takes what is not on the screen yet off it.
        """
        [worker] = self.phone.context.service_workers
        before = worker.evaluate(COUNTING)
        self.delivers(text)
        assert until(lambda: worker.evaluate("counted.length") > before)
        return self.shown()

    def delivers(self, text: str) -> None:
        told = {"origin": self.house.address, "registrationId": self.registration, "data": text}
        self.line.send("ServiceWorker.deliverPushMessage", told)

    def shown(self) -> list[dict]:
        return self.page.evaluate(
            """async () => (await (await navigator.serviceWorker.ready).getNotifications())
                 .map(({ title, body, tag, data, lang }) => ({ title, body, tag, data, lang }))"""
        )


@pytest.fixture
def reminded(chromium, house, service):
    browser = service.browser()
    phone = phones.phone(chromium, house, service_workers="allow")
    phone.context.grant_permissions(["notifications"], origin=house.address)
    phone.context.add_init_script(f"({SUBSCRIBING})({json.dumps(browser.subscription())})")
    phone.visitor.moves_in("Marit")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    line = phone.context.new_cdp_session(phone.page)
    found: list[dict] = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    line.send("ServiceWorker.enable")
    while not (ours := [one for one in found if one["scopeURL"] == f"{house.address}/"]):
        phone.page.wait_for_timeout(20)
    yield Reminded(phone, house, browser, line, ours[-1]["registrationId"])
    phone.context.close()


def at(house: House, day: str, **more) -> str:
    return said.payload("evening", f"een-uid {day} {more}", day, "nl", house.address, **more)


def test_one_tap_turns_it_on_and_what_is_sent_then_is_read_and_shown_once(reminded, service):
    reminded.turns_on()
    assert [row["mark"].lower() for row in reminded.kept()] == [fingerprint(reminded.browser.endpoint).hex()]
    reminded.is_sent(at(reminded.house, "2026-11-20"))
    carried = service.messages[-1]
    assert carried.browser is reminded.browser
    assert service.refused == []
    assert [(n["title"], n["body"], n["data"]) for n in reminded.receives(carried.text)] == [
        ("Nabij", "Er staat iets voor je klaar.", f"{reminded.house.address}/reminders/2026-11-20")
    ]


SAID = [7, None, [1], {"title": 7}, {"title": "", "body": []}, {"title": {"a": 1}}]
SAID += [{"navigate": odd} for odd in ("javascript:alert(1)", "https://evil.example/", 7)]
ODD = [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '"x"',
    "\u0000",
    "é" * 50,
    *(json.dumps({"notification": it}) for it in SAID),
]


def test_whatever_comes_one_notification_is_shown_and_it_says_nothing(reminded):
    """Counted where it is shown: many at a time, a browser's list of what is on the screen runs behind."""
    [worker] = reminded.phone.context.service_workers
    worker.evaluate(COUNTING)
    for text in ODD:
        reminded.delivers(text)
    assert until(lambda: len(worker.evaluate("counted")) == len(ODD))
    assert worker.evaluate("counted") == [["Nabij", "Er staat iets voor je klaar."]] * len(ODD)


PAYLOADS = int(os.environ.get("PAYLOADS", "250"))


def test_of_many_broken_payloads_each_is_one_notification(reminded):
    """In the worker itself, one after the other: a whole message, spoiled by chance."""
    dice, whole = random.Random(8), at(reminded.house, "2026-11-20").strip()
    texts = []
    for _ in range(PAYLOADS):
        text = list(whole)
        for _ in range(dice.randrange(1, 12)):
            text[dice.randrange(len(text))] = chr(dice.choice([34, 44, 58, 91, 123, 0, 65, 233, 8364]))
        texts.append("".join(text[: dice.choice([len(text), dice.randrange(len(text))])]))
    [worker] = reminded.phone.context.service_workers
    counts = worker.evaluate(
        """async (texts) => {
             const counts = [];
             const show = registration.showNotification.bind(registration);
             for (const text of texts) {
               let shown = 0;
               Object.defineProperty(registration, "showNotification", {
                 configurable: true, value: (...said) => { shown += 1; return show(...said); },
               });
               await notify({ json: () => JSON.parse(text) });
               counts.push(shown);
             }
             delete registration.showNotification;
             for (const one of await registration.getNotifications()) one.close();
             return counts;
           }""",
        texts,
    )
    assert counts == [1] * PAYLOADS


def test_the_window_in_front_gets_its_notification_too(reminded):
    reminded.phone.opens("/timeline")
    reminded.page.bring_to_front()
    assert len(reminded.receives(at(reminded.house, "2026-11-20"))) == 1


def test_a_second_try_takes_the_place_of_the_first(reminded):
    text = at(reminded.house, "2026-11-20")
    assert [len(reminded.receives(text)) for _ in range(2)] == [1, 1]
    assert len(reminded.receives(at(reminded.house, "2026-11-21"))) == 2


def test_a_tap_opens_the_day_it_was_meant_for_in_the_window_that_is_open(reminded):
    reminded.phone.opens("/timeline")  # from here on the worker is this window's
    reminded.receives(at(reminded.house, "2026-11-18"))
    tap(reminded)
    reminded.page.wait_for_url("**/reminders/2026-11-18")
    assert until(lambda: reminded.shown() == [])


def test_a_tap_with_no_window_open_opens_one(reminded):
    reminded.receives(at(reminded.house, "2026-11-18"))
    assert tap(reminded, alone=True) == [f"{reminded.house.address}/reminders/2026-11-18"]


def test_a_tap_never_leads_out_of_the_app(reminded):
    for elsewhere in (
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
        "http://",
    ):
        assert tap(reminded, alone=True, data=elsewhere) == ["/today"]


def tap(reminded: Reminded, alone: bool = False, data: str = "") -> list[str]:
    """The worker hears of the tap. Opening a window asks for a real finger, so that is only written down."""
    [worker] = reminded.phone.context.service_workers
    return worker.evaluate(
        """async ([alone, data]) => {
             const opened = [];
             clients.openWindow = async (address) => { opened.push(address); };
             const all = clients.matchAll;
             if (alone) clients.matchAll = async () => [];
             WindowClient.prototype.focus = async function () { return this; };
             await follow(data ? { data, close() {} } : (await registration.getNotifications())[0]);
             clients.matchAll = all;
             return opened;
           }""",
        [alone, data],
    )


def test_signing_out_takes_the_address_along_and_what_still_comes_is_shown_once(reminded):
    reminded.turns_on()
    reminded.phone.opens("/settings")
    reminded.page.get_by_role("button", name="Log hier uit").click()
    reminded.page.wait_for_url(reminded.house.address + "/")
    assert reminded.page.evaluate("localStorage.subscribed ?? null") is None
    assert reminded.kept() == []


def test_what_the_server_forgot_is_put_right_when_the_app_is_opened(reminded):
    reminded.turns_on()
    reminded.house.change("delete from devices where account = :account", account=reminded.account)
    reopened(reminded)
    assert until(lambda: [row["live"] for row in reminded.kept()] == [1])


def test_what_the_browser_forgot_is_put_right_when_the_app_is_opened(reminded, service):
    reminded.turns_on()
    fresh = service.browser()
    reminded.page.evaluate(
        "(next) => { localStorage.removeItem('subscribed'); localStorage.next = next; }",
        json.dumps(fresh.subscription()),
    )
    reopened(reminded)
    assert until(lambda: [row["mark"].lower() for row in reminded.kept()] == [fingerprint(fresh.endpoint).hex()])


def test_an_address_that_is_gone_makes_place_for_a_new_one(reminded, service):
    reminded.turns_on()
    reminded.house.change(
        "update devices set sealed = x'', outcome = 'gone' where account = :account", account=reminded.account
    )
    fresh = service.browser()
    reminded.page.evaluate("(next) => { localStorage.next = next; }", json.dumps(fresh.subscription()))
    reopened(reminded)
    assert until(lambda: [(r["mark"].lower(), r["live"]) for r in reminded.kept()] == [(mark_of(fresh), 1)])


def test_a_new_key_of_ours_asks_for_a_new_address(reminded, service):
    reminded.turns_on()
    key = reminded.house.app.config["SETTINGS"].home / "vapid.key"
    key.unlink()
    fresh = service.browser()
    reminded.page.evaluate("(next) => { localStorage.next = next; }", json.dumps(fresh.subscription()))
    reopened(reminded)
    assert until(lambda: [row["mark"].lower() for row in reminded.kept()] == [mark_of(fresh)])


def test_a_permission_that_was_taken_back_is_said_at_the_first_opening(reminded):
    reminded.turns_on()
    reminded.phone.context.clear_permissions()
    reopened(reminded)
    assert reminded.phone.visitor.reads("Herinneringen staan uit op dit toestel")
    reminded.phone.opens("/reminders")
    assert reminded.phone.visitor.reads("Meldingen stonden hier aan, maar je browser laat ze nu niet door.")
    assert not reminded.page.get_by_text("Herinneringen komen hier als melding.").is_visible()


def test_the_server_is_asked_once_for_as_long_as_the_app_is_open(reminded):
    reminded.turns_on()
    reopened(reminded)
    assert until(lambda: reminded.page.evaluate("sessionStorage.push ?? null") == "on")
    asked = reminded.phone.asks_for("/me")
    for path in ("/timeline", "/today", "/asso"):
        reminded.phone.opens(path)
        reminded.page.wait_for_load_state("networkidle")
    assert reminded.phone.asks_for("/me") == asked


def test_what_was_taken_away_elsewhere_stays_away(reminded):
    reminded.turns_on()
    reminded.house.change(
        "update devices set sealed = x'', outcome = 'removed' where account = :account", account=reminded.account
    )
    reopened(reminded)
    assert until(lambda: reminded.page.evaluate("localStorage.subscribed ?? null") is None)
    assert [row["live"] for row in reminded.kept()] == [0]


def test_a_tap_turns_it_off_again(reminded):
    reminded.turns_on()
    reminded.page.get_by_role("button", name="Zet meldingen hier uit").click()
    reminded.page.get_by_role("button", name="Zet meldingen aan").wait_for()
    assert [row["live"] for row in reminded.kept()] == [0]


def mark_of(browser: Browser) -> str:
    return fingerprint(browser.endpoint).hex()


def reopened(reminded: Reminded) -> None:
    """The app closed and opened again."""
    reminded.page.close()
    reminded.phone.new_tab()


def until(true, seconds: float = 8) -> bool:
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.05)
    return true()
