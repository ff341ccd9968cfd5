"""The library: suggestions, tips and reading cards, as they stand in TOML files that a counsellor may edit.

Dutch is the source and carries what is no language: ages, moment, what is closed. Another language carries
words alone, by the same ids. A practice may lay its own folder over ours: it adds, or replaces by id.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from diary.asso import sheets
from diary.asso.sheets import Sheet
from diary.journal import terms

log = logging.getLogger(__name__)
HOUSE = Path(__file__).parents[2] / "prompts"


@dataclass(frozen=True)
class Suggestion:
    """Four sentences for one moment, and for whom they are."""

    id: str
    situation: str
    title: str
    steps: Mapping[str, str]
    says: tuple[str, ...]  # how a parent names it
    ages: tuple[int, int]
    moment: str
    also: tuple[str, ...]
    why: str
    care: str
    closed: str  # what a counsellor opens first; empty for who needs no key
    source: str

    def fits(self, situation: str) -> bool:
        return situation == self.situation or situation in self.also


@dataclass(frozen=True)
class Tip:
    id: str
    list: str
    text: str
    ages: tuple[int, int] | None
    situation: str
    source: str


@dataclass(frozen=True)
class Card:
    id: str
    title: str
    text: str
    order: int
    source: str

    @property
    def parts(self) -> list[str | list[str]]:
        """Paragraphs, and lists of lines."""
        found = []
        for block in self.text.strip().split("\n\n"):
            lines = block.strip().split("\n")
            listed = all(line.startswith("- ") for line in lines)
            found.append([line[2:] for line in lines] if listed else " ".join(lines))
        return found


@dataclass(frozen=True, eq=False)
class Library:
    """All there is to read in one language, as it stood when it was read."""

    language: str
    suggestions: Mapping[str, Suggestion]
    says: Mapping[str, tuple[str, ...]]  # by situation
    tips: Mapping[str, Tip]
    cards: Mapping[str, Card]
    words: tuple[tuple[str, ...], ...]  # groups that mean about the same
    alarms: Mapping[str, tuple[str, ...]]  # by situation, what goes before anything else that was typed

    def of(self, situation: str) -> list[Suggestion]:
        own = [s for s in self.suggestions.values() if s.situation == situation]
        return own + [s for s in self.suggestions.values() if situation in s.also]

    def tips_of(self, list: str) -> list[Tip]:
        return [tip for tip in self.tips.values() if tip.list == list]


@dataclass
class Shelf:
    """Where the library stands. A file that changes is read again; one that cannot be read stays as it last was."""

    practice: Path | None = None
    house: Path = HOUSE
    _sheets: dict[Path, Sheet] = field(default_factory=dict)
    _stamps: dict[Path, tuple] = field(default_factory=dict)
    _libraries: dict[str, Library] = field(default_factory=dict)

    def library(self, language: str) -> Library:
        if self._changed():
            self._libraries = {}
        if language not in self._libraries:
            self._libraries[language] = self._bound(language)
        return self._libraries[language]

    def _changed(self) -> bool:
        """Reads what is new or changed, and forgets what is gone. Ours does not change while we run."""
        if self._stamps and not self.practice:
            return False
        folders = [self.house] if not self._stamps else []
        folders += [self.practice] if self.practice else []
        found = {path: (folder, _stamp(path)) for folder in folders for path in sheets.paths(folder)}
        gone = {path for path in self._stamps.keys() - found.keys() if not path.is_relative_to(self.house)}
        news = {path: at for path, at in found.items() if self._stamps.get(path) != at[1]}
        for path in gone:
            del self._stamps[path]
            self._sheets.pop(path, None)
        for path, (folder, stamp) in news.items():
            self._stamps[path] = stamp
            try:
                self._sheets[path] = sheets.read(path.relative_to(folder), path.read_text())
            except (sheets.Unreadable, OSError, UnicodeDecodeError) as error:
                log.warning("%s is not used; what stood there stays: %s", path, error)
        return bool(gone or news)

    def _bound(self, language: str) -> Library:
        """Ours first, then the practice's; Dutch first, then the reader's own words over it."""
        items: dict[str, dict] = {"suggestion": {}, "tip": {}, "card": {}}
        says: dict[str, tuple[str, ...]] = dict.fromkeys(terms.SITUATION, ())
        words: list[tuple[str, ...]] = []
        alarms: dict[str, tuple[str, ...]] = {}
        for path in sorted(
            self._sheets,
            key=lambda path: (
                not path.is_relative_to(self.house),
                self._sheets[path].language != sheets.SOURCE,
                path,
            ),
        ):
            sheet = self._sheets[path]
            if sheet.language not in (sheets.SOURCE, language):
                continue
            for id, item in sheet.items.items():
                if sheet.language == sheets.SOURCE:
                    items[sheet.kind][id] = {**item, "of": sheet.of}
                elif id in items[sheet.kind]:
                    items[sheet.kind][id] |= item
            if sheet.language == language:
                words += sheet.groups
                for situation, said in sheet.alarms.items():
                    alarms[situation] = alarms.get(situation, ()) + said
                if sheet.says:
                    says[sheet.of] += sheet.says
        return Library(
            language,
            {id: _suggestion(item) for id, item in items["suggestion"].items()},
            says,
            {id: _tip(item) for id, item in items["tip"].items()},
            {card["id"]: _card(card) for card in sorted(items["card"].values(), key=lambda card: card["order"])},
            tuple(words),
            alarms,
        )


@lru_cache
def shelf(practice: Path | None = None) -> Shelf:
    """One for all that serve in this process, and in those it forks."""
    return Shelf(practice)


def _stamp(path: Path) -> tuple:
    try:
        found = path.stat()
    except OSError:  # gone between looking and reading
        return ()
    return found.st_mtime_ns, found.st_size


def _suggestion(item: dict) -> Suggestion:
    return Suggestion(
        id=item["id"],
        situation=item["of"],
        title=item["title"],
        steps={step: item[step] for step in terms.ASSO},
        says=tuple(item["says"]),
        ages=tuple(item["ages"]),
        moment=item["moment"],
        also=tuple(item["also"]),
        why=item["why"],
        care=item.get("care", ""),
        closed=item.get("closed", ""),
        source=item["source"],
    )


def _tip(item: dict) -> Tip:
    ages = tuple(item["ages"]) if "ages" in item else None
    return Tip(item["id"], item["of"], item["text"], ages, item.get("situation", ""), item["source"])


def _card(item: dict) -> Card:
    return Card(item["id"], item["title"], item["text"], item["order"], item["source"])
