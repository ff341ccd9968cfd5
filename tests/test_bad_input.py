"""Whatever comes in: never a fault of ours, always a sentence, nothing half kept, and what was typed comes back."""

import io
import re
import uuid

import pytest
from flask.sessions import SecureCookieSessionInterface
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from diary import store
from diary.journal import terms
from tests.conftest import contents
from tests.persons import PASSWORD, Person

LONG = "é" * 20_001
UID = "6f0c0c1e-1234-4abc-8def-0123456789ab"

STRANGE = [
    *(
        "",
        " ",
        "\0",
        "voor\0na",
        "\ufffe",
        "\u202eomgekeerd\u202c",
        "\u200b",
        "👩‍👩‍👧‍👦🧸",
        "e\u0301" * 500,
        "\t\r\n\x0b",
    ),
    *(LONG, "x" * 100_000, "0", "-1", "1e9", "9" * 400, "NaN", "true", "null", "None", "[]", "{}", "on"),
    *(
        "' or 1=1 --",
        "%s%n%x",
        "{{ 7*7 }}",
        "${7*7}",
        "../../etc/passwd",
        "<b>",
        "=cmd|' /C calc'!A0",
        "\r\nSet-Cookie: a=b",
    ),
    *(UID, UID.upper(), f"{{{UID}}}", f"urn:uuid:{UID}", UID.replace("-", ""), UID[:-1], "0" * 36),
    *(
        "2026-11-20T19:40",
        "0000-00-00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "2026-11-20T24:00",
        "2027-02-29T10:00",
    ),
    *(
        "2027-03-28T02:30",
        "2030-01-01T10:00",
        "2026-13-41T99:99",
        "2026-11-20T19:40+99:99",
        "nu",
        "2017-00",
        "9999-99",
    ),
]
WRONG = [None, True, False, 0, -1, 1.5, 10**30, float("inf"), float("nan"), [], ["a"], [None], {}, {"a": 1}, [[[]]]]

XSS = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><svg/onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{{constructor.constructor('alert(1)')()}}<b>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<IMG SRC=`javascript:alert(1)`>",
    "<body onload=alert(1)>",
    "\u2028</script><script>alert(1)//",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
]

# The fields of an entry: what is typed, what is read in a form of its own, what is chosen from a list.
TEXTS = ["note", "before", "feeling", *(f"asso_{step}" for step in terms.ASSO), "age", "happened_at"]
READ = "kind uid version child when written_at about change_id".split()
CHOICES = ["area", "situation", *(f"situation_{area}" for area in terms.AREAS), "guess", "intensity", "minutes"]
CHOICES += "signals need tried bond won won_meant discuss stub shared feeling_shared".split()
OF_KIND = {
    "incident": [*TEXTS, *READ, *CHOICES, "diary"],
    "contact": ["note", "feeling", "what", "began", "felt"],
    "checkin": ["note", "feeling", "energy", "me_time"],
    "weekcheck": ["note", "feeling", *terms.WEEK],
}
ANY = [name for names in OF_KIND.values() for name in names if name != "change_id"]
FORMS = {
    "/register": {"name": "Bo", "email": "bo@example.org", "password": "kort", "next": "/today"},
    "/login": {"email": "nobody", "password": "nee", "next": "/today", "whose": "x"},
    "/password/forgot": {"email": "bo@example.org"},
    "/password/reset": {"code": "ABCDEFGH", "password": "kort"},
    "/language": {"language": "en"},
    "/settings": {"name": "Marit", "language": "nl"},
    "/settings/password": {"current": "nee", "password": "kort"},
    "/welcome": {"name": "Bo", "born": "2017-05", "age": "4"},
    "/family/children/new": {"name": "Bo", "born": "2017-05", "age": "4"},
    "/family/leave": {"sure": ""},
    "/entries": {"kind": "incident"},
    "/reminders": {"kind": "own", "at": "18:00", "days": "1", "label": "lezen", "others": "x"},
    "/reminders/hours": {"quiet_from": "21:00", "quiet_until": "07:00", "most": "2"},
    "/reminders/pause": {"until": "2026-12-01"},
}
PASSING = ("sessions", "limits", "resets", "letters")  # what any visit may touch


