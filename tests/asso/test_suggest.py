"""Which suggestion comes first, and why."""

import dataclasses

import pytest

from diary.asso import suggest
from diary.asso.library import Shelf
from diary.asso.recognise import Guess
from diary.asso.suggest import Asked
from diary.asso.tries import Count

LIBRARY = Shelf().library("nl")


def first(situation: str, **asked) -> str:
    return suggest.for_situation(LIBRARY, situation, Asked(**asked))[0].suggestion.id


def ids(situation: str, **asked) -> list[str]:
    return [offer.suggestion.id for offer in suggest.for_situation(LIBRARY, situation, Asked(**asked))]


def test_the_same_question_gets_the_same_answer():
    assert ids("sleeping", text="gooit met knuffels", age=4) == ids("sleeping", text="gooit met knuffels", age=4)


@pytest.mark.parametrize("age", [1, 2, 4, 7, 11, 14])
def test_what_fits_the_age_inside_comes_before_what_does_not(age):
    best = suggest.for_situation(LIBRARY, "sleeping", Asked(age=age))[0]
    assert best.age == age
    assert best.suggestion.ages[0] <= age <= best.suggestion.ages[1]


def test_a_typed_line_picks_the_suggestion_that_speaks_of_it():
    assert first("sleeping", text="ze gooit haar speelgoed door de kamer") == "sleeping-throws-toys"
    assert first("sleeping", text="bang in het donker") == "sleeping-afraid-of-dark"


def test_what_helped_this_child_comes_first_and_what_did_not_comes_later():
    usual = ids("sleeping", age=4)
    assert first("sleeping", age=4, counts={("sleeping", usual[2]): Count(4, 3)}) == usual[2]
    assert first("sleeping", age=4, counts={("sleeping", usual[0]): Count(4, 0)}) != usual[0]


def test_counting_in_one_situation_says_nothing_about_another():
    also = next(s for s in LIBRARY.suggestions.values() if s.situation == "sleeping" and s.also)
    elsewhere = {("sleeping", also.id): Count(9, 9)}
    assert ids(also.also[0], counts=elsewhere) == ids(also.also[0])


def test_what_was_on_the_screen_lately_makes_room_unless_it_helped():
    usual = ids("eating", age=4)
    shown = {usual[0]: "2026-11-20T18:00:00.000Z"}
    assert first("eating", age=4, shown=shown) != usual[0]
    assert first("eating", age=4, shown=shown, counts={("eating", usual[0]): Count(2, 2)}) == usual[0]


def test_ones_own_words_are_offered_first():
    usual = ids("eating", age=4)
    assert first("eating", age=4, own=frozenset({usual[1]})) == usual[1]


CLOSED = [s for s in LIBRARY.suggestions.values() if s.closed]


def test_each_kind_that_a_counsellor_opens_has_something():
    assert {s.closed for s in CLOSED} == {"touch", "drawing_out", "taking_over"}


@pytest.mark.parametrize("closed", CLOSED, ids=lambda s: s.id)
def test_what_is_closed_is_never_offered_until_it_is_opened(closed):
    for text in (*closed.says, closed.title, ""):
        assert closed.id not in [offer.suggestion.id for offer in suggest.for_text(LIBRARY, Asked(text=text)).mixed]
        for situation in (closed.situation, *closed.also):
            assert closed.id not in ids(situation, text=text)
            assert closed.id in ids(situation, text=text, open=frozenset({closed.closed}))


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("ze slaat haar zusje als ze naar bed moet", "hitting"),
        ("hij bijt mij tijdens het tanden poetsen", "hitting"),
        ("ze wil dood zegt ze", "self_harm"),
        ("hij speelt met vuur in zijn kamer", "danger"),
    ],
)
def test_safety_goes_first_and_people_go_before_tips(text, situation):
    answer = suggest.for_text(LIBRARY, Asked(text=text))
    assert (answer.guesses[0].situation, answer.grave) == (situation, True)
    assert answer.mixed[0].suggestion.fits(situation)


def test_an_ordinary_evening_shows_no_alarm():
    assert not suggest.for_text(LIBRARY, Asked(text="ze wil haar pyjama niet aan")).grave


@pytest.mark.parametrize("text", ["", "   ", "🧸🧸", "qwrtpsdfg zxcvb", "\0", "\ud800", "xzq " * 2500])
def test_what_says_nothing_gets_no_card_at_random(text):
    answer = suggest.for_text(LIBRARY, Asked(text=text))
    assert (answer.guesses, answer.mixed) == ([], [])


@pytest.mark.parametrize("text", ["ik kan niet meer", "Ik weet het niet meer", "ik ben helemaal op"])
def test_a_parent_who_is_spent_gets_no_sentences_to_say(text):
    assert suggest.for_text(LIBRARY, Asked(text=text)).mixed == []


def test_of_a_guess_that_is_wrong_only_one_place_is_lost():
    answer = suggest.for_text(LIBRARY, Asked(text="hij gooit met speelgoed als hij naar bed moet"))
    assert [offer.situation for offer in answer.mixed[: len(answer.guesses)]] == [g.situation for g in answer.guesses]


def test_suggestions_are_plain_data():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LIBRARY.suggestions["sleeping-throws-toys"].title = "x"


def test_no_suggestion_is_offered_twice():
    found = [offer.suggestion.id for offer in suggest.for_text(LIBRARY, Asked(text="hij gooit met speelgoed")).mixed]
    assert len(found) == len(set(found)) > 10


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("mijn zoon zei dat hij dood wil", "self_harm"),
        ("hij zegt dat hij er niet meer wil zijn", "self_harm"),
        ("hij heeft het mes gepakt", "danger"),
        ("oom zit aan haar", "body_boundaries"),
    ],
)
def test_some_words_go_before_all_reckoning(text, situation):
    answer = suggest.for_text(LIBRARY, Asked(text=text))
    assert (answer.mixed[0].situation, answer.grave) == (situation, True)
    assert situation in (answer.mixed[0].suggestion.situation, *answer.mixed[0].suggestion.also)


def test_what_was_pinned_comes_first_whatever_else_speaks_against_it():
    last = ids("sleeping", age=4)[-1]
    assert first("sleeping", age=4, pinned=frozenset({last}), shown={last: "2026-11-20T18:00:00.000Z"}) == last


def test_a_goal_tips_what_is_about_as_likely_but_never_goes_before_safety():
    def order(*guesses: tuple, goal: str) -> list[str]:
        told = [Guess(situation, score, ()) for situation, score in guesses]
        return [guess.situation for guess in suggest._practised(told, frozenset({goal}))]

    assert order(("eating", 0.4), ("refusing", 0.35), goal="refusing") == ["refusing", "eating"]
    assert order(("eating", 0.6), ("refusing", 0.35), goal="refusing") == ["eating", "refusing"]
    assert order(("hitting", 0.4), ("refusing", 0.39), goal="refusing") == ["hitting", "refusing"]
    hit = suggest.for_text(LIBRARY, Asked(text="hij slaat zijn zusje bij het eten", goals=frozenset({"eating"})))
    assert hit.guesses[0].situation == "hitting"
