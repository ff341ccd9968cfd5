"""Between a family and a counsellor: only a parent opens the door, and any of them shuts it."""

import re

import pytest
from werkzeug.datastructures import MultiDict

from diary import store
from diary.people import families, introductions, invitations, ties
from tests.conftest import contents
from tests.persons import PASSWORD


def test_a_confirmed_counsellor_visits_with_the_children_of_the_tie(marit, counsellor, tied, visit, viewer):
    joke = counsellor("Joke")
    visitor = visit(joke, tied(marit, joke))
    home = viewer(marit)
    assert (visitor.family, visitor.family_uid, visitor.zone) == (home.family, home.family_uid, home.zone)
    assert len(visitor.children) == 1
    assert visitor.seal.open(home.seal.close("woord", "x"), "x") == "woord"


def test_at_the_desk_no_family_is_open(marit, counsellor, tied, viewer):
    joke = counsellor("Joke")
    tied(marit, joke)
    assert (viewer(joke).role, viewer(joke).family, viewer(joke).seal) == ("counsellor", None, None)


@pytest.mark.parametrize(
    ("days", "seen"),
    [
        ({"from_day": "2026-11-20", "until_day": None}, True),
        ({"from_day": "2026-11-21", "until_day": None}, False),
        ({"from_day": "2026-11-01", "until_day": "2026-11-20"}, True),
        ({"from_day": "2026-11-01", "until_day": "2026-11-19"}, False),
        ({"from_day": None, "until_day": None}, True),
        ({"state": "invited"}, False),
        ({"state": "ended"}, False),
    ],
)
def test_a_tie_gives_sight_within_its_days_only(marit, counsellor, tied, visit, db, days, seen):
    joke = counsellor("Joke")
    family = tied(marit, joke)
    for name, value in days.items():
        store.change(db, f"update memberships set {name} = :value where role = 'counsellor'", value=value)
    assert (visit(joke, family) is not None) == seen


def test_a_tie_ends_at_midnight_of_the_family(marit, counsellor, tied, db, app, viewer, now):
    joke = counsellor("Joke")
    family, visitor = tied(marit, joke), viewer(joke)
    store.change(db, "update memberships set until_day = '2026-11-20' where role = 'counsellor'")
    now.pass_by(hours=4, minutes=19, seconds=59)  # 23:59:59 in Amsterdam
    assert families.visit(db, app.config["VAULT"], visitor, family, now())
    now.pass_by(seconds=1)
    assert families.visit(db, app.config["VAULT"], visitor, family, now()) is None


def test_a_locked_desk_visits_nobody(marit, counsellor, tied, visit, now):
    joke = counsellor("Joke")
    family = tied(marit, joke)
    now.pass_by(minutes=16)
    assert visit(joke, family) is None


def test_nobody_else_visits(marit, parent, counsellor, admin, tied, visit):
    family = tied(marit, counsellor("Joke"))
    for other in (marit, parent("Eva"), counsellor("Karin"), admin):
        assert visit(other, family) is None


# -- a parent invites


@pytest.fixture
def joke(counsellor):
    return counsellor("Joke")


def invites(parent) -> str:
    return re.search(r"/join/[\w-]{32}", parent.post("/family/counsellors").text).group()


def says_yes(parent, **fields):
    """To whoever opened the invitation, at the page that Vandaag leads to."""
    page = re.search(r"/family/counsellors/[\w-]+(?=\")", parent.get("/today").text).group()
    return parent.post(page, {"children": parent.child(), **fields})


def stops(parent):
    return parent.post(re.search(r"/family/counsellors/[\w-]+/revoke", parent.get("/family").text).group())


def test_only_the_parents_yes_opens_anything(marit, joke, visit, viewer):
    family = viewer(marit).family_uid
    link = invites(marit)
    assert visit(joke, family) is None
    assert joke.post(link).location == "/counsellor"
    assert visit(joke, family) is None
    assert says_yes(marit).location == "/family"
    assert visit(joke, family).children == {1}


def test_who_waits_reads_the_inviters_name_and_no_more(marit, joins, joke):
    joins(marit, "Joost")
    joke.post(invites(marit))
    page = joke.get("/counsellor").text
    assert "Marit" in page
    assert [word for word in ("Joost", "Sem") if word in page] == []


