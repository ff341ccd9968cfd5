"""One file of the library, read once: what is in it, or a sentence about the first thing that is wrong.

The place of a file says what it holds: `nl/routine/sleeping.toml`, `nl/tips/repair.toml`, `nl/cards/asso.toml`
and `nl/words.toml`. What is no language (ages, moment, closed, source) stands in the Dutch file alone.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from diary.journal import terms

SOURCE = "nl"
LANGUAGES = ("nl", "en")
MOMENTS = ("before", "during", "after")
CLOSED = ("touch", "drawing_out", "taking_over")
LISTS = ("contact", "naming", "repair", "holding", "instead", "ahead", "room", "shoes", "evening")

_WORDS = {
    "suggestion": {"title", "says", *terms.ASSO, "why", "care"},
    "tip": {"text"},
    "card": {"title", "text"},
}
_FACTS = {
    "suggestion": {"ages", "moment", "also", "closed", "source"},
    "tip": {"ages", "situation", "source"},
    "card": {"order", "source"},
}
_MAY_LACK = {"suggestion": {"care", "closed"}, "tip": {"ages", "situation"}, "card": set()}


class Unreadable(ValueError):
    """Its text is a sentence for who edits the file; `line` is where to look."""

    def __init__(self, sentence: str, line: int = 1):
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """What one file holds, checked for shape, not yet in the words of any reader."""

    language: str
    kind: str  # suggestion, tip, card or words
    items: dict[str, dict]
    says: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    alarms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    of: str = ""  # the situation, or the list


def read(path: PurePath, text: str) -> Sheet:
    """`path` is as seen from the folder that holds the languages. Raises Unreadable."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise Unreadable(f"Dit is geen leesbare TOML ({error}).", int(line.group(1)) if line else 1) from error
    match path.parts:
        case (language, "words.toml"):
            return Sheet(language, "words", {}, groups=_groups(told), alarms=_alarms(told))
        case (language, "cards", _):
            return Sheet(language, "card", {path.stem: _item("card", language, {"id": path.stem, **told}, text)})
        case (language, "tips", _) if path.stem in LISTS:
            return Sheet(language, "tip", _items("tip", language, told, text), of=path.stem)
        case (language, area, _) if terms.AREA_OF.get(path.stem) == area:
            says = _lines(told, "says", text)
            return Sheet(language, "suggestion", _items("suggestion", language, told, text), says, of=path.stem)
    raise Unreadable("Op deze plek hoort geen bestand: kijk de map en de naam na.")


def paths(folder: Path) -> list[Path]:
    """Every file of a library, in order."""
    return sorted(path for language in LANGUAGES for path in (folder / language).rglob("*.toml"))


def line(text: str, id: str, name: str = "id") -> int:
    """Where a field of an item stands, or the item itself."""
    lines = text.split("\n")
    start = next((n for n, found in enumerate(lines) if found.replace(" ", "").startswith(f'id="{id}"')), 0)
    for number, found in enumerate(lines[start:], start):
        if number > start and found.startswith("[["):
            break
        if re.match(rf"{name}\s*=", found):
            return number + 1
    return start + 1


def _items(kind: str, language: str, told: dict, text: str) -> dict[str, dict]:
    items: dict[str, dict] = {}
    found = told.get(kind, [])
    if strange := told.keys() - {kind, "says"}:
        raise Unreadable(f"‘{min(strange)}’ kennen we hier niet.")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unreadable(f"Begin elk stuk met [[{kind}]].")
    for number, item in enumerate(found, 1):
        if not isinstance(item.get("id"), str) or not re.fullmatch(r"[a-z0-9_-]{3,60}", item["id"]):
            raise Unreadable(f"Stuk {number} heeft geen goede id: kleine letters, cijfers en streepjes.")
        if item["id"] in items:
            raise Unreadable(f"De id {item['id']} staat er twee keer.", line(text, item["id"]))
        items[item["id"]] = _item(kind, language, item, text)
    return items


def _item(kind: str, language: str, item: dict, text: str) -> dict:
    at = line(text, item["id"])
    words, facts = _WORDS[kind], _FACTS[kind] if language == SOURCE else set()
    if strange := item.keys() - words - facts - {"id"}:
        raise Unreadable(f"{item['id']}: ‘{min(strange)}’ hoort hier niet.", line(text, item["id"], min(strange)))
    if missing := (words | facts) - _MAY_LACK[kind] - item.keys():
        raise Unreadable(f"{item['id']}: ‘{min(missing)}’ ontbreekt.", at)
    for name, value in item.items():
        if not _FITS.get(name, _is_text)(value):
            raise Unreadable(
                f"{item['id']}: ‘{name}’ klopt niet: {_SHOULD.get(name, 'tekst')}.", line(text, item["id"], name)
            )
    return item


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_ages(value: object) -> bool:
    whole = isinstance(value, list) and len(value) == 2 and all(type(age) is int for age in value)
    return whole and 0 <= value[0] <= value[1] <= 18


_FITS = {
    "says": _are_texts,
    "ages": _are_ages,
    "moment": lambda value: value in MOMENTS,
    "also": lambda value: _are_texts(value) and all(situation in terms.SITUATION for situation in value),
    "closed": lambda value: value in CLOSED,
    "situation": lambda value: value in terms.SITUATION,
    "order": lambda value: type(value) is int,
}
_SHOULD = {
    "says": "een lijst van zinnen",
    "ages": "twee leeftijden van 0 tot en met 18, de laagste eerst",
    "moment": f"een van {', '.join(MOMENTS)}",
    "also": "een lijst van situaties",
    "closed": f"een van {', '.join(CLOSED)}",
    "situation": "de id van een situatie",
    "order": "een heel getal",
}


def _lines(told: dict, name: str, text: str) -> tuple[str, ...]:
    lines = told.get(name, [])
    if not _are_texts(lines):
        raise Unreadable(f"‘{name}’ is een lijst van zinnen.", line(text, "", name))
    return tuple(lines)


def _alarms(told: dict) -> dict[str, tuple[str, ...]]:
    alarms = told.get("alarms", {})
    if not isinstance(alarms, dict) or not all(map(_are_texts, alarms.values())) or alarms.keys() - terms.SITUATION:
        raise Unreadable("‘alarms’ geeft per situatie een lijst van woorden.")
    return {situation: tuple(said) for situation, said in alarms.items()}


def _groups(told: dict) -> tuple[tuple[str, ...], ...]:
    groups = told.get("groups", [])
    if not isinstance(groups, list) or not all(map(_are_texts, groups)):
        raise Unreadable("‘groups’ is een lijst van lijsten met woorden.")
    return tuple(map(tuple, groups))
