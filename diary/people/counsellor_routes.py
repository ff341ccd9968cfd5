"""The counsellor's door: asking a new family."""

from flask import Blueprint, current_app, g, request, url_for

from diary.front import counsellors, db, viewer
from diary.pages import drawn, render
from diary.people import introductions, limits

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
