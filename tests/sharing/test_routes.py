"""Sharing through the pages, from the first tap to the answer."""

import re
import uuid
from html import unescape

import pytest

from diary import store
from diary.people import ties
from diary.reminders import due
from diary.sharing import cards, overview
from tests.persons import Person


@pytest.fixture
def shared(marit, anneke) -> str:
    """An entry of Marit's that Anneke may read now."""
    uid = marit.writes(note="zilverstruik", feeling="goudregen", child=marit.child())
    assert share(marit, uid).status_code == 302
    return uid


def share(parent: Person, uid: str, **fields):
    version = re.search(r'name="version" value="(\d+)"', parent.get(f"/entries/{uid}/share").text).group(1)
    return parent.post(f"/entries/{uid}/shares", {"step": "now", "version": version, **fields})


def page(anneke, uid: str) -> str:
    return anneke.get(f"/counsellor/{anneke.family}/entries/{uid}")


def test_what_a_parent_shares_is_on_the_counsellors_page(anneke, shared):
    answer = page(anneke, shared)
    assert answer.status_code == 200
    assert "zilverstruik" in answer.text
    assert "goudregen" not in answer.text


def test_the_preview_is_what_the_counsellor_reads(marit, anneke):
    uid = marit.writes(note="zilverstruik", feeling="goudregen", situation="eating", child=marit.child())
    before = article(marit.get(f"/entries/{uid}/share").text)
    share(marit, uid)
    assert article(page(anneke, uid).text) == before
    assert article(marit.get(f"/entries/{uid}/share?shared=1").text) == before


def article(text: str) -> str:
    return re.search(r'<article class="card".*?</article>', text, re.DOTALL).group().replace("h2", "h1")


def test_a_feeling_goes_along_only_when_it_was_ticked(marit, anneke):
    uid = marit.writes(note="zilverstruik", feeling="goudregen")
    assert "goudregen" not in article(marit.get(f"/entries/{uid}/share").text)
    before = marit.get(f"/entries/{uid}/share?feeling=1").text
    assert "goudregen" in article(before)
    assert 'name="feeling" value="1"' in before
    share(marit, uid, feeling="1")
    assert article(page(anneke, uid).text) == article(before)


def test_a_feeling_is_taken_out_in_one_tap_and_the_rest_stays_as_it_was(marit, anneke, db):
    uid = marit.writes(note="zilverstruik", feeling="goudregen")
    share(marit, uid, feeling="1")
    page(anneke, uid)
    marit.post(f"/entries/{uid}", {"kind": "incident", "area": "limit", "note": "later geschreven", "version": "1"})
    assert "Haal mijn gevoel eruit" in marit.get(f"/entries/{uid}").text
    for _ in range(2):
        assert marit.post(f"/entries/{uid}/shares/feeling/end").status_code == 302
    text = page(anneke, uid).text
    assert ("zilverstruik" in text, "goudregen" in text, "later geschreven" in text) == (True, False, False)
    with_it, without = store.rows(db, "select * from shares order by id")
    assert (with_it["feeling"], without["feeling"]) == (1, 0)
    assert with_it["taken_at"]
    assert {name for name in with_it if with_it[name] != without[name]} == {"id", "feeling", "taken_at"}


def test_the_consequence_stands_at_the_button(marit, anneke):
    uid = marit.writes(note="zilverstruik")
    text = marit.get(f"/entries/{uid}/share").text
    assert "Een ouder met gezag over je kind mag de praktijk om dat dossier vragen." in text
    assert text.index("ouder met gezag") < text.index('value="session"') < text.index('value="now"')


def test_giving_takes_two_taps_and_taking_back_one(marit, anneke, shared):
    text = marit.get(f"/entries/{shared}").text
    end = re.search(rf'action="(/entries/{shared}/shares/end)"', text).group(1)
    assert marit.post(end).status_code == 302
    assert page(anneke, shared).status_code == 404


def test_what_was_taken_back_while_it_was_read_leads_to_the_desk_and_not_to_a_diary(marit, anneke, shared):
    marit.post(f"/entries/{shared}/shares/end")
    gone = page(anneke, shared)
    assert (gone.status_code, "Vandaag" in gone.text, "Naar het begin" in gone.text) == (404, False, True)


