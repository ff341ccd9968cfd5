"""What errors look like, and how what was typed travels on past them."""

from flask import Flask, current_app, g, request
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests

from diary import pages
from diary.people.limits import TooOften
from diary.people.looks import Unwritten
from diary.texts import N_, Refused

# What never travels along with another form: secrets, and what that form asks itself.
NOT_CARRIED = {"csrf_token", "email", "password", "current", "username", "next", "whose", "code", "credential"}
ERRORS = {
    400: N_("Dit konden we niet lezen."),
    403: N_("Dit kan hier niet."),
    404: N_("Hier is niets te vinden."),
    405: N_("Deze pagina kon dit niet doen."),
    413: N_("Deze tekst past niet in één keer."),
    429: N_("Even wachten."),
    500: N_("Er ging bij ons iets mis."),
    503: N_("Even niet."),
}
ADVICE = {
    400: N_("Ga terug en probeer het nog eens. Wat je eerder bewaarde, staat er nog."),
    403: N_("Ga terug en probeer het nog eens. Wat je eerder bewaarde, staat er nog."),
    404: N_("Misschien is het verwijderd, of klopt het adres niet helemaal."),
    405: N_("Ga terug, of begin opnieuw bij Vandaag."),
    413: N_("Ga terug: je tekst staat er nog. Maak er twee van en bewaar ze na elkaar."),
    429: N_("Dit is in korte tijd vaak geprobeerd. Probeer het over een paar minuten weer."),
    503: N_("Dit kan nu even niet open. Wat bewaard was, is er nog. Probeer het zo nog eens."),
    500: N_("Het ligt niet aan jou. Wat bewaard was, is er nog. Probeer het zo nog eens."),
}
UNWRITTEN = N_("Dit kan nu even niet open: we konden niet opschrijven dat je het las. Probeer het zo nog eens.")
UNKEPT = N_(
    "Dit is nog niet bewaard: we konden niet opschrijven dat jij het deed. Er is niets kwijt. Stuur het zo nog eens."
)


def answer_for(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(Unwritten, _unwritten)


def _error(error: HTTPException):
    code = error.code if error.code in ERRORS else 400
    if error.code and error.code < 400:
        return error
    if code == 500:
        g.fault = True  # what failed may be what tells who is looking: nothing is asked any more
        g._login_user = current_app.login_manager.anonymous_user()
    typed = carried() if code == 500 and request.method == "POST" else None
    return say(error.code or 500, gettext(ERRORS[code]), gettext(ADVICE[code]), carried=typed)


def _too_often(_: TooOften):
    return _error(TooManyRequests())


def _unwritten(_: Unwritten):
    """Without a line in the log there is no content, whatever kept the line from the disk."""
    if request.method == "POST":
        return say(503, gettext(ERRORS[503]), gettext(UNKEPT), carried=carried())
    return say(503, gettext(ERRORS[503]), gettext(UNWRITTEN))


def _stale_form(_: CSRFError):
    """The form is from another sign-in, or from another site. One's own may be sent again by hand."""
    if of_another():
        title = gettext("Dit formulier is van een ander account.")
        advice = gettext(
            "Er is niets bewaard, en niets kwijt. Ga terug: de tekst staat er nog. Wie hem schreef, logt eerst in."
        )
        return say(400, title, advice)
    title = gettext("Dit formulier was verlopen.")
    advice = gettext("Er is nog niets bewaard, en niets kwijt. Stuur het nog een keer.")
    return say(400, title, advice, carried=carried())


def say(code: int, title: str, advice: str, carried: list | None = None):
    if request.is_json:
        return {"error": f"{title} {advice}"}, code
    return pages.render("error.html", code=code, title=title, advice=advice, carried=carried), code


def sentences(refused: Refused) -> dict[str, str]:
    return {name: gettext(sentence) for name, sentence in refused.errors.items()}


def carried() -> list[tuple[str, str]]:
    """What was typed into a form that could not be taken now, to be sent along with the next."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]


def of_another() -> bool:
    """Whether this form was drawn for someone else than who is signed in here now. One that lay on the phone was
    drawn for nobody."""
    return current_user.is_authenticated and request.form.get("whose") not in ("", current_user.uid)
