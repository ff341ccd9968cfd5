"""The pages of the journal: what a parent meets on the way from a thought to an entry and back."""

import re
import uuid
from datetime import UTC, datetime

import pytest

from diary import store
from diary.journal import entries, terms
from diary.people import children
from tests.persons import PASSWORD

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
CHECKED = re.compile(r"<input([^>]*) checked>")


def checked(page: str) -> dict[str, str]:
    """What is chosen in a form: name → value."""
    tags = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in CHECKED.findall(page)]
    return {tag["name"]: tag["value"] for tag in tags}


def form(page: str) -> str:
    """The form a page is about, without the sheet that lies ready on every page."""
    return page[page.index("<main") : page.index("</main>")]


def offered(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


# -- today


@pytest.mark.parametrize(("hour", "hello"), [(7, "Goedemorgen"), (14, "Goedemiddag"), (20, "Goedenavond")])
def test_today_greets_by_the_clock_of_the_family(marit, now, hour, hello):
    now.at = datetime(2026, 11, 20, hour - 1, tzinfo=UTC)
    marit.signs_in()
    assert f"{hello}, Marit" in marit.get("/today").text


def test_today_asks_after_the_child_by_name(marit):
    assert "met Sem?" in marit.get("/today").text
    marit.post("/family/children/new", {"name": "Bo"})
    assert "met Sem?" not in marit.get("/today").text


def test_today_shows_what_is_of_today_and_what_is_still_to_finish(marit, now):
    stub = marit.writes(stub="1")
    now.pass_by(days=1)
    uid = marit.writes(note="appelboom")
    page = marit.get("/today").text
    assert (f'id="{uid}"' in page, f'id="{stub}"' in page, f"/entries/{stub}/edit" in page) == (True, False, True)


def test_a_stub_of_the_other_parent_is_not_mine_to_finish(marit, joins, now):
    joost, stub = joins(marit, "Joost"), marit.writes(stub="1", shared="family")
    assert (stub in joost.get("/today").text, f"/entries/{stub}/edit" in joost.get("/today").text) == (True, False)
    now.pass_by(days=1)
    assert stub not in joost.get("/today").text


def test_on_sunday_evening_the_week_is_asked_about_until_it_is_there(marit, now):
    def asked() -> bool:
        return "Hoe was jullie week?" in marit.get("/today").text

    now.at = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    assert not asked()
    now.pass_by(hours=2)
    assert asked()
    marit.writes(kind="weekcheck", fun="mostly")
    assert not asked()
    now.pass_by(days=1)
    assert not asked()


# -- writing


@pytest.mark.parametrize(
    ("kind", "field", "choices"),
    [
        ("incident", "area", terms.AREAS),
        ("contact", "what", terms.CONTACTS),
        ("checkin", "energy", terms.ENERGY),
        ("weekcheck", "comforted", terms.OFTEN),
    ],
)
def test_each_kind_has_its_form_and_nothing_but_now_and_private_is_chosen(marit, kind, field, choices):
    page = form(marit.get(f"/entries/new?kind={kind}").text)
    assert offered(page, field) == [str(choice) for choice in choices]
    chosen = {name: value for name, value in checked(page).items() if value}
    assert chosen == {"when": "now", "shared": "me"}


@pytest.mark.parametrize("kind", ["", "?kind=", "?kind=monthcheck", "?kind=../../etc/passwd", "?kind=incident%00"])
def test_what_is_no_kind_leads_to_a_choice(marit, kind):
    answer = marit.get(f"/entries/new{kind}")
    assert (answer.status_code, "Wat gebeurde er?" in answer.text) == (200, True)


def test_a_tap_on_today_comes_along_to_the_form(marit):
    assert checked(marit.get("/entries/new?kind=contact&what=laughed").text)["what"] == "laughed"


def test_the_child_of_the_last_entry_is_proposed(marit):
    marit.post("/family/children/new", {"name": "Bo"})
    sem, bo = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)
    assert checked(marit.get("/entries/new?kind=contact").text)["child"] == sem
    marit.writes(child=bo)
    assert checked(marit.get("/entries/new?kind=contact").text)["child"] == bo


def test_situations_lately_met_come_first(marit):
    for _ in range(2):
        marit.writes(situation="sleeping")
    marit.writes(situation="eating")
    page = marit.get("/entries/new?kind=incident").text
    assert offered(page, "situation_routine")[:2] == ["sleeping", "eating"]
    assert set(offered(page, "situation_routine")) - {""} == set(terms.SITUATIONS["routine"])


def test_every_new_form_has_an_id_of_its_own(marit):
    ids = [offered(marit.get("/entries/new?kind=contact").text, "uid")[0] for _ in range(3)]
    assert len({str(uuid.UUID(one)) for one in ids}) == 3


