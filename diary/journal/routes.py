"""Writing and looking back."""

import uuid
from dataclasses import replace

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from diary import clock
from diary.front import db, sentences, viewer
from diary.journal import drafts, entries, moments, terms, timeline
from diary.pages import render
from diary.people import children, families, resets
from diary.texts import N_, Refused

bp = Blueprint("journal", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))
MOST_CHANGES = 500
_ASKED = {"q", "child", "kind", "area", "situation", "author", "discuss"}


@bp.get("/today")
def today():
    day = clock.today(g.now, viewer().zone)
    found = timeline.day(db(), viewer(), day)
    members = families.members(db(), viewer())
    return render(
        "journal/today.html",
        entries=found,
        stubs=[stub for stub in timeline.stubs(db(), viewer()) if stub.day != day.isoformat()],
        checked_in=any(entry.kind == "checkin" and entry.mine for entry in found),
        members=members,
        newcomers=families.newcomers(members, viewer(), g.now),
        reset=resets.pending(db(), viewer().id),
        at=g.now.astimezone(clock.zone(viewer().zone)),
    )


@bp.get("/days/<text>")
def day(text: str):
    day = moments.day(text) or abort(404)
    before, after = timeline.beside(db(), viewer(), day)
    found = timeline.day(db(), viewer(), day)
    return render("journal/day.html", day=day, entries=found, before=before, after=after)


@bp.get("/timeline")
def look_back():
    filters = _filters()
    text = request.args.get("q", "").strip()[:200]
    before = request.args.get("before", "")
    if text:
        page = timeline.search(db(), viewer(), text, _labels(), filters, before)
    else:
        page = timeline.page(db(), viewer(), filters, before)
    asked = {name: value for name, value in request.args.items() if name in _ASKED}
    return render("journal/timeline.html", page=page, filters=filters, text=text, asked=asked)


@bp.get("/entries/new")
def new():
    kind = request.args.get("kind")
    if kind not in terms.KINDS:
        return render("journal/choose.html")
    return _form(request.args.to_dict(), kind, {})


@bp.post("/entries")
def create():
    typed = request.form
    try:
        draft = _read(typed)
        saved = entries.save(db(), viewer(), replace(draft, version=None), g.now)
    except Refused as refused:
        return _form(_plain(typed), typed.get("kind"), sentences(refused)), 422
    flash(_("Bewaard."))
    day = clock.today(draft.happened_at, viewer().zone)
    if day == clock.today(g.now, viewer().zone):
        return redirect(url_for("journal.today", _anchor=saved.uid))
    return redirect(url_for("journal.day", text=day, _anchor=saved.uid))


@bp.get("/entries/<uid>")
def show(uid: str):
    entry = entries.find(db(), viewer(), uid) or abort(404)
    return render("journal/entry.html", entry=entry)


@bp.get("/entries/<uid>/edit")
def edit(uid: str):
    entry = _own(uid)
    if entry.broken:
        abort(404)
    return _form(_as_typed(entry), entry.kind, {}, entry)


@bp.post("/entries/<uid>")
def update(uid: str):
    entry = _own(uid)
    typed = request.form
    try:
        draft = _read(typed)
        saved = entries.save(db(), viewer(), entries.revised(entry, draft), g.now)
    except Refused as refused:
        return _form(_plain(typed), entry.kind, sentences(refused), entry), 422
    if saved.copied:
        flash(_("Intussen stond er al een nieuwere tekst. Beide zijn bewaard, naast elkaar."))
    else:
        flash(_("Bewaard."))
    return redirect(url_for("journal.show", uid=saved.uid))


@bp.post("/entries/<uid>/finish")
def finish(uid: str):
    entries.finish(db(), viewer(), _own(uid))
    return redirect(url_for("journal.today"))


@bp.post("/entries/<uid>/audience")
def share(uid: str):
    entry = _own(uid)
    shared = "family" if request.form.get("shared") == "family" else "me"
    entries.share(db(), viewer(), entry, shared, "feeling_shared" in request.form)
    flash(_("Dit is nu voor je gezin te lezen.") if shared == "family" else _("Dit is nu alleen voor jou."))
    return redirect(url_for("journal.show", uid=uid))


@bp.post("/entries/<uid>/topic")
def discuss(uid: str):
    entry = _own(uid)
    entries.discuss(db(), viewer(), entry, request.form.get("discuss") == "1")
    return redirect(url_for("journal.show", uid=uid))


@bp.post("/entries/<uid>/deletion")
def delete(uid: str):
    if not entries.delete(db(), viewer(), uid, g.now):
        abort(404)
    return redirect(url_for("journal.deleted", just=uid))


