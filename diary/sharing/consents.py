"""At 12, 16 and 18 a child has a say: nothing new about them is shared until a parent says it was settled.

Each parent says so for what they share themselves. What was shared before stays, until its author takes it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people import children, looks
from diary.people.access import MINE
from diary.people.children import Child
from diary.people.sessions import Viewer

AGES = (12, 16, 18)

# What a parent says yes to stands in the template; a changed text gets the next number, and each yes keeps its own.
TOLD = 1


@dataclass(frozen=True)
class Consent:
    """A child that is old enough to have a say, and since when this parent says that it agrees."""

    child: Child
    age: int
    since: date | None

    @property
    def waits(self) -> bool:
        return self.since is None


def of(db: Database, viewer: Viewer, known: Iterable[Child], now: datetime) -> list[Consent]:
    today = clock.today(now, viewer.zone)
    grown = {child: age for child in known if (age := reached(child, today))}
    if not grown:
        return []
    found = store.rows(
        db,
        f"""select child, age, given_at from consents
            where account = :viewer and family = ({MINE}) and withdrawn_at is null""",
        viewer=viewer.id,
        family=viewer.family,
    )
    given = {(row["child"], row["age"]): clock.local(row["given_at"], viewer.zone).date() for row in found}
    return [Consent(child, age, given.get((child.id, age))) for child, age in grown.items()]


def ever(db: Database, viewer: Viewer) -> list[dict]:
    """All that this parent wrote down, also what was ended since."""
    return store.rows(
        db,
        f"""select child, age, told, given_at, withdrawn_at from consents
            where account = :viewer and family = ({MINE}) order by given_at""",
        viewer=viewer.id,
        family=viewer.family,
    )


def reached(child: Child, today: date) -> int | None:
    """The last of these birthdays. Only the month is known: its first day counts, rather too early than too late."""
    years = child.years(today)
    return max((age for age in AGES if years is not None and age <= years), default=None)


def waits(db: Database, viewer: Viewer, child: int | None, now: datetime) -> bool:
    """Whether nothing new about this child may be shared yet."""
    if child is None:
        return False
    known = (one for one in children.of_family(db, viewer) if one.id == child)
    return any(one.waits for one in of(db, viewer, known, now))


def give(db: Database, viewer: Viewer, child: Child, now: datetime) -> bool:
    """Writes down that the child agrees. Repeats are harmless."""
    with store.writing(db):
        asked = next(iter(of(db, viewer, [child], now)), None)
        if asked and asked.waits:
            store.change(
                db,
                f"""insert into consents (family, child, account, age, told, given_at)
                    select family, :child, :viewer, :age, :told, :at from ({MINE})""",
                child=child.id,
                age=asked.age,
                told=TOLD,
                at=clock.stamp(now),
                viewer=viewer.id,
                family=viewer.family,
            )
            looks.write(db, viewer, "consented", [], now)
    return asked is not None


def withdraw(db: Database, viewer: Viewer, child: Child, now: datetime) -> None:
    with store.writing(db):
        ended = store.change(
            db,
            """update consents set withdrawn_at = :at
               where child = :child and account = :viewer and withdrawn_at is null""",
            at=clock.stamp(now),
            child=child.id,
            viewer=viewer.id,
        )
        if ended:
            looks.write(db, viewer, "consent_ended", [], now)
