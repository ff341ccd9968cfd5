"""The counsellor's desk: the families, what was promised, and for each the card, its entries and own notes."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, request
from flask_babel import gettext as _

from diary import clock
from diary.asso import agreements
from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.journal.drafts import Typed
from diary.pages import render
from diary.people import children, families, introductions
from diary.people.sessions import Viewer
from diary.sharing import appointments, cards, desks, notes, reading, sieves
from diary.sharing.plan_routes import Seat
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
    return _page("sharing/card.html", seat, card=made, ahead=ahead, printed=printed, **legend())


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


def seat_of(family: str) -> Seat:
    """This counsellor at this family's table; for any other there is no such family."""
    vault = current_app.config["VAULT"]
    visitor = families.visit(db(), vault, viewer(), family, g.now)
    if visitor is None:
        reading.refuse(db(), vault, viewer(), family, g.now)
        abort(404)
    covered = children.covered(db(), visitor)
    return Seat(
        visitor,
        f"/counsellor/{family}",
        {child.id: child.name for child in covered},
        {child.id: child.uid for child in covered},
        desks.parents(db(), visitor) | {visitor.id: visitor.name},
        desk=True,
    )


def legend() -> dict:
    return {"kinds": agreements.KINDS}


def _notes(seat: Seat, errors: dict) -> str:
    return _page("sharing/notes.html", seat, notes=notes.of(db(), seat.viewer), errors=errors, typed=request.form)


def _page(template: str, seat: Seat | None = None, **more) -> str:
    known = desks.of(db(), current_app.config["VAULT"], viewer(), g.now)
    here = vars(seat) | {"who": who(seat), "family": seat.viewer.family_uid} if seat else {"family": None}
    today = clock.today(g.now, seat.viewer.zone if seat else Viewer.zone)
    return render(
        template,
        ties=known,
        asking=desks.asking(db(), viewer()),
        promises=desks.promises(known),
        today=today,
        **here,
        **more,
    )


def who(seat: Seat) -> dict[str, dict]:
    """Names for the cards of entries, where there is more than one to tell apart."""
    parents = {number: name for number, name in seat.names.items() if number != seat.viewer.id}
    return {"kids": seat.kids if len(seat.kids) > 1 else {}, "authors": parents if len(parents) > 1 else {}}
