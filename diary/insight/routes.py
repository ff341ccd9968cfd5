"""Looking for patterns, for the parent alone."""

from flask import Blueprint, current_app, g, request

from diary.front import db, viewer
from diary.insight import weeks
from diary.pages import language, render

bp = Blueprint("insight", __name__)


@bp.get("/insight")
def show():
    length = request.args.get("weeks", type=int)
    length = length if length in weeks.LENGTHS else weeks.LENGTHS[0]
    return render(
        "insight/show.html",
        look=weeks.look(db(), viewer(), length, g.now),
        length=length,
        lengths=weeks.LENGTHS,
        suggestions=current_app.config["SHELF"].library(language()).suggestions,
    )
