"""The card: made from what is shared, and every figure leads to exactly its entries."""

import re
from datetime import timedelta
from html import unescape

import pytest

from diary import clock
from diary.people import looks
from diary.sharing import appointments, cards, reading, replies, shares, sieves
from tests.conftest import contents

CANARY = "zilverstruik"
LINK = re.compile(r'href="(/counsellor/[0-9a-f-]{36}/entries\?[^"]+|/sharing/card/entries\?[^"]+)"')
UID = re.compile(r'<article class="entry" id="([0-9a-f-]{36})"')


@pytest.fixture
def shared(marit, anneke, gives, now):
    """Some of Marit's diary, written while time passed; gives uid → what it is."""

    def write(back: int, **fields) -> str:
        at = (now() - timedelta(days=back)).isoformat()
        return marit.writes(happened_at=at, **fields)

    told = {
        "sleeping": write(1, situation="sleeping", tried=["connect", "start"], bond="held", signals=["clung"]),
        "eating": write(2, situation="eating", tried=["connect"], bond="lost", discuss="1", note="vork"),
        "limit": write(3, area="limit", situation="hitting", signals=["clung", "outburst"]),
        "contact": write(1, kind="contact", area="", what="together"),
        "old": write(40, area="limit"),
    }
    for uid in told.values():
        assert gives(marit, uid)
    told["private"] = write(1, area="limit", note=CANARY, discuss="1", tried=["connect"], signals=["froze"])
    told["family"] = write(1, area="limit", note=CANARY, shared="family")
    return told


@pytest.fixture
def page(anneke):
    return f"/counsellor/{anneke.family}"


def test_every_figure_leads_to_exactly_the_entries_it_counts(anneke, shared, page):
    text = anneke.get(page).text
    figures = re.findall(r'class="figure[^"]*" href="([^"]+)"><b>(\d+)</b>', text)
    steps = re.findall(r'href="([^"]+step=\w+[^"]*)">\w[\w ]+ <b>(\d+)</b>', text)
    signals = re.findall(r'<dt><a class="plain-link" href="([^"]+)">[^<]+</a></dt><dd>(\d+)', text)
    cells = re.findall(r'<td><a href="([^"]+)">(\d+)</a>', text)
    assert [len(found) for found in (figures, steps, signals)] == [4, 4, 2]
    assert sum(int(n) for _, n in cells) == 3
    for link, n in (*figures, *steps, *signals, *cells):
        assert (link, len(UID.findall(anneke.get(unescape(link)).text))) == (link, int(n))


def test_nothing_that_is_not_shared_is_on_the_card_or_behind_it(anneke, marit, shared, page):
    for person, base in ((anneke, page), (marit, "/sharing/card")):
        text = person.get(base).text
        links = {unescape(link) for link in LINK.findall(text)}
        assert len(links) > 8
        seen = [text, *(person.get(link).text for link in links), person.get(f"{base}/entries").text]
        hidden = (CANARY, shared["private"], shared["family"])
        assert [word for word in hidden for one in seen if word in one] == []


def test_what_is_taken_back_is_gone_from_the_card_at_once(anneke, marit, shared, page, db, viewer, now):
    assert shared["eating"] in anneke.get(page).text
    shares.take_back(db, viewer(marit), shared["eating"], now())
    assert shared["eating"] not in anneke.get(page).text
    assert "vork" not in anneke.get(f"{page}/entries").text


def test_an_edit_after_sharing_does_not_reach_the_card(anneke, marit, shared, page):
    edited = {"kind": "incident", "area": "limit", "note": CANARY, "version": "1", "discuss": "1"}
    marit.post(f"/entries/{shared['eating']}", edited)
    text = anneke.get(page).text
    assert CANARY not in text
    assert "vork" in text


