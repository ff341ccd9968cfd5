"""A parent lets a counsellor in, for children and for days, and shuts the door again."""

import logging

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from diary import clock
from diary.errors import sentences
from diary.front import db, home, public, viewer
from diary.pages import drawn, render
from diary.people import children, introductions, invitations, limits, ties
from diary.people.factor_routes import step_first
from diary.texts import Refused

log = logging.getLogger(__name__)
bp = Blueprint("ties", __name__)


@bp.post("/family/counsellors")
def invite():
    limits.count(db(), f"invite:{viewer().id}", 20, 60, g.now)
    token = invitations.invite(db(), viewer(), g.now, "counsellor") or abort(403)
    link = current_app.config["SETTINGS"].address + url_for("families.join", token=token)
    return render("people/invitation.html", link=link, qr=drawn(link), role="counsellor")


@bp.route("/family/counsellors/<uid>", methods=["GET", "POST"])
def settle(uid: str):
    tie = ties.find(db(), viewer(), uid, g.now) or abort(404)
    if not tie.settled_by(viewer()):
        abort(404)
    if request.method == "POST":
        try:
            terms = _terms()
        except Refused as refused:
            return _page(tie, sentences(refused)), 422
        if terms.widen(tie) and (before := step_first()):
            return before
        if ties.settle(db(), viewer(), uid, terms, g.now):
            let_in = _("%(name)s hoort er nu bij, en ziet alleen wat jullie zelf delen.", name=tie.name)
            flash(let_in if tie.state == "invited" else _("Bewaard."))
        return redirect(url_for("families.show"))
    return _page(tie)


@bp.post("/family/counsellors/<uid>/revoke")
def revoke(uid: str):
    if ties.revoke(db(), viewer(), uid, g.now):
        flash(_("Gestopt. Vanaf nu is hier voor deze begeleider niets meer te zien."))
    return redirect(url_for("families.show"))


@bp.get("/introductions/<token>")
@public
def introduction(token: str):
    """What a parent's phone opens in the counsellor's room, maybe before there is an account or a diary."""
    if current_user.is_authenticated and (viewer().role != "parent" or viewer().waits):
        return redirect(home() if viewer().role != "parent" else url_for("factors.ask", next=request.path))
    asked = introductions.find(db(), token, g.now)
    if asked is None:
        return _not_here(token)
    if not current_user.is_authenticated:
        return render("people/introduced.html", asked=asked)
    return _page(asked) if viewer().family else redirect(url_for("families.welcome", next=request.path))


@bp.post("/introductions/<token>")
def let_in(token: str):
    asked = introductions.find(db(), token, g.now)
    try:
        terms = _terms()
    except Refused as refused:
        return (_page(asked, sentences(refused)), 422) if asked else _not_here(token)
    if asked and (before := step_first()):
        return before
    if introductions.answer(db(), viewer(), token, terms, g.now):
        flash(_("Gelukt. De begeleider ziet alleen wat jullie zelf delen."))
    elif asked and any(tie.account == asked["account"] for tie in ties.of_family(db(), viewer(), g.now)):
        flash(_("%(name)s staat al bij jullie.", name=asked["name"]))
    else:
        return _not_here(token)
    return redirect(url_for("families.show"))


def _not_here(token: str):
    who = viewer() if current_user.is_authenticated else None
    log.warning("an introduction was not taken by account %s", who and who.id)
    introductions.refuse(db(), who, token, g.now)
    return render("people/join.html", invitation=None, token=token), 404


def _terms() -> ties.Terms:
    form = request.form
    chosen, first, last = form.getlist("children"), form.get("from_day", ""), form.get("until_day", "")
    return ties.parse(db(), viewer(), chosen, first.strip(), last.strip(), g.now)


def _page(asked, errors: dict | None = None) -> str:
    """The same questions for who opened our link and for whose link we opened."""
    typed = request.form.to_dict() | {"children": request.form.getlist("children")} if request.form else {}
    return render(
        "people/tie.html",
        asked=asked,
        tie=asked if isinstance(asked, ties.Tie) else None,
        children=children.of_family(db(), viewer()),
        today=clock.today(g.now, viewer().zone).isoformat(),
        typed=typed,
        errors=errors or {},
    )
