"""The one screen of reminding: what rings when, when it is quiet, and what may be added."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from babel.dates import get_day_names
from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.asso import suggest
from diary.errors import sentences
from diary.front import db, viewer
from diary.journal import moments
from diary.journal.drafts import Typed
from diary.pages import language, render
from diary.people import families
from diary.reminders import devices, news, occurrences, reminders, reminding, risks
from diary.reminders.kinds import EVERY_DAY, KINDS
from diary.texts import Refused

bp = Blueprint("reminders", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))
FIXED = ("evening", "contact", "week", "room")  # one of each, on or off
WEEK = timedelta(days=7)
_WORKDAYS = "12345"


@dataclass(frozen=True)
class Wrong:
    """What was typed into one of the forms and could not be taken, to stand there again."""

    errors: dict = field(default_factory=dict)
    typed: dict = field(default_factory=dict)
    days: str = ""


@bp.get("/reminders")
def show():
    return _page()


@bp.post("/reminders")
def agree():
    """Turns one of a kind on, or adds a moment of one's own. What is left out is as proposed."""
    kind = request.form.get("kind", "")
    at, days = _asked(kind)
    label = Typed(request.form).text("label")
    others = [account for uid, (account, _name) in _others().items() if uid in request.form.getlist("others")]
    return _try(kind, lambda: reminders.add(db(), viewer(), kind, at, days, g.now, label=label, others=others))


@bp.post("/reminders/none")
def refuse():
    """The answer of who was asked on Vandaag, and wants to hear of nothing."""
    news.decline(db(), viewer(), "reply", g.now)
    flash(_("Goed, dan niet. Wil je het later toch? Je vindt het bij Meer."))
    return redirect(url_for("journal.today"))


@bp.post("/reminders/<uid>/time")
def change(uid: str):
    """Another time, other days; and another name, for a moment of one's own."""
    label = Typed(request.form).text("label") if "label" in request.form else None
    return _try(uid, lambda: reminders.change(db(), viewer(), uid, *_asked(), g.now, label=label) or abort(404))


@bp.post("/reminders/<uid>/end")
def end(uid: str):
    if not reminders.end(db(), viewer(), uid, g.now):
        abort(404)
    flash(_("Uitgezet."))
    return redirect(url_for("reminders.show"))


@bp.post("/reminders/<uid>/question")
def settle(uid: str):
    """The answer of who was asked whether it still fits."""
    answer = request.form.get("answer", "")
    if not reminders.keep(db(), viewer(), uid, answer == "halved", g.now):
        abort(404)
    if answer == "pause":
        reminding.pause(db(), viewer(), today() + WEEK, g.now)
    flash(_("Dank je. Zo doen we het."))
    return redirect(url_for("journal.today"))


@bp.post("/reminders/hours")
def save():
    typed = Typed(request.form)
    hours = typed.text("quiet_from"), typed.text("quiet_until")
    return _try("quiet", lambda: reminding.save(db(), viewer(), g.now, *hours, most=typed.whole("most", 1, 2) or 2))


@bp.post("/reminders/pause")
def pause():
    return _try("pause", lambda: reminding.pause(db(), viewer(), asked_until(), g.now))


@bp.post("/reminders/risks/<uid>")
def answer_risk(uid: str):
    answer = request.form.get("answer", "")
    if answer not in risks.QUIET:
        at = Typed(request.form).text("at")
        return _try(uid, lambda: risks.accept(db(), viewer(), uid, at, g.now))
    if risks.put_off(db(), viewer(), uid, answer, g.now):
        flash(_("Goed, dan niet.") if answer == "declined" else _("Goed. We vragen het over een week weer."))
    return redirect(url_for("journal.today"))


@bp.post("/reminders/<uid>/done")
def do_ahead(uid: str):
    """Done before it rang: today it need not come."""
    if not occurrences.do_ahead(db(), viewer(), uid, g.now):
        abort(404)
    flash(_("Mooi. Vandaag hoor je er niets meer over."))
    return redirect(url_for("reminders.show"))


def _asked(kind: str = "") -> tuple[str, str]:
    """When: a time, and days as they are kept."""
    usual = KINDS.get(kind, KINDS["own"])
    if "at" not in request.form:
        return usual.at, usual.days
    return request.form["at"], asked_days()


def asked_days() -> str:
    return "".join(sorted(set(request.form.getlist("days"))))


def asked_until() -> date | None:
    """The day on which a pause is over; none to end it now. Raises Refused."""
    until = request.form.get("until", "")
    if until and moments.day(until) is None:
        raise Refused({"paused_until": reminding.NOT_AHEAD})
    return moments.day(until)


def _try(where: str, change: Callable):
    try:
        changed = change()
    except Refused as refused:
        return _page(where, sentences(refused))
    if changed is not False:
        flash(_("Bewaard."))
    return redirect(url_for("reminders.show"))


def _page(where: str = "", errors: dict | None = None):
    """The one screen; with what could not be taken in its own form."""
    wrong = Wrong(errors or {}, request.form, "".join(request.form.getlist("days")))
    agreed = reminding.of(db(), viewer())
    came = occurrences.lately(db(), viewer(), g.now)
    page = render(
        "reminders/show.html",
        reminding=agreed,
        asking=agreed.asking,
        back_on=agreed.back_on(today()),
        tomorrow=today() + timedelta(days=1),
        fixed=FIXED,
        risks=risks.offers(db(), viewer(), g.now),
        devices=devices.of(db(), viewer(), g.now),
        lately=came,
        others={uid: name for uid, (_account, name) in _others().items()},
        arrived_not=bool(came) and came[0].state == "failed",
        next_week=week_on(),
        errors=errors or {},
        wrong_at=lambda place: wrong if errors and place == where else Wrong(),
    )
    return page, 422 if errors else 200


def _others() -> dict[str, tuple[int, str]]:
    """The other adults who let themselves be reminded, as an address calls them, with their names."""
    names = families.names(db(), viewer())
    agreeing = reminding.agreeing(db(), viewer())
    return {
        uid: (account, names[account])
        for uid, account in families.by_uid(viewer(), names).items()
        if account in agreeing
    }


def today() -> date:
    return clock.today(g.now, viewer().zone)


def week_on() -> str:
    """Where a pause ends that is not chosen further."""
    return (today() + WEEK).isoformat()


def _for_templates() -> dict:
    return {
        "reminder_kinds": KINDS,
        "weekdays": _weekdays,
        "rings": _rings,
        "grave": suggest.GRAVE.__contains__,
    }


def _weekdays() -> dict[str, str]:
    """ma, di, wo: by the number under which days are kept."""
    names = get_day_names("abbreviated", locale=language())
    return {str(number + 1): names[number] for number in range(7)}


def _rings(at: str, days: str, halved: bool = False) -> str:
    """When something rings, in words."""
    if days == EVERY_DAY:
        named = _("elke dag")
    elif days == _WORKDAYS:
        named = _("op werkdagen")
    else:
        named = ", ".join(name for number, name in _weekdays().items() if number in days)
    often = _("om de keer")
    return f"{at}, {named} · {often}" if halved else f"{at}, {named}"
