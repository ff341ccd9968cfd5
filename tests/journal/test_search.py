"""Finding it back: part of a word is enough, capitals and accents do not matter, nothing of another is found."""

import re

import pytest

from diary.journal import terms, timeline
from diary.people import access

ENTRY = re.compile(r'<article class="entry" id="([0-9a-f-]{36})"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def found(person, text: str, **asked) -> list[str]:
    """What a search finds, over all its pages."""
    uids, path, asked = [], "/timeline", {"q": text, **asked}
    while path:
        answer = person.get(path, query_string=asked)
        assert answer.status_code == 200
        uids += ENTRY.findall(answer.text)
        path, asked = (NEXT.findall(answer.text) or [""])[0].replace("&amp;", "&"), None
    return uids


FOUND = [
    ("De knuffels uit bed", "knuffel"),
    ("De knuffels uit bed", "nuff"),
    ("De knuffels uit bed", "KNUFFELS UIT"),
    ("De KNUFFELS uit bed", "knuffels"),
    ("naar het café", "cafe"),
    ("naar het cafe", "café"),
    ("naar het cafe\u0301", "café"),
    ("de coördinatie", "coordinatie"),
    ("de coordinatie", "COÖRDINATIE"),
    ("op de Hauptstraße", "STRASSE"),
    ("een ﬁets", "fiets"),
    ("hij was 100% boos", "0% b"),
    ("plus_min", "s_m"),
    ("'; drop table", "'; drop"),
    ('"tussen" <b>', '"tussen" <b>'),
    ("back\\slash", "k\\s"),
    ("een hartje 🧸 erbij", "🧸"),
    ("twee\nregels", "twee\nregels"),
    ("spaties", "  spaties  "),
    ("x" * 300, "x" * 200),
    ("x" * 300, "x" * 5_000),  # only the first two hundred letters are read
]
NOT_FOUND = ["%", "_", "k%l", "knuffel_", "*", "knuffels bed", "x" * 200, "\0", "\\", "[a-z]", "'--"]


def test_what_was_written_is_found(marit):
    for written, asked in FOUND:
        uid = marit.writes(note=written)
        assert (written, asked, found(marit, asked)) == (written, asked, [uid])
        marit.post(f"/entries/{uid}/deletion")


def test_what_was_not_written_is_not_found(marit):
    marit.writes(note="De knuffels uit bed")
    for asked in NOT_FOUND:
        assert (asked, found(marit, asked)) == (asked, [])
        assert "Niets gevonden." in marit.get("/timeline", query_string={"q": asked}).text


def test_every_text_of_an_entry_is_searched(marit):
    for number, field in enumerate(["note", "before", "feeling", *(f"asso_{step}" for step in terms.ASSO)]):
        uid = marit.writes(**{field: f"appelboom {number}."})
        assert (field, found(marit, f"BOOM {number}.")) == (field, [uid])


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"situation": "sleeping"}, "naar bed en sl"),
        ({"area": "limit"}, "LIMIT"),
        ({"kind": "contact"}, "fijn mom"),
        ({"kind": "checkin", "energy": "3"}, "dagcheck"),
        ({"kind": "weekcheck", "fun": "little"}, "weekch"),
        ({"kind": "contact", "what": "near"}, "dicht bij"),
    ],
)
def test_the_words_of_a_situation_an_area_and_a_kind_are_found(marit, fields, asked):
    marit.writes(area="anchorpoint")
    uid = marit.writes(**fields)
    assert found(marit, asked) == [uid]


def test_who_reads_english_finds_english_words(marit):
    marit.post("/settings", {"name": "Marit", "language": "en"})
    uid = marit.writes(situation="hitting", area="limit")
    label = re.search(r'entry__title"><a[^>]*>([^<]+)', marit.get("/timeline").text).group(1)
    assert label != terms.SITUATION["hitting"]
    assert found(marit, label[:5]) == [uid]


def test_an_empty_search_shows_the_diary(marit):
    uid = marit.writes()
    assert found(marit, "") == found(marit, "   ") == [uid]


def test_what_was_changed_is_found_by_its_new_words_only(marit):
    uid = marit.writes(note="appelboom")
    marit.post(f"/entries/{uid}", {"kind": "incident", "area": "routine", "note": "perenboom", "version": "1"})
    assert (found(marit, "appel"), found(marit, "peren")) == ([], [uid])


