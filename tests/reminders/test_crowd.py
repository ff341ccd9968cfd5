"""Four processes at once, without any lock between them: what is due goes out once, also when some are killed."""

from dataclasses import replace

import pytest

from diary import store
from tests import houses
from tests.push_service import PushService
from tests.reminders import crowd

DUE = 400


@pytest.fixture
def sent(tmp_path):
    """Gives what became of four hundred reminders that are due at the same minute, on the real clock."""

    def run(kills: int, rate: float = 40) -> crowd.Result:
        app = houses.build(tmp_path / "home")
        with PushService() as service:
            settings = replace(app.config["SETTINGS"], push_hosts=(service.origin,))
            crowd.fill(store.here(settings.database), app.config["VAULT"], service, DUE)
            return crowd.send_all(settings, service, processes=4, kills=kills, rate=rate, lease=4, every=0.4)

    yield run
    store.leave()


def test_four_processes_send_each_once(sent):
    result = sent(kills=0)
    assert (result.lost, result.doubles, result.unsettled, result.refused) == (0, 0, 0, 0)


def test_of_those_that_are_killed_nothing_is_lost_and_little_comes_twice(sent):
    result = sent(kills=8, rate=15)
    assert result.killed == 8
    assert (result.lost, result.unsettled, result.refused) == (0, 0, 0)
    assert result.doubles <= 8 * crowd.FLYING
    assert result.topics == 1
