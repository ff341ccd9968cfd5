"""The demo: a family to look at, made once, true to the words of the method."""

import json
import re
from collections import Counter
from itertools import combinations

import pyotp
import pytest
from sqlite_utils.utils import sqlite3

from diary import clock
from diary.journal import rows, terms
from diary.people import access, children, sessions
from diary.reminders import occurrences, reminding, risks
from diary.upkeep import demo
from tests.conftest import contents
from tests.persons import Person

STORY = demo.texts()
TOLD = [told for week in STORY["weeks"] for told in week["entries"]]
TOLD += STORY["last"]["yesterday"] + STORY["last"]["today"]
NOTES = [told[field] for told in TOLD for field in ("note", "was") if field in told]
SAID = [said for told in TOLD for said in told.get("say", ()) if said]
OTHERS = [told[field] for told in TOLD for field in ("before", "feeling") if field in told]


@pytest.fixture(scope="module")
def once() -> dict:
    """What the command printed and made: it takes a second or two, and each test begins with a copy."""
    return {}


@pytest.fixture
def lines(app, db, once):
    """What the command prints, read back."""
    if once:
        once["made"].backup(db.conn)
    else:
        answer = app.test_cli_runner().invoke(args=["demo"])
        assert answer.exit_code == 0, answer.output
        once |= {"lines": [json.loads(line) for line in answer.output.splitlines()]}
        once |= {"made": sqlite3.connect(":memory:")}
        db.conn.backup(once["made"])
    return once["lines"]


@pytest.fixture
def diary(app, db, now, lines):
    """Every entry as its own author reads it."""
    found = {}
    for line in lines:
        viewer = _viewer(app, db, line["email"], now())
        found |= {
            entry.uid: entry for row in access.seen(db, viewer, "*") if (entry := rows.opened(viewer, row)).mine
        }
    return list(found.values())


def test_it_prints_how_two_parents_and_their_counsellor_sign_in(lines):
    assert [(line["role"], line["email"]) for line in lines] == [
        ("parent", "marit@nabij.example"),
        ("parent", "joost@nabij.example"),
        ("counsellor", "lotte@nabij.example"),
    ]
    assert lines[0]["children"] == lines[1]["children"]
    assert len(lines[2]["children"]) == 4
    assert lines[2]["children"][:2] == lines[0]["children"]
    assert [len(line["password"].split()) for line in lines] == [4, 4, 4]
    assert [sorted(line) for line in lines[1:]] == [
        ["children", "email", "password", "role"],
        ["children", "email", "password", "role", "totp"],
    ]


def test_the_counsellor_signs_in_with_what_is_printed_and_has_three_families(app, lines, now):
    told = lines[2]
    lotte = Person(app.test_client(), told["email"], "Lotte")
    assert lotte.signs_in(told["password"]).status_code == 302
    code = pyotp.TOTP(told["totp"]).at(now())
    assert lotte.post("/step", {"code": code}).status_code == 302
    assert lotte.get("/today").location == "/counsellor"
    desk = lotte.get("/counsellor").text
    families = re.findall(r'<a class="family" href="(/counsellor/[0-9a-f-]{36})"', desk)
    assert len(families) == 3
    for family in families:
        for page in ("", "/entries", "/plan", "/notes"):
            assert lotte.get(family + page).status_code == 200
    card = next(page for page in map(lotte.get, families) if "Gesprekskaart: Sem, Noor" in page.text).text
    told = ("Laatste advies", "Werkpunt", "Dit wil Marit bespreken", "Wacht op antwoord", "Sinds het gesprek van")
    assert [word for word in told if word not in card] == []


def test_a_second_time_prints_the_same_and_adds_nothing(app, db, lines):
    before = contents(db, "sessions")  # it looks at the children through a session, which ends at once
    again = app.test_cli_runner().invoke(args=["demo"]).output
    assert [json.loads(line) for line in again.splitlines()] == lines
    assert contents(db, "sessions") == before
    assert db.execute("select count(*) from sessions where ended_at is null").fetchone() == (0,)


def test_it_holds_ten_weeks_of_four_kinds(diary, now):
    kinds = Counter(entry.kind for entry in diary)
    days = {entry.day for entry in diary}
    assert 190 <= len(diary) <= 230
    assert kinds["incident"] > kinds["checkin"] > 30
    assert kinds["contact"] > 30
    assert kinds["weekcheck"] == 4
    assert (min(days), max(days)) == ("2026-09-12", "2026-11-20")
    assert 55 < len(days) < 70  # some days have nothing


@pytest.mark.parametrize("days", [1, 2, 5])  # a Saturday, a Sunday and a Wednesday
def test_it_reads_the_same_on_whichever_day_it_is_made(app, db, now, days):
    now.pass_by(days=days)
    demo.make(db, app.config["VAULT"], now())
    viewer = _viewer(app, db, "marit@nabij.example", now())
    found = [rows.opened(viewer, row) for row in access.seen(db, viewer, "*", "and kind = 'contact'")]
    oldest, latest = ([e for e in found if _weeks_ago(e, now()) == back] for back in (9, 0))
    assert len(oldest) < len(latest)


def test_nothing_has_yet_to_happen(diary, now):
    assert [e.uid for e in diary if e.at > now() or e.written > now() or e.written < e.at] == []


def test_in_the_morning_today_is_still_short(app, db, now):
    now.pass_by(hours=-11)  # 08:40
    demo.make(db, app.config["VAULT"], now())
    viewer = _viewer(app, db, "marit@nabij.example", now())
    assert len(access.seen(db, viewer, "uid", "and day = '2026-11-20'")) == 1


