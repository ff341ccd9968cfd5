"""When something rings next, on the clock of whoever it rings for. Nothing here looks at a clock or a table."""

from datetime import date, datetime, time, timedelta

from diary import clock

LATEST = time(21, 30)  # what is late does not ring any more after this
ON_TIME = timedelta(minutes=5)
TOO_LATE = timedelta(hours=2)
FORTNIGHT = timedelta(days=15)  # further ahead nothing can be planned, even what rings every other week


def next_moment(
    at: str, days: str, zone: str, after_day: date | None, now: datetime, halved: bool = False
) -> tuple[date, datetime]:
    """The first agreed day after `after_day` whose moment lies after `now`; halved: the second, counted from there.

    A day comes at most once. A time that the clock skips is its first valid minute after; one that it shows twice
    is the first of the two.
    """
    day = clock.today(now, zone)
    if after_day is not None:
        day = max(day, after_day + timedelta(days=1))
    to_pass = 1 if halved and after_day is not None else 0
    while True:
        moment = clock.at(day, time.fromisoformat(at), zone)
        if str(day.isoweekday()) in days and moment > now:
            if not to_pass:
                return day, moment
            to_pass -= 1
        day += timedelta(days=1)


def next_ring(
    at: str, days: str, zone: str, quiet: tuple[str, str], after_day: date | None, now: datetime, fixed: bool
) -> tuple[date, datetime] | None:
    """When to tell of what has just happened: now or as soon as it may, once a day; or, if fixed, at that time."""
    first = clock.today(now, zone)
    if after_day is not None:
        first = max(first, after_day + timedelta(days=1))
    for ahead in range(15):
        day = first + timedelta(days=ahead)
        if str(day.isoweekday()) not in days:
            continue
        moment = clock.at(day, time.fromisoformat(at), zone)
        if moment < now:
            if fixed:
                continue
            moment = now
        if not is_quiet(moment, zone, quiet):
            return day, moment
    return None


def is_quiet(moment: datetime, zone: str, quiet: tuple[str, str]) -> bool:
    return is_quiet_at(moment.astimezone(clock.zone(zone)).strftime("%H:%M"), quiet)


def is_quiet_at(wall: str, quiet: tuple[str, str]) -> bool:
    """Whether this time lies in the quiet hours, which may go on over midnight. From and until the same: there are
    none."""
    begins, ends = quiet
    if begins <= ends:
        return begins <= wall < ends
    return wall >= begins or wall < ends


def is_too_late(day: date, moment: datetime, now: datetime, zone: str) -> bool:
    """Late by more than two hours, or so late in the evening that it would only disturb."""
    if now - moment <= ON_TIME:
        return False
    local = now.astimezone(clock.zone(zone))
    return now - moment > TOO_LATE or local.date() != day or local.time() >= LATEST
