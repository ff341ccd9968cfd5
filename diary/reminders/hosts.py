"""Push services as we find them: how many sends each is busy with, and which had better rest a while."""

from collections import Counter
from collections.abc import Callable
from time import monotonic

AT_ONCE = 3  # of the pool: a service that hangs leaves room for the others
HANGS = 3  # in a row
SLOW = 5  # seconds; whoever takes longer hangs
REST = 120


class Hosts:
    """What one process knows of them. It forgets at a restart, and finds out again."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._busy = Counter()
        self._hangs = Counter()
        self._until: dict[str, float] = {}

    def rests(self, host: str) -> float:
        """For how many seconds still."""
        return max(0.0, self._until.get(host, 0) - self._clock())

    def has_room(self, host: str) -> bool:
        return self._busy[host] < AT_ONCE

    def begins(self, host: str) -> None:
        self._busy[host] += 1

    def answers(self, host: str, seconds: float) -> None:
        self._busy[host] -= 1
        if seconds < SLOW:
            self._hangs[host] = 0
            return
        self._hangs[host] += 1
        if self._hangs[host] >= HANGS:
            self._hangs[host] = 0
            self._until[host] = self._clock() + REST