@pytest.fixture
def answers(db, letters):
    """Sends something, and holds the answer against all that is always so."""
    db.execute("insert into pulse values ('tick', '2026-11-20T18:40:00.000Z')")
    seen = None, {}

    def rows() -> dict[str, list[tuple]]:
        """Looked up again only when something was written since: whatever answers writes by this connection."""
        nonlocal seen
        if seen[0] != db.conn.total_changes:
            seen = db.conn.total_changes, contents(db, *PASSING)
        return seen[1]

    def ask(person: Person, path: str, method: str = "POST", expected: tuple | None = None, **sent):
        db.execute("delete from limits")
        before = rows()
        answer = person.client.open(path, method=method, **sent)
        assert answer.status_code < 500, (method, path, sent, answer.text)
        if answer.status_code >= 400:
            assert rows() == before, (method, path, sent)
            assert method == "HEAD" or re.search(r"\w\W?[.?]", told(answer)), (method, path, answer.text)
        assert expected is None or answer.status_code in expected, (method, path, sent, answer.status_code)
        return answer

    return ask


def told(answer) -> str:
    """The sentence of an answer."""
    if answer.is_json:
        return str(answer.json.get("error") or answer.json)
    return re.sub("<[^>]*>", " ", answer.text.partition("<main")[2].partition("</main>")[0])


# -- every field of every form


@pytest.mark.parametrize("path", FORMS)
def test_every_field_of_a_form_takes_anything(marit, newcomer, answers, path):
    person = newcomer("Bo") if path == "/welcome" else marit
    token = person.token()
    for name, value in ((name, value) for name in FORMS[path] for value in [None, *STRANGE[::2]]):
        typed = {**FORMS[path], name: value}
        fields = {key: text for key, text in typed.items() if text is not None}
        answers(person, path, data={"csrf_token": token, **fields})
        if path == "/settings":
            person.client.post("/settings", data={"csrf_token": token, "name": "Marit", "language": "nl"})


@pytest.mark.parametrize(
    "field", sorted({*TEXTS, *READ, *CHOICES} - {"asso_sensitive", "asso_structure", "asso_start"})
)
def test_every_field_of_an_entry_takes_anything_and_what_was_typed_comes_back(marit, answers, field):
    uid, token = marit.writes(note="eerst"), marit.token()
    fields = {"kind": "incident", "area": "limit", "note": "appel<b>boom", "version": "1", "when": ""}
    for number, value in enumerate(STRANGE[::3] if field in CHOICES else STRANGE):
        path = f"/entries/{uid}" if number % 2 else "/entries"
        sent = {**fields, field: value, "csrf_token": token}
        answer = answers(marit, path, expected=(302, 422), data=sent)
        if answer.status_code == 422 and (field != "kind" or path != "/entries"):
            assert str(escape(sent["note"])) in answer.text
            assert field not in TEXTS or str(escape(value)) in answer.text, (field, value)


@pytest.mark.parametrize("kind", ["contact", "checkin", "weekcheck"])
def test_the_forms_of_other_kinds_bring_back_what_was_typed(marit, answers, kind):
    fields = {"kind": kind, "csrf_token": marit.token(), "note": "appel<b>boom", "shared": "everyone"}
    page = answers(marit, "/entries", expected=(422,), data=fields | {"feeling": "vijgenboom"}).text
    assert "appel&lt;b&gt;boom" in page
    assert kind == "contact" or "vijgenboom" in page


def test_a_name_sent_twice_and_names_nobody_asked_for_change_nothing(marit, answers, db):
    twice = {"csrf_token": marit.token(), "kind": ["contact", "incident"], "note": ["een", "twee"], "author": "2"}
    answers(marit, "/entries", expected=(302,), data=twice | {"family": "2", "id": "7", "\ufffd[]": "x", "": "y"})
    row = store.row(db, "select id, kind, author, family from entry_rows")
    assert row == {"id": 1, "kind": "contact", "author": 1, "family": 1}


def test_a_double_tap_makes_one(marit, newcomer, db):
    entry = {"uid": str(uuid.uuid4()), "kind": "contact", "note": "appelboom"}
    for _ in range(3):
        assert marit.post("/entries", entry).status_code == 302
    bo = newcomer("Bo")
    for _ in range(3):
        bo.post("/welcome", {"name": "Tom"})
    assert (db["entry_rows"].count, db["families"].count, db["children"].count) == (1, 2, 2)


