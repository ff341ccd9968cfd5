"""Taking the diary along: all of one's own, nothing that is another's, and only for who shows once more who asks."""

import json
import re
import uuid

import pytest

from diary import store
from diary.insight import exports
from diary.upkeep import copies
from tests.conftest import contents
from tests.insight.conftest import CANARY, MINE, SEEN
from tests.persons import PASSWORD, Person

FORMS = ("html", "json")
AGAIN = "version saved_at copy_of earlier shares replies".split()  # what a diary gives an entry itself


# -- who may


def test_whoever_holds_a_signed_in_phone_gets_nothing_without_the_password(marit, db, now):
    marit.writes(note=MINE)
    now.pass_by(minutes=5)
    assert marit.get("/settings/export").location == "/step?next=/settings/export"
    for form in FORMS:
        answer = marit.post("/settings/export", {"form": form})
        assert (answer.status_code, answer.location) == (302, "/settings/export")
    assert db.execute("select count(*) from looks").fetchone() == (0,)


def test_the_password_leads_back_to_the_two_buttons(marit):
    answer = marit.post("/step", {"password": PASSWORD, "next": "/settings/export"})
    assert answer.location == "/settings/export"
    page = marit.get("/settings/export").text
    assert re.findall(r'name="form" value="(\w+)"', page) == ["html", "json"]


def test_after_five_minutes_it_is_asked_again(marit, takes, now):
    takes(marit)
    now.pass_by(minutes=5)
    assert marit.post("/settings/export", {"form": "html"}).status_code == 302


def test_who_works_for_the_practice_has_no_diary_to_take(anneke, admin):
    for who in (anneke, admin):
        assert who.get("/settings/export").status_code == 302
        assert who.post("/settings/export", {"form": "json"}).status_code == 403


def test_a_form_that_does_not_exist_is_answered(marit, takes):
    takes(marit)
    for form in ("", "pdf", "../html"):
        assert marit.post("/settings/export", {"form": form}).status_code == 400


def test_the_eleventh_within_an_hour_waits(marit, takes):
    for _ in range(10):
        takes(marit, "json")
    assert marit.post("/settings/export", {"form": "json"}).status_code == 429


# -- how it goes


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("json", "application/json")])
def test_it_is_a_file_with_a_name_that_tells_nothing_of_a_child(marit, takes, form, kind):
    takes(marit)
    answer = marit.post("/settings/export", {"form": form})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="nabij-dagboek-2026-11-20.{form}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == kind


def test_its_owner_reads_in_the_log_that_it_was_taken_and_the_other_parent_does_not(marit, joins, takes, db):
    joost = joins(marit, "Joost")
    takes(marit)
    line = store.row(db, "select event, action, outcome, role, purpose from looks order by seq desc limit 1")
    assert list(line.values()) == ["took_along", "E", "ok", "parent", "diary"]
    assert "nam het eigen dagboek mee" in marit.get("/sharing/log").text
    assert "nam het eigen dagboek mee" not in joost.get("/sharing/log").text


def test_no_line_no_export(marit, takes, db):
    marit.writes(note=MINE)
    takes(marit)
    db.execute("create trigger full before insert on looks begin select raise(abort, 'no room'); end")
    for form in FORMS:
        answer = marit.post("/settings/export", {"form": form})
        assert answer.status_code == 503
        assert MINE not in answer.text


def test_who_saves_meanwhile_waits_for_the_line_and_not_for_the_reading(full, takes, db):
    asked = []
    db.conn.set_trace_callback(asked.append)
    text = takes(full)
    db.conn.set_trace_callback(None)
    alone, shut = [], False
    for sql in asked:
        shut = (shut or sql == "begin immediate") and sql not in ("commit", "rollback")
        alone += [sql] if shut else []
    assert MINE in text
    assert any("insert into looks" in sql for sql in alone)
    assert [sql for sql in alone if "entry_rows" in sql or "shares" in sql] == []


def test_who_left_this_very_second_takes_nothing_and_writes_no_line_there(app, marit, joins, viewer, db, now):
    joost = joins(marit, "Joost")
    marit.writes(note=SEEN, shared="family")
    asked = viewer(joost)  # he asked while he was in
    joost.post("/family/leave", {"sure": "y"})
    export = exports.take(db, app.config["VAULT"], asked, now())
    line = store.row(db, "select event, family from looks order by seq desc limit 1")
    assert (export.diaries, line) == ([], {"event": "took_along", "family": None})
    assert copies.check(db, app.config["VAULT"]) == []


def test_who_was_erased_this_very_second_comes_back_nowhere(app, marit, joins, viewer, db, now):
    joost = joins(marit, "Joost")
    asked = viewer(joost)
    joost.post("/settings/erasure", {"current": PASSWORD})
    assert exports.take(db, app.config["VAULT"], asked, now()).diaries == []
    assert "Joost" not in str(contents(db))
    assert copies.check(db, app.config["VAULT"]) == []


def test_nothing_else_is_written(full, takes, db):
    takes(full)
    before = contents(db, "looks", "limits")
    takes(full, "json")
    after = contents(db, "looks", "limits")
    for rows in (before, after):
        del rows["sessions"]  # the password was just asked
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


