"""A parent who takes the diary along, and a diary in which something stands of everything."""

import json
import re
from datetime import timedelta

import pytest

from diary import clock
from diary.reminders import due
from tests.persons import PASSWORD, Person
from tests.push_service import Browser
from tests.reminders.test_risks import evenings

MINE = "zilverstruik"
SEEN = "rozenstruik"  # what the other parent lets the family read
CANARY = "vlinderstruik"  # what she may never read
DESK = "/counsellor/{}"


@pytest.fixture
def takes():
    """Gives the file that a parent takes along."""

    def take(person: Person, form: str = "html") -> str:
        person.post("/step", {"password": PASSWORD})
        answer = person.post("/settings/export", {"form": form})
        assert answer.status_code == 200, answer.text
        return answer.text

    return take


@pytest.fixture
def taken(takes):
    return lambda person: json.loads(takes(person, "json"))


@pytest.fixture
def full(app, db, now, marit, joins, anneke, parent, new_phone) -> Person:
    """Marit, whose diary holds something of everything; others keep to themselves what they may."""
    joost = joins(marit, "Joost")
    child = marit.child()
    marit.post(f"/family/children/{child}", {"name": "Sem", "born": "2014-05", "age": "4"})
    _writes(db, marit, child)
    _is_read(marit, anneke, child)
    _practises(db, marit, anneke, joost, child)
    _is_reminded(app, db, marit, now)
    for word, shared in ((SEEN, "family"), (CANARY, "me")):
        joost.sync({"kind": "contact", "note": word, "feeling": CANARY, "shared": shared})
    joost.post("/asso/eating-food-in-bedroom/phrase", {"asso_connect": CANARY})
    joost.get("/sharing/log")
    joost.post("/reminders", {"kind": "own", "label": CANARY, "at": "17:00", "days": "1"})
    parent("Eva").sync({"kind": "contact", "note": CANARY, "shared": "family"})
    marit.post("/family/invitations")
    new_phone(marit).signs_in()
    now.pass_by(minutes=1)
    return marit


def _writes(db, marit: Person, child: str) -> None:
    incident = {"kind": "incident", "area": "routine", "situation": "eating", "child": child, "note": MINE}
    incident |= {"feeling": "haagbeuk", "feeling_shared": True, "shared": "family", "discuss": True}
    incident |= {"before": "de pap was heet", "guess": ["angry", "scared"], "age": 0, "intensity": 4, "minutes": 0}
    incident |= {"signals": ["clung"], "need": "comfort", "bond": "held", "won": "me", "won_meant": True}
    incident |= {"tried": ["start"], "asso_connect": "je bord is leeg", "asso_start": "we eten samen"}
    uid = marit.sync(incident).json["saved"][0]["uid"]
    marit.sync(incident | {"uid": uid, "version": 1, "note": f"{MINE}, later"})
    marit.sync(incident | {"uid": uid, "version": 1, "note": f"{MINE}, opzij"})  # a second text beside it
    marit.sync(
        {"kind": "incident", "area": "limit", "stub": True},
        {"kind": "contact", "what": "laughed", "began": "child", "felt": "warm", "about": "morning"}
        | {"happened_at": "2026-11-18T08:00:00.000Z"},
        {"kind": "checkin", "energy": 2, "me_time": "no", "feeling": "moe"},
        {"kind": "weekcheck", "child": child, "fun": "mostly"},
    )
    marit.post(f"/entries/{marit.writes(note='net weggedaan')}/deletion")


def _is_read(marit: Person, anneke: Person, child: str) -> None:
    """Shared, opened by a session, read, answered, filed; and another taken back."""
    marit.post(f"/sharing/consents/{child}", {"agrees": "1"})
    marit.post("/sharing/appointments", {"day": "2026-11-24"})
    marit.post("/sharing/defaults", {"incident": "session"})
    uid, back = (marit.writes(note=f"{MINE} {n}", feeling="haagbeuk", child=child) for n in range(2))
    for one, step in ((uid, "session"), (back, "now")):
        marit.post(f"/entries/{one}/shares", {"step": step, "version": "1", "feeling": "1"})
    marit.post(f"/entries/{uid}/shares/open")
    marit.post(f"/entries/{back}/shares/end")
    page = f"{DESK.format(anneke.family)}/entries/{uid}"
    anneke.get(page)
    anneke.post(f"{page}/replies", {"words": "goudenregen"})
    anneke.post(f"{page}/replies", {"nod": "well_done"})
    anneke.post(f"{page}/filing")


def _practises(db, marit: Person, anneke: Person, joost: Person, child: str) -> None:
    desk = DESK.format(anneke.family)
    anneke.post(f"{desk}/notes", {"text": CANARY})
    outline = {"phase": "contact", "band": "wide", "met_place": "yes", "note_place": "goed zo", "factor_help": "oma"}
    anneke.post(f"{desk}/plan/outline", {"version": "0", **outline})
    anneke.post(f"{desk}/plan/openings", {"kind": "touch", "open": "1", "reason": "het gaat rustig"})
    anneke.post(f"{desk}/plan/pins", {"suggestion": "sleeping-throws-toys", "on": "1", "child": child})
    agreed = {"kind": "agreement", "situation": "sleeping", "child": child, "text": "samen naar boven", "say": "kom"}
    marit.post("/plan", agreed)
    marit.post("/anchor", {"child": child, "day": "eerst ontbijt", "know": "schrikt van hard", "call": "oma"})
    marit.post("/anchor/links", {"child": child})
    marit.post("/asso/sleeping-throws-toys/phrase", {"asso_connect": "mijn eigen zin"})
    joost.post("/asso/sleeping-throws-toys/phrase", {"asso_connect": SEEN, "shared": "1"})
    marit.post("/asso/sleeping-throws-toys/tries", {"helped": "yes", "child": child})
    key = {"uid": "a key", "account": 1, "credential": b"1", "public_key": b"", "sign_count": 0, "label": "Sleutel"}
    db["passkeys"].insert(key | {"created_at": clock.stamp(clock.now())})
    db.execute("update sessions set proved_at = :now where account = 1", {"now": clock.stamp(clock.now())})


def _is_reminded(app, db, marit: Person, now) -> None:
    told = Browser("https://fcm.googleapis.com/fcm/send/marit").subscription()
    marit.client.post("/reminders/devices", json=told, headers={"X-CSRFToken": marit.token()})
    evenings(marit, "18:10", "18:10", "18:10")
    risk = re.search(r"/reminders/risks/([\w-]+)", marit.get("/reminders").text).group(1)
    marit.post(f"/reminders/risks/{risk}", {"answer": "declined"})
    marit.post("/reminders", {"kind": "own", "label": "samen lezen", "at": "19:41", "days": "5"})
    due.plan(db, app.config["VAULT"], now() + timedelta(minutes=2))
