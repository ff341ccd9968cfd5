"""Sharing one entry: the preview, giving, opening, taking back, and the thread as its author writes it."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.errors import sentences
from diary.front import db, viewer
from diary.journal import entries
from diary.journal.routes import kids
from diary.journal.rows import Entry, opened
from diary.pages import render
from diary.people import access, ties
from diary.sharing import defaults, reading, replies, shares
from diary.sharing.routes import meant
from diary.texts import Refused

bp = Blueprint("shares", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))


@bp.get("/entries/<uid>/share")
def preview(uid: str):
    """Exactly what the counsellor will read; or, once shared, what the counsellor reads now."""
    entry = _own(uid)
    known = [one for one in ties.reading(db(), viewer(), g.now) if one.about(entry.child)] or abort(404)
    counsellor = ties.meant(db(), viewer(), request.args.get("counsellor", ""), g.now)
    counsellor = counsellor if counsellor in known else known[0]
    as_shared = shares.find(db(), viewer(), uid, counsellor, g.now) if "shared" in request.args else None
    feeling = "feeling" in request.args
    return render(
        "sharing/preview.html",
        entry=entry,
        shown=reading.as_read(db(), viewer(), entry, g.now, as_shared, feeling),
        share=as_shared,
        feeling=feeling,
        counsellor=counsellor,
        counsellors=known,
        wanted=defaults.of(db(), viewer()).get((counsellor.membership, entry.kind)),
        child=kids()[entry.child].name if entry.child in kids() else None,
        consequence=_(shares.CONSEQUENCE),
    )


@bp.post("/entries/<uid>/shares")
def give(uid: str):
    entry, counsellor, step = _own(uid), meant(), request.form.get("step")
    if step not in shares.STEPS:
        abort(400)
    if request.form.get("version") != str(entry.version):  # written on meanwhile, in another tab: look again
        flash(_("De tekst is intussen aangepast. Kijk nog even wat je deelt; er is nog niets gedeeld."))
        return redirect(url_for("shares.preview", uid=uid, counsellor=counsellor.uid))
    if not shares.give(db(), viewer(), uid, counsellor, step, "feeling" in request.form, g.now):  # the page says why
        return redirect(url_for("shares.preview", uid=uid, counsellor=counsellor.uid))
    flash(_("Gedeeld met %(name)s.", name=counsellor.name) if step == "now" else _("Dit wacht op het gesprek."))
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


@bp.post("/entries/<uid>/shares/open")
def open_now(uid: str):
    _own(uid)
    counsellor = meant()
    shares.open_now(db(), viewer(), uid, counsellor, g.now) or abort(404)
    flash(_("%(name)s kan dit nu lezen.", name=counsellor.name))
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


@bp.post("/entries/<uid>/shares/end")
def take_back(uid: str):
    _own(uid)
    counsellor = ties.meant(db(), viewer(), request.form.get("counsellor", ""), g.now)
    shares.take_back(db(), viewer(), uid, g.now, counsellor and counsellor.membership) or abort(404)
    flash(_("Teruggenomen. Je begeleider leest dit nu niet meer."))
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


@bp.post("/entries/<uid>/shares/feeling/end")
def keep_feeling(uid: str):
    _own(uid)
    shares.keep_feeling(db(), viewer(), uid, meant(), g.now) or abort(404)
    flash(_("Wat het met jou deed, is weer van jou. De rest blijft gedeeld."))
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


@bp.post("/entries/<uid>/shares/hold")
def hold(uid: str):
    _own(uid)
    defaults.hold(db(), viewer(), uid, meant(), g.now) or abort(404)
    flash(_("Goed, dit delen we niet."))
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


@bp.post("/entries/<uid>/replies")
def say(uid: str):
    entry, counsellor = _own(uid), ties.meant(db(), viewer(), request.form.get("counsellor", ""), g.now)
    try:
        typed = replies.parse(request.form)
    except Refused as refused:
        return render("journal/entry.html", entry=entry, typed=request.form, errors=sentences(refused)), 422
    if counsellor is None or not replies.say(db(), viewer(), uid, counsellor, typed, g.now):
        gone = {"words": _("Dit is niet meer gedeeld, dus je antwoord is niet verstuurd. Wat je typte staat er nog.")}
        return render("journal/entry.html", entry=entry, typed=request.form, errors=gone), 422
    flash(_("Verstuurd."))
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


@bp.post("/entries/<uid>/replies/read")
def receive(uid: str):
    replies.receive(db(), viewer(), uid, g.now) or abort(404)
    return redirect(url_for("entries.show", uid=uid, _anchor="sharing"))


def _own(uid: str) -> Entry:
    entry = entries.own(db(), viewer(), uid)
    return entry if entry and not entry.broken else abort(404)


def _for_templates() -> dict:
    return {"sharing_of": _sharing_of, "answers_wait": _answers_wait, "NODS": replies.NODS, "STEPS": shares.STEPS}


def _sharing_of(entry: Entry) -> dict:
    """All that the page of an own entry tells about sharing it."""
    row, known = access.own(db(), viewer(), entry.uid), ties.reading(db(), viewer(), g.now)
    given = shares.of(db(), viewer(), entry.uid, g.now) if known else []
    waits = defaults.pending(db(), viewer(), entry, g.now) if known else []
    return {
        "counsellors": [one for one in known if one.about(entry.child)],
        "shares": {one.membership: one for one in given},
        "pending": {one.counsellor.membership: one for one in waits},
        "discussed": {one.membership: reading.discussed(db(), viewer(), entry, one, g.now) for one in known},
        "thread": replies.thread(db(), viewer(), row["id"], entry.uid, g.now),
        "today": clock.today(g.now, viewer().zone),
    }


def _answers_wait() -> dict[str, Entry]:
    """The own entries on which an answer waits, asked for once a page."""
    if "answers_wait" not in g:
        rows = replies.waiting(db(), viewer()) if viewer().family else []
        g.answers_wait = {row["uid"]: opened(viewer(), row) for row in rows}
    return g.answers_wait
