"""Which entries a figure counts. The figure and the page behind it ask the same sieve, so they never differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from diary.journal import moments, terms
from diary.journal.rows import Entry

KEPT = ("held", "repaired")
GRAVE = ("self_harm", "danger")  # what leads to people, whatever the numbers say
LOW = 2  # ‘leeg’ and ‘weinig’
_SHOWN = ("incident", "contact", "checkin", "weekcheck")


@dataclass(frozen=True)
class Sieve:
    """All that an address may ask. What is None lets everything through."""

    since: date | None = None
    until: date | None = None
    kind: str | None = None
    area: str | None = None
    situation: str | None = None
    step: str | None = None  # of ASSO, or 'any'
    bond: str | None = None  # 'kept': contact held, or was repaired; 'said': anything was said of it
    signal: str | None = None
    weekday: int | None = None
    hour: int | None = None
    hours: int = 1  # from that hour on
    later: bool = False  # written down on a later day
    discuss: bool = False
    grave: bool = False
    low: bool = False  # a dagcheck with little energy
    unread: bool = False  # of the share, so the query asks it
    waits: bool = False  # likewise: for an answer that was promised

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        tests = self._tests()
        return [entry for entry in entries if all(test(entry) for test in tests)]

    def _tests(self) -> list[Callable[[Entry], bool]]:
        """Only what is asked is looked at: a card asks dozens of times."""
        told = vars(self)
        since, until = str(self.since), str(self.until)
        tests = {
            "kind": lambda entry: entry.kind == self.kind,
            "area": lambda entry: entry.area == self.area,
            "situation": lambda entry: entry.situation == self.situation,
            "step": lambda entry: self.step in _tried(entry),
            "bond": lambda entry: entry.body.get("bond") in (KEPT if self.bond == "kept" else terms.BOND),
            "signal": lambda entry: self.signal in entry.body.get("signals", ()),
            "weekday": lambda entry: entry.at.weekday() == self.weekday,
            "hour": lambda entry: entry.about is None and self.hour <= entry.at.hour < self.hour + self.hours,
            "later": lambda entry: entry.later,
            "discuss": lambda entry: entry.discuss,
            "grave": lambda entry: entry.situation in GRAVE,
            "low": lambda entry: entry.body.get("energy", LOW + 1) <= LOW,
            "since": lambda entry: entry.day >= since,
            "until": lambda entry: entry.day <= until,
        }
        return [test for name, test in tests.items() if told[name] is not None and told[name] is not False]

    def asked(self) -> dict[str, str]:
        """As an address carries it."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        usual = {field.name: field.default for field in fields(self)}
        return {name: "1" if value is True else str(value) for name, value in told.items() if value != usual[name]}


def _tried(entry: Entry) -> tuple[str, ...]:
    tried = entry.body.get("tried")
    return ("any", *tried) if tried else ()


def asked_for(args: Mapping[str, str]) -> Sieve:
    """What an address asks to see; a choice that does not exist is no choice."""
    return Sieve(
        since=moments.day(args.get("since", "")),
        until=moments.day(args.get("until", "")),
        kind=_one(args, "kind", _SHOWN),
        area=_one(args, "area", terms.AREAS),
        situation=_one(args, "situation", terms.SITUATION),
        step=_one(args, "step", (*terms.ASSO, "any")),
        bond=_one(args, "bond", ("kept", "said")),
        signal=_one(args, "signal", terms.SIGNALS),
        weekday=_number(args, "weekday", 6),
        hour=_number(args, "hour", 23),
        hours=_number(args, "hours", 24) or 1,
        **{name: args.get(name) == "1" for name in ("later", "discuss", "grave", "low", "unread", "waits")},
    )


def first_of(args: Mapping[str, str]) -> int:
    """How many entries were on the pages before."""
    text = args.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _one(args: Mapping[str, str], name: str, known) -> str | None:
    return args.get(name) if args.get(name) in known else None


def _number(args: Mapping[str, str], name: str, most: int) -> int | None:
    text = args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= most else None
