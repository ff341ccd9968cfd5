"""The ASSO helper: from a situation or a typed line to four sentences, and back to the diary."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from diary import clock
from diary.asso import agreements, openings, phrases, pins, questions, suggest, tries
from diary.asso.library import Library, Suggestion
from diary.asso.suggest import Asked, Offer
from diary.errors import sentences
from diary.front import db, public, viewer
from diary.journal import entries, entry_routes, moments, terms, timeline
from diary.journal.drafts import Typed
from diary.journal.routes import child_or_latest, kids
from diary.journal.rows import Entry
from diary.pages import language, render
from diary.people import reaches
from diary.texts import N_, Refused

bp = Blueprint("asso", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))
_THANKS = N_("Dank je. Een volgende keer telt dit mee.")
_CONTEXT = {"situation", "child", "entry", "moment"}  # what goes along from page to page


@bp.get("/asso")
def helper():
    entry = _entry()
    situation = request.args.get("situation") or (entry and entry.situation)
    text = questions.opened(viewer(), request.args.get("asked", ""))
    text = text or (entry.body.get("note", "") if entry and not situation else "")
    answer, offers = None, []
    if text:
        answer = suggest.for_text(library(), asked_of(entry, text))
        offers = answer.mixed
    elif situation in terms.SITUATION:
        offers = suggest.for_situation(library(), situation, asked_of(entry))
    tip = next((tip for tip in library().tips_of("ahead") if offers and tip.situation == offers[0].situation), None)
    grave = answer.grave if answer else situation in suggest.GRAVE
    told = {"text": text, "situation": situation, "answer": answer, "tip": tip, "grave": grave}
    return _page("asso/helper.html", offers, entry, **told)


@bp.post("/asso")
def ask():
    text = Typed(request.form).text("q")
    asked = {"asked": questions.sealed(viewer(), text)} if text else {}
    return redirect(url_for("asso.helper", **_context(), **asked))


@bp.get("/asso/<id>")
def show(id: str):
    suggestion = _suggestion(id)
    entry = _entry()
    situation = request.args.get("situation")
    situation = situation if situation in terms.SITUATION and suggestion.fits(situation) else suggestion.situation
    offers = suggest.with_first(library(), suggestion, situation, asked_of(entry))
    return _page("asso/suggestion.html", offers, entry, situation=situation)


@bp.post("/asso/<id>/phrase")
def keep_phrase(id: str):
    suggestion = _suggestion(id)
    try:
        steps, shared = phrases.parse(request.form)
    except Refused as refused:
        entry, told = _entry(), {"typed": request.form, "errors": sentences(refused)}
        offers = suggest.with_first(library(), suggestion, suggestion.situation, asked_of(entry))
        return _page("asso/suggestion.html", offers, entry, **told), 422
    phrases.keep(db(), viewer(), id, steps, shared, g.now)
    flash(_("Bewaard. Je eigen zinnen staan de volgende keer voorop.") if steps else _("Je eigen zinnen zijn weg."))
    return redirect(url_for("asso.show", id=id, **_context()))


@bp.post("/asso/<id>/tries")
def attempt(id: str):
    """‘Did it help?’, now or tonight; and the words go to the entry it was for."""
    suggestion, entry = _suggestion(id), _entry()
    situation, helped = request.form.get("situation"), request.form.get("helped", "")
    attempt = tries.Try(
        uid=Typed(request.form).uid("uid") or str(uuid.uuid4()),
        child=_child(entry),
        situation=situation if situation in terms.SITUATION else suggestion.situation,
        suggestion=id,
        entry=entry and entry.uid,
        tried_at=clock.stamp(g.now),
        helped=tries.HELPED.get(helped),
    )
    tries.begin(db(), viewer(), attempt, _said(suggestion), g.now)
    flash(_(_THANKS) if helped in tries.HELPED else _("Goed. Op Vandaag vragen we later of het hielp."))
    return redirect(url_for("entries.show", uid=entry.uid) if entry else url_for("journal.today"))


@bp.post("/asso/tries/<uid>")
def answer(uid: str):
    helped = tries.HELPED.get(request.form.get("helped", ""))
    if helped is None or not tries.answer(db(), viewer(), uid, helped):
        abort(404)
    flash(_(_THANKS))
    return redirect(url_for("journal.today"))


@bp.get("/asso/<id>/entry")
def write_down(id: str):
    """A new incident, in which what was said stands already."""
    suggestion = _suggestion(id)
    typed = {
        "area": terms.AREA_OF[suggestion.situation],
        "situation": suggestion.situation,
        "child": request.args.get("child", ""),
        "tried": list(terms.ASSO),
        **{f"asso_{step}": said for step, said in _said(suggestion).items()},
    }
    return entry_routes.form(typed, "incident", {})


@bp.get("/help")
@public
def help_card():
    """Who to call. For everyone; who is signed in finds their own counsellor too."""
    own = current_user.is_authenticated and viewer().family
    return render("asso/help.html", reaches=reaches.of_family(db(), viewer(), g.now) if own else [])


def _for_templates() -> dict:
    return {
        "because": because,
        "waiting_tries": _waiting,
        "area_of": terms.AREA_OF.get,
        "without": lambda context, name: {key: value for key, value in context.items() if key != name},
    }


def library() -> Library:
    """As it stands at this request: a practice's folder is looked at once, not for every sentence."""
    if "library" not in g:
        g.library = current_app.config["SHELF"].library(language())
    return g.library


