"""The counsellor's desk: her families, what was promised, and notes of her own."""

import re
from html import unescape

import pytest

from diary import clock
from diary.people import ties
from diary.sharing import appointments, cards
from tests.conftest import contents

UID = re.compile(r'<article class="entry" id="([0-9a-f-]{36})"')
FAMILY = re.compile(r'class="family" href="([^"]+)"')
ONWARD = re.compile(r'/entries/([0-9a-f-]{36})">[^<]+›</a>')


@pytest.fixture
def page(anneke):
    return f"/counsellor/{anneke.family}"


def pages(page: str) -> list[str]:
    return [page, f"{page}/entries", f"{page}/notes", f"{page}/plan", f"{page}/plan/new"]


def test_the_desk_names_the_children_of_the_tie_and_what_is_new(anneke, marit, gives):
    assert "nog niets gedeeld" in anneke.get("/counsellor").text
    uid = marit.writes(situation="sleeping")
    gives(marit, uid)
    text = anneke.get("/counsellor").text
    assert '<b>Sem</b><span class="family__new">1 te lezen' in text
    assert "je las hier nog niets" in text
    assert f"/counsellor/{anneke.family}/entries/{uid}" in text  # promised
    anneke.get(f"/counsellor/{anneke.family}/entries/{uid}")
    assert "family__new" not in anneke.get("/counsellor").text


def test_unread_is_told_apart_from_new_since_the_last_visit(anneke, marit, gives, page, now, signs_in_again):
    for _ in range(2):
        gives(marit, marit.writes(situation="sleeping"))
    anneke.get(page)
    assert "je keek hier vandaag" in anneke.get("/counsellor").text
    now.pass_by(days=2)
    gives(marit, marit.writes(situation="eating"))
    signs_in_again(anneke)
    text = anneke.get("/counsellor").text
    assert "3 te lezen" in text
    assert "1 nieuw sinds vr 20 nov" in text


def test_what_a_parent_writes_back_is_new_and_to_read(anneke, marit, gives, page, now):
    uid = marit.writes(situation="sleeping")
    gives(marit, uid)
    anneke.get(f"{page}/entries/{uid}")
    assert UID.findall(anneke.get(f"{page}/entries?unread=1").text) == []
    now.pass_by(minutes=1)
    assert marit.post(f"/entries/{uid}/replies", {"words": "toch nog iets"}).status_code == 302
    assert "1 nieuw sinds je vandaag keek" in anneke.get("/counsellor").text
    assert UID.findall(anneke.get(f"{page}/entries?unread=1").text) == [uid]


def test_whom_one_meets_today_stands_first(anneke, marit, parent, gives, tied, db, viewer, now, tie_of):
    gives(marit, marit.writes(situation="sleeping"))
    hanan = parent("Hanan")
    other = tied(hanan, anneke)
    found = [f"/counsellor/{family}" for family in (anneke.family, other)]
    assert FAMILY.findall(anneke.get("/counsellor").text) == found
    today = clock.today(now(), "Europe/Amsterdam")
    appointments.note(db, viewer(hanan), tie_of(hanan), today, now())
    text = anneke.get("/counsellor").text
    assert FAMILY.findall(text) == found[::-1]
    assert text.count("gesprek vandaag") == 1


def test_all_that_is_new_is_read_one_after_the_other(anneke, marit, gives, page):
    uids = {marit.writes(situation="sleeping") for _ in range(3)}
    for uid in uids:
        gives(marit, uid)
    here, seen = next(iter(uids)), []
    for _ in uids:
        seen.append(here)
        text = anneke.get(f"{page}/entries/{here}").text
        here = ONWARD.search(text)[1]
    assert set(seen) == uids
    assert "Er wachten er nog 2 op antwoord" in text  # all were read, none was answered
    for uid in uids:
        anneke.post(f"{page}/entries/{uid}/replies", {"nod": "seen"})
    assert ONWARD.search(anneke.get(f"{page}/entries/{here}").text) is None


def test_a_promise_of_a_day_is_one_line_that_leads_to_all_of_it(anneke, marit, gives, page):
    uids = [marit.writes(situation="sleeping") for _ in range(5)]
    for uid in uids:
        gives(marit, uid)
    text = anneke.get("/counsellor").text
    assert (text.count('class="promise"'), "en nog 2" in text) == (1, True)
    anneke.post(f"{page}/entries/{uids[0]}/replies", {"nod": "seen"})
    assert set(UID.findall(anneke.get(f"{page}/entries?waits=1").text)) == {*uids[1:]}