@bp.get("/deleted")
def deleted():
    """What was deleted in the last day, to be brought back."""
    found = entries.recently_deleted(db(), viewer(), g.now)
    return render("journal/deleted.html", entries=found, just=request.args.get("just"))


@bp.post("/entries/<uid>/deletion/undo")
def undelete(uid: str):
    if not entries.undelete(db(), viewer(), uid):
        abort(404)
    flash(_("Het staat er weer."))
    return redirect(url_for("journal.show", uid=uid))


@bp.get("/entries/<uid>/versions")
def versions(uid: str):
    entry = _own(uid)
    found = entries.versions(db(), viewer(), entry)
    return render("journal/versions.html", entry=entry, versions=found)


@bp.post("/entries/<uid>/versions/<int:number>")
def put_back(uid: str, number: int):
    entries.put_back(db(), viewer(), _own(uid), number, g.now) or abort(404)
    flash(_("Deze versie staat er weer. De andere is bewaard bij de eerdere versies."))
    return redirect(url_for("journal.show", uid=uid))


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
            saved.append({"uid": draft.uid, "version": kept.version, "kept_as": kept.uid})
        except Refused as error:
            uid = change.get("uid") if isinstance(change, dict) else None
            refused.append({"uid": uid if isinstance(uid, str) else None, "errors": sentences(error)})
    return {"saved": saved, "refused": refused}


def _read(typed) -> drafts.Draft:
    return drafts.parse(typed, _kid_ids(), viewer().zone, g.now, viewer().family_uid)


def _own(uid: str) -> entries.Entry:
    return entries.own(db(), viewer(), uid) or abort(404)


def _kids() -> dict[int, children.Child]:
    if "kids" not in g:
        g.kids = {child.id: child for child in children.of_family(db(), viewer())}
    return g.kids


def _kid_ids() -> dict[str, int]:
    return {child.uid: child.id for child in _kids().values()}


def _authors() -> dict[int, str]:
    if "authors" not in g:
        g.authors = families.names(db(), viewer())
    return g.authors


def _for_templates() -> dict:
    """What cards and forms ask for, each read at most once a page, and only by pages that show it."""
    return {
        "kids": _kids,
        "authors": _authors,
        "who_is_who": _who_is_who,
        "latest_child": _latest_child,
        "when_choices": _when_choices,
        "open_family": lambda: viewer().family_uid,
        "fresh_uid": lambda: str(uuid.uuid4()),
    }


def _who_is_who() -> dict[str, dict]:
    """Names of children and authors, by id; none where there is only one, and nothing to tell apart."""
    kids = {number: child.name for number, child in _kids().items()}
    authors = _authors()
    return {"kids": kids if len(kids) > 1 else {}, "authors": authors if len(authors) > 1 else {}}


def _latest_child() -> str:
    """The uid of the child the writer wrote about last, or of the first."""
    kids = _kids()
    if len(kids) > 1 and (latest := timeline.latest_child(db(), viewer())) in kids:
        return kids[latest].uid
    return next((child.uid for child in kids.values()), "")


def _when_choices(short: bool = False) -> dict[str, str]:
    offered = moments.offered(g.now, viewer().zone)
    return {name: moments.CHOICES[name] for name in offered if name != "time" or not short}


def _labels() -> dict[str, str]:
    return {key: _(label) for key, label in (terms.SITUATION | terms.AREAS | terms.KINDS).items()}


def _filters() -> timeline.Filters:
    """What the address asks to see; a choice that does not exist is no choice."""
    args = request.args
    author = args.get("author", "")
    return timeline.Filters(
        child=_kid_ids().get(args.get("child")),
        kind=args.get("kind") if args.get("kind") in terms.KINDS else None,
        area=args.get("area") if args.get("area") in terms.AREAS else None,
        situation=args.get("situation") if args.get("situation") in terms.SITUATION else None,
        author=next((number for number in _authors() if str(number) == author), None),
        discuss=args.get("discuss") == "1",
    )


def _form(typed, kind: str | None, errors: dict, entry: entries.Entry | None = None):
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


def _as_typed(entry: entries.Entry) -> dict:
    """An entry in the shape of its form."""
    kids = _kids()
    words = {f"asso_{step}": said for step, said in entry.body.get("words", {}).items()}
    return {
        **entry.body,
        **words,
        "uid": entry.uid,
        "version": str(entry.version),
        "child": kids[entry.child].uid if entry.child in kids else "",
        "area": entry.area,
        "situation": entry.situation,
        "happened_at": entry.at.strftime("%Y-%m-%dT%H:%M"),
        "discuss": "1" if entry.discuss else "",
        "shared": entry.shared,
        "feeling": entry.feeling,
        "feeling_shared": "1" if entry.feeling_shared else "",
    }
