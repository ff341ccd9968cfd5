create table practices (
  id integer primary key,
  uid text not null unique,
  name text not null,
  created_at text not null
) strict;

alter table accounts add column role text not null default 'parent' check (role in ('parent', 'counsellor', 'admin'));
alter table accounts add column practice integer references practices;
alter table accounts add column ended_at text;
alter table accounts add column phone text not null default '';
alter table accounts add column days text not null default '';
create index accounts_practice on accounts (practice) where practice is not null;

alter table sessions add column proved_at text;

alter table memberships add column from_day text;
alter table memberships add column until_day text;

create table ties (
  membership integer not null references memberships on delete cascade,
  child integer not null references children,
  primary key (membership, child)
) strict, without rowid;

create table admissions (
  id integer primary key,
  token blob not null unique,
  practice integer not null references practices,
  role text not null check (role in ('counsellor', 'admin')),
  email text not null,
  invited_by integer references accounts,
  created_at text not null,
  expires_at text not null,
  account integer references accounts,
  withdrawn_at text,
  tried_at text
) strict;
create index admissions_practice on admissions (practice);

create table introductions (
  id integer primary key,
  token blob not null unique,
  account integer not null references accounts,
  created_at text not null,
  expires_at text not null,
  membership integer references memberships,
  tried_at text
) strict;

create table authenticators (
  account integer primary key references accounts on delete cascade,
  sealed blob not null,
  last_step integer not null default 0,
  created_at text not null
) strict;

create table recoveries (
  account integer not null references accounts on delete cascade,
  code blob not null,
  used_at text,
  primary key (account, code)
) strict, without rowid;

create table passkeys (
  id integer primary key,
  uid text not null unique,
  account integer not null references accounts on delete cascade,
  credential blob not null unique,
  public_key blob not null,
  sign_count integer not null,
  label text not null,
  created_at text not null,
  used_at text
) strict;
create index passkeys_account on passkeys (account);

create table challenges (
  challenge blob primary key,
  expires_at text not null
) strict, without rowid;
