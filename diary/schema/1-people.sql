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
  uid text not null unique,
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
