"""The second step of signing in."""

from flask import Blueprint, request
from flask_babel import gettext as _

from diary.front import carried, step, viewer
from diary.pages import render

bp = Blueprint("factors", __name__)
bp.record_once(lambda setup: setup.app.extensions.update(ask_for_step=lambda: ask_for_step()))


@bp.get("/step")
@step
def ask():
    return _page(request.args.get("next", ""))


def ask_for_step():
    """Where only a password was given, or the desk locked meanwhile. What was typed comes along."""
    if request.is_json:
        return {"error": _("Doe eerst de tweede stap van het inloggen. Er gaat niets verloren.")}, 401
    if request.method == "GET":
        return _page(request.full_path.rstrip("?")), 401
    return _page(request.path), 401


def _page(onward: str) -> str:
    return render("people/step.html", onward=onward, carried=carried(), whose=viewer().uid)
