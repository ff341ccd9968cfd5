"""What is made ahead: one stylesheet, compressed files, addresses that change with what they hold."""

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from diary import made

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    """A tree of sources of our own, to change."""
    tree = tmp_path / "tree"
    shutil.copytree(ROOT / "static", tree / "static")
    shutil.copytree(ROOT / "deploy" / "pictures", tree / "deploy" / "pictures")
    shutil.copytree(made.TRANSLATIONS, tree / "diary" / "translations")
    shutil.copy(made.__file__, tree / "diary" / "made.py")
    monkeypatch.setattr(made, "ROOT", tree)
    monkeypatch.setattr(made, "TRANSLATIONS", tree / "diary" / "translations")
    monkeypatch.setattr(made, "__file__", str(tree / "diary" / "made.py"))
    return tree


@pytest.fixture
def asset(app, stranger):
    """Asks for a static file, under the version of now."""

    def ask(name: str, encoding: str = ""):
        answer = stranger.get(f"{app.static_url_path}/{name}", headers={"Accept-Encoding": encoding})
        answer.get_data()
        answer.close()
        return answer

    return ask


def test_the_stylesheet_is_all_sheets_in_order(tmp_path):
    sheets = sorted((ROOT / "static" / "css").glob("*.css"))
    ready = made.ahead(tmp_path)
    assert (ready.static / "house.css").read_text() == "".join(sheet.read_text() for sheet in sheets)
    assert not (ready.static / "css").exists()


def test_what_can_be_squeezed_lies_ready_in_both_ways(tmp_path):
    static = made.ahead(tmp_path).static
    plain = [path for path in static.rglob("*") if path.suffix in made.SQUEEZABLE]
    assert {path.suffix for path in plain} >= {".css", ".js", ".svg"}
    for path in plain:
        assert brotli.decompress(Path(f"{path}.br").read_bytes()) == path.read_bytes()
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


def test_every_source_is_there_as_it_was(tmp_path):
    static = made.ahead(tmp_path).static
    for path in (ROOT / "static").rglob("*"):
        here = path.relative_to(ROOT / "static")
        if path.is_file() and here.parts[0] not in ("css", "js"):
            assert (static / here).read_bytes() == path.read_bytes()


def test_the_script_is_all_scripts_each_once_and_after_what_it_needs(tmp_path):
    whole = (made.ahead(tmp_path).static / "js" / "app.js").read_text()
    said = {path.stem: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}
    begun = re.findall(r"^const \$(\w+) = ", whole, re.MULTILINE)
    assert len(begun) == len(set(begun))
    for name in begun:
        needed = re.findall(r'^import .*"\./(\w+)\.js";$', said[name], re.MULTILINE)
        assert [other for other in needed if begun.index(other) > begun.index(name)] == []
    assert set(re.findall(r'"\./(\w+)\.js"', said["app"])) <= set(begun)
    assert re.findall(r"^(?:import|export) ", whole, re.MULTILINE) == []


def test_a_script_names_another_only_in_the_ways_that_can_be_joined():
    """Two files that need each other, or a name that changes after it was taken, would not survive."""
    for path in (ROOT / "static" / "js").glob("*.js"):
        text = path.read_text()
        assert len(made._IMPORT.findall(text)) == len(re.findall(r"^import\b", text, re.MULTILINE)), path.name
        assert len(made._EXPORT.findall(text)) == len(re.findall(r"^export\b", text, re.MULTILINE)), path.name
        assert re.findall(r"^(?:const .*= )?await\b", text, re.MULTILINE) == [], path.name


def test_a_second_start_makes_nothing(tmp_path):
    ready = made.ahead(tmp_path)
    (ready.static / "house.css").write_text("still here")
    assert made.ahead(tmp_path) == ready
    assert (ready.static / "house.css").read_text() == "still here"


def test_a_remark_is_for_who_reads_the_source_and_travels_to_no_phone(tmp_path):
    for path in (made.ahead(tmp_path).static / "js").glob("*.js"):
        assert [line for line in path.read_text().splitlines() if line.strip().startswith("//")] == []


@pytest.mark.parametrize("name", ["static/css/1-base.css", "static/js/app.js", "diary/translations/en.po"])
def test_a_change_anywhere_gives_another_address(tree, tmp_path, name):
    before = made.ahead(tmp_path)
    with (tree / name).open("a") as source:
        source.write("\n")
    after = made.ahead(tmp_path)
    assert before.version != after.version
    assert before.static.exists()  # who still has the old page open finds what it asks for
    assert after.static.exists()


def test_a_new_name_gives_another_address(tree, tmp_path):
    before = made.ahead(tmp_path).version
    (tree / "static" / "js" / "app.js").rename(tree / "static" / "js" / "apps.js")
    assert made.ahead(tmp_path).version != before


AT_ONCE = """
import os, sys
from pathlib import Path
from diary import made
for home in map(Path, sys.argv[1:]):
    gate, open_gate = os.pipe()
    for number in range(3):
        if os.fork() == 0:
            os.close(open_gate)
            os.read(gate, 1)
            ready = made.ahead(home)
            assert (ready.static / "house.css.br").exists()
            os._exit(0)
    os.close(open_gate)
    os.close(gate)
    for number in range(3):
        assert os.wait()[1] == 0
"""


def test_processes_that_start_at_once_agree(tmp_path):
    homes = [tmp_path / str(number) for number in range(3)]
    subprocess.run([sys.executable, "-c", AT_ONCE, *map(str, homes)], cwd=ROOT, check=True)
    version = made.ahead(tmp_path / "alone").version
    assert [[path.name for path in (home / "made").iterdir()] for home in homes] == [[version]] * 3


# -- served


@pytest.mark.parametrize("name", ["house.css", "js/app.js", "icons/marks.svg"])
def test_a_file_may_be_kept_for_a_year_and_comes_squeezed(asset, name):
    answer = asset(name, "gzip, br")
    assert answer.status_code == 200
    assert int(re.match(r"max-age=(\d+), public, immutable$", answer.headers["Cache-Control"]).group(1)) >= made.YEAR
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data) == asset(name).data


def test_who_knows_no_brotli_gets_something_else(asset):
    assert asset("house.css", "gzip").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in asset("house.css").headers
    assert asset("house.css").headers["Vary"] == "Accept-Encoding"


def test_a_page_asks_for_files_that_exist(app, marit, asset):
    asked = set(re.findall(rf'(?:href|src)="{app.static_url_path}/([^"#]+)', marit.get("/today").text))
    assert {"house.css", "js/app.js", "icons/nabij.svg"} <= asked
    assert {name: asset(name).status_code for name in asked} == dict.fromkeys(asked, 200)


@pytest.mark.parametrize("name", ["nothing.css", "../static/js/app.js", "%2e%2e/%2e%2e/secret.key", "js", "js/", ""])
def test_what_is_no_file_of_ours_is_not_found(asset, name):
    assert asset(name).status_code == 404


def test_a_file_of_another_version_is_not_found(stranger):
    assert stranger.get("/static/000000000000/house.css").status_code == 404
