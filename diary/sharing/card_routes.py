"""The same card, for a parent: as the counsellor sees it, made from what this parent shares."""

from flask import Blueprint, abort, g, request

from diary import clock
from diary.front import db, viewer
from diary.pages import render
from diary.people import ties
from diary.people.ties import Tie
from diary.sharing import cards, seats, sieves

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
    visitor = seats.in_place_of(viewer(), one)
    found = cards.behind(db(), visitor, sieve, g.now, sieves.first_of(request.args), viewer().id)
    return _page("sharing/behind.html", one, sieve=sieve, **vars(found))


def _counsellor() -> Tie | None:
    """With one there is nothing to choose; with more, the one asked for or the first."""
    known = ties.reading(db(), viewer(), g.now)
    asked = (one for one in known if one.uid == request.args.get("with"))
    return next(asked, next(iter(known), None))


def _page(template: str, one: Tie | None, **more) -> str:
    seat = seats.of_parent(db(), viewer(), g.now, "/sharing/card")
    return render(
        template,
        counsellor=one,
        counsellors=ties.reading(db(), viewer(), g.now),
        **vars(seat),
        who=seat.who,
        today=clock.today(g.now, viewer().zone),
        **more,
    )
