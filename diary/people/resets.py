"""A new password for who forgot the old one.

A code by mail proves that one can read the mail, which an ex-partner may too. So the code alone opens nothing
at once: on a browser that was signed in before, the new password holds straight away; anywhere else it holds
after 72 hours, and every device that is signed in shows it, with a button to stop it.
"""

import base64
import secrets
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import accounts, sessions
from diary.vault import fingerprint

CODE_LASTS = timedelta(minutes=10)
WAIT = timedelta(hours=72)
STAYS_OPEN = timedelta(days=14)
TRIES = 5
_WAITS = "account = :account and password is not null and ended_at is null and opens_at > :oldest"


def ask(db: Database, email: str, browser: str, now: datetime) -> tuple[dict, str] | None:
    """Makes a code for this browser. Nothing when nobody has the address; the asker is told the same."""
    account = accounts.by_email(db, email)
    if account is None:
        return None
    code = base64.b32encode(secrets.token_bytes(5)).decode()
    with store.writing(db):
        db["resets"].insert(
            {
                "account": account["id"],
                "browser": fingerprint(browser),
                "code": fingerprint(code),
                "created_at": clock.stamp(now),
                "expires_at": clock.stamp(now + CODE_LASTS),
            }
        )
    return account, code


def redeem(db: Database, browser: str, code: str, password: str, device: str | None, now: datetime) -> str:
    """Gives 'now', 'later' or 'wrong'. A code works once, in the browser that asked, five tries, ten minutes."""
    with store.writing(db):
        reset = store.row(
            db,
            """update resets set tries = tries + 1
               where id = (select max(id) from resets where browser = :browser)
                 and password is null and ended_at is null and expires_at > :now and tries < :tries
               returning *""",
            browser=fingerprint(browser),
            now=clock.stamp(now),
            tries=TRIES,
        )
        if reset is None or not secrets.compare_digest(reset["code"], fingerprint(plain(code))):
            return "wrong"
        fresh = accounts.hashed(password)
        if sessions.known(db, reset["account"], device):
            accounts.set_password(db, reset["account"], fresh)
            sessions.end(db, reset["account"], now)
            _close(db, reset["account"], now)
            return "now"
        _close(db, reset["account"], now, but=reset["id"])  # one waits at most: the one that is shown
        opens = clock.stamp(now + WAIT)
        db["resets"].update(reset["id"], {"password": fresh, "opens_at": opens})
        return "later"


def asked_for(db: Database, browser: str) -> dict:
    """The account that this browser last asked a code for, and got one."""
    return store.row(
        db,
        """select accounts.* from resets join accounts on accounts.id = resets.account
           where browser = :browser order by resets.id desc limit 1""",
        browser=fingerprint(browser),
    )


def pending(db: Database, account: int, now: datetime) -> dict | None:
    """A new password that waits or can still open, to be shown on every device of this account."""
    return store.row(
        db,
        f"select id, opens_at from resets where {_WAITS} order by id desc limit 1",
        account=account,
        oldest=clock.stamp(now - STAYS_OPEN),
    )


def stop(db: Database, account: int, now: datetime) -> None:
    with store.writing(db):
        _close(db, account, now)


def take_effect(db: Database, account: int, password: str, now: datetime) -> bool:
    """At sign-in: the waiting password, once its time has come, takes the place of the old one."""
    reset = store.row(
        db,
        f"select password from resets where {_WAITS} and opens_at <= :now order by id desc limit 1",
        account=account,
        now=clock.stamp(now),
        oldest=clock.stamp(now - STAYS_OPEN),
    )
    if reset is None or not accounts.fits(reset["password"], password):
        return False
    with store.writing(db):
        accounts.set_password(db, account, reset["password"])
        sessions.end(db, account, now)
        _close(db, account, now)
    return True


def plain(code: str) -> str:
    """A code as it was meant: without spaces, and with the signs that are easily mistaken put right."""
    return "".join(code.split()).replace("-", "").upper().replace("0", "O").replace("1", "I").replace("8", "B")


def _close(db: Database, account: int, now: datetime, but: int | None = None) -> None:
    db.execute(
        """update resets set ended_at = :now
           where account = :account and ended_at is null and (:but is null or id <> :but)""",
        {"account": account, "now": clock.stamp(now), "but": but},
    )
