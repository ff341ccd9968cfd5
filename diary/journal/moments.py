"""When it happened: just now, a part of the day, or a time, read as honestly as it was given."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from diary import clock
from diary.texts import N_

EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=1)  # a phone's clock may be off; a diary does not look further ahead
PARTS = {"morning": time(8), "afternoon": time(15), "evening": time(20)}

CHOICES = {
    "now": N_("net"),
    "morning": N_("vanochtend"),
    "afternoon": N_("vanmiddag"),
    "evening": N_("vanavond"),
    "yesterday": N_("gisteren overdag"),
    "last_evening": N_("gisteravond"),
    "time": N_("een ander moment"),
}


class Unreadable(ValueError):
    """Its text is a sentence for the writer."""


def offered(now: datetime, zone: str) -> list[str]:
    """The parts of the day that lie behind us, latest first, between 'just now' and 'another moment'."""
    return of_a_day(now.astimezone(clock.zone(zone)).time())


def of_a_day(until: time = time.max) -> list[str]:
    passed = [part for part, start in PARTS.items() if until > start]
    return ["now", *reversed(passed), "last_evening", "yesterday", "time"]


def chosen(choice: str, now: datetime, zone: str) -> tuple[datetime, str | None]:
    """The moment of a choice, and the part of the day when no more than that is known."""
    today = clock.today(now, zone)
    yesterday = today - timedelta(days=1)
    match choice:
        case "last_evening":
            return clock.at(yesterday, PARTS["evening"], zone), "evening"
        case "yesterday":
            return clock.at(yesterday, PARTS["afternoon"], zone), "afternoon"
        case "morning" | "afternoon" | "evening":
            # Only what lies behind us is offered: what lies ahead was chosen before midnight.
            began = clock.at(today, PARTS[choice], zone)
            return began if began <= now else clock.at(yesterday, PARTS[choice], zone), choice
        case _:
            return now, None


def read(text: str, now: datetime, zone: str) -> datetime:
    """A typed moment: with an offset as it stands, without one as the family's wall clock shows it."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", text, re.ASCII):
        raise Unreadable(N_("Kies een dag en een tijd, bijvoorbeeld 20-11-2026 19:40."))
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = clock.at(found.date(), found.time(), zone)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(N_("Deze dag of tijd bestaat niet. Kies een andere.")) from error
    if found.date() < EARLIEST:
        raise Unreadable(N_("Kies een dag na 1 januari 2000."))
    if found > now + AHEAD:
        raise Unreadable(N_("Dit moment moet nog komen. Kies een moment dat al geweest is."))
    return found


def fresh(at: datetime, now: datetime) -> bool:
    """Whether it may still be going on."""
    return now - at < timedelta(minutes=45)


def day(text: str) -> date | None:
    """A day from an address; None when there is no such day."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None
    return found if found and found.year >= EARLIEST.year else None


def part(at: datetime) -> str:
    """The part of the day of a wall clock: night until six, morning, afternoon, evening from six."""
    edges = {"night": 0, "morning": 6, "afternoon": 12, "evening": 18, "end": 24}
    return next(name for (name, start), (_, end) in pairwise(edges.items()) if start <= at.hour < end)
