"""The rules of the house: who may look at whom, and which things have one door."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from diary.journal import terms
from diary.upkeep import retention

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(str(path.relative_to(ROOT / "diary")) for path in (ROOT / "diary").rglob("*.py"))
_SPEAK = "__init__ front errors headers pages made offline shell upkeep/commands"
SPEAK_FLASK = tuple(f"{name}.py" for name in _SPEAK.split())
FLASK = {"flask", "flask_babel", "flask_compress", "flask_login", "flask_wtf", "werkzeug", "wtforms"}

# Rooms from top to bottom. Each looks down only: what is shared rings, a reminder leads to a suggestion.
ROOMS = ["insight", "sharing", "reminders", "asso", "journal", "people"]
GROUND = {"store", "vault", "clock", "texts", "config", "mail"}

TOP = """.ci .gitignore Makefile README.md diary prompts pyproject.toml requirements.txt
         static templates deploy tests wsgi.py"""

SITUATIONS = {
    "limit": "hitting breaking running_off threatening self_harm hurting_animals danger body_boundaries",
    "routine": "waking eating self_care daytime sleeping",
    "anchorpoint": "lying taking claiming refusing controlling rejecting_care pleasing friend_to_all hoarding "
    "regressing withdrawing small_hurts squabbling parting screens mess odd",
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / "diary" / module).read_text())


@cache
def imports(module: str) -> frozenset[str]:
    """The full name of all that a module imports: diary.people.sessions.Viewer."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def packages(module: str) -> set[str]:
    return {name.partition(".")[0] for name in imports(module)}


def of_ours(module: str) -> set[str]:
    """The rooms and doors of ours a module looks at: people, store."""
    return {name.split(".")[1] for name in imports(module) if name.startswith("diary.")}


def translates(module: str) -> bool:
    return module in SPEAK_FLASK or module.endswith(("routes.py", "forms.py"))


@pytest.mark.parametrize("module", [m for m in MODULES if not translates(m)])
def test_a_noun_knows_no_web(module):
    assert packages(module) & FLASK == set()
    looked = (name for name in imports(module) if name.startswith("diary."))
    assert [name for name in looked if re.search(r"\.(front|errors|headers|pages|forms|\w*routes)(\.|$)", name)] == []


def may_look_at(room: str) -> set[str]:
    return {*ROOMS[ROOMS.index(room) :]} | GROUND


@pytest.mark.parametrize("module", [m for m in MODULES if m.partition("/")[0] in ROOMS])
def test_a_room_looks_down_only(module):
    seen = of_ours(module) - ({"front", "errors", "headers", "pages"} if translates(module) else set())
    assert seen - may_look_at(module.partition("/")[0]) == set()


@pytest.mark.parametrize("module", [f"{door}.py" for door in sorted(GROUND)])
def test_the_ground_floor_knows_no_room(module):
    assert of_ours(module) - GROUND == set()


def test_every_folder_is_a_room_with_a_place():
    rooms = {module.partition("/")[0] for module in MODULES if "/" in module}
    assert rooms - {*ROOMS, "upkeep"} == set()


@pytest.mark.parametrize("module", MODULES)
def test_only_the_store_the_migrations_and_upkeep_use_the_database_library(module):
    if module in ("store.py", "migrations.py") or module.startswith("upkeep/"):
        return
    names = {name for name in imports(module) if name.startswith(("sqlite_utils", "sqlite3", "pysqlite3"))}
    assert names - {"sqlite_utils.Database"} == set()
    calls = {node.func.id for node in ast.walk(tree(module)) if isinstance(node, ast.Call) and _named(node.func)}
    assert "Database" not in calls


@pytest.mark.parametrize(
    ("package", "door"),
    [
        ("apscheduler", "reminders/scheduler.py"),
        ("smtplib", "mail.py"),
        ("cryptography", "vault.py"),
        ("pywebpush", "reminders/push.py"),
        ("py_vapid", "reminders/push.py"),
        ("webauthn", "people/factors.py"),
        ("pyotp", "people/factors.py"),
    ],
)
def test_what_has_one_door(package, door):
    assert {module for module in MODULES if package in packages(module)} - {door} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m != "clock.py"])
def test_only_the_clock_asks_what_time_it_is(module):
    calls = [ast.unparse(node.func) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    asked = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns")
    assert [call for call in calls if call.endswith(asked)] == []


def test_who_may_see_what_has_one_home():
    """Only there the tables of entries are named; by what shows nobody anything, and the list of what is kept."""
    tables = ("entry_rows", "version_rows")
    naming = {m for m in MODULES for text in _texts(tree(m)) if any(table in text for table in tables)}
    assert naming - {"upkeep/retention.py"} == {"people/access.py", "upkeep/remains.py"}
    queries = [text for text in _texts(tree("upkeep/retention.py")) if any(f" {table}" in text for table in tables)]
    assert queries == []


def test_every_table_has_a_line_that_says_how_long_it_keeps_what(db):
    library = {name for name in db.table_names() if name.startswith(("sqlite_", "_sqlite"))}
    assert set(db.table_names()) - library == set(retention.KEPT)


def test_every_table_is_strict(db):
    assert [table.name for table in db.tables if table.name in retention.KEPT and not table.strict] == []


def test_the_situations_keep_their_ids():
    assert {area: set(group) for area, group in terms.SITUATIONS.items()} == {
        area: set(ids.split()) for area, ids in SITUATIONS.items()
    }
    assert len(terms.SITUATION) == sum(len(ids.split()) for ids in SITUATIONS.values()) == 30


def test_every_setting_stands_in_the_readme():
    asked, told = ((ROOT / name).read_text() for name in ("diary/config.py", "README.md"))
    settings = set(re.findall(r'"(DIARY_[A-Z_]+)"', asked))
    assert settings
    assert settings - set(re.findall(r"^\| `(DIARY_[A-Z_]+)` \|", told, re.MULTILINE)) == set()


def test_the_top_of_the_tree_holds_what_was_agreed():
    told = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert {line.partition("/")[0] for line in told.stdout.splitlines()} - set(TOP.split()) == set()


def _named(function: ast.expr) -> bool:
    return isinstance(function, ast.Name)


def _texts(module: ast.Module) -> list[str]:
    """Every string that is not a docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in strings if id(node) not in docs]
