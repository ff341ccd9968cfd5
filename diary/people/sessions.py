"""Who is signed in, on which device. A row per session, so that each can be seen and ended."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.vault import Seal, Vault, fingerprint

IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
TOUCH = timedelta(hours=1)  # how often being here is written down

# Of who works for a practice: one account opens many families.
LOCKS = timedelta(minutes=15)
WORKDAY = timedelta(hours=10)
STAFF_TOUCH = timedelta(seconds=30)


@dataclass(frozen=True)
class Viewer:
    """A signed-in person, and the family whose diary is open. Everything private is asked for with one."""

    id: int
    uid: str
    name: str
    email: str
    language: str
    session: int
    token: str
    seen_at: str  # of the session
    family: int | None = None
    family_uid: str | None = None
    zone: str = "Europe/Amsterdam"
    seal: Seal | None = None
    role: str = "parent"  # or counsellor, or admin
    practice: int | None = None
    proved_at: str = ""  # when this session last took the second step, or else the password
    point: str = ""  # of the network, cut short: for the access log
    waits: bool = False  # for the second step: until then nothing private is open
    # of a counsellor who visits a family
    membership: int | None = None
    children: frozenset[int] = frozenset()

    # what Flask-Login asks
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def start(db: Database, account: int, device: str, label: str, now: datetime) -> str:
    """Begins a session and gives its token. The database keeps only the hash."""
    token = secrets.token_urlsafe(32)
    store.change(
        db,
        """insert into sessions (uid, token, account, device, label, created_at, seen_at)
           values (:uid, :token, :account, :device, :label, :now, :now)""",
        uid=str(uuid.uuid4()),
        token=fingerprint(token),
        account=account,
        device=fingerprint(device),
        label=label,
        now=clock.stamp(now),
    )
    return token


def viewer(db: Database, vault: Vault, token: str, now: datetime) -> Viewer | None:
    found = store.row(
        db,
        """select accounts.id, accounts.uid, accounts.name, accounts.email, accounts.language,
                  accounts.role, accounts.practice, sessions.id as session, sessions.seen_at,
                  sessions.proved_at is null as unproved,
                  coalesce(sessions.proved_at, sessions.created_at) as proved_at,
                  families.id as family, families.uid as family_uid, families.zone, families.key,
                  exists (select 1 from passkeys where account = accounts.id)
                  or exists (select 1 from authenticators where account = accounts.id) as has_step
           from sessions join accounts on accounts.id = sessions.account
           left join memberships on memberships.account = accounts.id
                and memberships.family = accounts.family and memberships.state = 'confirmed'
                and memberships.role = 'parent' and accounts.role = 'parent'
           left join families on families.id = memberships.family
           where sessions.token = :token and sessions.ended_at is null and accounts.ended_at is null
             and sessions.seen_at > :idle
             and sessions.created_at > case accounts.role when 'parent' then :oldest else :workday end""",
        token=fingerprint(token),
        idle=clock.stamp(now - IDLE),
        oldest=clock.stamp(now - LONGEST),
        workday=clock.stamp(now - WORKDAY),
    )
    if found is None:
        return None
    key, waits = found.pop("key"), _waits(found, found.pop("has_step"), now)
    if key is None or waits:
        return Viewer(**found | _NO_FAMILY, token=token, waits=waits)
    return Viewer(**found, token=token, seal=vault.seal(key, found["family_uid"]))


_NO_FAMILY = {"family": None, "family_uid": None, "zone": Viewer.zone}


def _waits(found: dict, has_step: bool, now: datetime) -> bool:
    """Whether the second step comes first. Who works for a practice takes it again after a quarter of an hour."""
    if found.pop("unproved"):
        return bool(has_step) or found["role"] != "parent"
    return found["role"] != "parent" and clock.moment(found["seen_at"]) <= now - LOCKS


def prove(db: Database, viewer: Viewer, now: datetime) -> str:
    """Writes down that the second step was taken, and gives the session a new token: the old one opened less."""
    token = secrets.token_urlsafe(32)
    store.change(
        db,
        "update sessions set token = :token, proved_at = :now, seen_at = :now where id = :id and ended_at is null",
        token=fingerprint(token),
        now=clock.stamp(now),
        id=viewer.session,
    )
    return token


def trust(db: Database, viewer: Viewer) -> None:
    """A parent's other devices stay in when a second step is added: it is asked at the next sign-in."""
    store.change(
        db,
        """update sessions set proved_at = created_at
           where account = :account and ended_at is null and proved_at is null""",
        account=viewer.id,
    )


