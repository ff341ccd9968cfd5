"""The screens of reminding: what rings when, where a notification leads, and what waits on Vandaag."""

import re
from datetime import date, time

import pytest

from diary import clock
from diary.reminders import due, reminding
from tests.conftest import contents
from tests.reminders.test_risks import evenings

DAY = "2026-11-20"


@pytest.fixture
def agreed(db, viewer):
    """What someone agreed to: kind → reminder."""

    def ask(person) -> dict:
        return {one.kind: one for one in reminding.of(db, viewer(person)).reminders}

    return ask


@pytest.fixture
def rings(app, db, now):
    """Lets it be this time of this day, and the clockwork tick."""

    def ring(wall: str, day: str = DAY) -> None:
        now.at = clock.at(date.fromisoformat(day), time.fromisoformat(wall), "Europe/Amsterdam")
        due.plan(db, app.config["VAULT"], now())

    return ring


def agree(person, kind: str, at: str = "20:00", days: str = "1234567", **more):
    return person.post("/reminders", {"kind": kind, "at": at, "days": list(days), **more})


def came(page: str) -> list[str]:
    """What of the reminders on a page waits for an answer."""
    return re.findall(r"/reminders/came/([0-9a-f-]{36})", page)


# -- the agreement


def test_nothing_rings_before_someone_says_yes_and_one_tap_is_enough(marit, agreed):
    page = marit.get("/reminders").text
    assert "Ja, elke avond om 19:30" in page
    assert agreed(marit) == {}
    assert marit.post("/reminders", {"kind": "evening"}).location == "/reminders"
    assert (agreed(marit)["evening"].at, agreed(marit)["evening"].days) == ("19:30", "1234567")
    page = marit.get("/reminders").text
    assert ("Ja, elke avond om 19:30" in page, "19:30, elke dag" in page) == (False, True)


def test_a_yes_sent_twice_is_one_reminder(marit, db):
    marit.post("/reminders", {"kind": "evening"})
    before = contents(db, "sessions", "occurrences")["reminders"]
    marit.post("/reminders", {"kind": "evening"})
    assert len(contents(db)["reminders"]) == len(before)


@pytest.mark.parametrize("kind", ["evening", "contact", "week", "room"])
def test_each_kind_goes_on_at_a_time_and_on_days_and_off_again(marit, agreed, kind):
    agree(marit, kind, "17:15", "25")
    one = agreed(marit)[kind]
    assert (one.at, one.days) == ("17:15", "25")
    assert "17:15, di, vr" in marit.get("/reminders").text
    marit.post(f"/reminders/{one.uid}/time", {"at": "08:00", "days": list("12345")})
    assert "08:00, op werkdagen" in marit.get("/reminders").text
    assert marit.post(f"/reminders/{one.uid}/end").status_code == 302
    assert kind not in agreed(marit)
    assert marit.post(f"/reminders/{one.uid}/end").status_code == 404


def test_a_moment_of_ones_own_has_a_name_that_only_its_owner_reads(marit, joins, agreed, on_disk):
    joost = joins(marit, "Joost")
    agree(marit, "own", "07:45", label="appelboom")
    assert "appelboom" in marit.get("/reminders").text
    assert "appelboom" not in joost.get("/reminders").text
    assert b"appelboom" not in on_disk()
    assert joost.post(f"/reminders/{agreed(marit)['own'].uid}/end").status_code == 404


def test_a_moment_of_ones_own_can_be_called_otherwise(marit, agreed, on_disk):
    agree(marit, "own", "07:45", label="appelboom")
    uid = agreed(marit)["own"].uid
    marit.post(f"/reminders/{uid}/time", {"at": "08:15", "days": "1", "label": " perenboom "})
    one = agreed(marit)["own"]
    assert (one.uid, one.label, one.at, one.days) == (uid, "perenboom", "08:15", "1")
    assert b"perenboom" not in on_disk()
    answer = marit.post(f"/reminders/{uid}/time", {"at": "08:15", "days": "1", "label": ""})
    assert answer.status_code == 422
    assert "Geef het een naam" in answer.text
    assert agreed(marit)["own"].label == "perenboom"


