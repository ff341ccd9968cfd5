"""Entries: kept, changed, shared, deleted and brought back. What a writer typed is never dropped."""

import json
import re
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diary import clock, store
from diary.journal import entries
from diary.journal.rows import as_draft
from diary.people import sessions
from diary.texts import Refused
from diary.upkeep import retention
from tests.conftest import EVENING, contents

FULL = {
    "kind": "incident",
    "area": "routine",
    "situation": "sleeping",
    "note": "appelboom",
    "before": "perenboom",
    "guess": ["scared", "tired"],
    "age": "3",
    "intensity": "4",
    "minutes": "30",
    "signals": ["clung", "froze"],
    "need": "comfort",
    "asso_connect": "kersenboom",
    "tried": ["start"],
    "bond": "repaired",
    "won": "both",
    "won_meant": "1",
    "feeling": "vijgenboom",
}
SHOWN = ["appelboom", "perenboom", "kersenboom", "vijgenboom", "bang", "moe", "3 jaar", "heftig", "een half uur"]
SHOWN += ["liet mij niet los", "verstijfde", "troost", "geprobeerd", "Weer goedgemaakt", "Allebei een beetje"]


@pytest.fixture
def edits():
    """Saves an own entry again, as its form does: everything as it stands, but for what is given."""

    def edit(person, uid: str, **fields):
        page = person.get(f"/entries/{uid}/edit").text
        return person.post(f"/entries/{uid}", form(page) | fields)

    return edit


def form(page: str) -> dict:
    """The fields of an entry's form, as a browser would send them."""
    inside = page[page.index('<form class="form"') :]
    fields: dict = {}
    for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', inside):
        fields[name] = text
    for tag in re.findall(r"<input[^>]*>", inside):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("type") in ("radio", "checkbox") and not tag.rstrip(">").endswith("checked"):
            continue
        if found.get("type") == "checkbox" and found["name"] in ("guess", "signals", "tried"):
            fields.setdefault(found["name"], []).append(found["value"])
        elif "name" in found and found["name"] != "csrf_token":
            fields[found["name"]] = found.get("value", "")
    return fields


def rows(db, table: str = "entry_rows") -> list[dict]:
    return store.rows(db, f"select * from {table} order by id")


# -- what is kept is shown


def test_an_incident_shows_all_that_was_filled_in(marit):
    page = marit.get(f"/entries/{marit.writes(**FULL)}").text
    assert [text for text in SHOWN if text not in page] == []


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"kind": "contact", "what": "laughed", "began": "child", "felt": "stiff"}, ["Gelachen", "nog wat stroef"]),
        ({"kind": "checkin", "energy": "2", "me_time": "little", "note": "de was"}, ["weinig", "een klein beetje"]),
        ({"kind": "weekcheck", "listened": "little", "fun": "unknown"}, ["nog weinig", "weet ik niet"]),
        ({"kind": "incident", "area": "limit", "age": "0", "minutes": "0"}, ["Limit", "0 jaar", "0 minuten"]),
    ],
)
def test_every_kind_shows_what_was_filled_in(marit, fields, shown):
    page = marit.get(f"/entries/{marit.writes(**fields)}").text
    assert [text for text in shown if text not in page] == []


CONTACT = {"kind": "contact", "note": "appelboom", "what": "talked", "began": "both", "felt": "warm"}
CHECKIN = {
    "kind": "checkin",
    "note": "appelboom",
    "energy": "3",
    "me_time": "no",
    "feeling": "x",
    "feeling_shared": "1",
}
WEEKCHECK = {"kind": "weekcheck", "note": "appelboom", "at_ease": "mostly", "fun": "sometimes", "feeling": "x"}


@pytest.mark.parametrize("fields", [FULL, CONTACT, CHECKIN, WEEKCHECK], ids=lambda fields: fields["kind"])
def test_a_form_opened_and_saved_changes_nothing(marit, db, edits, now, fields):
    now.pass_by(seconds=17, milliseconds=123)
    uid = marit.writes(**fields, discuss="1", shared="family")
    before = contents(db, "sessions")
    assert edits(marit, uid).status_code == 302
    assert contents(db, "sessions") == before


