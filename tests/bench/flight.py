"""How often a phrase is understood without a connection, by static/js/recognise.js in a real Chromium, beside the
server's recogniser; and how long a slow phone takes to learn the library and to answer.

`python -m tests.bench.flight` measures on the phrases on which choices were made, `… unseen` on the others.
"""

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from diary import create_app
from diary.asso.library import Shelf
from diary.config import Settings
from diary.made import ROOT
from tests.bench import suggest
from tests.bench.suggest import Phrase, Understood

ROUNDS = 7
SLOW = 4  # times slower than this machine: about a cheap phone
LEARN_MS, ANSWER_MS = 150, 50
SOURCE = (ROOT / "static/js/recognise.js").read_text().replace("export ", "")
LEARN = """async () => {
    SOURCE
    const library = await (await fetch(document.getElementById("helper").dataset.library)).json();
    const began = performance.now();
    window.found = new Recogniser(library);
    return performance.now() - began;
}""".replace("SOURCE", SOURCE)
ASK = """(texts) => texts.map((text) => {
    const began = performance.now();
    const guesses = window.found.guesses(text).map((one) => one.situation);
    return [guesses, performance.now() - began];
})"""


@dataclass(frozen=True)
class Flight:
    understood: Understood
    learning: list[float]  # milliseconds, each in a page that did nothing before
    answering: list[float]


def measure(asked: list[Phrase], slow: int = SLOW) -> Flight:
    texts = [phrase.text for phrase in asked]
    with _helper() as page:
        page.evaluate(LEARN)
        guessed = {text: guesses for text, (guesses, _) in zip(texts, page.evaluate(ASK, texts), strict=True)}
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
        learning, answering = [], []
        for _ in range(ROUNDS):
            page.reload()
            learning.append(page.evaluate(LEARN))
        answering = [took for _, took in page.evaluate(ASK, texts)]
    return Flight(suggest.understood(asked, guessed.__getitem__), sorted(learning), sorted(answering))


@contextmanager
def _helper() -> Iterator[Page]:
    """The page of the helper as a phone keeps it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as home, sync_playwright() as playwright:
        server = make_server("127.0.0.1", 0, create_app(Settings(home=Path(home))), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/offline/nl/asso")
        page.locator("#helper > *").first.wait_for()
        yield page
        browser.close()
        server.shutdown()


def main(name: str) -> None:
    asked = suggest.phrases(name)
    flight = measure(asked)
    ways = {
        "without": flight.understood,
        "recogniser": suggest.understood(asked, suggest.recogniser(Shelf().library("nl"))),
    }
    for way, one in ways.items():
        parts = (one.first, one.first_three, one.area, one.silent)
        print(f"{way:<12} {one.phrases} phrases", *(f"{part:.1%}" for part in parts))
    slowest = flight.answering[len(asked) * 99 // 100]
    _aim(
        f"learning, {SLOW} times slower: under {LEARN_MS} ms",
        median(flight.learning) < LEARN_MS,
        _span(flight.learning),
    )
    _aim(f"an answer, {SLOW} times slower: under {ANSWER_MS} ms", slowest < ANSWER_MS, f"{slowest:.1f} ms")


def _aim(aim: str, met: bool, figure: str) -> None:
    print(f"{'met' if met else 'NOT MET':<8} {aim}: {figure}")


def _span(times: list[float]) -> str:
    return f"{median(times):.0f} ms, from {times[0]:.0f} to {times[-1]:.0f}"


if __name__ == "__main__":
    main(*sys.argv[1:] or ["tuning"])
