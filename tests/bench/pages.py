"""Rates of pages and of saving, for every size of diary, each beside the yardstick of the same moment.

All servers stand ready at once and take turns, second by second: what another program does to this machine
meanwhile then falls on all of them alike, and the ratios between neighbours stay true.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from diary import store
from tests.bench import commits, load
from tests.bench.homes import Home
from tests.bench.requests import HELLO, Task, tasks
from tests.bench.servers import Server


@dataclass
class Kept:
    """What was measured of one task at one size: one load a round, and what was measured beside it."""

    loads: list[load.Load] = field(default_factory=list)
    hellos: list[load.Load] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)  # bare durable ones a second, beside saving

    def middle(self, what: str) -> float:
        return statistics.median(getattr(one, what) for one in self.loads)

    def of_hello(self) -> list[float]:
        """The rate as a part of hello's, lowest first."""
        return sorted(one.rate / hello.rate for one, hello in zip(self.loads, self.hellos, strict=True))

    def of_commits(self) -> list[float]:
        return sorted(one.rate / durable for one, durable in zip(self.loads, self.commits, strict=True))

    def by_cpu(self) -> float:
        """The same by what it costs the processor: steadier than rates when others use the machine."""
        return statistics.median(hello.cpu / one.cpu for one, hello in zip(self.loads, self.hellos, strict=True))

    def p95(self) -> float:
        """Milliseconds within which nineteen of twenty answers came."""
        waits = sorted(wait for one in self.loads for wait in one.waits)
        return 1000 * waits[len(waits) * 95 // 100]

    def answers(self) -> int:
        return sum(len(one.waits) for one in self.loads)


Results = dict[tuple[str, int], Kept]  # by the name of the task and the size of the diary


def measure(homes: dict[Home, Server], hello: Server, seconds: float, rounds: int, say: Callable) -> Results:
    results: Results = {}
    _warm_up(homes)
    kept = {home: _entries(home) for home in homes}
    for saves in (False, True):
        for number in range(rounds):
            say(f"{'saving' if saves else 'reading'}, round {number + 1} of {rounds}")
            _round(homes, hello, seconds, saves, results)
    for home, before in kept.items():
        _check(home, _entries(home) - before, results)
    return results


def growth(results: Results, task: str, small: int, large: int) -> tuple[float, float]:
    """How many times slower the large diary is than the small one in the same round, and how many times dearer
    to the processor: where these two differ much, somebody else was at work."""
    pairs = list(zip(results[task, small].loads, results[task, large].loads, strict=True))
    slower = statistics.median(one.rate / other.rate for one, other in pairs)
    return slower, statistics.median(other.cpu / one.cpu for one, other in pairs)


def _warm_up(homes: dict[Home, Server]) -> None:
    for home, server in homes.items():
        for task in tasks(home):
            if not task.saves:
                load.measure(server, task.make, task.status, 0.1)


def _round(homes: dict[Home, Server], hello: Server, seconds: float, saves: bool, results: Results) -> None:
    turns = [[task for task in tasks(home) if task.saves is saves] for home in homes]
    for same in zip(*turns, strict=True):
        bare = _measured(results, HELLO, 0, hello, seconds)
        durable = commits.alone(next(iter(homes)).folder.parent, seconds / 2) if saves else 0.0
        for task, (home, server) in zip(same, homes.items(), strict=True):
            kept = _measured(results, task, home.size, server, seconds)
            kept.hellos.append(bare.loads[-1])
            kept.commits.append(durable)


def _measured(results: Results, task: Task, size: int, server: Server, seconds: float) -> Kept:
    kept = results.setdefault((task.name, size), Kept())
    kept.loads.append(load.measure(server, task.make, task.status, seconds))
    return kept


def _entries(home: Home) -> int:
    db = store.connect(home.folder / "diary.db")
    try:
        return db.execute("select count(*) from entry_rows").fetchone()[0]
    finally:
        store.close(db)


def _check(home: Home, added: int, results: Results) -> None:
    """A diary that says it saved, must have."""
    told = sum(results[task.name, home.size].answers() for task in tasks(home) if task.saves)
    if told != added:
        raise load.WrongAnswer(f"{told} times 'saved' at {home.size}, {added} entries added")
