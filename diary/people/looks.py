"""The access log: who looked at what, when and on what ground. Only added to, each line proven by the one before.

A line is written in the transaction that reads what it tells of: no line, no content. It holds no word of the diary.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import Viewer
from diary.texts import N_
from diary.vault import Seal, Vault

APP = "nabij 1"
KEPT = timedelta(days=5 * 365 + 2)
WHY = {"counsellor": "guidance", "admin": "control", "parent": "diary"}

# What happens here: the letter of NEN 7513 for it, and how it reads after somebody's name. `%(n)d` counts entries.
EVENTS = {
    "entry": ("R", N_("las dit"), N_("las %(n)d teksten")),
    "list": ("R", N_("zag deze tekst in een lijst"), N_("zag %(n)d teksten in een lijst")),
    "card": ("R", N_("bekeek de gesprekskaart"), N_("bekeek de gesprekskaart, met %(n)d teksten")),
    "printed": ("E", N_("drukte de gesprekskaart af"), N_("drukte de gesprekskaart af, met %(n)d teksten")),
    "shared": ("C", N_("deelde dit"), N_("deelde %(n)d teksten")),
    "opened": ("U", N_("zette dit open"), N_("zette %(n)d teksten open")),
    "taken_back": ("D", N_("nam dit terug"), N_("nam %(n)d teksten terug")),
    "feeling_back": ("D", N_("nam het eigen gevoel terug"), N_("nam bij %(n)d teksten het eigen gevoel terug")),
    "consented": ("C", N_("schreef op dat je kind delen goed vindt"), ""),
    "consent_ended": ("D", N_("schreef op dat je kind niet meer wil delen"), ""),
    "replied": ("C", N_("schreef een antwoord"), N_("schreef bij %(n)d teksten een antwoord")),
    "withdrew": ("D", N_("haalde een antwoord weg"), N_("haalde bij %(n)d teksten een antwoord weg")),
    "filed": ("E", N_("nam dit over in het dossier"), N_("nam %(n)d teksten over in het dossier")),
    "appointment": ("C", N_("schreef een gesprek op"), ""),
    "plan_read": ("R", N_("las het plan"), ""),
    "plan": ("U", N_("werkte aan het plan"), ""),
    "tie_confirmed": ("C", N_("liet een begeleider toe"), ""),
    "tie_changed": ("U", N_("veranderde waarover of tot wanneer een begeleider meeleest"), ""),
    "tie_ended": ("D", N_("stopte het meelezen van een begeleider"), ""),
    "member_confirmed": ("C", N_("liet iemand meeschrijven"), ""),
    "member_left": ("D", N_("stopte met dit dagboek"), ""),
    "took_along": ("E", N_("nam het eigen dagboek mee"), ""),
    "erased": ("D", N_("verwijderde het eigen account"), ""),
    "anchor_linked": ("E", N_("maakte een link naar de ankerpuntenkaart"), ""),
    "anchor_unlinked": ("D", N_("trok een link naar de ankerpuntenkaart in"), ""),
    "link_refused": ("E", N_("wilde met een link bij jullie binnenkomen"), ""),
    "signed_in": ("E", N_("logde in"), ""),
    "factor_failed": ("E", N_("gaf een verkeerde code"), ""),
    "refused": ("R", N_("wilde lezen, en mocht dat niet"), ""),
    "log": ("R", N_("keek in dit overzicht"), ""),
    "reviewed": ("E", N_("keek het weekoverzicht na"), ""),
}
# What shows a counsellor something of a family.
READS = ("entry", "list", "card", "printed", "plan_read")

# What changes who can read something here: every adult of the family sees that it was done, never the hour.
OPENLY = """tie_confirmed tie_changed tie_ended link_refused member_confirmed member_left erased
    anchor_linked anchor_unlinked""".split()


class Unwritten(Exception):
    """The line could not be written, so nothing may be shown."""


@dataclass(frozen=True)
class Line:
    """What a proof covers, in this order."""

    seq: int
    at: str
    event: str
    action: str
    outcome: str
    account: int | None
    role: str
    who: bytes
    practice: int | None
    family: int | None
    membership: int | None
    purpose: str
    point: str
    source: str
    app: str


@contextmanager
def reading(db: Database) -> Iterator[None]:
    """Around a read and the line that tells of it. Whatever keeps the line from the disk keeps the content here."""
    try:
        with store.writing(db):
            yield
    except store.DatabaseError as error:
        raise Unwritten from error


def write(
    db: Database,
    visitor: Viewer,
    event: str,
    objects: Iterable[dict],
    now: datetime,
    outcome: str = "ok",
    house: Seal | None = None,
) -> None:
    """Adds a line, within the transaction of what it tells. `objects` are rows of entries, as access gives them.
    Raises Unwritten, which undoes what the line would have told."""
    seal = visitor.seal or house
    last = store.row(db, "select seq, mac from looks order by seq desc limit 1") or _cleared(db)
    known = store.row(
        db,
        """select accounts.practice, accounts.name, sessions.label
           from accounts left join sessions on sessions.id = :session
           where accounts.id = :account""",
        session=visitor.session,
        account=visitor.id,
    )
    line = Line(
        seq=last["seq"] + 1,
        at=clock.stamp(now),
        event=event,
        action=EVENTS[event][0],
        outcome=outcome,
        account=visitor.id,
        role=visitor.role,
        who=_who(seal, visitor.id, visitor.name),
        practice=known["practice"],
        family=visitor.family,
        membership=visitor.membership,
        purpose=WHY[visitor.role],
        point=" · ".join(part for part in (known["label"], visitor.point) if part),
        source="web" if visitor.session else "tick",
        app=APP,
    )
    things = [_object(line.seq, row) for row in {row["uid"]: row for row in objects}.values()]
    name = visitor.name if known["name"] else None  # erased while this was on its way
    try:
        store.insert(db, "looks", vars(line) | {"name": name, "mac": _mac(seal, last["mac"], line, things)})
        db.conn.executemany("insert into look_objects values (:look, :uid, :version, :child, :owner, :share)", things)
    except store.DatabaseError as error:
        raise Unwritten from error


def last(db: Database, visitor: Viewer) -> str | None:
    """When this counsellor last read anything of this family."""
    found = store.row(
        db,
        f"""select at from looks
            where family = :family and account = :viewer and outcome = 'ok' and event in {READS}
            order by at desc limit 1""",
        family=visitor.family,
        viewer=visitor.id,
    )
    return found and found["at"]


def _who(seal: Seal, account: int | None, name: str) -> bytes:
    """So that a name can be dropped when its owner is erased, and cannot be swapped for another."""
    return seal.proof("who", account, name)


def _object(look: int, row: dict) -> dict:
    told = {name: row.get(name) for name in ("uid", "version", "child", "share")}
    return {"look": look, "owner": row.get("author"), **told}


def _mac(seal: Seal, before: bytes, line: Line, things: list[dict]) -> bytes:
    told = [value.hex() if isinstance(value, bytes) else value for value in astuple(line)]
    return seal.proof(
        "look", before.hex(), json.dumps([told, sorted(things, key=lambda thing: thing["uid"])], sort_keys=True)
    )


def _cleared(db: Database) -> dict:
    """Where the log begins: at nothing, or after what its retention cleared."""
    return store.row(db, "select seq, mac from look_clearings order by seq desc limit 1") or {"seq": 0, "mac": b""}


def faults(db: Database, vault: Vault) -> list[str]:
    """For the check of the whole database: where the log is not as it was written."""
    last = _cleared(db)
    proven = store.row(db, "select * from look_clearings order by seq desc limit 1")
    if proven and proven["proof"] != vault.proof("cleared", proven["seq"], proven["mac"].hex(), proven["at"]):
        return ["the access log: what was cleared was not cleared by this diary"]
    for row in db.execute(_EVERY, {"after": last["seq"]}):
        *told, name, mac, objects = row
        line = Line(*told)
        things = [dict(zip(_THING, thing, strict=True)) for thing in json.loads(objects)]
        if line.seq != last["seq"] + 1:
            return [f"the access log: lines {last['seq'] + 1} to {line.seq - 1} are gone"]
        if mac != _mac(vault, last["mac"], line, things):
            return [f"the access log: line {line.seq} is not as it was written"]
        if name is not None and line.who != _who(vault, line.account, name):
            return [f"the access log: line {line.seq} bears another name"]
        last = {"seq": line.seq, "mac": mac}
    return _strays(db)


_THING = ("look", "uid", "version", "child", "owner", "share")
_EVERY = f"""
    select {", ".join(Line.__dataclass_fields__)}, name, mac,
           (select json_group_array(json_array({", ".join(_THING)})) from look_objects where look = looks.seq)
    from looks where seq > :after order by seq"""


def _strays(db: Database) -> list[str]:
    if stray := store.row(db, "select look from look_objects where look not in (select seq from looks) limit 1"):
        return [f"the access log: what line {stray['look']} was about is left, the line is gone"]
    early = store.row(db, "select seq from looks where seq <= :seq limit 1", seq=_cleared(db)["seq"])
    return [f"the access log: line {early['seq']} stands before the first"] if early else []


def head(db: Database) -> str:
    """The last line and its proof, to be kept elsewhere: without it nobody can see that the end was cut off."""
    last = store.row(db, "select seq, mac from looks order by seq desc limit 1") or _cleared(db)
    return f"{last['seq']} {last['mac'].hex()}"


def holds(db: Database, told: str) -> bool:
    """Whether a head that was kept elsewhere is still in the log, or was cleared since."""
    seq, _, mac = told.partition(" ")
    found = store.row(db, "select mac from looks where seq = :seq", seq=int(seq))
    return found["mac"].hex() == mac if found else int(seq) <= _cleared(db)["seq"]


def clear(db: Database, vault: Vault, now: datetime) -> None:
    """Lets go of lines that were kept long enough; what is left still proves where it begins."""
    with store.writing(db):
        last = store.row(
            db,
            "select seq, mac from looks where at < :before order by seq desc limit 1",
            before=clock.stamp(now - KEPT),
        )
        if last is None:
            return
        at = clock.stamp(now)
        proof = vault.proof("cleared", last["seq"], last["mac"].hex(), at)
        store.insert(db, "look_clearings", {**last, "at": at, "proof": proof})
        db.execute("delete from looks where seq <= :seq", {"seq": last["seq"]})


def forget_name(db: Database, account: int) -> None:
    """Who is erased keeps their lines, without a name."""
    store.change(db, "update looks set name = null where account = :account and name is not null", account=account)
