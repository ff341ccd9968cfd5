"""The counsellor's door."""

from flask import Blueprint

from diary.front import counsellors
from diary.pages import render

bp = Blueprint("counsellors", __name__)


@bp.get("/counsellor")
@counsellors
def desk():
    return render("people/desk.html")
