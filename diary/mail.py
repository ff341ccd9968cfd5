"""The one door to mail. A letter is first a sealed row, then sent: no page ever waits for a mail server.

Where no server is set, letters become files in home/outbox.
"""

import json
import logging
import smtplib
import ssl
import threading
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

from diary import clock, store
from diary.config import Settings
from diary.vault import Broken, Vault

log = logging.getLogger(__name__)
AGAIN = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 1440)]


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

    def send():
        db = store.connect(settings.database)
        try:
            deliver(db, settings, vault, clock.now())
        finally:
            store.close(db)

    threading.Thread(target=send, name="mail", daemon=True).start()


def deliver(db: Database, settings: Settings, vault: Vault, now: datetime) -> int:
    """Sends every letter that is due, each claimed before it goes out, so that no two senders take the same."""
    sent = 0
    while letter := _claim(db, now):
        try:
            content = json.loads(vault.open(letter["sealed"], "letter"))
            _send(settings, letter["id"], content, now)
        except (OSError, ValueError, Broken, smtplib.SMTPException) as error:
            log.warning("letter %s was not sent (%s), try %s", letter["id"], type(error).__name__, letter["tries"])
            continue
        store.change(
            db,
            "update letters set sent_at = :now, next_at = null, sealed = x'' where id = :id",
            id=letter["id"],
            now=clock.stamp(now),
        )
        sent += 1
    return sent


def _claim(db: Database, now: datetime) -> dict | None:
    with store.writing(db):
        letter = store.row(
            db,
            """select id, tries, expires_at, sealed from letters
               where next_at <= :now and expires_at > :now order by next_at limit 1""",
            now=clock.stamp(now),
        )
        if letter is None:
            return None
        wait = AGAIN[min(letter["tries"], len(AGAIN) - 1)]
        again = clock.stamp(now + wait)
        db["letters"].update(
            letter["id"],
            {"tries": letter["tries"] + 1, "next_at": again if again < letter["expires_at"] else None},
        )
    return letter


def _send(settings: Settings, number: int, content: dict, now: datetime) -> None:
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = content["to"]
    message["Subject"] = content["subject"]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.address).hostname)
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
    """smtp:// speaks in the clear, and only to this very machine; anywhere else it insists on TLS."""
    server = urlsplit(url)
    tls = ssl.create_default_context()
    if server.scheme == "smtps":
        post = smtplib.SMTP_SSL(server.hostname, server.port or 465, timeout=10, context=tls)
    else:
        post = smtplib.SMTP(server.hostname, server.port or 587, timeout=10)
    with post:
        if server.scheme != "smtps" and server.hostname not in ("127.0.0.1", "localhost", "::1"):
            post.starttls(context=tls)
        if server.username:
            post.login(unquote(server.username), unquote(server.password or ""))
        post.send_message(message)