# -- every field of /sync


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_field_of_a_change_takes_anything(marit, db, kind):
    values, plain = [*STRANGE, *WRONG, "\ud800", "a\udfffb"], {"kind": kind, "area": "limit"}
    for name in OF_KIND[kind]:
        before, changes = db["entry_rows"].count, [plain | {name: value} for value in values]
        answer = marit.sync(*changes)
        assert answer.status_code == 200, (name, answer.text)
        saved, refused = answer.json["saved"], answer.json["refused"]
        assert len(saved) + len(refused) == len(changes)
        assert db["entry_rows"].count - before == len({one["kept_as"] for one in saved})
        assert all(one["errors"] for one in refused)
        assert {sentence[-1] for one in refused for sentence in one["errors"].values()} <= {"."}


def test_lists_fifty_deep_and_fifty_thousand_deep_are_answered(marit, answers):
    for depth in (50, 500, 50_000):
        for value in ("[" * depth + "]" * depth, '{"note":' * depth + "1" + "}" * depth):
            body = f'{{"changes": [{{"kind": "contact", "note": {value}}}]}}'
            headers = {"X-CSRFToken": marit.token()}
            answers(marit, "/sync", expected=(200, 400), data=body, headers=headers, content_type="application/json")


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(STRANGE[:-20]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
fitting = {
    "kind": st.sampled_from([*terms.KINDS]),
    "area": st.sampled_from([*terms.AREAS]),
    "uid": st.uuids().map(str) | st.just(UID),
    "version": st.integers(1, 3),
    "guess": st.lists(st.sampled_from([*terms.FEELINGS])),
    "happened_at": st.sampled_from(["2026-11-20T10:00", "2026-11-19T20:00:00Z"]),
}
changes = st.dictionaries(st.sampled_from(ANY), json, max_size=6).flatmap(
    lambda odd: st.fixed_dictionaries({}, optional=fitting).map(lambda fit: {**fit, **odd})
)
often = settings(
    max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@often
@given(body=st.lists(changes | json, max_size=4).map(lambda all_: {"changes": all_}) | json)
def test_any_json_at_all_is_answered(marit, db, body):
    before = db["entry_rows"].count
    answer = marit.client.post("/sync", json=body, headers={"X-CSRFToken": marit.token()})
    assert answer.status_code in (200, 400)
    kept = {one["kept_as"] for one in answer.json.get("saved", [])}
    assert db["entry_rows"].count - before <= len(kept) <= 4
    assert all(marit.get(f"/entries/{uid}").status_code == 200 for uid in kept)
    assert marit.get("/timeline").status_code == 200


@often
@given(body=st.dictionaries(st.sampled_from(ANY), st.lists(st.text(), max_size=3)))
def test_any_form_at_all_is_answered(marit, db, body):
    before = db["entry_rows"].count
    encoded = {name: [text.encode("utf-8", "replace").decode() for text in texts] for name, texts in body.items()}
    answer = marit.post("/entries", {"kind": "incident", "area": "limit", **encoded})
    assert answer.status_code in (302, 422)
    assert db["entry_rows"].count - before == (answer.status_code == 302)


# -- what comes in stays text


def test_what_looks_like_a_page_stays_text_everywhere(marit, joins):
    joost = joins(marit, "Joost")
    for text in XSS:
        uid = marit.writes(**dict.fromkeys(TEXTS[:-2], text), shared="family", feeling_shared="1", discuss="1")
        marit.post(f"/entries/{uid}", {"kind": "incident", "area": "limit", "note": text, "version": "1"})
        shown = text.replace("\0", "\ufffd").strip()
        pages = [f"/entries/{uid}", f"/entries/{uid}/edit", f"/entries/{uid}/versions", "/today", "/timeline"]
        for page in (marit.get(path).text for path in pages):
            assert str(escape(shown)) in page or str(escape(shown[:100])) in page
            assert shown not in page
        assert shown not in joost.get(f"/entries/{uid}").text
        marit.post(f"/entries/{uid}/deletion")
        assert shown not in marit.get("/deleted").text


def test_names_stay_text_everywhere(marit, joins):
    joost, child = joins(marit, "Joost"), f"/family/children/{marit.child()}"
    for text in (text.replace("\0", "").strip()[:40] for text in XSS):
        assert marit.post(child, {"name": text}).status_code == 302
        assert marit.post("/settings", {"name": text, "language": "nl"}).status_code in (302, 422)
        paths = ("/today", "/family", child, "/settings", "/entries/new?kind=incident")
        pages = "".join(person.get(path).text for person in (marit, joost) for path in paths)
        assert str(escape(text)) in pages
        assert text not in pages


def test_what_is_refused_comes_back_as_text(marit, stranger):
    for text in XSS:
        entry = {"kind": "incident", **dict.fromkeys([*TEXTS, *READ[1:], *CHOICES], text)}
        pages = [marit.post("/entries", entry), marit.post("/settings", {"name": text * 9, "language": text})]
        pages += [marit.post("/family/children/new", {"name": text * 9, "born": text, "age": text})]
        pages += [stranger.post("/register", {"name": text, "email": text, "password": text, "next": text})]
        pages += [stranger.post("/entries", {"note": text, text: text}), stranger.post("/login", {"email": text})]
        pages += [marit.client.post("/entries", data={"note": text, text: text})]
        pages += [marit.get("/timeline", query_string=dict.fromkeys(["q", "kind", "before", "author", text], text))]
        pages += [stranger.get("/login", query_string={"next": text}), marit.get(f"/join/{text.replace('/', '')}")]
        pages += [marit.get("/deleted", query_string={"just": text}), marit.get("/" + text.lstrip("/"))]
        for page in pages:
            assert text not in page.text, (text, page.request.path)


# -- every route


PIECES = ["x", "0", "-1", "1", "9" * 18, "9" * 19, "9" * 300, "%00", "..%2f..%2fsecret.key", "a" * 3_000, UID]
PIECES += ["%F0%9F%A7%B8", "%ED%A0%80", "%ff%fe", "<script>", "'--", "1.0", "٣", "2027-02-29", "%E2%80%AE"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "FOO"]


def test_every_route_answers_every_method(app, marit, stranger, answers):
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
        for method in METHODS:
            for person in (marit, stranger):
                answer = answers(person, path, method)
                allowed = method in rule.methods or method in answer.headers.get("Allow", method)
                assert allowed or answer.status_code in (404, 405), (method, path)
                answer.close()


def test_every_route_takes_any_piece_of_an_address(app, marit, stranger, answers):
    marit_token, stranger_token = marit.token(), stranger.token()
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments and rule.endpoint != "static"]
    for number, rule in enumerate(rules):
        paths = [re.sub(r"<(?:\w+:)?\w+>", piece, rule) for piece in PIECES]
        for path in paths:
            answers(marit, path, "GET")
            answers(marit, path, "POST", data={"csrf_token": marit_token})
        for path in paths[number % 4 :: 4]:  # who is turned away at the door has no piece looked at
            answers(stranger, path, data={"csrf_token": stranger_token})


QUERIES = [
    "?",
    "&&&",
    "%",
    "%zz",
    "q=%00",
    "q=%ff",
    "q[]=1",
    "q=1&q=2",
    "kind=%00",
    "before=%ED%A0%80",
    "=",
    "a" * 9_000,
]
QUERIES += [
    "&".join(f"a{n}=1" for n in range(2_000)),
    "next=//evil.example",
    "next=/\\evil.example",
    "just='",
    "q=" + "%C3%A9" * 900,
]
PAGES = [
    "/",
    "/login",
    "/register",
    "/today",
    "/timeline",
    "/entries/new",
    "/deleted",
    "/family",
    "/settings",
    "/nothing",
]


def test_every_page_takes_any_question(marit, answers):
    for path in PAGES:
        for query in QUERIES:
            answers(marit, path, "GET", query_string=query)


HEADERS = [
    {"Accept-Language": "\u00e9, ;q=x, *;q=-1, " + "nl;q=0." * 500},
    {"Accept-Language": "xx-YY-zz"},
    {"Accept-Encoding": "x, ;;q=, gzip;q=9"},
    {"Accept": "\xff"},
    {"User-Agent": "\xe9" * 4_000},
    {"Cookie": "=; ;; a; \xff=\xfe"},
    {"If-Modified-Since": "gisteren", "If-None-Match": "x", "Range": "bytes=9-1", "If-Range": "\xff"},
    {"Content-Type": "application/json; charset=nonsense"},
    {
        "X-Forwarded-For": "' or 1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "Forwarded": "x",
    },
    {"Referer": "::", "Origin": "null", "Sec-Fetch-Site": "\xff"},
    {"Authorization": "Basic \xff", "X-HTTP-Method-Override": "DELETE", "X-CSRFToken": "\xff" * 99},
]


def test_every_page_takes_any_header(marit, stranger, answers):
    for headers in HEADERS:
        for person in (marit, stranger):
            for path in (*PAGES, "/healthz"):
                answer = answers(person, path, "GET", headers=headers)
                assert "evil.example" not in answer.headers.get("Location", "")
                assert b"evil.example" not in answer.data


# -- bodies


BODIES = [
    ("application/json", b'{"kind": "contact"}'),
    ("application/json", b"{"),
    ("text/plain", b"kind=contact"),
    ("", b"kind=contact"),
    ("nonsense", b"kind=contact"),
    ("application/x-www-form-urlencoded; charset=utf-16", "kind=contact".encode("utf-16")),
    ("application/x-www-form-urlencoded", b"kind=\xff\xfe&%zz=%00&=&&;"),
    ("application/x-www-form-urlencoded", b"&" * 20_000),
    ("application/x-www-form-urlencoded", b"a=1&" * 20_000),
    ("multipart/form-data", b"kind=contact"),
    ("multipart/form-data; boundary=", b"----"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=kind\r\n\r\ncontact"),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--" * 2_000),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2_000 + b"--x--",
    ),
    ("multipart/mixed; boundary=x", b"--x--"),
]


