"""Where a push may go: to the services on the list, at a public address, and nowhere else in the world."""

import socket
import time
from types import SimpleNamespace

import pytest

from diary import config
from diary.config import Settings
from diary.reminders import endpoints, push
from tests.push_service import Browser

GOOD = "https://fcm.googleapis.com/fcm/send/abc:def"
SERVICES = [
    GOOD,
    "https://jmt17.google.com/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QGuQyavXutnMH-nUtQ",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAA%2b%3d",
    "https://fcm.googleapis.com:443/fcm/send/abc",
]

# Not one of these is looked up, let alone called.
ELSEWHERE = """
http://fcm.googleapis.com/a
ftp://fcm.googleapis.com/a
ws://fcm.googleapis.com/a
file:///etc/passwd
gopher://fcm.googleapis.com/a
javascript:alert(1)
data:text/plain,a
//fcm.googleapis.com/a
/fcm/send/a
fcm.googleapis.com
https:fcm.googleapis.com/a
https:/fcm.googleapis.com/a
https:///fcm.googleapis.com/a
https://
https://?fcm.googleapis.com
https://#fcm.googleapis.com
https://fcm.googleapis.com:80/a
https://fcm.googleapis.com:8443/a
https://fcm.googleapis.com:22/a
https://fcm.googleapis.com:0/a
https://fcm.googleapis.com:/a
https://fcm.googleapis.com:99999/a
https://fcm.googleapis.com:443x/a
https://fcm.googleapis.com:-443/a
https://fcm.googleapis.com:0443/a
https://fcm.googleapis.com:４４３/a
https://user@fcm.googleapis.com/a
https://user:secret@fcm.googleapis.com/a
https://:@fcm.googleapis.com/a
https://@fcm.googleapis.com/a
https://fcm.googleapis.com@evil.example/a
https://fcm.googleapis.com:443@evil.example/a
https://fcm.googleapis.com%40evil.example/a
https://evil.example@fcm.googleapis.com/a
https://evil.example#@fcm.googleapis.com/a
https://evil.example?@fcm.googleapis.com/a
https://evil.example/@fcm.googleapis.com/a
https://evil.example\\@fcm.googleapis.com/a
https://fcm.googleapis.com\\@evil.example/a
https://fcm.googleapis.com\\.evil.example/a
https://evil.example/fcm.googleapis.com
https://evil.example?fcm.googleapis.com
https://evil.example#fcm.googleapis.com
https://fcm.googleapis.com.evil.example/a
https://fcm.googleapis.com./a
https://fcm.googleapis.com../a
https://fcm..googleapis.com/a
https://.fcm.googleapis.com/a
https://fcm.googleapis.com%2eevil.example/a
https://fcm.googleapis.com%00.evil.example/a
https://fcm%2egoogleapis.com/a
https://fcm.googleapis.com%20/a
https://evilfcm.googleapis.com/a
https://evil-fcm.googleapis.com/a
https://googleapis.com/a
https://storage.googleapis.com/a
https://evilnotify.windows.com/a
https://evil-notify.windows.com/a
https://notify.windows.com.evil.example/a
https://windows.com/a
https://evilpush.apple.com/a
https://apple.com/a
https://push.services.mozilla.com/a
https://mozilla.com/a
https://google.com/a
https://mtalk.google.com/a
https://_.push.apple.com/a
https://-.push.apple.com/a
https://a_b.push.apple.com/a
https://a!b.push.apple.com/a
https://a$.push.apple.com/a
https://*.push.apple.com/a
https://[fcm.googleapis.com]/a
https://fcm.googleapis.com]/a
https://[fcm.googleapis.com/a
https://ｆｃｍ.googleapis.com/a
https://fcm。googleapis。com/a
https://fcm.googleapis.cоm/a
https://fcm.googleapıs.com/a
https://ⓕcm.googleapis.com/a
https://xn--fcm-googleapis.com/a
https://127.0.0.1/a
https://127.0.0.1:443/a
https://127.1/a
https://127.0.1/a
https://2130706433/a
https://0x7f000001/a
https://0x7f.0.0.1/a
https://0177.0.0.1/a
https://017700000001/a
https://127.0.0.1./a
https://①②⑦.0.0.1/a
https://0/a
https://0.0.0.0/a
https://10.0.0.1/a
https://172.16.0.1/a
https://192.168.1.1/a
https://100.64.0.1/a
https://169.254.169.254/latest/meta-data/
https://metadata.google.internal/a
https://198.18.0.1/a
https://224.0.0.1/a
https://255.255.255.255/a
https://8.8.8.8/a
https://localhost/a
https://localhost:8000/a
http://localhost:8000/a
http://127.0.0.1:8000/a
https://localhost.localdomain/a
https://nabij.local/a
https://127.0.0.1.nip.io/a
https://[::1]/a
https://[::]/a
https://[::1]:443/a
https://[::ffff:127.0.0.1]/a
https://[::ffff:7f00:1]/a
https://[::ffff:0:127.0.0.1]/a
https://[64:ff9b::7f00:1]/a
https://[64:ff9b:1::7f00:1]/a
https://[2002:7f00:1::]/a
https://[2001:0:7f00:1::]/a
https://[fe80::1]/a
https://[fe80::1%25eth0]/a
https://[fc00::1]/a
https://[ff02::1]/a
https://[2001:4860:4860::8888]/a
https://[::1/a
https://fcm.googleapis.com /a
 https://fcm.googleapis.com/a
https://fcm.googleapis.com/a b
"""
ODD = [
    None,
    7,
    b"https://fcm.googleapis.com/a",
    ["https://fcm.googleapis.com/a"],
    "",
    "https://fcm.googleapis.com/a\r\nX-More: yes",
    "https://fcm.googleapis.com/a\nHost: evil.example",
    "https://fcm.goo\tgleapis.com/a",
    "https://fcm.googleapis.com\0.evil.example/a",
    "\x00https://fcm.googleapis.com/a",
    "https://fcm.googleapis.com/\ud800",
    "https://fcm.googleapis.com/é",
    "https://fcm.googleapis.com/" + "a" * 2000,
    "https://" + "a." * 200 + "push.apple.com/a",
    "https://" + "a" * 64 + ".push.apple.com/a",
]
HOSTILE = [line for line in ELSEWHERE.strip("\n").split("\n") if line] + ODD

