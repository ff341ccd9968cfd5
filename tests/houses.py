"""Houses to test in: each a real application on a home of its own. What all share is made once a process."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from diary import create_app, pages
from diary.config import Settings


class Compiled(FileSystemBytecodeCache):
    """Templates, compiled once for all tests; each language has its own."""

    def get_bucket(self, environment, name, filename, source):
        return super().get_bucket(environment, f"{name} {pages.language()}", filename, source)


def build(home: Path) -> Flask:
    home.mkdir(parents=True, exist_ok=True)
    (home / "made").symlink_to(_shared() / "made")
    app = create_app(Settings(home=home))
    app.jinja_env.bytecode_cache = Compiled(str(_shared() / "templates"))
    return app


@cache
def _shared() -> Path:
    """The made files, and the compiled templates."""
    shared = Path(tempfile.mkdtemp())
    for name in ("made", "templates"):
        (shared / name).mkdir()
    atexit.register(shutil.rmtree, shared, ignore_errors=True)
    return shared