def test_an_edit_in_between_is_not_shared_unseen(marit, anneke):
    uid = marit.writes(note="eerst")
    marit.sync({"uid": uid, "kind": "incident", "area": "limit", "note": "later", "version": 1})
    answer = marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"})
    assert "/share" in answer.location
    assert page(anneke, uid).status_code == 404


def test_after_an_edit_the_parent_is_asked_and_the_counsellor_reads_the_old_text(marit, anneke, shared):
    marit.sync({"uid": shared, "kind": "incident", "area": "limit", "note": "rozenstruik", "version": 1})
    text = marit.get(f"/entries/{shared}").text
    assert "Je hebt het daarna aangepast; Anneke leest de tekst van vr 20 nov." in text
    assert "zilverstruik" in page(anneke, shared).text
    assert "zilverstruik" in article(marit.get(f"/entries/{shared}/share?shared=1").text)
    share(marit, shared)
    assert "rozenstruik" in page(anneke, shared).text


def test_what_is_shared_stands_by_day_with_the_latest_first_and_a_way_to_the_rest(
    marit, anneke, gives, now, monkeypatch
):
    monkeypatch.setattr(overview, "LATEST", 3)
    monkeypatch.setattr(cards, "PAGE", 2)
    uids = []
    for _ in range(3):
        for _ in range(2):
            uids.append(marit.writes(situation="sleeping"))
            gives(marit, uids[-1])
        now.pass_by(days=1)
    text = marit.get("/sharing").text
    assert re.findall(r"Gedeeld (\w+ \d+ \w+)", text) == ["zo 22 nov", "za 21 nov"]
    assert {uid for uid in uids if uid in text} == {*uids[3:]}
    assert "nog 3 teksten van eerder" in text
    path, seen = re.search(r'href="(/sharing/card/entries[^"]+)"', text)[1], []
    while path:
        text = marit.get(path).text
        seen += re.findall(r'<article class="entry" id="([0-9a-f-]{36})"', text)
        more = re.search(r'href="([^"]+first=\d+[^"]*)"', text)
        path = more and unescape(more[1])
    assert (len(seen), {*seen}) == (6, {*uids})


def test_the_contract_says_shared_read_and_by_when(marit, anneke, shared, now):
    assert (
        "gedeeld vr 20 nov · nog niet gelezen · antwoord uiterlijk wo 25 nov" in marit.get(f"/entries/{shared}").text
    )
    now.pass_by(minutes=5)
    assert "gelezen vr 20 nov" in page(anneke, shared).text
    text = marit.get(f"/entries/{shared}").text
    assert "gedeeld vr 20 nov · gelezen vr 20 nov · antwoord uiterlijk wo 25 nov" in text
    assert "Dit wordt niet direct gevolgd. Bij nood:" in text
    assert 'href="/help"' in text


def test_a_promise_that_passed_is_said_without_blame(marit, anneke, shared, now):
    now.pass_by(days=6)
    assert "antwoord was beloofd voor wo 25 nov" in marit.get(f"/entries/{shared}").text


def test_one_tap_answers_and_the_parent_hears_that_something_waits(marit, anneke, shared):
    path = f"/counsellor/{anneke.family}/entries/{shared}/replies"
    assert anneke.post(path, {"nod": "well_done", "uid": str(uuid.uuid4())}).status_code == 302
    assert "Eén nieuw antwoord" in marit.get("/today").text
    assert "er wacht een antwoord" in marit.get("/timeline").text
    text = marit.get(f"/entries/{shared}").text
    assert "Knap gedaan" in text
    assert "beantwoord vr 20 nov" in text
    assert "antwoord uiterlijk" not in text
    marit.post(f"/entries/{shared}/replies/read")
    assert "Eén nieuw antwoord" not in marit.get("/today").text


def test_an_answer_that_was_read_does_not_ring_any_more(db, marit, anneke, shared):
    marit.post("/reminders", {"kind": "evening"})
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"nod": "seen", "uid": str(uuid.uuid4())})
    rings = "select next_at from reminders where kind = 'reply'"
    [(at,)] = db.execute(rings).fetchall()
    assert at is not None
    marit.post(f"/entries/{shared}/replies/read")
    assert db.execute(rings).fetchall() == [(None,)]


