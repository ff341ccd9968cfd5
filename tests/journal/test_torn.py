"""A line that breaks at whatever byte, there or back: what was sent is kept whole or not at all, and then once."""

from tests.bench import torn


def test_a_line_that_breaks_at_forty_places_loses_and_doubles_nothing(tmp_path):
    found = torn.run(tmp_path / "home", 40)
    assert found.pop("torn") > 20
    assert found == {"partly": 0, "lost": 0, "doubled": 0}
