"""An entry as a counsellor reads and answers it. Who may not, finds nothing here."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.pages import render
from diary.sharing import reading, replies, seats
from diary.sharing.desk_routes import seat_of
from diary.sharing.seats import Seat
from diary.texts import Refused

bp = Blueprint("reading", __name__)


@bp.get("/counsellor/<family>/entries/<uid>")
@counsellors
def show(family: str, uid: str):
    return _page(seat_of(family), uid)


@bp.post("/counsellor/<family>/entries/<uid>/replies")
@counsellors
def answer(family: str, uid: str):
    seat = seats.of_counsellor(db(), current_app.config["VAULT"], viewer(), family, g.now)
    try:
        typed = replies.parse(request.form)
        kept = seat and replies.answer(db(), seat.viewer, uid, typed, g.now)
    except Refused as refused:
        return _page(seat or abort(404), uid, sentences(refused)), 422
    if not kept:  # taken back while the answer was being written
        return render("sharing/taken.html", words=typed.words), 404
    flash(_("Verstuurd. De ouder hoort dat er iets wacht, niet wat."))
    return redirect(url_for("reading.show", family=family, uid=uid, _anchor="thread"))


@bp.post("/counsellor/<family>/entries/<uid>/replies/<reply>/withdraw")
@counsellors
def withdraw(family: str, uid: str, reply: str):
    replies.withdraw(db(), seat_of(family).viewer, uid, reply, g.now) or abort(404)
    flash(_("Je antwoord is weg."))
    return redirect(url_for("reading.show", family=family, uid=uid, _anchor="thread"))


@bp.post("/counsellor/<family>/entries/<uid>/filing")
@counsellors
def file(family: str, uid: str):
    reading.file(db(), seat_of(family).viewer, uid, g.now) or abort(404)
    flash(_("Genoteerd. De ouder ziet dat dit in het dossier staat."))
    return redirect(url_for("reading.show", family=family, uid=uid))


def _page(seat: Seat, uid: str, errors: dict | None = None) -> str:
    found = reading.read(db(), seat.viewer, uid, g.now) or abort(404)
    return render(
        "sharing/reading.html",
        **vars(found),
        family=seat.viewer.family_uid,
        child=seat.kids.get(found.entry.child),
        author=seat.names[found.entry.author],
        names=", ".join(seat.kids.values()),
        today=clock.today(g.now, seat.viewer.zone),
        typed=request.form,
        errors=errors or {},
        reply_uid=str(uuid.uuid4()),
    )