def test_a_notification_of_an_answer_leads_to_the_entry_itself(app, db, marit, anneke, shared, now):
    marit.post("/reminders", {"kind": "evening"})
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"nod": "seen"})
    due.plan(db, app.config["VAULT"], now())
    assert f"/entries/{shared}#sharing" in marit.get("/reminders/2026-11-20").text
    assert "/reminders/came/" not in marit.get("/today").text
    marit.post(f"/entries/{shared}/replies/read")
    assert f"/entries/{shared}#sharing" not in marit.get("/reminders/2026-11-20").text


def test_looking_at_an_answer_changes_nothing(db, marit, anneke, shared):
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"nod": "seen"})
    before = store.rows(db, "select * from replies")
    marit.get(f"/entries/{shared}")
    assert store.rows(db, "select * from replies") == before


def test_both_write_in_one_thread(marit, anneke, shared):
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "Hoe ging het daarna?"})
    marit.post(f"/entries/{shared}/replies", {"words": "Beter, dank je."})
    for text in (marit.get(f"/entries/{shared}").text, page(anneke, shared).text):
        assert text.index("Hoe ging het daarna?") < text.index("Beter, dank je.")


def test_an_answer_that_is_sent_twice_is_kept_once(db, anneke, shared):
    sent = {"words": "Hoe ging het daarna?", "uid": str(uuid.uuid4())}
    for _ in range(2):
        anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", sent)
    assert db["replies"].count == 1
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", sent | {"words": "Nog iets."})
    assert db["replies"].count == 2


def test_words_are_sealed(app, db, anneke, marit, shared, on_disk):
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "vlinderstruik"})
    marit.post(f"/entries/{shared}/replies", {"words": "lavendelstruik"})
    assert b"vlinderstruik" not in on_disk()
    assert b"lavendelstruik" not in on_disk()


@pytest.mark.parametrize("fields", [{}, {"words": " "}, {"nod": "hoera"}, {"words": "x" * 4001}])
def test_an_answer_that_is_no_answer_comes_back(db, marit, anneke, shared, fields):
    for person, path in (
        (anneke, f"/counsellor/{anneke.family}/entries/{shared}/replies"),
        (marit, f"/entries/{shared}/replies"),
    ):
        answer = person.post(path, fields)
        assert answer.status_code == 422
        assert fields.get("words", "").strip() in answer.text
    assert db["replies"].count == 0


def test_what_was_typed_to_something_taken_back_is_shown_again(marit, anneke, shared):
    marit.post(f"/entries/{shared}/shares/end")
    answer = anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "vlinderstruik"})
    assert answer.status_code == 404
    assert "vlinderstruik" in answer.text
    answer = marit.post(f"/entries/{shared}/replies", {"words": "lavendelstruik"})
    assert answer.status_code == 422
    assert "lavendelstruik" in answer.text


def test_what_was_typed_to_who_left_meanwhile_is_shown_again_and_to_nobody_else(
    db, counsellor, tied, marit, anneke, shared, viewer, now
):
    tied(marit, counsellor("Bram"))
    to, bram = (one.uid for one in ties.reading(db, viewer(marit), now()))
    share(marit, shared, counsellor=bram)
    ties.revoke(db, viewer(marit), to, now())
    answer = marit.post(f"/entries/{shared}/replies", {"words": "lavendelstruik", "counsellor": to})
    assert answer.status_code == 422
    assert answer.text.count("lavendelstruik") == 1
    assert "lavendelstruik</textarea>" not in answer.text


def test_a_counsellor_takes_words_back_within_ten_minutes(db, marit, anneke, shared, now):
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "vlinderstruik"})
    path = re.search(r'action="(/counsellor/[^"]+/withdraw)"', page(anneke, shared).text).group(1)
    assert marit.post(path).status_code == 403
    now.pass_by(minutes=9)
    assert anneke.post(path).status_code == 302
    assert anneke.post(path).status_code == 404
    assert "vlinderstruik" not in marit.get(f"/entries/{shared}").text