def test_the_card_counts_against_the_period_before(db, visit, anneke, shared, now):
    visitor = visit(anneke, anneke.family)
    card = cards.read(db, visitor, cards.period(db, visitor, now()), now())
    assert {t.name: (t.n, t.before) for t in card.figures} == {
        "contact": (1, 0),
        "routine": (2, 0),
        "anchorpoint": (0, 0),
        "limit": (1, 1),
    }
    assert (card.kept.n, card.said.n, card.later.n, card.n) == (1, 2, 4, 4)
    assert [topic.entry.uid for topic in card.topics] == [shared["eating"]]


def test_the_period_begins_with_the_last_session_both_knew_of(
    db, visit, viewer, marit, anneke, tie_of, now, signs_in_again
):
    day = clock.today(now(), "Europe/Amsterdam")
    appointments.note(db, viewer(marit), tie_of(marit), day, now())
    now.pass_by(days=2)
    signs_in_again(anneke)
    visitor = visit(anneke, anneke.family)
    assert cards.period(db, visitor, now()) == cards.Period(day, day + timedelta(days=2), day)
    assert cards.period(db, visitor, now(), usual=True).since == day - timedelta(days=25)


def test_the_latest_words_of_the_counsellor_stand_on_the_card(db, visit, anneke, shared, now, page):
    visitor = visit(anneke, anneke.family)
    replies.answer(db, visitor, shared["sleeping"], replies.Typed("a" * 8, None, "eerst dit"), now())
    replies.answer(db, visitor, shared["eating"], replies.Typed("b" * 8, None, "probeer kersen"), now())
    text = anneke.get(page).text
    assert "probeer kersen" in text
    assert "eerst dit" not in text


def test_what_was_answered_no_longer_waits(db, visit, anneke, shared, now):
    visitor = visit(anneke, anneke.family)
    over = cards.period(db, visitor, now())
    assert len(cards.read(db, visitor, over, now()).waiting) == 5
    replies.answer(db, visitor, shared["limit"], replies.Typed("c" * 8, "seen", ""), now())
    waiting = cards.read(db, visitor, over, now()).waiting
    assert shared["limit"] not in {topic.entry.uid for topic in waiting}
    assert len(waiting) == 4


def test_an_answer_that_was_withdrawn_is_still_promised_and_one_of_two_still_counts(db, visit, anneke, shared, now):
    visitor, uid = visit(anneke, anneke.family), shared["limit"]
    over = cards.period(db, visitor, now())

    def waits() -> bool:
        return uid in {topic.entry.uid for topic in cards.read(db, visitor, over, now()).waiting}

    replies.answer(db, visitor, uid, replies.Typed("d" * 8, "seen", ""), now())
    first = reading.read(db, visitor, uid, now()).thread[0].uid
    replies.withdraw(db, visitor, uid, first, now())
    assert waits()
    for one in ("e", "f"):
        replies.answer(db, visitor, uid, replies.Typed(one * 8, "glad", ""), now())
    replies.withdraw(db, visitor, uid, reading.read(db, visitor, uid, now()).thread[0].uid, now())
    assert not waits()


def test_each_look_at_the_card_is_a_line_with_what_was_on_it(anneke, shared, page, db):
    def lines() -> list:
        return db.execute("select event, seq from looks where event in ('card', 'printed', 'list')").fetchall()

    anneke.get(page)
    anneke.get(f"{page}?print=1")
    anneke.get(f"{page}/entries?area=limit")
    events = lines()
    assert [event for event, _ in events] == ["card", "printed", "list"]
    objects = [
        {uid for (uid,) in db.execute("select uid from look_objects where look = ?", [seq])} for _, seq in events
    ]
    told = {name: uid for name, uid in shared.items() if name not in ("private", "family")}
    assert objects[0] == objects[1] == set(told.values())
    assert objects[2] == {shared["limit"], shared["old"]}


def test_without_its_line_there_is_no_card(anneke, shared, page, db):
    db.execute("create trigger full before insert on looks begin select raise(abort, 'full'); end")
    for path in (page, f"{page}/entries"):
        answer = anneke.get(path)
        assert answer.status_code == 503
        assert "vork" not in answer.text


