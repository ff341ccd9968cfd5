"""How often a phrase of a parent is understood, beside two plain ways to do it, and what a question costs.

The phrases were written by others than the library. On `tuning` choices were made; `unseen` is only measured.
"""

import dataclasses
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import snowballstemmer

from diary.asso.library import Library, Shelf, Suggestion
from diary.asso.recognise import Recogniser
from diary.asso.words import spoken
from diary.journal import terms

PHRASES = Path(__file__).parent / "phrases"
MANY = 5_000

Ranks = Callable[[str], list[str]]  # situations, the likeliest first


@dataclass(frozen=True)
class Phrase:
    text: str
    right: tuple[str, ...]  # the first is what it is about most; the others are no mistake


@dataclass(frozen=True)
class Understood:
    """Parts of the phrases, from 0 to 1, and which situation was taken for which."""

    phrases: int
    first: float
    first_three: float
    area: float
    silent: float
    confused: Counter[tuple[str, str]]


@dataclass(frozen=True)
class Cost:
    suggestions: int
    load: float  # seconds
    middle: float  # milliseconds of work for a question, the suggestions of its first situation put in order too
    slowest: float  # of the slowest but one in a hundred


def phrases(name: str) -> list[Phrase]:
    lines = (PHRASES / f"{name}.tsv").read_text().splitlines()
    pairs = (line.split("\t") for line in lines if line.strip())
    return [Phrase(text, tuple(right.split(","))) for text, right in pairs]


def understood(asked: list[Phrase], ranks: Ranks) -> Understood:
    first = three = area = silent = 0
    confused: Counter[tuple[str, str]] = Counter()
    for phrase in asked:
        found = ranks(phrase.text)
        best = found[0] if found else "nothing"
        silent += not found
        first += best in phrase.right
        three += any(one in phrase.right for one in found[:3])
        area += terms.AREA_OF.get(best) in {terms.AREA_OF[one] for one in phrase.right}
        if best not in phrase.right:
            confused[phrase.right[0], best] += 1
    many = len(asked)
    return Understood(many, first / many, three / many, area / many, silent / many, confused)


def measure(name: str, library: Library) -> dict[str, Understood]:
    """The recogniser last, the plainest way first."""
    asked, stem = phrases(name), snowballstemmer.stemmer("dutch").stemWord
    return {
        "same words": understood(asked, _overlap(library, str)),
        "same stems": understood(asked, _overlap(library, stem)),
        "recogniser": understood(asked, recogniser(library)),
    }


def recogniser(library: Library) -> Ranks:
    found = Recogniser(library)
    return lambda text: [guess.situation for guess in found.situations(text)]


def _overlap(library: Library, form: Callable[[str], str]) -> Ranks:
    """How many words of the phrase are among those of the line that is most like it, per situation."""
    lines = [(frozenset(map(form, spoken(line))), situation) for situation, line in _said(library)]

    def ranks(text: str) -> list[str]:
        asked, best = set(map(form, spoken(text))), dict.fromkeys(terms.SITUATION, 0.0)
        for words, situation in lines:
            alike = len(asked & words) / max(1, len(asked | words))
            best[situation] = max(best[situation], alike)
        return sorted((one for one in best if best[one]), key=lambda one: -best[one])

    return ranks


def _said(library: Library) -> list[tuple[str, str]]:
    said = [(situation, line) for situation, lines in library.says.items() for line in lines]
    return said + [(one.situation, line) for one in library.suggestions.values() for line in (one.title, *one.says)]


def cost(library: Library, asked: list[Phrase]) -> Cost:
    began = time.process_time()
    found = Recogniser(library)
    load = time.process_time() - began
    of = {situation: library.of(situation) for situation in terms.SITUATION}
    times = sorted(min(_asking(found, of, phrase.text) for _ in range(3)) for phrase in asked)
    return Cost(len(library.suggestions), load, median(times), times[len(times) * 99 // 100])


def _asking(found: Recogniser, of: dict[str, list[Suggestion]], text: str) -> float:
    began = time.process_time()
    for guess in found.situations(text)[:1]:
        found.nearest(text, of[guess.situation])
    return (time.process_time() - began) * 1000


def blown_up(library: Library, many: int = MANY) -> Library:
    """As many suggestions as asked for, each with an id of its own."""
    real = list(library.suggestions.values())
    copies = (dataclasses.replace(real[n % len(real)], id=f"{real[n % len(real)].id}-{n}") for n in range(many))
    return dataclasses.replace(library, suggestions={one.id: one for one in copies})


def run(name: str = "unseen") -> tuple[dict[str, Understood], list[Cost]]:
    library = Shelf().library("nl")
    asked = phrases(name)
    return measure(name, library), [cost(library, asked), cost(blown_up(library), asked)]
