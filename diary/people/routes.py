"""Signing up, signing in and out, a forgotten password, and one's own settings."""

import secrets
from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from diary import mail
from diary.errors import carried, sentences
from diary.front import db, familyless, public, step, viewer
from diary.headers import device, remember_device
from diary.pages import language, render
from diary.people import accounts, limits, passwords, resets, sessions
from diary.people.forms import Forgot, Password, Profile, Register, Reset, SignIn
from diary.texts import Refused
from diary.vault import fingerprint

bp = Blueprint("people", __name__)
bp.record_once(lambda setup: setup.app.login_manager.unauthorized_handler(ask_to_sign_in))


@bp.get("/")
@public
def front_door():
    if current_user.is_authenticated:
        return redirect(url_for("journal.today"))
    return render("people/front_door.html")


@bp.route("/register", methods=["GET", "POST"])
@public
def register():
    form = Register(next=request.args.get("next", ""))
    if form.validate_on_submit():
        limits.count(db(), f"register:{limits.line(request.remote_addr)}", 100, 60, g.now)
        try:
            account = accounts.register(db(), form.name.data, form.email.data, form.password.data, language(), g.now)
        except Refused as refused:
            _tell(form, refused)
        else:
            return enter(account, form.next.data)
    return render("people/register.html", form=form), 422 if form.errors else 200


@bp.route("/login", methods=["GET", "POST"])
@public
def sign_in():
    form = SignIn(next=request.args.get("next", ""))
    if form.validate_on_submit():
        account = _recognised(form.email.data, form.password.data)
        if account:
            return enter(account["id"], form.next.data, account["uid"])
        form.password.errors = [_("Dit adres en wachtwoord horen niet bij elkaar. Probeer het nog eens.")]
    page = render("people/sign_in.html", form=form, carried=carried(), whose=request.form.get("whose", ""))
    return page, 422 if form.errors else 200


@bp.post("/logout")
@step
def sign_out():
    sessions.end(db(), viewer().id, g.now, session=viewer().session)
    left = viewer().uid
    logout_user()
    session.clear()
    session["left"] = left  # a form that is still open in another tab goes on with the same person only
    response = redirect(url_for("people.front_door"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


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
        return redirect(url_for("people.reset"))
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
def stop_reset():
    resets.stop(db(), viewer().id, g.now)
    flash(_("Gestopt. Je wachtwoord blijft zoals het was."))
    return redirect(url_for("people.settings"))


@bp.get("/settings")
@familyless
def settings():
    return _settings_page()


@bp.post("/settings")
@familyless
def change_profile():
    form = Profile()
    if not form.validate():
        return _settings_page(profile=form), 422
    accounts.rename(db(), viewer().id, form.name.data, form.language.data)
    session["language"] = form.language.data
    return redirect(url_for("people.settings"))


@bp.post("/settings/password")
@familyless
def change_password():
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
    return _settings_page(password=form), 422


@bp.post("/settings/sessions/<uid>/end")
@familyless
def end_session(uid: str):
    if chosen := next((one["id"] for one in sessions.open_ones(db(), viewer(), g.now) if one["uid"] == uid), None):
        sessions.end(db(), viewer().id, g.now, session=chosen)
        sessions.forget_devices(db(), viewer().id, but=viewer().session, session=chosen)
    return redirect(url_for("people.settings"))


@bp.post("/language")
@public
def choose_language():
    session["language"] = "en" if request.form.get("language") == "en" else "nl"
    return redirect(url_for("people.front_door"))


def ask_to_sign_in():
    """Where a sign-in is needed. What was typed comes along, and goes on where it stopped."""
    if request.is_json:
        return {"error": _("Log opnieuw in. Er gaat niets verloren.")}, 401
    if request.method == "GET":
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
    known = sessions.owner(db(), session.get("_user_id", "")) or session.get("left", "")
    whose = known if request.form.get("whose") in (None, "", known) else ""  # or the text of one goes on as another's
    form = SignIn(formdata=None, next=request.path)
    return render("people/sign_in.html", form=form, carried=carried(), whose=whose), 401


def _recognised(email: str, password: str) -> dict | None:
    """Who this is. A stranger's guesses are counted; they never lock out a browser that was here before."""
    account = accounts.by_email(db(), email)
    if account and sessions.known(db(), account["id"], device()):
        limits.count(db(), f"login:{fingerprint(device()).hex()}", 10, 1, g.now)
    else:
        limits.count(db(), f"login:{accounts.folded(email)}", 10, 1, g.now)
        limits.count(db(), f"login:{limits.line(request.remote_addr)}", 200, 10, g.now)
    if account and account["ended_at"]:
        account = None
    if accounts.matches(account, password):
        resets.stop(db(), account["id"], g.now)  # who still knows the old one needs no new one
        return account
    return account if account and resets.take_effect(db(), account["id"], password, g.now) else None


def _asker(email: str) -> str:
    """An address; a browser that was here before has tries of its own, which a stranger cannot use up."""
    account = accounts.by_email(db(), email)
    known = account and sessions.known(db(), account["id"], device())
    return f"{accounts.folded(email)}{' known' if known else ''}"


def enter(account: int, onward: str, uid: str = ""):
    """Begins a new session in this browser, and goes on to where the visitor was heading."""
    if current_user.is_authenticated:
        sessions.end(db(), viewer().id, g.now, session=viewer().session)
    again = bool(uid and carried()) and request.form.get("whose") == uid  # a new account wrote nothing before
    token_of_forms = session.get("csrf_token")
    session.clear()
    if again:
        session["csrf_token"] = token_of_forms  # what was typed before is about to be sent again
    known = device() or secrets.token_urlsafe(32)
    token = sessions.start(db(), account, known, _label(), g.now)
    login_user(sessions.viewer(db(), current_app.config["VAULT"], token, g.now))
    session.permanent = True
    session["language"] = current_user.language  # for when the database cannot be asked
    response = go_on(onward, again)
    remember_device(response, known)
    return response


def go_on(onward: str, again: bool):
    """To where the visitor was heading; what was typed before the door is sent again."""
    if again and _ours(onward, "POST"):
        return redirect(onward, 307)
    return redirect(onward if _ours(onward, "GET") else url_for("journal.today"))


def _ours(path: str, method: str) -> bool:
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return False
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method=method)
    except (HTTPException, RequestRedirect):
        return False
    return True


def _label() -> str:
    """What this device is called in the list of sessions."""
    agent = request.user_agent.string
    systems = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
    browsers = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    system = next((name for name in systems if name in agent), "")
    browser = next((name for sign, name in browsers.items() if sign in agent), "")
    return " · ".join(part for part in (system.replace("Macintosh", "Mac"), browser) if part)


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


def _tell(form, refused: Refused) -> None:
    for name, sentence in sentences(refused).items():
        form[name].errors = [sentence]


def _settings_page(profile: Profile | None = None, password: Password | None = None) -> str:
    return render(
        "people/settings.html",
        profile=profile or Profile(formdata=None, name=viewer().name, language=viewer().language),
        password=password or Password(formdata=None),
        sessions=sessions.open_ones(db(), viewer(), g.now),
        pending=resets.pending(db(), viewer().id, g.now),
    )
