create table agreements (
  id integer primary key,
  uid text not null,
  family integer not null references families,
  kind text not null check (kind in ('agreement', 'goal')),
  child integer references children,
  situation text,
  area text check (area in ('limit', 'routine', 'anchorpoint')),
  words blob not null,
  of_family integer not null,
  proposed_by integer not null references accounts,
  proposed_at text not null,
  agreed_by integer references accounts,
  agreed_at text,
  ended_by integer references accounts,
  ended_at text,
  unique (family, uid)
) strict;
create index agreements_open on agreements (family) where ended_at is null;

create table plans (
  family integer primary key references families,
  version integer not null,
  phase text,
  band text not null default 'usual' check (band in ('narrow', 'usual', 'wide')),
  words blob not null,
  saved_by integer not null references accounts,
  saved_at text not null
) strict;

create table pins (
  id integer primary key,
  family integer not null references families,
  child integer references children,
  suggestion text not null,
  pinned_by integer not null references accounts,
  pinned_at text not null,
  ended_at text
) strict;
create unique index pins_one on pins (family, coalesce(child, 0), suggestion) where ended_at is null;

alter table openings add column reason blob;

-- The counsellor's own: no query of a parent reads it.
create table notes (
  id integer primary key,
  uid text not null,
  family integer not null references families,
  account integer not null references accounts,
  words blob not null,
  written_at text not null,
  changed_at text,
  unique (family, account, uid)
) strict;

create table anchors (
  id integer primary key,
  uid text not null unique,
  family integer not null references families,
  child integer not null references children,
  words blob not null,
  saved_by integer not null references accounts,
  saved_at text not null,
  unique (family, child)
) strict;

create table anchor_links (
  id integer primary key,
  token blob not null unique,
  anchor integer not null references anchors on delete cascade,
  made_by integer not null references accounts,
  created_at text not null,
  expires_at text not null,
  withdrawn_at text
) strict;
create index anchor_links_anchor on anchor_links (anchor);