# A name on the list whose owner, or name server, leads us to one of these.
NOT_PUBLIC = """
127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 169.254.169.254
192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::7f00:1 100::1 2001::1 2001:0:7f00:1:: 2001:db8::1 2002:7f00:1:: 2002:a00:1:: fc00::1 fd00::1 fe80::1
fe80::1%eth0 fec0::1 ff02::1
"""


@pytest.fixture
def called(monkeypatch):
    """Every address that a line was opened to."""
    called = []

    def connect(line, address):
        called.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return called


@pytest.fixture
def leads_to(monkeypatch):
    """A name server of ours: each time it is asked it gives the next answer, and the last for ever."""

    def answers(*each: list[str]) -> list[str]:
        left, asked = list(each), []

        def look_up(host, port, *_, **__):
            asked.append(host)
            found = left.pop(0) if len(left) > 1 else left[0]
            kinds = (socket.AF_INET6 if ":" in address else socket.AF_INET for address in found)
            return [(kind, socket.SOCK_STREAM, 6, "", (ip, port)) for kind, ip in zip(kinds, found, strict=True)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return answers


@pytest.fixture
def pushed(tmp_path, now):
    def to(endpoint) -> push.Outcome:
        keys = Browser("")
        device = SimpleNamespace(endpoint=endpoint, p256dh=keys.p256dh, auth=keys.auth)
        return push.send(device, "hallo", "een", 60, Settings(home=tmp_path))

    return to


def test_the_list_of_hostile_endpoints_is_long():
    assert len({str(one) for one in HOSTILE}) >= 120


@pytest.mark.parametrize("endpoint", SERVICES)
def test_the_services_of_browsers_are_known(endpoint):
    found = endpoints.parse(endpoint, config.PUSH_HOSTS)
    assert found.port == 443
    assert endpoint.replace(":443", "") == found.origin + found.path


@pytest.mark.parametrize("endpoint", HOSTILE, ids=lambda one: ascii(one)[:60])
def test_a_hostile_endpoint_is_refused_and_nobody_is_called_or_looked_up(endpoint, pushed, called, leads_to):
    asked = leads_to(["8.8.8.8"])
    assert pushed(endpoint) == push.Outcome("refused", "address")
    assert (called, asked) == ([], [])


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_a_name_on_the_list_that_leads_inside_is_not_called(address, pushed, called, leads_to):
    leads_to([address])
    assert pushed(GOOD) == push.Outcome("refused", "address")
    assert called == []


def test_a_name_that_leads_to_a_public_address_too_is_not_called_either(pushed, called, leads_to):
    leads_to(["142.250.1.95", "127.0.0.1"])
    assert pushed(GOOD).kind == "refused"
    assert called == []


def test_the_address_that_was_found_public_is_the_one_that_is_called(pushed, called, leads_to):
    asked = leads_to(["142.250.1.95"], ["127.0.0.1"])
    assert pushed(GOOD).kind == "later"
    assert (called, asked) == (["142.250.1.95"], ["fcm.googleapis.com"])
    assert pushed(GOOD).kind == "refused"  # by now it leads inside
    assert called == ["142.250.1.95"]


def test_a_service_with_several_addresses_is_tried_at_each(pushed, called, leads_to):
    leads_to(["2a00:1450:400e:80e::200a", "142.250.1.95"])
    assert pushed(GOOD).kind == "later"
    assert called == ["2a00:1450:400e:80e::200a", "142.250.1.95"]


def test_a_name_that_is_not_found_is_tried_later(pushed, called, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror()))
    assert pushed(GOOD).kind == "later"
    assert called == []