def test_a_child_is_kept_with_its_entry(marit, edits):
    marit.post("/family/children/new", {"name": "Pimpernel"})
    sem, pimpernel = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)
    uid = marit.writes(child=pimpernel)
    facts = re.compile('entry__facts">[^\0]*?</p>')
    assert "Pimpernel" in facts.search(marit.get(f"/entries/{uid}").text).group()
    edits(marit, uid, child=sem)
    assert "Sem" in facts.search(marit.get(f"/entries/{uid}").text).group()


# -- stubs


def test_a_stub_waits_to_be_finished_and_is_not_counted_twice(marit, now):
    uid = marit.writes(stub="1")
    assert "maak af" in marit.get("/today").text
    assert marit.get("/today").text.count(f'id="{uid}"') == 1
    now.pass_by(days=1)
    assert f"/entries/{uid}/edit" in marit.get("/today").text


def test_finishing_a_stub_makes_it_an_entry_like_any_other(marit, edits, now):
    uid = marit.writes(stub="1")
    edits(marit, uid, note="appelboom")
    now.pass_by(days=1)
    assert f"/entries/{uid}/edit" not in marit.get("/today").text
    assert "appelboom" in marit.get(f"/entries/{uid}").text


def test_a_stub_may_stay_as_it_is(marit, db):
    uid = marit.writes(stub="1")
    marit.post(f"/entries/{uid}/finish")
    marit.post(f"/entries/{uid}/finish")
    assert "maak af" not in marit.get("/today").text
    assert (rows(db)[0]["stub"], rows(db)[0]["version"]) == (0, 1)


@pytest.mark.parametrize("when", ["now", "evening", "morning", "last_evening", "yesterday"])
def test_finishing_it_after_midnight_keeps_the_day_and_time_it_was_meant_for(marit, db, edits, now, when):
    now.pass_by(hours=2, seconds=31)
    uid = marit.writes(stub="1", when=when)
    kept = [(row["day"], row["happened_at"], row["about"], row["written_at"]) for row in rows(db)]
    now.pass_by(hours=8)
    edits(marit, uid, note="appelboom")
    assert [(row["day"], row["happened_at"], row["about"], row["written_at"]) for row in rows(db)] == kept


def test_another_moment_can_be_chosen_afterwards(marit, db, edits):
    uid = marit.writes(when="last_evening")
    edits(marit, uid, happened_at="2026-11-18T07:05")
    assert (rows(db)[0]["day"], rows(db)[0]["about"]) == ("2026-11-18", None)
    assert "07:05" in marit.get(f"/entries/{uid}").text


def test_an_edit_that_leaves_the_moment_empty_leaves_it_as_it_was(marit, db, edits, now):
    uid = marit.writes(when="last_evening")
    now.pass_by(days=3)
    edits(marit, uid, happened_at="", note="appelboom")
    assert (rows(db)[0]["day"], rows(db)[0]["about"]) == ("2026-11-19", "evening")


def test_in_the_second_of_two_hours_an_edit_does_not_move_to_the_first(marit, db, edits, now):
    now.at = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # half past two, for the second time
    marit.signs_in()
    uid = marit.writes()
    edits(marit, uid, note="appelboom")
    assert rows(db)[0]["happened_at"] == "2027-10-31T01:30:00.000Z"


@pytest.mark.parametrize(("minutes", "later"), [(200, False), (270, True)])
def test_what_was_written_on_a_later_day_says_so(marit, now, minutes, later):
    at = clock.stamp(EVENING)
    now.pass_by(minutes=minutes)
    uid = marit.writes(happened_at=at)
    assert ("later opgeschreven" in marit.get(f"/entries/{uid}").text) == later


# -- versions


def test_every_edit_keeps_what_it_replaces(marit, edits, now):
    uid = marit.writes(note="appelboom", feeling="vijgenboom")
    edits(marit, uid, note="perenboom", feeling="")
    edits(marit, uid, note="kersenboom")
    page = marit.get(f"/entries/{uid}/versions").text
    assert page.index("perenboom") < page.index("appelboom")
    assert "vijgenboom" in page
    assert "kersenboom" not in page


def test_an_edit_that_changes_nothing_makes_no_version(marit, db, edits, now):
    uid = marit.writes(**FULL)
    for _ in range(3):
        now.pass_by(minutes=5)
        edits(marit, uid)
    assert (rows(db)[0]["version"], rows(db, "version_rows")) == (1, [])


