"""Erasing an account: what its owner wrote is gone at once; what others wrote and what was agreed together stays.

A line per erasure is kept beside the database, so that an older copy, once put back, forgets the same people.
"""

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from diary import clock, store
from diary.people import families, looks
from diary.people.sessions import Viewer
from diary.upkeep import remains

JOURNAL = "erased.txt"

# A person's own, besides what they wrote in the diary: table → whose it is.
_OWN = {
    **dict.fromkeys("sessions resets changes authenticators recoveries passkeys".split(), "account"),
    **dict.fromkeys("phrases tries shown reminding reminders occurrences devices risks".split(), "account"),
    **dict.fromkeys("share_defaults consents agreed".split(), "account"),
    "invitations": "invited_by",
    "anchor_links": "made_by",
}
# A family's own, once nobody is left in it.
_OF_FAMILY = """children invitations phrases tries shown openings reminding reminders occurrences risks consents
    replies appointments agreements plans pins notes anchors""".split()


def erase(db: Database, home: Path, viewer: Viewer, now: datetime) -> None:
    with store.writing(db):
        if viewer.family:
            looks.write(db, viewer, "erased", [], now)
        _forget(db, viewer.id, now)
    with (home / JOURNAL).open("a") as journal:
        journal.write(f"{viewer.uid} {clock.stamp(now)}\n")


def replay(db: Database, home: Path, now: datetime) -> int:
    """Erases again whoever a copy brought back. Gives how many."""
    path = home / JOURNAL
    told = {line.split()[0] for line in path.read_text().splitlines()} if path.exists() else set()
    with store.writing(db):
        there = store.rows(db, "select id, uid from accounts where email <> uid")
        back = [row["id"] for row in there if row["uid"] in told]
        for account in back:
            _forget(db, account, now)
    return len(back)


def _forget(db: Database, account: int, now: datetime) -> None:
    """The row of the account stays, as a number without a name: what was agreed and the access log point at it."""
    db.execute("pragma defer_foreign_keys = on")
    mine = [one["id"] for one in families.of_account(db, account) if one["state"] == "confirmed"]
    remains.forget_author(db, account)
    for table, column in _OWN.items():
        store.change(db, f"delete from {table} where {column} = :account", account=account)
    store.change(db, "delete from agreements where proposed_by = :account and agreed_at is null", account=account)
    store.change(
        db,
        """update memberships set state = 'ended', ended_at = :now
           where state <> 'ended' and (account = :account or state = 'invited' and invited_by = :account)""",
        account=account,
        now=clock.stamp(now),
    )
    store.change(
        db,
        """update accounts set name = '', email = uid, password = '', phone = '', days = '', family = null,
             ended_at = :now where id = :account""",
        account=account,
        now=clock.stamp(now),
    )
    looks.forget_name(db, account)
    for family in mine:
        if not families.lived_in(db, family):
            _empty(db, family)


def _empty(db: Database, family: int) -> None:
    """With the last adult goes all that nobody could ever open again, and the key to it."""
    remains.forget_family(db, family)
    for table in _OF_FAMILY:
        store.change(db, f"delete from {table} where family = :family", family=family)
    for table in ("share_defaults", "introductions"):
        there = "select id from memberships where family = :family"
        store.change(db, f"delete from {table} where membership in ({there})", family=family)
    store.change(db, "delete from memberships where family = :family", family=family)
    store.change(db, "update accounts set family = null where family = :family", family=family)
    store.change(db, "delete from families where id = :family", family=family)
