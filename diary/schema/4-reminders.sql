-- What a person agreed to: one row per person and diary. A counsellor has one without a diary, for the digest.
create table reminding (
  id integer primary key,
  account integer not null references accounts on delete cascade,
  family integer references families,
  zone text not null,
  quiet_from text not null,
  quiet_until text not null,
  most integer not null check (most in (1, 2)),
  paused_until text,
  quiet_day text,
  agreed_at text not null
) strict;
create unique index reminding_one on reminding (account, coalesce(family, 0));

create table reminders (
  id integer primary key,
  uid text not null unique,
  family integer references families,
  account integer not null references accounts on delete cascade,
  kind text not null check (kind in ('evening', 'contact', 'risk', 'own', 'week', 'room', 'reply', 'digest')),
  at text not null,
  days text not null,
  child integer references children,
  situation text,
  label blob,
  halved integer not null default 0,
  asked_at text,
  next_at text,
  next_day text,
  created_at text not null,
  ended_at text
) strict;
create index reminders_next on reminders (next_at) where next_at is not null;
create index reminders_account on reminders (account, family);
create unique index reminders_one on reminders (account, coalesce(family, 0), kind)
  where ended_at is null and kind in ('evening', 'contact', 'week', 'room', 'reply', 'digest');

create table occurrences (
  id integer primary key,
  uid text not null unique,
  reminder integer not null references reminders on delete cascade,
  account integer not null references accounts on delete cascade,
  family integer references families,
  local_date text not null,
  due_at text not null,
  state text not null check (state in ('going', 'sent', 'failed', 'silent', 'missed', 'full', 'paused', 'held')),
  rang_at text,
  again_at text,
  answer text check (answer in ('opened', 'later', 'not_today', 'done')),
  answered_at text,
  unique (reminder, local_date)
) strict;
create index occurrences_account on occurrences (account, local_date);
create index occurrences_due on occurrences (due_at);
create index occurrences_going on occurrences (id) where state = 'going';
create index occurrences_again on occurrences (again_at) where again_at is not null;

-- The address of a device's push service and its keys are sealed; `mark` is their fingerprint.
create table devices (
  id integer primary key,
  uid text not null unique,
  account integer not null references accounts on delete cascade,
  session integer not null references sessions on delete cascade,
  mark blob not null unique,
  sealed blob not null,
  host text not null,
  label text not null,
  detail integer not null default 0,
  created_at text not null,
  sent_at text,
  failed_at text,
  outcome text
) strict;
create index devices_account on devices (account);
create index devices_session on devices (session);

-- One per channel and device. What goes by mail has its own time, with the letters.
create table deliveries (
  id integer primary key,
  occurrence integer not null references occurrences on delete cascade,
  reminder integer not null references reminders on delete cascade,
  local_date text not null,
  channel text not null check (channel in ('push', 'mail')),
  device integer references devices on delete set null,
  letter integer references letters on delete set null,
  topic text,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  tries integer not null default 0,
  next_at text,
  lease_until text,
  outcome text,
  created_at text not null,
  sent_at text
) strict;
create unique index deliveries_push on deliveries (reminder, local_date, device) where channel = 'push';
create unique index deliveries_mail on deliveries (reminder, local_date) where channel = 'mail';
create index deliveries_next on deliveries (next_at) where next_at is not null;
create index deliveries_occurrence on deliveries (occurrence);
create index deliveries_device on deliveries (device);
create index deliveries_letter on deliveries (letter);
