"""`make bench`: measures the diary beside a bare Flask page, and says which aims are met.

Absolute figures say more about the machine than about the diary, and on a shared machine they wobble. Only
ratios within one run count, and those are medians of a few rounds.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from diary import create_app
from diary.config import Settings
from diary.made import ROOT
from tests.bench import chaos, commits, homes, inside, load, pages, remind, report, servers, suggest, torn
from tests.bench.requests import tasks

PARTS = ("suggest", "chaos", "search", "pages", "commits", "memory", "remind")
WITHOUT_A_DIARY = {"suggest", "chaos", "commits", "remind"}
BREAKS = 200
SIZES = (200, 2_000, 20_000, 200_000)


def main() -> None:
    asked = _asked()
    sys.stdout.reconfigure(line_buffering=True)
    print(f"{os.cpu_count()} cores, load before we began {os.getloadavg()[0]:.2f}. Only ratios count.")
    disk = ROOT / "instance"  # where a diary would be: /tmp may be memory, and then nothing is durable
    disk.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=disk) as folder:
        filled = [_filled(Path(folder), size) for size in asked.sizes if set(asked.only) - WITHOUT_A_DIARY]
        for part in asked.only:
            report.title(part)
            _RUN[part](Path(folder), filled, asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1, help="how long each single measurement lasts (1)")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured (3)")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="entries, like 200,2000 (200 to 200,000)")
    parser.add_argument("--schedules", type=int, default=5_000, help="how many of them chaos lives through (5,000)")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be given more than once")
    asked = parser.parse_args()
    asked.only = asked.only or PARTS
    return asked


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in text.split(",")))


def _filled(folder: Path, size: int) -> homes.Home:
    home = homes.fill(create_app(Settings(home=folder / str(size))), size)
    _say(f"filled a diary of {size} entries in {home.seconds:.1f} s")
    return home


def _pages(_: Path, filled: list[homes.Home], asked: argparse.Namespace) -> None:
    counted = {(name, home.size): number for home in filled for name, number in inside.statements(home).items()}
    with ExitStack() as stack:
        hello = stack.enter_context(servers.hello())
        running = {home: stack.enter_context(servers.diary(home.folder)) for home in filled}
        results = pages.measure(running, hello, asked.seconds, asked.rounds, _say)
    report.rates(results, counted)
    report.title("aims")
    report.rate_aims(results, [home.size for home in filled])


def _search(_: Path, filled: list[homes.Home], __: argparse.Namespace) -> None:
    report.search({home.size: inside.search(home) for home in filled})


def _commits(folder: Path, _: list[homes.Home], asked: argparse.Namespace) -> None:
    rounds = range(asked.rounds)
    alone = [commits.alone(folder, asked.seconds) for _ in rounds]
    fair = [commits.together(folder, asked.seconds) for _ in rounds]
    lottery = [commits.together(folder, asked.seconds, commits.lottery) for _ in rounds]
    report.commits(alone, fair, lottery)


def _memory(_: Path, filled: list[homes.Home], asked: argparse.Namespace) -> None:
    """One server at a time, or they would share what belongs to each."""
    found = {}
    for home in filled:
        with servers.diary(home.folder) as server:
            for task in tasks(home):
                load.measure(server, task.make, task.status, asked.seconds / 4)
            found[home.size] = server.memory()
    report.memory(found)


def _suggest(*_) -> None:
    report.suggest(*suggest.run())


def _remind(folder: Path, _: list[homes.Home], asked: argparse.Namespace) -> None:
    report.reminder_costs(remind.costs(folder, asked.rounds))
    report.reminder_rates(remind.rates(folder, asked.rounds))
    report.reminder_delays(remind.delays(folder, asked.rounds))
    for kills in (0, remind.KILLS):
        report.reminder_crowd(remind.crowd_of(folder / f"kills-{kills}", kills))


def _chaos(folder: Path, _: list[homes.Home], asked: argparse.Namespace) -> None:
    report.chaos(*chaos.run(folder, asked.schedules))
    report.torn(BREAKS, torn.run(folder / "torn", BREAKS))


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


_RUN = {
    "suggest": _suggest,
    "chaos": _chaos,
    "pages": _pages,
    "search": _search,
    "commits": _commits,
    "memory": _memory,
    "remind": _remind,
}

if __name__ == "__main__":
    main()
