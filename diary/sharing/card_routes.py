"""The same card, for a parent: as the counsellor sees it, made from what this parent shares."""

from flask import Blueprint, abort, g, request

from diary import clock
from diary.front import db, viewer
from diary.journal.routes import kids
from diary.pages import render
from diary.people import families
from diary.sharing import cards, counsellors, sieves
from diary.sharing.counsellors import Counsellor

bp = Blueprint("cards", __name__)


@bp.get("/sharing/card")
def show():
    one = _counsellor()
    card = cards.as_seen_by(db(), viewer(), one, g.now, request.args.get("weeks") == "4") if one else None
    return _page("sharing/own_card.html", one, card=card, printed=request.args.get("print") == "1")


@bp.get("/sharing/card/entries")
def behind():
    """The entries of one figure: the parent's own, as they were shared."""
    one, sieve = _counsellor() or abort(404), sieves.asked_for(request.args)
    found = cards.behind(
        db(), cards.as_visitor(viewer(), one), sieve, g.now, sieves.first_of(request.args), viewer().id
    )
    return _page("sharing/behind.html", one, sieve=sieve, **vars(found))


def _counsellor() -> Counsellor | None:
    """With one there is nothing to choose; with more, the one asked for or the first."""
    known = counsellors.of(db(), viewer(), g.now)
    asked = (one for one in known if one.uid == request.args.get("with"))
    return next(asked, next(iter(known), None))


def _page(template: str, one: Counsellor | None, **more) -> str:
    names = {number: child.name for number, child in kids().items()}
    return render(
        template,
        counsellor=one,
        counsellors=counsellors.of(db(), viewer(), g.now),
        base="/sharing/card",
        desk=False,
        kids=names,
        names=families.names(db(), viewer()) | ({one.account: one.name} if one else {}),
        who={"kids": names if len(names) > 1 else {}, "authors": {}},
        today=clock.today(g.now, viewer().zone),
        **more,
    )