@pytest.mark.parametrize("path", ["/entries", "/sync", "/login", "/settings", "/family/children/new"])
def test_every_kind_of_body_is_answered(marit, answers, path):
    token = marit.token()
    for content_type, body in BODIES:
        headers = {"X-CSRFToken": token}
        answers(marit, path, data=body, content_type=content_type, headers=headers, expected=(200, 400, 413, 422))


@pytest.mark.parametrize("body", ["1", "[]", "[1]", '["ab"]', "{}", '{"name": 5}', '{"email": [1]}', "[[[["])
def test_a_form_that_is_json_is_no_form(marit, stranger, answers, body):
    forms = "/register /login /password/forgot /password/reset /settings /settings/password /family/children/new"
    for path in (*forms.split(), "/welcome", "/family/leave"):
        for who in (marit, stranger):
            headers = {"X-CSRFToken": who.token()}
            answers(who, path, data=body, headers=headers, content_type="application/json")


def test_a_file_is_no_text(marit, answers):
    sent = {"kind": "contact", "csrf_token": marit.token(), "note": (io.BytesIO(b"appelboom"), "note.txt")}
    answers(marit, "/entries", expected=(400, 422), data=sent)


def test_ten_megabytes_are_refused_with_a_sentence(marit, stranger, answers):
    for person, path in ((marit, "/entries"), (marit, "/family/children/new"), (stranger, "/login")):
        sent = {"csrf_token": person.token(), "note": "x" * 10 * 1024 * 1024}
        answers(person, path, expected=(413,), data=sent)
    answers(marit, "/sync", expected=(413,), json={"changes": ["x" * 10 * 1024 * 1024]})


