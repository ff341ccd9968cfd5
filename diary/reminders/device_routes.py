"""The devices that someone is reminded on: turned on, tried out, told more, taken away."""

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary.errors import sentences
from diary.front import db, familyless, viewer
from diary.people import limits
from diary.reminders import devices
from diary.texts import Refused

bp = Blueprint("devices", __name__)


@bp.post("/reminders/devices")
@familyless
def keep():
    limits.count(db(), f"device:{viewer().id}", 60, 10, g.now)
    told, config = request.get_json(silent=True), current_app.config
    try:
        devices.keep(db(), config["VAULT"], viewer(), told, config["SETTINGS"].push_hosts, g.now)
    except Refused as refused:
        return {"errors": sentences(refused)}, 422
    return {"device": devices.here(db(), viewer())}


@bp.post("/reminders/devices/<uid>/test")
@familyless
def try_out(uid: str):
    _insist(any(device.uid == uid for device in devices.of(db(), viewer(), g.now)))
    limits.count(db(), f"try-out:{viewer().id}", 10, 10, g.now)
    config = current_app.config
    devices.try_out(config["SETTINGS"], config["VAULT"], viewer(), uid, g.now)
    flash(_("Onderweg. Komt er niets? Kijk dan of je toestel meldingen van deze app toelaat."))
    return _back()


@bp.post("/reminders/devices/<uid>/detail")
@familyless
def tell_more(uid: str):
    _insist(devices.tell_more(db(), viewer(), uid, request.form.get("detail") == "1"))
    return _back()


@bp.post("/reminders/devices/<uid>/remove")
@familyless
def remove(uid: str):
    _insist(devices.remove(db(), viewer(), uid))
    flash(_("Op dat toestel komen geen herinneringen meer."))
    return _back()


def _back():
    """To the screen that this list of devices stands on."""
    return redirect(url_for("digest.show" if viewer().role == "counsellor" else "reminders.show"))


def _insist(found: bool) -> None:
    if not found:
        abort(404)