def because(offer: Offer, among: str = "") -> str:
    """Why this is offered, in one line. Among others of the same situation, that need not be said again."""
    reasons = [_("met je begeleider gekozen")] if offer.pinned else []
    if offer.situation != among:
        reasons.append(_("past bij: %(situation)s", situation=_(terms.SITUATION[offer.situation]).lower()))
    if offer.age is not None:
        reasons.append(_("%(n)d jaar van binnen", n=offer.age))
    if offer.count.times:
        reasons.append(_("hielp %(helped)d van %(times)d keer", helped=offer.count.helped, times=offer.count.times))
    if offer.words:
        reasons.append(_("je schreef: %(words)s", words=", ".join(offer.words)))
    return " · ".join(reasons)


def _page(template: str, offers: list[Offer], entry: Entry | None, **more) -> str:
    if offers:
        tries.show(db(), viewer(), offers[0].suggestion.id, g.now)
    return render(
        template,
        offers=offers,
        own=_phrases(),
        entry=entry,
        child=kid_of(entry),
        context=_context(),
        usual=timeline.usual_situations(db(), viewer()),
        agreed=_agreed(offers, entry),
        **{"errors": {}, "typed": None, **more},
    )


def _agreed(offers: list[Offer], entry: Entry | None) -> agreements.Agreement | None:
    """What the family agreed for this situation: it goes before every suggestion."""
    return agreements.for_situation(_plan(), offers[0].situation, _child(entry)) if offers else None


def _plan() -> list[agreements.Agreement]:
    if "plan" not in g:
        g.plan = agreements.of(db(), viewer())
    return g.plan


def asked_of(entry: Entry | None, text: str = "") -> Asked:
    child = kid_of(entry)
    return Asked(
        text=text,
        age=entry.body["age"] if entry and "age" in entry.body else child and child.age,
        moment=_when(entry),
        open=frozenset(openings.opened(db(), viewer())),
        counts=tries.counts(db(), viewer(), child and child.id, g.now),
        shown=tries.shown(db(), viewer(), g.now),
        own=frozenset(id for id, phrase in _phrases().items() if phrase.mine),
        pinned=pins.for_child(db(), viewer(), child and child.id),
        goals=agreements.practised(_plan(), child and child.id),
    )


def _when(entry: Entry | None) -> str:
    """Before it happens, when a reminder led here; long after, when the entry is of earlier."""
    if entry is None:
        return "before" if request.values.get("moment") == "before" else "during"
    return "during" if moments.fresh(entry.at, g.now) else "after"


def _suggestion(id: str) -> Suggestion:
    """What is closed does not exist, until a counsellor opens it."""
    found = library().suggestions.get(id) or abort(404)
    if found.closed and found.closed not in openings.opened(db(), viewer()):
        abort(404)
    return found


def _said(suggestion: Suggestion) -> dict[str, str]:
    """The words of the suggestion, or one's own instead."""
    own = _phrases().get(suggestion.id)
    return {**suggestion.steps, **(own.steps if own and own.mine else {})}


def _phrases() -> dict[str, phrases.Phrase]:
    """By suggestion: one's own, or else what another in the family shares."""
    if "phrases" not in g:
        g.phrases = {}
        for phrase in phrases.seen(db(), viewer()):
            g.phrases.setdefault(phrase.suggestion, phrase)
    return g.phrases


def _entry() -> Entry | None:
    """The incident this is for, when there is one and it is the viewer's own."""
    uid = request.values.get("entry")
    found = entries.own(db(), viewer(), uid) if uid else None
    return found if found and found.kind == "incident" and not found.broken else None


def kid_of(entry: Entry | None):
    known = kids()
    if entry and entry.child in known:
        return known[entry.child]
    return child_or_latest(request.values.get("child", ""))


def _child(entry: Entry | None) -> int | None:
    child = kid_of(entry)
    return child and child.id


def _context() -> dict[str, str]:
    return {name: value for name, value in request.values.items() if name in _CONTEXT and value}


def _waiting() -> list[tuple[tries.Try, Suggestion]]:
    """For Vandaag: what was tried and not answered yet."""
    known = library().suggestions
    return [(t, known[t.suggestion]) for t in tries.waiting(db(), viewer(), g.now) if t.suggestion in known]