def test_answers_can_be_told_of_again_after_they_were_turned_off(marit, agreed):
    agree(marit, "evening")
    marit.post(f"/reminders/{agreed(marit)['reply'].uid}/end")
    assert 'name="kind" value="reply"' in marit.get("/reminders").text
    marit.post("/reminders", {"kind": "reply"})
    assert "reply" in agreed(marit)


def test_a_moment_may_be_for_the_other_parent_too_who_agreed_to_reminders(marit, joins, agreed, viewer):
    joost = joins(marit, "Joost")
    assert "Ook voor" not in marit.get("/reminders").text
    joost.post("/reminders", {"kind": "evening"})
    uid = re.search(r'name="others" value="([^"]+)"[^>]*><span>Joost', marit.get("/reminders").text).group(1)
    agree(marit, "own", "18:45", label="voorlezen", others=uid)
    assert [agreed(one)["own"].label for one in (marit, joost)] == ["voorlezen", "voorlezen"]
    agree(marit, "own", "17:45", label="wandelen", others=["x", "1", viewer(joost).uid])
    assert "wandelen" not in joost.get("/reminders").text


def test_quiet_hours_and_how_many_are_ones_own_choice(marit, db, viewer):
    marit.post("/reminders/hours", {"quiet_from": "20:00", "quiet_until": "08:00", "most": "1"})
    found = reminding.of(db, viewer(marit))
    assert (found.quiet_from, found.quiet_until, found.most) == ("20:00", "08:00", 1)
    assert "Stille uren: 20:00 tot 08:00" in marit.get("/reminders").text


def test_not_for_a_while_and_again(marit, db, viewer):
    marit.post("/reminders/pause", {"until": "2026-11-27"})
    assert "Er komt niets tot vrijdag 27 november" in marit.get("/reminders").text
    marit.post("/reminders/pause", {"until": ""})
    assert reminding.of(db, viewer(marit)).paused_until is None


def test_not_today_can_be_taken_back(marit, rings, db, viewer):
    agree(marit, "evening")
    rings("20:00")
    marit.post(f"/reminders/came/{came(marit.get('/today').text)[0]}", {"answer": "not_today"})
    assert "Vandaag komt er niets meer" in marit.get("/reminders").text
    marit.post("/reminders/pause", {"until": ""})
    assert reminding.of(db, viewer(marit)).quiet_day is None


WRONG = [
    ("/reminders", {"kind": "evening", "at": "25:00", "days": "1"}, "Kies een tijd"),
    ("/reminders", {"kind": "evening", "at": "", "days": "1"}, "Kies een tijd"),
    ("/reminders", {"kind": "evening", "at": "19:30"}, "Kies minstens één dag"),
    ("/reminders", {"kind": "evening", "at": "19:30", "days": "8"}, "Kies minstens één dag"),
    ("/reminders", {"kind": "evening", "at": "23:00", "days": "1"}, "is het stil"),
    ("/reminders", {"kind": "own", "at": "19:30", "days": "1"}, "Geef het een naam"),
    ("/reminders", {"kind": "own", "at": "19:30", "days": "1", "label": "x" * 61}, "60 tekens"),
    ("/reminders", {"kind": "alarm"}, "kennen we niet"),
    ("/reminders", {"kind": "digest"}, "kennen we niet"),
    ("/reminders", {}, "kennen we niet"),
    ("/reminders/hours", {"quiet_from": "x", "quiet_until": "07:00"}, "Kies een tijd"),
    ("/reminders/pause", {"until": "2026-11-20"}, "Kies een dag die nog komt"),
    ("/reminders/pause", {"until": "morgen"}, "Kies een dag die nog komt"),
]


@pytest.mark.parametrize(("path", "fields", "told"), WRONG)
def test_what_cannot_be_taken_is_said_in_a_sentence_and_changes_nothing(marit, db, path, fields, told):
    before = contents(db, "sessions")
    answer = marit.post(path, fields)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert contents(db, "sessions") == before


def test_what_was_typed_stands_there_again(marit):
    page = marit.post("/reminders", {"kind": "own", "at": "23:10", "days": ["2", "3"], "label": "appelboom"}).text
    own = page[page.index('id="own"') :]
    assert ('value="appelboom"' in own, 'value="23:10"' in own) == (True, True)
    assert re.findall(r'value="(\d)" checked', own)[:2] == ["2", "3"]
    assert 'id="own" open' in page


