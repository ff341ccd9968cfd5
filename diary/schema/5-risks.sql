-- What a person said no to, or not now, about a moment that tends to run hard. A yes is a reminder of its own.
create table risks (
  id integer primary key,
  family integer not null references families,
  account integer not null references accounts on delete cascade,
  child integer references children,
  situation text not null,
  answer text not null check (answer in ('declined', 'later')),
  answered_at text not null
) strict;
create unique index risks_one on risks (family, account, coalesce(child, 0), situation);
