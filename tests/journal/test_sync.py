"""Many changes at once, as a phone sends them that was away: each alone, repeats harmless, nothing set by it
that is not its to set.
"""

import re
import uuid
from datetime import timedelta

import pytest

from diary import clock, store
from diary.journal import entries, versions
from tests.conftest import EVENING, contents

SEM_WRITES = {"kind": "incident", "area": "routine"}


def change(**fields) -> dict:
    return {"change_id": str(uuid.uuid4()), "uid": str(uuid.uuid4()), **SEM_WRITES, **fields}


def rows(db) -> list[dict]:
    return store.rows(db, "select * from entry_rows order by id")


def sent(person, **more):
    return person.client.post("/sync", headers={"X-CSRFToken": person.token()}, **more)


# -- what is kept


def test_a_change_is_kept_and_its_version_told(marit, db):
    one = change(note="appelboom", child=marit.child(), situation="eating", happened_at="2026-11-20T08:00:00Z")
    answer = marit.sync(one)
    assert answer.json == {
        "saved": [{"uid": one["uid"], "version": 1, "kept_as": one["uid"], "day": "2026-11-20"}],
        "refused": [],
    }
    assert "appelboom" in marit.get(f"/entries/{one['uid']}").text
    assert [(row["situation"], row["happened_at"]) for row in rows(db)] == [("eating", "2026-11-20T08:00:00.000Z")]


def test_nothing_to_send_is_fine(marit):
    assert marit.sync().json == {"saved": [], "refused": []}


def test_when_it_was_written_and_when_it_came_are_both_kept(marit, db):
    marit.sync(change(written_at="2026-11-18T20:00:00Z"))
    assert [(row["happened_at"], row["written_at"], row["saved_at"]) for row in rows(db)] == [
        ("2026-11-18T20:00:00.000Z", "2026-11-18T20:00:00.000Z", clock.stamp(EVENING))
    ]


def test_the_answer_tells_them_in_the_order_in_which_they_came(marit):
    changes = [change(note=str(n)) for n in range(20)]
    assert [one["uid"] for one in marit.sync(*changes).json["saved"]] == [one["uid"] for one in changes]


# -- repeats


def test_the_same_change_sent_again_is_told_the_same_and_kept_once(marit, db, now):
    one = change(note="appelboom")
    first = marit.sync(one).json
    for _ in range(3):
        now.pass_by(hours=7)
        assert marit.sync(one, one).json["saved"] == first["saved"] * 2
    assert (len(rows(db)), rows(db)[0]["version"]) == (1, 1)


def test_a_change_whose_answer_was_lost_is_not_doubled_by_a_later_edit(marit, db):
    one = change(note="appelboom")
    marit.sync(one)
    marit.sync(one | {"change_id": "edit", "note": "perenboom", "version": 1})
    assert marit.sync(one).json["saved"][0]["version"] == 1
    assert (len(rows(db)), rows(db)[0]["version"]) == (1, 2)


def test_without_a_change_id_the_same_text_is_still_kept_once(marit, db, now):
    one = change(note="appelboom", change_id=None)
    for _ in range(3):
        marit.sync(one)
        now.pass_by(minutes=1)
    assert (len(rows(db)), rows(db)[0]["version"]) == (1, 1)


def test_two_people_may_use_the_same_change_id(marit, joins, db):
    joost = joins(marit, "Joost")
    one = change(change_id="1")
    assert marit.sync(one).json["saved"]
    assert joost.sync(change(change_id="1", note="van Joost")).json["saved"]
    assert len(rows(db)) == 2


# -- edits from two places


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ({"happened_at": "2026-11-19T20:00"}, ("2026-11-19T19:00:00.000Z", "evening", "2026-11-19")),  # as it was
        ({"happened_at": "2026-11-18T20:00"}, ("2026-11-18T19:00:00.000Z", None, "2026-11-18")),  # moved
        (
            {"happened_at": "2026-11-19T19:00:00.000Z", "about": "evening"},
            ("2026-11-19T19:00:00.000Z", "evening", "2026-11-19"),
        ),  # as an earlier version of the app told it
    ],
)
def test_an_edit_leaves_the_moment_as_vague_as_it_was_unless_it_was_moved(marit, db, moment, kept):
    one = change(when="last_evening")
    marit.sync(one)
    edit = {"uid": one["uid"], **SEM_WRITES, "change_id": "2", "note": "perenboom", "version": 1, **moment}
    told = marit.sync(edit).json["saved"][0]
    assert [(row["happened_at"], row["about"], told["day"]) for row in rows(db)] == [kept]


def test_an_edit_leaves_the_second_as_it_was(marit, db):
    one = change(happened_at="2026-11-20T08:00:42Z")
    marit.sync(one)
    marit.sync(one | {"change_id": "2", "note": "perenboom", "version": 1, "happened_at": "2026-11-20T09:00"})
    assert [(row["version"], row["happened_at"]) for row in rows(db)] == [(2, "2026-11-20T08:00:42.000Z")]