CHANGES = [{"note": "x"}, {"feeling": "x"}, {"area": "limit"}, {"discuss": "1"}, {"shared": "family"}, {"age": "4"}]
CHANGES += [{"happened_at": "2026-11-19T10:00"}, {"guess": []}, {"feeling_shared": "1"}]


def test_every_change_makes_one_version(marit, db, edits):
    uid = marit.writes(**FULL | {"situation": ""})
    for number, change in enumerate(CHANGES, 1):
        edits(marit, uid, **change)
        assert (change, rows(db)[0]["version"], len(rows(db, "version_rows"))) == (change, number + 1, number)


def test_an_earlier_version_can_be_put_back_and_nothing_is_lost(marit, edits):
    uid = marit.writes(**FULL)
    edits(marit, uid, note="eikenboom", area="limit", situation="", feeling="")
    assert marit.post(f"/entries/{uid}/versions/1").status_code == 302
    page = marit.get(f"/entries/{uid}").text
    assert [text for text in SHOWN if text not in page] == []
    assert "eikenboom" in marit.get(f"/entries/{uid}/versions").text


def test_putting_back_twice_is_harmless(marit, db, edits):
    uid = marit.writes(note="appelboom")
    edits(marit, uid, note="perenboom")
    marit.post(f"/entries/{uid}/versions/1")
    marit.post(f"/entries/{uid}/versions/1")
    assert rows(db)[0]["version"] == 3
    assert "appelboom" in marit.get(f"/entries/{uid}").text


def test_a_version_that_never_was_cannot_be_put_back(marit, edits):
    uid = marit.writes(note="appelboom")
    edits(marit, uid, note="perenboom")
    for number in (0, 2, 3, 10**30):
        assert (number, marit.post(f"/entries/{uid}/versions/{number}").status_code) == (number, 404)


def test_what_was_put_back_is_for_its_writer_until_shared_again(marit, joins, edits):
    joost = joins(marit, "Joost")
    uid = marit.writes(note="appelboom", feeling="vijgenboom")
    edits(marit, uid, note="perenboom", shared="family", feeling_shared="1")
    assert "perenboom" in joost.get(f"/entries/{uid}").text
    assert "alleen voor jou" in marit.post(f"/entries/{uid}/versions/1", follow_redirects=True).text
    assert joost.get(f"/entries/{uid}").status_code == 404
    marit.post(f"/entries/{uid}/audience", {"shared": "family"})
    page = joost.get(f"/entries/{uid}").text
    assert "appelboom" in page
    assert "vijgenboom" not in page


def test_earlier_versions_are_for_their_writer_alone(marit, joins, edits):
    joost = joins(marit, "Joost")
    uid = marit.writes(note="appelboom")
    edits(marit, uid, note="perenboom", shared="family")
    assert "perenboom" in joost.get(f"/entries/{uid}").text
    assert joost.get(f"/entries/{uid}/versions").status_code == 404


# -- two places at once


def test_a_stale_edit_keeps_both_texts(marit, db, edits):
    uid = marit.writes(note="appelboom")
    stale = form(marit.get(f"/entries/{uid}/edit").text)
    edits(marit, uid, note="perenboom")
    answer = marit.post(f"/entries/{uid}", stale | {"note": "kersenboom"})
    assert "Beide zijn bewaard" in marit.get(answer.location).text
    assert "perenboom" in marit.get(f"/entries/{uid}").text
    assert "kersenboom" in marit.get(answer.location).text
    assert rows(db)[1]["copy_of"] == uid


def test_a_stale_edit_that_says_the_same_is_no_copy(marit, db, edits):
    uid = marit.writes(note="appelboom")
    stale = form(marit.get(f"/entries/{uid}/edit").text)
    edits(marit, uid, note="perenboom")
    marit.post(f"/entries/{uid}", stale | {"note": "perenboom"})
    assert len(rows(db)) == 1


def test_a_stale_edit_sent_twice_makes_one_copy(marit, db, edits):
    uid = marit.writes(note="appelboom")
    stale = form(marit.get(f"/entries/{uid}/edit").text) | {"note": "kersenboom"}
    edits(marit, uid, note="perenboom")
    for _ in range(3):
        marit.post(f"/entries/{uid}", stale)
    assert len(rows(db)) == 2