def test_a_parents_card_holds_only_what_that_parent_shares(marit, joins, anneke, shared, gives):
    joost = joins(marit, "Joost")
    uid = joost.writes(situation="eating", note="mosterd", discuss="1")
    gives(joost, uid, name="Anneke")
    hers, his = marit.get("/sharing/card").text, joost.get("/sharing/card").text
    assert ("vork" in hers, "mosterd" in hers) == (True, False)
    assert ("vork" in his, "mosterd" in his) == (False, True)
    both = anneke.get(f"/counsellor/{anneke.family}").text
    assert ("vork" in both, "mosterd" in both) == (True, True)


def test_a_parents_look_changes_nothing(marit, anneke, shared, db):
    before = contents(db)
    for path in ("/sharing/card", "/sharing/card/entries?kind=contact", "/insight"):
        assert marit.get(path).status_code == 200
    assert contents(db) == before


def test_a_reminder_that_did_not_arrive_is_told_apart_from_silence(marit, anneke, shared, page, db):
    assert "kwam één dag een herinnering niet aan" not in anneke.get(page).text
    assert "herinnering niet aangekomen" not in anneke.get("/counsellor").text
    reminder = {"uid": "r", "family": 1, "account": 1, "kind": "evening", "at": "19:30", "days": "0123456"}
    db["reminders"].insert(reminder | {"created_at": "2026-11-01"})
    told = {"uid": "o", "reminder": 1, "account": 1, "family": 1, "local_date": "2026-11-20", "state": "failed"}
    db["occurrences"].insert(told | {"due_at": "2026-11-20T18:30:00.000Z"})
    assert "kwam één dag een herinnering niet aan" in anneke.get(page).text
    assert "herinnering niet aangekomen" in anneke.get("/counsellor").text


@pytest.mark.parametrize("query", ["?weeks=x", "?print=9&weeks=-1", "/entries?since=9999-99-99&hour=1e9&step=%00"])
def test_nonsense_in_the_address_is_answered(anneke, shared, page, query):
    assert anneke.get(page + query).status_code == 200


def test_the_sieve_of_the_desk_and_the_noun_agree(db, visit, anneke, shared, now):
    visitor = visit(anneke, anneke.family)
    assert cards.behind(db, visitor, sieves.Sieve(), now()) != []
    assert looks.EVENTS["card"][0] == "R"
    assert reading.read(db, visitor, shared["private"], now()) is None


def test_behind_a_figure_a_parent_finds_nothing_of_what_the_other_shares(marit, joins, anneke, shared, gives, page):
    joost = joins(marit, "Joost")
    uid = joost.writes(note="goudregen", shared="me")
    assert gives(joost, uid)
    assert "goudregen" in anneke.get(f"{page}/entries").text
    for path in ("/sharing/card", "/sharing/card/entries", "/sharing/card/entries?kind=incident"):
        text = marit.get(path).text
        assert ("goudregen" in text, uid in text) == (False, False)


def test_of_two_counsellors_each_card_leads_to_what_that_one_reads(
    counsellor, tied, marit, anneke, shared, gives, tie_of
):
    tied(marit, counsellor("Bram"))
    gives(marit, shared["limit"], name="Bram")
    card = marit.get(f"/sharing/card?with={tie_of(marit, 'Bram').uid}").text
    found = {uid for link in LINK.findall(card) for uid in UID.findall(marit.get(unescape(link)).text)}
    assert found == {shared["limit"]}