# -- cookies


def test_a_broken_cookie_is_no_cookie(app, marit, stranger, answers):
    marit.get("/today")
    cookie = marit.client.get_cookie("nabij").value
    broken = [cookie[:n] for n in range(0, len(cookie), 7)] + [cookie + "x", cookie[::-1], cookie.replace(".", "")]
    broken += [cookie[:5] + "A" + cookie[6:], "", ".", "..", "a.b.c", "\xff", "x" * 8_000, '"', "null", "." + cookie]
    for value in broken:
        answer = answers(stranger, "/today", "GET", headers={"Cookie": f"nabij={value}"})
        assert answer.location.startswith("/login"), value


def test_a_cookie_signed_by_another_is_no_cookie(app, marit, stranger, answers):
    with marit.client.session_transaction() as mine:
        kept = dict(mine)
    app_key, app.secret_key = app.secret_key, "0" * 64
    forged = SecureCookieSessionInterface().get_signing_serializer(app).dumps(kept)
    app.secret_key = app_key
    assert answers(stranger, "/today", "GET", headers={"Cookie": f"nabij={forged}"}).location.startswith("/login")


def test_a_session_that_names_nobody_is_nobody(stranger, answers):
    for name in ("", "x", "\0", "x" * 5_000, "' or 1=1", "\u202e"):
        with stranger.client.session_transaction() as mine:
            mine["_user_id"] = name
        assert answers(stranger, "/today", "GET").location.startswith("/login")


def test_the_cookie_of_a_device_may_be_anything(stranger, answers, marit):
    for value in ("", "x", "\xff", "x" * 4_000, '"', "a=b", marit.client.get_cookie("device").value):
        headers = {"Cookie": f"device={value}; device=y; __Host-device={value}"}
        answers(stranger, "/login", "GET", headers=headers)
        answers(stranger, "/login", "POST", headers=headers, data={"email": "a@example.org", "password": PASSWORD})
