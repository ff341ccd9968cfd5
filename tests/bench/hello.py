"""The yardstick: a bare Flask application under the settings of wsgi.py. Keep the two in step.

python -m tests.bench.hello PORT
"""

import sys

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from diary.config import Settings


def serve(port: int) -> None:
    Granian(
        "hello",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=Settings.workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        log_level="warning",
    ).serve(target_loader=_worker, wrap_loader=False)


def _worker() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


if __name__ == "__main__":
    serve(int(sys.argv[1]))
