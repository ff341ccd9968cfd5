"""What every page shares: who is looking, whether this page is theirs to see, and in which language."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import Babel, gettext
from flask_compress import Compress
from flask_login import AnonymousUserMixin, LoginManager, current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.routing import IntegerConverter

from diary import clock, errors, headers, pages, store
from diary.journal import moments
from diary.people import sessions

DESKS = {"counsellor": "/counsellor", "admin": "/practice"}  # where who works here begins the day


class Number(IntegerConverter):
    """A number in an address, as large as SQLite can hold; a larger one is no address of ours."""

    def __init__(self, map, **how):
        super().__init__(map, **{"max": 2**63 - 1, **how})


def furnish(app: Flask) -> None:
    app.url_map.converters["int"] = Number
    app.jinja_environment = pages.Pages
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    Babel(app, locale_selector=_language)
    login = LoginManager(app)
    login.anonymous_user = Nobody
    login.session_protection = None  # a session is a row of ours; changing networks does not end it
    login.user_loader(_viewer)
    app.before_request(_guard)  # before the CSRF check: who was signed out meanwhile keeps what was typed
    CSRFProtect(app)
    app.after_request(headers.put_on)
    Compress(app)
    errors.answer_for(app)
    app.jinja_env.globals.update(
        moments=moments,
        csrf_token=_token,
        is_nobody=is_nobody,
        left=left,
        whose=whose,
        get_flashed_messages=lambda: [] if is_nobody() else get_flashed_messages(),
    )
    pages.furnish(app)
    app.context_processor(lambda: {"now": g.now if "now" in g else clock.now(), "csrf_token": _token})


# -- who is looking


class Nobody(AnonymousUserMixin):
    """Who is not signed in; and for whom the pages are that a phone keeps."""

    family = None
    family_uid = ""
    zone = sessions.Viewer.zone


def db():
    """This thread's connection, asked for once a request."""
    if "db" not in g:
        g.db = store.here(current_app.config["SETTINGS"].database)
    return g.db


def public(view: Callable) -> Callable:
    """A page for everyone. Every other needs a sign-in."""
    view.is_public = True
    return view


def familyless(view: Callable) -> Callable:
    """A page for who is signed in without being in a family. Every other needs an open diary."""
    view.is_familyless = True
    return view


def parents(view: Callable) -> Callable:
    """A page for a parent, with or without a family."""
    view.is_for = "parent"
    return view


def counsellors(view: Callable) -> Callable:
    """A page for a counsellor at work, and for nobody else."""
    view.is_for = "counsellor"
    return view


def admins(view: Callable) -> Callable:
    """A page for who runs the practice, and for nobody else."""
    view.is_for = "admin"
    return view


def step(view: Callable) -> Callable:
    """A page on the way to the second step: open to who has only typed a password."""
    view.is_step = view.is_familyless = True
    return view


def viewer() -> sessions.Viewer:
    """Who is signed in: the person itself, as nouns take it."""
    if "viewer" not in g:
        g.viewer = current_user._get_current_object()
    return g.viewer


def be_nobody(speaks: str) -> None:
    """The rest of this request is nobody's, whoever is signed in: what is made now may lie on any phone."""
    g.nobody = True
    g._login_user = Nobody()
    g.language = speaks


def is_nobody() -> bool:
    return "nobody" in g


def _token() -> str:
    return "" if is_nobody() else generate_csrf()


def whose() -> str:
    """Stands in every form: for whom it was drawn."""
    return viewer().uid if current_user.is_authenticated else ""


def emptied(answer) -> Response:
    """For who is not signed in. A session that was ended by hand, from elsewhere, takes with it what this browser
    keeps of that account, and of no other; one that merely ran out leaves everything in its place."""
    answer = make_response(answer)
    if _was_ended():
        answer.headers["Clear-Site-Data"] = '"cache"'
    if "left" in session:
        answer.headers["X-Left"] = session["left"]
    return answer


def left() -> str:
    """Which account left this browser, for the scripts on a page that keep things there."""
    if is_nobody() or "fault" in g or current_user.is_authenticated:
        return ""
    _was_ended()
    return session.get("left", "")


def _was_ended() -> bool:
    """Whether the session of this browser was ended from elsewhere: noticed once, for all of this answer."""
    if "was_ended" not in g:
        token = session.get("_user_id", "")
        g.was_ended = bool(token) and sessions.ended_elsewhere(db(), token)
        if g.was_ended:
            session["left"] = sessions.owner(db(), session.pop("_user_id"))
    return g.was_ended


def _viewer(token: str):
    found = sessions.viewer(db(), current_app.config["VAULT"], token, g.now)
    return found and replace(found, point=_network(request.remote_addr or ""))


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    """Where a request comes from, as coarse as a neighbourhood."""
    with suppress(ValueError):
        there = ipaddress.ip_address(address)
        return str(ipaddress.ip_network((there, 24 if there.version == 4 else 48), strict=False))
    return ""


def _guard():
    g.now = clock.now()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        if not _ours():
            g.foreign = True
            abort(403)
        if request.files:  # nothing here takes files, and a file is no text
            abort(400)
    view = current_app.view_functions.get(request.endpoint)
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if not current_user.is_authenticated:
        return emptied(current_app.login_manager.unauthorized())
    if current_user.waits:
        return None if getattr(view, "is_step", False) else current_app.extensions["ask_for_step"]()
    if sessions.touch(db(), current_user, g.now):
        session.modified = True  # the cookie lasts as long as the session does
    if _opens(view):
        return None
    if request.method != "GET":  # left on another device meanwhile: nothing is kept, nothing is lost
        typed = None if errors.of_another() else errors.carried()
        return errors.say(403, gettext(errors.ERRORS[403]), gettext("Je hebt nu geen dagboek open."), carried=typed)
    return redirect(home())


def _opens(view: Callable) -> bool:
    """Whether this page is for people like the viewer: the diary for who is in it, a desk for who works there."""
    if asked := getattr(view, "is_for", None):
        return current_user.role == asked
    return current_user.family is not None or getattr(view, "is_familyless", False)


def home() -> str:
    """Where this viewer's day begins."""
    if viewer().role == "parent":
        return url_for("journal.today" if viewer().family else "families.welcome")
    return DESKS[viewer().role]


def _ours() -> bool:
    """Whether a page of ours sent this, as far as the browser tells. A script of one's own tells nothing."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    return request.headers.get("Origin", current_app.config["SETTINGS"].address) in origins()


def origins() -> set[str]:
    return {current_app.config["SETTINGS"].address, request.host_url.rstrip("/")}


# -- in which language


def _language() -> str:
    if "fault" not in g and current_user and current_user.is_authenticated:
        return current_user.language
    return session.get("language") or request.accept_languages.best_match(pages.LANGUAGES, "nl")
