"""Families and their members: invited, confirmed, ended. All adults have the same rights."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import looks
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.vault import Seal, Vault

NEW = timedelta(days=14)


class WrongKey(SystemExit):
    """The master key is not the one that these families' keys were sealed with."""


def insist(db: Database, vault: Vault) -> None:
    """Refuses to start without the right master key: every new text would be sealed where the old cannot be read."""
    family = store.row(db, "select key, uid from families order by id limit 1")
    if family and not vault.opens(family["key"], "family key", family["uid"]):
        raise WrongKey(
            "This master key does not open the diaries that are here. Put the right one back and start again."
        )


def found(db: Database, vault: Vault, account: int, now: datetime) -> tuple[int, Seal]:
    """Makes a new family with this person in it, opens it for them, and gives the key it seals with."""
    uid = str(uuid.uuid4())
    key = vault.new_key(uid)
    with store.writing(db):
        family = db["families"].insert({"uid": uid, "key": key, "created_at": clock.stamp(now)}).last_pk
        db["memberships"].insert(
            {
                "family": family,
                "account": account,
                "role": "parent",
                "state": "confirmed",
                "confirmed_by": account,
                "confirmed_at": clock.stamp(now),
            }
        )
        open_for(db, account, family)
    return family, vault.seal(key, uid)


def members(db: Database, viewer: Viewer) -> list[dict]:
    """The confirmed adults of the open family, and who waits to be let in.

    `uid` is what an address calls a row by: `id` counts over all families, and so tells how many there are.
    """
    found = store.rows(
        db,
        f"""select memberships.id, memberships.account, memberships.role, memberships.state,
                   memberships.invited_by, memberships.invited_at, memberships.confirmed_by,
                   memberships.confirmed_at, accounts.name, accounts.email
            from memberships join accounts on accounts.id = memberships.account
            where memberships.family = ({MINE}) and memberships.state <> 'ended' and memberships.role = 'parent'
            order by memberships.state = 'invited' desc, memberships.id""",
        viewer=viewer.id,
        family=viewer.family,
    )
    return [row | {"uid": viewer.seal.uid("member", row["id"])} for row in found]


def newcomers(members: list[dict], viewer: Viewer, now: datetime) -> list[dict]:
    """Who was let in lately by somebody else: nobody joins in silence."""
    since = clock.stamp(now - NEW)
    others = (m for m in members if m["state"] == "confirmed" and viewer.id not in (m["account"], m["confirmed_by"]))
    return [m for m in others if m["confirmed_at"] > since and m["confirmed_by"] != m["account"]]


def names(db: Database, viewer: Viewer) -> dict[int, str]:
    """The names of everyone who ever wrote here, also of who has left; not of who was erased."""
    found = store.rows(
        db,
        f"""select distinct accounts.id, accounts.name
            from memberships join accounts on accounts.id = memberships.account
            where memberships.family = ({MINE}) and memberships.confirmed_at is not null
              and memberships.role = 'parent' and accounts.name <> ''""",
        viewer=viewer.id,
        family=viewer.family,
    )
    return {row["id"]: row["name"] for row in found}


def by_uid(viewer: Viewer, names: dict[int, str]) -> dict[str, int]:
    """What an address calls these people by; the number of an account counts over all families too."""
    return {viewer.seal.uid("author", account): account for account in names}


def of_account(db: Database, account: int) -> list[dict]:
    """Every family this person is in or waits for. Who waits reads no name but the inviter's."""
    return store.rows(
        db,
        """select families.id, families.uid, memberships.state, memberships.role,
                  (select group_concat(accounts.name, ', ')
                   from memberships as others join accounts on accounts.id = others.account
                   where others.family = families.id and others.state = 'confirmed' and others.role = 'parent'
                     and (memberships.state = 'confirmed' or others.account = memberships.invited_by)) as adults
           from memberships join families on families.id = memberships.family
           where memberships.account = :account and memberships.state <> 'ended' order by memberships.id""",
        account=account,
    )


