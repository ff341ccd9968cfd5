"""Whether the library keeps to its own rules. Each fault has a file, a line, and a sentence for who edits it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diary.asso import reading, sheets
from diary.asso.sheets import LANGUAGES, SOURCE, Sheet, Unreadable
from diary.journal import terms

LONGEST = {**dict.fromkeys(terms.ASSO, 76), "title": 45, "why": 180, "care": 230}  # a step is two lines on a phone
TIP = 160
CARD = 250  # words
ENOUGH = {"contact": 40, "naming": 30, "repair": 15, "holding": 15, "instead": 10}
ENOUGH |= {"ahead": 30, "room": 25, "shoes": 15, "evening": 30}
EACH, ALL = 6, 200  # suggestions in a situation, and together
SAME = 6  # words in a row


@dataclass(frozen=True)
class Fault:
    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass(frozen=True)
class _Page:
    """A file that could be read, with its text."""

    path: Path
    text: str
    sheet: Sheet

    def fault(self, sentence: str, id: str = "", name: str = "id") -> Fault:
        return Fault(
            self.path, sheets.line(self.text, id, name) if id else 1, f"{id}: {sentence}" if id else sentence
        )


def faults(folder: Path, against: Path | None = None, whole: bool = True) -> list[Fault]:
    """All that is wrong in a folder. `whole` also asks for both languages and for enough of everything."""
    pages, found = _read(folder)
    found += _twice(pages)
    for page in pages:
        found += _lengths(page)
        found += _words(page, folder if (folder / "forbidden.toml").exists() else None)
        found += _level(page)
    if whole:
        found += _both(folder, pages)
        found += _enough(folder, pages)
    if against:
        found += _taken(pages, against)
    return found


def counts(folder: Path) -> Counter:
    """How much there is of each, for who wants to know what was checked."""
    pages, _ = _read(folder)
    found: Counter = Counter()
    for page in pages:
        if page.sheet.language == SOURCE and page.sheet.kind != "words":
            found[page.sheet.kind] += len(page.sheet.items)
    return found


def _read(folder: Path) -> tuple[list[_Page], list[Fault]]:
    pages, found = [], []
    for path in sheets.paths(folder):
        text = path.read_text()
        try:
            pages.append(_Page(path, text, sheets.read(path.relative_to(folder), text)))
        except Unreadable as error:
            found.append(Fault(path, error.line, str(error)))
    return pages, found


def _twice(pages: list[_Page]) -> Iterator[Fault]:
    seen: dict[tuple[str, str, str], Path] = {}
    for page in pages:
        for id in page.sheet.items:
            key = (page.sheet.language, page.sheet.kind, id)
            if key in seen:
                yield page.fault(f"deze id staat ook in {seen[key].name}.", id)
            seen[key] = page.path


def _lengths(page: _Page) -> Iterator[Fault]:
    for id, item in page.sheet.items.items():
        for name, text in _texts(page.sheet.kind, item):
            if page.sheet.kind == "card":
                longest, long = CARD, len(text.split())
            else:
                longest, long = LONGEST.get(name, TIP), len(text)
            if long > longest:
                yield page.fault(f"‘{name}’ is {long} lang; hooguit {longest}.", id, name)


def _words(page: _Page, folder: Path | None) -> Iterator[Fault]:
    """Words that are never said to a child, and advice that is never given. A card may explain what we avoid."""
    if folder is None or page.sheet.kind in ("card", "words"):
        return
    told = tomllib.loads((folder / "forbidden.toml").read_text())
    said, advice = (re.compile(_either(told[part][page.sheet.language], part)) for part in ("said", "advice"))
    for id, item in page.sheet.items.items():
        for name, text in _texts(page.sheet.kind, item):
            if found := said.search(text.casefold()) if name in terms.ASSO else None:
                yield page.fault(f"‘{found[0]}’ zeggen we niet tegen een kind.", id, name)
            if found := advice.search(text.casefold()):
                yield page.fault(f"‘{found[0]}’ raden we niet aan.", id, name)


def _either(parts: list[str], kind: str) -> str:
    return r"(?<!\w)(?:" + "|".join(re.escape(part) if kind == "said" else part for part in parts) + r")(?!\w)"


def _level(page: _Page) -> Iterator[Fault]:
    """Over all texts of a file together: a measure of sentences says nothing about one."""
    texts = [text for item in page.sheet.items.values() for _, text in _texts(page.sheet.kind, item)]
    ease = reading.ease("\n".join(texts), page.sheet.language) if texts else 100
    if ease < reading.PLAIN:
        yield page.fault(f"dit leest te zwaar: {ease:.0f}; {reading.PLAIN} of meer is goed te volgen.")


def _both(folder: Path, pages: list[_Page]) -> Iterator[Fault]:
    known = {page.path.relative_to(folder): page for page in pages}
    for page in pages:
        place = page.path.relative_to(folder)
        for language in set(LANGUAGES) - {page.sheet.language}:
            other = known.get(Path(language, *place.parts[1:]))
            if other is None:
                yield page.fault(f"dit bestand is er niet in het {language}.")
                continue
            for id in page.sheet.items.keys() - other.sheet.items.keys():
                yield page.fault(f"dit stuk is er niet in het {language}.", id)


def _enough(folder: Path, pages: list[_Page]) -> Iterator[Fault]:
    ours = [page.sheet for page in pages if page.sheet.language == SOURCE]
    of = {sheet.of: len(sheet.items) for sheet in ours}
    wanted = {**dict.fromkeys(terms.SITUATION, EACH), **ENOUGH}
    for name, least in wanted.items():
        if of.get(name, 0) < least:
            yield Fault(folder / SOURCE, 1, f"{name}: {of.get(name, 0)}, en het moeten er minstens {least} zijn.")
    if (all := sum(len(sheet.items) for sheet in ours if sheet.kind == "suggestion")) < ALL:
        yield Fault(folder / SOURCE, 1, f"{all} suggesties; het moeten er minstens {ALL} zijn.")


def _taken(pages: list[_Page], against: Path) -> Iterator[Fault]:
    """Sentences are ours: no six words in a row that stand in these texts too."""
    theirs: dict[tuple[str, ...], str] = {}
    for path in sorted(path for path in against.rglob("*") if path.is_file()):
        for row in _rows(path.read_text(errors="replace")):
            theirs[row] = path.name
    for page in pages:
        for id, item in page.sheet.items.items():
            for name, text in _texts(page.sheet.kind, item):
                for row in _rows(text):
                    if row in theirs:
                        yield page.fault(f"‘{' '.join(row)}’ staat ook in {theirs[row]}.", id, name)
                        break


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return (tuple(words[n : n + SAME]) for n in range(len(words) - SAME + 1))


def _texts(kind: str, item: dict) -> list[tuple[str, str]]:
    """What a reader sees of an item, by the name of its field."""
    names = {"suggestion": ("title", *terms.ASSO, "why", "care"), "tip": ("text",), "card": ("text",)}
    return [(name, item[name]) for name in names.get(kind, ()) if name in item]
