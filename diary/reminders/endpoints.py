"""Where a push may go. An endpoint comes from a browser, so it is input: only a service on the list, and only at
the public address that was looked up, once."""

import queue
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

CONNECT = 5  # seconds, from looking up to shaking hands
LONGEST = 2000

_SIGNS = re.compile(r"[!-~]+")  # neither spaces nor what a header could end with
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_LOOPBACK = re.compile(r"127(\.\d{1,3}){3}|localhost")

# Of IPv6 only what is given out to the world. Outside it an address may stand for another one, as with NAT64, and
# inside it 6to4 does: what those lead to is decided elsewhere.
_WORLD, _6TO4 = ip_network("2000::/3"), ip_network("2002::/16")


class Forbidden(Exception):
    """The name leads to an address that is not a public one."""


@dataclass(frozen=True)
class Endpoint:
    origin: str
    host: str
    port: int
    path: str
    own: bool  # a push service on this very machine, named by who runs it


def parse(address: object, allowed: tuple[str, ...]) -> Endpoint | None:
    """The endpoint, if a push may go there. Nothing is looked up."""
    if not isinstance(address, str) or len(address) > LONGEST or not _SIGNS.fullmatch(address) or "\\" in address:
        return None
    try:
        url = urlsplit(address)
        port, host = url.port, url.hostname or ""
    except ValueError:
        return None
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    plain = url.netloc.lower() in (host, f"{host}:{port}")
    if plain and any(_is_own(entry, url) for entry in allowed):
        usual = 443 if url.scheme == "https" else 80
        return Endpoint(f"{url.scheme}://{url.netloc}", host, port or usual, path, own=True)
    listed = any(host == name or host.endswith(f".{name}") for name in allowed)
    if plain and listed and url.scheme == "https" and port in (None, 443) and _NAME.fullmatch(host):
        return Endpoint(f"https://{host}", host, 443, path, own=False)
    return None


def _is_own(entry: str, url: SplitResult) -> bool:
    """An entry on loopback is allowed as far as it was named: with its port, with its scheme."""
    named = urlsplit(entry if "://" in entry else f"//{entry}")
    if not _LOOPBACK.fullmatch(named.hostname or "") or url.hostname != named.hostname:
        return False
    return url.scheme in ("http", "https") and named.scheme in ("", url.scheme) and named.port in (None, url.port)


def connect(endpoint: Endpoint, until: float) -> socket.socket:
    """A line to the very address that was found public; the certificate is asked for the name."""
    until = min(until, time.monotonic() + CONNECT)
    found = _addresses(endpoint, until)
    if not all(may_be_reached(sockaddr[0], endpoint.own) for *_, sockaddr in found):
        raise Forbidden
    for left in range(len(found), 0, -1):
        try:
            line = _dial(found[-left], _until(until) / left)
            break
        except OSError:
            if left == 1:
                raise
    if not endpoint.origin.startswith("https:"):
        return line
    try:
        line.settimeout(_until(until))
        return _tls().wrap_socket(line, server_hostname=endpoint.host)
    except BaseException:
        line.close()
        raise


def may_be_reached(address: str, own: bool) -> bool:
    ip = ip_address(address.partition("%")[0])
    if own:
        return ip.is_loopback
    if ip.version == 6 and (ip not in _WORLD or ip in _6TO4):
        return False
    return ip.is_global and not ip.is_multicast


def _addresses(endpoint: Endpoint, until: float) -> list[tuple]:
    """Looked up beside us, since a name server that is silent keeps its caller for longer than we have."""
    if endpoint.own:
        return _look_up(endpoint)
    told = queue.SimpleQueue()
    threading.Thread(target=lambda: told.put(_look_up(endpoint)), name="look up", daemon=True).start()
    try:
        found = told.get(timeout=_until(until))
    except queue.Empty:
        raise TimeoutError from None
    if not found:
        raise ConnectionError
    return found


def _look_up(endpoint: Endpoint) -> list[tuple]:
    try:
        return socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except OSError:
        return []


def _dial(found: tuple, seconds: float) -> socket.socket:
    family, kind, protocol, _, sockaddr = found
    line = socket.socket(family, kind, protocol)
    try:
        line.settimeout(seconds)
        line.connect(sockaddr)
    except BaseException:
        line.close()
        raise
    return line


def _until(moment: float) -> float:
    return max(moment - time.monotonic(), 0.001)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
