"""Children: what is kept of them, how it lies on the disk, and what is not taken."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from diary import store
from diary.people import children
from diary.texts import Refused
from tests.conftest import contents

TODAY = date(2026, 11, 20)


def parse(name="Sem", born="", age="", uid="") -> dict:
    return children.parse(uid, name, born, age, TODAY)


def kept(db, me) -> list[tuple]:
    return [(child.name, child.born, child.age) for child in children.of_family(db, me)]


@pytest.fixture
def bo(db, now, marit, viewer) -> children.Child:
    me = viewer(marit)
    children.add(db, me, parse("Bo", "2020-02", "3"), now())
    return children.of_family(db, me)[-1]


def test_children_stand_in_the_order_in_which_they_came(db, marit, viewer, bo):
    assert kept(db, viewer(marit)) == [("Sem", "2017-05", 4), ("Bo", "2020-02", 3)]


def test_a_child_sent_twice_is_one_child(db, now, marit, viewer):
    me, fields = viewer(marit), parse("Bo")
    for _ in range(2):
        children.add(db, me, fields, now())
    assert kept(db, me)[1:] == [("Bo", None, None)]


@pytest.mark.parametrize("changed", [{"name": "Robin"}, {"born": "2020-03"}, {"age": "3"}, {"age": "0"}])
def test_a_form_that_was_gone_back_to_and_changed_is_another_child(marit, viewer, db, changed):
    form = {"uid": str(uuid.UUID(int=7)), "name": "Bo", "born": "2020-02", "age": ""}
    for typed in (form, form | changed, form, form | changed):
        assert marit.post("/family/children/new", typed).status_code == 302
    other = parse(**form | changed)
    assert kept(db, viewer(marit))[1:] == [("Bo", "2020-02", None), (other["name"], other["born"], other["age"])]


def test_everything_of_a_child_can_be_changed(db, marit, viewer, bo):
    children.change(db, viewer(marit), bo, parse("Robin", "2019-12", "0"))
    assert kept(db, viewer(marit)) == [("Sem", "2017-05", 4), ("Robin", "2019-12", 0)]
    children.change(db, viewer(marit), bo, parse("Robin"))
    assert kept(db, viewer(marit))[1] == ("Robin", None, None)


def test_both_parents_read_and_change_the_same_child(db, marit, joins, viewer, bo):
    joost = joins(marit, "Joost")
    children.change(db, viewer(joost), bo, parse("Robin"))
    assert kept(db, viewer(marit)) == kept(db, viewer(joost))


def test_a_child_of_another_family_is_neither_read_nor_changed(db, marit, parent, viewer, bo):
    eva, before = viewer(parent("Eva", "Tom")), kept(db, viewer(marit))
    assert kept(db, eva) == [("Tom", "2017-05", 4)]
    children.change(db, eva, bo, parse("Robin"))
    assert kept(db, viewer(marit)) == before


def test_an_id_of_a_child_of_another_family_is_free(db, now, marit, parent, viewer, bo):
    eva, before = viewer(parent("Eva", "Tom")), kept(db, viewer(marit))
    children.add(db, eva, parse("Robin", uid=bo.uid), now())
    assert (kept(db, eva)[1][0], kept(db, viewer(marit))) == ("Robin", before)


def test_who_left_reads_no_child(db, marit, viewer):
    stale = viewer(marit)
    marit.post("/family/leave", {"sure": "y"})
    assert children.of_family(db, stale) == []


def test_who_left_adds_and_changes_no_child(db, now, marit, viewer, bo):
    stale = viewer(marit)
    marit.post("/family/leave", {"sure": "y"})
    before = contents(db)
    children.add(db, stale, parse("Robin"), now())
    children.change(db, stale, bo, parse("Robin"))
    assert contents(db) == before


def test_who_waits_to_be_let_in_reads_no_child(db, marit, joins, viewer):
    waiting, host = viewer(joins(marit, "Wieke", confirmed=False)), viewer(marit)
    assert children.of_family(db, replace(waiting, family=host.family, seal=host.seal)) == []


# -- on the disk


def test_a_name_lies_sealed_on_the_disk_before_and_after_a_change(db, now, marit, viewer, on_disk):
    me = viewer(marit)
    children.add(db, me, parse("Pimpernel"), now())
    children.change(db, me, children.of_family(db, me)[-1], parse("Zilverstruik"))
    assert kept(db, me)[-1][0] == "Zilverstruik"
    assert not [name for name in (b"Pimpernel", b"Zilverstruik") if name in on_disk()]


def test_a_name_that_was_moved_to_another_child_does_not_open(db, marit, viewer, bo):
    store.change(
        db, "update children set name = (select name from children where id <> :bo) where id = :bo", bo=bo.id
    )
    assert [child.name for child in children.of_family(db, viewer(marit))] == ["Sem", "?"]


# -- what is typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({"name": " Sem "}, ("Sem", None, None)),
        ({"name": "S"}, ("S", None, None)),
        ({"name": "x" * 40}, ("x" * 40, None, None)),
        ({"born": "2001-01"}, ("Sem", "2001-01", None)),
        ({"born": "2026-11"}, ("Sem", "2026-11", None)),
        ({"age": "0"}, ("Sem", None, 0)),
        ({"age": "18"}, ("Sem", None, 18)),
    ],
)
def test_what_can_be_a_child_is_read(typed, read):
    fields = parse(**typed)
    assert (fields["name"], fields["born"], fields["age"]) == read


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("name", typed) for typed in ("", "   ", "\n", "x" * 41)),
        *(("born", typed) for typed in ("2026-12", "2000-12", "2017-13", "2017-00", "2017-5", "2017-05-01", "mei")),
        *(("born", typed) for typed in ("٢٠١٧-٠٥", "2017-05\n", " ", "0000-01", "-2017-05")),
        *(("age", typed) for typed in ("19", "-1", "1.5", "vier", "٤", "²", " ", "4\n", "9" * 400, "9" * 5000)),
    ],
)
def test_nonsense_is_refused_in_its_own_field_with_a_sentence(field, typed):
    with pytest.raises(Refused) as refused:
        parse(**{field: typed})
    assert list(refused.value.errors) == [field]
    assert refused.value.errors[field].endswith(".")


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(Refused) as refused:
        parse("", "mei", "vier")
    assert set(refused.value.errors) == {"name", "born", "age"}


def test_what_is_refused_changes_nothing(marit, db):
    before = contents(db, "sessions")
    for path in ("/family/children/new", f"/family/children/{marit.child()}"):
        assert marit.post(path, {"name": "", "born": "mei", "age": "vier"}).status_code == 422
    assert contents(db, "sessions") == before


@pytest.mark.parametrize(
    ("born", "years"), [(None, None), ("2026-11", 0), ("2017-11", 9), ("2017-12", 8), ("2017-05", 9)]
)
def test_a_child_is_a_year_older_from_the_month_it_was_born_in(born, years):
    assert children.Child(1, "x", "Sem", born, None).years(TODAY) == years


def test_a_first_child_gone_back_to_and_changed_is_asked_about_and_nothing_typed_is_lost(marit, db):
    answer = marit.post("/welcome", {"name": "Sam", "born": "2017-05", "age": "4"})
    assert (answer.status_code, 'value="Sam"' in answer.text) == (200, True)
    assert f'action="/family/children/{marit.child()}"' in answer.text
    assert len(db.execute("select 1 from children").fetchall()) == 1
    assert marit.post("/welcome", {"name": "Sem", "born": "2017-05", "age": "4"}).location == "/today"
