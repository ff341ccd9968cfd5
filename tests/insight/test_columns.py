"""Every column there is stands in the export, under a name that is really there, or says why not."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from diary.upkeep import retention


@dataclass(frozen=True)
class Column:
    table: str
    column: str
    place: str  # where in the export; or - and why it is not
    name: str


def told() -> list[Column]:
    found = []
    for line in (Path(__file__).parent / "columns.txt").read_text().splitlines()[1:]:
        if line.strip():
            table, place, columns = (part.strip() for part in line.split("|"))
            found += [Column(table, *_called(one, place)) for one in columns.split()]
    return found


def _called(column: str, place: str) -> tuple[str, str, str]:
    column, _, name = column.partition("=")
    return column, place, name or column


def at(export: dict, place: str) -> list[dict]:
    """All that stands at this place of the export, in however many lists."""
    found = [export]
    for name in place.split("."):
        below = [one[name] for one in found if name in one]
        found = [one for some in below for one in (some if isinstance(some, list) else [some])]
    return found


def test_every_column_of_every_table_is_told_of(db):
    there = {(name, column.name) for name in retention.KEPT for column in db[name].columns}
    hidden = {("entry_rows", "audience"), ("entry_rows", "discuss")}  # generated, and so not among the columns
    assert {(one.table, one.column) for one in told()} == there | hidden


def test_none_is_told_of_twice():
    assert [one for one, n in Counter((one.table, one.column) for one in told()).items() if n > 1] == []


def test_what_is_left_out_says_why():
    assert [one for one in told() if one.place.startswith("-") and len(one.place) < 8] == []


def test_what_is_told_to_be_in_the_export_is_there(full, taken):
    export = taken(full)
    missing = [
        f"{one.table}.{one.column}: no {one.name} in {one.place}"
        for one in told()
        if not one.place.startswith("-") and not any(one.name in found for found in at(export, one.place))
    ]
    assert missing == []
