"""Between a family and a counsellor: only a parent opens the door, and any of them shuts it."""

import pytest

from diary import store


def test_a_confirmed_counsellor_visits_with_the_children_of_the_tie(marit, counsellor, tied, visit, viewer):
    joke = counsellor("Joke")
    visitor = visit(joke, tied(marit, joke))
    home = viewer(marit)
    assert (visitor.family, visitor.family_uid, visitor.zone) == (home.family, home.family_uid, home.zone)
    assert len(visitor.children) == 1
    assert visitor.seal.open(home.seal.close("woord", "x"), "x") == "woord"


def test_at_the_desk_no_family_is_open(marit, counsellor, tied, viewer):
    joke = counsellor("Joke")
    tied(marit, joke)
    assert (viewer(joke).role, viewer(joke).family, viewer(joke).seal) == ("counsellor", None, None)


@pytest.mark.parametrize(
    ("days", "seen"),
    [
        ({"from_day": "2026-11-20", "until_day": None}, True),
        ({"from_day": "2026-11-21", "until_day": None}, False),
        ({"from_day": "2026-11-01", "until_day": "2026-11-20"}, True),
        ({"from_day": "2026-11-01", "until_day": "2026-11-19"}, False),
        ({"from_day": None, "until_day": None}, True),
        ({"state": "invited"}, False),
        ({"state": "ended"}, False),
    ],
)
def test_a_tie_gives_sight_within_its_days_only(marit, counsellor, tied, visit, db, days, seen):
    joke = counsellor("Joke")
    family = tied(marit, joke)
    for name, value in days.items():
        store.change(db, f"update memberships set {name} = :value where role = 'counsellor'", value=value)
    assert (visit(joke, family) is not None) == seen


def test_a_tie_ends_at_midnight_of_the_family(marit, counsellor, tied, visit, db, now):
    joke = counsellor("Joke")
    family = tied(marit, joke)
    store.change(db, "update memberships set until_day = '2026-11-20' where role = 'counsellor'")
    now.pass_by(hours=4, minutes=19, seconds=59)  # 23:59:59 in Amsterdam
    joke = counsellor("Jokes-andere-toestel")
    store.change(db, "update memberships set account = (select max(id) from accounts) where role = 'counsellor'")
    assert visit(joke, family)
    now.pass_by(seconds=1)
    assert visit(joke, family) is None


def test_nobody_else_visits(marit, parent, counsellor, admin, tied, visit):
    family = tied(marit, counsellor("Joke"))
    for other in (marit, parent("Eva"), counsellor("Karin"), admin):
        assert visit(other, family) is None
