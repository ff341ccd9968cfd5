"""Where no notification arrives, a mail does; and where neither arrives, that is known."""

import logging
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, mail, store
from diary.config import Settings
from diary.reminders import rows, said
from diary.reminders.moments import TOO_LATE
from diary.vault import Vault

log = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=10)  # that a notification is given

# Without a device at once; with one only when all sends have failed, or it takes too long.
_UNREACHED = f"""
    select occurrences.id, occurrences.reminder, occurrences.local_date, accounts.email, accounts.language,
           reminders.ended_at is null and {rows.MEMBER} as member
    from occurrences
    join reminders on reminders.id = occurrences.reminder
    join accounts on accounts.id = occurrences.account
    where occurrences.state = 'going'
      and not exists (select 1 from deliveries where occurrence = occurrences.id
        and (state = 'sent' or channel = 'mail'
             or state = 'waiting' and (lease_until > :now or occurrences.rang_at > :patience)))
"""


def by_mail(db: Database, settings: Settings, vault: Vault, now: datetime) -> list[int]:
    """Puts in the queue, and marks in the same transaction, what did not arrive otherwise. Once per occurrence. Gives
    the deliveries."""
    mailed = []
    with store.writing(db):
        for row in store.rows(db, _UNREACHED, now=clock.stamp(now), patience=clock.stamp(now - PATIENCE)):
            if row["member"]:
                mailed.append(_post(db, settings, vault, row, now))
            else:
                _settle(db, row["id"], "failed")
    return mailed


def _post(db: Database, settings: Settings, vault: Vault, row: dict, now: datetime) -> int:
    subject, body = said.letter(row["local_date"], row["language"], settings.address)
    letter = mail.post(db, vault, row["email"], subject, body, now, TOO_LATE)
    store.change(
        db,
        """update deliveries set state = 'failed', outcome = 'mailed', next_at = null
           where occurrence = :id and state = 'waiting'""",
        id=row["id"],
    )
    made = store.row(
        db,
        """insert into deliveries (occurrence, reminder, local_date, channel, letter, state, tries, created_at)
           values (:id, :reminder, :day, 'mail', :letter, 'waiting', 1, :now) returning id""",
        id=row["id"],
        reminder=row["reminder"],
        day=row["local_date"],
        letter=letter,
        now=clock.stamp(now),
    )
    return made["id"]


def settle(db: Database, now: datetime) -> list[int]:
    """Asks what became of the letters. Non-delivery is told apart from not answering, and never looks like it."""
    settled = []
    with store.writing(db):
        for row in store.rows(
            db,
            """select deliveries.id, deliveries.occurrence, letters.sent_at
               from deliveries left join letters on letters.id = deliveries.letter
               where deliveries.channel = 'mail' and deliveries.state = 'waiting'
                 and (letters.id is null or letters.sent_at is not null or letters.next_at is null
                      or letters.expires_at <= :now)""",
            now=clock.stamp(now),
        ):
            state = "sent" if row["sent_at"] else "failed"
            store.change(
                db,
                "update deliveries set state = :state, outcome = :state, sent_at = :sent where id = :id",
                state=state,
                sent=row["sent_at"],
                id=row["id"],
            )
            _settle(db, row["occurrence"], state)
            settled.append(row["id"])
    return settled


def _settle(db: Database, occurrence: int, state: str) -> None:
    settled = store.change(
        db, "update occurrences set state = :state where id = :id and state = 'going'", state=state, id=occurrence
    )
    if settled and state == "failed":
        log.warning("a reminder did not arrive: neither notification nor mail (occurrence %s)", occurrence)
