"""What is made ahead at the first start of a version, in home/made/: one stylesheet, one script, compressed files,
and translations in the form gettext reads. So there is no build step, and nothing generated lies in the tree.
"""

import gzip
import hashlib
import io
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask
from whitenoise import WhiteNoise

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "diary" / "translations"
YEAR = 365 * 24 * 3600
SQUEEZABLE = {".css", ".js", ".svg", ".webmanifest"}

# How our scripts name each other: at the top of a file, or later, when a page turns out to need it.
_IMPORT = re.compile(r'^import (?:(?:\* as (\w+)|\{ ([^}]+) \}) from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_LATER = re.compile(r'import\("\./([\w-]+\.js)"\)')
_REMARK = re.compile(r"^ *//.*\n", re.MULTILINE)  # a line of its own, for who reads the source
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@dataclass(frozen=True)
class Ready:
    version: str
    static: Path
    translations: Path


def ahead(home: Path) -> Ready:
    sources = [*_files(ROOT / "static"), *_files(TRANSLATIONS), *_files(_pictures()), Path(__file__)]
    version = _version(sources)
    folder = home / "made" / version
    if not folder.exists():
        _make(folder)
    return Ready(version, folder / "static", folder / "translations")


def serve(app: Flask, ready: Ready) -> None:
    """The address holds the version, so that a browser may keep a file for a year."""
    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=ready.static,
        prefix=app.static_url_path,
        max_age=YEAR,
        immutable_file_test=_always,
        allow_all_origins=False,
        add_headers_function=_no_guessing,
    )


def _pictures() -> Path:
    """What the README shows is also shown to who may install the app."""
    return ROOT / "deploy" / "pictures"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _version(sources: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sources:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _make(folder: Path) -> None:
    """Beside its place first, then moved there whole: several processes may start at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    shutil.copytree(ROOT / "static", fresh / "static", ignore=shutil.ignore_patterns("css"))
    shutil.copytree(_pictures(), fresh / "static" / "pictures")
    sheets = sorted((ROOT / "static" / "css").glob("*.css"))
    (fresh / "static" / "house.css").write_text("".join(sheet.read_text() for sheet in sheets))
    _join(fresh / "static" / "js")
    for path in _files(fresh / "static"):
        if path.suffix in SQUEEZABLE:
            plain = path.read_bytes()
            path.with_name(path.name + ".br").write_bytes(brotli.compress(plain))
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(plain, mtime=0))
    _translate(fresh / "translations")
    try:
        os.rename(fresh, folder)
    except OSError:  # another process was first
        shutil.rmtree(fresh)


def _join(folder: Path) -> None:
    """A page asks for one script, not for fifteen; what it may need later stays a file of its own."""
    sources = {path.name: _REMARK.sub("", path.read_text()) for path in _files(folder)}
    inside = {name for source in sources.values() for *_, name in _IMPORT.findall(source)}
    later = {name for source in sources.values() for name in _LATER.findall(source)}
    for name in sources:
        (folder / name).unlink()
    for name in sources.keys() - inside | later:
        parts = {}
        _collect(name, sources, parts)
        (folder / name).write_text("".join(parts.values()))


def _collect(name: str, sources: dict[str, str], parts: dict[str, str]) -> None:
    """Each part keeps to itself, and stands once, after what it needs."""
    source = sources[name]
    for _, _, needed in _IMPORT.findall(source):
        if needed not in parts:
            _collect(needed, sources, parts)
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    given = ", ".join(_EXPORT.findall(source))
    parts[name] = f"const {_called(name)} = (() => {{\n{body}return {{ {given} }};\n}})();\n"


def _taken(found: re.Match) -> str:
    whole, some, name = found.groups()
    if whole:
        return f"const {whole} = {_called(name)};\n"
    return f"const {{ {some.replace(' as ', ': ')} }} = {_called(name)};\n" if some else ""


def _called(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")


def _translate(folder: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in TRANSLATIONS.glob("*.po"):
        catalog = read_po(io.BytesIO(source.read_bytes()), locale=source.stem)
        target = folder / source.stem / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            write_mo(file, catalog)


def _no_guessing(headers, *_) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _always(*_) -> bool:
    return True