# -- what is in it


def test_every_chapter_stands_in_both(full, takes):
    """A line of each, by a word that stands nowhere else."""
    words = [f"{MINE}, later", f"{MINE}, opzij", "haagbeuk", "net weggedaan", "de pap was heet", "je bord is leeg"]
    words += ["goudenregen", SEEN, "samen naar boven", "eerst ontbijt", "mijn eigen zin", "samen lezen", "oma"]
    words += ["het gaat rustig", "Anneke", "Joost", "Sem", full.email, "Sleutel"]
    for form in FORMS:
        text = takes(full, form)
        assert [word for word in words if word not in text] == [], form


def test_what_others_keep_to_themselves_is_in_neither(full, takes):
    for form in FORMS:
        assert CANARY not in takes(full, form), form


def test_what_the_other_parent_may_read_stops_where_her_own_begins(full, joins, takes):
    joost = joins(full, "Wim")
    for form in FORMS:
        text = takes(joost, form)
        assert MINE in text  # she shared that with the family
        assert [word for word in ("net weggedaan", "goudenregen", f"{MINE} 0", "samen lezen") if word in text] == []


def test_how_often_and_at_what_hour_another_wrote_is_in_neither(full, joins, taken, now):
    wim = joins(full, "Wim")
    written = {"kind": "contact", "note": "rood", "happened_at": "2026-11-19T08:00:00.000Z"}
    uid = wim.sync(written).json["saved"][0]["uid"]
    for version in (1, 2, 3):  # for herself
        now.pass_by(minutes=1)
        wim.sync(written | {"uid": uid, "note": f"rood {version}", "version": version})
    wim.post(f"/entries/{uid}/audience", {"shared": "family"})
    told = next(one for one in taken(full)["diaries"][0]["entries_of_others"] if one["uid"] == uid)
    assert told["note"] == "rood 3"
    assert {"version", "written_at", "saved_at", "copy_of"} & set(told) == set()
    assert "T18:4" not in str(told)


def test_of_the_other_parent_the_log_tells_what_the_page_tells(full, taken):
    [diary] = taken(full)["diaries"]
    theirs = [line for line in diary["log"] if line["role"] == "parent" and not line["mine"]]
    assert {line["event"] for line in theirs} <= {"member_confirmed", "anchor_linked"}
    assert {(line["name"], line["first"]) for line in theirs} <= {(None, None)}


def test_no_number_of_a_row_is_in_it(full, taken):
    numbers = {"id", "author", "account", "family", "membership", "session", "giver", "owner"}

    def keys(value) -> set[str]:
        if isinstance(value, list):
            return {key for one in value for key in keys(one)}
        if isinstance(value, dict):
            numbered = {name for name, told in value.items() if name in numbers and isinstance(told, int)}
            return numbered | {key for one in value.values() for key in keys(one)}
        return set()

    assert keys(taken(full)) == set()


def test_every_diary_one_is_in_comes_along_also_the_one_that_is_not_open(marit, joins, parent, takes):
    eva = parent("Eva", "Tom")
    eva.writes(note="in haar eigen dagboek")
    link = re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group()
    eva.post(link)
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/family").text).group())
    for form in FORMS:
        text = takes(eva, form)
        assert [word for word in ("in haar eigen dagboek", "Tom", "Sem") if word not in text] == []
    assert "nam het eigen dagboek mee" in eva.get("/sharing/log").text


def test_who_has_left_a_diary_takes_it_no_more(marit, joins, takes):
    joost = joins(marit, "Joost")
    joost.writes(note=SEEN)
    joost.post("/family/leave", {"sure": "y"})
    for form in FORMS:
        assert [word for word in (SEEN, "Sem") if word in takes(joost, form)] == []


def test_a_text_that_no_longer_opens_is_named_and_holds_up_nothing(marit, takes, taken, db):
    marit.writes(note="stuk")
    db.execute("update entry_rows set body = x'00'")
    marit.writes(note=MINE)
    assert "kan nu niet worden geopend" in takes(marit)
    entries = taken(marit)["diaries"][0]["entries"]
    assert {(one.get("note"), one.get("unreadable")) for one in entries} == {(None, True), (MINE, None)}


def test_a_diary_whose_key_is_damaged_holds_up_no_other(marit, parent, takes, taken, db):
    eva = parent("Eva", "Tom")
    eva.writes(note=MINE)
    eva.post(re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group())
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/family").text).group())
    db.execute("update families set key = x'00' where id = (select family from accounts where name = 'Marit')")
    text = takes(eva)
    assert MINE in text
    assert "kon niet worden geopend" in text
    assert (len(taken(eva)["diaries"]), taken(eva)["unreadable_diaries"]) == (1, 1)


def test_an_answer_that_no_longer_opens_is_named_too(full, takes, taken, db):
    before = takes(full).count("kan nu niet worden geopend")
    db.execute("update replies set words = x'00' where words is not null")
    assert takes(full).count("kan nu niet worden geopend") == before + 1
    answers = [one for entry in taken(full)["diaries"][0]["entries"] for one in entry.get("replies", [])]
    assert [(one["words"], one["nod"], one["unreadable"]) for one in answers] == [
        ("", None, True),
        ("", "Knap gedaan", False),
    ]


