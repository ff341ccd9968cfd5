"""What a counsellor agreed to: when one message tells that families shared something, and for how long not."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary.errors import sentences
from diary.front import counsellors, db, viewer
from diary.journal.drafts import Typed
from diary.pages import render
from diary.reminders import devices, news, occurrences, reminders, reminding
from diary.reminders.kinds import KINDS
from diary.reminders.routes import asked_days, asked_until, today, week_on
from diary.texts import Refused

bp = Blueprint("digest", __name__)


@bp.get("/counsellor/reminders")
@counsellors
def show():
    return _page({})


@bp.post("/counsellor/reminders")
@counsellors
def agree():
    """Turns it on, or chooses another time."""
    at = Typed(request.form).text("at")
    return _try(lambda: reminders.add(db(), viewer(), "digest", at, asked_days(), g.now))


@bp.post("/counsellor/reminders/end")
@counsellors
def end():
    news.decline(db(), viewer(), "digest", g.now)
    flash(_("Uitgezet."))
    return redirect(url_for("digest.show"))


@bp.post("/counsellor/reminders/pause")
@counsellors
def pause():
    return _try(lambda: reminding.pause(db(), viewer(), asked_until(), g.now))


def _try(change):
    try:
        change()
    except Refused as refused:
        return _page(sentences(refused)), 422
    flash(_("Bewaard."))
    return redirect(url_for("digest.show"))


def _page(errors: dict):
    mine = reminding.of(db(), viewer())
    came = occurrences.lately(db(), viewer(), g.now)
    return render(
        "reminders/digest.html",
        on=bool(mine.reminders) or not mine.agreed,
        digest=next(iter(mine.reminders), KINDS["digest"]),
        back_on=mine.back_on(today()),
        devices=devices.of(db(), viewer(), g.now),
        arrived_not=bool(came) and came[0].state == "failed",
        next_week=week_on(),
        errors=errors,
        typed=request.form,
    )
