"""What opens on a phone without a connection, in one language: pages for nobody, their files, and the library."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from diary.asso import stray, suggest
from diary.asso.library import Library
from diary.front import be_nobody
from diary.journal import terms
from diary.pages import render
from diary.texts import N_

# For each page that opens without a connection: its template, and what that asks for.
FORM = {"typed": {}, "errors": {}, "entry": None, "usual": terms.SITUATIONS}
PAGES = {
    "today": ("offline/today.html", {"stands_for": "journal.today"}),
    "incident": ("journal/incident.html", {**FORM, "kind": "incident"}),
    "contact": ("journal/contact.html", {**FORM, "kind": "contact"}),
    "checkin": ("journal/checkin.html", {**FORM, "kind": "checkin"}),
    "weekcheck": ("journal/weekcheck.html", {**FORM, "kind": "weekcheck"}),
    "asso": ("offline/helper.html", {"stands_for": "asso.helper", "title": N_("Wat zeg ik?")}),
    "reading": ("offline/helper.html", {"stands_for": "asso.reading", "title": N_("Lezen")}),
    "card": ("offline/helper.html", {"stands_for": "asso.reading", "title": N_("Lezen")}),
    "help": ("asso/help.html", {"stands_for": "asso.help_card"}),
    "unsent": ("offline/unsent.html", {"stands_for": ""}),
}
NOT_NEEDED = {".br", ".gz", ".png"}  # to open without a connection
NOR_THESE = {"service-worker.js", "no-worker.js", "icons/maskable.svg", "icons/mono.svg"}
NOR_THESE |= {"js/passkey.js", "js/lock.js"}  # of pages that need a connection


@dataclass(frozen=True)
class Shell:
    """All that a phone keeps in one language, as it stood when it was drawn."""

    version: str
    files: list[str]
    pages: dict[str, str]
    library: bytes


def shell(speaks: str) -> Shell:
    """Drawn once for each library: nothing else in it changes while we run."""
    drawn = current_app.extensions.setdefault("shell", {})
    library = current_app.config["SHELF"].library(speaks)
    known, shell = drawn.get(speaks, (None, None))
    if known is not library:
        shell = _drawn(speaks, library)
        drawn[speaks] = library, shell
    return shell


def _drawn(speaks: str, library: Library) -> Shell:
    with nobody(speaks):
        pages = {name: _page(name) for name in PAGES}
        told = json.dumps(_told(library), ensure_ascii=False, separators=(",", ":"))
    files = _files()
    digest = hashlib.sha256(repr((pages, told, files)).encode()).hexdigest()
    return Shell(digest[:12], files, pages, brotli.compress(told.encode(), mode=brotli.MODE_TEXT, quality=9))


def _page(name: str) -> str:
    template, asked = PAGES[name]
    return render(template, nobody=name, **asked)


def _files() -> list[str]:
    """The static files that a page needs, each under the address of this version."""
    folder = Path(current_app.static_folder)
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in NOT_NEEDED)
    names = [path.relative_to(folder).as_posix() for path in found]
    return [f"{current_app.static_url_path}/{name}" for name in names if name not in NOR_THESE]


def _told(library: Library) -> dict:
    """The library as a script reads it. What only a counsellor opens is not in it."""
    return {
        "language": library.language,
        "areas": {id: _(label) for id, label in terms.AREAS.items()},
        "situations": {
            area: {id: _(label) for id, label in group.items()} for area, group in terms.SITUATIONS.items()
        },
        "steps": {id: _(label) for id, label in terms.ASSO.items()},
        "suggestions": [
            {
                "id": s.id,
                "situation": s.situation,
                "also": s.also,
                "ages": s.ages,
                "moment": s.moment,
                "title": s.title,
                "says": s.says,
                "steps": dict(s.steps),
                "why": s.why,
                "care": s.care,
            }
            for s in library.suggestions.values()
            if not s.closed
        ],
        "says": library.says,
        "words": library.words,
        "alarms": library.alarms,
        "grave": sorted(suggest.GRAVE),
        "likely": suggest.LIKELY_ALONE,
        "stray": [line.strip() for line in stray.LINES[library.language].split(",")],
        "shoes": [tip.text for tip in library.tips_of("shoes")],
        "cards": [
            {"id": card.id, "title": card.title, "parts": card.parts, "source": card.source}
            for card in library.cards.values()
        ],
    }


def nobody(speaks: str):
    be_nobody(speaks)
    return force_locale(speaks)