# -- the file to read


def test_the_page_to_read_needs_nothing_beside_it(full, takes):
    text = takes(full)
    assert re.findall(r"<script|<link|<img|<iframe|\son\w+=|url\(|@import", text) == []
    assert [place for place in re.findall(r'(?:href|src)="([^"]*)"', text) if not place.startswith("#")] == []
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert text.index(f'<meta http-equiv="Content-Security-Policy" content="{policy}">') < text.index("<title>")
    names = set(re.findall(r'\bid="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= names


def test_what_is_shared_with_a_counsellor_is_not_called_hers_alone(marit, shared, takes, now):
    assert "Alleen voor jou." not in takes(marit)
    now.pass_by(minutes=1)
    marit.post(f"/entries/{shared}/shares/end")
    text = takes(marit)
    assert "Alleen voor jou." in text
    assert "Teruggenomen op vrijdag 20 november 2026." in text


BREAKS_OUT = "\"'></dd></p></style></title><img src=x onerror=alert(1)><svg onload=alert(1)>{{ 7 * 7 }} -->"
TYPED = (
    "note before feeling asso_connect asso_start label name text say words note_place factor_help know call reason"
)


@pytest.fixture
def mischief(monkeypatch):
    """Whatever anybody types ends in what breaks out of a page, if it can."""
    post, sync = Person.post, Person.sync

    def spoilt(fields: dict) -> dict:
        return {name: f"{value}{_end(name)}" if name in TYPED.split() else value for name, value in fields.items()}

    def _end(name: str) -> str:
        return BREAKS_OUT[:9] if name in ("name", "label") else BREAKS_OUT  # these are short

    def sends(person: Person, path: str, fields: dict | None = None, **more):
        return post(person, path, fields if path == "/register" else spoilt(fields or {}), **more)

    monkeypatch.setattr(Person, "post", sends)
    monkeypatch.setattr(Person, "sync", lambda person, *changes: sync(person, *map(spoilt, changes)))


def test_what_anybody_typed_stays_text_in_every_chapter(mischief, full, takes, db):
    for table, column in [("accounts", "name"), ("practices", "name"), ("sessions", "label"), ("passkeys", "label")]:
        db.execute(f"update {table} set {column} = {column} || :end", {"end": BREAKS_OUT})
    text = takes(full)
    assert text.count("&lt;img src=x") >= 40
    assert [text.count(end) for end in ("</style>", "</title>", "<img", "onload=alert(1)>", "-->", "\"'>")] == [
        1,
        1,
    ] + [0] * 4
    assert "{{ 7 * 7 }}" in text
    assert json.loads(takes(full, "json"))["account"]["name"].endswith(BREAKS_OUT)


def test_it_speaks_its_readers_language(full, takes):
    full.post("/settings", {"name": "Marit", "language": "en"})
    text = takes(full)
    assert '<html lang="en">' in text
    assert [
        word for word in ("Wat je schreef", "Herinneringen", "Opgeschreven", "Alleen voor jou") if word in text
    ] == []


def test_an_empty_diary_is_kind(newcomer, parent, takes):
    assert "Je schreef hier nog niets." in takes(parent("Eva"))
    assert "tom@example.org" in takes(newcomer("Tom"))  # an account without a diary


# -- and in again


def again(entry: dict, children: dict[str, str]) -> dict:
    """As it stands in another diary, which has children of its own."""
    same = {name: value for name, value in entry.items() if name not in AGAIN}
    return same | ({"child": children[entry["child"]]} if "child" in entry else {})


def test_every_entry_of_the_file_can_be_read_in_again(full, parent, taken):
    [diary] = taken(full)["diaries"]
    eva = parent("Nieuw")
    children = {child["uid"]: eva.child() for child in diary["children"]}
    sent = [again(entry, children) | {"change_id": str(uuid.uuid4())} for entry in diary["entries"]]
    assert eva.sync(*sent).json["refused"] == []
    [other] = taken(eva)["diaries"]
    own = {uid: uid for uid in children.values()}
    assert [again(entry, own) for entry in other["entries"]] == [again(entry, children) for entry in diary["entries"]]
    assert len(diary["entries"]) >= 9


def test_reading_it_in_where_it_came_from_changes_nothing(full, taken, db):
    [diary] = taken(full)["diaries"]
    before = contents(db, "looks", "limits", "sessions")
    assert full.sync(*diary["entries"]).json["refused"] == []
    assert contents(db, "looks", "limits", "sessions") == before


# -- where one finds it


def test_who_leaves_or_erases_is_told_to_take_it_along_first(marit):
    for page in ("/settings", "/settings/erasure", "/family"):
        assert 'href="/settings/export"' in marit.get(page).text


def test_the_database_is_whole_after_it(app, full, takes, db):
    takes(full)
    assert copies.check(db, app.config["VAULT"]) == []
