"""How families reach their counsellor outside the diary: filled in once, and read on their help card."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.texts import N_, Refused, clean


@dataclass(frozen=True)
class Reach:
    phone: str
    days: str
    name: str = ""


def parse(phone: str, days: str) -> Reach:
    """Both may be left empty: then the card asks to call the number that was agreed. Raises Refused."""
    phone, days, errors = clean(phone), clean(days), {}
    if phone and not re.fullmatch(r"\+?[0-9 ()-]{6,24}", phone, re.ASCII):
        errors["phone"] = N_("Vul een nummer in met cijfers, bijvoorbeeld 06 12345678.")
    if len(days) > 120:
        errors["days"] = N_("Houd het op 120 tekens; dagen en uren zijn genoeg.")
    if errors:
        raise Refused(errors)
    return Reach(phone, days)


def keep(db: Database, viewer: Viewer, reach: Reach) -> None:
    store.change(
        db,
        "update accounts set phone = :phone, days = :days where id = :id",
        phone=reach.phone,
        days=reach.days,
        id=viewer.id,
    )


def own(db: Database, viewer: Viewer) -> Reach:
    return Reach(**store.row(db, "select phone, days from accounts where id = :id", id=viewer.id))


def of_family(db: Database, viewer: Viewer, now: datetime) -> list[Reach]:
    """Of whoever supports this family today and left a number."""
    found = store.rows(
        db,
        f"""select accounts.name, accounts.phone, accounts.days
            from memberships as tie join accounts on accounts.id = tie.account
            where tie.family = ({MINE}) and tie.role = 'counsellor' and tie.state = 'confirmed'
              and coalesce(tie.from_day, '') <= :today and coalesce(tie.until_day, '9') >= :today
              and accounts.ended_at is null and accounts.phone <> ''
            order by tie.id""",
        viewer=viewer.id,
        family=viewer.family,
        today=clock.today(now, viewer.zone).isoformat(),
    )
    return [Reach(**row) for row in found]