@pytest.mark.parametrize("path", ["/reminders/x/time", "/reminders/x/end", "/reminders/x/question"])
def test_a_reminder_that_is_nobodys_is_not_found(marit, path):
    assert marit.post(path, {"at": "19:30", "days": "1"}).status_code == 404


# -- where a notification leads


def test_a_notification_leads_to_the_stubs_of_that_day_and_then_its_dagcheck(marit, rings):
    marit.writes(stub="1", happened_at="2026-11-19T16:00")
    stub, whole = marit.writes(stub="1"), marit.writes()
    agree(marit, "evening")
    rings("20:00")
    page = marit.get(f"/reminders/{DAY}").text
    assert re.findall(r"/entries/([0-9a-f-]{36})/edit", page) == [stub]
    assert whole not in page
    assert page.index(stub) < page.index("Hoe was jouw dag?")
    assert "kind=checkin" in page


def test_an_earlier_day_works_too(marit):
    stub = marit.writes(stub="1", happened_at="2026-11-18T16:00")
    page = marit.get("/reminders/2026-11-18").text
    assert (stub in page, "kind=checkin&amp;day=2026-11-18" in page) == (True, True)


def test_a_day_that_has_all_says_so_and_a_day_to_come_asks_nothing(marit):
    marit.writes(kind="checkin", energy="3")
    assert "Deze dag is klaar." in marit.get(f"/reminders/{DAY}").text
    page = marit.get("/reminders/2026-11-25").text
    assert "Hoe was jouw dag?" not in page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("text", ["x", "2026-13-01", "1999-01-01", "%00", "2026-11-20x"])
def test_what_is_no_day_is_not_found(marit, text):
    assert marit.get(f"/reminders/{text}").status_code == 404


def test_the_stub_of_the_other_parent_is_not_there_to_finish(marit, joins):
    joost = joins(marit, "Joost")
    stub = marit.writes(stub="1", shared="family")
    assert stub not in joost.get(f"/reminders/{DAY}").text


def test_a_notification_of_the_diary_that_is_not_open_says_which_to_open(marit, parent, viewer, rings):
    eva = parent("Eva")
    agree(eva, "evening", "20:00")
    eva.post(re.search(r"(/join/[\w-]+)", marit.post("/family/invitations").text).group(1))
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/today").text).group())
    own, theirs = viewer(eva).family_uid, viewer(marit).family_uid
    rings("20:00")
    assert "je andere dagboek" not in eva.get(f"/reminders/{DAY}").text
    eva.post(f"/families/{theirs}/open")
    assert f"/families/{own}/open" in eva.get(f"/reminders/{DAY}").text
    assert "je andere dagboek" not in eva.get("/reminders/2026-11-19").text
    assert "je andere dagboek" not in marit.get(f"/reminders/{DAY}").text
    eva.post(f"/families/{own}/open")
    eva.post(f"/reminders/came/{came(eva.get('/today').text)[0]}", {"answer": "done"})
    eva.post(f"/families/{theirs}/open")
    assert "je andere dagboek" not in eva.get(f"/reminders/{DAY}").text


def test_an_idea_comes_with_a_tip_for_this_child_that_stays_all_day(marit, rings):
    agree(marit, "contact", "19:50")
    rings("19:50")
    first, again = (marit.get(f"/reminders/{DAY}").text for _ in range(2))
    tip = re.search(r'card--contact"[^>]*>\s*<h2>[^<]*</h2>\s*<p>([^<]{20,})</p>', first).group(1)
    assert tip in again


def test_ahead_of_a_hard_moment_the_words_are_one_tap_away_and_come_first(marit, rings, agreed):
    evenings(marit, "20:20", "20:20", "20:20", child=marit.child())
    marit.writes(stub="1")
    uid = re.search(r"/reminders/risks/([0-9a-f-]{36})", marit.get("/reminders").text).group(1)
    marit.post(f"/reminders/risks/{uid}", {"answer": "accepted", "at": "19:55"})
    assert agreed(marit)["risk"].at == "19:55"
    rings("19:55")
    page = marit.get(f"/reminders/{DAY}").text
    link = re.search(r'href="(/asso\?[^"]*)"', page).group(1).replace("&amp;", "&")
    assert page.index("/asso?") < page.index("krabbel om af te maken")
    assert all(part in link for part in ("situation=sleeping", "moment=before", f"child={marit.child()}"))
    assert 'class="step-asso__say"' in marit.get(link).text


