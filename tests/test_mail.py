"""Letters: never waited for, never lost to a server that is away, and without a word of the diary."""

import socket
import time
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from diary import mail
from diary.config import Settings


@pytest.fixture
def post(app, db, now):
    """Puts a letter in the queue, and gives what delivers it by way of a server."""
    vault = app.config["VAULT"]
    mail.post(db, vault, "marit@example.org", "Je code", "ABCD EFGH", now(), timedelta(hours=1))
    home = app.config["SETTINGS"].home
    return lambda smtp="": mail.deliver(db, Settings(home=home, smtp=smtp), vault, now())


def test_a_forgotten_password_sends_a_code_and_no_word_of_the_diary(app, marit, stranger):
    marit.writes(note="appelboom")
    stranger.post("/password/forgot", {"email": marit.email})
    outbox = app.config["SETTINGS"].home / "outbox"
    until = time.monotonic() + 5
    while not (letters := list(outbox.glob("*.eml"))) and time.monotonic() < until:
        time.sleep(0.02)  # it is sent beside the page, not before it
    letter = letters[0].read_text()
    assert "Je code" in letter
    assert not any(word in letter for word in ("appelboom", "Sem", "Marit"))


def test_a_letter_goes_out_once_by_a_real_server(post, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Mailbox(tmp_path / "box"), hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert (post(f"smtp://127.0.0.1:{port}"), post(f"smtp://127.0.0.1:{port}")) == (1, 0)
    finally:
        server.stop()
    assert [b"ABCD EFGH" in path.read_bytes() for path in (tmp_path / "box" / "new").iterdir()] == [True]


def test_a_server_that_is_away_is_tried_again_a_minute_later(post, now):
    assert post("smtp://127.0.0.1:9") == 0
    assert post() == 0
    now.pass_by(minutes=1, seconds=1)
    assert post() == 1


def test_a_letter_that_is_too_late_is_never_sent(post, now):
    now.pass_by(hours=1, seconds=1)
    assert post() == 0


def test_a_sent_letter_keeps_nothing_of_its_text(post, db):
    post()
    assert list(db.query("select sealed, next_at from letters")) == [{"sealed": b"", "next_at": None}]


def test_a_letter_that_does_not_open_holds_up_no_other(app, post, db, now):
    db.execute("update letters set sealed = x'00'")
    mail.post(db, app.config["VAULT"], "joost@example.org", "Je code", "ABCD", now(), timedelta(hours=1))
    assert post() == 1
