"""What was typed, read once. The form and the sync endpoint both come through here.

Strange input becomes a Draft or a Refused with a sentence per field; behind this line nobody checks again.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from diary.journal import moments, terms
from diary.texts import N_, Refused, clean

LONGEST = 20_000
_EMPTY = {  # what says nothing when it is left open altogether: where to say so, and how
    "checkin": ("energy", N_("Kies hoe het gaat, of schrijf één woord. De rest mag leeg blijven.")),
    "weekcheck": ("at_ease", N_("Beantwoord één vraag, of schrijf één woord. De rest mag leeg blijven.")),
}


@dataclass(frozen=True)
class Draft:
    """An entry as it was typed, before it is kept."""

    uid: str
    kind: str
    happened_at: datetime
    written_at: datetime
    about: str | None = None
    just: bool = False  # no moment was given: it happened when it was sent
    child: int | None = None
    area: str | None = None
    situation: str | None = None
    stub: bool = False
    discuss: bool = False
    shared: str = "me"
    feeling: str = ""
    feeling_shared: bool = False
    body: dict = field(default_factory=dict)
    change_id: str | None = None
    version: int | None = None  # the version that was in front of the writer; None for a new entry


class Typed:
    """Reads fields by name from a form or from JSON, and gathers a sentence for each that cannot be read."""

    def __init__(self, fields: Mapping):
        self.fields = fields
        self.errors: dict[str, str] = {}

    def text(self, name: str, longest: int = LONGEST) -> str:
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.errors[name] = N_("Dit konden we niet lezen als tekst. Typ het opnieuw.")
            return ""
        value = clean(value)
        if len(value) > longest:
            self.errors[name] = N_("Deze tekst is te lang: maak er twee van. Alles staat er nog.")
        return value

    def choice(self, name: str, choices: Mapping, read: Callable = str):
        raw = self.fields.get(name)
        if raw is None or raw == "":
            return None
        try:
            value = read(raw) if _scalar(raw) else None
        except ValueError:
            value = None
        if value not in choices:
            self.errors[name] = N_("Deze keuze kennen we niet. Kies er een uit de lijst.")
            return None
        return value

    def several(self, name: str, choices: Mapping) -> list[str]:
        getlist = getattr(self.fields, "getlist", None)
        values = getlist(name) if getlist else self.fields.get(name) or []
        if not isinstance(values, list) or not all(isinstance(v, str) and v in choices for v in values):
            self.errors[name] = N_("Een van deze keuzes kennen we niet. Kies uit de lijst.")
            return []
        return [key for key in choices if key in values]

    def whole(self, name: str, lowest: int, highest: int) -> int | None:
        raw = self.fields.get(name)
        if raw is None or raw == "":
            return None
        if not _scalar(raw) or not re.fullmatch(r"\d{1,6}", str(raw), re.ASCII):
            self.errors[name] = N_("Vul hier een heel getal in, of laat het leeg.")
            return None
        if not lowest <= int(raw) <= highest:
            self.errors[name] = N_("Dit getal past hier niet. Kies een ander, of laat het leeg.")
            return None
        return int(raw)

    def flag(self, name: str) -> bool:
        return self.fields.get(name) in (True, 1, "1", "on", "true", "yes")

    def uid(self, name: str) -> str | None:
        raw = self.fields.get(name)
        if raw is None or raw == "":
            return None
        try:
            return str(uuid.UUID(raw if isinstance(raw, str) else ""))
        except ValueError:
            self.errors[name] = N_(
                "Er klopt iets niet in dit formulier. Kopieer je tekst en open het formulier opnieuw."
            )
            return None


def _scalar(raw: object) -> bool:
    """Text or a whole number. JSON also brings true, 1.5, Infinity, and lists in lists in lists."""
    return isinstance(raw, str | int) and not isinstance(raw, bool)


def parse(fields: Mapping, children: Mapping[str, int], zone: str, now: datetime, family: str = "") -> Draft:
    """Reads one entry. `children` gives the ids of the family's children by uid. Raises Refused.

    `family` is the diary that is open; what was begun in another one does not land in this one.
    """
    typed = Typed(fields)
    if fields.get("diary", family) != family:
        typed.errors["diary"] = N_("Je hebt nu een ander dagboek open. Open eerst het goede; je tekst staat er nog.")
    kind = typed.choice("kind", terms.KINDS)
    if kind is None:
        typed.errors.setdefault("kind", N_("Kies wat je wilt opschrijven."))
    area, situation = _place(typed) if kind == "incident" else (None, None)
    if kind == "incident" and area is None and not typed.errors:
        typed.errors["area"] = N_("Kies Limit, Routine of Anchorpoint. Bij twijfel: ‘Help me kiezen’.")
    body = _body(typed, kind)
    feeling = typed.text("feeling")
    if kind in _EMPTY and not body and not feeling:
        field, sentence = _EMPTY[kind]
        typed.errors.setdefault(field, sentence)
    written = _moment(typed, "written_at", now, zone)
    happened, about = _when(typed, written, now, zone)
    draft = Draft(
        uid=typed.uid("uid") or str(uuid.uuid4()),
        kind=kind or "",
        child=_child(typed, children),
        area=area,
        situation=situation,
        happened_at=happened,
        about=about,
        just=happened == now,
        written_at=written,
        stub=kind == "incident" and typed.flag("stub"),
        discuss=typed.flag("discuss"),
        shared=typed.choice("shared", terms.SHARED) or "me",
        feeling=feeling,
        feeling_shared=typed.flag("feeling_shared"),
        body=body,
        change_id=typed.text("change_id", 64) or None,
        version=typed.whole("version", 1, 999_999),
    )
    if typed.errors:
        raise Refused(typed.errors)
    return draft


def _place(typed: Typed) -> tuple[str | None, str | None]:
    """Area and situation. A form shows the situations of all areas; those of the chosen area count."""
    area = typed.choice("area", terms.AREAS)
    situation = typed.choice(f"situation_{area}", terms.SITUATIONS.get(area, {})) if area else None
    situation = situation or typed.choice("situation", terms.SITUATION)
    if situation and area and terms.AREA_OF[situation] != area:
        typed.errors["situation"] = N_("Deze situatie hoort bij een ander gebied. Kies er een uit de lijst.")
    return area or terms.AREA_OF.get(situation), situation


def _when(typed: Typed, written: datetime, now: datetime, zone: str) -> tuple[datetime, str | None]:
    """What was chosen is as it read when the form was opened, maybe before midnight, maybe days before."""
    choice = typed.choice("when", moments.CHOICES)
    raw = typed.text("happened_at", 40)
    seen = _moment(typed, "opened_at", written, zone)
    if choice == "time" and not raw:
        typed.errors["happened_at"] = N_("Kies een dag en een tijd, of kies ‘net’.")
    if choice not in (None, "time") or not raw:
        return moments.chosen(choice, seen, zone) if choice not in (None, "now") else (written, None)
    about = typed.choice("about", terms.ABOUT)
    try:
        return moments.read(raw, now, zone), about if choice is None else None
    except moments.Unreadable as error:
        typed.errors["happened_at"] = str(error)
        return now, None


def _moment(typed: Typed, name: str, latest: datetime, zone: str) -> datetime:
    """A moment that the form or the phone filled in; the latest it can be where there is none."""
    raw = typed.text(name, 40)
    if not raw:
        return latest
    try:
        return min(moments.read(raw, latest, zone), latest)
    except moments.Unreadable as error:
        typed.errors[name] = str(error)
        return latest


def _child(typed: Typed, children: Mapping[str, int]) -> int | None:
    raw = typed.fields.get("child")
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str) or raw not in children:
        typed.errors["child"] = N_("Dit kind kennen we niet. Kies een kind uit je gezin.")
        return None
    return children[raw]


def _body(typed: Typed, kind: str | None) -> dict:
    """All that is sealed as one. What was left open is left out."""
    body = {"note": typed.text("note")}
    match kind:
        case "incident":
            body |= {
                "before": typed.text("before"),
                "guess": typed.several("guess", terms.FEELINGS),
                "age": typed.whole("age", 0, 18),
                "intensity": typed.choice("intensity", terms.INTENSITY, int),
                "minutes": typed.whole("minutes", 0, 1440),
                "signals": typed.several("signals", terms.SIGNALS),
                "need": typed.choice("need", terms.NEEDS),
                "bond": typed.choice("bond", terms.BOND),
                "won": typed.choice("won", terms.WON),
                "won_meant": typed.flag("won_meant"),
            }
            words = {step: typed.text(f"asso_{step}", 2_000) for step in terms.ASSO}
            tried = typed.several("tried", terms.ASSO)
            body["words"] = {step: said for step, said in words.items() if said}
            body["tried"] = [step for step in terms.ASSO if step in tried or words[step]]
        case "contact":
            body |= {
                "what": typed.choice("what", terms.CONTACTS),
                "began": typed.choice("began", terms.BEGAN),
                "felt": typed.choice("felt", terms.FELT),
            }
        case "checkin":
            body |= {
                "energy": typed.choice("energy", terms.ENERGY, int),
                "me_time": typed.choice("me_time", terms.ME_TIME),
            }
        case "weekcheck":
            body |= {question: typed.choice(question, terms.OFTEN) for question in terms.WEEK}
    return {name: value for name, value in body.items() if value not in (None, "", [], {}) and value is not False}
