"""The figures in rows a person can read, each with what was aimed at and whether that was met."""

from statistics import median

from tests.bench import pages, remind
from tests.bench.chaos import Found
from tests.bench.commits import Pair
from tests.bench.inside import Search
from tests.bench.requests import BACK, DAY, FORM, SITUATION, SYNC, TIMELINE, VANDAAG
from tests.bench.suggest import Cost, Understood
from tests.reminders.crowd import FLYING, Result

PAGES, SAVES = (VANDAAG, DAY, TIMELINE), (FORM, SYNC)
LEAST, MOST_GROWTH = 0.10, 1.2
SEARCH_SIZE, SEARCH_MS = 20_000, 50
MEMORY_MB = 120
SENT = 0.6
CROWDED = 0.1
UNDERSTOOD, QUESTION_MS, FLAT = (0.80, 0.95, 0.97), 5, 1.5


def rates(results: pages.Results, counted: dict[tuple[str, int], int]) -> None:
    form = "{:<16} {:>7} {:>9} {:>9} {:>12} {:>7} {:>8} {:>7} {:>6} {:>10}"
    heading = ("", "entries", "a second", "of hello", "from-to", "by CPU", "p95 ms", "CPU ms", "bytes", "statements")
    _line(form, heading)
    for (name, size), kept in results.items():
        beside = _beside(kept) if kept.hellos else ("", "", "")
        rate, cpu, weight = f"{kept.middle('rate'):.1f}", f"{kept.middle('cpu'):.2f}", f"{kept.middle('size'):.0f}"
        rest = (f"{kept.p95():.2f}", cpu, weight, counted.get((name, size), ""))
        _line(form, (name, size or "", rate, *beside, *rest))
    loads = [one for kept in results.values() for one in kept.loads]
    asking = results["hello", 0].middle("asking")
    strangers = [one.strangers for one in loads]
    print(f"\nAsking took {asking:.0%} of one core during hello, at most {max(one.asking for one in loads):.0%}.")
    print(f"Other programs took {median(strangers):.0%} of the machine (median), {max(strangers):.0%} at most.")
    if median(strangers) > CROWDED:
        print("That is a lot: what is met or not met below may be theirs. Measure again when it is quiet.")


def _beside(kept: pages.Kept) -> tuple[str, str, str]:
    parts = kept.of_hello()
    return f"{median(parts):.1%}", f"{parts[0]:.1%}-{parts[-1]:.1%}", f"{kept.by_cpu():.1%}"


def rate_aims(results: pages.Results, sizes: list[int]) -> None:
    for name in PAGES:
        least = min(median(results[name, size].of_hello()) for size in sizes)
        _aim(f"{name}: at least {LEAST:.0%} of hello at every size", f"{least:.1%}", least >= LEAST)
    for name in SAVES:
        kept = [results[name, size] for size in sizes]
        least = min(max(median(one.of_hello()), median(one.of_commits())) for one in kept)
        bare = median(rate for one in kept for rate in one.commits)
        aim = f"{name}: at least {LEAST:.0%} of the lower of hello and bare commits ({bare:.0f}/s)"
        _aim(aim, f"{least:.1%}", least >= LEAST)
    for name in (*PAGES, SITUATION, BACK, *SAVES):
        if len(sizes) > 1:
            times, dearer = pages.growth(results, name, min(sizes), max(sizes))
            aim = f"{name}: {max(sizes)} entries at most {MOST_GROWTH} times slower than {min(sizes)}"
            _aim(aim, f"{times:.2f} (CPU {dearer:.2f})", times <= MOST_GROWTH)


def search(found: dict[int, Search]) -> None:
    _line(
        "{:<16} {:>8} {:>9} {:>9} {:>9} {:>9}", ("search", "entries", "readable", "whole ms", "fetching", "opening")
    )
    for size, one in found.items():
        row = ("", size, one.read, one.whole, one.fetching, one.opening)
        _line("{:<16} {:>8} {:>9} {:>9.1f} {:>9.1f} {:>9.1f}", row)
    if one := found.get(SEARCH_SIZE):
        full = one.whole * SEARCH_SIZE / one.read  # what the other parent keeps private was not read
        _aim(f"search in {SEARCH_SIZE} sealed entries under {SEARCH_MS} ms", f"{full:.1f} ms", full < SEARCH_MS)


def commits(alone: list[float], fair: list[Pair], lottery: list[Pair]) -> None:
    print(f"one writer, bare durable rows a second: {', '.join(f'{rate:.0f}' for rate in alone)}")
    for title, pairs in (("through store.writing", fair), ("begin immediate, no turnstile", lottery)):
        for pair in pairs:
            row = (f"two writers, {title}", pair.slower, pair.faster, pair.ratio)
            _line("{:<45} {:>8.0f} and {:>6.0f} a second, slower/faster {:.3f}", row)