@pytest.mark.parametrize(("when", "place"), [("now", "/today"), ("yesterday", "/days/2026-11-19")])
def test_saving_leads_to_the_day_it_is_of_and_to_the_entry_itself(marit, when, place):
    answer = marit.post("/entries", {"kind": "contact", "when": when})
    path, _, uid = answer.location.partition("#")
    assert path == place
    page = marit.get(path).text
    assert (f'id="{uid}"' in page, "Bewaard." in page) == (True, True)


def test_it_says_that_it_was_saved_once(marit):
    marit.writes()
    assert 'class="told" role="status"' in marit.get("/today").text
    assert 'class="told" role="status"' not in marit.get("/today").text


# -- what could not be saved


def test_a_form_that_cannot_be_saved_comes_back_with_all_that_was_in_it(marit, db):
    sent = {
        "kind": "incident",
        "note": "appelboom",
        "before": "peren\nboom",
        "feeling": "kersenboom",
        "need": "comfort",
    }
    sent |= {"asso_start": "vijgenboom", "guess": ["sad", "tired"], "age": "veel", "won": "me", "discuss": "1"}
    answer = marit.post("/entries", sent | {"when": "time", "happened_at": "2026-11-31T10:00", "shared": "family"})
    page = answer.text
    assert (answer.status_code, db["entry_rows"].count) == (422, 0)
    for text in ("appelboom", "peren\nboom", "kersenboom", "vijgenboom", 'value="veel"', 'value="2026-11-31T10:00"'):
        assert text in page
    assert page.count('name="guess"') == len(terms.FEELINGS)
    assert checked(form(page)).items() >= {"need": "comfort", "won": "me", "when": "time", "shared": "family"}.items()
    for value in ("sad", "tired"):
        assert f'name="guess" value="{value}" checked' in page


def test_the_sentence_stands_at_the_field_and_the_id_stays(marit):
    uid = str(uuid.uuid4())
    page = marit.post("/entries", {"uid": uid, "kind": "incident", "area": "limit", "age": "19"}).text
    assert re.search(r'id="age"[^>]*aria-invalid="true"', page)
    assert re.search(r'class="wrong" id="age-wrong"', page)
    assert offered(page, "uid") == [uid]


def test_an_edit_that_cannot_be_saved_comes_back_and_can_be_saved_then(marit, db):
    uid = marit.writes(note="appelboom")
    sent = {"kind": "incident", "area": "routine", "note": "perenboom", "version": "1"}
    answer = marit.post(f"/entries/{uid}", sent | {"age": "veel"})
    assert (answer.status_code, "perenboom" in answer.text, offered(answer.text, "version")) == (422, True, ["1"])
    assert marit.post(f"/entries/{uid}", sent | {"age": "4"}).status_code == 302
    assert db["entry_rows"].count == 1


def test_a_form_from_before_a_new_sign_in_can_be_sent_again_by_hand(marit, db):
    drawn = dict(HIDDEN.findall(form(marit.get("/entries/new?kind=contact").text)))
    answer = marit.client.post("/entries", data={**drawn, "csrf_token": "old", "note": 'appel"boom'})
    assert (answer.status_code, db["entry_rows"].count) == (400, 0)
    carried = dict(HIDDEN.findall(form(answer.text)))
    assert carried["note"] == "appel&#34;boom"
    assert marit.client.post("/entries", data=carried | {"note": 'appel"boom'}).status_code == 302


def test_what_one_typed_does_not_go_on_as_anothers_in_the_same_browser(marit, joins, db):
    """Both of the same family, and without scripts: the form itself tells whose it is."""
    joost = joins(marit, "Joost")
    drawn = dict(HIDDEN.findall(form(marit.get("/entries/new?kind=contact").text))) | {"note": "appelboom"}
    marit.post("/logout")
    joost.client = marit.client
    joost.signs_in()
    answer = joost.client.post("/entries", data=drawn)
    assert (answer.status_code, "appelboom" in answer.text) == (400, False)
    assert "van een ander account" in answer.text
    with joost.client.session_transaction() as kept:
        kept["_user_id"] = "ran out"
    page = joost.client.post("/entries", data=drawn).text
    answer = joost.post("/login", dict(HIDDEN.findall(page)) | {"email": joost.email, "password": PASSWORD})
    assert (answer.status_code, db["entry_rows"].count) == (302, 0)


