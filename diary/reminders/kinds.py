"""What can be reminded of: each kind with its name, and when it rings unless its person chooses otherwise."""

from dataclasses import dataclass

from diary.texts import N_

EVERY_DAY = "1234567"


@dataclass(frozen=True)
class Kind:
    label: str
    at: str
    days: str = EVERY_DAY  # 1 is Monday
    several: bool = False  # whether one person may have more than one of it
    rung: bool = False  # waits for something to happen, instead of for a day
    ours: bool = True  # of a family; the digest is a counsellor's own


KINDS = {
    "evening": Kind(N_("Terugkijken op de dag"), "19:30"),
    "contact": Kind(N_("Een idee voor een fijn moment"), "16:00", "357"),
    "risk": Kind(N_("Een idee vlak voor een lastig moment"), "18:50", several=True),
    "own": Kind(N_("Een eigen afspraak"), "16:00", several=True),
    "week": Kind(N_("De weekcheck"), "20:00", "7"),
    "room": Kind(N_("Ruimte voor jezelf"), "20:30", "26"),
    "reply": Kind(N_("Antwoord van je begeleider"), "09:00", rung=True),
    "digest": Kind(N_("Wat gezinnen deelden"), "08:30", "12345", rung=True, ours=False),
}
