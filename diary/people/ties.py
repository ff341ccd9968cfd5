"""The tie between a family and a counsellor: a membership that a parent confirms, for children and for days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people import children, families, looks
from diary.people.access import MINE
from diary.people.sessions import Viewer
from diary.texts import N_, Refused

FURTHEST = timedelta(days=5 * 366)
DAY = N_("Kies een dag uit de kalender.")


@dataclass(frozen=True)
class Tie:
    """A counsellor, as the family sees them."""

    membership: int
    uid: str  # what an address calls this tie by
    account: int
    name: str
    email: str
    practice: str
    state: str
    invited_by: int | None
    confirmed_by: int | None
    confirmed_at: str | None
    from_day: str | None
    until_day: str | None
    children: frozenset[int]
    over: bool  # its last day has passed
    holds: bool  # now: confirmed, and in its days

    @property
    def first(self) -> date | None:
        return self.from_day and date.fromisoformat(self.from_day)

    @property
    def last(self) -> date | None:
        return self.until_day and date.fromisoformat(self.until_day)

    def about(self, child: int | None) -> bool:
        """Whether it is about this child. A dagcheck is about the parent, and of no child."""
        return child is None or child in self.children

    def settled_by(self, viewer: Viewer) -> bool:
        """Whose yes this tie rests on: who invited, and then who confirmed. The others can only end it."""
        return viewer.id == (self.invited_by if self.state == "invited" else self.confirmed_by)


@dataclass(frozen=True)
class Terms:
    """What a parent says yes to."""

    children: list[int]
    from_day: str
    until_day: str | None

    def widen(self, tie: Tie) -> bool:
        """Whether this opens more than was open: who only takes away is not asked who they are."""
        within = (tie.from_day or "") <= self.from_day and (self.until_day or "9") <= (tie.until_day or "9")
        return tie.state == "invited" or not (within and tie.children.issuperset(self.children))


def of_family(db: Database, viewer: Viewer, now: datetime) -> list[Tie]:
    found = store.rows(
        db,
        f"""select memberships.id as membership, memberships.account, accounts.name, accounts.email,
                   coalesce(practices.name, '') as practice, memberships.state, memberships.invited_by,
                   memberships.confirmed_by, memberships.confirmed_at, from_day, until_day,
                   (select group_concat(child) from ties where membership = memberships.id) as children
            from memberships join accounts on accounts.id = memberships.account
            left join practices on practices.id = accounts.practice
            where memberships.family = ({MINE}) and memberships.state <> 'ended' and memberships.role = 'counsellor'
              and accounts.ended_at is null
            order by memberships.state = 'invited' desc, memberships.id""",
        viewer=viewer.id,
        family=viewer.family,
    )
    today = clock.today(now, viewer.zone)
    return [_tie(row, viewer, today) for row in found]


def find(db: Database, viewer: Viewer, uid: str, now: datetime) -> Tie | None:
    return next((tie for tie in of_family(db, viewer, now) if tie.uid == uid), None)


def reading(db: Database, viewer: Viewer, now: datetime) -> list[Tie]:
    """Who reads along now."""
    return [tie for tie in of_family(db, viewer, now) if tie.holds]


def meant(db: Database, viewer: Viewer, uid: str, now: datetime) -> Tie | None:
    """Whom of those this address means; with one there is nothing to choose."""
    known = reading(db, viewer, now)
    if not uid and len(known) == 1:
        return known[0]
    return next((tie for tie in known if tie.uid == uid), None)


def newcomers(found: list[Tie], viewer: Viewer, now: datetime) -> list[Tie]:
    """Who was let in lately by the other parent: no counsellor comes in silence."""
    since = clock.stamp(now - families.NEW)
    return [t for t in found if t.state == "confirmed" and t.confirmed_by != viewer.id and t.confirmed_at > since]


def parse(db: Database, viewer: Viewer, chosen: list[str], begins: str, ends: str, now: datetime) -> Terms:
    own = {child.uid: child.id for child in children.of_family(db, viewer)}
    today, errors = clock.today(now, viewer.zone), {}
    first, last = _day(begins or today.isoformat(), today), _day(ends, today) if ends else None
    if not chosen or any(uid not in own for uid in chosen):
        errors["children"] = N_("Kies minstens één kind van jullie gezin.")
    if first is None:
        errors["from_day"] = DAY
    if ends and last is None:
        errors["until_day"] = DAY
    elif last and last < max(first or today, today):
        errors["until_day"] = N_("Deze dag ligt voor het begin. Kies een latere, of laat hem leeg.")
    if errors:
        raise Refused(errors)
    return Terms([own[uid] for uid in chosen], first.isoformat(), last and last.isoformat())


def settle(db: Database, viewer: Viewer, uid: str, terms: Terms, now: datetime) -> bool:
    """Confirms who accepted the viewer's own invitation, or says anew what an own yes covers."""
    with store.writing(db):
        tie = find(db, viewer, uid, now)
        if tie is None or not tie.settled_by(viewer):
            return False
        if tie.state == "invited":
            store.change(
                db,
                """update memberships set state = 'confirmed', confirmed_by = :viewer, confirmed_at = :now
                   where id = :id""",
                viewer=viewer.id,
                now=clock.stamp(now),
                id=tie.membership,
            )
            looks.write(db, viewer, "tie_confirmed", [], now)
        elif (tie.children, tie.from_day, tie.until_day) != (set(terms.children), terms.from_day, terms.until_day):
            looks.write(db, viewer, "tie_changed", [], now)
        cover(db, tie.membership, terms)
    return True


