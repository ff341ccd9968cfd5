"""The practice: who works there, and letting them in."""

from flask import Blueprint

from diary.front import admins, db, viewer
from diary.pages import render
from diary.people import practices

bp = Blueprint("practices", __name__)


@bp.get("/practice")
@admins
def show():
    return render(
        "people/practice.html",
        practice=practices.of(db(), viewer()),
        workers=practices.workers(db(), viewer()),
    )
