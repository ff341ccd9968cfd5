"""What is agreed: two at the table say yes, and it stands above every suggestion."""

import uuid

import pytest

from diary.asso import agreements, openings, pins, plans
from diary.asso.agreements import Draft
from diary.texts import Refused


def draft(
    kind: str = "agreement", situation: str | None = "sleeping", child=None, text: str = "zilverstruik"
) -> Draft:
    return Draft(str(uuid.uuid4()), kind, child, situation, "routine" if situation else None, text, "ik ben hier")


@pytest.fixture
def marit_seen(marit, viewer):
    return viewer(marit)


@pytest.fixture
def joost(marit, joins):
    return joins(marit, "Joost")


@pytest.fixture
def lotte(counsellor, marit, tied, visit):
    person = counsellor("Lotte")
    return visit(person, tied(marit, person))


def texts(db, viewer) -> list[tuple]:
    return [(one.text, one.stands) for one in agreements.of(db, viewer)]


def test_who_is_alone_at_the_table_agrees_with_oneself(db, marit_seen, now):
    agreements.propose(db, marit_seen, draft(), now())
    assert texts(db, marit_seen) == [("zilverstruik", True)]


def test_a_proposal_stands_when_another_says_yes_and_not_before(db, marit_seen, joost, viewer, now):
    uid = agreements.propose(db, marit_seen, draft(), now())
    assert texts(db, viewer(joost)) == [("zilverstruik", False)]
    assert not agreements.accept(db, marit_seen, uid, now())
    assert agreements.accept(db, viewer(joost), uid, now())
    assert agreements.accept(db, viewer(joost), uid, now())
    assert texts(db, marit_seen) == [("zilverstruik", True)]


@pytest.mark.parametrize("proposer", ["parent", "counsellor"])
def test_parent_and_counsellor_need_each_other(db, marit_seen, lotte, now, proposer):
    first, second = (marit_seen, lotte) if proposer == "parent" else (lotte, marit_seen)
    uid = agreements.propose(db, first, draft(), now())
    assert not agreements.accept(db, first, uid, now())
    assert agreements.accept(db, second, uid, now())


def test_the_same_form_sent_twice_is_one_proposal_also_when_it_was_turned_down(db, marit_seen, lotte, now):
    one = draft()
    uid = agreements.propose(db, marit_seen, one, now())
    assert agreements.propose(db, marit_seen, one, now()) == uid
    assert agreements.end(db, lotte, uid, now())
    agreements.propose(db, marit_seen, one, now())
    assert texts(db, marit_seen) == []


def test_of_one_situation_and_child_one_agreement_stands(db, marit_seen, now):
    agreements.propose(db, marit_seen, draft(text="eerst"), now())
    agreements.propose(db, marit_seen, draft(text="nu"), now())
    agreements.propose(db, marit_seen, draft(text="Sem alleen", child=1), now())
    known = agreements.of(db, marit_seen)
    assert sorted(one.text for one in known) == ["Sem alleen", "nu"]
    assert agreements.for_situation(known, "sleeping", 1).text == "Sem alleen"
    assert agreements.for_situation(known, "sleeping", None).text == "nu"
    assert agreements.for_situation(known, "eating", 1) is None


def test_a_fourth_goal_is_refused_until_one_is_done(db, marit_seen, now):
    uids = [agreements.propose(db, marit_seen, draft("goal", text=f"punt {n}"), now()) for n in range(3)]
    with pytest.raises(Refused):
        agreements.propose(db, marit_seen, draft("goal", text="te veel"), now())
    agreements.end(db, marit_seen, uids[0], now())
    agreements.propose(db, marit_seen, draft("goal", text="past weer"), now())
    assert len(texts(db, marit_seen)) == 3


