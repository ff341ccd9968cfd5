"""Whatever phones, people and lines do: nothing lost, nothing doubled, nothing back from the dead.

Each schedule is a few hours of two parents with several devices and a bad connection. What a device must be able to
count on is told in `Device`; everything else is for POST /sync to bring about.
"""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.bench import chaos


@pytest.fixture
def world(app, marit, joins, now):
    return chaos.World(app, [marit, joins(marit, "Joost")], now)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(schedule=chaos.schedules)
def test_three_hundred_schedules_lose_double_and_revive_nothing(world, schedule):
    found = world.lives_through(schedule)
    assert {name: wrong for name, wrong in vars(found).items() if wrong} == {}
