"""The practice: who works there, who lets them in, and how access ends. It sees no diary, no child, no family."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people import looks, sessions
from diary.people.sessions import Viewer
from diary.vault import Vault

UNNAMED = "De praktijk"


@dataclass(frozen=True)
class Worker:
    """Someone who works here, as the practice sees them."""

    uid: str
    name: str
    email: str
    role: str
    seen_at: str | None
    has_step: bool
    families: int
    ended_at: str | None


def here(db: Database, now: datetime, name: str | None = None) -> dict:
    """The practice that uses this diary; made when there is none yet, and called by this name from now on."""
    with store.writing(db):
        if _first(db) is None:
            row = {"uid": str(uuid.uuid4()), "name": UNNAMED, "created_at": clock.stamp(now)}
            store.insert(db, "practices", row)
        if name:
            store.change(db, "update practices set name = :name", name=name)
        return _first(db)


def of(db: Database, viewer: Viewer) -> dict:
    return store.row(db, "select id, name from practices where id = :practice", practice=viewer.practice)


def rename(db: Database, viewer: Viewer, name: str) -> None:
    store.change(db, f"update practices set name = :name where id = ({RUNS})", name=name, **_me(viewer))


def workers(db: Database, viewer: Viewer) -> list[Worker]:
    """Of the families only how many: which ones is not the practice's to see."""
    found = store.rows(
        db,
        f"""select uid, name, email, role, ended_at,
                   (select max(seen_at) from sessions where account = accounts.id) as seen_at,
                   exists (select 1 from passkeys where account = accounts.id)
                   or exists (select 1 from authenticators where account = accounts.id) as has_step,
                   (select count(*) from memberships where account = accounts.id and state = 'confirmed') as families
            from accounts where practice = ({RUNS}) order by ended_at is not null, name, id""",
        **_me(viewer),
    )
    return [Worker(**row | {"has_step": bool(row["has_step"])}) for row in found]


def end(db: Database, vault: Vault, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Ends someone's access at once: every session, every tie, and each family can read that. Nobody ends their own,
    so one admin stays."""
    with store.writing(db):
        worker = store.row(
            db,
            f"""select id from accounts
                where uid = :uid and practice = ({RUNS}) and id <> :viewer and ended_at is null""",
            uid=uid,
            **_me(viewer),
        )
        if worker is None:
            return False
        store.change(db, "update accounts set ended_at = :now where id = :id", now=clock.stamp(now), id=worker["id"])
        tied = "select family from memberships where account = :id and state = 'confirmed' and role = 'counsellor'"
        for tie in store.rows(db, tied, id=worker["id"]):
            looks.write(db, replace(viewer, family=tie["family"]), "tie_ended", [], now, house=vault)
        untie(db, worker["id"], now)
    return True


def untie(db: Database, account: int, now: datetime) -> None:
    """Whoever this was is signed out everywhere, no family's counsellor any more, and what they handed out or asked
    for under this account opens nothing, should it ever come back."""
    sessions.end(db, account, now)
    for sql in (
        "update memberships set state = 'ended', ended_at = :now where account = :account and state <> 'ended'",
        "delete from introductions where account = :account and membership is null",
        "update resets set ended_at = :now where account = :account and ended_at is null",
    ):
        store.change(db, sql, account=account, now=clock.stamp(now))


# The practice this viewer runs, if any: the start of every statement above.
RUNS = """select practice from accounts where id = :viewer and role = 'admin' and ended_at is null"""


def _first(db: Database) -> dict | None:
    return store.row(db, "select id, uid, name from practices order by id limit 1")


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id}
