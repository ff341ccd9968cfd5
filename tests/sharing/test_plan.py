"""The plan's pages, for parents and for the counsellor."""

import re

import pytest

from diary.asso import openings, pins, plans
from tests.conftest import contents

SUGGESTIONS = "one", "other"
SAID = {"kind": "agreement", "situation": "sleeping", "text": "zilverstruik", "say": "ik ben hier"}


@pytest.fixture
def page(anneke):
    return f"/counsellor/{anneke.family}/plan"


def uid_of(text: str) -> str:
    return re.search(r"/plan/([0-9a-f-]{36})/", text).group(1)


def test_who_is_alone_at_the_table_is_told_that_it_holds_at_once(marit, joins):
    assert "het geldt meteen" in marit.get("/plan/new").text
    joins(marit, "Joost")
    page = marit.get("/plan/new").text
    assert "het geldt meteen" not in page
    assert "zodra een ander het ook goed vindt" in page


def test_a_parent_proposes_and_the_counsellor_agrees(marit, anneke, page):
    assert marit.post("/plan", SAID).status_code == 302
    text = anneke.get(page).text
    assert "Voorstel: afspraak" in text
    assert anneke.post(f"{page}/{uid_of(text)}/accept").status_code == 302
    assert "Voorstel" not in marit.get("/plan").text
    assert "zilverstruik" in marit.get("/asso?situation=sleeping").text


def test_vandaag_tells_of_a_proposal_until_it_is_answered(marit, anneke, page):
    marit.post("/plan", SAID)
    assert "voorstel voor jullie plan" not in marit.get("/today").text  # her own
    anneke.post(page, SAID | {"situation": "eating"})
    assert "Er ligt een voorstel voor jullie plan" in marit.get("/today").text
    uid = re.search(r"/plan/([0-9a-f-]{36})/accept", marit.get("/plan").text).group(1)
    marit.post(f"/plan/{uid}/accept")
    assert "voorstel voor jullie plan" not in marit.get("/today").text


def test_a_parent_changes_the_familys_own_and_the_counsellor_does_not(marit, anneke, page):
    marit.post("/plan", SAID)
    uid = uid_of(marit.get("/plan").text)
    anneke.post(f"{page}/{uid}/accept")
    assert anneke.get(f"{page}/{uid}/edit").status_code == 404
    assert anneke.post(f"{page}/{uid}", SAID | {"text": "anders"}).status_code == 404
    assert 'value="sleeping" selected' in marit.get(f"/plan/{uid}/edit").text
    assert marit.post(f"/plan/{uid}", SAID | {"text": "anders"}).status_code == 302
    assert "anders" in anneke.get(page).text


def test_a_parent_does_not_change_what_the_counsellor_proposed(marit, anneke, page):
    anneke.post(page, SAID)
    uid = uid_of(marit.get("/plan").text)
    assert marit.get(f"/plan/{uid}/edit").status_code == 404
    marit.post(f"/plan/{uid}/accept")
    assert marit.post(f"/plan/{uid}", SAID | {"text": "anders"}).status_code == 404
    assert marit.post(f"/plan/{uid}/end").status_code == 302
    assert marit.post(f"/plan/{uid}/end").status_code == 404
    assert "zilverstruik" not in marit.get("/plan").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"situation": ""},
        {"situation": "x"},
        {"text": ""},
        {"text": "x" * 2001},
        {"area": "x"},
        {"child": "x"},
        {"kind": "x"},
        {"uid": "x"},
    ],
)
def test_what_cannot_be_agreed_comes_back_with_all_that_was_typed(marit, db, wrong):
    before = contents(db)
    answer = marit.post("/plan", SAID | wrong)
    assert answer.status_code == 422
    assert "ik ben hier" in answer.text
    assert contents(db) == before


def test_a_fourth_goal_is_refused_in_words(marit):
    for n in range(3):
        assert marit.post("/plan", {"kind": "goal", "text": f"punt {n}"}).status_code == 302
    answer = marit.post("/plan", {"kind": "goal", "text": "te veel"})
    assert answer.status_code == 422
    assert "drie werkpunten" in answer.text
    assert "te veel" in answer.text


def test_the_family_next_door_finds_nothing(marit, parent):
    marit.post("/plan", SAID)
    uid, eva = uid_of(marit.get("/plan").text), parent("Eva")
    assert "zilverstruik" not in eva.get("/plan").text
    for path in ("", "/accept", "/end"):
        assert eva.post(f"/plan/{uid}{path}", SAID).status_code == 404
    assert eva.get(f"/plan/{uid}/edit").status_code == 404


