"""The family: its children, its adults, and letting someone in."""

import logging
from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _

from diary import clock, store
from diary.errors import sentences
from diary.front import db, familyless, home, parents, public, viewer
from diary.pages import drawn, render
from diary.people import children, families, invitations, limits, ties
from diary.people.factor_routes import step_first
from diary.people.forms import Child, Leave
from diary.people.routes import go_on
from diary.texts import Refused

log = logging.getLogger(__name__)
bp = Blueprint("families", __name__)


@bp.get("/welcome")
@parents
def welcome():
    if viewer().family:
        return redirect(url_for("journal.today"))
    return _first_child(Child(next=request.args.get("next", "")), {})


@bp.post("/welcome")
@parents
def begin():
    form = Child()
    try:
        fields = _read(form)
    except Refused as refused:
        return _first_child(form, sentences(refused)), 422
    if viewer().family and (child := _known_otherwise(fields)):  # gone back to, and changed
        return render("people/child.html", form=form, errors={}, child=child)
    with store.writing(db()):
        if families.open_one(db(), viewer().id) is None:  # a double tap makes one family
            family, seal = families.found(db(), current_app.config["VAULT"], viewer().id, g.now)
            children.add(db(), replace(viewer(), family=family, seal=seal), fields, g.now)
    return go_on(form.next.data or "", again=False)


@bp.get("/family")
def show():
    return _family_page(Leave(formdata=None))


@bp.route("/family/children/new", methods=["GET", "POST"])
def add_child():
    form = Child()
    errors = {}
    if request.method == "POST":
        try:
            fields = _read(form)
        except Refused as refused:
            errors = sentences(refused)
        else:
            children.add(db(), viewer(), fields, g.now)
            return redirect(url_for("families.show"))
    return render("people/child.html", form=form, errors=errors, child=None), 422 if errors else 200


@bp.route("/family/children/<uid>", methods=["GET", "POST"])
def change_child(uid: str):
    child = next((c for c in children.of_family(db(), viewer()) if c.uid == uid), None) or abort(404)
    age = "" if child.age is None else str(child.age)
    form = Child(name=child.name, born=child.born or "", age=age)
    errors = {}
    if request.method == "POST":
        try:
            children.change(db(), viewer(), child, _read(form))
        except Refused as refused:
            errors = sentences(refused)
        else:
            return redirect(url_for("families.show"))
    return render("people/child.html", form=form, errors=errors, child=child), 422 if errors else 200


@bp.post("/family/invitations")
def invite():
    limits.count(db(), f"invite:{viewer().id}", 20, 60, g.now)
    token = invitations.invite(db(), viewer(), g.now) or abort(403)
    link = current_app.config["SETTINGS"].address + url_for("families.join", token=token)
    return render("people/invitation.html", link=link, qr=drawn(link))


@bp.post("/family/invitations/<uid>/withdraw")
def withdraw(uid: str):
    invitations.withdraw(db(), viewer(), uid, g.now)
    return redirect(url_for("families.show"))


@bp.post("/family/members/<uid>/confirm")
def confirm(uid: str):
    if before := step_first():
        return before
    if families.confirm(db(), viewer(), uid, g.now):
        flash(_("Jullie schrijven nu samen. Wat van jou alleen is, blijft van jou alleen."))
    return redirect(url_for("families.show"))


@bp.post("/family/members/<uid>/decline")
def decline(uid: str):
    families.decline(db(), viewer(), uid, g.now)
    return redirect(url_for("families.show"))


@bp.post("/family/leave")
def leave():
    form = Leave()
    if not form.validate():
        return _family_page(form), 422
    families.leave(db(), viewer(), g.now)
    return redirect(url_for("journal.today"))


@bp.post("/families/<uid>/open")
@parents
def open_family(uid: str):
    mine = families.of_account(db(), viewer().id)
    chosen = next((f for f in mine if f["uid"] == uid and f["state"] == "confirmed"), None) or abort(404)
    families.open_for(db(), viewer().id, chosen["id"])
    return redirect(url_for("journal.today"))


@bp.get("/join/<token>")
@public
def join(token: str):
    """Opening a link changes nothing: mail scanners open links too."""
    invitation = invitations.find(db(), token, g.now)
    return render("people/join.html", invitation=invitation, token=token), 200 if invitation else 404


@bp.post("/join/<token>")
@familyless
def accept(token: str):
    if not invitations.accept(db(), token, viewer().id, g.now):
        log.warning("an invitation was refused to account %s", viewer().id)
        invitations.refuse(db(), current_app.config["VAULT"], viewer(), token, g.now)
        return render("people/join.html", invitation=None, token=token), 404
    if viewer().role == "counsellor":
        flash(_("Gelukt. Zodra de ouder ja zegt, staat het gezin hier voor je open."))
    else:
        flash(_("Gelukt. Zodra je bent toegelaten, staat het dagboek hier voor je open."))
    return redirect(home())


def _read(form: Child) -> dict:
    fields = (form.uid.data or "", form.name.data or "", form.born.data or "", form.age.data or "")
    return children.parse(*fields, clock.today(g.now, viewer().zone))


def _known_otherwise(fields: dict) -> children.Child | None:
    """The first child, when what was typed about it now is not what is kept."""
    first = next(iter(children.of_family(db(), viewer())), None)
    same = first and all(getattr(first, name) == fields[name] for name in ("name", "born", "age"))
    return None if same else first


def _first_child(form: Child, errors: dict) -> str:
    waiting = [f for f in families.of_account(db(), viewer().id) if f["state"] == "invited"]
    return render("people/welcome.html", form=form, errors=errors, waiting=waiting)


def _family_page(form: Leave) -> str:
    return render(
        "people/family.html",
        children=children.of_family(db(), viewer()),
        members=families.members(db(), viewer()),
        invitations=invitations.waiting(db(), viewer(), g.now),
        ties=ties.of_family(db(), viewer(), g.now),
        families=families.of_account(db(), viewer().id),
        form=form,
    )