def test_only_who_invited_says_yes_and_either_parent_says_no(marit, joins, joke, visit, viewer):
    joost = joins(marit, "Joost")
    joke.post(invites(marit))
    page = re.search(r"/family/counsellors/[\w-]+(?=\")", marit.get("/family").text).group()
    assert joost.post(page, {"children": marit.child()}).status_code == 404
    assert "opende je uitnodiging" not in joost.get("/today").text
    stops(joost)
    assert says_yes_to(marit, page).status_code == 404
    assert visit(joke, viewer(marit).family_uid) is None


def says_yes_to(parent, page):
    return parent.post(page, {"children": parent.child()})


def test_the_other_parent_sees_at_once_who_was_let_in(marit, joins, joke):
    joost = joins(marit, "Joost")
    joke.post(invites(marit))
    says_yes(marit)
    assert "Joke begeleidt jullie nu" in joost.get("/today").text
    assert "Joke begeleidt jullie nu" not in marit.get("/today").text


def test_a_counsellor_is_nowhere_a_parent(marit, joke, tied, viewer, db):
    tied(marit, joke)
    home = viewer(marit)
    assert [m["name"] for m in families.members(db, home)] == ["Marit"]
    assert list(families.names(db, home).values()) == ["Marit"]
    assert "Joke" not in marit.get("/timeline").text
    assert [f["adults"] for f in families.of_account(db, home.id)] == ["Marit"]


@pytest.mark.parametrize("other", ["invites(marit)", "a parent's link"])
def test_an_invitation_is_for_one_role(marit, joke, parent, db, other):
    counsellors = other == "invites(marit)"
    link = (
        invites(marit) if counsellors else re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group()
    )
    wrong, right = (parent("Eva"), joke) if counsellors else (joke, parent("Eva"))
    assert "past niet bij dit account" in wrong.get(link).text
    before = contents(db, "looks")
    assert wrong.post(link, {"role": "counsellor" if counsellors else "parent"}).status_code == 404
    assert contents(db, "looks") == before  # and the family reads that somebody tried
    assert right.post(link).status_code == 302


def test_an_invitation_that_was_forwarded_lets_in_nobody_unasked(marit, joke, counsellor, visit, viewer):
    link = invites(marit)
    other = counsellor("Karin")
    other.post(link)
    assert joke.post(link).status_code == 404
    assert "Karin opende je uitnodiging" in marit.get("/today").text
    stops(marit)
    assert visit(other, viewer(marit).family_uid) is None
    assert other.post(link).status_code == 404


@pytest.mark.parametrize(("hours", "status"), [(71.9, 302), (72, 404)])
def test_an_invitation_lasts_three_days(marit, counsellor, now, hours, status):
    link = invites(marit)
    now.pass_by(hours=hours)
    assert counsellor("Joke").post(link).status_code == status


# -- for children, and for days


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"children": ""}, "children"),
        ({"children": "00000000-0000-4000-8000-000000000000"}, "children"),
        ({"from_day": "morgen"}, "from_day"),
        ({"from_day": "2026-13-01"}, "from_day"),
        ({"from_day": "9999-12-31"}, "from_day"),
        ({"from_day": "20261120"}, "from_day"),
        ({"until_day": "٢٠٢٦-١١-٢٠"}, "until_day"),
        ({"until_day": "2026-11-19"}, "until_day"),
        ({"from_day": "2026-12-01", "until_day": "2026-11-30"}, "until_day"),
    ],
)
def test_nonsense_is_said_beside_its_field_and_opens_nothing(marit, joke, visit, viewer, fields, wrong):
    joke.post(invites(marit))
    answer = says_yes(marit, **fields)
    assert answer.status_code == 422
    assert f'id="{wrong}-wrong"' in answer.text
    assert visit(joke, viewer(marit).family_uid) is None


def test_a_child_of_another_family_is_none_of_this_one(marit, joke, parent, visit, viewer):
    joke.post(invites(marit))
    assert says_yes(marit, children=parent("Eva").child()).status_code == 422
    assert visit(joke, viewer(marit).family_uid) is None


def test_a_tie_covers_the_children_that_were_ticked(marit, joke, visit, viewer, db):
    marit.post("/family/children/new", {"name": "Bo"})
    joke.post(invites(marit))
    says_yes(marit)
    assert visit(joke, viewer(marit).family_uid).children == {1}
    page = re.search(r"/family/counsellors/[\w-]+(?=\")", marit.get("/family").text).group()
    both = [row["uid"] for row in store.rows(db, "select uid from children order by id")]
    marit.post(page, {"children": both, "until_day": "2026-11-20"})
    marit.post(page, {"children": both, "until_day": "2026-12-20"})
    assert visit(joke, viewer(marit).family_uid).children == {1, 2}
    assert "tot en met zo 20 dec" in marit.get("/family").text or "20 december" in marit.get("/family").text