def test_two_stale_edits_make_two_copies(marit, db, edits):
    uid = marit.writes(note="appelboom")
    stale = form(marit.get(f"/entries/{uid}/edit").text)
    edits(marit, uid, note="perenboom")
    marit.post(f"/entries/{uid}", stale | {"note": "kersenboom"})
    marit.post(f"/entries/{uid}", stale | {"feeling": "vijgenboom"})
    everything = "".join(marit.get(f"/entries/{row['uid']}").text for row in rows(db))
    assert len(rows(db)) == 3
    assert [word for word in ("perenboom", "kersenboom", "vijgenboom") if word not in everything] == []


@pytest.mark.parametrize("other", [{"feeling": "vijgenboom"}, {"area": "limit"}, {"happened_at": "2026-11-19T10:00"}])
def test_two_stale_edits_with_the_same_note_keep_what_else_is_different(marit, db, edits, other):
    uid = marit.writes(note="appelboom")
    stale = form(marit.get(f"/entries/{uid}/edit").text) | {"note": "kersenboom", "feeling": "pruimenboom"}
    edits(marit, uid, note="perenboom")
    marit.post(f"/entries/{uid}", stale)
    marit.post(f"/entries/{uid}", stale | other)
    assert len(rows(db)) == 3


def test_a_form_sent_twice_saves_once_however_long_the_first_took(marit, db, now):
    sent = {"uid": str(uuid.uuid4()), "kind": "incident", "area": "limit", "when": "now", "note": "appelboom"}
    for _ in range(3):
        assert marit.post("/entries", sent).status_code == 302
        now.pass_by(seconds=7)
    assert [(row["version"], row["happened_at"]) for row in rows(db)] == [(1, clock.stamp(EVENING))]


def test_a_form_gone_back_to_and_sent_again_with_more_keeps_both(marit, db, now):
    sent = {"uid": str(uuid.uuid4()), "kind": "incident", "area": "limit", "note": "appelboom"}
    marit.post("/entries", sent)
    now.pass_by(minutes=3)
    marit.post("/entries", sent | {"note": "perenboom", "version": "1"})
    assert [row["version"] for row in rows(db)] == [1, 1]
    assert "appelboom" in marit.get(f"/entries/{sent['uid']}").text


def test_eight_phones_at_once_save_one_entry(app, marit, db, viewer):
    me, path = viewer(marit), app.config["SETTINGS"].database
    draft = as_draft(entries.find(db, me, marit.writes(note="appelboom")))
    draft = replace(draft, uid=str(uuid.uuid4()), version=None)
    saved = at_once(8, lambda: entries.save(store.here(path), me, draft, EVENING))
    assert saved == [entries.Saved(draft.uid, 1, draft.happened_at.date().isoformat())] * 8


def test_eight_edits_at_once_lose_no_text(app, marit, db, viewer):
    me, path, uid = viewer(marit), app.config["SETTINGS"].database, marit.writes(note="appelboom")
    draft = as_draft(entries.find(db, me, uid))
    notes = iter([{"note": f"boom {n}"} for n in range(8)])
    at_once(8, lambda: entries.save(store.here(path), me, replace(draft, body=next(notes)), EVENING))
    kept = {entries.find(db, me, row["uid"]).body["note"] for row in rows(db)}
    assert kept == {f"boom {n}" for n in range(8)}
    assert [row["version"] for row in rows(db)] == [2] + [1] * 7


