"""Counting tries: exact, per key, per window, over all who write at once."""

import threading

import pytest

from diary import store
from diary.people import limits
from diary.people.limits import TooOften


def tries(db, now, key="a", limit=10, minutes=1) -> bool:
    try:
        limits.count(db, key, limit, minutes, now())
    except TooOften:
        return False
    return True


def test_the_tenth_try_passes_and_the_eleventh_does_not(db, now):
    assert [tries(db, now) for _ in range(12)] == [True] * 10 + [False] * 2


def test_the_next_window_begins_anew(db, now):
    assert not all(tries(db, now) for _ in range(11))
    now.pass_by(minutes=1)
    assert tries(db, now)


def test_one_key_does_not_count_for_another(db, now):
    assert not all(tries(db, now, "a") for _ in range(11))
    assert tries(db, now, "b")


def test_the_count_is_exact_over_many_threads(app, db, now):
    passed = []

    def try_often():
        own = store.connect(app.config["SETTINGS"].database)
        passed.extend(tries(own, now) for _ in range(8))
        store.close(own)

    threads = [threading.Thread(target=try_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), passed.count(True)) == (32, 10)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("x", ""),
        (None, ""),
    ],
)
def test_an_address_counts_as_the_line_it_is_of(address, line):
    assert limits.line(address) == line
