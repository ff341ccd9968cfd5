"""The one door to Web Push: a notification is encrypted for its device, signed afresh, and handed to its service."""

import base64
import io
import logging
import re
import time
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from types import SimpleNamespace
from urllib.parse import urlsplit

from diary import clock, vault
from diary.config import Settings
from diary.reminders import endpoints
from diary.reminders.lines import Lines

log = logging.getLogger(__name__)
TOTAL = 10  # seconds that one service may take of us
MOST = 64 * 1024  # bytes that we read of an answer
SIGNED_FOR = timedelta(hours=6)
LONGEST_WAIT = timedelta(hours=6)
_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Outcome:
    """What became of it: sent, gone (the device is not there any more), later, or refused (keep it, and look why)."""

    kind: str
    code: str = ""
    wait: timedelta | None = None


def public_key(settings: Settings) -> str:
    """Who we are to push services; a browser asks for it when it subscribes. Without its file we are someone new."""
    return _written(vault.public_point(_number(settings)))


def fits(p256dh: object, auth: object) -> bool:
    """Whether these are keys that something can be encrypted with."""
    try:
        return vault.is_point(_read(p256dh)) and len(_read(auth)) == 16
    except ValueError:
        return False


def prepare() -> None:
    """Brings in what sending needs, before anyone's time is taken: it can take longer than a service that hangs."""
    import py_vapid  # noqa: F401
    import pywebpush  # noqa: F401  late: it brings 490 modules along


def send(device, payload: str, topic: str, ttl: int, settings: Settings, lines: Lines | None = None) -> Outcome:
    """Hands it over, in ten seconds at most. `device` has an endpoint, and its keys p256dh and auth; `lines` are
    those of the sends around it.

    Nothing escapes: whatever a service does is an outcome. The signature tells the real time, whatever moment the
    sender is playing, since the service looks at a clock of its own.
    """
    until = time.monotonic() + TOTAL
    with nullcontext(lines) if lines else Lines() as lines:
        outcome = _sent(device, payload, topic, ttl, settings, lines, until)
    if outcome.kind == "refused":
        log.warning("a push service refused a notification: %s", outcome.code)
    return outcome


def _sent(device, payload: str, topic: str, ttl: int, settings: Settings, lines: Lines, until: float) -> Outcome:
    endpoint = endpoints.parse(device.endpoint, settings.push_hosts)
    if endpoint is None:
        return Outcome("refused", "address")
    try:
        body = _encrypted(device, payload)
        headers = {
            "Host": endpoint.origin.partition("//")[2],
            "Authorization": _signature(endpoint.origin, settings, clock.now()),
            "TTL": int(ttl),
            "Topic": topic,
            "Urgency": "high",  # ahead of a hard moment is too late an hour later
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Content-Length": len(body),
        }
    except ValueError:
        return Outcome("refused", "key")
    try:
        return _outcome(*_asked(endpoint, headers, body, lines, until), clock.now())
    except endpoints.Forbidden:
        return Outcome("refused", "address")
    except (OSError, HTTPException, ValueError) as error:
        return Outcome("later", type(error).__name__)


def _encrypted(device, payload: str) -> bytes:
    from pywebpush import WebPusher  # late: it brings 490 modules along

    if not fits(device.p256dh, device.auth):
        raise ValueError
    keys = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    return WebPusher(keys).encode(payload.encode())["body"]


def _signature(audience: str, settings: Settings, now: datetime) -> str:
    from py_vapid import VapidException

    claims = {"aud": audience, "exp": int((now + SIGNED_FOR).timestamp()), "sub": _reachable_at(settings)}
    try:
        return _signer(_number(settings)).sign(claims)["Authorization"]
    except VapidException as error:
        raise ValueError from error


def _reachable_at(settings: Settings) -> str:
    """Whom a service can complain to. Some take no address on localhost."""
    sender = parseaddr(settings.sender)[1]
    if settings.secure and sender.endswith("@localhost"):
        return f"https://{urlsplit(settings.address).hostname}"
    return f"mailto:{sender}"


def _number(settings: Settings) -> bytes:
    return vault.private_number(vault.secret(settings.home / "vapid.key"))


@lru_cache(maxsize=4)
def _signer(number: bytes):
    from py_vapid import Vapid

    return Vapid.from_raw(_written(number).encode())


def _written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def _read(key: object) -> bytes:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError
    return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))


def _asked(endpoint: endpoints.Endpoint, headers: dict, body: bytes, lines: Lines, until: float) -> tuple[int, str]:
    """The status, and how long to wait. A redirect is an answer like any other: it is not followed.

    A line that breaks after something was sent is not tried again here: nobody knows whether it came.
    """
    said = [f"POST {endpoint.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    line = lines.take(endpoint, until)
    with ExitStack() as unless_whole:
        unless_whole.callback(line.close)
        line.settimeout(max(until - time.monotonic(), 0.001))
        line.sendall("\r\n".join(said).encode("ascii") + body)
        answer = HTTPResponse(SimpleNamespace(makefile=lambda _: io.BufferedReader(_Patience(line, until))))
        answer.begin()
        if answer.length == 0 and not answer.will_close:
            unless_whole.pop_all()
            lines.give_back(endpoint, line)
        return answer.status, answer.getheader("Retry-After", "")


class _Patience(io.RawIOBase):
    """Reads a line until the moment that was agreed, however slowly it drips, and never more than enough."""

    def __init__(self, line, until: float):
        self.line, self.until, self.left = line, until, MOST

    def readable(self) -> bool:
        return True

    def readinto(self, room) -> int:
        if not self.left:
            raise OSError("enough")
        self.line.settimeout(max(self.until - time.monotonic(), 0.001))
        read = self.line.recv_into(room, min(len(room), self.left))
        self.left -= read
        return read


def _outcome(status: int, wait: str, now: datetime) -> Outcome:
    code = str(status)
    if 200 <= status < 300:
        return Outcome("sent", code)
    if status in (404, 410):
        return Outcome("gone", code)
    if status == 429 or status >= 500:
        return Outcome("later", code, _wait(wait, now))
    return Outcome("refused", code)


def _wait(said: str, now: datetime) -> timedelta | None:
    """Seconds or a date, as a service likes; no longer than we care to remember."""
    if said.isdecimal() and len(said) < 10:
        return min(timedelta(seconds=int(said)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), LONGEST_WAIT)
