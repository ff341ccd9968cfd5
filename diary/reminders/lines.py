"""Lines to push services that stay open for as long as a run of sends lasts: opening one costs more than a send."""

import select
from collections import defaultdict, deque
from contextlib import suppress
from socket import socket

from diary.reminders import endpoints
from diary.reminders.endpoints import Endpoint


class Lines:
    """Each leads to the address that was found public when it was opened, and is used by one send at a time."""

    def __init__(self):
        self._idle: dict[str, deque[socket]] = defaultdict(deque)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for idle in self._idle.values():
            for line in idle:
                line.close()

    def take(self, endpoint: Endpoint, until: float) -> socket:
        idle = self._idle[endpoint.origin]
        with suppress(IndexError):  # another send may take the last one
            while idle:
                line = idle.pop()
                if not _stirs(line):
                    return line
                line.close()
        return endpoints.connect(endpoint, until)

    def give_back(self, endpoint: Endpoint, line: socket) -> None:
        self._idle[endpoint.origin].append(line)


def _stirs(line: socket) -> bool:
    """Whether the other side hung up, or speaks unasked. Nothing was sent on it yet, so another will do."""
    return bool(select.select([line], [], [], 0)[0])
