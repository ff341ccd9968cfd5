"""The plan, for whoever sits at the table: the parents here, a counsellor at the family's own address.

What only a counsellor changes stands in desk_plan_routes.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, current_app, flash, g, redirect, request
from flask_babel import gettext as _

from diary.asso import agreements, openings, pins, plans
from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.pages import language, render
from diary.people import looks
from diary.sharing import seats
from diary.sharing.desk_routes import seat_of
from diary.sharing.seats import Seat
from diary.texts import Refused

bp = Blueprint("plan", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(proposals_waiting=_proposals_waiting))
desk = Blueprint("desk_plan", __name__)


def _at_both_tables(rule: str, method: str) -> Callable:
    """The same page for a parent and for a counsellor, each in their own seat."""

    def lay(page: Callable) -> Callable:
        @counsellors
        def at_desk(family: str, **asked):
            return page(seat_of(family), **asked)

        bp.add_url_rule(rule, page.__name__, lambda **asked: page(_parent(), **asked), methods=[method])
        desk.add_url_rule(f"/counsellor/<family>{rule}", page.__name__, at_desk, methods=[method])
        return page

    return lay


def _parent() -> Seat:
    return seats.of_parent(db(), viewer(), g.now)


@bp.get("/plan")
def show():
    return shown(_parent())


@_at_both_tables("/plan/new", "GET")
def new(seat: Seat):
    return _form(seat, {name: request.args.get(name, "") for name in ("kind", "situation", "child")}, {})


@_at_both_tables("/plan", "POST")
def propose(seat: Seat):
    try:
        draft = agreements.parse(request.form, seat.numbers, str(uuid.uuid4()))
        agreements.propose(db(), seat.viewer, draft, g.now)
    except Refused as refused:
        return _form(seat, request.form, sentences(refused)), 422
    flash(_("Bewaard."))
    return redirect(f"{seat.base}/plan")


@_at_both_tables("/plan/<uid>/edit", "GET")
def edit(seat: Seat, uid: str):
    with reading(seat):
        one = _changeable(seat, uid)
        return _form(seat, agreements.as_typed(one, seat.numbers), {}, one)


@_at_both_tables("/plan/<uid>", "POST")
def update(seat: Seat, uid: str):
    one = _changeable(seat, uid)
    try:
        agreements.change(db(), seat.viewer, one, agreements.parse(request.form, seat.numbers, uid), g.now)
    except Refused as refused:
        return _form(seat, request.form, sentences(refused), one), 422
    flash(_("Bewaard."))
    return redirect(f"{seat.base}/plan")


@_at_both_tables("/plan/<uid>/accept", "POST")
def accept(seat: Seat, uid: str):
    agreements.accept(db(), seat.viewer, uid, g.now) or abort(404)
    flash(_("Afgesproken."))
    return redirect(f"{seat.base}/plan")


@_at_both_tables("/plan/<uid>/end", "POST")
def end(seat: Seat, uid: str):
    agreements.end(db(), seat.viewer, uid, g.now) or abort(404)
    return redirect(f"{seat.base}/plan")


def _proposals_waiting() -> int:
    """For Vandaag: what others proposed, and the viewer has not answered."""
    return sum(not (one.stands or one.mine) for one in agreements.of(db(), viewer()))


@contextmanager
def reading(seat: Seat) -> Iterator[None]:
    """Around what shows the plan: of a counsellor the parents read that she looked."""
    if not seat.desk:
        yield
        return
    with looks.reading(db()):
        looks.write(db(), seat.viewer, "plan_read", [], g.now)
        yield


def shown(seat: Seat, **more) -> str:
    with reading(seat):
        contents = _contents(seat)
    return render(
        "sharing/plan.html",
        **vars(seat),
        **contents,
        **{name.lower(): _said(getattr(plans, name)) for name in ("PHASES", "CONDITIONS", "MET", "FACTORS", "BANDS")},
        kinds=_said(openings.KINDS),
        **more,
    )


def _contents(seat: Seat) -> dict:
    """All that the plan holds of this family."""
    suggestions = current_app.config["SHELF"].library(language()).suggestions
    pinned = pins.of(db(), seat.viewer)
    return {
        "known": agreements.of(db(), seat.viewer),
        "plan": plans.of(db(), seat.viewer),
        "opened": openings.of(db(), seat.viewer),
        "pinned": [(suggestions[p["suggestion"]], p["child"]) for p in pinned if p["suggestion"] in suggestions],
    }


def _changeable(seat: Seat, uid: str) -> agreements.Agreement:
    one = agreements.find(db(), seat.viewer, uid) or abort(404)
    return one if one.changeable(not seat.desk) else abort(404)


def _form(seat: Seat, typed, errors: dict, one: agreements.Agreement | None = None) -> str:
    children = {uid: seat.kids[number] for number, uid in seat.uids.items()}
    told = {"children": children, "typed": typed, "errors": errors, "one": one}
    return render("sharing/agreement.html", **vars(seat), **told, alone=agreements.alone(db(), seat.viewer))


def _said(labels: dict[str, str]) -> dict[str, str]:
    return {id: _(label) for id, label in labels.items()}
