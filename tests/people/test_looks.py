"""The access log: no line, no content; and nothing in it can be changed unseen."""

import json
import random
import re
from datetime import timedelta

import pyotp
import pytest
from sqlite_utils.utils import sqlite3

from diary import store
from diary.people import factors, looks
from diary.upkeep import copies


@pytest.fixture
def vault(app):
    return app.config["VAULT"]


def lines(db) -> list[tuple]:
    return db.execute("select event, action, outcome, role, name, purpose from looks order by seq").fetchall()


def test_what_happens_with_a_shared_entry_is_written_down(db, marit, anneke, shared):
    page = f"/counsellor/{anneke.family}/entries/{shared}"
    anneke.get(page)
    anneke.post(f"{page}/replies", {"nod": "seen"})
    anneke.post(f"{page}/filing")
    marit.post(f"/entries/{shared}/shares/end")
    told = [
        ("shared", "C", "ok", "parent", "Marit", "diary"),
        ("entry", "R", "ok", "counsellor", "Anneke", "guidance"),
        ("replied", "C", "ok", "counsellor", "Anneke", "guidance"),
        ("filed", "E", "ok", "counsellor", "Anneke", "guidance"),
        ("taken_back", "D", "ok", "parent", "Marit", "diary"),
    ]
    assert lines(db) == told


def test_a_line_says_all_that_the_norm_asks(db, anneke, shared):
    anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    line = store.row(db, "select * from looks order by seq desc limit 1")
    assert [name for name, value in line.items() if value in (None, "")] == []
    assert line["point"] == "127.0.0.0/24"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"])
    [thing] = store.rows(db, "select * from look_objects where look = :seq", seq=line["seq"])
    assert (thing["uid"], thing["version"], thing["owner"]) == (shared, 1, 1)
    assert None not in thing.values()


def test_no_word_of_the_diary_is_in_the_log(db, marit, anneke, shared):
    anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "vlinderstruik"})
    kept = str(db.execute("select * from looks").fetchall()) + str(
        db.execute("select * from look_objects").fetchall()
    )
    for word in ("zilverstruik", "vlinderstruik", "Sem", "eating"):
        assert word not in kept


@pytest.mark.parametrize("table", ["looks", "look_objects"])
def test_no_line_no_content(db, anneke, shared, table):
    db.execute(f"create trigger full before insert on {table} begin select raise(abort, 'no room'); end")
    answer = anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    assert answer.status_code == 503
    assert "zilverstruik" not in answer.text
    assert store.row(db, "select read_at from shares")["read_at"] is None


@pytest.mark.parametrize("table", ["looks", "look_objects"])
def test_without_a_line_nothing_is_shared_or_answered_either(db, marit, anneke, shared, table):
    uid = marit.writes(note="rozenstruik")
    db.execute(f"create trigger full before insert on {table} begin select raise(abort, 'no room'); end")
    assert marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"}).status_code == 503
    assert anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"nod": "seen"}).status_code == 503
    assert (db["shares"].count, db["replies"].count) == (1, 0)


def test_a_disk_that_is_full_shows_nothing(db, anneke, shared):
    pages = db.execute("pragma page_count").fetchone()[0]
    db.execute("create table filler (text)")
    db.execute(f"pragma max_page_count = {pages + 1}")
    with pytest.raises(sqlite3.DatabaseError):
        db.execute("insert into filler values (hex(zeroblob(200000)))")
    for _ in range(60):
        answer = anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
        if answer.status_code != 200:
            break
    db.execute("pragma max_page_count = 1073741823")
    assert answer.status_code == 503
    assert "zilverstruik" not in answer.text


def test_a_database_refuses_to_change_or_drop_a_line(db, anneke, shared):
    anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    for sql in (
        "delete from looks",
        "delete from look_objects",
        "update looks set name = 'Iemand'",
        "update looks set at = '2020-01-01T00:00:00.000Z'",
        "update looks set account = null",
        "update looks set mac = x''",
        "update looks set name = null, event = 'log'",
        "update look_objects set uid = 'x'",
        "update look_objects set share = null",
    ):
        with pytest.raises(store.IntegrityError, match="only added to"):
            db.execute(sql)