def test_another_family_reads_and_changes_nothing(db, marit_seen, parent, viewer, counsellor, now):
    uid = agreements.propose(db, marit_seen, draft(), now())
    for stranger in (viewer(parent("Eva")), viewer(counsellor("Vreemd"))):
        aside = type(stranger)(**{**vars(stranger), "family": marit_seen.family, "seal": marit_seen.seal})
        for who in (stranger, aside):
            assert agreements.of(db, who) == []
            assert not agreements.accept(db, who, uid, now())
            assert not agreements.end(db, who, uid, now())
    assert texts(db, marit_seen) == [("zilverstruik", True)]


def test_a_counsellor_sees_what_is_agreed_for_the_children_of_the_tie_alone(db, marit, marit_seen, lotte, now):
    marit.post("/family/children/new", {"name": "Bo"})
    agreements.propose(db, marit_seen, draft(text="voor Bo", child=2), now())
    agreements.propose(db, marit_seen, draft(text="voor Sem", child=1, situation="eating"), now())
    assert [one.text for one in agreements.of(db, lotte)] == ["voor Sem"]
    assert len(agreements.of(db, marit_seen)) == 2


def test_only_its_proposer_changes_a_proposal_and_any_parent_what_the_family_agreed(
    marit_seen, db, joost, viewer, now
):
    uid = agreements.propose(db, marit_seen, draft(), now())
    seen = [agreements.find(db, who, uid) for who in (marit_seen, viewer(joost))]
    assert [one.changeable(True) for one in seen] == [True, False]
    agreements.accept(db, viewer(joost), uid, now())
    assert agreements.find(db, viewer(joost), uid).changeable(True)
    assert not agreements.find(db, marit_seen, uid).changeable(False)


def test_no_word_of_the_plan_lies_open_on_the_disk(db, marit_seen, lotte, now, on_disk):
    agreements.propose(db, marit_seen, draft(text="rozenstruik"), now())
    plans.save(db, lotte, plans.Plan(factors={"help": "kersenboom"}), now())
    openings.unlock(db, lotte, "touch", "perenboom", now())
    assert [word for word in (b"rozenstruik", b"kersenboom", b"perenboom") if word in on_disk()] == []
    assert openings.of(db, marit_seen)["touch"]["reason"] == "perenboom"


def test_what_another_saved_meanwhile_is_not_written_over(db, marit_seen, lotte, now):
    plans.save(db, lotte, plans.Plan(phase="contact"), now())
    with pytest.raises(Refused):
        plans.save(db, lotte, plans.Plan(phase="closer"), now())
    plans.save(db, lotte, plans.Plan(version=1, phase="closer"), now())
    assert plans.of(db, marit_seen).phase == "closer"


def test_a_parent_reads_the_outline_and_writes_none(db, marit_seen, now):
    plans.save(db, marit_seen, plans.Plan(phase="contact"), now())
    assert plans.of(db, marit_seen) == plans.Plan()


def test_a_pin_is_for_a_child_or_for_all_and_pinning_twice_is_harmless(db, marit_seen, lotte, now):
    for child in (1, 1, None):
        pins.pin(db, lotte, "sleeping-throws-toys", child, now())
    assert [pin["child"] for pin in pins.of(db, marit_seen)] == [1, None]
    pins.unpin(db, lotte, "sleeping-throws-toys", None, now())
    assert pins.for_child(db, marit_seen, 1) == {"sleeping-throws-toys"}
    assert pins.for_child(db, marit_seen, None) == frozenset()


def test_the_agreement_and_the_pin_come_before_every_suggestion(db, marit, marit_seen, lotte, now):
    usual = marit.get("/asso?situation=sleeping").text
    assert "Jullie afspraak" not in usual
    agreements.accept(db, marit_seen, agreements.propose(db, lotte, draft(), now()), now())
    pins.pin(db, lotte, "sleeping-afraid-of-dark", 1, now())
    page = marit.get("/asso?situation=sleeping").text
    order = [page.index(text) for text in ("Jullie afspraak", "zilverstruik", "met je begeleider gekozen")]
    assert order == sorted(order)
    assert page.index("/asso/sleeping-afraid-of-dark/phrase") > order[-1]
    assert "Jullie afspraak" not in marit.get("/asso?situation=eating").text
