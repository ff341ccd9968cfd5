"""What family and counsellor agreed, and what the family practises now: proposed by one, accepted by another.

An agreement says what one does in a situation, so that it is the same each time. A goal is what is practised;
three at a time, since more is none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.journal import terms
from diary.journal.drafts import Typed
from diary.people import looks
from diary.people.sessions import Viewer
from diary.texts import N_, Refused
from diary.vault import Broken

KINDS = {"agreement": N_("Afspraak"), "goal": N_("Werkpunt")}
MOST_GOALS = 3
FULL = N_("Er staan al drie werkpunten. Rond er eerst een af; wat je typte staat er nog.")

# Who sits at the table: a parent of the family, or a counsellor, for the children of the tie.
TABLE = """select * from memberships
           where account = :viewer and family = :family and state = 'confirmed'"""
THEIRS = f"""family = (select family from ({TABLE})) and ended_at is null
             and (child is null or exists (
               select 1 from ({TABLE}) as sits where sits.role = 'parent' or exists (
                 select 1 from ties where ties.membership = sits.id and ties.child = {{of}}.child)))"""
_THEIRS = THEIRS.format(of="agreements")


@dataclass(frozen=True)
class Draft:
    """One as it was typed."""

    uid: str
    kind: str
    child: int | None
    situation: str | None
    area: str | None
    text: str  # the response one can count on; or what is practised
    say: str = ""  # the words for the child


@dataclass(frozen=True)
class Agreement:
    uid: str
    kind: str
    child: int | None
    situation: str | None
    area: str | None
    text: str
    say: str
    of_family: bool
    proposed_by: int
    proposed_at: str
    agreed_at: str | None
    mine: bool

    @property
    def stands(self) -> bool:
        return self.agreed_at is not None

    def changeable(self, parent: bool) -> bool:
        """A proposal by who made it; what the family agreed itself by any of its parents."""
        return self.mine if not self.stands else parent and self.of_family


def parse(fields: Mapping, children: Mapping[str, int], uid: str) -> Draft:
    """One reading of the form. Raises Refused."""
    typed = Typed(fields)
    kind = typed.choice("kind", KINDS) or "agreement"
    child = typed.choice("child", children)
    situation = typed.choice("situation", terms.SITUATION)
    area = typed.choice("area", terms.AREAS) or terms.AREA_OF.get(situation)
    draft = Draft(
        typed.uid("uid") or uid,
        kind,
        children.get(child),
        situation,
        area if situation else None,
        typed.text("text", 2000),
        typed.text("say", 2000) if kind == "agreement" else "",
    )
    if kind == "agreement" and not situation:
        typed.errors.setdefault("situation", N_("Kies bij welke situatie dit hoort."))
    if not draft.text:
        typed.errors.setdefault("text", N_("Schrijf in één of twee zinnen wat jullie doen."))
    if typed.errors:
        raise Refused(typed.errors)
    return draft


def of(db: Database, viewer: Viewer) -> list[Agreement]:
    """All that stands or was proposed, proposals first."""
    found = store.rows(
        db,
        f"select * from agreements where {_THEIRS} order by agreed_at is not null, kind, area, id",
        **_me(viewer),
    )
    return [_opened(viewer, row) for row in found]


def find(db: Database, viewer: Viewer, uid: str) -> Agreement | None:
    return next((one for one in of(db, viewer) if one.uid == uid), None)


def for_situation(known: list[Agreement], situation: str | None, child: int | None) -> Agreement | None:
    """What stands for this situation: for this child before for all."""
    fits = [one for one in known if one.kind == "agreement" and one.stands and one.situation == situation]
    return next((one for one in sorted(fits, key=lambda one: one.child is None) if one.child in (child, None)), None)


def practised(known: list[Agreement], child: int | None) -> frozenset[str]:
    """The situations of the goals that stand now."""
    goals = (one for one in known if one.kind == "goal" and one.stands and one.child in (child, None))
    return frozenset(goal.situation for goal in goals if goal.situation)


def propose(db: Database, viewer: Viewer, draft: Draft, now: datetime) -> str:
    """Repeats are harmless. Who is alone at the table agrees with oneself."""
    uid = viewer.seal.uid("agreement", viewer.id, *vars(draft).values())
    with store.writing(db):
        if _known(db, viewer, uid):
            return uid
        _within(db, viewer, draft)
        row = {
            "uid": uid,
            "kind": draft.kind,
            **_fields(viewer, uid, draft),
            "proposed_by": viewer.id,
            "proposed_at": clock.stamp(now),
            **({"agreed_by": viewer.id, "agreed_at": clock.stamp(now)} if alone(db, viewer) else {}),
        }
        if "agreed_at" in row:
            _end_older(db, viewer, draft, now)
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        store.change(
            db,
            f"""insert into agreements (family, of_family, {names})
                select family, role = 'parent', {values} from ({TABLE}) where true on conflict do nothing""",
            **row,
            **_me(viewer),
        )
        note(db, viewer, now)
    return uid


def note(db: Database, viewer: Viewer, now: datetime) -> None:
    """The parents read in the access log that their counsellor worked on the plan."""
    if viewer.role == "counsellor":
        looks.write(db, viewer, "plan", [], now)


def change(db: Database, viewer: Viewer, one: Agreement, draft: Draft, now: datetime) -> None:
    with store.writing(db):
        if draft.kind == one.kind:
            note(db, viewer, now)
            fields = _fields(viewer, one.uid, draft)
            _set(db, viewer, one.uid, ", ".join(f"{name} = :{name}" for name in fields), **fields)


def accept(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """By another than who proposed it. What stood for the same child and situation makes room."""
    with store.writing(db):
        one = find(db, viewer, uid)
        if one is None or (one.mine and not one.stands):
            return False
        if not one.stands:
            _end_older(db, viewer, one, now)
            _set(db, viewer, uid, "agreed_by = :viewer, agreed_at = :now", now=clock.stamp(now))
            note(db, viewer, now)
    return True


def end(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Anyone at the table may stop what stands, or turn down what was proposed."""
    with store.writing(db):
        ended = _set(db, viewer, uid, "ended_by = :viewer, ended_at = :now", now=clock.stamp(now)) == 1
        if ended:
            note(db, viewer, now)
    return ended


