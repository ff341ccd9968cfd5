"""What came: where a notification leads, what one may say to it, and what waits on Vandaag."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.asso.routes import library
from diary.errors import sentences
from diary.front import db, viewer
from diary.journal import moments, timeline
from diary.journal.routes import kids
from diary.pages import render
from diary.people import families
from diary.reminders import occurrences, reminding, risks
from diary.reminders.occurrences import Occurrence
from diary.reminders.risks import Risk
from diary.reminders.rows import Reminder
from diary.texts import N_, Refused

bp = Blueprint("came", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(inbox=_inbox, became=_became, tip=_tip))
_BECAME = {
    "going": N_("onderweg"),
    "sent": N_("gekomen"),
    "failed": N_("niet aangekomen"),
    "silent": N_("niet nodig, je had het al gedaan"),
    "missed": N_("gemist: het kon niet op tijd"),
    "full": N_("overgeslagen: het waren er genoeg die dag"),
    "paused": N_("even niet, zoals je koos"),
    "held": N_("komt straks nog eens"),
}
_HEARD = {
    "later": N_("Goed, over een half uur nog eens."),
    "not_today": N_("Goed, vandaag komt er niets meer."),
}
_SAID = {"done": N_("gedaan"), "not_today": N_("die dag niet, zoals je koos")}


@dataclass(frozen=True)
class Inbox:
    """What waits on Vandaag; the first of these that there is."""

    rung: Occurrence | None = None
    failed: bool = False
    asking: Reminder | None = None
    proposes: bool = False
    risk: Risk | None = None


@bp.get("/reminders/<text>")
def day(text: str):
    """Where a notification leads: the day it was meant for, and what that day still waits for."""
    date = moments.day(text) or abort(404)
    found = timeline.day(db(), viewer(), date)
    rung = occurrences.of_day(db(), viewer(), date)
    waiting = occurrences.elsewhere(db(), viewer(), date)
    soon = [one for one in rung if one.kind == "risk" and one.open and date == _today()]  # about the next minutes
    return render(
        "reminders/day.html",
        date=date,
        is_today=date == _today(),
        ahead=date > _today(),
        stubs=[entry for entry in found if entry.stub and entry.mine],
        checked_in=timeline.checked_in(db(), viewer(), date),
        soon=soon,
        elsewhere=[one for one in families.of_account(db(), viewer().id) if one["id"] in waiting and _is_in(one)],
        answered=any(one.kind == "reply" for one in rung),
        rung=[one for one in rung if one not in soon and one.kind != "reply" and (one.open or one.kind != "evening")],
    )


@bp.post("/reminders/came/<uid>")
def answer(uid: str):
    said = request.form.get("answer", "")
    try:
        if not occurrences.answer(db(), viewer(), uid, said, g.now):
            abort(404)
        flash(_(_HEARD.get(said, N_("Goed."))))
    except Refused as refused:
        flash(sentences(refused)["answer"])
    return redirect(url_for("journal.today"))


def _is_in(family: dict) -> bool:
    return family["state"] == "confirmed" and family["role"] == "parent"


def _today() -> date:
    return clock.today(g.now, viewer().zone)


def _inbox() -> Inbox:
    """For Vandaag, which tells of answers by itself."""
    came = occurrences.lately(db(), viewer(), g.now)
    if rung := next((one for one in came if one.open and one.day == _today() and one.kind != "reply"), None):
        return Inbox(rung=rung)
    if came and came[0].state == "failed":
        return Inbox(failed=True)
    if asking := reminding.of(db(), viewer()).asking:
        return Inbox(asking=asking)
    if risk := next(iter(risks.offers(db(), viewer(), g.now)), None):
        return Inbox(risk=risk)
    return Inbox(proposes=reminding.may_be_asked(db(), viewer(), g.now))


def _became(rung: Occurrence) -> str:
    """What became of it, in words: that it did not arrive is never the same as that nothing was written."""
    if rung.answer in _SAID:
        return _(_SAID[rung.answer])
    return _("gekomen per mail") if rung.state == "sent" and rung.mailed else _(_BECAME[rung.state])


def _tip(of: str, date: date, child: int | None = None) -> str:
    """A tip that fits this child, another each day and the same all day."""
    kid = kids().get(child) or next(iter(kids().values()), None)
    age = kid.age if kid else None
    tips = [t for t in library().tips_of(of) if not t.ages or age is None or t.ages[0] <= age <= t.ages[1]]
    return tips[date.toordinal() % len(tips)].text if tips else ""
