"""How much each piece of language speaks for each situation: naive Bayes, with every situation equally loud.

Counted once from what parents say in the library, then packed in four arrays; a question costs the same
whether the library is large or small.
"""

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from diary.asso.words import Lexicon, Meaning, pair, runs, seams, spoken, whole

WORD, RUN, PAIR, SEAM = range(4)
VALUE = (1.0, 0.4, 0.7, 0.3)
RARITY, SHORTNESS = 1.3, 0.7  # a rare piece counts more, and so does a word of a short line
DOUBT, COMMON = 5.0, 0.3  # how much must be heard before it counts; how much of that goes by what is heard everywhere
MOST = 60.0  # what one word may say: a phrase is more than its rarest word
HEAPS, FINE = 64, 4096


@dataclass(frozen=True)
class Line:
    text: str
    situation: int
    weight: float = 1.0


class Evidence:
    """A piece is the number of a word, a run of letters or a pair; its row lists situations and weights."""

    def __init__(self, lexicon: Lexicon, lines: list[Line], situations: int):
        self._situations = situations
        self._pieces, self._starts = array("I"), array("I", [0])
        self._whose, self._weights = array("B"), array("f")
        self._weigh(self._gather(_Heard(lexicon, lines)))

    def of(self, said: list[str], meanings: list[Meaning]) -> list[list[float]]:
        """A row for each word: what it adds for each situation. Words share what they say together."""
        rows = [[0.0] * self._situations for _ in said]
        for row, word, meaning in zip(rows, said, meanings, strict=True):
            for concept in meaning.concepts:
                self._add(whole(concept), meaning.weight, row)
            for piece in runs(word):
                self._add(piece, 1.0, row)
        for last, piece, _ in _together(said, [meaning.concepts[-1] for meaning in meanings]):
            self._add(piece, 0.5, rows[last - 1])
            self._add(piece, 0.5, rows[last])
        return [_bounded(row) for row in rows]

    def _add(self, piece: int, weight: float, row: list[float]) -> None:
        at = bisect_left(self._pieces, piece)
        if at < len(self._pieces) and self._pieces[at] == piece:
            for n in range(self._starts[at], self._starts[at + 1]):
                row[self._whose[n]] += weight * self._weights[n]

    def _gather(self, heard: "_Heard") -> array:
        """Fills the rows with what was heard, and tells the value of each piece."""
        values = array("f")
        for masses, again in heard.heaps():
            for piece, codes in groupby(sorted(masses), key=_piece):
                codes = list(codes)
                kind = codes[0] & 3
                if kind >= PAIR and len(codes) == 1 and codes[0] not in again:
                    continue  # what one parent said once says more about them than about the situation
                self._pieces.append(piece)
                self._whose.extend([code >> 2 & 63 for code in codes])
                self._weights.extend([masses[code] for code in codes])
                self._starts.append(len(self._whose))
                total = sum(masses[code] for code in codes)
                values.append(VALUE[kind] * math.log((heard.mass + 1) / (total + 1)) ** RARITY)
        return values

    def _weigh(self, values: array) -> None:
        loud = [1e-9] * self._situations
        for at, value in enumerate(values):
            for n in range(self._starts[at], self._starts[at + 1]):
                self._weights[n] *= value
                loud[self._whose[n]] += self._weights[n]
        alike = sum(loud) / self._situations
        usual = (1 - COMMON) * alike / max(1, len(values))
        for at, value in enumerate(values):
            row = range(self._starts[at], self._starts[at + 1])
            masses = [self._weights[n] * alike / loud[self._whose[n]] for n in row]
            doubt = DOUBT * (usual + COMMON * sum(masses) / self._situations)
            for n, mass in zip(row, masses, strict=True):
                self._weights[n] = value * math.log1p(mass / doubt)


class _Heard:
    """What was heard, as numbers in heaps: as separate things it would fill the memory of a small machine.

    A number is 32 bits of piece, 6 of situation, 2 of kind, and 24 of mass.
    """

    def __init__(self, lexicon: Lexicon, lines: list[Line]):
        self.mass = 0.0
        self._heaps = [array("Q") for _ in range(HEAPS)]
        said: dict[str, dict[int, float]] = defaultdict(dict)
        for line in lines:
            heard = spoken(line.text)
            mass = line.weight / max(1, len(heard)) ** SHORTNESS
            self.mass += mass
            for word in heard:
                said[word][line.situation] = said[word].get(line.situation, 0.0) + mass
            for _, piece, kind in _together(heard, [lexicon.meaning(word).concepts[-1] for word in heard]):
                self._hear(piece, kind, _tails({line.situation: mass}))
        while said:  # a word said a hundred times is taken apart once, and then forgotten
            word, masses = said.popitem()
            tails = _tails(masses)
            self._hear(whole(lexicon.meaning(word).concepts[0]), WORD, tails)
            for piece in runs(word):
                self._hear(piece, RUN, tails)

    def heaps(self) -> Iterator[tuple[dict[int, float], set[int]]]:
        """In order of piece, once; the second holds what was heard more than once."""
        while self._heaps:
            masses: dict[int, float] = {}
            again = set()
            for number in self._heaps.pop(0):
                code, mass = number >> 24, (number & 0xFFFFFF) / FINE
                if code in masses:
                    again.add(code)
                    masses[code] += mass
                else:
                    masses[code] = mass
            yield masses, again

    def _hear(self, piece: int, kind: int, tails: list[int]) -> None:
        head = piece << 32 | kind << 24
        self._heaps[piece * HEAPS >> 32].extend([head | tail for tail in tails])


def _tails(masses: dict[int, float]) -> list[int]:
    return [situation << 26 | min(int(mass * FINE), 0xFFFFFF) for situation, mass in masses.items()]


def _bounded(row: list[float]) -> list[float]:
    high = max(row) - sum(row) / len(row)
    return [one * MOST / high for one in row] if high > MOST else row


def _piece(code: int) -> int:
    return code >> 8


def _together(said: list[str], concepts: list[str]) -> Iterator[tuple[int, int, int]]:
    """Which word and the one before it, the number of what they say together, and its kind."""
    for last in range(1, len(said)):
        yield last, pair(concepts[last - 1], concepts[last]), PAIR
        for piece in seams(said[last - 1], said[last]):
            yield last, piece, SEAM
