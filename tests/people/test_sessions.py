"""Where one is signed in: seen, ended, and ended by time."""

import re

import pytest

from diary import store
from diary.people import sessions
from diary.people.sessions import IDLE, LONGEST
from tests.conftest import contents

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1 Version/18.4 Mobile Safari/604.1"


def others(person) -> list[str]:
    """What an address calls this person's sessions on other devices by."""
    return re.findall(r"/settings/sessions/([\w-]+)/end", person.get("/settings").text)


def test_every_device_is_listed_with_its_name_and_when_it_was_used(marit, new_phone, now):
    phone = new_phone(marit)
    phone.signs_in_from = phone.post("/login", {"email": marit.email, "password": "x"})
    phone.client.environ_base["HTTP_USER_AGENT"] = IPHONE
    phone.signs_in()
    now.pass_by(days=2)
    page = marit.get("/settings").text
    assert "iPhone · Safari" in page
    assert "laatst gebruikt: vrijdag 20 november" in page
    assert page.count(">dit toestel<") == 1


def test_devices_stand_in_the_order_in_which_they_were_last_used_and_then_came(db, now, marit, new_phone, viewer):
    for _ in range(3):
        new_phone(marit).signs_in()
    assert [kept["id"] for kept in sessions.open_ones(db, viewer(marit), now())] == [4, 3, 2, 1]
    now.pass_by(hours=2)
    marit.get("/today")
    assert [kept["id"] for kept in sessions.open_ones(db, viewer(marit), now())] == [1, 4, 3, 2]


def test_an_ended_session_is_dead_at_its_next_request(marit, new_phone):
    tablet = new_phone(marit)
    tablet.signs_in()
    assert tablet.get("/today").status_code == 200
    marit.post(f"/settings/sessions/{others(marit)[0]}/end")
    assert tablet.get("/today").location.startswith("/login")
    assert tablet.sync({"kind": "contact"}).status_code == 401
    assert others(marit) == []


def test_ending_a_session_twice_is_harmless(marit, new_phone, db):
    new_phone(marit).signs_in()
    path = f"/settings/sessions/{others(marit)[0]}/end"
    marit.post(path)
    before = contents(db)
    assert marit.post(path).status_code == 302
    assert contents(db) == before


def test_the_session_of_another_cannot_be_ended(marit, parent, stranger, db):
    eva = parent("Eva")
    mine, *theirs = [row["uid"] for row in store.rows(db, "select uid from sessions order by id")]
    stranger.post(f"/settings/sessions/{mine}/end")
    for uid in theirs:
        stranger.post(f"/settings/sessions/{uid}/end")
        marit.post(f"/settings/sessions/{uid}/end")
    assert (marit.get("/today").status_code, eva.get("/today").status_code) == (200, 200)


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "9" * 5000])
def test_a_strange_number_ends_nothing(marit, db, number):
    before = contents(db)
    assert marit.post(f"/settings/sessions/{number}/end").status_code in (302, 404)
    assert contents(db) == before


def test_thirty_days_of_silence_end_a_session_to_the_second(marit, now):
    start = now.at
    now.at = start + IDLE - now.at.resolution * 1000
    assert marit.get("/today").status_code == 200
    now.at += IDLE
    assert marit.get("/today").status_code == 302
    assert IDLE.days == 30


def test_a_hundred_and_eighty_days_end_a_session_however_much_it_is_used(marit, now):
    start = now.at
    for day in range(0, 180, 20):
        now.at = start + LONGEST * day / 180
        assert marit.get("/today").status_code == 200
    now.at = start + LONGEST - now.at.resolution * 1000
    assert marit.get("/today").status_code == 200
    now.at = start + LONGEST
    assert marit.get("/today").status_code == 302
    assert LONGEST.days == 180


def test_being_here_is_written_down_once_an_hour(marit, db, now):
    before = contents(db)
    now.pass_by(minutes=59)
    marit.get("/today")
    assert contents(db) == before
    now.pass_by(minutes=1)
    marit.get("/today")
    assert contents(db) != before


def test_only_hashes_of_sessions_and_devices_are_kept(marit, on_disk):
    with marit.client.session_transaction() as kept:
        session = kept["_user_id"]
    device = marit.client.get_cookie("device").value
    assert min(len(session), len(device)) >= 43  # 256 bits
    assert session.encode() not in on_disk()
    assert device.encode() not in on_disk()


def test_a_made_up_session_opens_nothing(marit, stranger):
    for token in ("", "x", "0" * 43, "\ud800", "a\0b"):
        with stranger.client.session_transaction() as kept:
            kept["_user_id"] = token
        assert stranger.get("/today").status_code == 302
