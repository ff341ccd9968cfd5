"""What is thrown away when: on the last moment it is still there, a millisecond later it is gone."""

import uuid
from datetime import timedelta

import pytest

from diary import mail, store
from diary.people import limits
from diary.upkeep import retention


@pytest.fixture
def sweep(db, now):
    return lambda: retention.sweep(db, now())


def edge(now, sweep, count, **age) -> tuple[int, int]:
    """How many there are when this age is reached, and how many just after."""
    now.pass_by(**age)
    sweep()
    at = count()
    now.pass_by(milliseconds=1)
    sweep()
    return at, count()


def rows(db, table: str, where: str = "true"):
    return lambda: store.row(db, f"select count(*) as n from {table} where {where}")["n"]


# -- the diary itself


def written_twice(marit) -> str:
    uid = marit.writes(note="appelboom", feeling="perenboom", situation="eating", discuss="1")
    later = {"situation": "eating", "note": "kersenboom", "discuss": "1", "stub": "1", "version": "1"}
    marit.post(f"/entries/{uid}", {"kind": "incident", "area": "routine", "child": marit.child(), **later})
    return uid


def test_what_was_not_deleted_is_kept_for_ever(marit, db, now, sweep):
    written_twice(marit)
    now.pass_by(days=365 * 20)
    sweep()
    assert rows(db, "entry_rows", "body is not null")() == 1
    assert rows(db, "version_rows")() == 1


def test_a_deleted_text_is_there_for_a_day_and_then_gone(marit, db, now, sweep):
    uid = written_twice(marit)
    marit.post(f"/entries/{uid}/deletion")
    assert edge(now, sweep, rows(db, "entry_rows", "body is not null"), hours=24) == (1, 0)


def test_its_versions_go_with_it(marit, db, now, sweep):
    marit.post(f"/entries/{written_twice(marit)}/deletion")
    assert edge(now, sweep, rows(db, "version_rows"), hours=24) == (1, 0)


def test_an_empty_tombstone_says_nothing_about_what_it_was(marit, db, now, sweep):
    uid = written_twice(marit)
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=25)
    sweep()
    left = store.row(db, "select * from entry_rows where uid = :uid", uid=uid)
    told = ("body", "words", "feeling", "area", "situation", "child", "about", "stub", "discuss")
    assert [left[name] for name in told] == [None] * 7 + [0, 0]


def test_a_tombstone_stands_for_half_a_year(marit, db, now, sweep):
    marit.post(f"/entries/{written_twice(marit)}/deletion")
    assert edge(now, sweep, rows(db, "entry_rows"), days=180) == (1, 0)


def test_deleting_one_entry_empties_no_other(marit, db, now, sweep):
    other, gone = written_twice(marit), written_twice(marit)
    marit.post(f"/entries/{gone}/deletion")
    now.pass_by(days=200)
    sweep()
    assert store.rows(db, "select uid from entry_rows") == [{"uid": other}]
    assert rows(db, "version_rows")() == 1


def test_what_was_brought_back_in_time_stays(marit, db, now, sweep):
    uid = written_twice(marit)
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=24)
    marit.post(f"/entries/{uid}/deletion/undo")
    now.pass_by(days=2)
    sweep()
    assert "kersenboom" in marit.get(f"/entries/{uid}").text


def test_no_byte_of_a_deleted_text_is_left_on_the_disk(marit, db, now, sweep, on_disk):
    uid = written_twice(marit)
    sealed = store.row(db, "select body, words from entry_rows where uid = :uid", uid=uid)
    older = store.row(db, "select body, feeling from version_rows")
    blobs = [*sealed.values(), *older.values()]
    assert [blob in on_disk() for blob in blobs] == [True] * 4
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=25)
    sweep()
    assert [blob in on_disk() for blob in blobs] == [False] * 4


def test_not_a_piece_of_a_long_deleted_text_is_left_either(marit, db, now, sweep, on_disk):
    uid = marit.writes(note="boom " * 3_000)  # spills over many pages
    sealed = store.row(db, "select body from entry_rows where uid = :uid", uid=uid)["body"]
    pieces = [sealed[n : n + 32] for n in range(0, len(sealed), 512)]
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=25)
    sweep()
    everything = on_disk()
    assert [piece for piece in pieces if piece in everything] == []


