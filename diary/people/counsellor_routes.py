"""The counsellor's door: asking a new family, and how families reach her."""

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.pages import drawn, render
from diary.people import introductions, limits, reaches
from diary.texts import Refused

bp = Blueprint("counsellors", __name__)


@bp.route("/counsellor/invite", methods=["GET", "POST"])
@counsellors
def invite():
    if request.method == "GET":
        return render("people/introduce.html")
    limits.count(db(), f"invite:{viewer().id}", 60, 60, g.now)
    token = introductions.make(db(), viewer(), g.now)
    link = current_app.config["SETTINGS"].address + url_for("ties.introduction", token=token)
    return render("people/introduce.html", link=link, qr=drawn(link))


@bp.route("/counsellor/reach", methods=["GET", "POST"])
@counsellors
def reach():
    if request.method == "GET":
        return render("people/reach.html", typed=reaches.own(db(), viewer()), errors={})
    try:
        told = reaches.parse(request.form.get("phone", ""), request.form.get("days", ""))
    except Refused as refused:
        return render("people/reach.html", typed=request.form, errors=sentences(refused)), 422
    reaches.keep(db(), viewer(), told)
    flash(_("Bewaard."))
    return redirect(url_for("people.settings"))
