"""A child of 12, 16 or 18 agrees to be shared about, or not."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary.front import db, viewer
from diary.journal.routes import kids
from diary.people import ties
from diary.sharing import consents, shares

bp = Blueprint("consents", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))


@bp.post("/sharing/consents/<uid>")
def answer(uid: str):
    child = next((child for child in kids().values() if child.uid == uid), None) or abort(404)
    if request.form.get("agrees") == "1":
        consents.give(db(), viewer(), child, g.now) or abort(404)
        flash(_("Opgeschreven. Je kunt weer delen over %(name)s.", name=child.name))
    else:
        shares.take_back_about(db(), viewer(), child, g.now)
        flash(_("Teruggenomen. Over %(name)s deel je nu niets meer.", name=child.name))
    return redirect(url_for("sharing.show"))


def _for_templates() -> dict:
    return {"consents": _consents, "consents_asked": _asked}


def _asked() -> list[consents.Consent]:
    """Those that wait for an answer, of a parent who has someone to share with."""
    waiting = [one for one in _consents().values() if one.waits]
    return waiting if waiting and ties.reading(db(), viewer(), g.now) else []


def _consents() -> dict[int, consents.Consent]:
    """Of the children who have a say, asked for once a page."""
    if "consents" not in g:
        g.consents = {one.child.id: one for one in consents.of(db(), viewer(), kids().values(), g.now)}
    return g.consents
