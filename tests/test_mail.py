"""Letters: never waited for, never lost to a server that is away, and without a word of the diary."""

import logging
import re
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from diary import clock, mail, store
from diary.config import Settings
from tests.mail_server import MailServer


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


@pytest.fixture
def waiting(db):
    """What stands of the letters: when they are tried next, how often they were, and whether they went."""
    return lambda: [
        (row["next_at"], row["tries"], row["sent_at"] is not None)
        for row in store.rows(db, "select next_at, tries, sent_at from letters order by id")
    ]


def test_a_passing_no_a_silent_line_and_a_busy_server_are_tried_again(post, now, waiting, monkeypatch):
    monkeypatch.setattr(mail, "STEP", 0.3)
    away = {"EHLO": "421 away", "HELO": "421 away"}
    servers = [{"answers": {"RCPT": "451 not now"}}, {"manner": "hole"}, {"answers": away}]
    for server, minutes in zip(servers, (1, 5, 15), strict=True):
        with MailServer(**server) as bad:
            assert post(bad.url) == 0
        again = now() + timedelta(minutes=minutes)
        assert abs(clock.moment(waiting()[0][0]) - again) < timedelta(seconds=5)
        now.pass_by(minutes=minutes)


def test_each_try_waits_longer_and_the_last_leaves_nothing_waiting(app, db, now, waiting):
    mail.post(db, app.config["VAULT"], "marit@example.org", "Je code", "ABCD", now(), timedelta(days=3))
    settings = Settings(home=app.config["SETTINGS"].home, smtp="smtp://127.0.0.1:9")
    began, tried = now(), []
    while now() < began + timedelta(days=4):
        before = waiting()[0][1]
        mail.deliver(db, settings, app.config["VAULT"], now())
        if waiting()[0][1] > before:
            tried.append((now() - began) // timedelta(minutes=1))
        now.pass_by(minutes=1)
    assert tried == [0, 1, 6, 21, 81, 321, 1761, 3201]


def test_an_address_that_nobody_has_is_not_tried_for_ever(post, now, waiting, caplog):
    with MailServer({"RCPT": "550 no such user"}) as server:
        with caplog.at_level(logging.WARNING):
            post(server.url)
        now.pass_by(minutes=30)
        assert post(server.url) == 0
        assert len(server.asked) == 1
    assert waiting() == [(None, 1, False)]
    assert "refused for good" in caplog.text
    assert "marit" not in caplog.text


def test_a_server_that_takes_its_time_gets_the_letter(post):
    with MailServer(manner="slow") as server:
        assert post(server.url) == 1
        assert len(server.taken) == 1


def test_a_server_that_drips_is_left_when_its_time_is_over(post, monkeypatch):
    monkeypatch.setattr(mail, "TOTAL", 0.5)
    with MailServer(manner="drip") as server:
        began = time.monotonic()
        assert post(server.url) == 0
        assert time.monotonic() - began < 5  # it would have gone on for ever


def test_a_letter_that_was_taken_without_a_word_comes_twice_at_most_and_by_one_name(post, now, waiting):
    with MailServer(manner="drops") as server:
        assert post(server.url) == 0
        server.manner = ""
        now.pass_by(minutes=1)
        assert (post(server.url), post(server.url)) == (1, 0)
        names = [re.search(r"^Message-ID: (.*?)\r?$", letter, re.MULTILINE).group(1) for letter in server.taken]
    assert len(names) == 2
    assert names[0] == names[1]


def test_a_server_that_does_not_say_goodbye_has_the_letter(post, waiting, monkeypatch):
    monkeypatch.setattr(mail, "STEP", 0.3)
    with MailServer(manner="clings") as server:
        assert post(server.url) == 1
    assert waiting()[0][2]


def test_a_server_with_a_certificate_of_another_gets_no_letter(post, tmp_path):
    with MailServer(certificate=_certificate(tmp_path)) as server:
        assert post(server.url) == 0
        assert server.taken == []


def test_a_server_that_is_away_is_not_asked_again_for_every_letter(app, db, now, waiting, monkeypatch):
    """Else a hundred letters would wait a hundred times, and a server that comes back is greeted by a flood."""
    monkeypatch.setattr(mail, "STEP", 0.2)
    for _ in range(30):
        mail.post(db, app.config["VAULT"], "marit@example.org", "Je code", "ABCD", now(), timedelta(hours=1))
    with MailServer(manner="hole") as server:
        mail.deliver(db, replace(app.config["SETTINGS"], smtp=server.url), app.config["VAULT"], now())
        assert server.calls == mail.SENDERS
    assert sum(tries for _, tries, _ in waiting()) == mail.SENDERS


def test_a_slow_server_is_waited_for_a_moment_and_goes_on_beside(app, db, now, waiting, monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.1)
    settings = app.config["SETTINGS"]
    for _ in range(6):
        mail.post(db, app.config["VAULT"], "marit@example.org", "Je code", "ABCD", now(), timedelta(hours=1))
    with MailServer(manner="slow") as server:
        assert mail.deliver(db, replace(settings, smtp=server.url), app.config["VAULT"], now()) == 0
        until = time.monotonic() + 20
        while not all(sent for _, _, sent in waiting()) and time.monotonic() < until:
            time.sleep(0.02)
        assert len(server.taken) == 6


def test_several_senders_at_once_send_each_letter_once(app, db, now):
    settings, vault = app.config["SETTINGS"], app.config["VAULT"]
    for n in range(20):
        mail.post(db, vault, f"ouder{n}@example.org", "Je code", "ABCD", now(), timedelta(hours=1))
    with MailServer() as server:
        ways = [threading.Thread(target=_deliver, args=[settings, server.url, vault, now()]) for _ in range(3)]
        for way in ways:
            way.start()
        for way in ways:
            way.join()
        assert len(server.asked) == len(set(server.asked)) == 20


def test_a_page_does_not_wait_for_a_server_that_is_silent(app, marit, stranger, db):
    with MailServer(manner="hole") as server:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp=server.url)
        assert stranger.post("/password/forgot", {"email": marit.email}).status_code == 302
        assert not server.over.is_set()  # it is silent still
        assert store.row(db, "select count(*) as n from letters where sent_at is null")["n"] == 1


def _deliver(settings: Settings, url: str, vault, now: datetime) -> None:
    db = store.connect(settings.database)
    mail.deliver(db, replace(settings, smtp=url), vault, now)
    store.close(db)


def _certificate(folder) -> object:
    """One that says it is this machine, signed by nobody that anybody knows."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return path