# -- what waits on Vandaag


def test_who_has_settled_in_is_asked_once_whether_an_evening_moment_would_help(marit, agreed, now):
    assert "Een vast moment ’s avonds?" not in marit.get("/today").text
    now.pass_by(days=1, minutes=1)
    assert "Een vast moment ’s avonds?" in marit.get("/today").text
    assert marit.post("/reminders/none").location == "/today"
    assert "Een vast moment ’s avonds?" not in marit.get("/today").text
    assert agreed(marit) == {}


def test_a_yes_on_vandaag_is_the_evening_reminder(marit, agreed, now):
    now.pass_by(days=1, minutes=1)
    marit.post("/reminders", {"kind": "evening"})
    assert agreed(marit)["evening"].at == "19:30"
    assert "Een vast moment ’s avonds?" not in marit.get("/today").text


def test_vandaag_shows_what_rang_today_until_it_is_answered(marit, rings):
    agree(marit, "evening", "20:00")
    assert came(marit.get("/today").text) == []
    rings("20:00")
    [uid] = came(marit.get("/today").text)
    assert marit.post(f"/reminders/came/{uid}", {"answer": "done"}).location == "/today"
    assert came(marit.get("/today").text) == []
    marit.post(f"/reminders/came/{uid}", {"answer": "done"})
    assert came(marit.get("/today").text) == []


def test_two_that_rang_are_one_card_and_the_later_of_them(marit, rings):
    agree(marit, "contact", "19:45")
    agree(marit, "evening", "20:00")
    rings("19:45")
    [first] = came(marit.get("/today").text)
    rings("20:00")
    [second] = came(marit.get("/today").text)
    assert second != first


def test_yesterdays_waits_no_longer(marit, rings, now):
    agree(marit, "evening", "20:00")
    rings("20:00")
    now.pass_by(days=1)
    assert came(marit.get("/today").text) == []


@pytest.mark.parametrize("answer", ["", "opened!", "never"])
def test_an_answer_that_is_none_changes_nothing_and_says_so(marit, db, rings, answer):
    agree(marit, "evening", "20:00")
    rings("20:00")
    [uid] = came(marit.get("/today").text)
    before = contents(db, "sessions")
    assert marit.post(f"/reminders/came/{uid}", {"answer": answer}).status_code == 302
    assert contents(db, "sessions") == before
    assert "Dit antwoord kennen we niet" in marit.get("/today").text
    assert marit.post("/reminders/came/x", {"answer": "done"}).status_code == 404


def test_in_a_while_is_once_and_then_it_stands_here_without(marit, rings):
    agree(marit, "evening", "20:00")
    rings("20:00")
    [uid] = came(marit.get("/today").text)
    marit.post(f"/reminders/came/{uid}", {"answer": "later"})
    assert came(marit.get("/today").text) == []
    rings("20:31")
    page = marit.get("/today").text
    assert came(page) == [uid]
    assert ('value="later"' in page, 'value="not_today"' in page) == (False, True)


def test_what_was_done_before_it_rang_does_not_ring(marit, rings, agreed):
    agree(marit, "own", "20:00", label="voorlezen")
    uid = agreed(marit)["own"].uid
    for _ in range(2):
        assert marit.post(f"/reminders/{uid}/done").status_code == 302
    rings("20:00")
    assert came(marit.get("/today").text) == []
    assert "20:00 · gedaan" in marit.get("/reminders").text
    assert marit.post("/reminders/x/done").status_code == 404


def test_what_rang_for_one_parent_is_nothing_to_another(marit, joins, parent, rings):
    joost, eva = joins(marit, "Joost"), parent("Eva")
    agree(marit, "evening", "20:00")
    rings("20:00")
    [uid] = came(marit.get("/today").text)
    for other in (joost, eva):
        assert came(other.get("/today").text) == []
        assert other.post(f"/reminders/came/{uid}", {"answer": "done"}).status_code == 404