def at_once(threads: int, work) -> list:
    gate, done = threading.Barrier(threads), []

    def go():
        gate.wait()
        done.append(work())
        store.leave()

    running = [threading.Thread(target=go) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return done


def test_sharing_while_another_phone_edits_keeps_the_entry_findable(marit, db, viewer, edits):
    me, uid = viewer(marit), marit.writes(note="appelboom")
    seen = entries.own(db, me, uid)
    edits(marit, uid, note="perenboom")
    entries.share(db, me, seen, "family", False)
    assert f'id="{uid}"' in marit.get("/timeline?q=peren").text
    assert f'id="{uid}"' not in marit.get("/timeline?q=appel").text


# -- for whom


def test_what_is_written_is_for_its_writer_alone(marit, joins):
    joost, uid = joins(marit, "Joost"), marit.writes(note="appelboom")
    assert joost.get(f"/entries/{uid}").status_code == 404
    assert uid not in joost.get("/today").text


def test_what_is_shared_is_read_by_the_other_and_can_be_taken_back(marit, joins):
    joost, uid = joins(marit, "Joost"), marit.writes(note="appelboom")
    marit.post(f"/entries/{uid}/audience", {"shared": "family"})
    assert "appelboom" in joost.get(f"/entries/{uid}").text
    marit.post(f"/entries/{uid}/audience", {"shared": "me"})
    assert joost.get(f"/entries/{uid}").status_code == 404
    assert "appelboom" not in joost.get("/today").text + joost.get("/timeline?q=appel").text


def test_sharing_is_no_new_version(marit, db):
    uid = marit.writes(note="appelboom")
    marit.post(f"/entries/{uid}/audience", {"shared": "family"})
    assert (rows(db)[0]["version"], rows(db)[0]["shared"]) == (1, "family")


def test_only_the_word_family_shares(marit, db):
    uid = marit.writes()
    for choice in ("", "FAMILY", "everyone", "0", "family "):
        marit.post(f"/entries/{uid}/audience", {"shared": choice})
        assert (choice, rows(db)[0]["shared"]) == (choice, "me")


def test_a_feeling_stays_with_its_writer_unless_chosen(marit, joins):
    joost, uid = joins(marit, "Joost"), marit.writes(note="appelboom", feeling="vijgenboom", shared="family")
    assert "vijgenboom" in marit.get(f"/entries/{uid}").text
    assert "vijgenboom" not in joost.get(f"/entries/{uid}").text
    assert "Niets gevonden" in joost.get("/timeline?q=vijgen").text
    marit.post(f"/entries/{uid}/feeling", {"feeling_shared": "1"})
    assert "vijgenboom" in joost.get(f"/entries/{uid}").text
    assert f'id="{uid}"' in joost.get("/timeline?q=vijgen").text
    marit.post(f"/entries/{uid}/feeling", {"feeling_shared": "0"})
    assert "vijgenboom" not in joost.get(f"/entries/{uid}").text
    assert "Niets gevonden" in joost.get("/timeline?q=vijgen").text


def test_whom_an_entry_is_for_and_its_feeling_are_chosen_apart(marit, db):
    uid = marit.writes(feeling="vijgenboom", shared="family", feeling_shared="1")
    marit.post(f"/entries/{uid}/audience", {"shared": "me"})
    assert (rows(db)[0]["shared"], rows(db)[0]["feeling_shared"]) == ("me", 1)
    marit.post(f"/entries/{uid}/feeling", {"feeling_shared": "0"})
    assert (rows(db)[0]["shared"], rows(db)[0]["feeling_shared"]) == ("me", 0)


def test_the_other_parent_reads_and_changes_nothing(marit, joins, db):
    joost, uid = joins(marit, "Joost"), marit.writes(note="appelboom", shared="family")
    before = contents(db, "sessions")
    for path in ("", "/finish", "/audience", "/feeling", "/topic", "/deletion", "/deletion/undo", "/versions/1"):
        answer = joost.post(f"/entries/{uid}{path}", {"kind": "incident", "area": "limit", "version": "1"})
        assert answer.status_code == (404 if path else 422), path
    assert contents(db, "sessions") == before


@pytest.mark.parametrize("uid", [None, "00000000-0000-4000-8000-000000000000"], ids=["deleted", "unknown"])
def test_an_edit_of_what_is_gone_comes_back_to_be_kept_as_new(marit, uid):
    gone = marit.writes(note="appelboom")
    marit.post(f"/entries/{gone}/deletion")
    page = marit.post(f"/entries/{uid or gone}", {"kind": "contact", "note": "perenboom", "version": "1"})
    assert (page.status_code, "perenboom" in page.text, gone in page.text) == (422, True, False)
    assert 'action="/entries"' in page.text


@pytest.mark.parametrize("known", [True, False], ids=["an uid of the family", "a new uid"])
def test_who_left_adds_nothing_and_is_told_so(marit, joins, db, viewer, known):
    joins(marit, "Joost")
    uid, stale = marit.writes(note="appelboom"), viewer(marit)
    draft = replace(as_draft(entries.find(db, stale, uid)), version=None, body={"note": "perenboom"})
    marit.post("/family/leave", {"sure": "y"})
    before = contents(db)
    with pytest.raises(Refused) as refused:
        entries.save(db, stale, draft if known else replace(draft, uid=str(uuid.uuid4())), EVENING)
    assert refused.value.errors["uid"].startswith("Je schrijft niet meer mee")
    assert contents(db) == before


def test_what_was_typed_while_leaving_on_another_device_comes_back(marit, db, viewer, monkeypatch):
    stale = viewer(marit)
    marit.post("/family/leave", {"sure": "y"})
    monkeypatch.setattr(sessions, "viewer", lambda *_: stale)  # as loaded a moment before
    form = {"uid": str(uuid.uuid4()), "kind": "incident", "area": "limit", "note": "appelboom"}
    page = marit.post("/entries", form)
    assert (page.status_code, "appelboom" in page.text, "Je schrijft niet meer mee" in page.text) == (422, True, True)
    told = marit.sync(form).json
    assert (told["saved"], [one["uid"] for one in told["refused"]]) == ([], [form["uid"]])
    assert marit.post("/family/invitations").status_code == 403
    assert db["entry_rows"].count == 0


def test_what_one_wants_to_discuss_is_marked_and_unmarked(marit, db):
    uid = marit.writes()
    marit.post(f"/entries/{uid}/topic", {"discuss": "1"})
    assert "bespreken" in marit.get("/today").text
    marit.post(f"/entries/{uid}/topic", {"discuss": "0"})
    assert (rows(db)[0]["discuss"], rows(db)[0]["version"]) == (0, 1)


# -- gone, and back


def test_what_is_deleted_is_nowhere_and_can_be_brought_back(marit):
    uid = marit.writes(note="appelboom")
    assert uid in marit.get(marit.post(f"/entries/{uid}/deletion").location).text
    for path in ("/today", "/timeline", "/timeline?q=appel", "/days/2026-11-20"):
        assert uid not in marit.get(path).text, path
    for path in ("", "/edit", "/versions"):
        assert marit.get(f"/entries/{uid}{path}").status_code == 404, path
    assert marit.post(f"/entries/{uid}/deletion/undo").status_code == 302
    assert "appelboom" in marit.get(f"/entries/{uid}").text


def test_bringing_back_brings_back_the_versions_too(marit, edits):
    uid = marit.writes(note="appelboom")
    edits(marit, uid, note="perenboom")
    marit.post(f"/entries/{uid}/deletion")
    marit.post(f"/entries/{uid}/deletion/undo")
    assert "appelboom" in marit.get(f"/entries/{uid}/versions").text


def test_deleting_or_bringing_back_twice_is_nothing_to_find(marit):
    uid = marit.writes()
    assert marit.post(f"/entries/{uid}/deletion/undo").status_code == 404
    marit.post(f"/entries/{uid}/deletion")
    assert marit.post(f"/entries/{uid}/deletion").status_code == 404
    marit.post(f"/entries/{uid}/deletion/undo")
    assert marit.post(f"/entries/{uid}/deletion/undo").status_code == 404


def test_after_a_day_it_is_really_gone(marit, db, now):
    uid = marit.writes(note="appelboom")
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=24, seconds=1)
    retention.sweep(db, now())
    assert uid not in marit.get("/deleted").text
    assert marit.post(f"/entries/{uid}/deletion/undo").status_code == 404


