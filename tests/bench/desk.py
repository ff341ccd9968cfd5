"""`python -m tests.bench.desk`: what the Gesprekskaart costs the server, with all of a diary shared.

In one process, without a network: the page from the request to its last byte, its line in the access log on the disk.
"""

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from diary import clock, create_app, store
from diary.config import Settings
from diary.made import ROOT
from diary.people import accounts, families, practices, sessions
from diary.sharing import cards
from tests.bench.homes import fill, opened

SIZE, TIMES, AIM_MS = 5_000, 25, 50
WAITING = 20  # without an answer yet


@dataclass(frozen=True)
class Desk:
    """Milliseconds, the middle of many."""

    shared: int
    on_card: int
    card: float  # the noun alone
    page: float
    desk: float
    spread: tuple[float, float]  # of the page: the fastest, and nine of ten


def run(folder: Path, size: int = SIZE) -> Desk:
    with opened(fill(create_app(Settings(home=folder / str(size))), size)) as (app, db, parent):
        vault, now = app.config["VAULT"], clock.now()
        practice = practices.here(db, now)["id"]
        account = accounts.register(db, "C", "c@example.org", "vier losse woorden", "nl", now, "counsellor", practice)
        waiting = sessions.viewer(db, vault, sessions.start(db, account, "bench", "", now), now)
        token = sessions.prove(db, waiting, now)
        _tie(db, account, parent, now)
        visitor = families.visit(db, vault, sessions.viewer(db, vault, token, now), parent.family_uid, now)
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = token
        period = cards.period(db, visitor, now)
        pages = _times(lambda: client.get(f"/counsellor/{parent.family_uid}"))
        return Desk(
            store.row(db, "select count(*) as n from shares")["n"],
            cards.read(db, visitor, period, now).n,
            statistics.median(_times(lambda: cards.read(db, visitor, period, now))),
            statistics.median(pages),
            statistics.median(_times(lambda: client.get("/counsellor"))),
            (min(pages), sorted(pages)[TIMES * 9 // 10]),
        )


def _tie(db, account: int, parent, now) -> None:
    """A confirmed tie for both children, and all they ever wrote shared, nearly all answered."""
    at = clock.stamp(now)
    row = {"family": parent.family, "account": account, "role": "counsellor", "state": "confirmed"}
    tie = db["memberships"].insert(row | {"confirmed_at": at, "confirmed_by": parent.id, "from_day": "2000-01-01"})
    with store.writing(db):
        db.execute("insert into ties select ?, id from children where family = ?", [tie.last_pk, parent.family])
        db.execute(
            """insert into shares (family, entry, version, happened_at, account, giver, membership, step, feeling,
                                   told, given_at, answer_by, read_at)
               select entry.family, entry.id, entry.version, entry.happened_at, entry.author, giver.id, ?,
                      'now', 0, 1, entry.saved_at, date(entry.day, '+5 days'), entry.saved_at
               from entry_rows as entry join memberships as giver
                    on giver.account = entry.author and giver.family = entry.family""",
            [tie.last_pk],
        )
        db.execute(
            """insert into replies (uid, family, entry, membership, parent, account, nod, created_at)
               select shares.id, family, entry, membership, account, ?, 'seen', given_at from shares
               order by happened_at limit ?""",
            [account, SIZE - WAITING],
        )
        db.execute("update shares set answered_at = given_at where id in (select uid from replies)")
    store.learn(db)


def _times(act) -> list[float]:
    found = []
    for _ in range(TIMES + 2):
        begun = perf_counter()
        answer = act()
        found.append(1000 * (perf_counter() - begun))
        assert getattr(answer, "status_code", 200) == 200
    return found[2:]  # the first two warm up


def main() -> None:
    disk = ROOT / "instance"
    disk.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk) as folder:
        found = run(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
    print(f"{found.shared} entries shared, {found.on_card} of them on the card.")
    print(f"card alone {found.card:.1f} ms · page {found.page:.1f} ms, fastest {found.spread[0]:.1f}, nine of ten")
    print(f"within {found.spread[1]:.1f} · the desk {found.desk:.1f} ms")
    print(f"page under {AIM_MS} ms: {'met' if found.page < AIM_MS else 'not met'}")


if __name__ == "__main__":
    main()
