"""Looking back: everything in order, each filter alone and together, page after page."""

import re
import uuid
from datetime import timedelta
from itertools import product
from urllib.parse import urlencode

import pytest

from diary import clock
from tests.conftest import EVENING

ENTRY = re.compile(r'<article class="entry" id="([0-9a-f-]{36})"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def shown(page: str) -> list[str]:
    return ENTRY.findall(page)


def pages(person, path: str) -> list[list[str]]:
    """What each page shows, from the first to the last."""
    found = []
    while path:
        page = person.get(path).text
        found.append(shown(page))
        path = (NEXT.findall(page) or [""])[0].replace("&amp;", "&")
    return found


def flat(pages: list[list[str]]) -> list[str]:
    return [uid for page in pages for uid in page]


@pytest.fixture
def writes():
    """Saves entries, each a minute before the one before it, and gives their uids."""

    def write(person, *entries: dict) -> list[str]:
        uids = [str(uuid.uuid4()) for _ in entries]
        at = [clock.stamp(EVENING - timedelta(minutes=n)) for n in range(len(entries))]
        whole = [{"uid": u, "happened_at": t, "energy": "3", **e} for u, t, e in zip(uids, at, entries, strict=True)]
        assert person.sync(*whole).json["refused"] == []
        return uids

    return write


ROUTINE = {"kind": "incident", "area": "routine"}


def test_an_empty_diary_says_how_to_begin(marit):
    assert "Je dagboek begint hier." in marit.get("/timeline").text
    assert "Nog niets opgeschreven." in marit.get("/today").text


def test_the_latest_comes_first_whenever_it_was_written_down(marit, writes):
    uids = writes(marit, *[ROUTINE] * 5)
    assert pages(marit, "/timeline") == [uids]
    older = marit.writes(happened_at="2026-10-01T10:00")
    assert pages(marit, "/timeline") == [[*uids, older]]


# -- page after page


@pytest.mark.parametrize("count", [0, 20, 21, 40])
def test_twenty_on_a_page_and_nothing_missed_or_doubled(marit, writes, count):
    uids = writes(marit, *[ROUTINE] * count)
    found = pages(marit, "/timeline")
    assert flat(found) == uids
    assert [len(page) for page in found[:-1]] == [20] * (len(found) - 1)
    assert len(found) == max(1, -(-count // 20))


def test_entries_of_the_same_moment_are_each_shown_once_over_three_pages(marit, writes):
    same = {"kind": "contact", "happened_at": clock.stamp(EVENING)}
    uids = writes(marit, *[same] * 55)
    found = pages(marit, "/timeline")
    assert [len(page) for page in found] == [20, 20, 15]
    assert flat(found) == sorted(uids, reverse=True)


def test_what_is_written_while_one_pages_shifts_nothing(marit, writes):
    uids = writes(marit, *[ROUTINE] * 30)
    first = marit.get("/timeline").text
    marit.writes(happened_at="2026-11-20T19:39")
    onward = NEXT.search(first).group(1).replace("&amp;", "&")
    assert shown(first) + shown(marit.get(onward).text) == uids


def test_a_page_that_begins_at_what_was_deleted_since_goes_on_from_there(marit, writes):
    uids = writes(marit, *[ROUTINE] * 30)
    onward = NEXT.search(marit.get("/timeline").text).group(1).replace("&amp;", "&")
    marit.post(f"/entries/{uids[19]}/deletion")
    assert shown(marit.get(onward).text) == uids[20:]


def test_filters_go_along_to_the_next_page(marit, writes):
    uids = writes(marit, *[ROUTINE | {"discuss": n % 2} for n in range(90)])
    assert pages(marit, "/timeline?discuss=1&area=routine") == [uids[1::2][:20], uids[1::2][20:40], uids[1::2][40:]]


NOWHERE = ["x", "~", "%00", "'--", "9" * 5000, "2026-11-20T18:40:00.000Z", "2026-11-20T18:40:00.000Z~"]
NOWHERE += [
    f"2026~{uuid.UUID(int=77)}",
    "2026-11-20T18:40:00.000Z~" + "x" * 36,
    "٢٠٢٦-11-20T18:40:00.000Z~" + "a" * 36,
]


def test_a_page_that_begins_nowhere_begins_at_the_beginning(marit):
    uid = marit.writes()
    for before in NOWHERE:
        answer = marit.get("/timeline", query_string={"before": before})
        assert (before, answer.status_code, shown(answer.text)) == (before, 200, [uid])


# -- filters

SORTS = [
    {"kind": "incident", "area": "limit", "situation": "hitting"},
    {"kind": "incident", "area": "routine", "situation": "eating"},
    {"kind": "incident", "area": "routine", "situation": "sleeping"},
    {"kind": "incident", "area": "anchorpoint"},
    {"kind": "contact"},
    {"kind": "checkin"},
    {"kind": "weekcheck", "fun": "mostly"},
]
CHOSEN = {
    "kind": ["", "incident", "contact", "checkin", "weekcheck"],
    "area": ["", "limit", "routine"],
    "situation": ["", "eating", "hitting"],
    "discuss": ["", "1"],
}


def test_every_filter_alone_and_together_shows_what_fits_and_nothing_else(marit, joins, writes):
    marit.post("/family/children/new", {"name": "Bo"})
    kids = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)
    joost = joins(marit, "Joost")
    by = authors(marit)
    mine = [sort | {"discuss": d, "child": kid, "author": by["Marit"]} for sort, d, kid in product(SORTS, "01", kids)]
    theirs = [entry | {"shared": "family", "author": by["Joost"]} for entry in mine[::3]]
    written = dict(zip(writes(marit, *mine) + writes(joost, *theirs), mine + theirs, strict=True))
    for chosen in product(*CHOSEN.values(), ["", kids[0]], ["", by["Joost"]]):
        ask = dict(zip([*CHOSEN, "child", "author"], chosen, strict=True))
        found = flat(pages(marit, f"/timeline?{urlencode(ask)}"))
        assert (ask, sorted(found)) == (ask, sorted(uid for uid, entry in written.items() if fits(ask, entry)))


def authors(person) -> dict[str, str]:
    """What the filter calls who write here."""
    told = re.search(r'<select id="author".*?</select>', person.get("/timeline").text, re.DOTALL).group()
    return {name: uid for uid, name in re.findall(r'value="([0-9a-f-]{36})"[^>]*>(\w+)<', told)}


def test_the_author_that_was_chosen_stays_chosen(marit, joins):
    joins(marit, "Joost")
    uid = authors(marit)["Joost"]
    page = marit.get(f"/timeline?author={uid}").text
    assert re.findall(r'value="([^"]+)" selected', page) == [uid]
    assert authors(marit) == {"Marit": authors(marit)["Marit"], "Joost": uid}


def test_the_number_of_an_account_chooses_nobody(marit, joins):
    joins(marit, "Joost")
    uid = marit.writes()
    assert [pages(marit, f"/timeline?author={number}") for number in (1, 2)] == [[[uid]]] * 2


def fits(ask: dict, entry: dict) -> bool:
    return all(not value or entry.get(name, "") == value for name, value in ask.items())


def test_a_choice_that_does_not_exist_is_no_choice(marit):
    uid = marit.writes()
    for name in ("kind", "area", "situation", "child", "author", "discuss"):
        for value in ("", "x", "99", "0", "-1", "1 or 1=1", "\0"):
            answer = marit.get("/timeline", query_string={name: value})
            assert (name, value, answer.status_code, shown(answer.text)) == (name, value, 200, [uid])


def test_nothing_that_fits_is_said_kindly(marit):
    marit.writes()
    assert "Niets gevonden." in marit.get("/timeline?kind=contact").text


# -- what the other parent keeps private


def test_what_the_other_keeps_private_is_in_no_list_count_or_page(marit, joins, writes):
    joost = joins(marit, "Joost")
    same = {"kind": "incident", "area": "limit", "discuss": 1, "stub": 1, "happened_at": clock.stamp(EVENING)}
    mine = [writes(marit, same)[0] for _ in range(22)]
    of_joost = f"/timeline?author={authors(marit)['Joost']}"
    paths = [
        "/timeline",
        "/timeline?q=limit",
        "/timeline?discuss=1",
        of_joost,
        "/today",
        "/days/2026-11-20",
    ]
    paths += ["/entries/new?kind=incident", "/deleted"]
    before = [bare(marit.get(path).text) for path in paths]
    theirs = writes(joost, *[same | {"note": "appelboom"}] * 60)
    joost.post(f"/entries/{theirs[0]}/deletion")
    assert [bare(marit.get(path).text) for path in paths] == before
    assert flat(pages(marit, "/timeline")) == sorted(mine, reverse=True)
    assert flat(pages(marit, "/timeline?q=limit")) == sorted(mine, reverse=True)
    assert pages(marit, of_joost) == [[]]


def bare(page: str) -> str:
    """A page without what is new each time."""
    return re.sub(r'(csrf_token" value|name="uid" value|csrf-token" content)="[^"]+"', "", page)


def test_the_next_day_with_something_is_never_one_of_the_other_alone(marit, joins):
    joost = joins(marit, "Joost")
    marit.writes(happened_at="2026-11-10T10:00")
    joost.writes(happened_at="2026-11-12T10:00")
    joost.writes(happened_at="2026-11-14T10:00", shared="family")
    assert re.findall(r'rel="(?:prev|next)" href="/days/([^"]+)"', marit.get("/days/2026-11-13").text) == [
        "2026-11-10",
        "2026-11-14",
    ]


def test_situations_are_ordered_by_what_one_may_see(marit, joins, writes):
    joost = joins(marit, "Joost")
    private = {"kind": "incident", "situation": "sleeping"}
    writes(joost, *[private] * 3)
    order = re.findall(r'name="situation_routine" value="(\w+)"', marit.get("/entries/new?kind=incident").text)
    assert order[0] == "waking"
    writes(joost, *[private | {"shared": "family"}] * 3)
    order = re.findall(r'name="situation_routine" value="(\w+)"', marit.get("/entries/new?kind=incident").text)
    assert order[0] == "sleeping"


# -- days


def test_a_day_leads_to_the_nearest_days_that_have_something(marit):
    for day in ("2026-10-01", "2026-11-03", "2026-11-19"):
        marit.writes(happened_at=f"{day}T10:00")
    page = marit.get("/days/2026-11-03").text
    assert re.findall(r'rel="(prev|next)" href="/days/([^"]+)"', page) == [
        ("prev", "2026-10-01"),
        ("next", "2026-11-19"),
    ]
    assert len(shown(page)) == 1


def test_a_day_without_anything_says_so_and_leads_on(marit):
    marit.writes(happened_at="2026-11-03T10:00")
    page = marit.get("/days/2026-11-04").text
    assert "Op deze dag staat niets." in page
    assert 'rel="prev" href="/days/2026-11-03"' in page


@pytest.mark.parametrize("at", ["2026-11-18T23:00:00Z", "2026-11-19T22:59:59.999Z"])
def test_a_day_runs_from_midnight_to_midnight_where_the_family_lives(marit, at):
    uid = marit.writes(happened_at=at)
    assert shown(marit.get("/days/2026-11-19").text) == [uid]
    assert shown(marit.get("/days/2026-11-18").text) == []
    assert shown(marit.get("/days/2026-11-20").text) == []


def test_today_moves_on_at_midnight(marit, now):
    uid = marit.writes()
    now.pass_by(hours=4, minutes=19)
    assert shown(marit.get("/today").text) == [uid]
    now.pass_by(minutes=1)
    assert shown(marit.get("/today").text) == []


def test_a_day_that_does_not_exist_is_not_found(marit):
    for text in ("x", "2027-02-29", "0000-00-00", "1999-12-31", "2026-11-20T10:00", "2026-1-1", "%00", "9" * 5000):
        assert (text, marit.get(f"/days/{text}").status_code) == (text, 404)
