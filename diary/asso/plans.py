"""The plan of a family: its phase, the conditions that were gone through, what was weighed, and when to talk.

The counsellor keeps it and the parents read all of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.asso.agreements import TABLE, note
from diary.journal.drafts import Typed
from diary.people.sessions import Viewer
from diary.texts import N_, Refused
from diary.vault import Broken

PHASES = {
    "prepare": N_("Voorbereiden: kennismaken en kijken wat er nodig is"),
    "contact": N_("Contact voorop: fijne momenten en weinig strijd"),
    "steady": N_("Voorspelbaar worden: vaste reacties, gebeurtenissen voor zijn"),
    "closer": N_("Dichterbij: zorg en nabijheid stap voor stap"),
    "keep": N_("Volhouden: wat werkt blijft, begeleiding wordt minder"),
}

CONDITIONS = {
    "fits": N_("Er is gekeken wat dit kind nodig heeft, en deze aanpak past daarbij."),
    "place": N_("Het kind woont veilig en weet dat het kan blijven. In een groep: minstens anderhalf jaar."),
    "there": N_("De ouder kan er voor langere tijd zijn, ook met zijn gevoel. Goed genoeg is genoeg."),
    "steady": N_("De ouder kan rustig en voorspelbaar reageren, en zichzelf bijsturen als het anders liep."),
    "together": N_("De ouder doet dit niet alleen: een partner, een team of anderen dragen mee."),
    "guided": N_("Er is een begeleider of kindertherapeut die veel weet van gehechtheid."),
    "room": N_("Er is ruimte om bij te komen van de jaren waarin het niet werd gezien."),
}
MET = {"yes": N_("is er"), "partly": N_("deels"), "not_yet": N_("nog niet")}

FACTORS = {
    "findings": N_("Kind: wat onderzoek en gesprekken tot nu toe lieten zien"),
    "age": N_("Kind: leeftijd, en wat die betekent voor wat nog kan groeien"),
    "behaviour": N_("Kind: hoe zwaar het gedrag weegt voor het kind en de mensen eromheen"),
    "available": N_("Ouder: wie is er voor het kind, en hoeveel kan diegene nu dragen?"),
    "open": N_("Ouder: wat helpt de ouder om begeleiding toe te laten?"),
    "help": N_("Omgeving: welke hulp is er, en wie kan die geven?"),
    "therapy": N_("Omgeving: is er therapie voor kind en ouder samen, en wanneer?"),
    "other": N_("Een andere vertrouwde volwassene: wie, hoe vaak, en hoe blijft het contact met de ouders?"),
}

BANDS = {
    "narrow": N_("al bij een klein verschil"),
    "usual": N_("bij een duidelijk verschil"),
    "wide": N_("pas bij een groot verschil"),
}
STALE = N_("Intussen bewaarde iemand anders dit plan. Wat je typte staat er nog: leg het naast het nieuwe.")


@dataclass(frozen=True)
class Plan:
    version: int = 0
    phase: str | None = None
    band: str = "usual"
    conditions: Mapping[str, str] = field(default_factory=dict)  # id → met
    notes: Mapping[str, str] = field(default_factory=dict)  # what was said about a condition
    factors: Mapping[str, str] = field(default_factory=dict)
    saved_at: str | None = None

    @property
    def met(self) -> int:
        return sum(answer == "yes" for answer in self.conditions.values())


def parse(fields: Mapping) -> Plan:
    typed = Typed(fields)
    found = Plan(
        version=typed.whole("version", 0, 999_999) or 0,
        phase=typed.choice("phase", PHASES),
        band=typed.choice("band", BANDS) or "usual",
        conditions=_said({id: typed.choice(f"met_{id}", MET) for id in CONDITIONS}),
        notes=_said({id: typed.text(f"note_{id}", 2000) for id in CONDITIONS}),
        factors=_said({id: typed.text(f"factor_{id}", 4000) for id in FACTORS}),
    )
    if typed.errors:
        raise Refused(typed.errors)
    return found


def of(db: Database, viewer: Viewer) -> Plan:
    row = store.row(
        db,
        f"select version, phase, band, words, saved_at from plans where family = (select family from ({TABLE}))",
        **_me(viewer),
    )
    if row is None:
        return Plan()
    words = _words(viewer, row.pop("words"))
    return Plan(**row, **words)


def save(db: Database, viewer: Viewer, plan: Plan, now: datetime) -> None:
    """Only a counsellor at the table writes it; not over what another wrote meanwhile."""
    words = json.dumps({name: getattr(plan, name) for name in ("conditions", "notes", "factors")}, ensure_ascii=False)
    with store.writing(db):
        if of(db, viewer).version != plan.version:
            raise Refused({"version": STALE})
        store.change(
            db,
            f"""insert into plans (family, version, phase, band, words, saved_by, saved_at)
                select family, :version, :phase, :band, :words, :viewer, :now from ({TABLE})
                where role = 'counsellor'
                on conflict (family) do update set version = excluded.version, phase = excluded.phase,
                  band = excluded.band, words = excluded.words, saved_by = excluded.saved_by,
                  saved_at = excluded.saved_at""",
            version=plan.version + 1,
            phase=plan.phase,
            band=plan.band,
            words=viewer.seal.close(words, viewer.family_uid, "plan"),
            now=clock.stamp(now),
            **_me(viewer),
        )
        note(db, viewer, now)


def _words(viewer: Viewer, sealed: bytes) -> dict:
    try:
        return json.loads(viewer.seal.open(sealed, viewer.family_uid, "plan"))
    except Broken:
        return {}


def _said(answers: dict) -> dict:
    return {id: answer for id, answer in answers.items() if answer}


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
