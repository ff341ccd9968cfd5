"""A push service on this machine: it speaks the protocol, knows its senders, and can be as bad as real ones are."""

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid

from diary import clock

DAY = 86_400


@dataclass
class Browser:
    """What a browser knows of its subscription: where to reach it, and how to read what comes."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def p256dh(self) -> str:
        return written(self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        return written(self.secret)

    def subscription(self) -> dict:
        return {"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}}

    def read(self, body: bytes) -> str:
        return http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm").decode()


@dataclass(frozen=True)
class Message:
    browser: Browser
    headers: dict[str, str]
    claims: dict
    text: str


class PushService(ThreadingHTTPServer):
    """`answers` says per browser what it is met with: a status, a status with headers, or one of the bad manners."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.browsers: dict[str, Browser] = {}
        self.answers: dict[str, object] = {}
        self.messages: list[Message] = []
        self.bodies: list[bytes] = []  # as they travelled
        self.asked: list[str] = []  # every path that was posted to, whatever came of it
        self.refused: list[str] = []  # why something was not a proper push
        self.lines = 0  # that were opened to it
        self.over = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()  # whoever hangs may go
        self.shutdown()
        self.server_close()

    def browser(self, answer: object = 201) -> Browser:
        path = f"/push/{secrets.token_urlsafe(24)}"
        browser = self.browsers[path] = Browser(self.origin + path)
        self.answers[path] = answer
        return browser

    def get_request(self):
        self.lines += 1
        return super().get_request()

    def handle_error(self, request, client_address):
        """Who was kept waiting has left."""


def written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PushService

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append(f"GET {self.path}")
        self._say(404)

    def do_POST(self):
        self.server.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(body)
        browser = self.server.browsers.get(self.path)
        if browser is None:
            return self._say(404)
        if wrong := self._wrong():
            self.server.refused.append(wrong)
            return self._say(403)
        answer = self.server.answers[self.path]
        if answer in (201, 202, "huge", "stops halfway", "hangs up"):
            claims = _claims(self.headers["Authorization"])
            message = Message(browser, dict(self.headers), claims, browser.read(body))
            self.server.messages.append(message)
        if isinstance(answer, str):
            return getattr(self, "_" + answer.replace(" ", "_"))()
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        return self._say(status, headers)

    def _wrong(self) -> str:
        """What a real service checks before it takes anything."""
        kind, _, signed = self.headers["Authorization"].partition(" ")
        if kind != "vapid" or not Vapid.verify(self.headers["Authorization"]) or ",k=" not in signed:
            return "signature"
        claims = _claims(self.headers["Authorization"])
        if claims["aud"] != self.server.origin:
            return "aud"
        if not 0 < claims["exp"] - clock.now().timestamp() < DAY:
            return "exp"
        if not claims["sub"].startswith(("mailto:", "https:")):
            return "sub"
        if not self.headers["TTL"].isdecimal() or self.headers["Content-Encoding"] != "aes128gcm":
            return "headers"
        return ""

    def _say(self, status: int, headers: dict | None = None, body: bytes = b""):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # -- bad manners

    def _hangs(self):
        self.server.over.wait(30)

    def _stops_halfway(self):
        self.send_response(201)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.server.over.wait(30)

    def _drips(self):
        for byte in b"HTTP/1.1 201 Created\r\nX-Slow: " + b"x" * 10_000:
            self.wfile.write(bytes([byte]))
            if self.server.over.wait(0.05):
                return

    def _drops(self):
        self.connection.close()

    def _hangs_up(self):
        self._say(201)
        self.close_connection = True

    def _redirects(self):
        self._say(307, {"Location": f"{self.server.origin}/elsewhere"})

    def _huge(self):
        self._say(201, body=b"x" * 10_000_000)

    def _huge_headers(self):
        self.send_response(201)
        for n in range(90):
            self.send_header(f"X-{n}", "x" * 60_000)
        self.end_headers()

    def _babbles(self):
        self.wfile.write(b"\xff\xfe this is no answer\r\n\r\n")


def _claims(authorization: str) -> dict:
    token = authorization.partition("t=")[2].partition(",")[0]
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


if __name__ == "__main__":
    with PushService() as service:
        print(service.origin, flush=True)
        time.sleep(DAY)
