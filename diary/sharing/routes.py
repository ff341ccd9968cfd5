"""Sharing as a parent sees it as a whole: who reads along, what is shared, what waits, and who looked."""

from datetime import timedelta

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.errors import sentences
from diary.front import db, viewer
from diary.journal import terms
from diary.pages import render
from diary.people import ties
from diary.people.ties import Tie
from diary.sharing import appointments, defaults, inspection, overview, shares
from diary.texts import Refused

bp = Blueprint("sharing", __name__)
PERIODS = {"7": 7, "30": 30, "365": 365}


@bp.get("/sharing")
def show():
    return _page()


@bp.post("/sharing/defaults")
def choose():
    asked = {kind: request.form.get(kind) for kind in terms.KINDS}
    steps = {kind: step if step in shares.STEPS else None for kind, step in asked.items()}
    defaults.choose(db(), viewer(), meant(), steps, g.now)
    flash(_("Bewaard. Het geldt voor wat je vanaf nu opschrijft."))
    return redirect(url_for("sharing.show"))


@bp.post("/sharing/appointments")
def note():
    try:
        day = appointments.parse(request.form.get("day", ""), clock.today(g.now, viewer().zone))
    except Refused as refused:
        return _page(sentences(refused)), 422
    appointments.note(db(), viewer(), meant(), day, g.now)
    flash(_("Bewaard. Wat wacht op het gesprek, gaat die dag open."))
    return redirect(url_for("sharing.show"))


@bp.post("/sharing/appointments/<uid>/agreement")
def agree(uid: str):
    appointments.agree(db(), viewer(), uid, g.now) or abort(404)
    flash(_("Goed. Wat wacht op het gesprek, gaat die dag open."))
    return redirect(url_for("sharing.show"))


@bp.post("/sharing/appointments/<uid>/drop")
def drop(uid: str):
    appointments.drop(db(), viewer(), uid, g.now) or abort(404)
    flash(_("Dit gesprek staat er niet meer. Wat erop wachtte, blijft dicht."))
    return redirect(url_for("sharing.show"))


@bp.get("/sharing/log")
def log():
    days = PERIODS.get(request.args.get("days", ""), 30)
    told = inspection.of(db(), viewer(), g.now - timedelta(days=days), g.now)
    return render("sharing/log.html", days=days, periods=PERIODS, told=told)


def _page(errors: dict | None = None) -> str:
    return render(
        "sharing/show.html",
        counsellors=ties.reading(db(), viewer(), g.now),
        coming=appointments.coming(db(), viewer(), g.now),
        shared=overview.of(db(), viewer(), g.now),
        defaults=defaults.of(db(), viewer()),
        today=clock.today(g.now, viewer().zone),
        consequence=_(shares.CONSEQUENCE),
        typed=request.form,
        errors=errors or {},
    )


def meant() -> Tie:
    """Whom of the counsellors this form means."""
    return ties.meant(db(), viewer(), request.form.get("counsellor", ""), g.now) or abort(404)
