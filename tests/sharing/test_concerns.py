"""What is worth talking about: only against the family's own weeks, and never from little."""

from hypothesis import given
from hypothesis import strategies as st

from diary.sharing import concerns
from tests.sharing.told import TODAY, told


def kinds(entries: list, band: str = "usual") -> list[str]:
    return [concern.kind for concern in concerns.found(entries, TODAY, band)]


def weekly(n: int, weeks: range, **fields) -> list:
    """So many in each of these weeks back; this week is 0."""
    return [told(week * 7 + at % 7, **fields) for week in weeks for at in range(n)]


def test_limits_that_rise_above_the_familys_own_weeks_are_told_with_both_numbers():
    entries = weekly(2, range(1, 7), area="limit") + weekly(5, range(1), area="limit")
    (concern,) = concerns.found(entries, TODAY, "usual")
    assert (concern.kind, concern.n, concern.usual) == ("limits", 5, 2)
    assert len(concern.sieve.of(entries)) == 5


def test_many_limits_that_are_usual_here_are_no_news():
    assert kinds(weekly(6, range(7), area="limit")) == []


def test_without_weeks_to_compare_with_nothing_is_said():
    assert kinds(weekly(9, range(1), area="limit")) == []
    assert kinds(weekly(9, range(2), area="limit")) == []


def test_the_band_says_how_much_more_is_more():
    entries = weekly(4, range(1, 7), area="limit") + weekly(7, range(1), area="limit")
    assert [kinds(entries, band) for band in ("narrow", "usual", "wide")] == [["limits"], ["limits"], []]


def test_fine_moments_that_dry_up_are_told_but_silence_is_not():
    before = weekly(5, range(1, 7), kind="contact")
    assert kinds(before) == []
    assert kinds([*before, told(1, area="routine")]) == ["contact"]
    assert kinds([*before, *weekly(4, range(1), kind="contact")]) == []


def test_low_energy_is_told_after_some_days_in_a_row_of_one_writer():
    low = [told(day, kind="checkin", body={"energy": 2}) for day in (0, 1, 2)]
    (concern,) = concerns.found(low, TODAY, "usual")
    assert (concern.kind, concern.n, len(concern.sieve.of(low))) == ("energy", 3, 3)
    assert kinds(low[:2]) == []
    assert kinds([low[0], told(1, kind="checkin", body={"energy": 4}), low[2]]) == []
    assert kinds([*low[:2], told(2, kind="checkin", author=2, body={"energy": 1})]) == []


def test_danger_is_told_at_once_whatever_the_numbers_say():
    assert kinds([told(2, area="limit", situation="self_harm")], "wide") == ["grave"]
    assert kinds([told(15, area="limit", situation="danger")]) == []


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["limit", "routine", None])), max_size=60))
def test_a_concern_always_leads_to_as_many_entries_as_it_says(days):
    entries = [told(day, area=area, kind="incident" if area else "contact") for day, area in days]
    for concern in concerns.found(entries, TODAY, "narrow"):
        assert concern.n == len(concern.sieve.of(entries))
