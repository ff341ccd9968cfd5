"""Who may see what, and who may change it: the one path to entries.

A row is for its author alone (audience = the author's account) or for the whole family (audience = 0).
Only a confirmed member of the family sees either. Every read below starts from these two sentences, so no
route and no other noun checks by hand, and no other module names the tables; but for upkeep/remains, which shows
nobody anything.
"""

import json
from datetime import datetime

from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import Viewer
from diary.texts import N_, Refused

LEFT = N_("Je schrijft niet meer mee in dit dagboek. Wat je typte staat er nog; kopieer het als je het wilt houden.")

# Whether the viewer is in: written once, and the start of every statement about a family's entries.
MINE = """select family from memberships
           where account = :viewer and family = :family and state = 'confirmed' and role = 'parent'"""

# One arm per audience: each walks an index in the order asked for, and SQLite merges them. With
# `audience in (0, :viewer)` it would read and sort everything the family ever wrote.
_ARM = """
    select {columns} from entry_rows
    where family = ({mine})
      and audience = {audience} and deleted_at is null {where}
"""


def seen(db: Database, viewer: Viewer, columns: str, where: str = "", tail: str = "", **named) -> list[dict]:
    """Rows of the entries this viewer may see. `columns`, `where` and `tail` are SQL written by us, never input."""
    return store.rows(db, _both_arms(columns, where, tail), **_me(viewer), **named)


def scan(db: Database, viewer: Viewer, columns: str, where: str = "", tail: str = "", **named) -> list[tuple]:
    """The same as plain tuples, for reading thousands at once."""
    return db.execute(_both_arms(columns, where, tail), {**_me(viewer), **named}).fetchall()


def _both_arms(columns: str, where: str, tail: str) -> str:
    arms = (_ARM.format(columns=columns, mine=MINE, where=where, audience=audience) for audience in ("0", ":viewer"))
    return f"{' union all '.join(arms)} {tail}"


# What a counsellor reads: the version that was shared, for as long as its author, the tie and the share all hold.
# It starts from the membership: a check per entry would read every entry there is. A wish to discuss it lasts until a
# session to which its author had said yes has passed; the day of the wish, or of the share, is not yet after it.
_SHARED = """
  select *, wished and discussed_on is null as discuss from (
    select entry.id, entry.uid, entry.author, shares.version, shares.happened_at, entry.copy_of,
           {as_shared}
           entry.written_at, entry.stub and entry.version = shares.version as stub, entry.shared,
           entry.discuss as wished,
           case when entry.discuss then (
             select max(day) from appointments join agreed on agreed.appointment = appointments.id
             where appointments.membership = :membership and agreed.account = giver.account and dropped_at is null
               and day < :today and day > max(substr(entry.discuss_at, 1, 10), substr(shares.given_at, 1, 10))
           ) end as discussed_on,
           shares.feeling as feeling_shared, shares.id as share, shares.step, shares.given_at, shares.opens_on,
           shares.opened_at, shares.answer_by, shares.read_at, shares.answered_at, shares.filed_at
    from memberships as tie
    join shares on shares.membership = tie.id and shares.taken_at is null
    join memberships as giver on giver.id = shares.giver and giver.state = 'confirmed' and giver.role = 'parent'
    join entry_rows as entry on entry.id = shares.entry and entry.author = giver.account
         and entry.family = tie.family and entry.deleted_at is null
    left join version_rows as earlier on earlier.entry = entry.id and earlier.version = shares.version
    where tie.id = :membership and tie.account = :viewer and tie.family = :family
      and tie.role = 'counsellor' and tie.state = 'confirmed'
      and coalesce(tie.from_day, '') <= :today and coalesce(tie.until_day, '9') >= :today
      and (entry.version = shares.version or earlier.id is not null)
      and (shares.step = 'now' or shares.opens_on <= :today))
""".format(
    as_shared="".join(
        f"case entry.version when shares.version then entry.{name} else {then} end as {name}, "
        for name, then in {
            **{
                name: f"json_extract(earlier.row, '$.{name}')"
                for name in ("child", "kind", "area", "situation", "about", "day")
            },
            **{name: f"earlier.{name}" for name in ("saved_at", "body", "feeling")},
        }.items()
    )
)


def shared_with(
    db: Database, visitor: Viewer, now: datetime, columns: str = "*", where: str = "", tail: str = "", **named
) -> list[dict]:
    """Rows of what this counsellor may read now, as they were shared: of the children of the tie, or of no child.

    `visitor` comes from families.visit. The columns are those of an entry, and `share`, `step`, `given_at`,
    `opens_on`, `answer_by`, `read_at`, `answered_at`, `filed_at` of its share.
    """
    today = clock.today(now, visitor.zone).isoformat()
    sql = f"""select {columns} from ({_SHARED})
              where (child is null or child in (select child from ties where membership = :membership))
              {where} {tail}"""
    return store.rows(db, sql, **_me(visitor), membership=visitor.membership, today=today, **named)


def find_shared(db: Database, visitor: Viewer, uid: str, now: datetime) -> dict | None:
    return next(iter(shared_with(db, visitor, now, where="and uid = :uid", uid=uid)), None)


def by_default(db: Database, since: str, until: str, where: str = "", **named) -> list[dict]:
    """What authors wanted shared by itself, saved between these moments, finished, and never shared or held back.
    Who left and came back says anew what they want."""
    return store.rows(db, f"{_BY_DEFAULT} {where}", since=since, until=until, **named)