def test_every_form_that_changes_something_says_whose_it_is(marit, viewer):
    uid = marit.writes(area="routine")
    for path in (
        "/today",
        "/settings",
        "/family",
        f"/entries/{uid}",
        f"/entries/{uid}/edit",
        "/asso?situation=eating",
    ):
        page = marit.get(path).text
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
        told = f'name="whose" value="{viewer(marit).uid}"'
        assert forms
        assert [one for one in forms if told not in one and 'id="scribble"' not in one] == [], path
        assert f'form="scribble" {told}' in page or "scribble" not in page


def test_what_another_site_sends_does_not_come_back_as_a_form(marit):
    answer = marit.client.post(
        "/entries", data={"kind": "contact", "note": "appelboom"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, "appelboom" in answer.text) == (403, False)


# -- reading


def test_an_entry_leads_back_to_its_day(marit):
    uid = marit.writes(when="yesterday")
    assert 'href="/days/2026-11-19"' in marit.get(f"/entries/{uid}").text


def test_an_entry_without_earlier_versions_has_no_door_to_them(marit):
    uid = marit.writes(note="appelboom")
    assert f"/entries/{uid}/versions" not in marit.get(f"/entries/{uid}").text
    assert "nog geen eerdere versie" in marit.get(f"/entries/{uid}/versions").text


def test_an_entry_that_does_not_open_is_not_offered_for_editing(marit, db):
    uid = marit.writes(note="appelboom")
    db.execute("update entry_rows set body = x'00'")
    assert "/edit" not in marit.get(f"/entries/{uid}").text
    assert marit.get(f"/entries/{uid}/edit").status_code == 404
    assert marit.post(f"/entries/{uid}/deletion").status_code == 302


def test_lines_of_a_long_text_are_cut_in_lists_and_whole_on_their_page(marit):
    uid = marit.writes(note="boom " * 100 + "einde")
    assert "einde" not in marit.get("/today").text
    assert "einde" in marit.get(f"/entries/{uid}").text


def test_nothing_deleted_says_so(marit):
    assert "Er is niets verwijderd." in marit.get("/deleted").text


def test_what_was_just_deleted_stands_out(marit):
    marit.post(f"/entries/{marit.writes()}/deletion")
    place = marit.post(f"/entries/{marit.writes()}/deletion").location
    assert marit.get(place).text.count("entry--just") == 1


def test_what_was_typed_survives_a_fault_of_ours(marit, monkeypatch, db):
    def fails(*_):
        raise store.OperationalError("disk I/O error")

    token = marit.token()
    typed = {"kind": "incident", "area": "limit", "note": "appelboom <3", "signals": ["clung", "flat"]}
    with monkeypatch.context() as broken:
        broken.setattr(entries, "save", fails)
        broken.setattr(children, "of_family", fails)
        answer = marit.client.post("/entries", data={"csrf_token": token, **typed})
    assert answer.status_code == 500
    assert 'name="note" value="appelboom &lt;3"' in answer.text
    assert answer.text.count('name="signals"') == 2
    assert "Stuur het nog een keer" in answer.text


@pytest.mark.parametrize("page", ["/today", "/timeline", "/timeline?q=zilverstruik", "/days/2026-11-20"])
def test_no_list_calls_mine_alone_what_a_counsellor_reads(marit, shared, page):
    assert ("ik en mijn begeleider" in marit.get(page).text) is True
    marit.post(f"/entries/{shared}/shares/end")
    assert "begeleider</span>" not in marit.get(page).text
    assert "alleen ik" in marit.get(page).text


def test_what_waits_for_a_session_is_still_mine_alone(marit, shared):
    marit.post(f"/entries/{shared}/shares/end")
    marit.post(f"/entries/{shared}/shares", {"step": "session", "version": "1"})
    assert "begeleider</span>" not in marit.get("/today").text
    marit.post(f"/entries/{shared}/shares/open", {"version": "1"})
    assert "ik en mijn begeleider" in marit.get("/today").text


def test_what_is_of_a_child_she_no_longer_counsels_is_mine_alone_again(marit, shared):
    marit.post("/family/children/new", {"name": "Noor"})
    noor = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)[-1]
    tie = re.search(r"/family/counsellors/[\w-]+(?=\")", marit.get("/family").text).group()
    assert marit.post(tie, {"children": noor, "from_day": "2026-11-20", "until_day": ""}).status_code == 302
    assert "begeleider</span>" not in marit.get("/today").text


def test_the_other_parent_is_not_told_what_a_counsellor_reads(marit, joins, anneke):
    uid = marit.writes(note="appelboom", shared="family")
    marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"})
    assert "gezin en begeleider" in marit.get("/today").text
    page = joins(marit, "Joost").get("/today").text
    assert ("appelboom" in page, "begeleider</span>" in page) == (True, False)