def test_the_counsellor_keeps_the_outline_and_the_parents_read_it(marit, anneke, page):
    fields = {
        "version": "0",
        "phase": "contact",
        "band": "wide",
        "met_there": "partly",
        "note_there": "samen bekeken",
    }
    assert anneke.post(f"{page}/outline", fields | {"factor_help": "oma Ria"}).status_code == 302
    text = marit.get("/plan").text
    assert [word for word in ("Contact voorop", "samen bekeken", "oma Ria") if word not in text] == []
    stale = anneke.post(f"{page}/outline", fields | {"factor_help": "kersenboom"})
    assert stale.status_code == 422
    assert "kersenboom" in stale.text


def test_what_is_wrong_is_said_once(marit):
    page = marit.post("/plan", SAID | {"situation": ""}).text
    assert page.count('id="situation-wrong"') == 1


@pytest.mark.parametrize("wrong", [{"phase": "x"}, {"band": "x"}, {"met_there": "x"}, {"version": "-1"}])
def test_an_outline_that_cannot_be_kept_comes_back(anneke, page, wrong):
    answer = anneke.post(f"{page}/outline", {"factor_help": "oma Ria", **wrong})
    assert answer.status_code == 422
    assert "oma Ria" in answer.text


def test_a_closed_group_opens_with_a_reason_that_the_parents_read(marit, anneke, page):
    anneke.post(f"{page}/openings", {"kind": "touch", "open": "1", "reason": " "})
    assert "Je begeleider opende" not in marit.get("/plan").text
    anneke.post(f"{page}/openings", {"kind": "touch", "open": "1", "reason": "hij zoekt de bank op"})
    assert "hij zoekt de bank op" in marit.get("/plan").text
    anneke.post(f"{page}/openings", {"kind": "touch", "open": "0"})
    assert "hij zoekt de bank op" not in marit.get("/plan").text
    assert anneke.post(f"{page}/openings", {"kind": "x", "open": "1"}).status_code == 404


def test_the_parents_read_in_the_log_that_their_counsellor_worked_on_the_plan(marit, anneke, page, db):
    def lines() -> int:
        return db.execute("select count(*) from looks where event = 'plan'").fetchone()[0]

    marit.post("/plan", SAID)
    assert lines() == 0
    anneke.post(page, SAID | {"situation": "eating"})
    assert "Van Anneke" in marit.get("/plan").text
    anneke.post(f"{page}/openings", {"kind": "touch", "open": "1", "reason": "nu"})
    anneke.post(f"{page}/outline", {"phase": "contact"})
    anneke.post(f"{page}/pins", {"suggestion": "sleeping-throws-toys", "on": "1"})
    assert lines() == 4
    assert "werkte aan het plan" in marit.get("/sharing/log").text


def test_a_pinned_suggestion_stands_on_the_parents_plan(marit, anneke, page):
    fields = {"suggestion": "sleeping-throws-toys", "child": marit.child()}
    anneke.post(f"{page}/pins", fields | {"on": "1"})
    assert "/asso/sleeping-throws-toys" in marit.get("/plan").text
    anneke.post(f"{page}/pins", fields | {"on": "0"})
    assert "/asso/sleeping-throws-toys" not in marit.get("/plan").text
    assert anneke.post(f"{page}/pins", {"suggestion": "x", "on": "1"}).status_code == 404


def test_what_is_closed_is_not_offered_to_pin(anneke, page):
    assert "waking-has-done-it-all" not in anneke.get(page).text
    anneke.post(f"{page}/openings", {"kind": "taking_over", "open": "1", "reason": "nu"})
    assert "waking-has-done-it-all" in anneke.get(page).text


def test_a_parent_at_the_table_writes_no_plan_and_opens_no_group(db, marit, anneke, page, viewer, now):
    anneke.post(f"{page}/openings", {"kind": "touch", "open": "1", "reason": "nu"})
    before = contents(db)
    assert not openings.unlock(db, viewer(marit), "taking_over", "zelf", now())
    assert not openings.lock(db, viewer(marit), "touch", now())
    plans.save(db, viewer(marit), plans.Plan(phase="keep"), now())
    assert contents(db) == before


def test_a_counsellor_finds_nothing_of_a_child_that_the_tie_is_not_about(db, marit, anneke, page, viewer, visit, now):
    marit.post("/family/children/new", {"name": "Noor"})
    noor = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)[-1]
    marit.post("/plan", SAID | {"child": noor})
    uid = uid_of(marit.get("/plan").text)
    mine, hers = SUGGESTIONS
    for suggestion, child in ((mine, 1), (hers, 2)):
        pins.pin(db, viewer(marit), suggestion, child, now())
    text, before = anneke.get(page).text, contents(db)
    assert [word for word in ("zilverstruik", uid, "Noor") if word in text] == []
    for path in ("", "/accept", "/end"):
        assert anneke.post(f"{page}/{uid}{path}", SAID).status_code == 404
    assert contents(db) == before
    assert [pin["suggestion"] for pin in pins.of(db, viewer(marit))] == [mine, hers]
    assert [pin["suggestion"] for pin in pins.of(db, visit(anneke, anneke.family))] == [mine]