def test_after_ten_minutes_words_stay(anneke, marit, shared, now):
    anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies", {"words": "vlinderstruik"})
    path = re.search(r'action="(/counsellor/[^"]+/withdraw)"', page(anneke, shared).text).group(1)
    now.pass_by(minutes=10)
    assert anneke.post(path).status_code == 404
    assert "vlinderstruik" in marit.get(f"/entries/{shared}").text


def test_the_practice_says_what_it_took_over(marit, anneke, shared):
    for _ in range(2):
        assert anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/filing").status_code == 302
    assert "in het dossier sinds vr 20 nov" in marit.get(f"/entries/{shared}").text


def test_a_session_is_noted_and_opens_what_waits(marit, anneke, now, signs_in_again):
    uid = marit.writes(note="zilverstruik")
    share(marit, uid, step="session")
    assert "opent bij het gesprek; er is nog geen dag" in marit.get(f"/entries/{uid}").text
    assert marit.post("/sharing/appointments", {"day": "2026-11-24"}).status_code == 302
    assert "opent bij het gesprek, di 24 nov" in marit.get("/sharing").text
    assert page(anneke, uid).status_code == 404
    now.pass_by(days=4)
    signs_in_again(anneke)
    assert "open sinds het gesprek van di 24 nov" in page(anneke, uid).text


