"""A parent takes the whole diary along, after showing once more who asks: a file to read, or one for a program."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, g, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from diary import clock
from diary.asso import openings, plans
from diary.front import db, parents, viewer
from diary.insight import exchange, exports
from diary.insight.exports import Export
from diary.pages import language, render
from diary.people import limits
from diary.people.factor_routes import step_first
from diary.sharing import shares
from diary.texts import N_

bp = Blueprint("exports", __name__)
FORMS = {"html": "text/html", "json": "application/json"}


@bp.get("/settings/export")
@parents
def show():
    return step_first() or render("insight/take_along.html")


@bp.post("/settings/export")
@parents
def take():
    form = request.form.get("form")
    if form not in FORMS:
        abort(400)
    if step_first():  # asked on the page itself, where the buttons wait for who comes back
        return redirect(url_for("exports.show"))
    limits.count(db(), f"export:{viewer().id}", 10, 60, g.now)
    export = exports.take(db(), current_app.config["VAULT"], viewer(), g.now)
    answer = Response(exchange.written(export) if form == "json" else _page(export), mimetype=FORMS[form])
    name = f"{_('nabij-dagboek')}-{clock.today(g.now, viewer().zone)}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(export: Export) -> str:
    """One file that needs nothing beside it: its looks and its drawings stand inside."""
    static = Path(current_app.static_folder)
    looks = (static / "house.css").read_text() + (Path(__file__).parent / "export.css").read_text()
    return render(
        "insight/export.html",
        export=export,
        style=Markup("<style>{}</style>").format(Markup(looks)),
        drawings=Markup((static / "icons" / "marks.svg").read_text()),
        suggestions=current_app.config["SHELF"].library(language()).suggestions,
        steps=shares.STEPS,
        plans=plans,
        opening_kinds=openings.KINDS,
        offers={"declined": N_("nee"), "later": N_("nu niet")},
    )
