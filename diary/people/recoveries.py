"""Ten codes on paper, for who has lost the phone or the key that the second step is taken with."""

import base64
import secrets
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people.resets import plain
from diary.people.sessions import Viewer
from diary.vault import fingerprint

MANY = 10


def renew(db: Database, viewer: Viewer) -> list[str]:
    """Fresh codes, in groups that can be read aloud. Only their hashes are kept, so they are shown once."""
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(MANY)]
    with store.writing(db):
        forget(db, viewer)
        for code in codes:
            store.insert(db, "recoveries", {"account": viewer.id, "code": fingerprint(code)})
    return [" ".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def use(db: Database, viewer: Viewer, typed: str, now: datetime) -> bool:
    """Crosses a code off. Each works once."""
    sql = "update recoveries set used_at = :now where account = :account and code = :code and used_at is null"
    return store.change(db, sql, now=clock.stamp(now), account=viewer.id, code=fingerprint(plain(typed))) == 1


def left(db: Database, viewer: Viewer) -> int:
    sql = "select count(*) as codes from recoveries where account = :account and used_at is null"
    return store.row(db, sql, account=viewer.id)["codes"]


def forget(db: Database, viewer: Viewer) -> None:
    store.change(db, "delete from recoveries where account = :account", account=viewer.id)