@pytest.fixture
def hundred(db, vault, anneke, shared, visit, now):
    """A log of a hundred lines and more, without what guards it."""
    visitor = visit(anneke, anneke.family)
    with looks.reading(db):
        for n in range(100):
            now.pass_by(seconds=37)
            row = {"uid": f"entry {n % 7}", "version": 1, "child": None, "author": 1, "share": n}
            looks.write(db, visitor, "entry", [row], now())
    for name in ("looks_stay", "looks_as_written", "look_objects_stay", "look_objects_as_written"):
        db.execute(f"drop trigger {name}")
    assert looks.faults(db, vault) == []
    copy = sqlite3.connect(":memory:")
    db.conn.backup(copy)
    yield copy
    copy.close()


def at_random(rng: random.Random, db, but_last: bool = False) -> int:
    return rng.randint(1, db["looks"].count - but_last)


def edits(db, rng):
    column = rng.choice(["at", "event", "action", "outcome", "role", "name", "purpose", "point", "source", "app"])
    value = {"action": "E", "outcome": "failed"}.get(column, f"anders {rng.random()}")
    db.execute(f"update looks set {column} = ? where seq = ?", [value, at_random(rng, db)])


def edits_who(db, rng):
    column = rng.choice(["account", "practice", "family", "membership", "who", "mac"])
    value = b"anders" if column in ("who", "mac") else rng.randint(1000, 9999)
    db.execute(f"update looks set {column} = ? where seq = ?", [value, at_random(rng, db)])


def edits_objects(db, rng):
    column = rng.choice(["uid", "version", "child", "owner", "share"])
    db.execute(f"update look_objects set {column} = 777 where look = ?", [at_random(rng, db)])


def deletes(db, rng):
    db.execute("delete from looks where seq = ?", [at_random(rng, db, but_last=True)])


def deletes_and_closes_the_gap(db, rng):
    gone = at_random(rng, db, but_last=True)
    db.execute("pragma foreign_keys = off")
    db.execute("delete from look_objects where look = ?", [gone])
    db.execute("delete from looks where seq = ?", [gone])
    for seq in range(gone + 1, db["looks"].count + 2):
        db.execute("update look_objects set look = ? where look = ?", [seq - 1, seq])
        db.execute("update looks set seq = ? where seq = ?", [seq - 1, seq])


def swaps(db, rng):
    first = at_random(rng, db, but_last=True)
    second = first + 1
    for old, new in ((first, -1), (second, first), (-1, second)):
        db.execute("update looks set seq = ? where seq = ?", [new, old])


def inserts(db, rng):
    columns = [column.name for column in db["looks"].columns if column.name != "seq"]
    seq = rng.choice([db["looks"].count + 1, -5])
    db.execute(
        f"insert into looks (seq, {', '.join(columns)}) select ?, {', '.join(columns)} from looks where seq = ?",
        [seq, at_random(rng, db)],
    )


def deletes_objects(db, rng):
    db.execute("delete from look_objects where look = ?", [at_random(rng, db)])


@pytest.mark.parametrize(
    "how",
    [edits, edits_who, edits_objects, deletes, deletes_and_closes_the_gap, swaps, inserts, deletes_objects],
    ids=lambda how: how.__name__,
)
def test_whatever_is_done_to_the_log_is_seen(db, vault, hundred, how):
    rng, unseen = random.Random(11), 0
    for _ in range(25):
        db.execute("pragma foreign_keys = off")
        how(db, rng)
        unseen += looks.faults(db, vault) == []
        hundred.backup(db.conn)
    assert unseen == 0


def test_a_cut_off_end_is_seen_with_a_head_that_was_kept_elsewhere(db, vault, hundred):
    head = looks.head(db)
    assert looks.holds(db, head)
    db.execute("delete from looks where seq > 90")
    assert looks.faults(db, vault) == []
    assert not looks.holds(db, head)


def test_the_check_says_where_it_breaks(db, vault, hundred):
    db.execute("update looks set event = 'log' where seq = 42")
    assert copies.check(db, vault) == ["the access log: line 42 is not as it was written"]


def test_another_key_proves_nothing(db, hundred):
    from diary.vault import Vault

    assert looks.faults(db, Vault(bytes(32))) == ["the access log: line 1 is not as it was written"]