def test_only_who_said_yes_says_it_anew(marit, joins, joke, visit, viewer):
    joost = joins(marit, "Joost")
    joke.post(invites(marit))
    says_yes(marit, until_day="2026-11-20")
    page = re.search(r"/family/counsellors/[\w-]+(?=/revoke)", joost.get("/family").text).group()
    assert joost.post(page, {"children": marit.child(), "until_day": "2027-11-20"}).status_code == 404
    assert "2026-11-20" in marit.get(page).text


# -- stopping


def test_any_adult_stops_it_and_an_open_tab_is_a_strangers(marit, joins, joke, tied, visit):
    joost = joins(marit, "Joost")
    family = tied(marit, joke)
    stops(joost)
    assert visit(joke, family) is None
    assert "Marit" not in joke.get("/counsellor").text
    assert "Joke" not in marit.get("/family").text


def test_stopping_twice_is_harmless(marit, joke, tied, db):
    tied(marit, joke)
    page = re.search(r"/family/counsellors/[\w-]+/revoke", marit.get("/family").text).group()
    marit.post(page)
    before = contents(db)
    assert marit.post(page).status_code == 302
    assert contents(db) == before


def test_after_stopping_only_a_new_yes_opens_again(marit, joke, visit, viewer):
    link = invites(marit)
    joke.post(link)
    says_yes(marit)
    stops(marit)
    assert joke.post(link).status_code == 404
    joke.post(invites(marit))
    assert visit(joke, viewer(marit).family_uid) is None
    says_yes(marit)
    assert visit(joke, viewer(marit).family_uid)


def test_who_leaves_takes_along_the_invitation_that_nobody_else_can_answer(marit, joins, joke, visit, viewer, db):
    joins(marit, "Joost")
    family = viewer(marit).family_uid
    joke.post(invites(marit))
    marit.post("/family/leave", {"sure": "y"})
    assert store.row(db, "select state from memberships where role = 'counsellor'") == {"state": "ended"}
    assert visit(joke, family) is None


def test_a_tie_outlives_one_parent_who_leaves_and_not_the_last(marit, joins, joke, tied, visit):
    joost, family = joins(marit, "Joost"), tied(marit, joke)
    marit.post("/family/leave", {"sure": "y"})
    assert visit(joke, family)
    joost.post("/family/leave", {"sure": "y"})
    assert visit(joke, family) is None


# -- a counsellor introduces herself


def introduces(counsellor) -> str:
    return re.search(r"/introductions/[\w-]{32}", counsellor.post("/counsellor/invite").text).group()


def test_a_parent_answers_a_counsellors_own_link(marit, joke, visit, viewer):
    link = introduces(joke)
    family = viewer(marit).family_uid
    page = marit.get(link).text
    assert "Joke als begeleider" in page
    assert "De praktijk" in page
    assert visit(joke, family) is None
    assert marit.post(link, {"children": marit.child()}).location == "/family"
    assert visit(joke, family).children == {1}


def test_who_has_no_account_yet_scans_the_link_and_ends_where_it_asks(stranger, joke, visit, viewer):
    link = introduces(joke)
    door = stranger.get(link).text
    assert "Joke wil jullie begeleiden" in door
    assert f"/register?next={link}" in door
    who = {"name": "Noa", "email": "noa@example.org", "password": PASSWORD, "next": link, "whose": ""}
    answer = stranger.post("/register", who)
    assert (answer.status_code, answer.location) == (302, link)
    welcome = stranger.get(link).location
    assert welcome == f"/welcome?next={link}"
    assert f'name="next" value="{link}"' in stranger.get(welcome).text
    assert stranger.post("/welcome", {"name": "Sem", "next": link}).location == link
    assert "Joke als begeleider" in stranger.get(link).text
    stranger.post(link, {"children": stranger.child()})
    assert len(visit(joke, viewer(stranger).family_uid).children) == 1


def test_a_first_child_leads_to_no_page_of_others(newcomer):
    assert newcomer("Noa").post("/welcome", {"name": "Sem", "next": "https://elders.example"}).location == "/today"


def test_answering_twice_makes_one_tie(marit, joke, db):
    link = introduces(joke)
    for _ in range(2):
        assert marit.post(link, {"children": marit.child()}).status_code == 302
    assert store.row(db, "select count(*) as n from memberships where role = 'counsellor'")["n"] == 1


