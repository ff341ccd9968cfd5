"""Accounts: who can sign in, and with what."""

import uuid
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlite_utils import Database

from diary import clock, store
from diary.people import passwords
from diary.texts import N_, Refused

# OWASP's first choice for argon2id: 19 MiB, 2 passes. Some 20 ms here, where the default costs 150.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash("nobody has this password")


def register(
    db: Database,
    name: str,
    email: str,
    password: str,
    language: str,
    now: datetime,
    role: str = "parent",
    practice: int | None = None,
) -> int:
    if reason := passwords.weakness(password, name, email):
        raise Refused({"password": reason})
    try:
        with store.writing(db):
            return (
                db["accounts"]
                .insert(
                    {
                        "uid": str(uuid.uuid4()),
                        "name": name,
                        "email": folded(email),
                        "password": _hasher.hash(password),
                        "language": language,
                        "role": role,
                        "practice": practice,
                        "created_at": clock.stamp(now),
                    }
                )
                .last_pk
            )
    except store.IntegrityError as error:
        sentence = N_("Met dit adres lukt aanmelden niet. Heb je al een account? Log dan in.")
        raise Refused({"email": sentence}) from error


def by_email(db: Database, email: str) -> dict | None:
    return store.row(db, "select * from accounts where email = :email", email=folded(email))


def matches(account: dict | None, password: str) -> bool:
    """Takes as long for an address that nobody has."""
    return fits(account["password"] if account else _nobody, password) and account is not None


def fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def hashed(password: str) -> str:
    return _hasher.hash(password)


def set_password(db: Database, account: int, hashed: str) -> None:
    store.change(db, "update accounts set password = :hashed where id = :id", hashed=hashed, id=account)


def rename(db: Database, account: int, name: str, language: str) -> None:
    store.change(
        db,
        "update accounts set name = :name, language = :language where id = :id",
        name=name,
        language=language,
        id=account,
    )


def folded(email: str) -> str:
    """Not casefold(): that turns ß into ss, and another's address into this one."""
    return email.strip().lower()