def memory(found: dict[int, dict[str, float]]) -> None:
    for size, megabytes in found.items():
        told = f"{megabytes['all']:.0f} MB, of which {megabytes['own']:.0f} its own and the rest files"
        aim = f"two workers and the scheduler at {size} entries: at most {MEMORY_MB} MB"
        _aim(aim, told, megabytes["all"] <= MEMORY_MB)


def suggest(ways: dict[str, Understood], costs: list[Cost]) -> None:
    form = "{:<16} {:>8} {:>9} {:>12} {:>9} {:>9}"
    _line(form, ("situations", "phrases", "first", "first three", "area", "nothing"))
    for name, one in ways.items():
        parts = (one.first, one.first_three, one.area, one.silent)
        _line(form, (name, one.phrases, *(f"{part:.1%}" for part in parts)))
    best = ways["recogniser"]
    print("\nTaken for another (right, then taken for):")
    for (right, taken), times in sorted(best.confused.items(), key=lambda one: (-one[1], one[0])):
        print(f"{times:>4}  {right} → {taken}")
    print()
    for one in costs:
        told = (one.suggestions, one.load, one.middle, one.slowest)
        print("{:>6} suggestions: loads in {:.2f} s, a question takes {:.2f} ms, the slowest {:.2f}".format(*told))
    names = ("right situation first", "right one among the first three", "right area first")
    for name, least, part in zip(names, UNDERSTOOD, (best.first, best.first_three, best.area), strict=True):
        _aim(f"{name}: at least {least:.0%}", f"{part:.1%}", part >= least)
    slowest, times = max(one.slowest for one in costs), costs[-1].middle / costs[0].middle
    _aim(f"a question: under {QUESTION_MS} ms", f"{slowest:.2f} ms", slowest < QUESTION_MS)
    _aim(f"{costs[-1].suggestions} suggestions: at most {FLAT} times slower", f"{times:.2f}", times <= FLAT)


def chaos(schedules: int, found: Found) -> None:
    for name, wrong in vars(found).items():
        _aim(f"{schedules} schedules of devices on a bad line: nothing {name}", str(len(wrong)), not wrong)


def reminder_costs(found: dict[int, list[remind.Cost]]) -> None:
    form = "{:<10} {:>12} {:>12}"
    _line(form, ("reminders", "plan ms", "claim ms"))
    for size, kept in found.items():
        planning, claiming = (median(getattr(one, name) for one in kept) for name in ("planning", "claiming"))
        _line(form, (size, f"{planning:.3f}", f"{claiming:.3f}"))
    most = remind.growth(found)
    _aim(
        f"planning and claiming one that is due grows at most {MOST_GROWTH} times", f"{most:.2f}", most <= MOST_GROWTH
    )


def reminder_rates(rates: list[remind.Rates]) -> None:
    bare, pushed, sent = (median(getattr(one, name) for one in rates) for name in ("bare", "pushed", "sent"))
    print(
        f"\na second: {bare:.0f} encrypted and signed, {pushed:.0f} handed over, {sent:.0f} claimed, sent and noted"
    )
    part = median(one.sent / one.bare for one in rates)
    _aim(f"sending at least {SENT:.0%} of encrypting and signing", f"{part:.0%}", part >= SENT)


def reminder_delays(delays: list[float]) -> None:
    late = median(delays)
    _aim(f"beside {remind.HANGING} that hang, others come at most a second later", f"{late:.2f} s", late <= 1)


def reminder_crowd(one: Result) -> None:
    print(f"\n{one.due} due, {one.killed} killed, {one.seconds:.0f} s: {one.lost} lost, {one.doubles} twice")
    most = one.killed * FLYING
    good = (one.lost, one.unsettled, one.refused, one.topics) == (0, 0, 0, 1) and one.doubles <= most
    _aim(f"each once; of those under way at a kill, at most {most} twice under one topic", f"{one.doubles}", good)


def torn(breaks: int, found: dict[str, int]) -> None:
    for name in ("partly", "lost", "doubled"):
        _aim(
            f"{breaks} breaks of the line at some byte, {found['torn']} halfway: {name}",
            str(found[name]),
            not found[name],
        )


def title(text: str) -> None:
    print(f"\n== {text}\n")


def _aim(aim: str, figure: str, met: bool) -> None:
    print(f"{'met' if met else 'NOT MET':<8} {aim}: {figure}")


def _line(form: str, row: tuple) -> None:
    print(form.format(*row))
