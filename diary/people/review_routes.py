"""What the practice reads of the access log, week by week."""

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary.front import admins, db, viewer
from diary.pages import render
from diary.people import looks, reviews
from diary.people.factor_routes import step_first

bp = Blueprint("reviews", __name__)


@bp.get("/practice/review")
@admins
def show():
    if before := step_first():
        return before
    with looks.reading(db()):  # who reads the log is in the log
        looks.write(db(), viewer(), "log", [], g.now, house=_vault())
        found = reviews.weeks(db(), _vault(), viewer(), g.now)
    return render("people/review.html", weeks=found, what=reviews.WHAT)


@bp.post("/practice/review")
@admins
def sign():
    reviews.sign(db(), _vault(), viewer(), request.form.get("week", ""), g.now) or abort(404)
    flash(_("Nagekeken. Je naam en de dag staan erbij."))
    return redirect(url_for("reviews.show"))


def _vault():
    return current_app.config["VAULT"]