def test_lines_are_kept_five_years_and_what_is_left_still_proves_itself(db, vault, anneke, shared, marit, now):
    now.pass_by(days=5 * 365)
    looks.clear(db, vault, now())
    assert len(lines(db)) == 1
    marit.signs_in()
    now.pass_by(days=1)
    marit.signs_in()
    marit.get("/sharing/log")
    now.pass_by(days=3)
    looks.clear(db, vault, now())
    assert [line[0] for line in lines(db)] == ["log"]
    assert looks.faults(db, vault) == []
    assert db["look_objects"].count == 0
    looks.clear(db, vault, now() + timedelta(days=5 * 365 + 9))
    assert lines(db) == []
    marit.get("/sharing/log")
    assert looks.faults(db, vault) == []
    db.execute("update look_clearings set at = '2020-01-01T00:00:00.000Z'")
    assert looks.faults(db, vault) == ["the access log: what was cleared was not cleared by this diary"]


def test_who_is_erased_loses_a_name_and_the_log_still_proves_itself(db, vault, anneke, shared):
    anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    looks.forget_name(db, store.row(db, "select id from accounts where name = 'Anneke'")["id"])
    assert [line[4] for line in lines(db)] == ["Marit", None]
    assert looks.faults(db, vault) == []


def test_a_counsellor_without_a_tie_is_refused_and_written_down(db, marit, counsellor, anneke, shared):
    bram = counsellor("Bram")
    real = bram.get(f"/counsellor/{anneke.family}/entries/{shared}")
    guess = bram.get(f"/counsellor/{'9' * 36}/entries/{shared}")
    assert real.status_code == guess.status_code == 404
    assert [line for line in lines(db) if line[4] == "Bram"] == [
        ("refused", "R", "refused", "counsellor", "Bram", "guidance")
    ]
    text = marit.get("/sharing/log").text
    assert "Bram" in text
    assert "wilde lezen, en mocht dat niet" in text
    assert "Dat mocht niet, en is niet gelukt." in text


def test_a_parent_reads_who_looked_in_plain_words(marit, anneke, shared, now):
    for _ in range(3):
        now.pass_by(minutes=10)
        anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    text = re.sub(r"<[^>]+>|\s+", " ", marit.get("/sharing/log").text)
    text = re.sub(r"\s+", " ", text)
    assert "Anneke (begeleider, De praktijk) las dit, 3 keer, voor het eerst om 19:50" in text
    assert "Mag, omdat jij het deelde." in text
    assert "Jij deelde dit om 19:40" in text


def test_the_period_is_chosen(marit, anneke, shared, now):
    anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    now.pass_by(days=10)
    marit.get("/today")  # says what was saved
    assert "Anneke" not in marit.get("/sharing/log?days=7").text
    assert "Anneke" in marit.get("/sharing/log?days=30").text
    assert marit.get("/sharing/log?days=x").status_code == 200


def test_of_the_other_parents_sharing_nothing_is_told(marit, joins, anneke, shared, now):
    joost = joins(marit, "Joost")
    uid = joost.writes(note="van Joost", shared="family")
    joost.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"})
    now.pass_by(minutes=5)
    anneke.get(f"/counsellor/{anneke.family}/entries/{uid}")
    joost.get("/sharing/log")
    now.pass_by(minutes=5)
    text = marit.get("/sharing/log").text
    assert uid not in text
    assert "Joost" not in text
    assert "19:45" not in text


def test_a_list_is_one_line_with_its_entries(db, vault, anneke, marit, shared, visit, now):
    rows = [{"uid": f"entry {n}", "version": 1, "child": None, "author": 1, "share": n} for n in range(3)]
    with looks.reading(db):
        looks.write(db, visit(anneke, anneke.family), "list", [*rows, rows[0]], now())
    assert lines(db)[-1][0] == "list"
    assert json.loads(db.execute("select json_group_array(uid) from look_objects where look = 2").fetchone()[0]) == [
        f"entry {n}" for n in range(3)
    ]
    assert "zag 3 teksten in een lijst" in marit.get("/sharing/log").text


