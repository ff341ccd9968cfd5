"""Phones to write on, and everything that goes wrong between them and the diary that is served."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route

from tests.browser.conftest import Visitor, browse
from tests.houses import House
from tests.persons import PASSWORD

DUMP = """async () => {
    const kept = {local: {...localStorage}, session: {...sessionStorage}, caches: [], boxes: {}};
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) {
            kept.caches.push([request.url, await (await caches.match(request)).text()]);
        }
    }
    for (const {name} of await indexedDB.databases()) {
        const db = await new Promise((resolve) => {
            const asked = indexedDB.open(name);
            asked.onsuccess = () => resolve(asked.result);
        });
        for (const store of db.objectStoreNames) {
            const rows = await new Promise((resolve) => {
                const asked = db.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => resolve(asked.result);
            });
            const bytes = (value) => new TextDecoder("latin1").decode(value) + new TextDecoder().decode(value);
            kept.boxes[`${name}/${store}`] = rows.map((row) => JSON.stringify(row, (_, value) =>
                value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? bytes(value)
                : value instanceof CryptoKey ? `key, extractable: ${value.extractable}` : value));
        }
        db.close();
    }
    return kept;
}"""

UNSENT = """async () => {
    const db = await new Promise((resolve) => {
        const asked = indexedDB.open("nabij", 1);
        asked.onupgradeneeded = () => asked.transaction.abort();
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => resolve(null);
    });
    if (!db) return 0;
    const many = await new Promise((resolve) => {
        const asked = db.transaction("outbox").objectStore("outbox").count();
        asked.onsuccess = () => resolve(asked.result);
    });
    db.close();
    return many;
}"""


@dataclass
class Phone:
    """A browser of its own, with a connection that can be cut or spoiled."""

    context: BrowserContext
    visitor: Visitor
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def address(self) -> str:
        return self.visitor.address

    def asks_for(self, path: str) -> int:
        return sum(path == asked for _, asked in self.asked)

    def opens(self, path: str = "/today") -> Page:
        """In the tab that is open."""
        self.page.goto(self.address + path)
        return self.page

    def new_tab(self, path: str | None = "/today") -> Page:
        self.visitor = replace(self.visitor, page=self.context.new_page())
        if path:
            self.opens(path)
        return self.page

    def loses_its_tab(self) -> None:
        """As when the system needs the memory: the page hears nothing of it."""
        self.page.close(run_before_unload=False)

    def cut(self) -> None:
        self.context.set_offline(True)

    def mend(self) -> None:
        self.context.set_offline(False)

    def spoil(self, how: Callable[[Route], None], path: str = "/sync") -> None:
        self.context.route(f"**{path}", how)

    def heal(self, path: str = "/sync") -> None:
        self.context.unroute(f"**{path}")

    def signs_in(self, email: str) -> None:
        self.opens("/login")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url("**/today")

    def waiting(self) -> list[str]:
        """The texts on the cards that are not sent yet, as this page shows them."""
        self.page.locator("#pending-place .entry").first.wait_for()
        return self.page.locator("#pending-place .entry").all_inner_texts()

    def sent(self) -> None:
        """Waits until nothing is left to send."""
        until = time.monotonic() + 8
        while left := self.page.evaluate(UNSENT):
            assert time.monotonic() < until, f"{left} still wait"
            self.page.wait_for_timeout(50)

    def dump(self) -> str:
        """All that a script can read of what is kept here, and what the page says."""
        try:
            kept = self.page.evaluate(DUMP)
        except Error:  # a box that was just being thrown away
            self.page.wait_for_timeout(500)
            kept = self.page.evaluate(DUMP)
        return json.dumps(kept, ensure_ascii=False)


def phone(chromium: Browser, house: House, **how) -> Phone:
    context = browse(chromium, **how)
    made = Phone(context, Visitor(context.new_page(), house))
    context.on("request", lambda asked: made.asked.append((asked.method, asked.url.removeprefix(house.address))))
    return made


# -- what goes wrong on the way


def answers(status: int, body: str = "{}", **headers: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(
        status=status, body=body, headers={"content-type": "application/json", **headers}
    )


def torn(route: Route) -> None:
    route.fulfill(status=200, body='{"saved": [{"uid": "', headers={"content-type": "application/json"})


def a_portal(route: Route) -> None:
    """A hotel's page where the answer should be."""
    route.fulfill(status=200, body="<h1>Welkom! Log in op de wifi</h1>", headers={"content-type": "text/html"})


def never_arrives(route: Route) -> None:
    route.abort()


def answer_lost(route: Route) -> None:
    """The server kept it, and its answer went under on the way back."""
    route.fetch()
    route.abort()
