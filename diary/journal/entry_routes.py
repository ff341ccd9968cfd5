"""Writing: the forms of an entry, and everything one does with it."""

from dataclasses import replace

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.errors import sentences
from diary.front import db, viewer
from diary.journal import deletions, drafts, entries, moments, rows, terms, timeline, versions
from diary.journal.routes import kid_ids, kids
from diary.pages import render
from diary.texts import N_, Refused

bp = Blueprint("entries", __name__)
MOST_CHANGES = 500
_ASKED = {"child", "what", "area", "note"}  # what a link may fill in beforehand, or another app that shares text


@bp.get("/entries/new")
def new():
    kind = request.args.get("kind") or ("incident" if request.args.get("note") else None)
    if kind not in terms.KINDS:
        return render("journal/choose.html")
    typed = {name: value for name, value in request.args.items() if name in _ASKED}
    if kind == "checkin":
        today = clock.today(g.now, viewer().zone)
        day = min(moments.day(request.args.get("day", "")) or today, today)
        if begun := timeline.checked_in(db(), viewer(), day):
            return redirect(url_for("entries.edit", uid=begun))
        if day < today:
            typed |= {"when": "time", "happened_at": f"{day}T20:00"}
    if kind == "weekcheck":
        child, begun = _week(typed.get("child", ""))
        if begun:
            return redirect(url_for("entries.edit", uid=begun))
        typed["child"] = child
    return form(typed, kind, {})


@bp.post("/entries/new")
def shared():
    """What another app shares, in a form to look at. It changes nothing, and the app has no token to show."""
    return form({"note": request.form.get("note", "")}, "incident", {})


bp.record_once(lambda setup: setup.app.extensions["csrf"].exempt(shared))


@bp.post("/entries")
def create():
    typed = request.form
    try:
        draft = _read(typed)
        saved = entries.save(db(), viewer(), replace(draft, version=None), g.now)
    except Refused as refused:
        kind = typed.get("kind") if typed.get("kind") in terms.KINDS else "incident"  # a form that holds any text
        return form(_plain(typed), kind, sentences(refused)), 422
    flash(_("Bewaard."))
    if saved.day == clock.today(g.now, viewer().zone).isoformat():
        return redirect(url_for("journal.today", _anchor=saved.uid))
    return redirect(url_for("journal.day", text=saved.day, _anchor=saved.uid))


@bp.get("/entries/<uid>")
def show(uid: str):
    entry = entries.find(db(), viewer(), uid) or abort(404)
    return render("journal/entry.html", entry=entry)


@bp.get("/entries/<uid>/edit")
def edit(uid: str):
    entry = _own(uid)
    if entry.broken:
        abort(404)
    return form(_as_typed(entry), entry.kind, {}, entry)


@bp.post("/entries/<uid>")
def update(uid: str):
    entry = entries.own(db(), viewer(), uid)
    typed = request.form
    if entry is None:
        return _as_new(typed)
    try:
        draft = _read(typed)
        saved = entries.save(db(), viewer(), replace(draft, uid=uid), g.now)
    except Refused as refused:
        return form(_plain(typed), entry.kind, sentences(refused), entry), 422
    if saved.copied:
        flash(_("Intussen stond er al een nieuwere tekst. Beide zijn bewaard, naast elkaar."))
    else:
        flash(_("Bewaard."))
    return redirect(url_for("entries.show", uid=saved.uid))


@bp.post("/entries/<uid>/finish")
def finish(uid: str):
    entries.finish(db(), viewer(), _own(uid))
    return redirect(url_for("journal.today"))


@bp.post("/entries/<uid>/audience")
def share(uid: str):
    entry = _own(uid)
    if entry.broken:
        abort(404)
    shared = "family" if request.form.get("shared") == "family" else "me"
    entries.share(db(), viewer(), entry, shared, entry.feeling_shared)
    flash(_("Dit is nu voor je gezin te lezen.") if shared == "family" else _("Dit is nu alleen voor jou."))
    return redirect(url_for("entries.show", uid=uid))


@bp.post("/entries/<uid>/feeling")
def share_feeling(uid: str):
    """One's own feeling is given, and taken back, by a tap of its own."""
    entry = _own(uid)
    if entry.broken:
        abort(404)
    entries.share(db(), viewer(), entry, entry.shared, request.form.get("feeling_shared") == "1")
    return redirect(url_for("entries.show", uid=uid))


@bp.post("/entries/<uid>/topic")
def discuss(uid: str):
    entry = _own(uid)
    entries.discuss(db(), viewer(), entry, request.form.get("discuss") == "1", g.now)
    return redirect(url_for("entries.show", uid=uid))


@bp.post("/entries/<uid>/deletion")
def delete(uid: str):
    if not deletions.delete(db(), viewer(), uid, g.now):
        abort(404)
    flash(_("Verwijderd. Je kunt het nog een dag terughalen."))
    return redirect(url_for("journal.deleted", just=uid))


