"""An entry as a counsellor reads and answers it. Who may not, finds nothing here."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.pages import render
from diary.people import children, families
from diary.people.sessions import Viewer
from diary.sharing import appointments, reading, replies
from diary.texts import Refused

bp = Blueprint("reading", __name__)


@bp.get("/counsellor/<family>/entries/<uid>")
@counsellors
def show(family: str, uid: str):
    return _page(_visitor(family), uid)


@bp.post("/counsellor/<family>/entries/<uid>/replies")
@counsellors
def answer(family: str, uid: str):
    visitor = _may_visit(family)
    try:
        typed = replies.parse(request.form)
        kept = visitor and replies.answer(db(), visitor, uid, typed, g.now)
    except Refused as refused:
        return _page(visitor or abort(404), uid, sentences(refused)), 422
    if not kept:  # taken back while the answer was being written
        return render("sharing/taken.html", words=typed.words), 404
    flash(_("Verstuurd. De ouder hoort dat er iets wacht, niet wat."))
    return redirect(url_for("reading.show", family=family, uid=uid, _anchor="thread"))


@bp.post("/counsellor/<family>/entries/<uid>/replies/<reply>/withdraw")
@counsellors
def withdraw(family: str, uid: str, reply: str):
    replies.withdraw(db(), _visitor(family), uid, reply, g.now) or abort(404)
    flash(_("Je antwoord is weg."))
    return redirect(url_for("reading.show", family=family, uid=uid, _anchor="thread"))


@bp.post("/counsellor/<family>/entries/<uid>/filing")
@counsellors
def file(family: str, uid: str):
    reading.file(db(), _visitor(family), uid, g.now) or abort(404)
    flash(_("Genoteerd. De ouder ziet dat dit in het dossier staat."))
    return redirect(url_for("reading.show", family=family, uid=uid))


@bp.post("/counsellor/<family>/appointments")
@counsellors
def propose(family: str):
    visitor = _visitor(family)
    try:
        day = appointments.parse(request.form.get("day", ""), clock.today(g.now, visitor.zone))
    except Refused as refused:
        flash(sentences(refused)["day"])
        return redirect(f"/counsellor/{family}")
    appointments.propose(db(), visitor, day, g.now)
    flash(_("Genoteerd. Wat voor het gesprek is gedeeld, gaat open als de ouder de dag bevestigt."))
    return redirect(f"/counsellor/{family}")


@bp.post("/counsellor/<family>/appointments/<uid>/drop")
@counsellors
def drop(family: str, uid: str):
    appointments.drop(db(), _visitor(family), uid, g.now) or abort(404)
    flash(_("Dit gesprek staat er niet meer."))
    return redirect(f"/counsellor/{family}")


def _visitor(family: str) -> Viewer:
    return _may_visit(family) or abort(404)


def _may_visit(family: str) -> Viewer | None:
    """The counsellor with this family open. Who may not is written down, and learns nothing."""
    vault = current_app.config["VAULT"]
    visitor = families.visit(db(), vault, viewer(), family, g.now)
    if visitor is None:
        reading.refuse(db(), vault, viewer(), family, g.now)
    return visitor


def _page(visitor: Viewer, uid: str, errors: dict | None = None) -> str:
    found = reading.read(db(), visitor, uid, g.now) or abort(404)
    names = {child.id: child.name for child in children.covered(db(), visitor)}
    return render(
        "sharing/reading.html",
        **vars(found),
        family=visitor.family_uid,
        child=names.get(found.entry.child),
        names=", ".join(names.values()),
        today=clock.today(g.now, visitor.zone),
        typed=request.form,
        errors=errors or {},
        reply_uid=str(uuid.uuid4()),
    )