def test_only_ones_own_deleted_entries_can_be_brought_back(marit, joins):
    joost, uid = joins(marit, "Joost"), marit.writes(note="appelboom", shared="family")
    marit.post(f"/entries/{uid}/deletion")
    assert uid not in joost.get("/deleted").text
    assert joost.post(f"/entries/{uid}/deletion/undo").status_code == 404


@pytest.mark.parametrize("hours", [1, 25])
def test_what_was_deleted_does_not_come_back_by_being_sent_again(marit, db, now, hours):
    change = {"uid": str(uuid.uuid4()), "kind": "incident", "area": "limit", "note": "appelboom", "change_id": "a"}
    marit.sync(change)
    marit.post(f"/entries/{change['uid']}/deletion")
    now.pass_by(hours=hours)
    retention.sweep(db, now())
    before = rows(db)
    marit.sync(change)
    told = marit.sync(change | {"change_id": "b"}, change | {"change_id": "c", "note": "perenboom", "version": 1})
    assert [set(one["errors"]) for one in told.json["refused"]] == [{"uid"}, {"uid"}]
    del change["change_id"]
    assert marit.post("/entries", change).status_code == 422
    assert rows(db) == before


def test_what_was_typed_into_a_deleted_entry_comes_back_in_the_form(marit, edits):
    uid = marit.writes(note="appelboom")
    marit.post(f"/entries/{uid}/deletion")
    sent = {"uid": uid, "kind": "incident", "area": "limit", "note": "perenboom"}
    answer = marit.post("/entries", sent)
    assert (answer.status_code, "perenboom" in answer.text) == (422, True)