@bp.post("/entries/<uid>/deletion/undo")
def undelete(uid: str):
    if not deletions.undelete(db(), viewer(), uid):
        abort(404)
    flash(_("Het staat er weer."))
    return redirect(url_for("entries.show", uid=uid))


@bp.get("/entries/<uid>/versions")
def earlier(uid: str):
    entry = _own(uid)
    found = versions.earlier(db(), viewer(), entry)
    return render("journal/versions.html", entry=entry, versions=found)


@bp.post("/entries/<uid>/versions/<int:number>")
def put_back(uid: str, number: int):
    entry = _own(uid)
    versions.put_back(db(), viewer(), entry, number, g.now) or abort(404)
    flash(_("Deze versie staat er weer. De andere is bewaard bij de eerdere versies."))
    if entry.shared != "me":
        flash(_("Dit is nu alleen voor jou. Je kunt het opnieuw delen."))
    return redirect(url_for("entries.show", uid=uid))


@bp.post("/sync")
def sync():
    """Many changes at once, each on its own: one that cannot be kept does not hold up the others."""
    try:
        told = request.get_json(silent=True)
    except RecursionError:  # brackets in brackets, thousands deep
        told = None
    changes = told.get("changes") if isinstance(told, dict) else None
    if not isinstance(changes, list):
        return {"error": _("Stuur een lijst ‘changes’.")}, 400
    if len(changes) > MOST_CHANGES:
        return {"error": _("Stuur hooguit 500 teksten tegelijk.")}, 413
    saved, refused = [], []
    for change in changes:
        try:
            if not isinstance(change, dict):
                raise Refused({"change": N_("Een tekst bestaat uit velden met een naam.")})
            draft = _read(change)
            kept = entries.save(db(), viewer(), draft, g.now)
            saved.append({"uid": draft.uid, "version": kept.version, "kept_as": kept.uid, "day": kept.day})
        except Refused as error:
            uid = change.get("uid") if isinstance(change, dict) else None
            refused.append({"uid": uid if isinstance(uid, str) else None, "errors": sentences(error)})
    return {"saved": saved, "refused": refused}


def _as_new(typed):
    """An edit of what is not there (any more): what was typed comes back, to be kept as a new entry."""
    if typed.get("kind") not in terms.KINDS:
        abort(404)
    gone = N_("Deze tekst is hier niet meer. Wat je typte staat er nog; je kunt het als nieuw bewaren.")
    kept = {name: value for name, value in _plain(typed).items() if name not in ("uid", "version")}
    return form({**kept, "when": "time"}, typed["kind"], sentences(Refused({"uid": gone}))), 422


def _read(typed) -> drafts.Draft:
    return drafts.parse(typed, kid_ids(), viewer().zone, g.now, viewer().family_uid)


def _week(asked: str) -> tuple[str, str | None]:
    """Which child a weekcheck is about, and where it was begun: the first that has none yet, if none is asked for."""
    done = timeline.looked_back(db(), viewer(), clock.today(g.now, viewer().zone))
    known = kid_ids()
    waiting = (uid for uid, number in known.items() if number not in done)
    child = asked if asked in known else next(waiting, next(iter(known), ""))
    return child, done.get(known.get(child))


def _own(uid: str) -> rows.Entry:
    return entries.own(db(), viewer(), uid) or abort(404)


def form(typed, kind: str | None, errors: dict, entry: rows.Entry | None = None):
    """The form, with all that was typed."""
    if kind not in terms.KINDS:
        return render("journal/choose.html", errors=errors)
    return render(
        f"journal/{kind}.html",
        typed=typed,
        errors=errors,
        entry=entry,
        kind=kind,
        usual=timeline.usual_situations(db(), viewer()) if kind == "incident" else None,
    )


def _plain(form) -> dict:
    """A sent form as its template wants it back: lists where more than one may be ticked."""
    lists = {"guess", "signals", "tried"}
    return {name: values if name in lists else values[0] for name, values in form.lists()}


def _as_typed(entry: rows.Entry) -> dict:
    """An entry in the shape of its form."""
    known = kids()
    words = {f"asso_{step}": said for step, said in entry.body.get("words", {}).items()}
    return {
        **entry.body,
        **words,
        "uid": entry.uid,
        "version": str(entry.version),
        "child": known[entry.child].uid if entry.child in known else "",
        "area": entry.area,
        "situation": entry.situation,
        "happened_at": entry.at.strftime("%Y-%m-%dT%H:%M"),
        "discuss": "1" if entry.discuss else "",
        "shared": entry.shared,
        "feeling": entry.feeling,
        "feeling_shared": "1" if entry.feeling_shared else "",
    }
