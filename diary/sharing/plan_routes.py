"""The plan, for whoever sits at the table: the parents here, the counsellor through desk_plan_routes."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, request
from flask_babel import gettext as _

from diary.asso import agreements, openings, pins, plans
from diary.errors import sentences
from diary.front import db, viewer
from diary.pages import language, render
from diary.sharing import seats
from diary.sharing.seats import Seat
from diary.texts import Refused

bp = Blueprint("plan", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(proposals_waiting=_proposals_waiting))


@bp.get("/plan")
def show():
    seat = _seat()
    return page(seat, contents(seat))


@bp.get("/plan/new")
def new():
    return fresh(_seat())


@bp.post("/plan")
def propose():
    return proposed(_seat())


@bp.get("/plan/<uid>/edit")
def edit(uid: str):
    return edited(_seat(), uid)


@bp.post("/plan/<uid>")
def update(uid: str):
    return updated(_seat(), uid)


@bp.post("/plan/<uid>/accept")
def accept(uid: str):
    return accepted(_seat(), uid)


@bp.post("/plan/<uid>/end")
def end(uid: str):
    return ended(_seat(), uid)


def _proposals_waiting() -> int:
    """For Vandaag: what others proposed, and the viewer has not answered."""
    return sum(not (one.stands or one.mine) for one in agreements.of(db(), viewer()))


def _seat() -> Seat:
    return seats.of_parent(db(), viewer(), g.now)


def contents(seat: Seat) -> dict:
    """All that the plan holds of this family."""
    suggestions = current_app.config["SHELF"].library(language()).suggestions
    pinned = pins.of(db(), seat.viewer)
    return {
        "known": agreements.of(db(), seat.viewer),
        "plan": plans.of(db(), seat.viewer),
        "opened": openings.of(db(), seat.viewer),
        "pinned": [(suggestions[p["suggestion"]], p["child"]) for p in pinned if p["suggestion"] in suggestions],
    }


def page(seat: Seat, contents: dict, **more) -> str:
    return render(
        "sharing/plan.html",
        **vars(seat),
        **contents,
        **{name.lower(): _said(getattr(plans, name)) for name in ("PHASES", "CONDITIONS", "MET", "FACTORS", "BANDS")},
        kinds=_said(openings.KINDS),
        **more,
    )


def fresh(seat: Seat) -> str:
    typed = {name: request.args.get(name, "") for name in ("kind", "situation", "child")}
    return _form(seat, typed, {})


def proposed(seat: Seat):
    try:
        draft = agreements.parse(request.form, seat.numbers, str(uuid.uuid4()))
        agreements.propose(db(), seat.viewer, draft, g.now)
    except Refused as refused:
        return _form(seat, request.form, sentences(refused)), 422
    flash(_("Bewaard."))
    return redirect(f"{seat.base}/plan")


def edited(seat: Seat, uid: str) -> str:
    one = _changeable(seat, uid)
    return _form(seat, agreements.as_typed(one, seat.numbers), {}, one)


def updated(seat: Seat, uid: str):
    one = _changeable(seat, uid)
    try:
        agreements.change(db(), seat.viewer, one, agreements.parse(request.form, seat.numbers, uid), g.now)
    except Refused as refused:
        return _form(seat, request.form, sentences(refused), one), 422
    flash(_("Bewaard."))
    return redirect(f"{seat.base}/plan")


def accepted(seat: Seat, uid: str):
    if not agreements.accept(db(), seat.viewer, uid, g.now):
        abort(404)
    flash(_("Afgesproken."))
    return redirect(f"{seat.base}/plan")


def ended(seat: Seat, uid: str):
    if not agreements.end(db(), seat.viewer, uid, g.now):
        abort(404)
    return redirect(f"{seat.base}/plan")


def _changeable(seat: Seat, uid: str) -> agreements.Agreement:
    one = agreements.find(db(), seat.viewer, uid) or abort(404)
    return one if one.changeable(not seat.desk) else abort(404)


def _form(seat: Seat, typed, errors: dict, one: agreements.Agreement | None = None) -> str:
    children = {uid: seat.kids[number] for number, uid in seat.uids.items()}
    told = {"children": children, "typed": typed, "errors": errors, "one": one}
    return render("sharing/agreement.html", **vars(seat), **told, alone=agreements.alone(db(), seat.viewer))


def _said(labels: dict[str, str]) -> dict[str, str]:
    return {id: _(label) for id, label in labels.items()}
