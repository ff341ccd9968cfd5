"""What every page shares: who is looking, in which language, with which headers, and what errors look like."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

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
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.routing import IntegerConverter

from diary import clock, pages, store
from diary.config import Settings
from diary.journal import moments
from diary.people import sessions
from diary.people.limits import TooOften
from diary.texts import N_, Refused

# What never travels along with another form: secrets, and what that form asks itself.
NOT_CARRIED = {"csrf_token", "email", "password", "current", "username", "next", "whose", "code", "credential"}
MEGABYTE = 1024 * 1024
DESKS = {"counsellor": "/counsellor", "admin": "/practice"}  # where who works here begins the day
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ERRORS = {
    400: N_("Dit konden we niet lezen."),
    403: N_("Dit kan hier niet."),
    404: N_("Hier is niets te vinden."),
    405: N_("Deze pagina kon dit niet doen."),
    413: N_("Deze tekst past niet in één keer."),
    429: N_("Even wachten."),
    500: N_("Er ging bij ons iets mis."),
    503: N_("Even niet."),
}
ADVICE = {
    400: N_("Ga terug en probeer het nog eens. Wat je eerder bewaarde, staat er nog."),
    403: N_("Ga terug en probeer het nog eens. Wat je eerder bewaarde, staat er nog."),
    404: N_("Misschien is het verwijderd, of klopt het adres niet helemaal."),
    405: N_("Ga terug, of begin opnieuw bij Vandaag."),
    413: N_("Ga terug: je tekst staat er nog. Maak er twee van en bewaar ze na elkaar."),
    429: N_("Dit is in korte tijd vaak geprobeerd. Probeer het over een paar minuten weer."),
    503: N_("Dit kan nu even niet open. Wat bewaard was, is er nog. Probeer het zo nog eens."),
    500: N_("Het ligt niet aan jou. Wat bewaard was, is er nog. Probeer het zo nog eens."),
}


def configuration(settings: Settings) -> dict:
    return {
        "SESSION_COOKIE_NAME": "__Host-nabij" if settings.secure else "nabij",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": sessions.LONGEST,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may lie open all night; the session bounds it
        "MAX_CONTENT_LENGTH": MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "TRUSTED_HOSTS": settings.hosts,
        "PREFERRED_URL_SCHEME": "https" if settings.secure else "http",
        "BABEL_DEFAULT_LOCALE": "nl",
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        "COMPRESS_BR_LEVEL": 1,
        "COMPRESS_ZSTD_LEVEL": 1,
        "COMPRESS_LEVEL": 1,
        "COMPRESS_STREAMS": False,
        "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
    }


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
    app.after_request(_headers)
    Compress(app)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(TooOften, _too_often)
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
        typed = None if _of_another() else carried()
        return _say(403, gettext(ERRORS[403]), gettext("Je hebt nu geen dagboek open."), carried=typed)
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


def carried() -> list[tuple[str, str]]:
    """What was typed into a form that could not be taken now, to be sent along with the next."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]


def _of_another() -> bool:
    """Whether this form was drawn for someone else than who is signed in here now. One that lay on the phone was
    drawn for nobody."""
    return current_user.is_authenticated and request.form.get("whose") not in ("", whose())


# -- in which language


def _language() -> str:
    if "fault" not in g and current_user and current_user.is_authenticated:
        return current_user.language
    return session.get("language") or request.accept_languages.best_match(pages.LANGUAGES, "nl")


# -- with which headers


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "foreign" in g:
        session.modified = False  # another site may not give this browser a new cookie
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SETTINGS"].secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def remember_device(response: Response, device: str) -> None:
    secure = current_app.config["SETTINGS"].secure
    response.set_cookie(
        "__Host-device" if secure else "device",
        device,
        max_age=timedelta(days=400),
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def device() -> str | None:
    return request.cookies.get("__Host-device" if current_app.config["SETTINGS"].secure else "device")


# -- what errors look like


def _error(error: HTTPException):
    code = error.code if error.code in ERRORS else 400
    if error.code and error.code < 400:
        return error
    if code == 500:
        g.fault = True  # what failed may be what tells who is looking: nothing is asked any more
        g._login_user = Nobody()
    typed = carried() if code == 500 and request.method == "POST" else None
    return _say(error.code or 500, gettext(ERRORS[code]), gettext(ADVICE[code]), carried=typed)


def _too_often(_: TooOften):
    return _error(TooManyRequests())


def _stale_form(_: CSRFError):
    """The form is from another sign-in, or from another site. One's own may be sent again by hand."""
    if _of_another():
        title = gettext("Dit formulier is van een ander account.")
        advice = gettext(
            "Er is niets bewaard, en niets kwijt. Ga terug: de tekst staat er nog. Wie hem schreef, logt eerst in."
        )
        return _say(400, title, advice)
    title = gettext("Dit formulier was verlopen.")
    advice = gettext("Er is nog niets bewaard, en niets kwijt. Stuur het nog een keer.")
    return _say(400, title, advice, carried=carried())


def _say(code: int, title: str, advice: str, carried: list | None = None):
    if request.is_json:
        return {"error": f"{title} {advice}"}, code
    return pages.render("error.html", code=code, title=title, advice=advice, carried=carried), code


def sentences(refused: Refused) -> dict[str, str]:
    return {name: gettext(sentence) for name, sentence in refused.errors.items()}
