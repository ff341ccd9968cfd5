"""For a quiet hour: four sentences to try out, a question for when nothing helps, and cards to read."""

from flask import Blueprint, abort, g, request

from diary.asso import practice, suggest
from diary.asso.routes import asked_of, kid_of, library
from diary.front import db, public, viewer
from diary.pages import render

bp = Blueprint("learning", __name__)


@bp.get("/asso/shoes")
def shoes():
    """For when nothing helps: what would I need, at that age?"""
    questions = library().tips_of("shoes")
    number = request.args.get("n", type=int, default=g.now.toordinal()) % len(questions)
    after = (number + 1) % len(questions)
    return render("asso/shoes.html", question=questions[number], next=after, child=kid_of(None))


@bp.route("/asso/practice", methods=["GET", "POST"])
def exercise():
    """Four sentences on a moment of some days ago, and an example to lay beside them. Nothing of it is kept."""
    known = practice.moments(db(), viewer(), g.now)
    number = request.args.get("n", type=int, default=g.now.toordinal())
    entry = known[number % len(known)] if known else None
    asked = asked_of(entry, entry.body.get("note", "")) if entry else None
    offers = suggest.for_situation(library(), entry.situation, asked) if entry else []
    typed = request.form if request.method == "POST" else None
    return render("asso/practice.html", entry=entry, offers=offers, typed=typed, next=number + 1)


@bp.get("/reading")
@public
def reading():
    return render("asso/reading.html", cards=library().cards.values())


@bp.get("/reading/<card>")
@public
def card(card: str):
    return render("asso/card.html", card=library().cards.get(card) or abort(404))
