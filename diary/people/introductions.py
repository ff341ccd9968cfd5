"""A counsellor's own link, for a parent who sits across the table. It opens nothing: the parent says who and what."""

import secrets
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import looks, ties
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.people.ties import Terms
from diary.vault import fingerprint

LASTS = timedelta(hours=72)
TOLD = timedelta(days=7)  # how long it stands there that a link was tried which opened nothing


def make(db: Database, viewer: Viewer, now: datetime) -> str:
    """Gives the token for the link; the database keeps only its hash. For one family."""
    token = secrets.token_urlsafe(24)
    made = {"token": fingerprint(token), "account": viewer.id}
    store.insert(db, "introductions", made | {"created_at": clock.stamp(now), "expires_at": clock.stamp(now + LASTS)})
    return token


def find(db: Database, token: str, now: datetime) -> dict | None:
    """Who asks to be let in, if the link is unused and they still work at the practice. Looking changes nothing."""
    return store.row(
        db,
        """select introductions.id, introductions.account, accounts.name, practices.name as practice
           from introductions join accounts on accounts.id = introductions.account
           join practices on practices.id = accounts.practice
           where introductions.token = :token and membership is null and expires_at > :now
             and accounts.role = 'counsellor' and accounts.ended_at is null""",
        token=fingerprint(token),
        now=clock.stamp(now),
    )


def answer(db: Database, viewer: Viewer, token: str, terms: Terms, now: datetime) -> bool:
    """The parent's yes, which makes the tie. Repeats are harmless; a second family needs a link of its own."""
    with store.writing(db):
        if _answered(db, viewer, token):
            return True
        asked = find(db, token, now)
        if asked is None or not _tied(db, viewer, asked["account"], now):
            return False
        tie = store.row(
            db,
            "select max(id) as id from memberships where account = :account and family = :family",
            account=asked["account"],
            family=viewer.family,
        )
        ties.cover(db, tie["id"], terms)
        looks.write(db, viewer, "tie_confirmed", [], now)
        sql = "update introductions set membership = :tie where id = :id"
        store.change(db, sql, tie=tie["id"], id=asked["id"])
    return True


def refuse(db: Database, viewer: Viewer | None, token: str, now: datetime) -> None:
    """The counsellor is told that a link of hers which opens nothing any more was tried, unless by the family it was
    for. Once per link, however often."""
    store.change(
        db,
        """update introductions set tried_at = :now
           where token = :token and case when membership is null then expires_at <= :now
             else :family is null or membership not in (select id from memberships where family = :family) end""",
        token=fingerprint(token),
        family=viewer and viewer.family,
        now=clock.stamp(now),
    )


def tried(db: Database, viewer: Viewer, now: datetime) -> str | None:
    """When a link of this counsellor was last tried and opened nothing, if that was these days."""
    found = store.row(
        db,
        "select max(tried_at) as at from introductions where account = :viewer and tried_at > :since",
        viewer=viewer.id,
        since=clock.stamp(now - TOLD),
    )
    return found["at"]


def _tied(db: Database, viewer: Viewer, counsellor: int, now: datetime) -> bool:
    """Whether there is a new tie; not when this counsellor is already here, and only for who is in the family."""
    return (
        store.change(
            db,
            f"""insert into memberships
                  (family, account, role, state, invited_by, invited_at, confirmed_by, confirmed_at)
                select family, :counsellor, 'counsellor', 'confirmed', :viewer, :now, :viewer, :now from ({MINE})
                where true on conflict do nothing""",
            counsellor=counsellor,
            viewer=viewer.id,
            family=viewer.family,
            now=clock.stamp(now),
        )
        == 1
    )


def _answered(db: Database, viewer: Viewer, token: str) -> bool:
    found = store.row(
        db,
        """select 1 from introductions join memberships on memberships.id = introductions.membership
           where introductions.token = :token and memberships.confirmed_by = :viewer
             and memberships.family = :family and memberships.state = 'confirmed'""",
        token=fingerprint(token),
        viewer=viewer.id,
        family=viewer.family,
    )
    return found is not None
