"""`python wsgi.py` serves the diary, scheduler included; `wsgi:app` is for any other server."""

import ctypes
import gc
import logging
import os
import sys
from contextlib import suppress

from diary import config, create_app, pages
from diary.asso import suggest

os.umask(0o077)  # database, keys and letters are for this account alone


def serve() -> None:
    from granian import Granian
    from granian.constants import Interfaces

    settings = config.from_environment()
    gc.disable()
    global app
    app = create_app(settings)  # migrates and makes ahead once; the workers are forked from it, and share it
    suggest.recogniser(app.config["SHELF"].library("nl"))  # and what it learnt from the library
    pages.compile_ahead(app)
    with suppress(AttributeError):  # where there is glibc: gives back what was only needed on the way
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()  # collecting would copy the pages of memory that the workers share
    gc.enable()
    print(f"Nabij staat klaar op {settings.address}", flush=True)
    Granian(
        "wsgi",
        address="127.0.0.1",
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        log_level="warning",
    ).serve(target_loader=_worker, wrap_loader=False)


def _worker():
    """What each worker process serves. All of them tick; one of them at a time does the work."""
    from diary.upkeep import tick

    tick.start(app.config["SETTINGS"], app.config["VAULT"])
    return app


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    serve()
else:
    app = create_app()
