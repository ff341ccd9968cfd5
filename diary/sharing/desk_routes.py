"""The counsellor's desk: the families, what was promised, and for each the card, its entries and own notes."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, request
from flask_babel import gettext as _

from diary import clock
from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.journal.drafts import Typed
from diary.pages import render
from diary.people import introductions
from diary.people.sessions import Viewer
from diary.sharing import appointments, cards, desks, notes, seats, sieves
from diary.sharing.seats import Seat
from diary.texts import Refused

bp = Blueprint("desk", __name__)


@bp.get("/counsellor")
@counsellors
def show():
    return _page("sharing/desk.html", tried=introductions.tried(db(), viewer(), g.now))


@bp.get("/counsellor/<family>")
@counsellors
def card(family: str):
    seat = seat_of(family)
    printed = request.args.get("print") == "1"
    over = cards.period(db(), seat.viewer, g.now, request.args.get("weeks") == "4")
    made = cards.read(db(), seat.viewer, over, g.now, "printed" if printed else "card")
    ahead = appointments.ahead(db(), seat.viewer, g.now)
    return _page("sharing/card.html", seat, card=made, ahead=ahead, printed=printed)


@bp.get("/counsellor/<family>/entries")
@counsellors
def behind(family: str):
    """The entries of one figure."""
    seat, sieve = seat_of(family), sieves.asked_for(request.args)
    found = cards.read_behind(db(), seat.viewer, sieve, g.now, sieves.first_of(request.args))
    return _page("sharing/behind.html", seat, sieve=sieve, **vars(found))


@bp.get("/counsellor/<family>/notes")
@counsellors
def own_notes(family: str):
    return _notes(seat_of(family), {})


@bp.post("/counsellor/<family>/notes")
@counsellors
def keep_note(family: str):
    seat = seat_of(family)
    try:
        uid = Typed(request.form).uid("uid") or str(uuid.uuid4())
        notes.keep(db(), seat.viewer, uid, notes.parse(request.form.get("text", "")), g.now)
    except Refused as refused:
        return _notes(seat, sentences(refused)), 422
    flash(_("Bewaard."))
    return redirect(f"{seat.base}/notes")


@bp.post("/counsellor/<family>/notes/<uid>/deletion")
@counsellors
def drop_note(family: str, uid: str):
    seat = seat_of(family)
    if not notes.drop(db(), seat.viewer, uid):
        abort(404)
    flash(_("Weg."))
    return redirect(f"{seat.base}/notes")


@bp.post("/counsellor/<family>/appointments")
@counsellors
def propose(family: str):
    seat = seat_of(family)
    try:
        day = appointments.parse(request.form.get("day", ""), clock.today(g.now, seat.viewer.zone))
    except Refused as refused:
        flash(sentences(refused)["day"])
        return redirect(seat.base)
    appointments.propose(db(), seat.viewer, day, g.now)
    flash(_("Genoteerd. Wat voor het gesprek is gedeeld, gaat open als de ouder de dag bevestigt."))
    return redirect(seat.base)


@bp.post("/counsellor/<family>/appointments/<uid>/drop")
@counsellors
def drop(family: str, uid: str):
    seat = seat_of(family)
    appointments.drop(db(), seat.viewer, uid, g.now) or abort(404)
    flash(_("Dit gesprek staat er niet meer."))
    return redirect(seat.base)


def seat_of(family: str) -> Seat:
    """This counsellor at this family's table; for any other there is no such family."""
    return seats.of_counsellor(db(), current_app.config["VAULT"], viewer(), family, g.now) or abort(404)


def _notes(seat: Seat, errors: dict) -> str:
    return _page("sharing/notes.html", seat, notes=notes.of(db(), seat.viewer), errors=errors, typed=request.form)


def _page(template: str, seat: Seat | None = None, **more) -> str:
    known = desks.of(db(), current_app.config["VAULT"], viewer(), g.now)
    here = vars(seat) | {"who": seat.who, "family": seat.viewer.family_uid} if seat else {"family": None}
    return render(
        template,
        families=known,
        asking=desks.asking(db(), viewer()),
        promises=desks.promises(known),
        today=clock.today(g.now, seat.viewer.zone if seat else Viewer.zone),
        **here,
        **more,
    )