def cover(db: Database, membership: int, terms: Terms) -> None:
    with store.writing(db):
        store.change(
            db,
            "update memberships set from_day = :first, until_day = :last where id = :id",
            first=terms.from_day,
            last=terms.until_day,
            id=membership,
        )
        store.change(db, "delete from ties where membership = :id", id=membership)
        for child in dict.fromkeys(terms.children):
            store.insert(db, "ties", {"membership": membership, "child": child})


def revoke(db: Database, viewer: Viewer, uid: str, now: datetime) -> bool:
    """Any adult of the family ends a tie, at once: whoever asks for it after this is a stranger."""
    with store.writing(db):
        tie = find(db, viewer, uid, now)
        if tie is None:
            return False
        looks.write(db, viewer, "tie_ended", [], now)
        sql = "update memberships set state = 'ended', ended_at = :now where id = :id"
        return store.change(db, sql, now=clock.stamp(now), id=tie.membership) == 1


def of_counsellor(db: Database, viewer: Viewer) -> list[dict]:
    """The families this counsellor is tied to or waits for. Who waits reads no name but the inviter's."""
    return store.rows(
        db,
        """select families.id, families.uid, families.zone, memberships.id as membership, memberships.state,
                  memberships.from_day, memberships.until_day,
                  (select group_concat(accounts.name, ', ')
                   from memberships as others join accounts on accounts.id = others.account
                   where others.family = families.id and others.state = 'confirmed' and others.role = 'parent'
                     and (memberships.state = 'confirmed' or others.account = memberships.invited_by)) as adults
           from memberships join families on families.id = memberships.family
           where memberships.account = :viewer and memberships.role = 'counsellor' and memberships.state <> 'ended'
           order by memberships.id""",
        viewer=viewer.id,
    )


def _tie(row: dict, viewer: Viewer, today: date) -> Tie:
    covered = frozenset(int(child) for child in (row.pop("children") or "").split(",") if child)
    return Tie(
        **row,
        uid=viewer.seal.uid("tie", row["membership"]),
        children=covered,
        over=(row["until_day"] or "9") < today.isoformat(),
        holds=row["state"] == "confirmed" and families.covers(row, today),
    )


def _day(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if len(text) == 10 and abs(day - today) < FURTHEST else None
