"""Turning templates into pages: one set of compiled templates per language.

A sentence that stands in a template is translated when the template is compiled, not each time it is shown:
a page says some two hundred of them, and looking each up cost more than everything else together.
"""

import io
from collections.abc import Callable
from functools import lru_cache, partial
from types import ModuleType, SimpleNamespace

import segno
from babel.dates import format_date
from flask import Flask, current_app, g
from flask.templating import Environment
from flask_babel import get_domain, get_locale
from flask_login import current_user
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from diary import clock
from diary.journal import terms

LANGUAGES = {"nl": "Nederlands", "en": "English"}


class Pages(Environment):
    """Compiles templates for one language."""

    settled: dict[str, Callable] | None = None

    def make_globals(self, more: dict | None) -> dict:
        """One plain dictionary: the chain that Jinja makes is walked, name by name, at each import of a page."""
        return {**self.globals, **(more or {})}

    def _parse(self, source, name, filename):
        tree = super()._parse(source, name, filename)
        return Settled(self.settled).visit(tree) if self.settled else tree


class Settled(NodeTransformer):
    """Puts what is the same each time in the place of what asks for it: a sentence that has nothing to fill in, a
    drawing, an address without a number."""

    def __init__(self, settled: dict[str, Callable]):
        self.settled = settled

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        known = all(isinstance(one, nodes.Const) for one in (*call.args, *(named.value for named in call.kwargs)))
        filled_in = name == "_" and (call.kwargs or len(call.args) != 1)
        if name not in self.settled or not known or filled_in:
            return call
        named = {one.key: one.value.value for one in call.kwargs}
        said = self.settled[name](*(one.value for one in call.args), **named)
        written = nodes.Const(str(said), lineno=call.lineno)
        return nodes.MarkSafe(written, lineno=call.lineno) if isinstance(said, Markup) else written


def furnish(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day, short_day=short_day, day_month=day_month, month=month, as_day=as_day, as_short_day=as_short_day
    )
    app.jinja_env.globals.update(
        language=language,
        icon=partial(icon, app.static_url_path),
        mark=partial(mark, app.static_url_path),
        asset=lambda name: f"{app.static_url_path}/{name}",
        LANGUAGES=LANGUAGES,
        url_for=_paths(app),
    )
    app.extensions["pages"] = {}


def _paths(app: Flask) -> Callable:
    """url_for as pages need it: a path of our own, remembered, whatever request it is asked in."""
    addresses = app.url_map.bind("")

    @lru_cache(maxsize=4096)
    def path(endpoint: str, **values) -> str:
        return addresses.build(endpoint, values)

    return path


@lru_cache
def icon(base: str, name: str) -> Markup:
    drawing = '<svg class="icon" aria-hidden="true"><use href="{}/icons/marks.svg#{}"></use></svg>'
    return Markup(drawing).format(base, name)


@lru_cache
def mark(base: str, name: str) -> Markup:
    """The shape and colour of an area or a kind; its word always stands beside it."""
    return Markup('<span class="mark mark--{}">{}</span>').format(name, icon(base, name))


def render(name: str, **context) -> str:
    """flask.render_template, in the language of this visitor."""
    current_app.update_template_context(context)
    return _spoken(language()).get_template(name).render(context)


def compile_ahead(app: Flask) -> None:
    """Every page in our first language: who comes first waits no longer than others, and workers share them."""
    with app.test_request_context():
        pages = _spoken(language())
        for name in pages.list_templates():
            pages.get_template(name)


def _spoken(speaks: str) -> Environment:
    pages = current_app.extensions["pages"]
    if speaks not in pages:
        pages[speaks] = _speaking(current_app.jinja_env, speaks)
    return pages[speaks]


def _speaking(env: Environment, speaks: str) -> Environment:
    catalog = get_domain().get_translations()

    def translate(sentence: str, **blanks) -> str:
        said = catalog.gettext(sentence)
        return Markup(said) % blanks if blanks else said

    def translate_number(one: str, more: str, num: int, **blanks) -> str:
        return Markup(catalog.ngettext(one, more, num)) % {"num": num, **blanks}

    pages = env.overlay()
    always = {name: env.globals[name] for name in ("icon", "mark", "asset", "url_for")}
    pages.settled = {**always, "_": catalog.gettext, "language": lambda: speaks}
    said = {"_": translate, "gettext": translate, "ngettext": translate_number}
    pages.globals = {**env.globals, **said, "terms": _translated(terms, catalog.gettext)}
    return pages


def _translated(words: ModuleType, translate: Callable[[str], str]) -> SimpleNamespace:
    """The fixed words in one language, so that no page looks them up again."""

    def known(labels: dict) -> dict:
        return {id: known(text) if isinstance(text, dict) else translate(text) for id, text in labels.items()}

    lists = {name: labels for name, labels in vars(words).items() if name.isupper() and isinstance(labels, dict)}
    return SimpleNamespace(**{name: known(labels) for name, labels in lists.items()})


def language() -> str:
    if "language" not in g:
        g.language = get_locale().language
    return g.language


def day(date, year: bool = False) -> str:
    """donderdag 20 november"""
    return _formatted(date, "EEEE d MMMM y" if year else "EEEE d MMMM", language())


def short_day(date) -> str:
    """do 20 nov"""
    return _formatted(date, "EEE d MMM", language())


def day_month(date) -> str:
    """20 nov"""
    return _formatted(date, "d MMM", language())


def month(date) -> str:
    """november 2026"""
    return _formatted(date, "MMMM y", language())


def as_day(stamp: str, year: bool = False) -> str:
    """A kept moment as the day it was here."""
    return day(clock.local(stamp, current_user.zone), year)


def as_short_day(stamp: str) -> str:
    return short_day(clock.local(stamp, current_user.zone))


@lru_cache(maxsize=2048)
def _formatted(date, pattern: str, language: str) -> str:
    return format_date(date, pattern, locale=language)


def drawn(link: str) -> str:
    """The link as a QR drawing, to be placed in the page."""
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", xmldecl=False, svgns=True, scale=6, border=2, nl=False)
    return out.getvalue().decode()