def test_today_has_something_of_everything(diary):
    today = [entry for entry in diary if entry.day == "2026-11-20"]
    assert 4 <= len(today) <= 6
    assert {entry.mark for entry in today} >= {"contact", "routine", "anchorpoint"}
    assert Counter(e.day for e in diary if e.stub) == {"2026-11-19": 2, "2026-11-20": 1}


def test_every_word_from_a_list_is_in_that_list(diary):
    lists = {
        "guess": terms.FEELINGS,
        "signals": terms.SIGNALS,
        "need": terms.NEEDS,
        "bond": terms.BOND,
        "won": terms.WON,
        "tried": terms.ASSO,
        "words": terms.ASSO,
        "intensity": terms.INTENSITY,
        "minutes": terms.MINUTES,
        "what": terms.CONTACTS,
        "began": terms.BEGAN,
        "felt": terms.FELT,
        "energy": terms.ENERGY,
        "me_time": terms.ME_TIME,
        **dict.fromkeys(terms.WEEK, terms.OFTEN),
    }
    for entry in diary:
        assert entry.situation is None or terms.AREA_OF[entry.situation] == entry.area
        for field, chosen in entry.body.items():
            several = chosen if isinstance(chosen, list | dict) else [chosen]
            assert field not in lists or set(several) <= set(lists[field]), (field, chosen)


def test_every_field_of_the_texts_is_one_the_diary_keeps(diary):
    ours = {"on", "by", "later", "was", "edited", "deleted", "family", "say", *demo.WHO}
    kept = {field for entry in diary for field in entry.body} | {"area", "stub", "discuss", "feeling"}
    assert {field for told in TOLD for field in told} - ours - kept == set()


def test_limits_become_fewer_and_contact_grows(diary, now):
    def often(mark: str, weeks: range) -> int:
        return sum(entry.mark == mark and _weeks_ago(entry, now()) in weeks for entry in diary)

    assert often("limit", range(5)) < often("limit", range(5, 10))
    assert often("contact", range(3)) > 2 * often("contact", range(7, 10))


def test_some_were_edited_some_deleted_some_written_later(db, diary):
    assert sum(entry.version == 2 for entry in diary) >= 3
    assert db.execute("select count(*) from entry_rows where deleted_at is not null").fetchone() == (3,)
    assert sum(entry.later for entry in diary) >= 6
    assert sum(entry.discuss for entry in diary) >= 10
    assert 0.4 < sum(entry.shared == "family" for entry in diary) / len(diary) < 0.65


def test_no_note_is_told_twice(diary):
    notes = [entry.body["note"] for entry in diary if "note" in entry.body]
    assert len(notes) == len(set(notes)) >= 140
    assert len(SAID) == len(set(SAID)) >= 40
    assert len(NOTES) == len(set(NOTES))


def test_no_two_texts_share_six_words_in_a_row():
    runs = [_runs(text) for text in NOTES + SAID + OTHERS]
    assert [one & other for one, other in combinations(runs, 2) if one & other] == []


def test_a_note_is_as_long_as_a_tired_thumb_allows():
    assert [note for told in TOLD if (note := told.get("note")) and not 4 <= len(_words(note)) <= 45] == []


def test_what_was_said_says_what_is_wanted():
    refused = {"nee", "niet", "niks", "nooit", "geen", "waarom", "moet", "stout"}
    assert [said for said in SAID if refused & set(_words(said)) or "?" in said] == []


def test_a_parent_signs_in_with_a_printed_line_and_every_page_opens(app, lines):
    for line in lines[:2]:
        parent = Person(app.test_client(), line["email"], "")
        assert parent.signs_in(line["password"]).status_code == 302
        pages = ["/today", "/timeline", "/family", "/settings", "/deleted", "/entries/new", "/days/2026-11-15"]
        pages += [f"/family/children/{uid}" for uid in line["children"]]
        shown = sorted(set(re.findall(r'href="(/entries/[0-9a-f-]{36})"', parent.get("/timeline").text)))[:12]
        assert len(shown) == 12
        assert [
            (page, parent.get(page).status_code) for page in pages + shown if parent.get(page).status_code != 200
        ] == []


def test_a_parent_is_reminded_of_four_things_and_offered_a_fifth(app, db, now, lines):
    viewer = _viewer(app, db, "marit@nabij.example", now())
    agreed = {one.kind: one.at for one in reminding.of(db, viewer).reminders}
    assert agreed == {"evening": "19:30", "week": "20:00", "own": "16:15", "room": "20:30", "reply": "09:00"}
    assert [(one.situation, one.times >= 3) for one in risks.offers(db, viewer, now())] == [("sleeping", True)]


def test_one_reminder_did_not_arrive_and_one_asks_whether_it_fits(app, db, now, lines):
    viewer = _viewer(app, db, "marit@nabij.example", now())
    came = [one.state for one in occurrences.lately(db, viewer, now())]
    assert came.count("failed") == 1
    assert {"sent", "silent"} <= set(came)
    assert came[0] != "failed"
    assert reminding.of(db, viewer).asking.kind == "room"


def test_the_children_are_nine_and_six_and_only_one_age_inside_is_known(app, db, now, lines):
    kids = children.of_family(db, _viewer(app, db, "joost@nabij.example", now()))
    today = clock.today(now(), "Europe/Amsterdam")
    assert [(kid.name, kid.years(today), kid.age) for kid in kids] == [("Sem", 9, 4), ("Noor", 6, None)]


def _viewer(app, db, email: str, now) -> sessions.Viewer:
    account = db.execute("select id from accounts where email = ?", [email]).fetchone()[0]
    return sessions.viewer(db, app.config["VAULT"], sessions.start(db, account, "test", "", now), now)


def _weeks_ago(entry: rows.Entry, now) -> int:
    return (now.date() - entry.at.date()).days // 7


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’'-]+", text.casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + 6]) for at in range(len(words) - 5)}
