"""Deliveries: one per occurrence and device, claimed for half a minute, tried, and marked with what came of it.

Whoever claims and dies has it taken over when the claim runs out. A notification may then come twice, and carries the
same topic, so that it takes the place of the first.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.config import Settings
from diary.reminders import devices, push, rows, said
from diary.reminders.devices import Address
from diary.reminders.moments import TOO_LATE
from diary.vault import Vault, fingerprint

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
AGAIN = [timedelta(seconds=s) for s in (30, 60, 120, 300, 900)]


@dataclass(frozen=True)
class Ready:
    """A delivery that is claimed, with all that sending it takes. Nothing of it is read again meanwhile."""

    id: int
    occurrence: int
    tries: int
    lease: str
    leased_at: datetime
    device: Address
    payload: str
    topic: str
    ttl: int
    last: datetime  # after this it is no longer worth it


def queue(db: Database, vault: Vault, occurrence: int, account: int, now: datetime) -> None:
    """To every device on which this person is signed in at this moment. What rings again is sent again."""
    store.change(db, "delete from deliveries where occurrence = :id", id=occurrence)
    for device in devices.live(db, vault, account, now):
        store.change(
            db,
            """insert into deliveries (occurrence, reminder, local_date, channel, device, topic,
                                       state, next_at, created_at)
               select id, reminder, local_date, 'push', :device, :topic, 'waiting', :now, :now
               from occurrences where id = :occurrence""",
            occurrence=occurrence,
            device=device.id,
            topic=_topic(db, occurrence),
            now=clock.stamp(now),
        )


def _topic(db: Database, occurrence: int) -> str:
    """The same for every try, and nobody can tell what of."""
    uid = store.row(db, "select uid from occurrences where id = :id", id=occurrence)["uid"]
    return fingerprint(uid).hex()[:32]


def claim(db: Database, vault: Vault, settings: Settings, now: datetime, most: int) -> list[Ready]:
    """Takes at most so many for this process alone. What must no longer be sent is closed on the way."""
    lease = clock.stamp(now + LEASE)
    taken, ready = range(most), []
    while taken and not ready:
        with store.writing(db):
            taken = store.rows(
                db,
                """update deliveries set tries = tries + 1, lease_until = :lease, next_at = :lease
                   where id in (select id from deliveries where next_at <= :now order by next_at limit :most)
                   returning id""",
                now=clock.stamp(now),
                lease=lease,
                most=most,
            )
            found = (_ready(db, vault, settings, row["id"], lease, now) for row in taken)
            ready = [one for one in found if one]
    return ready


def _ready(db: Database, vault: Vault, settings: Settings, id: int, lease: str, now: datetime) -> Ready | None:
    row = store.row(db, _WHOLE, id=id, now=clock.stamp(now))
    address = _address(db, vault, row, now) if row["member"] else None
    last = clock.moment(row["rang_at"]) + TOO_LATE
    wanted = row["state"] in ("going", "sent")  # sent: it reached another device of theirs
    if not wanted or address is None or last <= now:
        _close(db, id, lease, "gone" if address is None else "late")
        return None
    label = ""
    if address.detail and row["label"]:
        label = rows.label(vault.seal(row["key"], row["family_uid"]), row["label"], row["reminder"])
    language, detail = row["language"], address.detail
    return Ready(
        id=id,
        occurrence=row["occurrence"],
        tries=row["tries"],
        lease=lease,
        leased_at=now,
        device=address,
        payload=said.payload(
            row["kind"], row["uid"], row["local_date"], language, settings.address, detail=detail, label=label
        ),
        topic=row["topic"],
        ttl=int((last - now).total_seconds()),
        last=last,
    )


# Who left the family since, or ended the reminder, is not reminded of it.
_WHOLE = f"""
    select deliveries.id, deliveries.device, deliveries.tries, deliveries.topic, deliveries.local_date,
           occurrences.id as occurrence, occurrences.uid, occurrences.state, occurrences.rang_at,
           reminders.uid as reminder, reminders.kind, reminders.label, accounts.id as account, accounts.language,
           families.uid as family_uid, families.key,
           reminders.ended_at is null and {rows.MEMBER} as member
    from deliveries
    join occurrences on occurrences.id = deliveries.occurrence
    join reminders on reminders.id = deliveries.reminder
    join accounts on accounts.id = reminders.account
    left join families on families.id = reminders.family
    where deliveries.id = :id
"""


def _address(db: Database, vault: Vault, row: dict, now: datetime) -> Address | None:
    """Where that device is reached, if its session still is this person's."""
    theirs = devices.live(db, vault, row["account"], now)
    return next((address for address in theirs if address.id == row["device"]), None)


def record(db: Database, ready: Ready, outcome: push.Outcome, now: datetime) -> None:
    """What came of it. Who lost the claim meanwhile has nothing to say any more."""
    wait = max(outcome.wait or timedelta(0), AGAIN[min(ready.tries, len(AGAIN)) - 1])
    with store.writing(db):
        if outcome.kind == "sent":
            kept = _close(db, ready.id, ready.lease, "sent", "sent", now)
            if kept:
                arrived(db, ready.occurrence)
        elif outcome.kind == "later" and now + wait < ready.last:
            kept = release(db, ready, now + wait, "later")
        else:
            kept = _close(db, ready.id, ready.lease, outcome.kind)
        if kept:
            devices.note(db, ready.device.id, outcome, now)


def arrived(db: Database, occurrence: int) -> None:
    store.change(db, "update occurrences set state = 'sent' where id = :id and state = 'going'", id=occurrence)


def release(db: Database, ready: Ready, again: datetime, outcome: str | None = None) -> bool:
    """Gives a claim back, to be taken again from then on. What was not tried does not count as a try."""
    return (
        store.change(
            db,
            """update deliveries set next_at = :again, lease_until = null, outcome = :outcome,
                 tries = tries - (:outcome is null)
               where id = :id and lease_until = :lease""",
            id=ready.id,
            lease=ready.lease,
            again=clock.stamp(again),
            outcome=outcome,
        )
        == 1
    )


def _close(
    db: Database, id: int, lease: str, outcome: str, state: str = "failed", sent: datetime | None = None
) -> bool:
    return (
        store.change(
            db,
            """update deliveries set state = :state, outcome = :outcome, sent_at = :sent, next_at = null,
                 lease_until = null
               where id = :id and lease_until = :lease""",
            id=id,
            lease=lease,
            state=state,
            outcome=outcome,
            sent=sent and clock.stamp(sent),
        )
        == 1
    )