_BY_DEFAULT = """
    select entry.uid, entry.author, entry.saved_at, wanted.step, tie.id as tie, accounts.name,
           families.id as family, families.uid as family_uid, families.zone, families.key
    from share_defaults as wanted
    join memberships as tie on tie.id = wanted.membership and tie.state = 'confirmed'
    join families on families.id = tie.family
    join accounts on accounts.id = wanted.account
    join memberships as giver on giver.account = wanted.account and giver.family = tie.family
         and giver.role = 'parent' and giver.state = 'confirmed' and giver.confirmed_at <= wanted.set_at
    join entry_rows as entry on entry.family = tie.family and entry.author = wanted.account
         and entry.saved_at > :since and entry.saved_at <= :until and entry.deleted_at is null
         and entry.saved_at > wanted.set_at and entry.written_at > wanted.set_at
         and entry.kind = wanted.kind and not entry.stub
    where (entry.child is null or entry.child in (select child from ties where membership = tie.id))
      and not exists (select 1 from shares where shares.entry = entry.id and shares.membership = tie.id)"""


def find(db: Database, viewer: Viewer, uid: str) -> dict | None:
    return next(iter(seen(db, viewer, "*", "and uid = :uid", uid=uid)), None)


def own(db: Database, viewer: Viewer, uid: str) -> dict | None:
    """An entry this viewer wrote, deleted or not: only its author changes, deletes or brings back an entry."""
    return store.row(
        db,
        f"select * from entry_rows where family = ({MINE}) and uid = :uid and author = :viewer",
        uid=uid,
        **_me(viewer),
    )


def own_rows(db: Database, viewer: Viewer, numbers: set[int]) -> list[dict]:
    """Those of these rows that this viewer wrote, not deleted, latest first: one look-up each."""
    if not numbers:
        return []
    found = ", ".join(str(int(number)) for number in numbers)
    return store.rows(
        db,
        f"""select * from entry_rows
            where id in ({found}) and +family = ({MINE}) and +author = :viewer and deleted_at is null
            order by happened_at desc, uid desc""",
        **_me(viewer),
    )


def given(db: Database, viewer: Viewer, uids: list[str], today: str) -> set[str]:
    """Those of these own entries that a counsellor reads today: of them no list says that only their author does."""
    rows = store.rows(
        db,
        f"""select uid from entry_rows as entry
            where family = ({MINE}) and uid in (select value from json_each(:uids)) and +author = :viewer
              and exists (select 1 from shares join memberships as tie on tie.id = shares.membership
                          where shares.entry = entry.id and taken_at is null and tie.state = 'confirmed'
                            and (shares.step = 'now' or shares.opens_on <= :today)
                            and coalesce(tie.from_day, '') <= :today and coalesce(tie.until_day, '9') >= :today
                            and (child is null or child in (select child from ties where membership = tie.id)))""",
        uids=json.dumps(uids),
        today=today,
        **_me(viewer),
    )
    return {row["uid"] for row in rows}


def taken(db: Database, viewer: Viewer, uid: str) -> bool:
    """Whether the family has a row by this uid, visible or not. Never told to anyone: only to pick another."""
    found = store.row(db, f"select 1 from entry_rows where family = ({MINE}) and uid = :uid", uid=uid, **_me(viewer))
    return found is not None


def add(db: Database, viewer: Viewer, row: dict) -> None:
    """Raises Refused when the viewer has left meanwhile, on another device."""
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    sql = f"insert into entry_rows (family, author, {names}) select family, :viewer, {values} from ({MINE})"
    if store.change(db, sql, **row, **_me(viewer)) == 0:
        raise Refused({"uid": LEFT})


def open_to(db: Database, viewer: Viewer, uid: str, row: dict) -> None:
    """Changes for whom an own entry is, not what it says: no new version."""
    if mine := own(db, viewer, uid):  # unless its writer left this very moment
        _set(db, mine["id"], row)


def replace(db: Database, viewer: Viewer, old: dict, row: dict) -> None:
    """Writes the next version of an own entry over the last, which is kept."""
    db.execute(
        """insert into version_rows (entry, version, saved_at, row, body, feeling)
           select id, version, saved_at,
                  json_object('child', child, 'kind', kind, 'area', area, 'situation', situation,
                              'happened_at', happened_at, 'about', about, 'day', day),
                  body, feeling
           from entry_rows where id = :id and author = :viewer""",
        {"id": old["id"], "viewer": viewer.id},
    )
    _set(db, old["id"], row)


def _set(db: Database, id: int, row: dict) -> None:
    fields = ", ".join(f"{name} = :{name}" for name in row)
    store.change(db, f"update entry_rows set {fields} where id = :id", **row, id=id)


def versions(db: Database, viewer: Viewer, uid: str) -> list[dict]:
    """Earlier versions of an own entry, latest first. What was once private stays with its author."""
    mine = own(db, viewer, uid)
    if mine is None or mine["deleted_at"]:
        return []
    return store.rows(
        db,
        "select version, saved_at, row, body, feeling from version_rows where entry = :id order by version desc",
        id=mine["id"],
    )


def mark_deleted(db: Database, viewer: Viewer, uid: str, at: str | None) -> bool:
    mine = own(db, viewer, uid)
    if mine is None or (at is None) != (mine["deleted_at"] is not None) or mine["body"] is None:
        return False
    return store.change(db, "update entry_rows set deleted_at = :at where id = :id", at=at, id=mine["id"]) == 1


def deleted_since(db: Database, viewer: Viewer, since: str) -> list[dict]:
    return store.rows(
        db,
        f"""select * from entry_rows
            where family = ({MINE}) and author = :viewer and deleted_at >= :since and body is not null
            order by deleted_at desc""",
        since=since,
        **_me(viewer),
    )


def _me(viewer: Viewer) -> dict:
    return {"viewer": viewer.id, "family": viewer.family}
