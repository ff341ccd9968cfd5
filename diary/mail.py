"""The one door to mail. A letter is first a sealed row, then sent: no page ever waits for a mail server.

Where no server is set, letters become files in home/outbox.
"""

import json
import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from time import monotonic
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

from diary import clock, store
from diary.config import Settings
from diary.vault import Broken, Vault

log = logging.getLogger(__name__)
AGAIN = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 1440)]
SENDERS = 4
PATIENCE = 10  # seconds that who asks for sending waits for it
STEP, TOTAL = 35, 50  # seconds that a server may take: for one answer, and for a letter, before it is tried again

_room = threading.BoundedSemaphore(SENDERS)


class Away(Exception):
    """The server cannot be reached, or does not let us in: no letter has a chance now."""


class Unknown(Exception):
    """The server knows nobody by this address, and never will."""


def post(db: Database, vault: Vault, to: str, subject: str, body: str, now: datetime, lasts: timedelta) -> int:
    """Puts a letter in the queue. After `lasts` it is no longer worth sending."""
    sealed = vault.close(json.dumps({"to": to, "subject": subject, "body": body}), "letter")
    with store.writing(db):
        letter = db["letters"].insert(
            {
                "sealed": sealed,
                "created_at": clock.stamp(now),
                "expires_at": clock.stamp(now + lasts),
                "next_at": clock.stamp(now),
            }
        )
    return letter.last_pk


def soon(settings: Settings, vault: Vault) -> None:
    """Sends what waits without keeping the page waiting; what fails is tried again by the tick."""
    threading.Thread(target=_beside, args=[settings, vault, clock.now(), []], name="mail", daemon=True).start()


def deliver(db: Database, settings: Settings, vault: Vault, now: datetime) -> int:
    """Sends every letter that is due, and says how many went. A slow server is waited for a moment: the rest of its
    letters go on beside, and what comes after them in a tick is not late because of it."""
    if not settings.smtp:
        return len(_send_all(db, settings, vault, now, []))
    due = store.row(db, "select count(*) as n from letters where next_at <= :now and expires_at > :now", now=_at(now))
    sent, until = [], monotonic() + PATIENCE
    senders = [
        threading.Thread(target=_beside, args=[settings, vault, now, sent], name="mail", daemon=True)
        for _ in range(min(due["n"], SENDERS))
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(max(until - monotonic(), 0))
    return len(sent)


def _beside(settings: Settings, vault: Vault, now: datetime, sent: list[int]) -> None:
    """With a connection of its own, if there is room; else those who are sending take these along."""
    if not _room.acquire(blocking=False):
        return
    try:
        db = store.connect(settings.database)
        try:
            _send_all(db, settings, vault, now, sent)
        finally:
            store.close(db)
    finally:
        _room.release()


def _send_all(db: Database, settings: Settings, vault: Vault, now: datetime, sent: list[int]) -> list[int]:
    """Each letter is claimed before it goes out, so that no two senders take the same."""
    began = monotonic()
    while letter := _claim(db, moment := now + timedelta(seconds=monotonic() - began)):
        try:
            content = json.loads(vault.open(letter["sealed"], "letter"))
            _send(settings, vault.uid("letter", letter["id"], letter["created_at"]), letter["id"], content, moment)
        except Unknown:
            log.warning("letter %s was refused for good", letter["id"])
            _close(db, letter["id"], None)
        except Away as away:
            log.warning("no letters can be sent now (%s)", away)
            break
        except (OSError, ValueError, Broken, smtplib.SMTPException) as error:
            log.warning("letter %s was not sent (%s), try %s", letter["id"], type(error).__name__, letter["tries"])
        else:
            _close(db, letter["id"], _at(moment))
            sent.append(letter["id"])
    return sent


def _claim(db: Database, now: datetime) -> dict | None:
    """The next try stands before this one is made; a letter that has no time for another waits for its end."""
    with store.writing(db):
        letter = store.row(
            db,
            """select id, tries, created_at, expires_at, sealed from letters
               where next_at <= :now and expires_at > :now order by next_at limit 1""",
            now=_at(now),
        )
        if letter is None:
            return None
        again = _at(now + AGAIN[min(letter["tries"], len(AGAIN) - 1)])
        store.change(
            db,
            "update letters set tries = tries + 1, next_at = min(:again, expires_at) where id = :id",
            id=letter["id"],
            again=again,
        )
    return letter


def _close(db: Database, id: int, sent: str | None) -> None:
    store.change(
        db, "update letters set sent_at = :sent, next_at = null, sealed = x'' where id = :id", id=id, sent=sent
    )


def _at(moment: datetime) -> str:
    return clock.stamp(moment)


def _send(settings: Settings, name: str, number: int, content: dict, now: datetime) -> None:
    """`name` is the same at each try: a server that took a letter without saying so can tell that it is no other."""
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = content["to"]
    message["Subject"] = content["subject"]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{name}@{urlsplit(settings.address).hostname}>"
    message.set_content(content["body"])
    if settings.smtp:
        _by_smtp(settings.smtp, message)
        log.info("letter %s sent", number)
    else:
        folder = settings.home / "outbox"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{number}.eml"
        path.write_bytes(message.as_bytes())
        log.info("no mail server is set (DIARY_SMTP); letter %s is in %s", number, path)


def _by_smtp(url: str, message: EmailMessage) -> None:
    with _line(url) as post:
        try:
            post.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= 500 for code, _ in refused.recipients.values()):
                raise Unknown from refused
            raise
        with suppress(OSError, smtplib.SMTPException):  # it took the letter: how it says goodbye changes nothing
            post.quit()


@contextmanager
def _line(url: str) -> Iterator[smtplib.SMTP]:
    """smtp:// speaks in the clear, and only to this very machine; anywhere else it insists on TLS."""
    server = urlsplit(url)
    tls = ssl.create_default_context()
    secure = server.scheme == "smtps"
    post = smtplib.SMTP_SSL(timeout=STEP, context=tls) if secure else smtplib.SMTP(timeout=STEP)
    post._host = server.hostname  # whose certificate it must be; not told above, since that dials at once
    timer = threading.Timer(TOTAL, _hang_up, [post])
    timer.daemon = True
    timer.start()
    try:
        try:
            code, _ = post.connect(server.hostname, server.port or (465 if secure else 587))
            if code != 220:
                raise Away(code)
            if not secure and server.hostname not in ("127.0.0.1", "localhost", "::1"):
                post.starttls(context=tls)
            if server.username:
                post.login(unquote(server.username), unquote(server.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            raise Away(type(error).__name__) from error
        yield post
    finally:
        timer.cancel()
        post.close()


def _hang_up(post: smtplib.SMTP) -> None:
    """However it drips: whoever reads or writes there now is told that it is over."""
    with suppress(OSError, AttributeError):
        post.sock.shutdown(socket.SHUT_RDWR)
