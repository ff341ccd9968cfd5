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
