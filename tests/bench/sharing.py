"""What reading along costs at five thousand shared entries: `.venv/bin/python -m tests.bench.sharing`."""

import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from diary import clock, create_app, store
from diary.config import Settings
from diary.journal import drafts, entries
from diary.people import access, accounts, families, looks, practices, sessions, ties
from diary.sharing import reading, replies, shares

NOW = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)
MANY = 5000


def main() -> None:
    app = create_app(Settings(home=Path(tempfile.mkdtemp())))
    db, vault = store.here(app.config["SETTINGS"].database), app.config["VAULT"]
    parent, uids = _family(db, vault)
    visitor = _counsellor(db, vault, parent)
    tie = ties.reading(db, parent, NOW)[0]
    with store.writing(db):
        for n, uid in enumerate(uids):
            shares.give(db, parent, uid, tie, "now" if n % 3 else "session", False, NOW)
    month = clock.stamp(NOW - timedelta(days=28))
    columns = "uid, version, kind, area, happened_at, body"
    _say("rows of all shared entries", lambda: access.shared_with(db, visitor, NOW, columns), 5)
    period = "and happened_at > :since"
    _say("rows of four weeks", lambda: access.shared_with(db, visitor, NOW, columns, period, since=month))
    counted = {"columns": "area, count(*)", "where": period, "tail": "group by area", "since": month}
    _say("counts of four weeks", lambda: access.shared_with(db, visitor, NOW, **counted))
    _say("one entry, with its line in the log", lambda: reading.read(db, visitor, uids[1], NOW))
    _say("the same, not shared", lambda: reading.read(db, visitor, str(uuid.uuid4()), NOW))
    _say("what waits on cards, nothing waiting", lambda: replies.waiting(db, parent))
    replies.answer(db, visitor, uids[1], replies.parse({"nod": "seen"}), NOW)
    _say("what waits on cards, one answer", lambda: replies.waiting(db, parent))
    _say("checking the log", lambda: looks.faults(db, vault), 3)
    print(f"{store.row(db, 'select count(*) as n from looks')['n']} lines in the log")


def _family(db, vault):
    account = accounts.register(db, "Marit", "marit@example.org", "vier losse woorden hier", "nl", NOW)
    families.found(db, vault, account, NOW)
    parent = sessions.viewer(db, vault, sessions.start(db, account, "x", "", NOW), NOW)
    uids = []
    with store.writing(db):
        for n in range(MANY):
            at = clock.stamp(NOW - timedelta(hours=3 * n))
            fields = {"kind": "incident", "area": "routine", "note": "woorden " * 20, "happened_at": at}
            uids.append(entries.save(db, parent, drafts.parse(fields, {}, parent.zone, NOW), NOW).uid)
    return parent, uids


def _counsellor(db, vault, parent):
    practice = practices.here(db, NOW)
    account = accounts.register(
        db, "Anneke", "a@example.org", "vier losse woorden hier", "nl", NOW, "counsellor", practice["id"]
    )
    row = {"family": parent.family, "account": account, "role": "counsellor", "state": "confirmed"}
    store.insert(db, "memberships", row | {"confirmed_at": clock.stamp(NOW)})
    waiting = sessions.viewer(db, vault, sessions.start(db, account, "y", "", NOW), NOW)
    return families.visit(db, vault, replace(waiting, waits=False), parent.family_uid, NOW)


def _say(what: str, ask, times: int = 50) -> None:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    print(f"{what}: {median(took) * 1000:.2f} ms")


if __name__ == "__main__":
    main()