def absent(vault: Vault, row: dict) -> Viewer:
    """A person as the tick acts for them: in no session, with the eyes and the key they have in this family."""
    return Viewer(
        id=row["account"],
        uid="",
        name=row.get("name", ""),
        email="",
        language="nl",
        session=0,
        token="",
        seen_at="",
        family=row["family"],
        family_uid=row["family_uid"],
        zone=row["zone"],
        seal=vault.seal(row["key"], row["family_uid"]) if row["key"] else None,
    )


def touch(db: Database, viewer: Viewer, now: datetime) -> bool:
    """Writes down, now and then, that this session is in use."""
    if clock.moment(viewer.seen_at) > now - (TOUCH if viewer.role == "parent" else STAFF_TOUCH):
        return False
    store.change(db, "update sessions set seen_at = :now where id = :id", now=clock.stamp(now), id=viewer.session)
    return True


def open_ones(db: Database, viewer: Viewer, now: datetime) -> list[dict]:
    return store.rows(
        db,
        """select id, uid, label, created_at, seen_at from sessions
           where account = :account and ended_at is null and seen_at > :idle and created_at > :oldest
           order by seen_at desc, id desc""",
        account=viewer.id,
        idle=clock.stamp(now - IDLE),
        oldest=clock.stamp(now - (LONGEST if viewer.role == "parent" else WORKDAY)),
    )


def end(db: Database, account: int, now: datetime, session: int | None = None, but: int | None = None) -> int:
    """Ends one session of this account, or all of them, or all but one."""
    return store.change(
        db,
        """update sessions set ended_at = :now
           where account = :account and ended_at is null
             and (:session is null or id = :session) and (:but is null or id <> :but)""",
        account=account,
        session=session,
        but=but,
        now=clock.stamp(now),
    )


def forget_devices(db: Database, account: int, but: int, session: int | None = None) -> None:
    """The devices of these sessions are strangers again; the one in hand stays known."""
    store.change(
        db,
        """update sessions set device = x''
           where account = :account
             and (:session is null
                  or device = (select device from sessions where id = :session and account = :account))
             and device <> (select device from sessions where id = :but and account = :account)""",
        account=account,
        session=session,
        but=but,
    )


def known(db: Database, account: int, device: str | None) -> bool:
    """Whether this browser was signed in to this account before."""
    if not device:
        return False
    found = store.row(
        db,
        "select 1 from sessions where account = :account and device = :device limit 1",
        account=account,
        device=fingerprint(device),
    )
    return found is not None


def owner(db: Database, token: str) -> str | None:
    """Whose session this was, ended or not."""
    found = store.row(
        db,
        """select accounts.uid from sessions join accounts on accounts.id = sessions.account
           where sessions.token = :token""",
        token=fingerprint(token),
    )
    return found and found["uid"]


def ended_elsewhere(db: Database, token: str) -> bool:
    """Whether this session was ended on purpose, and nobody is signed in on its device since. Signing in anew on
    the same device ends a session too, and that is no reason to empty it."""
    found = store.row(
        db,
        """select 1 from sessions as one
           where token = :token and ended_at is not null and not exists (
             select 1 from sessions as next
             where next.device = one.device and next.device <> x'' and next.ended_at is null)""",
        token=fingerprint(token),
    )
    return found is not None
