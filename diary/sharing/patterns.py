"""What stands out in a set of entries: when it is hard, what was tried, what two adults both saw. Pure counting."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from diary.journal import terms
from diary.journal.rows import Entry
from diary.sharing.sieves import Sieve

MARKS = ("contact", "routine", "anchorpoint", "limit")
FROM, UNTIL = 6, 21  # the hours a map always shows
_TOGETHER = timedelta(hours=2)
_TELLING = 5  # with fewer, a busy hour says nothing


@dataclass(frozen=True)
class Hours:
    """Incidents by weekday and hour; those without an exact moment are left out."""

    grid: dict[tuple[int, int], int]
    first: int
    last: int
    busiest: tuple[int, int] | None  # from and until which hour, when that says something
    within: int = 0  # how many lie in those two hours

    @property
    def hours(self) -> range:
        return range(self.first, self.last + 1)

    def of_hour(self, hour: int) -> int:
        return sum(self.grid.get((weekday, hour), 0) for weekday in range(7))

    @property
    def total(self) -> int:
        return sum(self.grid.values())

    @property
    def most(self) -> int:
        return max(self.grid.values(), default=0)


@dataclass(frozen=True)
class Tally:
    """A figure, and what it was in the period before."""

    name: str
    n: int
    before: int
    sieve: Sieve
    mostly: str | None = None  # the situation met most


def hours(entries: list[Entry]) -> Hours:
    exact = [entry.at for entry in entries if entry.kind == "incident" and entry.about is None]
    grid = Counter((at.weekday(), at.hour) for at in exact)
    by_hour = Counter(at.hour for at in exact)
    first, last = min([FROM, *by_hour]), max([UNTIL, *by_hour])
    pairs = {hour: by_hour[hour] + by_hour[hour + 1] for hour in range(first, last)}
    top = max(pairs, key=lambda hour: (pairs[hour], by_hour[hour]), default=None)
    tells = top is not None and len(exact) >= _TELLING and pairs[top] * 3 >= len(exact)
    return Hours(dict(grid), first, last, (top, top + 2) if tells else None, pairs[top] if tells else 0)


def tallies(entries: list[Entry], before: Counter, since, until) -> list[Tally]:
    """Contact first, then the areas. `before` counts the same marks in the period before."""
    found = []
    for name in MARKS:
        sieve = Sieve(since, until, kind="contact") if name == "contact" else Sieve(since, until, area=name)
        counted = sieve.of(entries)
        met = Counter(entry.situation for entry in counted if entry.situation).most_common(1)
        mostly = met[0][0] if met and met[0][1] >= 2 and met[0][1] * 2 > len(counted) else None
        found.append(Tally(name, len(counted), before[name], sieve, mostly))
    return found


def steps(entries: list[Entry], since, until) -> list[Tally]:
    """How often each step of ASSO was tried."""
    return [Tally(step, len((s := Sieve(since, until, step=step)).of(entries)), 0, s) for step in terms.ASSO]


def bond(entries: list[Entry], since, until) -> tuple[Tally, Tally]:
    """Where ASSO was tried: how often contact held or came back, of the times that is known."""
    return tuple(
        Tally(name, len((s := Sieve(since, until, step="any", bond=name)).of(entries)), 0, s)
        for name in ("kept", "said")
    )


def signals(entries: list[Entry], before: list[Entry], since, until) -> list[Tally]:
    """What was seen, the most often first: moments, never a word about the child."""
    now, then = (
        Counter(signal for one in some for signal in one.body.get("signals", ())) for some in (entries, before)
    )
    return [Tally(signal, n, then[signal], Sieve(since, until, signal=signal)) for signal, n in now.most_common(6)]


def two_sides(entries: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Where two adults wrote about the same child within two hours, the earlier written first; each pair once."""
    told = sorted((entry for entry in entries if entry.kind == "incident"), key=lambda entry: entry.happened_at)
    pairs = [
        (one, other)
        for place, one in enumerate(told)
        for other in takewhile(lambda next, one=one: next.at - one.at <= _TOGETHER, told[place + 1 :])
        if one.author != other.author and one.child == other.child
    ]
    return sorted(pairs, key=lambda pair: pair[0].happened_at, reverse=True)
