"""The anchor card: made by a parent, printed, or read by whoever holds its link."""

from flask import Blueprint, abort, current_app, flash, g, make_response, redirect, request, url_for
from flask_babel import gettext as _

from diary.asso import agreements, phrases, pins, tries
from diary.asso.library import Suggestion
from diary.errors import sentences
from diary.front import be_nobody, db, public, viewer
from diary.journal.routes import child_or_latest, kids
from diary.pages import language, render
from diary.people.children import Child
from diary.sharing import anchors
from diary.texts import Refused

bp = Blueprint("anchors", __name__)


@bp.get("/anchor")
def edit():
    child = child_or_latest(request.args.get("child", "")) or abort(404)
    return _page(child, {})


@bp.post("/anchor")
def save():
    child = next((child for child in kids().values() if child.uid == request.form.get("child")), None) or abort(404)
    try:
        anchors.save(
            db(), viewer(), child, anchors.parse(request.form, child, _agreed(child), _helpful(child)), g.now
        )
    except Refused as refused:
        return _page(child, sentences(refused), request.form), 422
    flash(_("Bewaard."))
    return redirect(url_for("anchors.edit", child=child.uid, _anchor="card"))


@bp.post("/anchor/links")
def link():
    child = next((child for child in kids().values() if child.uid == request.form.get("child")), None) or abort(404)
    token = anchors.link(db(), viewer(), child, g.now)
    return _page(child, {}, made=token or abort(404))


@bp.post("/anchor/links/<uid>/withdraw")
def withdraw(uid: str):
    if not anchors.withdraw(db(), viewer(), uid, g.now):
        abort(404)
    flash(_("Deze link opent niets meer."))
    return redirect(url_for("anchors.edit"))


@bp.get("/a/<token>")
@public
def behind(token: str):
    """Nothing but the card: no menu, no cookie, nothing that a search engine keeps."""
    be_nobody(language())
    card = anchors.behind(db(), current_app.config["VAULT"], token, g.now)
    answer = make_response(render("sharing/anchor_card.html", card=card), 200 if card else 404)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _page(child: Child, errors: dict, typed=None, made: str | None = None) -> str:
    card = anchors.of(db(), viewer(), child)
    return render(
        "sharing/anchor.html",
        child=child,
        card=card,
        chosen=_chosen(card, typed),
        typed=typed,
        errors=errors,
        agreed=_agreed(child),
        helpful=_helpful(child),
        made=made and current_app.config["SETTINGS"].address + url_for("anchors.behind", token=made),
        links=[link for link in anchors.links(db(), viewer(), g.now) if link["child"] == child.id],
        texts=anchors.TEXTS,
        hints=anchors.HINTS,
    )


def _chosen(card: anchors.Anchor | None, typed) -> set[str]:
    if typed:
        return {*typed.getlist("agreed"), *typed.getlist("helps")}
    return {one["uid"] for one in card.agreed} | {one["id"] for one in card.helps} if card else set()


def _agreed(child: Child) -> list[agreements.Agreement]:
    known = agreements.of(db(), viewer())
    return [one for one in known if one.kind == "agreement" and one.stands and one.child in (child.id, None)]


def _helpful(child: Child) -> list[tuple[Suggestion, dict]]:
    """What was pinned for this child or helped the viewer, in the viewer's own words where there are any."""
    known = current_app.config["SHELF"].library(language()).suggestions
    counts = tries.counts(db(), viewer(), child.id, g.now)
    helped = sorted((key for key, count in counts.items() if count.helped), key=lambda key: -counts[key].helped)
    ids = dict.fromkeys([*pins.for_child(db(), viewer(), child.id), *(suggestion for _, suggestion in helped)])
    own = {phrase.suggestion: phrase.steps for phrase in phrases.seen(db(), viewer()) if phrase.mine}
    return [(known[id], {**known[id].steps, **own.get(id, {})}) for id in ids if id in known][:8]
