"""The second step of signing in: taking it, and choosing how."""

import ipaddress
import logging
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import login_user

from diary import clock
from diary.errors import carried
from diary.front import db, familyless, origins, step, viewer
from diary.pages import drawn, render
from diary.people import accounts, factors, limits, looks, recoveries, sessions
from diary.people.password_routes import send
from diary.people.routes import ask_to_sign_in, go_on

log = logging.getLogger(__name__)
bp = Blueprint("factors", __name__)
bp.record_once(lambda setup: setup.app.extensions.update(ask_for_step=lambda: ask_for_step()))


@bp.get("/step")
@step
def ask():
    if viewer().waits and not _ways():
        return redirect(url_for("factors.choose"))
    return _step_page(request.args.get("next", ""))


@bp.post("/step")
@step
def take():
    onward, again = request.form.get("next", ""), bool(carried()) and request.form.get("whose") == viewer().uid
    try:
        limits.count(db(), f"step:{viewer().id}", 5, 10, g.now)
    except limits.TooOften:
        return _step_page(
            onward, _("Dit is vaak geprobeerd. Wacht tien minuten en probeer het dan weer. Er gaat niets verloren.")
        ), 429
    if not _proves():
        log.warning("a second step was refused to account %s", viewer().id)
        _write_down("factor_failed", "failed")
        return _step_page(onward, _("Dit klopte niet. Kijk het na en probeer het nog eens.")), 422
    limits.forget(db(), f"step:{viewer().id}")
    return go_on(onward, again) if _prove() else ask_to_sign_in()


@bp.get("/settings/steps")
@step
def choose():
    return step_first() or render(
        "people/steps.html",
        ways=_ways(),
        codes=recoveries.left(db(), viewer()),
        asked=_here() and factors.ask_to_keep(db(), _vault(), viewer(), _site(), g.now),
        site=_site(),
    )


@bp.route("/settings/steps/app", methods=["GET", "POST"])
@step
def app():
    if before := step_first():
        return before
    secret, wrong = factors.sound(request.form.get("secret", "")), ""
    if request.method == "POST":
        limits.count(db(), f"step:{viewer().id}", 5, 10, g.now)
        alone = not _ways()
        if factors.confirm_totp(db(), _vault(), viewer(), secret, request.form.get("code", ""), g.now):
            return _kept(alone, _("Je app staat erin. Vanaf nu vragen we bij het inloggen een code."))
        wrong = _("Deze code klopt niet. Wacht tot je app een nieuwe toont, en typ die.")
    link = factors.link(viewer(), secret)
    page = render("people/authenticator.html", secret=secret, qr=drawn(link), wrong=wrong)
    return page, 422 if wrong else 200


@bp.post("/settings/steps/passkeys")
@step
def keep_passkey():
    if before := step_first():
        return before
    alone = not _ways()
    if not factors.keep_passkey(db(), _vault(), viewer(), _site(), request.form.get("credential", ""), g.now):
        flash(_("De passkey is niet bewaard. Probeer het nog eens; er is niets veranderd."))
        return redirect(url_for("factors.choose"))
    return _kept(alone, _("De passkey staat erin. Vanaf nu vragen we hem bij het inloggen."))


@bp.post("/settings/steps/app/remove")
@familyless
def remove_app():
    return step_first() or _removed(_ways().app and _spare(), lambda: factors.drop_totp(db(), viewer()))


@bp.post("/settings/steps/passkeys/<uid>/remove")
@familyless
def remove_passkey(uid: str):
    known = any(key.uid == uid for key in _ways().passkeys) or abort(404)
    return step_first() or _removed(known and _spare(), lambda: factors.drop_passkey(db(), viewer(), uid))


@bp.post("/settings/steps/codes")
@familyless
def renew_codes():
    if not _ways():
        return redirect(url_for("factors.choose"))
    return step_first() or render("people/recoveries.html", codes=recoveries.renew(db(), viewer()))


