"""An invitation to work for the practice: single use, 72 hours, for one address."""

import secrets
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import accounts, passwords, practices
from diary.people.sessions import Viewer
from diary.texts import N_, Refused
from diary.vault import fingerprint

LASTS = timedelta(hours=72)
TOLD = timedelta(days=7)  # how long it stands there that a link was tried which opened nothing
TAKEN = N_("Met dit adres lukt het niet. Vraag een uitnodiging op een ander e-mailadres; er is niets kwijt.")
_OPEN = "account is null and withdrawn_at is null and expires_at > :now"


def invite(db: Database, practice: int, role: str, email: str, now: datetime, by: Viewer | None = None) -> str:
    """Gives the token for the link. An earlier link for this address stops working: one at a time is out there."""
    token = secrets.token_urlsafe(24)
    address = accounts.folded(email)
    with store.writing(db):
        db.execute(
            f"update admissions set withdrawn_at = :now where practice = :practice and email = :email and {_OPEN}",
            {"now": clock.stamp(now), "practice": practice, "email": address},
        )
        store.insert(
            db,
            "admissions",
            {
                "token": fingerprint(token),
                "practice": practice,
                "role": role,
                "email": address,
                "invited_by": by and by.id,
                "created_at": clock.stamp(now),
                "expires_at": clock.stamp(now + LASTS),
            },
        )
    return token


def find(db: Database, token: str, now: datetime) -> dict | None:
    """An invitation that can still be accepted, from someone who still works there. Looking changes nothing."""
    return store.row(
        db,
        f"""select admissions.id, admissions.role, admissions.email, admissions.practice, invited_by, practices.name
            from admissions join practices on practices.id = admissions.practice
            where token = :token and {_OPEN}
              and (invited_by is null
                   or exists (select 1 from accounts where id = invited_by and accounts.ended_at is null))""",
        token=fingerprint(token),
        now=clock.stamp(now),
    )


def accept(db: Database, token: str, name: str, password: str, language: str, now: datetime) -> int | None:
    """Uses the invitation up and gives the account. The role and the address are the invitation's, not the form's."""
    with store.writing(db):
        asked = find(db, token, now)
        if asked is None:
            return None
        account = _returning(db, asked, name, password, now) or _new(db, asked, name, password, language, now)
        store.change(db, "update admissions set account = :account where id = :id", account=account, id=asked["id"])
    return account


def refuse(db: Database, viewer: Viewer | None, token: str, now: datetime) -> None:
    """Whoever runs the practice is told that a link of theirs which opens nothing any more was tried, unless by who
    used it. Once per link, however often: knocking pushes nothing out of sight."""
    store.change(
        db,
        "update admissions set tried_at = :now where token = :token and (account is null or account is not :viewer)",
        token=fingerprint(token),
        viewer=viewer and viewer.id,
        now=clock.stamp(now),
    )


def tried(db: Database, viewer: Viewer, now: datetime) -> list[dict]:
    """Links of the practice this viewer runs that were tried these days and opened nothing, latest first."""
    return store.rows(
        db,
        f"""select email, tried_at from admissions
            where practice = ({practices.RUNS}) and tried_at > :since order by tried_at desc, id desc""",
        viewer=viewer.id,
        since=clock.stamp(now - TOLD),
    )


def waiting(db: Database, viewer: Viewer, now: datetime) -> list[dict]:
    """Links of the practice this viewer runs that nobody has used yet."""
    return store.rows(
        db,
        f"""select email, role, expires_at from admissions
            where practice = ({practices.RUNS}) and {_OPEN} order by id""",
        viewer=viewer.id,
        now=clock.stamp(now),
    )


def withdraw(db: Database, viewer: Viewer, email: str, now: datetime) -> bool:
    mine = f"practice = ({practices.RUNS}) and email = :email and {_OPEN}"
    sql = f"update admissions set withdrawn_at = :now where {mine}"
    return store.change(db, sql, viewer=viewer.id, email=email, now=clock.stamp(now)) > 0


def _new(db: Database, asked: dict, name: str, password: str, language: str, now: datetime) -> int:
    try:
        return accounts.register(
            db, name, asked["email"], password, language, now, role=asked["role"], practice=asked["practice"]
        )
    except Refused as refused:
        raise Refused({"password": TAKEN} if "email" in refused.errors else refused.errors) from refused


def _returning(db: Database, asked: dict, name: str, password: str, now: datetime) -> int | None:
    """Whose access was ended comes back without a second step and without any family. So does whoever is invited
    from the command line: with every second step lost, who runs the practice has no other way in."""
    account = accounts.by_email(db, asked["email"])
    if account is None or account["practice"] != asked["practice"]:
        return None
    if account["ended_at"] is None and asked["invited_by"] is not None:
        return None
    if reason := passwords.weakness(password, name, asked["email"]):
        raise Refused({"password": reason})
    practices.untie(db, account["id"], now)
    for table in ("passkeys", "authenticators", "recoveries"):
        store.change(db, f"delete from {table} where account = :id", id=account["id"])
    store.change(
        db,
        "update accounts set ended_at = null, role = :role, name = :name, password = :password where id = :id",
        role=asked["role"],
        name=name,
        password=accounts.hashed(password),
        id=account["id"],
    )
    return account["id"]
