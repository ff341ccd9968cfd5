-- What an author shares with one counsellor: a version of an entry, in one of two steps. Every row is one consent;
-- it is ended, never changed into another.
create table shares (
  id integer primary key,
  family integer not null references families,
  entry integer not null references entry_rows on delete cascade,
  version integer not null,
  happened_at text not null,
  account integer not null references accounts,
  giver integer not null references memberships,
  membership integer not null references memberships,
  step text not null check (step in ('session', 'now')),
  feeling integer not null check (feeling in (0, 1)),
  told integer not null,
  given_at text not null,
  opens_on text,
  opened_at text,
  answer_by text,
  read_at text,
  answered_at text,
  filed_at text,
  taken_at text
) strict;
create unique index shares_one on shares (entry, membership) where taken_at is null;
create index shares_ever on shares (entry, membership);
create index shares_open on shares (membership, happened_at) where taken_at is null;
create index shares_promised on shares (membership, answer_by)
  where taken_at is null and answer_by is not null and answered_at is null;
create index shares_given on shares (account, family, given_at);

-- How an author wants each kind of entry to be shared from now on.
create table share_defaults (
  account integer not null references accounts,
  membership integer not null references memberships,
  kind text not null,
  step text not null check (step in ('session', 'now')),
  told integer not null,
  set_at text not null,
  primary key (account, membership, kind)
) strict, without rowid;
create index entry_saved on entry_rows (family, author, saved_at) where deleted_at is null;

-- What a parent wrote down of a child of 12, 16 or 18: that it agrees to be shared about.
create table consents (
  id integer primary key,
  family integer not null references families,
  child integer not null references children,
  account integer not null references accounts,
  age integer not null check (age in (12, 16, 18)),
  told integer not null,
  given_at text not null,
  withdrawn_at text
) strict;
create unique index consents_one on consents (account, child, age) where withdrawn_at is null;

create table replies (
  id integer primary key,
  uid text not null unique,
  family integer not null references families,
  entry integer not null references entry_rows on delete cascade,
  membership integer not null references memberships,
  parent integer not null references accounts,
  account integer not null references accounts,
  nod text,
  words blob,
  created_at text not null,
  read_at text,
  withdrawn_at text
) strict;
create index replies_thread on replies (entry, membership, id);
create index replies_waiting on replies (parent, family) where read_at is null and withdrawn_at is null;
create index replies_unread on replies (membership, entry) where read_at is null and withdrawn_at is null;
create index replies_said on replies (membership, account, created_at) where withdrawn_at is null;

-- A day on which counsellor and parents speak. It opens what a parent shared ‘at the session’ once that parent agreed.
create table appointments (
  id integer primary key,
  uid text not null unique,
  family integer not null references families,
  membership integer not null references memberships,
  day text not null,
  noted_by integer not null references accounts,
  noted_at text not null,
  dropped_at text
) strict;
create index appointments_day on appointments (membership, day) where dropped_at is null;

create table agreed (
  appointment integer not null references appointments on delete cascade,
  account integer not null references accounts,
  agreed_at text not null,
  primary key (appointment, account)
) strict, without rowid;

-- The access log. A line is written once; what proves it (mac) covers the line, its objects and the line before.
create table looks (
  seq integer primary key,
  at text not null,
  event text not null,
  action text not null check (action in ('C', 'R', 'U', 'D', 'E')),
  outcome text not null check (outcome in ('ok', 'refused', 'failed')),
  account integer,
  role text not null,
  name text,
  who blob not null,
  practice integer,
  family integer,
  membership integer,
  purpose text not null,
  point text not null,
  source text not null,
  app text not null,
  mac blob not null
) strict;
create index looks_family on looks (family, at);
create index looks_practice on looks (practice, at);

create table look_objects (
  look integer not null references looks on delete cascade,
  uid text not null,
  version integer,
  child integer,
  owner integer,
  share integer,
  primary key (look, uid)
) strict, without rowid;
create index look_objects_owner on look_objects (owner, look);

-- Up to which line the log was cleared, as its retention asks.
create table look_clearings (
  seq integer primary key,
  mac blob not null,
  at text not null,
  proof blob not null
) strict;

create trigger looks_stay before delete on looks
when old.seq > coalesce((select max(seq) from look_clearings), 0)
begin select raise(abort, 'the access log is only added to'); end;
create trigger looks_as_written before update on looks
when not (new.name is null and old.name is not null
  and (new.seq, new.at, new.event, new.action, new.outcome, new.role, new.who, new.purpose, new.point, new.source, new.app, new.mac)
    = (old.seq, old.at, old.event, old.action, old.outcome, old.role, old.who, old.purpose, old.point, old.source, old.app, old.mac)
  and new.account is old.account and new.practice is old.practice and new.family is old.family
  and new.membership is old.membership)
begin select raise(abort, 'the access log is only added to'); end;
create trigger look_objects_stay before delete on look_objects
when old.look > coalesce((select max(seq) from look_clearings), 0)
begin select raise(abort, 'the access log is only added to'); end;
create trigger look_objects_as_written before update on look_objects
begin select raise(abort, 'the access log is only added to'); end;

create table reviews (
  practice integer not null,
  week text not null,
  account integer not null references accounts,
  found integer not null,
  signed_at text not null,
  primary key (practice, week)
) strict, without rowid;