def test_of_a_parent_who_shares_nothing_no_missed_reminder_is_told(marit, joins, anneke, shared, page, db):
    joins(marit, "Joost")
    account = db.execute("select id from accounts where name = 'Joost'").fetchone()[0]
    known = {"uid": "r", "family": 1, "account": account, "kind": "evening", "at": "19:30", "days": "1234567"}
    reminder = db["reminders"].insert(known | {"created_at": "2026-11-01"}).last_pk
    told = {"uid": "o", "reminder": reminder, "account": account, "family": 1, "local_date": "2026-11-20"}
    db["occurrences"].insert(told | {"state": "failed", "due_at": "2026-11-20T18:30:00.000Z"})
    assert "een herinnering niet aan" not in anneke.get(page).text
    assert "herinnering niet aangekomen" not in anneke.get("/counsellor").text


@pytest.fixture
def session(db, viewer, tie_of, now):
    """A parent notes a session for some days from now, and so says yes to it."""

    def note(parent, days: int) -> None:
        day = clock.today(now() + timedelta(days=days), "Europe/Amsterdam")
        appointments.note(db, viewer(parent), tie_of(parent), day, now())

    return note


@pytest.fixture
def topics(db, visit, anneke, signs_in_again, now):
    def on_card() -> list[str]:
        signs_in_again(anneke)
        visitor = visit(anneke, anneke.family)
        card = cards.read(db, visitor, cards.period(db, visitor, now()), now())
        found = cards.behind(db, visitor, sieves.Sieve(discuss=True), now())
        assert [one.entry.uid for one in card.topics] == [entry.uid for entry in found.entries]
        return [one.entry.uid for one in card.topics]

    return on_card


def test_a_topic_leaves_the_card_when_its_session_has_passed_and_its_wish_stays(
    marit, anneke, shared, session, topics, now
):
    session(marit, 3)
    now.pass_by(days=3)
    assert topics() == [shared["eating"]]
    now.pass_by(days=1)
    assert topics() == []
    assert "wil ik bespreken" not in anneke.get(f"/counsellor/{anneke.family}/entries/{shared['eating']}").text
    assert "wil ik bespreken" not in marit.get(f"/entries/{shared['eating']}/share?shared=1").text
    assert shared["eating"] in UID.findall(marit.get("/timeline?discuss=1").text)


def test_a_topic_that_has_been_is_put_back_by_its_author(marit, shared, session, topics, now):
    session(marit, 3)
    now.pass_by(days=4)
    page = marit.get(f"/entries/{shared['eating']}").text
    assert "Dit stond klaar om te bespreken op ma 23 nov." in page
    for _ in range(2):
        marit.post(f"/entries/{shared['eating']}/topic", {"discuss": "1"})
    assert topics() == [shared["eating"]]
    assert "Dit stond klaar" not in marit.get(f"/entries/{shared['eating']}").text


def test_a_topic_stays_through_a_session_before_which_it_was_not_there(marit, shared, session, topics, gives, now):
    session(marit, 0)
    now.pass_by(days=1)
    assert topics() == [shared["eating"]]
    session(marit, 1)
    unshared = marit.writes(situation="waking", discuss="1")
    now.pass_by(days=2)
    gives(marit, unshared)
    assert topics() == [unshared]


def test_a_session_the_author_did_not_say_yes_to_takes_no_topic_off(
    marit, joins, anneke, shared, session, topics, now
):
    joost = joins(marit, "Joost")
    session(joost, 1)
    now.pass_by(days=3)
    assert topics() == [shared["eating"]]


def test_another_text_leaves_the_wish_as_old_as_it_was(db, marit, shared, session, now):
    fields = {"kind": "incident", "area": "routine", "note": "vork", "discuss": True}
    first = db.execute("select discuss_at from entry_rows where uid = ?", [shared["eating"]]).fetchone()
    now.pass_by(days=1)
    marit.sync({"uid": shared["eating"], "version": 1, **fields, "note": "lepel"})
    assert db.execute("select discuss_at from entry_rows where uid = ?", [shared["eating"]]).fetchone() == first
    marit.sync({"uid": shared["eating"], "version": 2, **fields, "discuss": False})
    assert db.execute("select discuss from entry_rows where uid = ?", [shared["eating"]]).fetchone() == (0,)
