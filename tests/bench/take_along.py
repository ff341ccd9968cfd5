"""`python -m tests.bench.take_along`: how long a worker is at it when a parent takes a whole diary along.

In one process, without a network; the sign-in is fresh, so that nothing is asked first.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time

from diary import create_app
from diary.config import Settings
from diary.made import ROOT
from tests.bench.homes import fill, opened

SIZES = (5_000, 20_000)


def run(folder: Path, size: int) -> dict[str, tuple[float, float]]:
    """By form: seconds of the processor, and megabytes."""
    home = fill(create_app(Settings(home=folder)), size)
    with opened(home) as (app, _, _):
        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], home.cookie)
        return {form: _taken(client, home.csrf, form) for form in ("json", "html")}


def _taken(client, csrf: str, form: str) -> tuple[float, float]:
    began = process_time()
    answer = client.post("/settings/export", data={"csrf_token": csrf, "form": form})
    assert answer.status_code == 200, answer.text
    return process_time() - began, len(answer.data) / 1e6


def main() -> None:
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "instance") as folder:
            for form, (seconds, megabytes) in run(Path(folder), size).items():
                print(f"{size:>7,} entries as {form}: {seconds:.2f} s, {megabytes:.1f} MB")


if __name__ == "__main__":
    main()
