"""Children: a first name or nickname, sealed; a birth month; how old inside."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.texts import N_, Refused, clean
from diary.vault import Broken


@dataclass(frozen=True)
class Child:
    id: int
    uid: str
    name: str
    born: str | None  # YYYY-MM
    age: int | None  # emotional age in years; None: not known yet

    def years(self, today: date) -> int | None:
        if self.born is None:
            return None
        year, month = map(int, self.born.split("-"))
        return today.year - year - (today.month < month)


def add(db: Database, viewer: Viewer, fields: dict, now: datetime) -> None:
    """Repeats are harmless; a form that was gone back to and changed is another child."""
    uid = viewer.seal.uid(fields["uid"], fields["name"], fields["born"], fields["age"])
    store.change(
        db,
        f"""insert into children (uid, family, name, born, age, created_at)
            select :uid, family, :name, :born, :age, :at from ({MINE}) where true
            on conflict (family, uid) do nothing""",
        uid=uid,
        name=viewer.seal.close(fields["name"], "child", uid),
        born=fields["born"],
        age=fields["age"],
        at=clock.stamp(now),
        viewer=viewer.id,
        family=viewer.family,
    )


def change(db: Database, viewer: Viewer, child: Child, fields: dict) -> None:
    store.change(
        db,
        f"update children set name = :name, born = :born, age = :age where id = :id and family = ({MINE})",
        name=viewer.seal.close(fields["name"], "child", child.uid),
        born=fields["born"],
        age=fields["age"],
        id=child.id,
        viewer=viewer.id,
        family=viewer.family,
    )


def of_family(db: Database, viewer: Viewer) -> list[Child]:
    found = store.rows(
        db,
        f"select id, uid, name, born, age from children where family = ({MINE}) order by id",
        viewer=viewer.id,
        family=viewer.family,
    )
    return [Child(**{**row, "name": _name(viewer, row)}) for row in found]


def covered(db: Database, visitor: Viewer) -> list[Child]:
    """The children that a counsellor's tie is about. `visitor` comes from families.visit."""
    found = store.rows(
        db,
        """select children.id, children.uid, children.name, children.born, children.age
           from ties join children on children.id = ties.child
           where ties.membership = :membership and children.family = :family order by children.id""",
        membership=visitor.membership,
        family=visitor.family,
    )
    return [Child(**{**row, "name": _name(visitor, row)}) for row in found]


def parse(uid: str, name: str, born: str, age: str, today: date) -> dict:
    """One reading of the child form, for the first child and every other. Raises Refused."""
    errors = {}
    try:
        uid = str(uuid.UUID(uid))
    except ValueError:
        uid = str(uuid.uuid4())
    name = clean(name)
    if not name:
        errors["name"] = N_("Vul een voornaam of bijnaam in. Een letter mag ook.")
    elif len(name) > 40:
        errors["name"] = N_("Houd het op 40 tekens; een voornaam of bijnaam is genoeg.")
    if born and not (re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", born) and _recent(born, today)):
        errors["born"] = N_("Kies een maand en jaar, bijvoorbeeld 2017-05, of laat dit leeg.")
    if age and not (re.fullmatch(r"[0-9]{1,2}", age) and int(age) <= 18):
        errors["age"] = N_("Kies een leeftijd tot en met 18, of ‘weet ik nog niet’.")
    if errors:
        raise Refused(errors)
    return {"uid": uid, "name": name, "born": born or None, "age": int(age) if age else None}


def _recent(born: str, today: date) -> bool:
    return today.year - 25 <= int(born[:4]) and born <= f"{today.year}-{today.month:02}"


def _name(viewer: Viewer, row: dict) -> str:
    try:
        return viewer.seal.open(row["name"], "child", row["uid"])
    except Broken:
        return "?"
