"""Which situation a parent means, guessed from what they typed: on this machine alone, and always the same."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diary.asso import stray
from diary.asso.evidence import Evidence, Line
from diary.asso.library import Library, Suggestion
from diary.asso.nearness import Nearness
from diary.asso.words import Lexicon, Word, words
from diary.journal import terms

SITUATIONS = tuple(terms.SITUATION)
ALSO = 0.2  # what a line says for the other situations of its suggestion
KNOWN = 0.56  # of the letters must be in words we know: French and keys hit at random stay below
CLEAR = 18.0  # how far the best must stand above the usual: "en dan" stays below
ACT = 25.0  # how clearly one word must tell of a Limit: "slaat" does
SHARP, LONG = 0.25, 0.5  # from evidence to chances, so that 0.7 is right about seven times in ten
# Hitting with a toothbrush is a Limit: what part of the evidence for these lets an act against safety go first.
SAFETY = {**dict.fromkeys(terms.SITUATIONS["routine"], 0.4), "squabbling": 0.7}
SPOKE = 0.1  # of the evidence for a situation: then a word is named

NOTHING = len(SITUATIONS)
LIMITS = [n for n, situation in enumerate(SITUATIONS) if terms.AREA_OF[situation] == "limit"]


@dataclass(frozen=True)
class Guess:
    situation: str
    score: float  # from 0 to 1; those of all situations together make 1
    words: tuple[str, ...]  # what was typed that speaks for it, the clearest first


class Recogniser:
    """Bound to one library as it stands; a library that changed asks for a new one."""

    def __init__(self, library: Library):
        lines = list(_lines(library))
        self._lexicon = Lexicon(library.language, library.words, (line.text for line in lines))
        self._evidence = Evidence(self._lexicon, lines, NOTHING + 1)
        self._nearness = Nearness(self._lexicon, library.suggestions.values())
        self._last: tuple[str, dict[str, float]] = ("", {})

    def situations(self, text: str) -> list[Guess]:
        """The likeliest first; nothing at all when we do not know."""
        said = words(text)
        meanings = [self._lexicon.meaning(word.plain) for word in said]
        letters = [min(len(word.plain), 8) for word in said]
        known = sum(n for n, meaning in zip(letters, meanings, strict=True) if meaning.known)
        if not known or known < KNOWN * sum(letters):
            return []
        rows = self._evidence.of([word.plain for word in said], meanings)
        *totals, nothing = map(sum, zip(*rows, strict=True))
        usual = sum(totals) / NOTHING
        if max(totals) < max(nothing, usual + CLEAR):
            return []
        chances = _chances(_safety_first(totals, rows), SHARP / len(said) ** LONG)
        order = sorted(range(NOTHING), key=lambda n: (-chances[n], n))
        return [Guess(SITUATIONS[n], chances[n], self._speaking(said, rows, n)) for n in order]

    def nearest(self, text: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """Those that share most with the text first; those that share as much keep their order."""
        shared = self._nearness.of(text)
        return sorted(suggestions, key=lambda suggestion: -shared.get(suggestion.id, 0.0))

    def nearness(self, text: str, suggestion: Suggestion) -> float:
        """From 0, nothing in common, to 1: a parent names this suggestion with every word of the text."""
        asked, shared = self._last  # one text is asked for many suggestions in a row
        if asked != text:
            shared = self._nearness.of(text)
            self._last = text, shared
        return shared.get(suggestion.id, 0.0)

    def _speaking(self, said: list[Word], rows: list[list[float]], situation: int) -> tuple[str, ...]:
        """The words that say more for this situation than for the usual one; a small word if there is no other."""
        more = [row[situation] - sum(row) / len(row) for row in rows]
        least = SPOKE * sum(one for one in more if one > 0)
        spoke = [said[at] for _, at in sorted((-one, at) for at, one in enumerate(more) if one > least)]
        telling = [word for word in spoke if not self._lexicon.common(word.plain)]
        return tuple(dict.fromkeys(word.typed for word in telling or spoke[:1]))


def _safety_first(totals: list[float], rows: list[list[float]]) -> list[float]:
    usual, best = sum(totals) / NOTHING, max(totals)
    part = SAFETY.get(SITUATIONS[totals.index(best)])
    limit = max(LIMITS, key=totals.__getitem__)
    if part and totals[limit] - usual >= max(CLEAR, part * (best - usual)):
        act = max(row[limit] - sum(row) / len(row) for row in rows)
        return [*totals[:limit], best + 1.0, *totals[limit + 1 :]] if act >= ACT else totals
    return totals


def _chances(totals: list[float], sharp: float) -> list[float]:
    best = max(totals)
    grown = [math.exp((total - best) * sharp) for total in totals]
    return [one / sum(grown) for one in grown]


def _lines(library: Library) -> Iterator[Line]:
    """Each line once for each situation, as loud as it was said at its loudest."""
    found = {(text, situation): 1.0 for situation, says in library.says.items() for text in says}
    for suggestion in library.suggestions.values():
        found |= {(text, suggestion.situation): 1.0 for text in (suggestion.title, *suggestion.says)}
    for suggestion in library.suggestions.values():
        for situation in suggestion.also:
            found |= {(text, situation): found.get((text, situation), ALSO) for text in suggestion.says}
    for (text, situation), weight in found.items():
        yield Line(text, SITUATIONS.index(situation), weight)
    for text in stray.LINES[library.language].split(","):
        yield Line(text, NOTHING)
