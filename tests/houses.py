"""Houses to test in: each a real application on a home of its own. What all share is made once."""

import atexit
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlite_utils import Database
from werkzeug.serving import WSGIRequestHandler, make_server

from diary import create_app, pages, store
from diary.config import Settings


class Compiled(FileSystemBytecodeCache):
    """Templates, compiled once for all tests; each language has its own."""

    def get_bucket(self, environment, name, filename, source):
        return super().get_bucket(environment, f"{name} {pages.language()}", filename, source)


def build(home: Path) -> Flask:
    home.mkdir(parents=True, exist_ok=True)
    (home / "made").symlink_to(_shared() / "made")
    with (_shared() / "door").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # one makes the files, and the others find them
        app = create_app(Settings(home=home))
    app.jinja_env.bytecode_cache = Compiled(str(_shared() / "templates"))
    return app


@cache
def _shared() -> Path:
    """The made files, and the compiled templates: of all processes of a run, or of this one."""
    shared = Path(os.environ.get("WORKSHOP") or tempfile.mkdtemp())
    for name in ("made", "templates"):
        (shared / name).mkdir(exist_ok=True)
    if "WORKSHOP" not in os.environ:
        atexit.register(shutil.rmtree, shared, ignore_errors=True)
    return shared


@dataclass
class House:
    """A house that is served, and its database to look into."""

    address: str
    app: Flask

    @property
    def db(self) -> Database:
        return store.here(self.app.config["SETTINGS"].database)

    def rows(self, sql: str, **named) -> list[dict]:
        db = store.look(self.app.config["SETTINGS"].database)
        try:
            return store.rows(db, sql, **named)
        finally:
            db.close()

    def change(self, sql: str, **named) -> None:
        assert store.change(self.db, sql, **named)

    def entries(self, name: str) -> list[dict]:
        """What this person has on the server, oldest first."""
        sql = """select entry_rows.* from entry_rows join accounts on accounts.id = author
                 where accounts.name = :name order by entry_rows.id"""
        return self.rows(sql, name=name)


class Line(WSGIRequestHandler):
    """Kept open for the next question, as where it is served: a new one costs a thread and a door to the database."""

    protocol_version = "HTTP/1.1"


@contextmanager
def serving(app: Flask, host: str = "127.0.0.1") -> Iterator[House]:
    """Here, in a thread: what a test asks of the application and what a browser asks of it meet in one house."""
    house = House("", app)
    server = make_server(host, 0, lambda environ, start: house.app(environ, start), True, request_handler=Line)
    house.address = f"http://{host}:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield house
    server.shutdown()
    thread.join()
    store.leave()
