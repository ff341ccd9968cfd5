"""The practice's weekly look: ten things that stand out among a thousand lines that do not."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from diary import store
from diary.people import looks, reviews
from tests.conftest import EVENING


@pytest.fixture
def vault(app):
    return app.config["VAULT"]


@pytest.fixture
def weeks(db, vault, viewer, admin, now):
    return lambda: reviews.weeks(db, vault, viewer(admin), now())


@pytest.fixture
def look(db, vault, visit, viewer):
    """Lets a counsellor look at something of a family, at some moment."""

    def at(counsellor, family: str | None, event: str, moment: datetime, outcome: str = "ok") -> None:
        visitor = visit(counsellor, family) if family else viewer(counsellor)
        with looks.reading(db):
            looks.write(db, visitor, event, [], moment, outcome, house=vault)

    return at


def noon(days_ago: int, hour: int = 11, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC) - timedelta(days=days_ago)


def test_ten_anomalies_stand_out_of_a_thousand_lines(db, marit, parent, counsellor, tied, look, weeks, now):
    people = [counsellor(name) for name in ("Anneke", "Bram", "Cora", "Dirk")]
    homes = [tied(parent(f"Ouder{n}"), people[n % 4]) for n in range(8)]
    db.execute("update memberships set confirmed_at = '2026-10-01T08:00:00.000Z'")
    rng = Random(4)
    for n in range(1000):
        who = n % 4
        look(
            people[who],
            homes[rng.choice([who, who + 4])],
            "entry",
            noon(rng.randint(0, 18), rng.randint(8, 17), n % 60),
        )
    planted = {
        (0, 1, "night"): [("entry", noon(1, 1))],
        (1, 3, "night"): [("list", noon(3, 22, 30))],
        (2, 4, "night"): [("card", noon(4, 3))],
        (0, 5, "burst"): [("printed", noon(5, 10, 5 * n)) for n in range(5)],
        (3, 6, "burst"): [("printed", noon(6, 14, 5 * n)) for n in range(4)],
        (1, 7, "codes"): [("factor_failed", noon(7, 9, n)) for n in range(5)],
    }
    for (who, _, _), lines in planted.items():
        for event, moment in lines:
            look(people[who], None if event == "factor_failed" else homes[who], event, moment)
    for who, days in ((0, 8), (1, 9)):
        look(people[who], None, "refused", noon(days), "refused")
    db.execute("drop trigger looks_as_written")
    for who, days in ((2, 10), (3, 11)):  # lines of a tie that had ended by then
        look(people[who], homes[who], "entry", noon(days, 12))
        db.execute("update looks set membership = 999 where seq = (select max(seq) from looks)")
    told = {
        (finding.name, (EVENING.date() - finding.day).days, finding.what)
        for week in weeks()
        for finding in week.findings
    }
    names = ("Anneke", "Bram", "Cora", "Dirk")
    meant = {(names[who], days, what) for who, days, what in planted}
    meant |= {("Anneke", 8, "refused"), ("Bram", 9, "refused"), ("Cora", 10, "untied"), ("Dirk", 11, "untied")}
    assert meant - told == set()
    assert len(told - meant) <= 0.05 * 1000 / 20


def test_cards_printed_in_a_row_at_the_desk_stand_out(anneke, weeks, now):
    def burst() -> list[int]:
        return [one.number for week in weeks() for one in week.findings if one.what == "burst"]

    for _ in range(3):
        assert anneke.get(f"/counsellor/{anneke.family}?print=1").status_code == 200
        assert anneke.get(f"/counsellor/{anneke.family}").status_code == 200
    assert burst() == []
    now.pass_by(minutes=10)
    anneke.get(f"/counsellor/{anneke.family}?print=1")
    assert burst() == [4]


def test_many_families_on_one_day_stand_out(db, parent, counsellor, tied, look, weeks):
    anneke = counsellor("Anneke")
    homes = [tied(parent(f"Ouder{n}"), anneke) for n in range(9)]
    db.execute("update memberships set confirmed_at = '2026-10-01T08:00:00.000Z'")
    for home in homes[:8]:
        look(anneke, home, "entry", noon(1))
    assert weeks()[0].findings == []
    look(anneke, homes[8], "entry", noon(1))
    [finding] = weeks()[0].findings
    assert (finding.what, finding.number, len(finding.families)) == ("many", 9, 9)


def test_the_page_tells_no_family_no_child_and_no_diary(db, marit, counsellor, tied, admin, look):
    anneke = counsellor("Anneke")
    family = tied(marit, anneke)
    look(anneke, family, "entry", noon(1, 2))
    text = admin.get("/practice/review").text
    assert "Anneke" in text
    assert "las ’s nachts" in text
    for word in (family, family[:6], "Marit", "Sem"):
        assert word not in text


def test_a_week_that_is_over_is_signed_once_with_name_and_day(db, marit, counsellor, tied, admin, look, now):
    anneke = counsellor("Anneke")
    look(anneke, tied(marit, anneke), "entry", EVENING)
    assert admin.post("/practice/review", {"week": "2026-11-16"}).status_code == 404
    now.pass_by(days=7)
    db.execute(
        """update sessions set created_at = '2026-11-27T12:00:00.000Z', seen_at = '2026-11-27T18:39:00.000Z',
                               proved_at = '2026-11-27T18:39:00.000Z'"""
    )
    for _ in range(2):
        assert admin.post("/practice/review", {"week": "2026-11-16"}).status_code == 302
    assert store.rows(db, "select week, found from reviews") == [{"week": "2026-11-16", "found": 0}]
    assert "Nagekeken door Petra, vrijdag 27 november." in admin.get("/practice/review").text


@pytest.mark.parametrize("week", ["", "x", "2026-11-17", "1999-01-04", "2026-11-16"])
def test_a_week_that_is_no_week_or_still_runs_is_not_signed(db, admin, week):
    assert admin.post("/practice/review", {"week": week}).status_code == 404
    assert db["reviews"].count == 0


def test_a_week_unsigned_for_two_weeks_asks_for_it(db, marit, counsellor, tied, look, weeks, admin, now):
    anneke = counsellor("Anneke")
    look(anneke, tied(marit, anneke), "entry", noon(0))
    db.execute("update sessions set created_at = '2027-01-01T12:00:00.000Z', seen_at = '2027-01-01T12:00:00.000Z'")
    now.at = noon(0) + timedelta(days=17)
    assert [week.overdue for week in weeks() if week.monday.isoformat() == "2026-11-16"] == [False]
    now.pass_by(days=1)
    assert [week.overdue for week in weeks() if week.monday.isoformat() == "2026-11-16"] == [True]


def test_who_reads_the_review_is_in_the_log(db, admin):
    admin.get("/practice/review")
    assert store.row(db, "select event, role from looks") == {"event": "log", "role": "admin"}
