"""A counsellor who reads along with Marit's family."""

import pytest

from diary.people import access, ties
from diary.sharing import shares
from tests.persons import Person


@pytest.fixture
def tie_of(db, viewer, now):
    """The counsellor as this parent sees them: the first, or the one by this name."""

    def find(parent: Person, name: str | None = None):
        known = ties.reading(db, viewer(parent), now())
        return next((one for one in known if name in (None, one.name)), None)

    return find


@pytest.fixture
def gives(db, viewer, now, tie_of):
    """Lets a parent share an entry with the counsellor."""

    def give(parent: Person, uid: str, step: str = "now", feeling: bool = False, name: str | None = None) -> bool:
        return shares.give(db, viewer(parent), uid, tie_of(parent, name), step, feeling, now())

    return give


@pytest.fixture
def reads(db, visit, now, signs_in_again):
    """What a counsellor may read of a family now: uid → version."""

    def read(counsellor: Person, family: str) -> dict[str, int]:
        signs_in_again(counsellor)
        visitor = visit(counsellor, family)
        rows = access.shared_with(db, visitor, now(), "uid, version") if visitor else []
        return {row["uid"]: row["version"] for row in rows}

    return read
