"""Which suggestion fits this child, now. The same question gets the same answer.

Nothing leaves the machine, and every offer says why it is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from diary.asso.library import Library, Suggestion
from diary.asso.recognise import Guess, Recogniser
from diary.asso.tries import Count
from diary.asso.words import spoken
from diary.journal import terms

GRAVE = frozenset({"hitting", "self_harm", "danger", "threatening", "body_boundaries"})  # people go before tips
LIKELY = 0.15  # from here on, people are shown before tips
LIKELY_ALONE = 0.1  # on a phone without a connection: sooner, for it is less sure of its guesses
_PUSH = 0.1  # what a goal weighs among guesses
GUESSES = 3


@dataclass(frozen=True)
class Asked:
    """What is known when a parent asks."""

    text: str = ""
    age: int | None = None  # emotional
    moment: str = "during"
    open: frozenset[str] = frozenset()  # closed kinds that a counsellor opened
    counts: Mapping[tuple[str, str], Count] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()  # suggestions with words of the parent's own
    pinned: frozenset[str] = frozenset()  # chosen for this child with the counsellor
    goals: frozenset[str] = frozenset()  # situations the family practises now


@dataclass(frozen=True)
class Offer:
    """A suggestion for a situation, and what speaks for it."""

    suggestion: Suggestion
    situation: str
    score: float
    age: int | None  # when it fits
    count: Count
    words: tuple[str, ...] = ()  # of the parent's own text
    pinned: bool = False


@dataclass(frozen=True)
class Answer:
    guesses: list[Guess]
    offers: dict[str, list[Offer]]  # by situation, best first

    @property
    def grave(self) -> bool:
        return any(guess.situation in GRAVE and guess.score >= LIKELY for guess in self.guesses)

    @property
    def mixed(self) -> list[Offer]:
        """The best of each situation, then the second of each: a wrong guess costs one place. Each once."""
        rows = [iter(self.offers[guess.situation]) for guess in self.guesses]
        found: dict[str, Offer] = {}
        for _ in range(max(map(len, self.offers.values()), default=0)):
            for row in rows:
                if offer := next((offer for offer in row if offer.suggestion.id not in found), None):
                    found[offer.suggestion.id] = offer
        return list(found.values())


def for_text(library: Library, asked: Asked) -> Answer:
    """No guesses at all when the text says nothing that we know."""
    known = _practised(recogniser(library).situations(asked.text), asked.goals)
    guesses = _alarmed(library, asked.text, known)[:GUESSES]
    return Answer(
        guesses, {guess.situation: for_situation(library, guess.situation, asked, guess) for guess in guesses}
    )


def _practised(guesses: list[Guess], goals: frozenset[str]) -> list[Guess]:
    """Of two that are about as likely, what the family practises now comes first; but nothing before safety."""
    safety = guesses[:1] if guesses and guesses[0].situation in terms.SITUATIONS["limit"] else []
    others = guesses[len(safety) :]
    return safety + sorted(others, key=lambda guess: -guess.score - (_PUSH if guess.situation in goals else 0))


def _alarmed(library: Library, text: str, guesses: list[Guess]) -> list[Guess]:
    """Some words go before all reckoning: who speaks of death is not asked about the guinea pig."""
    said = f" {' '.join(spoken(text))} "
    for situation, alarms in library.alarms.items():
        if heard := next((alarm for alarm in alarms if f" {alarm} " in said), None):
            others = [guess for guess in guesses if guess.situation != situation]
            return [Guess(situation, 1.0, (heard,)), *others]
    return guesses


@lru_cache(maxsize=4)
def recogniser(library: Library) -> Recogniser:
    """It learns its words from the library, once for each that is read."""
    return Recogniser(library)


def for_situation(library: Library, situation: str, asked: Asked, guess: Guess | None = None) -> list[Offer]:
    """All that fits, best first. What is closed stays closed."""
    fitting = [s for s in library.of(situation) if not s.closed or s.closed in asked.open]
    near = {s.id: _near(library, asked.text, s) for s in fitting} if asked.text else {}
    offers = [_offer(s, situation, asked, near.get(s.id, 0.0), guess) for s in fitting]
    return sorted(offers, key=lambda offer: (not offer.pinned, -offer.score, offer.suggestion.id))


def _near(library: Library, text: str, suggestion: Suggestion) -> float:
    """What says it in so many words goes before what merely shares its words."""
    return recogniser(library).nearness(text, suggestion) + 0.1 * (text.casefold() in suggestion.says)


def with_first(library: Library, suggestion: Suggestion, situation: str, asked: Asked) -> list[Offer]:
    """The same, with the one that was chosen before all others."""
    offers = for_situation(library, situation, asked)
    return sorted(offers, key=lambda offer: offer.suggestion.id != suggestion.id)


def _offer(suggestion: Suggestion, situation: str, asked: Asked, near: float, guess: Guess | None) -> Offer:
    count = asked.counts.get((situation, suggestion.id), Count())
    years = _years_off(suggestion.ages, asked.age)
    score = (
        2.0 * near
        + (0.0 if suggestion.situation == situation else -0.5)
        - 0.3 * min(years, 4)
        + (0.4 if suggestion.moment == asked.moment else 0.0)
        + 2.0 * (count.share - 0.5)
        + (1.0 if suggestion.id in asked.own else 0.0)
        - (0.6 if suggestion.id in asked.shown and not count.helped else 0.0)
    )
    return Offer(
        suggestion,
        situation,
        round(score + (guess.score if guess else 0.0), 4),
        asked.age if asked.age is not None and not years else None,
        count,
        guess.words if guess else (),
        suggestion.id in asked.pinned,
    )


def _years_off(ages: tuple[int, int], age: int | None) -> int:
    if age is None:
        return 0
    return max(ages[0] - age, age - ages[1], 0)
