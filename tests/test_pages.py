"""Turning templates into pages: what is the same each time is reckoned once, and shown as if it were not."""

import pytest

from diary import pages

LOCK = '<svg class="icon" aria-hidden="true"><use href="{}/icons/marks.svg#lock"></use></svg>'


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield pages._speaking(app.jinja_env, "en")


def shown(english, template: str, **known) -> str:
    return english.from_string(template).render(known)


def test_a_drawing_is_drawn_wherever_it_stands_and_escaped_nowhere(app, english):
    lock = LOCK.format(app.static_url_path)
    assert shown(english, '{{ icon("lock") }}') == lock
    assert shown(english, '{% set it = icon("lock") %}{{ it }}') == lock
    assert shown(english, "{{ icon(which) }}", which="lock") == lock


def test_an_address_is_known_with_and_without_a_number(english):
    assert shown(english, '{{ url_for("journal.today") }}') == "/today"
    assert shown(english, '{{ url_for("shell.worker", language=language()) }}') == "/sw.js?language=en"
    assert shown(english, '{{ url_for("entries.show", uid=uid) }}', uid="a-b") == "/entries/a-b"


def test_what_is_no_drawing_is_escaped(english):
    assert shown(english, '{{ asset("a&b") }}').endswith("/a&amp;b")
    assert shown(english, '{{ url_for("entries.new", kind="contact", area="limit") }}').count("&amp;") == 1


def test_a_sentence_is_translated_with_and_without_something_to_fill_in(english):
    assert shown(english, '{{ _("Bewaar") }}') == "Save"
    assert shown(english, '{{ _("%(n)s", n=n) }}', n="<b>") == "&lt;b&gt;"


def test_what_is_known_of_a_page_goes_before_what_every_page_knows(english):
    assert shown(english, "{{ kids }}", kids="Milan") == "Milan"


def test_every_page_compiles_before_anyone_asks_for_it(app):
    pages.compile_ahead(app)
    made = app.extensions["pages"]["nl"]
    assert len(made.cache) == len(made.list_templates()) > 100