def test_an_edit_that_comes_in_again_after_the_moment_was_moved_is_not_doubled(marit, db):
    one = change(when="last_evening")
    marit.sync(one)
    edit = one | {
        "change_id": "2",
        "note": "perenboom",
        "version": 1,
        "when": None,
        "happened_at": "2026-11-19T20:00",
    }
    marit.sync(edit)
    marit.sync(edit | {"change_id": "3", "version": 2, "happened_at": "2026-11-18T12:30"})
    assert marit.sync(edit).json["saved"][0]["version"] == 2
    assert [row["version"] for row in rows(db)] == [3]


def test_a_change_on_top_of_the_latest_makes_the_next_version(marit, db):
    one = change(note="appelboom")
    marit.sync(one)
    answer = marit.sync(one | {"change_id": "2", "note": "perenboom", "version": 1})
    assert answer.json["saved"] == [{"uid": one["uid"], "version": 2, "kept_as": one["uid"], "day": "2026-11-20"}]


@pytest.mark.parametrize("version", [None, 1, 3, 999_999])
def test_a_change_on_top_of_something_else_keeps_both_and_says_where(marit, db, version):
    one = change(note="appelboom")
    marit.sync(one)
    marit.sync(one | {"change_id": "2", "note": "perenboom", "version": 1})
    told = marit.sync(one | {"change_id": "3", "note": "kersenboom", "version": version}).json["saved"][0]
    assert (told["uid"], told["version"], told["kept_as"] != one["uid"]) == (one["uid"], 1, True)
    assert "perenboom" in marit.get(f"/entries/{one['uid']}").text
    assert "kersenboom" in marit.get(f"/entries/{told['kept_as']}").text
    assert [row["version"] for row in rows(db)] == [2, 1]


def test_whatever_order_two_phones_send_in_no_text_is_lost(marit, db, viewer):
    one = change(note="boom 0")
    marit.sync(one)
    texts = [one | {"change_id": str(n), "note": f"boom {n}", "version": n % 3 + 1} for n in range(1, 12)]
    marit.sync(*texts, *texts[::-1], *texts[::2])
    me = viewer(marit)
    kept = [entries.find(db, me, row["uid"]) for row in rows(db)]
    earlier = [old.body["note"] for entry in kept for old in versions.earlier(db, me, entry)]
    assert sorted([entry.body["note"] for entry in kept] + earlier) == sorted(f"boom {n}" for n in range(12))


def test_an_id_the_other_parent_used_can_neither_be_taken_nor_told(marit, joins, db):
    joost = joins(marit, "Joost")
    theirs = change(note="appelboom")
    joost.sync(theirs)
    before = rows(db)
    mine = change(uid=theirs["uid"], note="perenboom", version=1)
    told = marit.sync(mine).json["saved"][0]
    assert (told["uid"], told["version"]) == (theirs["uid"], 1)
    assert rows(db)[:1] == before
    assert "perenboom" in marit.get(f"/entries/{told['kept_as']}").text
    assert marit.sync(mine).json["saved"] == [told]


def test_an_id_of_another_family_is_free(marit, parent, db):
    theirs = change(note="appelboom")
    parent("Eva").sync(theirs)
    told = marit.sync(change(uid=theirs["uid"], note="perenboom")).json["saved"][0]
    assert told == {"uid": theirs["uid"], "version": 1, "kept_as": theirs["uid"], "day": "2026-11-20"}
    assert "perenboom" in marit.get(f"/entries/{theirs['uid']}").text


# -- what is refused


def test_each_change_stands_alone(marit, db):
    good, bad = [change(), change()], change(area="nergens", age="veel")
    answer = marit.sync(good[0], bad, "geen stuk", None, 7, [], {}, good[1]).json
    assert [one["uid"] for one in answer["saved"]] == [one["uid"] for one in good]
    assert [one["uid"] for one in answer["refused"]] == [bad["uid"], None, None, None, None, None]
    assert all(sentence.endswith(".") for one in answer["refused"] for sentence in one["errors"].values())
    assert set(answer["refused"][0]["errors"]) == {"area", "age"}
    assert len(rows(db)) == 2


def test_what_was_refused_is_kept_once_it_is_right(marit, db):
    one = change(age="veel")
    marit.sync(one)
    assert marit.sync(one | {"age": "4"}).json["saved"]
    assert len(rows(db)) == 1


@pytest.mark.parametrize("count", [500, 501])
def test_five_hundred_at_once_and_no_more(marit, db, count):
    answer = marit.sync(*[{"kind": "contact", "note": "x"}] * count)
    assert (answer.status_code, len(rows(db))) == ((200, 500) if count == 500 else (413, 0))
    assert answer.json.get("saved") or "500" in answer.json["error"]


NO_LIST = [None, [], "x", 1, True, {}, {"changes": None}, {"changes": {}}, {"changes": "x"}, {"change": []}]
NO_JSON = [b"", b"{", b"\xff\xfe", b'{"changes": [}', b"[" * 100_000, b'{"a":' * 50_000, b"9" * 9_000]
NO_JSON_TYPE = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x/y", ""]


def test_what_is_no_list_of_changes_is_said_to(marit):
    for body in NO_LIST:
        answer = sent(marit, json=body)
        assert (body, answer.status_code, "changes" in answer.json["error"]) == (body, 400, True)