def test_a_tie_that_begins_and_ends_is_told_to_every_adult(db, marit, joins, counsellor, tied):
    joost, anneke = joins(marit, "Joost"), counsellor("Anneke")
    tied(marit, anneke)
    path = re.search(r"/family/counsellors/[\w-]+/revoke", marit.get("/family").text).group()
    marit.post(path)
    assert lines(db)[-1] == ("tie_ended", "D", "ok", "parent", "Marit", "diary")
    text = joost.get("/sharing/log").text
    assert "De andere ouder" in text
    assert "stopte het meelezen van een begeleider" in text
    for word in ("Marit", "19:40"):
        assert (
            word
            not in text.partition("stopte")[0].rpartition("<li>")[2]
            + text.partition("stopte")[2].partition("</li>")[0]
        )


def test_a_counsellor_who_comes_in_or_guesses_a_code_is_written_down(db, counsellor, vault, viewer, now):
    anneke = counsellor("Anneke")
    factors.keep_totp(db, vault, viewer(anneke).id, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", now())
    db.execute("update sessions set proved_at = null")
    anneke.post("/step", {"code": "000000"})
    assert lines(db) == [("factor_failed", "E", "failed", "counsellor", "Anneke", "guidance")]
    anneke.post("/step", {"code": pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(now())})
    assert lines(db)[1:] == [("signed_in", "E", "ok", "counsellor", "Anneke", "guidance")]
    assert looks.faults(db, vault) == []


def test_of_a_parents_own_sign_in_the_log_says_nothing(db, marit):
    marit.signs_in()
    assert lines(db) == []


def test_what_a_tie_covers_from_now_on_is_told_to_every_adult(db, marit, joins, counsellor, tied):
    joost, anneke = joins(marit, "Joost"), counsellor("Anneke")
    tied(marit, anneke)
    path = re.search(r"/family/counsellors/[\w-]+(?=\")", marit.get("/family").text).group()
    marit.post(path, {"children": marit.child(), "until_day": "2026-12-24"})
    assert lines(db)[-1] == ("tie_changed", "U", "ok", "parent", "Marit", "diary")
    assert "veranderde waarover of tot wanneer" in joost.get("/sharing/log").text


def test_a_tie_that_the_practice_ends_is_told_to_its_family(db, vault, marit, parent, admin, anneke):
    eva = parent("Eva")
    uid = re.search(r"Anneke</b>.*?/practice/workers/([\w-]+)/end", admin.get("/practice").text, re.DOTALL).group(1)
    for _ in range(2):
        admin.post(f"/practice/workers/{uid}/end")
    assert lines(db) == [("tie_ended", "D", "ok", "admin", "Petra", "control")]
    assert "stopte het meelezen van een begeleider" in marit.get("/sharing/log").text
    assert "stopte" not in eva.get("/sharing/log").text
    assert looks.faults(db, vault) == []


def test_who_knocks_ten_thousand_times_pushes_nothing_out_of_the_log(db, marit, anneke, shared, now, visit):
    anneke.get(f"/counsellor/{anneke.family}/entries/{shared}")
    visitor = visit(anneke, anneke.family)
    now.pass_by(minutes=5)
    with store.writing(db):
        for _ in range(3000):
            looks.write(db, visitor, "refused", [], now(), "refused")
    text = marit.get("/sharing/log").text
    assert "las dit" in text
    assert "3000 keer" in text


def test_who_looks_at_the_plan_is_written_down_first(db, marit, anneke):
    path = f"/counsellor/{anneke.family}/plan"
    assert anneke.get(path).status_code == 200
    assert lines(db) == [("plan_read", "R", "ok", "counsellor", "Anneke", "guidance")]
    assert "las het plan" in marit.get("/sharing/log").text
    db.execute("create trigger full before insert on looks begin select raise(abort, 'full'); end")
    assert anneke.get(path).status_code == 503


def test_either_parent_sees_on_which_day_the_other_changed_who_may_read(marit, joins):
    joost = joins(marit, "Joost")
    joins(marit, "Wieke").post("/family/leave", {"sure": "y"})
    marit.post("/anchor", {"child": marit.child(), "day": "zeven uur op"})
    marit.post("/anchor/links", {"child": marit.child()})
    log = joost.get("/sharing/log").text
    told = re.findall(r"<b>(.+?)</b>\s+(.+?)</p>", log)
    theirs = [said.strip() for who, said in told if who == "De andere ouder"]
    assert theirs == [
        "maakte een link naar de ankerpuntenkaart",
        "stopte met dit dagboek",
        "liet iemand meeschrijven, 2 keer",
    ]