def test_a_name_server_that_is_silent_is_not_waited_for(pushed, monkeypatch):
    monkeypatch.setattr(endpoints, "CONNECT", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    began = time.monotonic()
    assert pushed(GOOD).kind == "later"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("entry", "endpoint", "allowed"),
    [
        ("127.0.0.1:9901", "http://127.0.0.1:9901/push", True),
        ("http://127.0.0.1:9901", "http://127.0.0.1:9901/push", True),
        ("localhost:9901", "http://localhost:9901/push", True),
        ("127.0.0.1", "http://127.0.0.1:9901/push", True),
        ("http://127.0.0.1:9901", "https://127.0.0.1:9901/push", False),
        ("127.0.0.1:9901", "http://127.0.0.1:9902/push", False),
        ("127.0.0.1:9901", "http://127.0.0.2:9901/push", False),
        ("127.0.0.1:9901", "http://localhost:9901/push", False),
        ("127.0.0.1:9901", "http://user@127.0.0.1:9901/push", False),
        ("127.0.0.1:9901", "ftp://127.0.0.1:9901/push", False),
        ("http://push.example:80", "http://push.example:80/push", False),
        ("10.0.0.1:9901", "http://10.0.0.1:9901/push", False),
        ("push.example", "http://push.example/push", False),
        ("push.example", "https://a.push.example/push", True),
    ],
)
def test_a_service_of_ones_own_is_allowed_as_it_was_named(entry, endpoint, allowed):
    assert (endpoints.parse(endpoint, (entry,)) is not None) is allowed


def test_a_name_of_this_machine_that_leads_away_from_it_is_not_called(called, leads_to, tmp_path):
    leads_to(["142.250.1.95"])
    found = endpoints.parse("http://localhost:9901/push", ("localhost:9901",))
    with pytest.raises(endpoints.Forbidden):
        endpoints.connect(found, time.monotonic() + 1)
    assert called == []


def test_the_list_of_services_is_a_setting():
    assert config.from_environment({}).push_hosts == config.PUSH_HOSTS
    told = config.from_environment({"DIARY_PUSH_HOSTS": "127.0.0.1:9901, push.example"})
    assert told.push_hosts == ("127.0.0.1:9901", "push.example")
