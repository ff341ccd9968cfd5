"""An invitation to join a family: single use, 72 hours, and nothing to see before the inviter confirms."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import looks
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.vault import Vault, fingerprint

LASTS = timedelta(hours=72)
_OPEN = "membership is null and withdrawn_at is null and expires_at > :now"


def invite(db: Database, viewer: Viewer, now: datetime, role: str = "parent") -> str | None:
    """Gives the token for the link. The database keeps only its hash, so it is shown once. None for who has left."""
    token = secrets.token_urlsafe(24)
    made = store.change(
        db,
        f"""insert into invitations (token, family, role, invited_by, created_at, expires_at)
            select :token, family, :role, :viewer, :now, :expires from ({MINE})""",
        token=fingerprint(token),
        role=role,
        viewer=viewer.id,
        family=viewer.family,
        now=clock.stamp(now),
        expires=clock.stamp(now + LASTS),
    )
    return token if made else None


def find(db: Database, token: str, now: datetime) -> dict | None:
    """An invitation that can still be accepted. Looking changes nothing."""
    return store.row(
        db,
        f"""select invitations.id, invitations.family, invitations.role, invitations.invited_by,
                   accounts.name as inviter
            from invitations join accounts on accounts.id = invitations.invited_by
            where invitations.token = :token and {_OPEN}
              and exists (select 1 from memberships where family = invitations.family
                          and account = invitations.invited_by and state = 'confirmed')""",
        token=fingerprint(token),
        now=clock.stamp(now),
    )


def accept(db: Database, token: str, account: int, now: datetime) -> bool:
    """Uses the invitation up: the inviter is now asked to confirm. False when it is gone or another used it."""
    with store.writing(db):
        if _used_by(db, token, account):  # a double tap
            return True
        invitation = find(db, token, now)
        if invitation is None or _member(db, invitation["family"], account):
            return False
        if not _is(db, account, invitation["role"]):
            return False
        membership = db["memberships"].insert(
            {
                "family": invitation["family"],
                "account": account,
                "role": invitation["role"],
                "state": "invited",
                "invited_by": invitation["invited_by"],
                "invited_at": clock.stamp(now),
            }
        )
        db["invitations"].update(invitation["id"], {"membership": membership.last_pk})
    return True


def refuse(db: Database, vault: Vault, viewer: Viewer, token: str, now: datetime) -> None:
    """The family reads in its log that somebody from outside came with a link of theirs that does not let them in."""
    made = store.row(db, "select family from invitations where token = :token", token=fingerprint(token))
    if made and not _member(db, made["family"], viewer.id):
        with looks.reading(db):
            visitor = replace(viewer, family=made["family"])
            looks.write(db, visitor, "link_refused", [], now, "refused", house=vault)


def _used_by(db: Database, token: str, account: int) -> bool:
    found = store.row(
        db,
        """select 1 from invitations join memberships on memberships.id = invitations.membership
           where invitations.token = :token and memberships.account = :account and memberships.state <> 'ended'""",
        token=fingerprint(token),
        account=account,
    )
    return found is not None


def waiting(db: Database, viewer: Viewer, now: datetime) -> list[dict]:
    """Links of this family that nobody has used yet, each with the `uid` an address calls it by."""
    found = store.rows(
        db,
        f"""select invitations.id, invitations.role, invitations.expires_at, accounts.name as inviter
            from invitations join accounts on accounts.id = invitations.invited_by
            where invitations.family = ({MINE}) and {_OPEN} order by invitations.id""",
        viewer=viewer.id,
        family=viewer.family,
        now=clock.stamp(now),
    )
    return [row | {"uid": viewer.seal.uid("invitation", row["id"])} for row in found]


def withdraw(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    with store.writing(db):
        link = next((link for link in waiting(db, viewer, now) if link["uid"] == uid), None)
        if link is None:
            return False
        db.execute(
            "update invitations set withdrawn_at = :now where id = :id", {"now": clock.stamp(now), "id": link["id"]}
        )
    return True


def _is(db: Database, account: int, role: str) -> bool:
    """The role is the account's own: no link and no form gives another."""
    found = store.row(db, "select 1 from accounts where id = :account and role = :role", account=account, role=role)
    return found is not None


def _member(db: Database, family: int, account: int) -> bool:
    found = store.row(
        db,
        "select 1 from memberships where family = :family and account = :account and state <> 'ended'",
        family=family,
        account=account,
    )
    return found is not None