def test_long_lists_come_a_page_at_a_time_and_only_what_was_shown_is_logged(
    anneke, marit, gives, page, db, monkeypatch
):
    monkeypatch.setattr(cards, "PAGE", 2)
    uids = {marit.writes(situation="sleeping") for _ in range(5)}
    for uid in uids:
        gives(marit, uid)
    seen, path = [], f"{page}/entries?area=routine"
    while path:
        text = anneke.get(path).text
        logged = {
            row[0] for row in db.execute("select uid from look_objects where look = (select max(seq) from looks)")
        }
        assert "5 teksten" in text
        assert {*UID.findall(text)} == logged
        seen += UID.findall(text)
        more = re.search(r'href="([^"]+first=\d+[^"]*)"', text)
        path = more and unescape(more[1])
    assert (len(seen), set(seen)) == (5, uids)
    for nonsense in ("-1", "x", "9" * 30, "999999"):
        assert anneke.get(f"{page}/entries?first={nonsense}").status_code == 200


def test_what_waits_for_the_session_is_not_counted_yet(anneke, marit, gives):
    gives(marit, marit.writes(situation="sleeping", note="zilverstruik"), step="session")
    text = anneke.get("/counsellor").text + anneke.get(f"/counsellor/{anneke.family}").text
    assert "family__new" not in text
    assert "zilverstruik" not in text


def test_another_counsellor_a_parent_and_a_stranger_find_no_such_family(
    anneke, counsellor, marit, stranger, page, db
):
    other = counsellor("Wouter")
    for path in pages(page):
        assert (other.get(path).status_code, stranger.get(path).status_code) == (404, 302)
        assert marit.get(path).location == "/today"
    before = contents(db, "looks", "sessions")
    for path in ("notes", "plan", "plan/outline", "plan/openings", "plan/pins"):
        fields = {"text": "x", "kind": "touch", "reason": "x", "open": "1", "suggestion": "sleeping-throws-toys"}
        assert other.post(f"{page}/{path}", fields).status_code == 404
        assert marit.post(f"{page}/{path}", fields).status_code == 403
    assert contents(db, "looks", "sessions") == before


def test_a_revoked_tie_closes_every_page_of_an_open_tab(anneke, marit, page, viewer, db, now):
    assert [anneke.get(path).status_code for path in pages(page)] == [200] * 5
    tie = ties.of_family(db, viewer(marit), now())[0]
    ties.revoke(db, viewer(marit), tie.uid, now())
    assert [anneke.get(path).status_code for path in pages(page)] == [404] * 5
    assert "Sem" not in anneke.get("/counsellor").text


def test_notes_are_the_counsellors_alone(anneke, marit, counsellor, tied, page, on_disk):
    assert anneke.post(f"{page}/notes", {"text": "appelboom"}).status_code == 302
    assert "appelboom" in anneke.get(f"{page}/notes").text
    colleague = counsellor("Wouter")
    assert tied(marit, colleague) == anneke.family
    shown = [colleague.get(f"{page}/notes").text, colleague.get(page).text]
    shown += [marit.get(path).text for path in ("/plan", "/sharing", "/sharing/card", "/sharing/log", "/timeline")]
    assert [text for text in shown if "appelboom" in text] == []
    assert 'class="said"' not in shown[0]
    own = re.search(rf"{page}/notes/([\w-]+)/deletion", anneke.get(f"{page}/notes").text).group()
    assert colleague.post(own).status_code == 404
    assert "appelboom" in anneke.get(f"{page}/notes").text
    assert b"appelboom" not in on_disk()


