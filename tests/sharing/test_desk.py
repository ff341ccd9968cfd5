"""The counsellor's desk: her families, what was promised, and notes of her own."""

import re

import pytest

from diary.people import ties
from tests.conftest import contents


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
    assert '<b>Sem</b><span class="family__new">1' in text
    assert f"/counsellor/{anneke.family}/entries/{uid}" in text  # promised
    anneke.get(f"/counsellor/{anneke.family}/entries/{uid}")
    assert "family__new" not in anneke.get("/counsellor").text


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
