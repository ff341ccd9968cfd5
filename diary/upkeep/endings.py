"""What has ended stays ended when a copy is put back: it brings back what was written, and nobody who was shown out.

Everything is known by the uid of its family or account as well as its number: in a copy from another house the same
number is someone else's.
"""

from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.upkeep import remains

# How one gets in is as it is today: another password, a key that was stolen, a code that was used.
_WAYS_IN = ("authenticators", "recoveries", "passkeys")
_ACCOUNT = "(select id from accounts where id = :account and uid = :of)"
_FAMILY = "(select id from families where id = :family and uid = :of)"

_ACCOUNTS = "select id as account, uid as of, password, role, ended_at from accounts"
_MEMBERSHIPS = """select memberships.id, family, account, families.uid as of, ended_at
                  from memberships join families on families.id = family where state = 'ended'"""
_SHARES = """select shares.id, family, families.uid as of, given_at, taken_at
             from shares join families on families.id = family where taken_at is not null"""

# What nobody has an end for, and what would open anew.
_SHUT = (
    "update sessions set ended_at = :now where ended_at is null",
    "update resets set ended_at = :now where ended_at is null",
    "update invitations set withdrawn_at = :now where membership is null and withdrawn_at is null",
    "update admissions set withdrawn_at = :now where account is null and withdrawn_at is null",
    "update anchor_links set withdrawn_at = :now where withdrawn_at is null",
    "delete from introductions where membership is null",
    "delete from share_defaults",
)


def of(db: Database) -> dict[str, list[dict]]:
    """All that has ended in the diary that is in use."""
    ways = "select {0}.*, accounts.uid as of from {0} join accounts on accounts.id = {0}.account"
    return {
        "accounts": store.rows(db, _ACCOUNTS),
        "memberships": store.rows(db, _MEMBERSHIPS),
        "shares": store.rows(db, _SHARES),
        "entries": remains.closings(db),
        **{table: store.rows(db, ways.format(table)) for table in _WAYS_IN},
    }


def keep(copy: Database, ended: dict[str, list[dict]], now: datetime) -> None:
    """Ends it in the copy too, signs everyone out, and shuts what was handed out and not used."""
    for sql in _SHUT:
        copy.execute(sql, {"now": clock.stamp(now)} if ":now" in sql else {})
    for row in ended.get("accounts", ()):
        copy.execute(
            f"update accounts set password = :password, role = :role, ended_at = :ended_at where id = {_ACCOUNT}", row
        )
        for table in _WAYS_IN:
            copy.execute(f"delete from {table} where account = {_ACCOUNT}", row)
    for table in _WAYS_IN:
        for row in ended.get(table, ()):
            _add(copy, table, row)
    for row in ended.get("memberships", ()):
        copy.execute(
            f"""update memberships set state = 'ended', ended_at = :ended_at
                where id = :id and account = :account and family = {_FAMILY}""",
            row,
        )
    for row in ended.get("shares", ()):
        copy.execute(
            f"update shares set taken_at = :taken_at where id = :id and given_at = :given_at and family = {_FAMILY}",
            row,
        )
    for row in ended.get("entries", ()):
        remains.close_again(copy, row)


def _add(copy: Database, table: str, row: dict) -> None:
    names = [name for name in row if name not in ("id", "of")]
    values = ", ".join(f":{name}" for name in names)
    copy.execute(f"insert into {table} ({', '.join(names)}) select {values} where :account in {_ACCOUNT}", row)