def test_a_note_is_kept_once_changed_and_thrown_away(anneke, page):
    fields = {"uid": "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "text": "eerst"}
    for text in ("eerst", "eerst", "anders"):
        anneke.post(f"{page}/notes", fields | {"text": text})
    text = anneke.get(f"{page}/notes").text
    assert (text.count('class="said"'), "anders" in text) == (1, True)
    assert anneke.post(f"{page}/notes/{fields['uid']}/deletion").status_code == 302
    assert anneke.post(f"{page}/notes/{fields['uid']}/deletion").status_code == 404
    assert "anders" not in anneke.get(f"{page}/notes").text


@pytest.mark.parametrize("text", ["", " ", "x" * 20_001])
def test_a_note_that_cannot_be_kept_comes_back_with_what_was_typed(anneke, page, text):
    answer = anneke.post(f"{page}/notes", {"text": text})
    assert answer.status_code == 422
    assert text in answer.text


def test_a_note_with_a_broken_id_is_kept_as_a_new_one(anneke, page):
    assert anneke.post(f"{page}/notes", {"text": "goed", "uid": "geen uid"}).status_code == 302
    assert "goed" in anneke.get(f"{page}/notes").text


def test_a_family_without_a_word_says_so_kindly(anneke, page):
    text = anneke.get(page).text
    assert "nog niets gedeeld" in text
    assert "Nog niets aangewezen." in text


FULL = "create trigger full before insert on looks begin select raise(abort, 'full'); end"


def test_reading_the_plan_is_a_line_that_the_parents_read(anneke, marit, page, db):
    marit.post("/plan", {"kind": "agreement", "situation": "sleeping", "text": "appelboom"})
    uid = re.search(r"/plan/([0-9a-f-]{36})/accept", anneke.get(f"{page}/plan").text)[1]
    anneke.post(f"{page}/plan/{uid}/accept")
    anneke.get(f"{page}/plan")
    events = [event for (event,) in db.execute("select event from looks where account <> 1 order by seq")]
    assert [event for event in events if event.startswith("plan")] == ["plan_read", "plan", "plan_read"]
    assert "las het plan" in marit.get("/sharing/log").text


def test_without_its_line_there_is_no_plan_and_no_change_of_it(anneke, marit, page, db):
    marit.post("/plan", {"kind": "agreement", "situation": "sleeping", "text": "appelboom"})
    uid = re.search(r"/plan/([0-9a-f-]{36})/accept", anneke.get(f"{page}/plan").text)[1]
    db.execute(FULL)
    before = contents(db, "sessions")
    read = anneke.get(f"{page}/plan")
    assert (read.status_code, "appelboom" in read.text) == (503, False)
    for path, fields in {
        "plan": {"kind": "agreement", "situation": "eating", "text": "kersenbloesem"},
        "plan/outline": {"phase": "contact", "factor_age": "kersenbloesem"},
        "plan/openings": {"kind": "touch", "reason": "kersenbloesem", "open": "1"},
        "plan/pins": {"suggestion": "sleeping-throws-toys", "on": "1"},
        f"plan/{uid}/accept": {},
        f"plan/{uid}/end": {},
        "appointments": {"day": "2026-11-27"},
    }.items():
        answer = anneke.post(f"{page}/{path}", fields)
        assert (path, answer.status_code) == (path, 503)
        assert [value for value in fields.values() if f'value="{value}"' not in answer.text] == []
        assert "niets kwijt" in answer.text
    assert contents(db, "sessions") == before


def test_an_empty_desk_says_what_comes_next(counsellor):
    text = counsellor("Wouter").get("/counsellor").text
    assert "Nog geen gezinnen" in text
    assert "/counsellor/invite" in text
    assert "Antwoord beloofd" not in text


FAMILIES_OWN = {"entry_rows", "shares", "replies", "appointments", "consents", "occurrences", "look_objects"}


def test_no_page_of_sharing_walks_through_what_other_families_have(db, marit, anneke, shared):
    marit.post("/sharing/appointments", {"day": "2026-11-24"})
    card, asked = f"/counsellor/{anneke.family}", set()
    anneke.post(f"{card}/entries/{shared}/replies", {"words": "appelboom"})
    db.conn.set_trace_callback(asked.add)
    for page in ("/counsellor", card, f"{card}/entries?unread=1", f"{card}/entries/{shared}"):
        assert anneke.get(page).status_code == 200
    for page in ("/today", "/sharing", "/sharing/card", "/sharing/log", f"/entries/{shared}"):
        assert marit.get(page).status_code == 200
    db.conn.set_trace_callback(None)
    reads = {sql for sql in asked if sql.lstrip().startswith("select")}
    walked = {
        (step[3], " ".join(sql.split()))
        for sql in reads
        for step in db.execute(f"explain query plan {sql}")
        if step[3].startswith("SCAN") and step[3].split()[1] in FAMILIES_OWN
    }
    assert len(reads) > 50
    assert walked == set()