def test_what_was_deleted_is_not_found_until_it_is_back(marit):
    uid = marit.writes(note="appelboom")
    marit.post(f"/entries/{uid}/deletion")
    assert found(marit, "appel") == []
    marit.post(f"/entries/{uid}/deletion/undo")
    assert found(marit, "appel") == [uid]


def test_what_another_phone_deletes_meanwhile_is_simply_not_there(marit, monkeypatch):
    gone, uid = marit.writes(note="appelboom"), marit.writes(note="appelboom")
    reads = access.scan

    def scan(db, *asked, **named):
        found = reads(db, *asked, **named)
        db.execute("update entry_rows set deleted_at = '2026-11-20T18:40:00.000Z' where uid = ?", [gone])
        return found

    monkeypatch.setattr(access, "scan", scan)
    assert found(marit, "appel") == [uid]


# -- pages


@pytest.mark.parametrize("at_once", [3, 20, 21, 5_000])
def test_twenty_on_a_page_and_nothing_missed_or_doubled(marit, monkeypatch, at_once):
    monkeypatch.setattr(timeline, "_AT_ONCE", at_once)
    entry = {"kind": "contact", "happened_at": "2026-11-20T10:00"}
    marit.sync(*(entry | {"note": "appelboom" if n % 3 else "perenboom"} for n in range(75)))
    first = marit.get("/timeline?q=appel").text
    uids = found(marit, "appel")
    assert len(ENTRY.findall(first)) == 20
    assert (len(uids), len(set(uids)), uids) == (50, 50, sorted(uids, reverse=True))


@pytest.mark.parametrize("count", [0, 20, 21])
def test_there_is_a_next_page_only_when_there_is_more(marit, count):
    marit.sync(*[{"kind": "contact", "note": "appelboom"}] * count, {"kind": "contact", "note": "perenboom"})
    page = marit.get("/timeline?q=appel").text
    assert (len(ENTRY.findall(page)), bool(NEXT.search(page))) == (min(count, 20), count > 20)


def test_a_search_and_filters_go_together(marit):
    both = marit.writes(note="appelboom", area="limit", discuss="1")
    marit.writes(note="appelboom", area="routine", discuss="1")
    marit.writes(note="appelboom", area="limit")
    assert found(marit, "appel", area="limit", discuss="1") == [both]


# -- of others


def test_what_another_keeps_private_is_not_found(marit, joins, parent):
    joost, eva = joins(marit, "Joost"), parent("Eva")
    shared = marit.writes(note="appelboom", shared="family")
    marit.writes(note="appelboom", situation="sleeping")
    assert found(joost, "appel") == [shared]
    assert found(joost, "naar bed") == []
    assert found(eva, "appel") == []


def test_a_feeling_is_not_found_by_another_unless_shared(marit, joins):
    joost = joins(marit, "Joost")
    marit.writes(feeling="appelboom", shared="family")
    shared = marit.writes(feeling="appelboom", shared="family", feeling_shared="1")
    private = marit.writes(feeling="perenboom", feeling_shared="1")
    assert found(joost, "appel") == [shared]
    assert (found(joost, "peren"), found(marit, "peren")) == ([], [private])


def test_taking_a_feeling_back_takes_it_out_of_the_search(marit, joins):
    joost = joins(marit, "Joost")
    uid = marit.writes(note="appelboom", feeling="perenboom", shared="family")
    marit.post(f"/entries/{uid}/feeling", {"feeling_shared": "1"})
    assert found(joost, "peren") == [uid]
    marit.post(f"/entries/{uid}/feeling", {"feeling_shared": "0"})
    assert (found(joost, "peren"), found(joost, "appel")) == ([], [uid])


def test_what_is_asked_comes_back_in_the_box_as_text(marit):
    page = marit.get("/timeline", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_a_page_that_repeats_what_was_asked_is_not_squeezed(marit):
    squeezed = {"Accept-Encoding": "gzip, br, zstd"}
    assert marit.get("/timeline", headers=squeezed).headers["Content-Encoding"] == "zstd"
    assert marit.get("/timeline?q=tafel", headers=squeezed).headers["Content-Encoding"] == "identity"