def confirm(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Lets in who accepted the viewer's own invitation. Repeats are harmless."""
    with store.writing(db):
        asking = _asking(db, viewer, uid)
        if asking is None or asking["invited_by"] != viewer.id:
            return False
        db.execute(
            """update memberships set state = 'confirmed', confirmed_by = :viewer, confirmed_at = :now
               where id = :id""",
            {"viewer": viewer.id, "now": clock.stamp(now), "id": asking["id"]},
        )
        looks.write(db, viewer, "member_confirmed", [], now)
        db.execute(
            """update accounts set family = :family where id = :account and not exists (
                 select 1 from memberships where account = :account
                   and family = accounts.family and state = 'confirmed')""",
            {"family": viewer.family, "account": asking["account"]},
        )
    return True


def decline(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Any adult of the family may turn away who was not let in yet; nobody can put out another adult."""
    with store.writing(db):
        asking = _asking(db, viewer, uid)
        return asking is not None and _end(db, "id = :id", now, id=asking["id"])


def _asking(db: Database, viewer: Viewer, uid: str) -> dict | None:
    """Who waits at the door of the viewer's family, and is called so there."""
    waiting = (member for member in members(db, viewer) if member["state"] == "invited")
    return next((member for member in waiting if member["uid"] == uid), None)


def leave(db: Database, viewer: Viewer, now: datetime) -> bool:
    """Ends the viewer's own membership. What they wrote stays as it was: nobody's entries are deleted."""
    with store.writing(db):
        left = _end(
            db,
            "account = :account and family = :family and state = 'confirmed'",
            now,
            account=viewer.id,
            family=viewer.family,
        )
        if left:
            looks.write(db, viewer, "member_left", [], now)
        db.execute(
            """update invitations set withdrawn_at = :now
               where family = :family and invited_by = :account and withdrawn_at is null""",
            {"now": clock.stamp(now), "family": viewer.family, "account": viewer.id},
        )
        _end_ties(db, viewer, now)
        db.execute(
            """update accounts set family = (select family from memberships
                 where account = :account and state = 'confirmed' order by id limit 1) where id = :account""",
            {"account": viewer.id},
        )
    return left


def _end_ties(db: Database, viewer: Viewer, now: datetime) -> None:
    """Nobody is left to say yes to a counsellor whom this viewer invited; or, after the last adult, to stop one."""
    store.change(
        db,
        """update memberships set state = 'ended', ended_at = :now
           where family = :family and role = 'counsellor' and state <> 'ended' and (
             state = 'invited' and invited_by = :viewer
             or not exists (select 1 from memberships as others
                            where others.family = :family and others.role = 'parent' and others.state = 'confirmed'))
        """,
        now=clock.stamp(now),
        family=viewer.family,
        viewer=viewer.id,
    )


def open_one(db: Database, account: int) -> int | None:
    """The family this person has open, and is in."""
    found = store.row(
        db,
        """select memberships.family from accounts
           join memberships on memberships.account = accounts.id and memberships.family = accounts.family
           where accounts.id = :account and memberships.state = 'confirmed' and memberships.role = 'parent'""",
        account=account,
    )
    return found and found["family"]


def open_for(db: Database, account: int, family: int) -> bool:
    return (
        store.change(
            db,
            """update accounts set family = :family where id = :account and exists (
                 select 1 from memberships
                 where account = :account and family = :family and state = 'confirmed' and role = 'parent')""",
            account=account,
            family=family,
        )
        == 1
    )


def lived_in(db: Database, family: int) -> bool:
    sql = "select 1 from memberships where family = :family and role = 'parent' and state = 'confirmed'"
    return store.row(db, sql, family=family) is not None


def visit(db: Database, vault: Vault, viewer: Viewer, uid: str, now: datetime) -> Viewer | None:
    """The same counsellor with this family's key in hand: while a parent's confirmed tie is in its days."""
    if viewer.waits:
        return None
    tie = store.row(
        db,
        """select memberships.id, memberships.from_day, memberships.until_day,
                  families.id as family, families.uid, families.zone, families.key
           from memberships join families on families.id = memberships.family
           join accounts on accounts.id = memberships.account
           where memberships.account = :viewer and families.uid = :uid
             and memberships.role = 'counsellor' and memberships.state = 'confirmed'
             and accounts.role = 'counsellor' and accounts.ended_at is null""",
        viewer=viewer.id,
        uid=uid,
    )
    if tie is None or not covers(tie, clock.today(now, tie["zone"])):
        return None
    covered = store.rows(db, "select child from ties where membership = :tie", tie=tie["id"])
    return replace(
        viewer,
        family=tie["family"],
        family_uid=tie["uid"],
        zone=tie["zone"],
        seal=vault.seal(tie["key"], tie["uid"]),
        membership=tie["id"],
        children=frozenset(row["child"] for row in covered),
    )


def covers(tie: dict, day: date) -> bool:
    """Whether this day is one of the tie's; it lasts through its last day."""
    return (tie["from_day"] or "") <= day.isoformat() <= (tie["until_day"] or "9")


def _end(db: Database, where: str, now: datetime, **named) -> bool:
    sql = f"update memberships set state = 'ended', ended_at = :now where {where}"
    return store.change(db, sql, now=clock.stamp(now), **named) == 1