def test_what_did_not_arrive_is_said_with_what_to_do_and_is_not_the_parents_doing(marit, db, rings, now):
    agree(marit, "evening", "20:00")
    rings("20:00")
    db.execute("update occurrences set state = 'failed'")
    assert "kwam niet op je telefoon of in je mail aan" in marit.get("/today").text
    now.pass_by(days=1, hours=-2)
    assert "Je laatste herinnering kwam niet aan" in marit.get("/today").text
    page = marit.get("/reminders").text
    assert ("niet aangekomen" in page, "Dat ligt niet aan jou" in page) == (True, True)


def test_what_came_lately_is_told_in_words(marit, db, rings):
    agree(marit, "evening", "20:00")
    rings("20:00")
    for state, word in {
        "sent": "gekomen",
        "failed": "niet aangekomen",
        "silent": "je had het al gedaan",
        "missed": "gemist",
    }.items():
        db.execute("update occurrences set state = :state", {"state": state})
        assert word in marit.get("/reminders").text


def test_a_reminder_that_was_left_alone_asks_once_what_would_fit(marit, db, agreed):
    agree(marit, "evening", "20:00")
    for answer in ("halved", "whole", "pause"):
        db.execute("update reminders set halved = 1, asked_at = '2026-11-20T18:00:00.000Z' where kind = 'evening'")
        assert "Past deze herinnering nog?" in marit.get("/today").text
        marit.post(f"/reminders/{agreed(marit)['evening'].uid}/question", {"answer": answer})
        assert "Past deze herinnering nog?" not in marit.get("/today").text
        assert agreed(marit)["evening"].halved == (answer == "halved")
    assert "Er komt niets tot vrijdag 27 november" in marit.get("/reminders").text


def test_what_was_done_after_it_rang_is_answered_by_that(marit, rings, agreed):
    agree(marit, "own", "20:00", label="voorlezen")
    rings("20:00")
    assert len(came(marit.get("/today").text)) == 1
    marit.post(f"/reminders/{agreed(marit)['own'].uid}/done")
    assert came(marit.get("/today").text) == []


# -- an offer to be ahead


@pytest.fixture
def offer(marit) -> str:
    evenings(marit, "19:08", "19:12", "19:10", "12:00", "07:00", child=marit.child())
    return re.search(r"/reminders/risks/([0-9a-f-]{36})", marit.get("/today").text).group(1)


def test_an_offer_gives_its_reason(marit, offer):
    page = re.sub(r"\s+", " ", marit.get("/today").text)
    assert "Wil je om 18:50 een idee?" in page
    assert "3 van de 5 keer lastig rond 19:10: <b>naar bed en slapen</b>" in page


@pytest.mark.parametrize("answer", ["accepted", "declined", "later"])
def test_an_offer_that_was_answered_is_gone_and_a_second_answer_is_harmless(marit, agreed, offer, answer):
    for _ in range(2):
        assert marit.post(f"/reminders/risks/{offer}", {"answer": answer}).status_code == 302
    assert offer not in marit.get("/today").text
    assert ("risk" in agreed(marit)) == (answer == "accepted")


def test_an_offer_at_a_quiet_hour_is_refused_in_its_own_card(marit, agreed, offer):
    answer = marit.post(f"/reminders/risks/{offer}", {"answer": "accepted", "at": "23:00"})
    assert (answer.status_code, "is het stil" in answer.text, 'value="23:00"' in answer.text) == (422, True, True)
    assert agreed(marit) == {}


def test_the_offer_of_one_family_is_nothing_to_another(parent, agreed, offer):
    eva = parent("Eva")
    assert offer not in eva.get("/today").text
    eva.post(f"/reminders/risks/{offer}", {"answer": "accepted"})
    assert agreed(eva) == {}


def test_who_may_need_people_is_told_so_before_any_tip(marit):
    evenings(marit, "19:10", "19:10", "19:10", situation="self_harm")
    page = marit.get("/reminders").text
    assert page.index("Bespreek het ook met je begeleider") < page.index("Ja, graag")


def test_looking_changes_nothing(marit, db, rings, offer):
    agree(marit, "evening", "20:00")
    rings("20:00")
    marit.get("/today")
    before = contents(db)
    for path in ("/today", "/reminders", f"/reminders/{DAY}", "/reminders/2026-11-18", "/settings"):
        assert marit.get(path).status_code == 200
    assert contents(db) == before
