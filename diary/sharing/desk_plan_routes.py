"""What only the counsellor changes of the plan: its outline, groups of suggestions that open, suggestions to try."""

from flask import abort, current_app, flash, g, redirect, request
from flask_babel import gettext as _

from diary.asso import openings, pins, plans
from diary.errors import sentences
from diary.front import counsellors, db
from diary.journal import terms
from diary.pages import language
from diary.sharing import plan_routes
from diary.sharing.desk_routes import seat_of
from diary.sharing.plan_routes import desk as bp
from diary.sharing.seats import Seat
from diary.texts import Refused, clean


@bp.get("/counsellor/<family>/plan")
@counsellors
def show(family: str):
    return _page(seat_of(family))


@bp.post("/counsellor/<family>/plan/outline")
@counsellors
def keep_outline(family: str):
    seat = seat_of(family)
    try:
        plans.save(db(), seat.viewer, plans.parse(request.form), g.now)
    except Refused as refused:
        return _page(seat, errors=sentences(refused), typed=request.form), 422
    flash(_("Bewaard."))
    return redirect(f"{seat.base}/plan#outline")


@bp.post("/counsellor/<family>/plan/openings")
@counsellors
def open_group(family: str):
    seat, kind = seat_of(family), request.form.get("kind", "")
    reason = clean(request.form.get("reason", ""))[:2000]
    if kind not in openings.KINDS:
        abort(404)
    if request.form.get("open") != "1":
        openings.lock(db(), seat.viewer, kind, g.now)
    elif reason:
        openings.unlock(db(), seat.viewer, kind, reason, g.now)
    else:
        flash(_("Schrijf erbij waarom; de ouders lezen dat."))
    return redirect(f"{seat.base}/plan#openings")


@bp.post("/counsellor/<family>/plan/pins")
@counsellors
def pin(family: str):
    seat, suggestion = seat_of(family), request.form.get("suggestion", "")
    if suggestion not in current_app.config["SHELF"].library(language()).suggestions:
        abort(404)
    child = seat.numbers.get(request.form.get("child", ""))
    change = pins.pin if request.form.get("on") == "1" else pins.unpin
    change(db(), seat.viewer, suggestion, child, g.now)
    return redirect(f"{seat.base}/plan#pins")


def _page(seat: Seat, **more) -> str:
    library = current_app.config["SHELF"].library(language())
    open_now = openings.opened(db(), seat.viewer)
    choices = {
        situation: [
            s for s in library.of(situation) if s.situation == situation and (not s.closed or s.closed in open_now)
        ]
        for situation in terms.SITUATION
    }
    return plan_routes.shown(seat, choices=choices, **{"errors": {}, "typed": None, **more})