def test_a_link_of_a_counsellor_is_for_one_family(marit, joke, parent, visit, viewer):
    link, eva = introduces(joke), parent("Eva")
    marit.post(link, {"children": marit.child()})
    assert eva.get(link).status_code == 404
    assert eva.post(link, {"children": eva.child()}).status_code == 404
    assert visit(joke, viewer(eva).family_uid) is None


def test_a_counsellor_cannot_invite_herself(marit, joke, counsellor, db):
    link = introduces(joke)
    for who in (joke, counsellor("Karin")):
        assert who.get(link).location == "/counsellor"
        assert who.post(link, {"children": marit.child()}).status_code == 403
        assert who.post("/family/counsellors").status_code == 403
    assert store.rows(db, "select * from memberships where role = 'counsellor'") == []


def test_a_counsellor_cannot_begin_a_family_of_her_own(joke, db):
    before = contents(db, "sessions")
    for path in ("/welcome", "/family/children/new", "/family/invitations", "/family/leave", "/entries"):
        assert joke.post(path, {"name": "Sem", "sure": "y", "kind": "contact", "note": "x"}).status_code == 403
    assert contents(db, "sessions") == before


def test_an_introduction_ends_with_the_access_of_who_made_it(marit, joke, admin, now):
    link = introduces(joke)
    uid = re.search(r"Joke</b>.*?/practice/workers/([\w-]+)/end", admin.get("/practice").text, re.DOTALL).group(1)
    admin.post(f"/practice/workers/{uid}/end")
    assert marit.get(link).status_code == 404
    assert marit.post(link, {"children": marit.child()}).status_code == 404


def test_an_introduction_lasts_three_days(marit, joke, now):
    link = introduces(joke)
    now.pass_by(hours=72)
    assert marit.get(link).status_code == 404
    assert marit.post(link, {"children": marit.child()}).status_code == 404


def test_who_is_not_in_the_family_any_more_answers_for_nobody(marit, joke, viewer, db, now):
    token = introduces(joke).rpartition("/")[2]
    before_leaving = viewer(marit)
    terms = ties.Terms([1], "2026-11-20", None)
    marit.post("/family/leave", {"sure": "y"})
    assert not introductions.answer(db, before_leaving, token, terms, now())
    assert invitations.invite(db, before_leaving, now(), "counsellor") is None
    assert store.rows(db, "select * from ties") == []


def test_a_parent_of_two_families_answers_for_the_one_that_is_open(marit, joke, parent, visit, viewer):
    link, eva = introduces(joke), parent("Eva")
    own = viewer(eva).family_uid
    eva.post(re.search(r"/join/[\w-]+", marit.post("/family/invitations").text).group())
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/today").text).group())
    assert eva.post(link, {"children": eva.child()}).location == "/family"
    eva.post(f"/families/{viewer(marit).family_uid}/open")
    assert eva.post(link, {"children": eva.child()}).status_code == 404
    assert visit(joke, own) is not None
    assert visit(joke, viewer(marit).family_uid) is None


# -- who lets in shows who they are; who shuts the door does not have to

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def shows_who_it_is(parent, asked):
    """Types the password where it is asked, and goes where that leads with what was sent before."""
    assert (asked.status_code, 'name="password"' in asked.text) == (401, True)
    typed = [*HIDDEN.findall(asked.text), ("password", PASSWORD)]
    answer = parent.client.post("/step", data=MultiDict(typed))
    assert answer.status_code == 307, answer.text
    return parent.client.post(answer.location, data=MultiDict(typed))


def test_an_open_phone_lets_in_no_counsellor(marit, joke, visit, viewer, now):
    joke.post(invites(marit))
    now.pass_by(minutes=6)
    asked = says_yes(marit)
    family = viewer(marit).family_uid
    assert visit(joke, family) is None
    assert shows_who_it_is(marit, asked).location == "/family"
    assert visit(joke, family).children == {1}


def test_an_open_phone_takes_up_no_link_of_a_counsellor(marit, joke, visit, viewer, now):
    link, family = introduces(joke), viewer(marit).family_uid
    now.pass_by(minutes=6)
    asked = marit.post(link, {"children": marit.child()})
    assert visit(joke, family) is None
    assert shows_who_it_is(marit, asked).location == "/family"
    assert visit(joke, family) is not None