def test_a_reader_in_the_way_is_not_waited_for_and_the_next_sweep_finishes(marit, db, now, sweep, on_disk, app):
    uid = written_twice(marit)
    sealed = store.row(db, "select body from entry_rows where uid = :uid", uid=uid)["body"]
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=25)
    reader = store.connect(app.config["SETTINGS"].database)
    reader.execute("begin")
    reader.execute("select * from entry_rows").fetchall()
    sweep()
    reader.execute("rollback")
    sweep()
    store.close(reader)
    assert sealed not in on_disk()
    assert store.row(db, "pragma busy_timeout") == {"timeout": 10_000}


# -- around it


def test_a_session_is_forgotten_half_a_year_after_it_fell_still(marit, db, now, sweep):
    assert edge(now, sweep, rows(db, "sessions"), days=180) == (1, 0)


def test_a_session_that_was_ended_later_is_kept_from_then(marit, db, now, sweep):
    now.pass_by(minutes=30)
    marit.post("/logout")
    assert edge(now, sweep, rows(db, "sessions"), days=180) == (1, 0)


def test_a_session_in_use_is_kept(marit, db, now, sweep):
    for _ in range(5):
        now.pass_by(days=29)
        marit.get("/today")
    sweep()
    assert marit.get("/today").status_code == 200


def test_an_invitation_is_forgotten_a_month_after_it_lapsed(marit, db, now, sweep):
    marit.post("/family/invitations")
    assert edge(now, sweep, rows(db, "invitations"), days=33) == (1, 0)


def test_who_came_in_by_an_invitation_stays_when_it_is_forgotten(marit, joins, db, now, sweep):
    joins(marit, "Joost")
    now.pass_by(days=34)
    sweep()
    assert rows(db, "memberships", "state = 'confirmed'")() == 2


def test_a_reset_is_forgotten_after_a_month(marit, stranger, db, now, sweep, letters):
    stranger.post("/password/forgot", {"email": marit.email})
    assert edge(now, sweep, rows(db, "resets"), days=30) == (1, 0)


@pytest.fixture
def letter(app, db, now):
    def write(**lasts) -> None:
        mail.post(db, app.config["VAULT"], "a@example.org", "Je code", "1234", now(), timedelta(**lasts))

    return write


def test_a_letter_nobody_needs_any_more_is_emptied_and_not_sent(letter, db, now, sweep, letters):
    letter(minutes=10)
    assert edge(now, sweep, rows(db, "letters", "sealed <> x'' and next_at is not null"), minutes=10) == (1, 0)
    assert letters() == []


def test_a_letter_that_was_sent_is_emptied_at_once(letter, db, letters):
    letter(minutes=10)
    assert len(letters()) == 1
    assert rows(db, "letters", "sealed <> x'' or next_at is not null")() == 0


def test_the_empty_row_of_a_letter_is_forgotten_after_a_month(letter, db, now, sweep):
    letter(minutes=10)
    assert edge(now, sweep, rows(db, "letters"), days=30) == (1, 0)


def test_what_a_phone_sent_is_remembered_for_half_a_year(marit, db, now, sweep):
    marit.sync({"kind": "contact", "uid": str(uuid.uuid4()), "change_id": "een"})
    assert edge(now, sweep, rows(db, "changes"), days=180) == (1, 0)


def test_a_count_of_tries_is_forgotten_when_its_window_ends(db, now, sweep):
    limits.count(db, "login:iemand", 10, 1, now())
    assert edge(now, sweep, rows(db, "limits"), minutes=1) == (1, 0)


def test_sweeping_an_empty_diary_is_harmless(db, sweep):
    sweep()
    sweep()
    assert {name: rows(db, name)() for name in retention.KEPT} == dict.fromkeys(retention.KEPT, 0)


def test_a_sweep_takes_nothing_from_another_family(marit, parent, db, now, sweep):
    eva = parent("Eva")
    uid = eva.writes(note="vijgenboom")
    marit.post(f"/entries/{written_twice(marit)}/deletion")
    now.pass_by(days=2)
    sweep()
    assert "vijgenboom" in eva.get(f"/entries/{uid}").text
