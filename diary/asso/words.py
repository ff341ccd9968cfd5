"""What a parent types, taken apart: words without accents and capitals, what they mean here, and their pieces.

Nobody spells well after a fight. So a word counts as what it means (with synonyms, stems, halves of compounds and
the nearest known spelling) and as runs of three or four letters; two words beside each other count as a pair.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

import snowballstemmer

LONGEST_TEXT, LONGEST_WORD = 400, 30
COMMON = 0.004  # of all words heard: "naar" and "niet" are, "school" is not
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STEMMERS = {"nl": "dutch", "en": "english"}

_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*")
_PLAIN = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Word:
    typed: str
    plain: str


@dataclass(frozen=True)
class Meaning:
    """What a word means here; the less sure, the less it weighs."""

    concepts: tuple[str, ...]
    weight: float = 1.0
    known: bool = True


def plain(text: str) -> str:
    """Only letters a to z and digits are left: Één keer? becomes eenkeer."""
    return _PLAIN.sub("", unicodedata.normalize("NFKD", text.casefold()))[:LONGEST_WORD]


def words(text: str) -> list[Word]:
    return [Word(typed, found) for typed in _typed(text) if (found := plain(typed))]


def spoken(text: str) -> list[str]:
    return [found for typed in _typed(text) if (found := plain(typed))]


def _typed(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text[:LONGEST_TEXT]))


class Lexicon:
    """The words of one library, and what each of them means."""

    def __init__(self, language: str, groups: Iterable[Iterable[str]], lines: Iterable[str]):
        self._stem = snowballstemmer.stemmer(STEMMERS[language]).stemWord
        self._heard: Counter[str] = Counter()
        for line in lines:
            self._heard.update(spoken(line))
        self._often = COMMON * self._heard.total()
        self._concepts: dict[str, str] = {}
        for group in groups:
            told = [plain(word) for word in group]
            concept = self._stem(told[0])
            for word in told:
                self._concepts.setdefault(word, concept)
        for word in self._heard:
            self._concepts.setdefault(word, self._stem(word))
        self._stems = set(self._concepts.values())

    def meaning(self, word: str) -> Meaning:
        if concept := self._concepts.get(word):
            return Meaning((concept,))
        if (stem := self._stem(word)) in self._stems:
            return Meaning((self._concepts.get(stem, stem),), 0.9)
        if halves := self._halves(word):
            return Meaning(halves, 0.7)
        if near := self._nearest(word):
            return Meaning((self._concepts[near],), 0.7)
        return Meaning((stem,), known=False)

    def common(self, word: str) -> bool:
        return self._heard[word] > self._often

    def _halves(self, word: str) -> tuple[str, ...]:
        """Bedtijdruzie is bedtijd and ruzie; an s between them belongs to neither."""
        for at in range(4, len(word) - 3):
            last = self._concepts.get(word[at:])
            first = last and self._half(word[:at])
            if first:
                return first, last
        return ()

    def _half(self, word: str) -> str:
        bare = word.removesuffix("s")
        stem = self._stem(word)
        return self._concepts.get(word) or self._concepts.get(bare) or (stem if stem in self._stems else "")

    def _nearest(self, word: str) -> str:
        """The word heard most that differs by one slip; short words are too much like each other."""
        if len(word) < 5:
            return ""
        near = [other for other in slips(word) if other in self._concepts and len(other) > 3]
        return max(near, key=lambda other: (self._heard[other], other), default="")


def slips(word: str) -> Iterator[str]:
    """All that one slip of the finger makes of a word."""
    for at in range(len(word) + 1):
        first, last = word[:at], word[at:]
        if last:
            yield first + last[1:]
        if len(last) > 1:
            yield first + last[1] + last[0] + last[2:]
        for letter in LETTERS:
            yield first + letter + last
            if last:
                yield first + letter + last[1:]


def runs(word: str) -> Iterator[int]:
    """Three or four letters in a row; where a word begins and ends counts too."""
    edged = f"^{word}$".encode()
    for size in (3, 4):
        for at in range(len(edged) - size + 1):
            yield crc32(edged[at : at + size])


def seams(first: str, last: str) -> Iterator[int]:
    """Four letters over the edge of two words, so that an ending matters less."""
    edged, edge = f"{first}_{last}".encode(), len(first)
    for at in range(max(0, edge - 3), min(edge, len(edged) - 4) + 1):
        yield crc32(edged[at : at + 4], 1)


def pair(first: str, last: str) -> int:
    return crc32(f"{first} {last}".encode(), 2)


def whole(concept: str) -> int:
    return crc32(concept.encode(), 3)