def _end_older(db: Database, viewer: Viewer, newer: Agreement | Draft, now: datetime) -> None:
    if newer.kind == "agreement":
        store.change(
            db,
            f"""update agreements set ended_by = :viewer, ended_at = :now
                where {_THEIRS} and kind = 'agreement' and agreed_at is not null
                  and situation = :situation and child is :child""",
            now=clock.stamp(now),
            situation=newer.situation,
            child=newer.child,
            **_me(viewer),
        )


def _set(db: Database, viewer: Viewer, uid: str, what: str, **named) -> int:
    sql = f"update agreements set {what} where {_THEIRS} and uid = :uid"
    return store.change(db, sql, uid=uid, **named, **_me(viewer))


def _known(db: Database, viewer: Viewer, uid: str) -> bool:
    """Whether it was proposed before, also when it has ended since."""
    sql = "select 1 from agreements where family = :family and proposed_by = :viewer and uid = :uid"
    return store.row(db, sql, uid=uid, **_me(viewer)) is not None


def _within(db: Database, viewer: Viewer, draft: Draft) -> None:
    goals = [one for one in of(db, viewer) if one.kind == "goal"]
    if draft.kind == "goal" and len(goals) >= MOST_GOALS:
        raise Refused({"text": FULL})


def alone(db: Database, viewer: Viewer) -> bool:
    others = "select 1 from memberships where family = :family and state = 'confirmed' and account <> :viewer limit 1"
    return store.row(db, others, **_me(viewer)) is None


def _fields(viewer: Viewer, uid: str, draft: Draft) -> dict:
    words = json.dumps({"text": draft.text, "say": draft.say}, ensure_ascii=False)
    return {
        "child": draft.child,
        "situation": draft.situation,
        "area": draft.area,
        "words": viewer.seal.close(words, uid, "agreement"),
    }


def _opened(viewer: Viewer, row: dict) -> Agreement:
    try:
        words = json.loads(viewer.seal.open(row["words"], row["uid"], "agreement"))
    except Broken:
        words = {"text": "?", "say": ""}
    plain = ("uid", "kind", "child", "situation", "area", "proposed_by", "proposed_at", "agreed_at")
    return Agreement(
        **{name: row[name] for name in plain},
        **words,
        of_family=bool(row["of_family"]),
        mine=row["proposed_by"] == viewer.id,
    )


def as_typed(one: Agreement, children: Mapping[str, int]) -> dict:
    """One in the shape of its form."""
    child = next((uid for uid, number in children.items() if number == one.child), "")
    return {**vars(one), "child": child}


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
