"""Which suggestions share words with a text. Kept the other way round, by word, so that many cost little more."""

import math
from array import array
from collections.abc import Iterable

from diary.asso.library import Suggestion
from diary.asso.words import Lexicon, spoken

EVERYWHERE = 0.2  # a word in more than this part of the suggestions sets none of them apart


class Nearness:
    def __init__(self, lexicon: Lexicon, suggestions: Iterable[Suggestion]):
        self._lexicon = lexicon
        self._ids: list[str] = []
        self._told: dict[str, array] = {}
        for number, suggestion in enumerate(suggestions):
            self._ids.append(suggestion.id)
            lines = (suggestion.title, *suggestion.says)
            for concept in sorted({concept for line in lines for concept in self._concepts(line)}):
                self._told.setdefault(concept, array("I")).append(number)

    def of(self, text: str) -> dict[str, float]:
        """By id, which part of the text each suggestion shares; a rare word is a larger part."""
        rarities = {concept: self._rarity(concept) for concept in self._concepts(text)}
        parts = [0.0] * len(self._ids)
        whole = sum(rarities.values()) or 1.0
        for concept, rarity in rarities.items():
            for number in self._told.get(concept, ()) if rarity else ():
                parts[number] += rarity / whole
        return {self._ids[number]: part for number, part in enumerate(parts) if part}

    def _concepts(self, line: str) -> Iterable[str]:
        return (concept for word in spoken(line) for concept in self._lexicon.meaning(word).concepts)

    def _rarity(self, concept: str) -> float:
        times = len(self._told.get(concept, ()))
        common = times > max(1, EVERYWHERE * len(self._ids))
        return 0.0 if common else math.log((len(self._ids) + 1) / (times + 1))