@pytest.mark.parametrize("day", ["", "morgen", "2026-11-19", "2028-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_asked_again(db, marit, anneke, day):
    assert marit.post("/sharing/appointments", {"day": day}).status_code == 422
    assert anneke.post(f"/counsellor/{anneke.family}/appointments", {"day": day}).status_code == 302
    assert db["appointments"].count == 0


def test_a_counsellor_proposes_a_day_and_a_parent_agrees(db, marit, anneke):
    anneke.post(f"/counsellor/{anneke.family}/appointments", {"day": "2026-11-24"})
    text = marit.get("/sharing").text
    assert "Er gaat pas iets open als jij zegt dat het klopt." in text
    path = re.search(r"/sharing/appointments/[\w-]+/agreement", text).group()
    for _ in range(2):
        assert marit.post(path).status_code == 302
    assert "Er gaat pas iets open" not in marit.get("/sharing").text
    assert db["agreed"].count == 1


def test_a_counsellor_takes_a_noted_day_off_the_card_again(db, marit, anneke):
    card = f"/counsellor/{anneke.family}"
    marit.post("/sharing/appointments", {"day": "2026-11-23"})
    anneke.post(f"{card}/appointments", {"day": "2026-11-24"})
    paths = re.findall(rf"{card}/appointments/[\w-]+/drop", anneke.get(card).text)
    assert len(paths) == 1
    assert anneke.post(paths[0]).status_code == 302
    assert [row["day"] for row in store.rows(db, "select day from appointments where dropped_at is null")] == [
        "2026-11-23"
    ]


def test_the_page_tells_what_is_shared_what_waits_and_what_was_taken_back(marit, anneke, shared, now):
    waits, taken = marit.writes(situation="sleeping"), marit.writes(situation="waking")
    share(marit, waits, step="session")
    share(marit, taken)
    now.pass_by(minutes=1)
    marit.post(f"/entries/{taken}/shares/end")
    text = marit.get("/sharing").text
    order = [text.index(f'href="/entries/{uid}#') for uid in (waits, shared)] + [
        text.index(f'href="/entries/{taken}"')
    ]
    assert order == sorted(order)
    assert text.count(taken) == 1


def test_of_two_counsellors_the_parent_chooses(counsellor, tied, marit, anneke):
    bram = counsellor("Bram")
    tied(marit, bram)
    uid = marit.writes(note="zilverstruik")
    assert marit.post(f"/entries/{uid}/shares", {"step": "now", "version": "1"}).status_code == 404
    text = marit.get(f"/entries/{uid}/share").text
    chosen = re.search(r'counsellor=([\w-]+)"[^>]*>Bram<', text).group(1)
    share(marit, uid, counsellor=chosen)
    assert page(anneke, uid).status_code == 404
    assert bram.get(f"/counsellor/{anneke.family}/entries/{uid}").status_code == 200


def test_without_a_counsellor_there_is_nothing_to_share(marit):
    uid = marit.writes(note="zilverstruik")
    assert marit.get(f"/entries/{uid}/share").status_code == 404
    assert "begeleider" not in marit.get(f"/entries/{uid}").text
    assert "Nog niemand." in marit.get("/sharing").text


def test_the_other_parent_learns_nothing_of_what_is_shared(marit, joins, anneke):
    joost = joins(marit, "Joost")
    uid = marit.writes(note="zilverstruik", shared="family")
    joost.get("/today")  # says welcome, once
    before = [fresh(joost.get(path).text) for path in (f"/entries/{uid}", "/sharing", "/today", "/timeline")]
    share(marit, uid)
    page(anneke, uid)
    anneke.post(f"/counsellor/{anneke.family}/entries/{uid}/replies", {"words": "vlinderstruik"})
    assert [fresh(joost.get(path).text) for path in (f"/entries/{uid}", "/sharing", "/today", "/timeline")] == before


def fresh(text: str) -> str:
    return re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=csrf-token\" content=\")[^\"]+|(?<=csrf_token\" value=\")[^\"]+", "", text
    )


def test_a_share_by_default_waits_an_hour_and_can_be_held_back(app, db, marit, anneke, now, signs_in_again):
    from diary.sharing import defaults

    marit.post("/sharing/defaults", {"incident": "now", "checkin": "session"})
    now.pass_by(minutes=1)
    kept, held = marit.writes(note="zilverstruik", feeling="goudregen"), marit.writes(situation="waking")
    scribble, other = marit.writes(stub="1"), marit.writes(kind="contact")
    text = marit.get(f"/entries/{held}").text
    assert "Om 20:41 delen we dit: nu." in text
    assert marit.post(f"/entries/{held}/shares/hold").status_code == 302
    now.pass_by(minutes=59)
    defaults.follow(db, app.config["VAULT"], now())
    signs_in_again(anneke)
    assert page(anneke, kept).status_code == 404
    now.pass_by(minutes=2)
    for _ in range(2):
        defaults.follow(db, app.config["VAULT"], now())
    signs_in_again(anneke)
    assert "zilverstruik" in page(anneke, kept).text
    assert "goudregen" not in page(anneke, kept).text
    assert [page(anneke, uid).status_code for uid in (held, scribble, other)] == [404, 404, 404]
    assert db["shares"].count == 2


def test_what_was_written_before_the_default_is_not_shared(app, db, marit, anneke, now):
    from diary.sharing import defaults

    uid = marit.writes(note="zilverstruik")
    now.pass_by(minutes=1)
    marit.post("/sharing/defaults", {"incident": "now"})
    now.pass_by(hours=3)
    marit.sync({"uid": uid, "kind": "incident", "area": "limit", "note": "aangepast", "version": 1})
    now.pass_by(hours=3)
    defaults.follow(db, app.config["VAULT"], now())
    assert db["shares"].count == 0


def test_what_is_written_to_one_counsellor_is_not_read_by_another(db, counsellor, tied, marit, anneke):
    bram = counsellor("Bram")
    tied(marit, bram)
    uid = marit.writes(note="zilverstruik")
    to = dict(re.findall(r'counsellor=([\w-]+)"[^>]*>(\w+)<', marit.get(f"/entries/{uid}/share").text))
    for one in to:
        share(marit, uid, counsellor=one)
        marit.post(f"/entries/{uid}/replies", {"words": f"voor {to[one]}", "counsellor": one})
    text = page(anneke, uid).text
    assert ("voor Anneke" in text, "voor Bram" in text) == (True, False)
    read = dict(db.execute("select membership, read_at is not null from replies order by id").fetchall())
    assert list(read.values()) == [1, 0]


def test_a_counsellor_takes_back_no_words_of_a_parent(db, marit, anneke, shared):
    marit.post(f"/entries/{shared}/replies", {"words": "vlinderstruik"})
    uid = store.row(db, "select uid from replies")["uid"]
    assert anneke.post(f"/counsellor/{anneke.family}/entries/{shared}/replies/{uid}/withdraw").status_code == 404
    assert "vlinderstruik" in page(anneke, shared).text
