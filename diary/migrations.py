"""The schema, as named steps. A step that has run anywhere is never edited: add another."""

import logging
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database, Migrations

from diary import clock, store

log = logging.getLogger(__name__)
steps = Migrations("diary")
KEPT = timedelta(days=35)


def migrate(db: Database, path: Path) -> None:
    """Brings the schema up to date. Any number of processes may call it at once: one does the work."""
    if not steps.pending(db):
        return
    if steps.applied(db):
        keep_copy(db, path)
    with store.writing(db):
        steps.apply(db)


def keep_copy(db: Database, path: Path) -> None:
    kept = path.with_name(f"before-{clock.stamp(clock.now()).replace(':', '')}-{secrets.token_hex(2)}.db")
    store.copy(db, kept)
    log.info("kept a copy of the database before migrating: %s", kept)


def forget_copies(path: Path, now: datetime) -> None:
    """What was deleted from the diary must not live on in its copies."""
    for kept in path.parent.glob("before-*.db"):
        if now.timestamp() - kept.stat().st_mtime > KEPT.total_seconds():
            kept.unlink()


@steps()
def people(db):
    db.executescript("""
        create table families (
          id integer primary key,
          uid text not null unique,
          zone text not null default 'Europe/Amsterdam',
          key blob not null,
          created_at text not null
        ) strict;

        create table accounts (
          id integer primary key,
          uid text not null unique,
          name text not null,
          email text not null unique,
          password text not null,
          language text not null,
          family integer references families,
          created_at text not null
        ) strict;

        create table sessions (
          id integer primary key,
          token blob not null unique,
          account integer not null references accounts on delete cascade,
          device blob not null,
          label text not null,
          created_at text not null,
          seen_at text not null,
          ended_at text
        ) strict;
        create index sessions_account on sessions (account, device);

        create table memberships (
          id integer primary key,
          family integer not null references families,
          account integer not null references accounts,
          role text not null check (role in ('parent', 'counsellor')),
          state text not null check (state in ('invited', 'confirmed', 'ended')),
          invited_by integer references accounts,
          invited_at text,
          confirmed_by integer references accounts,
          confirmed_at text,
          ended_at text
        ) strict;
        create unique index memberships_one on memberships (account, family) where state <> 'ended';
        create index memberships_family on memberships (family);

        create table children (
          id integer primary key,
          uid text not null,
          family integer not null references families,
          name blob not null,
          born text,
          age integer check (age between 0 and 18),
          created_at text not null,
          unique (family, uid)
        ) strict;

        create table invitations (
          id integer primary key,
          token blob not null unique,
          family integer not null references families,
          role text not null check (role in ('parent', 'counsellor')),
          invited_by integer not null references accounts,
          created_at text not null,
          expires_at text not null,
          membership integer references memberships,
          withdrawn_at text
        ) strict;
        create index invitations_family on invitations (family);

        create table resets (
          id integer primary key,
          account integer not null references accounts on delete cascade,
          browser blob not null,
          code blob not null,
          tries integer not null default 0,
          created_at text not null,
          expires_at text not null,
          password text,
          opens_at text,
          ended_at text
        ) strict;
        create index resets_account on resets (account);

        create table limits (
          key text not null,
          window text not null,
          n integer not null,
          expires_at text not null,
          primary key (key, window)
        ) strict, without rowid;

        create table letters (
          id integer primary key,
          sealed blob not null,
          created_at text not null,
          expires_at text not null,
          next_at text,
          tries integer not null default 0,
          sent_at text
        ) strict;
        create index letters_next on letters (next_at) where next_at is not null;

        create table pulse (
          name text primary key,
          at text not null
        ) strict, without rowid;
    """)


@steps()
def journal(db):
    """Only people/access.py names the two tables of rows; everyone else goes through it."""
    db.executescript("""
        create table entry_rows (
          id integer primary key,
          family integer not null references families,
          uid text not null,
          version integer not null,
          author integer not null references accounts,
          child integer references children,
          kind text not null check (kind in ('incident', 'contact', 'checkin', 'weekcheck')),
          area text check (area in ('limit', 'routine', 'anchorpoint')),
          situation text,
          happened_at text not null,
          about text,
          day text not null,
          written_at text not null,
          saved_at text not null,
          stub integer not null,
          discuss integer not null,
          shared text not null check (shared in ('me', 'family')),
          audience integer generated always as (case shared when 'me' then author else 0 end) stored,
          feeling_shared integer not null,
          copy_of text,
          body blob,
          words blob,
          feeling blob,
          deleted_at text,
          unique (family, uid)
        ) strict;
        create index entry_time on entry_rows (family, audience, happened_at, uid) where deleted_at is null;
        create index entry_day on entry_rows (family, audience, day, happened_at, uid)
          where deleted_at is null;
        create index entry_child on entry_rows (family, audience, child, happened_at, uid)
          where deleted_at is null;
        create index entry_area on entry_rows (family, audience, area, happened_at, uid)
          where deleted_at is null;
        create index entry_situation on entry_rows (family, audience, situation, happened_at, uid)
          where deleted_at is null;
        create index entry_kind on entry_rows (family, audience, kind, happened_at, uid)
          where deleted_at is null;
        create index entry_author on entry_rows (family, audience, author, happened_at, uid)
          where deleted_at is null;
        create index entry_stub on entry_rows (family, audience, happened_at)
          where stub = 1 and deleted_at is null;
        create index entry_deleted on entry_rows (deleted_at) where deleted_at is not null;

        create table version_rows (
          id integer primary key,
          entry integer not null references entry_rows on delete cascade,
          version integer not null,
          saved_at text not null,
          row text not null,
          body blob,
          feeling blob,
          unique (entry, version)
        ) strict;

        create table changes (
          account integer not null references accounts on delete cascade,
          change_id text not null,
          mark text not null,
          uid text not null,
          version integer not null,
          created_at text not null,
          primary key (account, change_id, mark)
        ) strict, without rowid;
    """)


@steps()
def asso(db):
    db.executescript("""
        create table phrases (
          id integer primary key,
          family integer not null references families,
          account integer not null references accounts,
          suggestion text not null,
          words blob not null,
          shared integer not null,
          saved_at text not null,
          unique (family, account, suggestion)
        ) strict;

        create table tries (
          id integer primary key,
          uid text not null,
          family integer not null references families,
          account integer not null references accounts,
          child integer references children,
          situation text not null,
          suggestion text not null,
          entry text,
          tried_at text not null,
          helped integer check (helped in (0, 1, 2)),
          unique (family, account, uid)
        ) strict;
        create index tries_time on tries (family, account, tried_at);

        create table shown (
          family integer not null references families,
          account integer not null references accounts,
          suggestion text not null,
          shown_at text not null,
          primary key (family, account, suggestion)
        ) strict, without rowid;

        create table openings (
          id integer primary key,
          family integer not null references families,
          kind text not null check (kind in ('touch', 'drawing_out', 'taking_over')),
          opened_by integer not null references accounts,
          opened_at text not null,
          closed_at text
        ) strict;
        create unique index openings_one on openings (family, kind) where closed_at is null;
    """)
