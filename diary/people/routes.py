"""Signing up, signing in and out, and one's own settings."""

import secrets

from flask import Blueprint, current_app, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from diary.errors import carried, sentences
from diary.front import db, familyless, public, step, viewer
from diary.headers import device, remember_device
from diary.pages import language, render
from diary.people import accounts, limits, resets, sessions
from diary.people.forms import Password, Profile, Register, SignIn
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


@bp.get("/settings")
@familyless
def settings():
    return settings_page()


@bp.post("/settings")
@familyless
def change_profile():
    form = Profile()
    if not form.validate():
        return settings_page(profile=form), 422
    accounts.rename(db(), viewer().id, form.name.data, form.language.data)
    session["language"] = form.language.data
    return redirect(url_for("people.settings"))


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


def _tell(form, refused: Refused) -> None:
    for name, sentence in sentences(refused).items():
        form[name].errors = [sentence]


def settings_page(profile: Profile | None = None, password: Password | None = None) -> str:
    return render(
        "people/settings.html",
        profile=profile or Profile(formdata=None, name=viewer().name, language=viewer().language),
        password=password or Password(formdata=None),
        sessions=sessions.open_ones(db(), viewer(), g.now),
        pending=resets.pending(db(), viewer().id, g.now),
    )