def test_what_is_no_json_is_said_to(marit, db):
    before = contents(db, "sessions")
    for data in NO_JSON:
        answer = sent(marit, data=data, content_type="application/json")
        assert (data, answer.status_code, answer.json["error"][-1]) == (data, 400, ".")
    assert contents(db, "sessions") == before


def test_only_json_is_read(marit, db):
    for content_type in NO_JSON_TYPE:
        answer = sent(marit, data=b'{"changes": [{"kind": "contact"}]}', content_type=content_type)
        assert (content_type, answer.status_code, rows(db)) == (content_type, 400, [])


def test_more_than_a_megabyte_is_too_much(marit, db):
    answer = marit.sync(change(note="x" * 1024 * 1024))
    assert (answer.status_code, rows(db)) == (413, [])
    assert answer.json["error"].endswith(".")


def test_without_the_token_of_a_page_nothing_is_kept(marit, db):
    for token in ("", "x", "ImFiYyI.aaaa.bbbb"):
        answer = marit.client.post("/sync", json={"changes": [change()]}, headers={"X-CSRFToken": token})
        assert (token, answer.status_code, "error" in answer.json) == (token, 400, True)
    assert rows(db) == []


def test_the_token_of_someone_else_is_no_token(marit, parent, db):
    token = parent("Eva").token()
    answer = marit.client.post("/sync", json={"changes": [change()]}, headers={"X-CSRFToken": token})
    assert (answer.status_code, rows(db)) == (400, [])


def test_who_was_signed_out_is_told_so_and_loses_nothing(marit, db):
    token = marit.token()
    marit.post("/logout")
    answer = marit.client.post("/sync", json={"changes": [change()]}, headers={"X-CSRFToken": token})
    assert (answer.status_code, rows(db)) == (401, [])
    assert "gaat niets verloren" in answer.json["error"]


# -- what is not a phone's to set

SERVER_SET = {
    "id": 77,
    "family": 77,
    "family_uid": "x",
    "author": 77,
    "version": 9,
    "day": "2020-01-01",
    "saved_at": "2020-01-01T00:00:00.000Z",
    "audience": 0,
    "copy_of": "x",
    "deleted_at": "2020-01-01T00:00:00.000Z",
    "created_at": "x",
    "words": "appelboom",
    "body": {"note": "appelboom"},
    "mine": True,
    "broken": True,
    "account": 77,
    "key": "x",
    "kept_as": "x",
    "just": True,
}


def test_what_the_server_sets_cannot_be_sent(marit, db):
    text = {"note": "perenboom", "happened_at": "2026-11-20T08:00:00Z"}
    marit.sync(change(**text), *(change(**text) | {name: value} for name, value in SERVER_SET.items()))
    assert len(rows(db)) == 1 + len(SERVER_SET)
    set_here = [
        "family",
        "author",
        "version",
        "day",
        "saved_at",
        "audience",
        "copy_of",
        "deleted_at",
        "stub",
        "kind",
        "area",
    ]
    assert len({tuple(row[name] for name in set_here) for row in rows(db)}) == 1
    assert "appelboom" not in marit.get("/days/2026-11-20").text


def test_nobody_writes_in_the_diary_of_another_family(marit, parent, db):
    parent("Eva")
    theirs = store.rows(db, "select id, uid from families order by id")[1]
    strange = [theirs["uid"], theirs["id"], str(theirs["id"]), [theirs["uid"]], {"uid": theirs["uid"]}]
    assert marit.sync(*(change(diary=value) for value in strange)).json["saved"] == []
    marit.sync(*(change(family=value) for value in strange))
    assert {row["family"] for row in rows(db)} == {1}


def test_a_child_of_another_family_is_nobody(marit, parent, db):
    told = marit.sync(change(child=parent("Eva").child()))
    assert [set(one["errors"]) for one in told.json["refused"]] == [{"child"}]


def test_who_waits_to_be_let_in_keeps_nothing_here(marit, joins, db):
    waiting = joins(marit, "Joost", confirmed=False)
    assert waiting.sync(change()).status_code in (302, 403)
    assert rows(db) == []


def test_an_id_comes_back_in_one_form(marit):
    typed = str(uuid.uuid4())
    told = marit.sync(change(uid=typed.upper()), change(uid=f"{{{typed}}}", note="x"))
    assert {one["uid"] for one in told.json["saved"]} == {typed}


def test_a_strange_id_comes_back_as_it_was_so_that_the_phone_knows_which(marit):
    told = marit.sync(change(uid="\ud800"), change(uid="x" * 1000), change(uid=7)).json["refused"]
    assert [one["uid"] for one in told] == ["\ud800", "x" * 1000, None]


def test_a_clock_that_is_years_off_loses_nothing(marit, db):
    ahead, behind = EVENING + timedelta(days=3650), EVENING - timedelta(days=3650)
    told = marit.sync(change(written_at=clock.stamp(behind)), change(written_at=clock.stamp(ahead)))
    assert len(told.json["saved"]) + len(told.json["refused"]) == 2
    assert re.search("nog komen", str(told.json["refused"]))
