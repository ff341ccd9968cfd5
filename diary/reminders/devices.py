"""The devices that a person is reminded on. Each hangs on the session that was open when it was turned on: who
signs out, or is signed out, is reminded there no more."""

import json
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.config import Settings
from diary.people import sessions
from diary.people.sessions import Viewer
from diary.reminders import endpoints, push, said
from diary.texts import N_, Refused
from diary.vault import Vault, fingerprint

UNKNOWN = N_("Dit toestel gaf geen adres waar we een herinnering heen kunnen sturen. Je krijgt ze per mail.")
TEST_LASTS = 600  # seconds; who asks for a test is looking at the screen

# Whose session is still open. A device without an address is gone, or was taken away.
_OPEN = """from devices join sessions on sessions.id = devices.session and sessions.account = devices.account
           where devices.account = :account and devices.sealed <> x''
             and sessions.ended_at is null and sessions.seen_at > :idle and sessions.created_at > :oldest"""


@dataclass(frozen=True)
class Device:
    """As its owner sees it in a list."""

    uid: str
    label: str
    detail: bool
    here: bool
    created_at: str
    sent_at: str | None
    failed_at: str | None


@dataclass(frozen=True)
class Address:
    """Where a device is reached, and with which keys."""

    id: int
    uid: str
    host: str
    detail: bool
    endpoint: str
    p256dh: str
    auth: str


def of(db: Database, viewer: Viewer, now: datetime) -> list[Device]:
    rows = store.rows(
        db,
        f"""select devices.uid, devices.label, detail, session = :session as here,
                   devices.created_at, sent_at, failed_at {_OPEN} order by devices.id desc""",
        session=viewer.session,
        **_still_open(viewer.id, now),
    )
    return [Device(**row | {"detail": bool(row["detail"]), "here": bool(row["here"])}) for row in rows]


def live(db: Database, vault: Vault, account: int, now: datetime) -> list[Address]:
    """Where this person can be reached at this moment: only where they are still signed in."""
    rows = store.rows(
        db, f"select devices.id, devices.uid, host, detail, sealed {_OPEN}", **_still_open(account, now)
    )
    return [_opened(vault, row) for row in rows]


def keep(db: Database, vault: Vault, viewer: Viewer, told: object, hosts: tuple[str, ...], now: datetime) -> None:
    """The subscription of the browser in hand. Repeats are harmless; what was another's is no longer theirs."""
    endpoint, keys = _parsed(told, hosts)
    mark = fingerprint(endpoint)
    with store.writing(db):
        before = store.row(
            db,
            """select uid, detail, created_at, sent_at from devices
               where account = :account and (mark = :mark or session = :session) order by mark = :mark desc""",
            account=viewer.id,
            mark=mark,
            session=viewer.session,
        )
        fresh = {"uid": str(uuid.uuid4()), "detail": 0, "created_at": clock.stamp(now), "sent_at": None}
        row = before or fresh
        db.execute(
            "delete from devices where (mark = :mark or session = :session) and uid <> :uid",
            {"mark": mark, "session": viewer.session, "uid": row["uid"]},
        )
        db.execute(
            """insert into devices (uid, account, session, mark, sealed, host, label, detail, created_at, sent_at)
               select :uid, account, id, :mark, :sealed, :host, label, :detail, :created_at, :sent_at
               from sessions where id = :session and ended_at is null
               on conflict (uid) do update set session = excluded.session, mark = excluded.mark,
                 sealed = excluded.sealed, host = excluded.host, failed_at = null, outcome = null""",
            {
                **row,
                "session": viewer.session,
                "mark": mark,
                "sealed": vault.close(json.dumps([endpoint, *keys]), row["uid"], "device"),
                "host": endpoint.split("/")[2],
            },
        )


def here(db: Database, viewer: Viewer) -> str | None:
    """What we know of the browser in hand: the mark of its address; or that it is gone, or was taken away."""
    found = store.row(
        db, "select hex(mark) as mark, sealed, outcome from devices where session = :session", session=viewer.session
    )
    if found is None:
        return None
    return found["mark"].lower() if found["sealed"] else found["outcome"]


def tell_more(db: Database, viewer: Viewer, uid: str, detail: bool) -> bool:
    return _own(db, viewer, uid, "detail = :detail", detail=int(detail))


def remove(db: Database, viewer: Viewer, uid: str) -> bool:
    """What stays is that it was taken away: the browser itself hears it at its next page, and forgets too."""
    return _own(db, viewer, uid, "sealed = x'', outcome = 'removed'")


def note(db: Database, id: int, outcome: push.Outcome, now: datetime) -> None:
    """What became of a send. A device that is gone keeps no address; its browser asks for a new one by itself."""
    sent, gone = outcome.kind == "sent", outcome.kind == "gone"
    store.change(
        db,
        """update devices set
             sent_at = iif(:sent, :now, sent_at), failed_at = iif(:sent, null, :now),
             sealed = iif(:gone, x'', sealed), outcome = iif(:sent, null, :kind)
           where id = :id and sealed <> x''""",
        id=id,
        now=clock.stamp(now),
        sent=int(sent),
        gone=int(gone),
        kind=outcome.kind,
    )


def try_out(settings: Settings, vault: Vault, viewer: Viewer, uid: str, now: datetime) -> None:
    """Sends one notification to see whether it comes, without keeping the page waiting."""

    def send():
        db = store.connect(settings.database)
        try:
            for device in live(db, vault, viewer.id, now):
                if device.uid == uid:
                    day = clock.today(now, viewer.zone).isoformat()
                    text = said.payload("test", str(uuid.uuid4()), day, viewer.language, settings.address)
                    note(db, device.id, push.send(device, text, "test", TEST_LASTS, settings), now)
        finally:
            store.close(db)

    threading.Thread(target=send, name="try out", daemon=True).start()


def _parsed(told: object, hosts: tuple[str, ...]) -> tuple[str, tuple[str, str]]:
    keys = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(keys, dict):
        raise Refused({"subscription": UNKNOWN})
    found = keys.get("p256dh"), keys.get("auth")
    if endpoints.parse(told.get("endpoint"), hosts) is None or not push.fits(*found):
        raise Refused({"subscription": UNKNOWN})
    return told["endpoint"], found


def _own(db: Database, viewer: Viewer, uid: str, change: str, **named) -> bool:
    """A device of one's own, by its uid or as the one that is here."""
    sql = f"""update devices set {change} where account = :account and sealed <> x''
                and (uid = :uid or (:uid = 'here' and session = :session))"""
    return store.change(db, sql, uid=uid, account=viewer.id, session=viewer.session, **named) == 1


def _still_open(account: int, now: datetime) -> dict:
    return {
        "account": account,
        "idle": clock.stamp(now - sessions.IDLE),
        "oldest": clock.stamp(now - sessions.LONGEST),
    }


def _opened(vault: Vault, row: dict) -> Address:
    endpoint, p256dh, auth = json.loads(vault.open(row.pop("sealed"), row["uid"], "device"))
    return Address(**row | {"detail": bool(row["detail"])}, endpoint=endpoint, p256dh=p256dh, auth=auth)