# -- what a row says


def test_a_row_says_no_more_than_it_must(marit, db, viewer):
    marit.writes(**FULL)
    [row] = rows(db)
    plain = {name: value for name, value in row.items() if not isinstance(value, bytes)}
    assert "boom" not in json.dumps(plain)
    assert {name for name, value in row.items() if isinstance(value, bytes)} == {"body", "words", "feeling"}


def test_times_are_honest_about_when_it_was_saved(marit, db, edits, now):
    written = clock.stamp(EVENING - timedelta(days=1))
    marit.sync({"uid": str(uuid.uuid4()), "kind": "contact", "written_at": written})
    now.pass_by(days=1)
    edits(marit, rows(db)[0]["uid"], note="later")
    [row] = rows(db)
    assert (row["written_at"], row["saved_at"]) == (written, clock.stamp(now()))


def test_a_second_dagcheck_of_a_day_goes_on_in_the_first(marit, db):
    marit.post("/entries", {"kind": "checkin", "energy": "3"})
    opened = marit.get("/entries/new?kind=checkin")
    assert opened.location.endswith(f"/entries/{rows(db)[0]['uid']}/edit")


def test_the_dagcheck_of_an_earlier_day_is_written_on_that_day(marit, db):
    fields = form(marit.get("/entries/new?kind=checkin&day=2026-11-18").text)
    marit.post("/entries", fields | {"energy": "3"})
    assert rows(db)[0]["day"] == "2026-11-18"
    again = marit.get("/entries/new?kind=checkin&day=2026-11-18")
    assert again.location.endswith(f"/entries/{rows(db)[0]['uid']}/edit")
    for day in ("2026-11-19", "2026-11-25", "x", "", "0000-00-00"):
        assert marit.get(f"/entries/new?kind=checkin&day={day}").status_code == 200


def test_a_second_weekcheck_of_a_week_goes_on_in_the_first(marit, db, now):
    marit.writes(kind="weekcheck", fun="mostly", child=marit.child())
    now.pass_by(days=2)  # Sunday
    opened = marit.get("/entries/new?kind=weekcheck")
    assert opened.location.endswith(f"/entries/{rows(db)[0]['uid']}/edit")
    now.pass_by(days=1)
    assert marit.get("/entries/new?kind=weekcheck").status_code == 200


def test_with_two_children_a_weekcheck_begins_with_the_one_that_has_none_yet(marit):
    marit.post("/family/children/new", {"name": "Bo"})
    sem, bo = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)
    first = marit.writes(kind="weekcheck", fun="mostly", child=sem)
    assert f'value="{bo}" checked' in marit.get("/entries/new?kind=weekcheck").text
    assert marit.get(f"/entries/new?kind=weekcheck&child={sem}").location.endswith(f"/entries/{first}/edit")


def test_the_weekcheck_of_the_other_parent_is_not_mine_to_go_on_in(marit, joins):
    joost = joins(marit, "Joost")
    marit.writes(kind="weekcheck", fun="mostly", child=marit.child(), shared="family")
    assert joost.get("/entries/new?kind=weekcheck").status_code == 200


def test_a_weekcheck_gives_no_sum_and_says_so(marit):
    assert "geen test" in marit.get("/entries/new?kind=weekcheck").text
    page = marit.get(f"/entries/{marit.writes(kind='weekcheck', at_ease='little', fun='little')}").text
    assert re.search(r"\d", re.search(r'<dl class="facts">([^\0]*?)</dl>', page).group(1)) is None


def test_a_form_opened_before_midnight_and_sent_after_it_means_what_it_said(marit, db, now):
    now.at = datetime(2026, 11, 20, 22, 55, tzinfo=UTC)  # five to midnight
    fields = form(marit.get("/entries/new?kind=incident").text)
    now.pass_by(minutes=20)
    marit.post("/entries", fields | {"area": "limit", "when": "last_evening"})
    assert rows(db)[0]["day"] == "2026-11-19"
    marit.post("/entries", fields | {"area": "limit", "when": "now", "uid": str(uuid.uuid4())})
    assert [row["day"] for row in rows(db)] == ["2026-11-19", "2026-11-21"]
