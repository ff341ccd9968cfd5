"""A password that was forgotten, and one that is changed."""

import secrets
from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _

from diary import mail
from diary.front import db, familyless, public, viewer
from diary.headers import device
from diary.pages import render
from diary.people import accounts, limits, passwords, resets, sessions
from diary.people.forms import Forgot, Password, Reset
from diary.people.routes import settings_page

bp = Blueprint("passwords", __name__)


@bp.route("/password/forgot", methods=["GET", "POST"])
@public
def forgot():
    form = Forgot()
    if form.validate_on_submit():
        limits.count(db(), f"forgot:{limits.line(request.remote_addr)}", 50, 60, g.now)
        limits.count(db(), f"forgot:{_asker(form.email.data)}", 5, 60, g.now)
        session["browser"] = secrets.token_urlsafe(32)
        if asked := resets.ask(db(), form.email.data, session["browser"], g.now):
            _send_code(*asked)
        return redirect(url_for("passwords.reset"))
    return render("people/forgot.html", form=form), 422 if form.errors else 200


@bp.route("/password/reset", methods=["GET", "POST"])
@public
def reset():
    form = Reset()
    if form.validate_on_submit():
        if weak := passwords.weakness(form.password.data):
            form.password.errors = [_(weak)]
        else:
            outcome = resets.redeem(
                db(), session.get("browser", ""), form.code.data, form.password.data, device(), g.now
            )
            if outcome == "later":
                _warn(resets.asked_for(db(), session["browser"]))
            elif outcome == "now":
                _tell_of_change(resets.asked_for(db(), session["browser"])["email"])
            if outcome != "wrong":
                return render("people/reset_done.html", outcome=outcome)
            form.code.errors = [_("Deze code klopt niet of is verlopen. Kijk hem na, of vraag een nieuwe.")]
    return render("people/reset.html", form=form), 422 if form.errors else 200


@bp.post("/password/pending/stop")
@familyless
def stop():
    resets.stop(db(), viewer().id, g.now)
    flash(_("Gestopt. Je wachtwoord blijft zoals het was."))
    return redirect(url_for("people.settings"))


@bp.post("/settings/password")
@familyless
def change():
    form = Password()
    if form.validate():
        limits.count(db(), f"password:{viewer().id}", 10, 1, g.now)
        if weak := passwords.weakness(form.password.data, viewer().name, viewer().email):
            form.password.errors = [_(weak)]
        elif not accounts.matches(accounts.by_email(db(), viewer().email), form.current.data):
            form.current.errors = [_("Dit is niet je wachtwoord van nu. Probeer het nog eens.")]
        else:
            accounts.set_password(db(), viewer().id, accounts.hashed(form.password.data))
            resets.stop(db(), viewer().id, g.now)
            sessions.end(db(), viewer().id, g.now, but=viewer().session)
            sessions.forget_devices(db(), viewer().id, but=viewer().session)
            _tell_of_change(viewer().email)
            flash(_("Je nieuwe wachtwoord geldt. Op andere toestellen ben je nu uitgelogd."))
            return redirect(url_for("people.settings"))
    return settings_page(password=form), 422


def _asker(email: str) -> str:
    """An address; a browser that was here before has tries of its own, which a stranger cannot use up."""
    account = accounts.by_email(db(), email)
    known = account and sessions.known(db(), account["id"], device())
    return f"{accounts.folded(email)}{' known' if known else ''}"


def _send_code(account: dict, code: str) -> None:
    body = _(
        "Iemand vroeg een nieuw wachtwoord aan voor je dagboek. Was jij dat?\n"
        "Typ dan deze code in de app, op de plek waar je erom vroeg:\n\n    %(code)s\n\n"
        "De code werkt tien minuten. Was jij het niet? Dan hoef je niets te doen:\n"
        "zonder de code verandert er niets.",
        code=f"{code[:4]} {code[4:]}",
    )
    send(account, _("Je code"), body, timedelta(minutes=10))


def _warn(account: dict) -> None:
    body = _(
        "Op een toestel dat we niet kennen is een nieuw wachtwoord gekozen voor je dagboek.\n"
        "Het gaat over drie dagen in. Was jij dat niet? Log dan in zoals je gewend bent;\n"
        "daarmee stop je het nieuwe wachtwoord meteen."
    )
    send(account, _("Over drie dagen geldt een nieuw wachtwoord"), body, timedelta(days=3))


def _tell_of_change(email: str) -> None:
    """Nobody's password changes in silence."""
    body = _(
        "Het wachtwoord van je dagboek is veranderd. Was jij dat? Dan hoef je niets te doen.\n"
        "Was jij het niet? Kies dan op een toestel dat je vaker gebruikt een nieuw wachtwoord,\n"
        "bij inloggen onder 'Wachtwoord vergeten'. Wat je schreef, is er nog."
    )
    send({"email": email}, _("Je wachtwoord is veranderd"), body, timedelta(days=3))


def send(account: dict, subject: str, body: str, lasts: timedelta) -> None:
    config = current_app.config
    mail.post(db(), config["VAULT"], account["email"], subject, body, g.now, lasts)
    mail.soon(config["SETTINGS"], config["VAULT"])
