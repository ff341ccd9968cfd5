-- Only people/access.py names the two tables of rows, and upkeep/remains.py, which shows nobody anything.
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
  discuss_at text,
  discuss integer generated always as (discuss_at is not null) stored,
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
create index entry_stub on entry_rows (family, audience, author, happened_at, uid)
  where stub = 1 and deleted_at is null;
create index entry_discuss on entry_rows (family, audience, happened_at, uid)
  where discuss = 1 and deleted_at is null;
create index entry_deleted on entry_rows (deleted_at) where deleted_at is not null;
create index entry_undo on entry_rows (family, author, deleted_at) where deleted_at is not null;

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
