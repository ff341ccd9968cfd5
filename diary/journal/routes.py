"""Looking back: today, a day, everything in order; and what every page of the journal calls people by."""

import uuid
from collections.abc import Iterable
from functools import lru_cache

from flask import Blueprint, abort, current_app, g, make_response, request
from flask_babel import gettext as _
from markupsafe import Markup

from diary import clock
from diary.front import db, is_nobody, viewer
from diary.journal import deletions, moments, terms, timeline
from diary.journal.rows import Entry
from diary.pages import language, render
from diary.people import access, children, families, resets, ties

bp = Blueprint("journal", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))
_ASKED = {"q", "child", "kind", "area", "situation", "author", "discuss"}


@bp.get("/today")
def today():
    day = clock.today(g.now, viewer().zone)
    found = timeline.day(db(), viewer(), day)
    members = families.members(db(), viewer())
    return render(
        "journal/today.html",
        entries=found,
        stubs=timeline.stubs(db(), viewer(), day),
        checked_in=any(entry.kind == "checkin" and entry.mine for entry in found),
        looked_back=day.isoweekday() == 7 and timeline.looked_back(db(), viewer(), day),
        members=members,
        newcomers=families.newcomers(members, viewer(), g.now),
        ties=(tied := ties.of_family(db(), viewer(), g.now)),
        new_ties=ties.newcomers(tied, viewer(), g.now),
        reset=resets.pending(db(), viewer().id, g.now),
        at=g.now.astimezone(clock.zone(viewer().zone)),
    )


@bp.get("/days/<text>")
def day(text: str):
    day = moments.day(text) or abort(404)
    before, after = timeline.beside(db(), viewer(), day)
    found = timeline.day(db(), viewer(), day)
    return render("journal/day.html", day=day, entries=found, before=before, after=after)


@bp.get("/timeline")
def look_back():
    filters = _filters()
    text = request.args.get("q", "").strip()[:200]
    before = request.args.get("before", "")
    if text:
        page = timeline.search(db(), viewer(), text, _labels(), filters, before)
    else:
        page = timeline.page(db(), viewer(), filters, before)
    asked = {name: value for name, value in request.args.items() if name in _ASKED}
    names = tuple((kid.uid, kid.name) for kid in kids().values())
    authors = tuple((uid, _authors()[account]) for uid, account in _author_ids().items())
    choices = _drawn_filters(language(), filters, names, authors)
    answer = make_response(
        render("journal/timeline.html", page=page, filters=filters, text=text, asked=asked, choices=choices)
    )
    if text:  # squeezed, an answer's length tells whether what was asked for stands in it too
        answer.headers["Content-Encoding"] = "identity"
    return answer


@bp.get("/deleted")
def deleted():
    """What was deleted in the last day, to be brought back."""
    found = deletions.lately(db(), viewer(), g.now)
    return render("journal/deleted.html", entries=found, just=request.args.get("just"))


def kids() -> dict[int, children.Child]:
    if "kids" not in g:
        found = children.of_family(db(), viewer()) if viewer().family else []
        g.kids = {child.id: child for child in found}
    return g.kids


def kid_ids() -> dict[str, int]:
    return {child.uid: child.id for child in kids().values()}


def _authors() -> dict[int, str]:
    if "authors" not in g:
        g.authors = families.names(db(), viewer())
    return g.authors


def _author_ids() -> dict[str, int]:
    if "author_ids" not in g:
        g.author_ids = families.by_uid(viewer(), _authors())
    return g.author_ids


def _for_templates() -> dict:
    """What cards and forms ask for, each read at most once a page, and only by pages that show it.

    On a page for nobody they know no names, no number and no time; a script fills those in on the phone.
    """
    return {
        "kids": kids,
        "authors": _authors,
        "who_is_who": _who_is_who,
        "bar": _bar,
        "latest_child": _latest_child,
        "when_choices": _when_choices,
        "open_family": open_family,
        "fresh_uid": lambda: "" if is_nobody() else str(uuid.uuid4()),
        "opened_at": lambda: "" if is_nobody() else clock.stamp(g.now),
    }


def _bar(at: str = "") -> Markup:
    """The bar and its sheet stand on every page, and are drawn once for the same page, family and hour."""
    moments_now = tuple(_when_choices(short=True))
    return _drawn(
        language(),
        at or request.endpoint or "",
        current_app.static_url_path,
        tuple(kids().values()),
        _latest_child(),
        moments_now,
        open_family(),
    )


@lru_cache(maxsize=512)
def _drawn(_language: str, at: str, *_what_it_shows) -> Markup:
    return Markup(render("_bar.html", at=at))


@lru_cache(maxsize=512)
def _drawn_filters(_language: str, filters: timeline.Filters, names: tuple, authors: tuple) -> Markup:
    child = next((uid for uid, number in kid_ids().items() if number == filters.child), None)
    author = next((uid for uid, number in _author_ids().items() if number == filters.author), None)
    shown = {"names": dict(names), "authors": dict(authors), "child": child, "author": author}
    return Markup(render("journal/_filters.html", filters=filters, **shown))


def open_family() -> str:
    return viewer().family_uid


def _who_is_who(shown: Iterable[Entry] = ()) -> dict[str, dict | set]:
    """Names of children and authors, by id; none where there is only one, and nothing to tell apart. And which of the
    entries shown a counsellor reads too."""
    own = [entry.uid for entry in shown if entry.mine]
    names = {number: child.name for number, child in kids().items()}
    authors = _authors()
    return {
        "kids": names if len(names) > 1 else {},
        "authors": authors if len(authors) > 1 else {},
        "given": access.given(db(), viewer(), own, str(clock.today(g.now, viewer().zone))) if own else set(),
    }


def _latest_child() -> str:
    child = child_or_latest("")
    return child.uid if child else ""


def child_or_latest(uid: str) -> children.Child | None:
    """This child; or the one the writer wrote about last, or the first."""
    known = kids()
    if asked := next((child for child in known.values() if child.uid == uid), None):
        return asked
    if len(known) > 1 and (latest := timeline.latest_child(db(), viewer())) in known:
        return known[latest]
    return next(iter(known.values()), None)


def _when_choices(short: bool = False) -> dict[str, str]:
    offered = moments.of_a_day() if is_nobody() else moments.offered(g.now, viewer().zone)
    return _named(language(), *(name for name in offered if name != "time" or not short))


@lru_cache
def _named(_language: str, *offered: str) -> dict[str, str]:
    return {name: _(moments.CHOICES[name]) for name in offered}


def _labels() -> dict[str, str]:
    return {key: _(label) for key, label in (terms.SITUATION | terms.AREAS | terms.KINDS | terms.CONTACTS).items()}


def _filters() -> timeline.Filters:
    """What the address asks to see; a choice that does not exist is no choice."""
    args = request.args
    return timeline.Filters(
        child=kid_ids().get(args.get("child")),
        kind=args.get("kind") if args.get("kind") in terms.KINDS else None,
        area=args.get("area") if args.get("area") in terms.AREAS else None,
        situation=args.get("situation") if args.get("situation") in terms.SITUATION else None,
        author=_author_ids().get(args.get("author")),
        discuss=args.get("discuss") == "1",
    )
