"""A parent erases their own account, after reading what goes and what stays."""

from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user

from diary.front import db, parents, viewer
from diary.pages import render
from diary.people import accounts, families, limits
from diary.upkeep import erasures

bp = Blueprint("erasures", __name__)


@bp.get("/settings/erasure")
@parents
def show():
    return _page({})


@bp.post("/settings/erasure")
@parents
def erase():
    limits.count(db(), f"password:{viewer().id}", 10, 1, g.now)
    if not accounts.matches(accounts.by_email(db(), viewer().email), request.form.get("current", "")):
        return _page({"current": _("Dit is niet je wachtwoord van nu. Er is niets verwijderd.")}), 422
    erasures.erase(db(), current_app.config["SETTINGS"].home, viewer(), g.now)
    left = viewer().uid
    logout_user()
    session.clear()
    session["left"] = left  # this browser forgets them, and nothing that another person still has waiting there
    flash(_("Je account is verwijderd. Dank je dat je hier schreef."))
    response = redirect(url_for("people.front_door"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(errors: dict) -> str:
    adults = families.members(db(), viewer()) if viewer().family else []
    alone = sum(adult["state"] == "confirmed" for adult in adults) == 1
    return render("people/erasure.html", alone=alone, errors=errors)
