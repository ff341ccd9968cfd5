"""The practice: who works there, letting them in, and ending their access."""

import logging

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from diary.errors import sentences
from diary.front import admins, db, public, viewer
from diary.pages import language, render
from diary.people import admissions, limits, practices
from diary.people.factor_routes import step_first
from diary.people.forms import Admission, Admit, Practice
from diary.people.routes import enter
from diary.texts import Refused

log = logging.getLogger(__name__)
bp = Blueprint("practices", __name__)


@bp.get("/practice")
@admins
def show():
    return _page()


@bp.post("/practice/name")
@admins
def rename():
    form = Practice()
    if not form.validate():
        return _page(practice_form=form), 422
    practices.rename(db(), viewer(), form.name.data)
    return redirect(url_for("practices.show"))


@bp.post("/practice/invitations")
@admins
def invite():
    form = Admit()
    if before := step_first():
        return before
    if not form.validate():
        return _page(form), 422
    limits.count(db(), f"invite:{viewer().id}", 60, 60, g.now)
    address = form.address.data.strip()
    token = admissions.invite(db(), viewer().practice, "counsellor", address, g.now, viewer())
    link = current_app.config["SETTINGS"].address + url_for("practices.admission", token=token)
    return render("people/admit.html", link=link, address=address)


@bp.post("/practice/invitations/withdraw")
@admins
def withdraw():
    admissions.withdraw(db(), viewer(), request.form.get("address", ""), g.now)
    return redirect(url_for("practices.show"))


@bp.post("/practice/workers/<uid>/end")
@admins
def end(uid: str):
    if before := step_first():
        return before
    if practices.end(db(), current_app.config["VAULT"], viewer(), uid, g.now):
        flash(_("Gestopt. Alle toestellen zijn uitgelogd en de gezinnen zijn losgemaakt."))
    return redirect(url_for("practices.show"))


@bp.route("/admission/<token>", methods=["GET", "POST"])
@public
def admission(token: str):
    """Opening a link that works changes nothing. Address and role stand in the invitation, not in the form."""
    asked, form = admissions.find(db(), token, g.now), Admission()
    if asked is None:
        log.warning("an invitation to the practice was refused")
        admissions.refuse(db(), viewer() if current_user.is_authenticated else None, token, g.now)
        return render("people/join.html", invitation=None, token=token), 404
    if form.validate_on_submit():
        limits.count(db(), f"register:{limits.line(request.remote_addr)}", 100, 60, g.now)
        try:
            account = admissions.accept(db(), token, form.name.data, form.password.data, language(), g.now)
        except Refused as refused:
            form.password.errors = [*sentences(refused).values()]
        else:
            return enter(account, "") if account else redirect(url_for("practices.admission", token=token))
    return render("people/admission.html", asked=asked, form=form), 422 if form.errors else 200


def _page(admit: Admit | None = None, practice_form: Practice | None = None) -> str:
    practice = practices.of(db(), viewer())
    return render(
        "people/practice.html",
        practice=practice_form or Practice(formdata=None, name=practice["name"]),
        admit=admit or Admit(formdata=None),
        workers=practices.workers(db(), viewer()),
        waiting=admissions.waiting(db(), viewer(), g.now),
        tried=admissions.tried(db(), viewer(), g.now),
    )
