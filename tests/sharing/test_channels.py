"""Through every channel: the same world with and without what Marit wrote. Where the table says that someone is told
nothing, the two do not differ by a byte; where it says that they are, the two do differ."""

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from diary.upkeep import tick
from tests.conftest import EVENING
from tests.push_service import PushService
from tests.sharing import halls as worlds
from tests.sharing.channels import ENTRIES, EXPORT, FRESH, MESSAGES, PAGES, STATES, SYNC, WORDS, told
from tests.sharing.halls import EVERYONE, Halls, uids
from tests.test_matrix import _plain, _thing, person, world  # noqa: F401

PARENTS = {"author", "other", "guest", "elsewhere"}
INSIDE = ["author", "other", "own"]
OUTSIDE = [who for who in EVERYONE if who not in INSIDE]  # asked once, where everything stands in every state


@pytest.fixture
def halls(app, letters, world, now, counsellor, tied) -> Iterator[Halls]:  # noqa: F811
    with PushService() as service:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], push_hosts=(service.origin,))
        tied(person(world, "elsewhere"), person(world, "own"))  # so that she stays a counsellor
        family = tied(person(world, "author"), beside := counsellor("Beside"))
        built = worlds.of(world, beside, family, now, service)
        yield built
        built.close()


# -- pages, JSON that is asked for, search, counts, and what is printed


def pages(halls: Halls, who: str, state: str) -> dict[str, set]:
    """What every address answers; by the uid of an entry, everything that was written is asked for."""
    halls.enter(state)
    found = {}
    for row in _rows(halls):
        paths = [halls.world._path(row.removeprefix("GET "), piece) for piece in _pieces(halls, row, state)]
        found[row] = {_look(halls, who, state, path) for path in paths}
    return found


def _rows(halls: Halls) -> list[str]:
    app = halls.world.app
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    rows = {"GET " + re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule) for rule in rules}
    return sorted({row.replace(app.static_url_path, "/static") for row in rows} - FRESH | {*told(PAGES)})


def _pieces(halls: Halls, row: str, state: str) -> list[str]:
    return uids(state)[:: len(ENTRIES)] if "/entries/<uid>" in row else [halls.world.things.get(_thing(row), "9" * 9)]


def _look(halls: Halls, who: str, state: str, path: str) -> tuple:
    browser, _ = halls.world.browser(who)
    before = halls.world.db.conn.total_changes
    answer = _plain(browser.get(path), path)
    if halls.world.db.conn.total_changes != before:  # that it was read was written down
        halls.enter(state)
    _may_read(who, state, path, answer)
    return answer


def _may_read(who: str, state: str, path: str, *answers: tuple) -> None:
    read = [word for word, known in WORDS.items() for _, _, text in answers if word in text and who not in known]
    assert (who, state, path, read) == (who, state, path, [])


# -- JSON that is sent


def sync(halls: Halls, who: str, state: str) -> str:
    halls.enter(state)
    browser, form = halls.world.browser(who)
    uid = uids(state)[2]
    sent = {"changes": [{"uid": uid, "kind": "contact", "note": "later", "version": 7}]}
    answer = browser.client.post("/sync", json=sent, headers={"X-CSRFToken": form})
    assert answer.status_code < 500
    return re.sub(r"[0-9a-f-]{36}", "<fresh>", answer.text.replace(uid, "<uid>"))


# -- what is taken along


def taken(halls: Halls, who: str, state: str) -> list[tuple]:
    """Both files of a parent's export, by who has just shown who they are."""
    halls.enter(state)
    proved = (
        "update sessions set proved_at = created_at where account in (select id from accounts where role = 'parent')"
    )
    halls.world.db.execute(proved)
    browser, form = halls.world.browser(who)
    sent = ({"csrf_token": form, "form": name} for name in ("json", "html"))
    answers = [_plain(browser.client.post("/settings/export", data=one), "/settings/export") for one in sent]
    _may_read(who, state, "/settings/export", *answers)
    return answers


# -- letters and notifications


def messages(halls: Halls, state: str) -> dict[str, Counter]:
    """How many letters, and how many notifications, each person gets this evening, by the real clockwork."""
    halls.enter(state)
    before = len(halls.service.messages)
    _evening(halls)
    rang = Counter(halls.whose[one.browser.endpoint] for one in halls.service.messages[before:])
    halls.enter(state)
    halls.world.db.execute("delete from devices")
    return {"letters": _evening(halls), "notifications": rang}


def _evening(halls: Halls) -> Counter:
    """Ticks until what rings at eight has come by mail, too, where no phone took it. Gives the letters."""
    config = halls.world.app.config
    outbox = config["SETTINGS"].home / "outbox"
    shutil.rmtree(outbox, ignore_errors=True)
    for minutes in (1, 21, 35):
        halls.now.at = EVENING + timedelta(minutes=minutes)
        for step in tick.work(config["SETTINGS"], config["VAULT"]):
            step(halls.world.db, halls.now())
    halls.now.at = EVENING
    sent = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox.glob("*.eml")]
    return Counter(halls.whose[letter["To"]] for letter in sent)


# -- and what the table says of each


@pytest.mark.parametrize("some", [INSIDE, OUTSIDE], ids=["who may know", "all others"])
def test_of_what_was_written_each_page_tells_whom_the_table_says(halls, some):
    meant = told(PAGES)
    for who in some:
        before, found = pages(halls, who, ""), defaultdict(set)
        for state in STATES if who in INSIDE else [STATES]:
            for row, answers in pages(halls, who, state).items():
                if answers != before[row]:
                    found[row].add(state)
        assert (who, found) == (who, {row: cells[who] for row, cells in meant.items() if cells.get(who)})


def test_an_answer_to_what_is_sent_tells_whom_the_table_says(halls):
    for who in EVERYONE:
        found = {state for state in STATES if sync(halls, who, state) != sync(halls, who, "")}
        assert (who, found) == (who, told(SYNC)["POST /sync"].get(who, set()))


def test_what_is_taken_along_holds_what_the_table_says(halls):
    for who in EVERYONE:
        without = taken(halls, who, "")
        assert (who, [status for status, _, _ in without]) == (who, [200 if who in PARENTS else without[0][0]] * 2)
        found = {state for state in STATES if taken(halls, who, state) != without}
        assert (who, found) == (who, told(EXPORT)["POST /settings/export"].get(who, set()))


def test_a_letter_or_a_notification_comes_to_whom_the_table_says(halls):
    assert not any(counts for counts in messages(halls, "").values())
    found = {state: messages(halls, state) for state in STATES}
    for channel, meant in told(MESSAGES).items():
        heard = {who: {state for state in STATES if found[state][channel][who]} for who in EVERYONE}
        assert (channel, heard) == (channel, {who: meant.get(who, set()) for who in EVERYONE})


def test_who_was_put_out_is_told_of_nothing_that_was_shared(halls):
    """It was shared, and a message was on its way: from then on she hears what she would have heard without it."""
    marit = halls.person("author")
    for state in ("", "g"):
        halls.enter(state)
        own = re.search(r"<b>Own</b>.*?(/family/counsellors/[\w-]+/revoke)", marit.get("/family").text, re.DOTALL)
        assert marit.post(own.group(1)).status_code == 302
        halls.keep(f"{state} ended")
    assert pages(halls, "own", "g ended") == pages(halls, "own", " ended")
    heard = messages(halls, "g ended")
    assert (heard["letters"]["own"], heard["notifications"]["own"]) == (0, 0)