def ask_for_step():
    """Where only a password was given, or a desk locked meanwhile. What was typed comes along."""
    if request.is_json:
        return {"error": _("Doe eerst de tweede stap van het inloggen. Er gaat niets verloren.")}, 401
    if request.method == "GET":
        return redirect(url_for("factors.ask", next=request.full_path.rstrip("?")))
    return _step_page(request.path), 401


def step_first():
    """Nobody changes the lock, or who reads or works here, with a device that lies open: who has a second step takes
    it again, a parent without one types the password. Nothing to ask of who works here and has only just come in."""
    if viewer().waits:
        return ask_for_step() if _ways() else None
    return None if clock.moment(viewer().proved_at) > g.now - factors.LASTS else ask_for_step()


def _proves() -> bool:
    form = request.form
    if not _ways():
        return accounts.matches(accounts.by_email(db(), viewer().email), form.get("password", ""))
    if form.get("credential"):
        return factors.prove_passkey(db(), _vault(), viewer(), _site(), form["credential"], g.now)
    code = form.get("code", "")
    return factors.prove_totp(db(), _vault(), viewer(), code, g.now) or recoveries.use(db(), viewer(), code, g.now)


def _prove() -> bool:
    """The session goes on under a new token, unless it was ended from elsewhere this very moment."""
    _write_down("signed_in")
    token = sessions.prove(db(), viewer(), g.now)
    proved = sessions.viewer(db(), _vault(), token, g.now)
    if proved is None:
        return False
    login_user(proved)
    g.pop("viewer")
    return True


def _write_down(event: str, outcome: str = "ok") -> None:
    """Of who works for the practice, whose session opens the diaries of others."""
    if viewer().role != "parent":
        with looks.reading(db()):
            looks.write(db(), viewer(), event, [], g.now, outcome, house=_vault())


def _kept(alone: bool, told: str):
    """The first way brings ten codes for the day that it is lost."""
    limits.forget(db(), f"step:{viewer().id}")
    _tell()
    if not alone:
        flash(told)
        return redirect(url_for("factors.choose"))
    if viewer().role == "parent":
        sessions.trust(db(), viewer())
    codes = recoveries.renew(db(), viewer())
    return render("people/recoveries.html", codes=codes) if _prove() else ask_to_sign_in()


def _removed(may: bool, remove):
    if may:
        remove()
        if not _ways():
            recoveries.forget(db(), viewer())
        _tell()
        flash(_("Weggehaald."))
    else:
        flash(_("Dit is je enige tweede stap; bij jouw werk hoort er een. Voeg eerst een andere toe."))
    return redirect(url_for("factors.choose"))


def _tell() -> None:
    """Nobody's lock changes in silence."""
    body = _(
        "Er is iets veranderd aan hoe je inlogt: een tweede stap kwam erbij of ging weg.\n"
        "Was jij dat? Dan hoef je niets te doen. Was jij het niet? Log in, kies een ander\n"
        "wachtwoord en kijk bij 'Extra stap bij het inloggen' wat er niet hoort."
    )
    send({"email": viewer().email}, _("Er is iets veranderd aan het inloggen"), body, timedelta(days=3))


def _spare() -> bool:
    """Whether this viewer can do with one way less."""
    return viewer().role == "parent" or len(_ways()) > 1


def _step_page(onward: str, wrong: str = "") -> str:
    ways, here = _ways(), _here()
    return render(
        "people/step.html",
        ways=ways,
        asked=here and ways.passkeys and factors.ask_to_prove(db(), _vault(), viewer(), _site(), g.now),
        site=_site(),
        onward=onward,
        wrong=wrong,
        carried=carried(),
        whose=viewer().uid,
    )


def _ways() -> factors.Ways:
    return factors.ways(db(), viewer())


def _vault():
    return current_app.config["VAULT"]


def _site() -> factors.Site:
    """A passkey belongs to a name; a bare number is none, and there the machine itself is called localhost."""
    name = urlsplit(current_app.config["SETTINGS"].address).hostname
    with suppress(ValueError):
        name = ipaddress.ip_address(name) and "localhost"
    return factors.Site(name, sorted(origins()))


def _here() -> bool:
    """Whether the page is asked for by the name that passkeys are for."""
    return urlsplit(request.host_url).hostname == _site().name