def test_an_open_phone_lets_in_nobody_to_write_along(marit, joins, viewer, now):
    joost = joins(marit, "Joost", confirmed=False)
    now.pass_by(minutes=6)
    path = re.search(r"/family/members/[\w-]+/confirm", marit.get("/family").text).group()
    asked = marit.post(path, {"sure": "1"})
    assert viewer(joost).family is None
    assert shows_who_it_is(marit, asked).location == "/family"
    assert viewer(joost).family == viewer(marit).family


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"until_day": "2026-12-01"}, False),
        ({"children": "one"}, False),
        ({"from_day": "2026-11-01"}, True),
        ({}, False),
    ],
)
def test_only_more_than_was_open_asks_who_it_is(marit, joke, now, db, change, asked):
    marit.post("/family/children/new", {"name": "Noor"})
    kids = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)
    joke.post(invites(marit))
    page = re.search(r"/family/counsellors/[\w-]+(?=\")", marit.get("/today").text).group()
    both = {"children": kids, "from_day": "2026-11-20", "until_day": ""}
    marit.post(page, both)
    now.pass_by(minutes=6)
    answer = marit.post(page, both | change | ({"children": kids[:1]} if "children" in change else {}))
    assert answer.status_code == (401 if asked else 302)
    assert db["ties"].count == (1 if "children" in change else 2)


def test_stopping_asks_nothing(db, marit, joins, joke, tied, now):
    tied(marit, joke)
    joins(marit, "Joost", confirmed=False)
    now.pass_by(hours=20)
    assert stops(marit).status_code == 302
    path = re.search(r"/family/members/[\w-]+/decline", marit.get("/family").text).group()
    assert marit.post(path).status_code == 302
    assert marit.post("/family/leave", {"sure": "y"}).location == "/today"
    assert {row["state"] for row in store.rows(db, "select state from memberships")} == {"ended"}


# -- a link of hers that opens nothing any more

TRIED = "is nog geopend"


def test_a_counsellor_is_told_that_a_used_link_was_tried_and_not_by_whom(marit, joke, parent, stranger):
    link, eva = introduces(joke), parent("Eva")
    marit.post(link, {"children": marit.child()})
    for _ in range(2):
        assert eva.get(link).status_code == stranger.get(link).status_code == 404
    desk = joke.get("/counsellor").text
    assert desk.count(TRIED) == 1
    assert "Eva" not in desk


def test_a_link_that_was_used_while_another_family_chose_is_told(marit, joke, parent):
    link, eva = introduces(joke), parent("Eva")
    marit.post(link, {"children": marit.child()})
    eva.post(link, {"children": eva.child()})
    assert TRIED in joke.get("/counsellor").text


def test_a_link_that_is_too_old_is_told_for_a_week(marit, joke, now, signs_in_again):
    link = introduces(joke)
    now.pass_by(hours=72)
    marit.get(link)
    signs_in_again(joke)
    assert TRIED in joke.get("/counsellor").text
    now.pass_by(days=7)
    signs_in_again(joke)
    assert TRIED not in joke.get("/counsellor").text


def test_the_family_a_link_was_for_may_open_it_again(marit, joke):
    link = introduces(joke)
    marit.post(link, {"children": marit.child()})
    assert marit.get(link).status_code == 404
    assert TRIED not in joke.get("/counsellor").text


def test_a_family_she_reads_with_already_is_told_so_and_loses_no_link(marit, joke):
    first, second = introduces(joke), introduces(joke)
    marit.post(first, {"children": marit.child()})
    answer = marit.post(second, {"children": marit.child()})
    assert answer.location == "/family"
    assert "Joke staat al bij jullie" in marit.get("/family").text
    assert marit.get(second).status_code == 200  # it still works, for another family


def test_a_link_that_still_works_is_not_called_dead(marit, joke, parent):
    for _ in range(2):  # she is here already: the second opens nothing for this family
        link = introduces(joke)
        marit.post(link, {"children": marit.child()})
    assert TRIED not in joke.get("/counsellor").text
    eva = parent("Eva")
    assert eva.post(link, {"children": eva.child()}).status_code == 302  # and it worked all the time


def test_another_counsellor_hears_nothing_of_it_and_a_guess_writes_nothing(marit, joke, counsellor, stranger, db):
    link, karin = introduces(joke), counsellor("Karin")
    marit.post(link, {"children": marit.child()})
    before = contents(db)
    assert stranger.get(link + "x").status_code == 404
    assert contents(db) == before
    stranger.get(link)
    assert TRIED not in karin.get("/counsellor").text
