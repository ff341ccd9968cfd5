"""What forms do beyond plain HTML."""


def test_a_chip_tapped_again_is_left_open_and_a_question_that_must_is_not(opens):
    parent = opens()
    parent.moves_in("Marit")
    parent.goes("/entries/new?kind=contact")
    chip = parent.page.get_by_role("radio", name="Gelachen")
    chip.click()
    assert chip.is_checked()
    chip.press("Space")
    assert not chip.is_checked()
    chip.click()
    chip.click()
    assert not chip.is_checked()
    parent.open("Delen en bespreken")
    parent.page.get_by_role("radio", name="gezin").click()
    parent.page.get_by_role("radio", name="gezin").click()
    assert parent.page.get_by_role("radio", name="gezin").is_checked()


def test_a_form_that_nobody_answered_can_be_sent_again(opens):
    parent = opens()
    parent.moves_in("Marit")
    parent.page.clock.install()
    parent.goes("/settings")
    parent.page.evaluate(
        "document.addEventListener('submit', (e) => e.preventDefault(), {once: true})"
    )  # a dead line
    parent.taps_on("Bewaar")
    button = parent.page.get_by_role("button", name="Bewaar", exact=True).first
    assert button.get_attribute("aria-disabled") == "true"
    parent.page.clock.fast_forward(9000)
    assert button.get_attribute("aria-disabled") is None
    parent.taps_on("Bewaar")
    parent.page.wait_for_function("() => !document.querySelector('[aria-disabled]')")
