"""A share is one version, one counsellor, and lasts as long as its author, its tie and its author's wish."""

import re
from datetime import date, timedelta

import pytest

from diary import clock, store
from diary.people import access, families
from diary.reminders import reminding
from diary.sharing import appointments, defaults, reading, replies, shares
from diary.upkeep import retention
from tests.conftest import EVENING


def test_nothing_is_read_that_was_not_shared(marit, anneke, reads):
    marit.writes(note="van mij", shared="family")
    assert reads(anneke, anneke.family) == {}


def test_what_is_shared_now_is_read_now(marit, anneke, gives, reads):
    uid = marit.writes(note="van mij")
    assert gives(marit, uid)
    assert reads(anneke, anneke.family) == {uid: 1}


def test_taking_back_is_at_once_and_twice_is_harmless(db, marit, anneke, gives, reads, viewer, now):
    uid = marit.writes(note="van mij")
    gives(marit, uid)
    for _ in range(2):
        assert shares.take_back(db, viewer(marit), uid, now())
    assert reads(anneke, anneke.family) == {}


def test_a_later_edit_is_not_seen(db, marit, anneke, gives, reads, visit, now):
    uid = marit.writes(note="eerst", situation="eating")
    gives(marit, uid)
    marit.sync({"uid": uid, "kind": "incident", "area": "limit", "note": "later", "version": 1})
    assert reads(anneke, anneke.family) == {uid: 1}
    row = access.find_shared(db, visit(anneke, anneke.family), uid, now())
    assert (row["area"], row["situation"], row["version"]) == ("routine", "eating", 1)


def test_sharing_again_shares_the_newer_text(marit, anneke, gives, reads):
    uid = marit.writes(note="eerst")
    gives(marit, uid)
    marit.sync({"uid": uid, "kind": "incident", "area": "limit", "note": "later", "version": 1})
    assert gives(marit, uid)
    assert reads(anneke, anneke.family) == {uid: 2}


def test_the_same_share_again_is_the_same_row(db, marit, anneke, gives):
    uid = marit.writes(note="eerst")
    gives(marit, uid)
    gives(marit, uid)
    assert db["shares"].count == 1


def test_every_consent_is_a_row_with_the_text_that_was_told(db, marit, anneke, gives):
    uid = marit.writes(note="eerst")
    gives(marit, uid)
    gives(marit, uid, "session")
    kept = store.rows(db, "select step, told, taken_at is null as living from shares order by id")
    assert kept == [{"step": "now", "told": 1, "living": 0}, {"step": "session", "told": 1, "living": 1}]


def test_at_the_session_stays_closed_until_the_agreed_day(db, marit, anneke, gives, reads, viewer, now, tie_of):
    uid = marit.writes(note="voor het gesprek")
    gives(marit, uid, "session")
    assert reads(anneke, anneke.family) == {}
    appointments.note(db, viewer(marit), tie_of(marit), date(2026, 11, 24), now())
    now.pass_by(days=3)
    assert reads(anneke, anneke.family) == {}
    now.pass_by(hours=6)  # past midnight in Amsterdam
    assert reads(anneke, anneke.family) == {uid: 1}
    now.pass_by(days=30)
    assert reads(anneke, anneke.family) == {uid: 1}


def test_a_day_the_counsellor_notes_opens_nothing_before_the_parent_agrees(
    db, marit, anneke, gives, reads, viewer, visit, now
):
    uid = marit.writes(note="voor het gesprek")
    gives(marit, uid, "session")
    appointments.propose(db, visit(anneke, anneke.family), EVENING.date(), now())
    assert reads(anneke, anneke.family) == {}
    [offered] = appointments.coming(db, viewer(marit), now())
    assert not offered.agreed
    assert appointments.agree(db, viewer(marit), offered.uid, now())
    assert reads(anneke, anneke.family) == {uid: 1}


def test_one_parents_session_opens_nothing_of_the_other(db, marit, joins, anneke, gives, reads, viewer, now, tie_of):
    joost = joins(marit, "Joost")
    uid = joost.writes(note="van Joost")
    gives(joost, uid, "session")
    appointments.note(db, viewer(marit), tie_of(marit), EVENING.date(), now())
    assert appointments.coming(db, viewer(joost), now()) == []
    assert reads(anneke, anneke.family) == {}


def test_a_session_that_is_called_off_opens_nothing(db, marit, anneke, gives, reads, viewer, now, tie_of):
    uid = marit.writes(note="voor het gesprek")
    gives(marit, uid, "session")
    appointments.note(db, viewer(marit), tie_of(marit), date(2026, 11, 24), now())
    [day] = appointments.coming(db, viewer(marit), now())
    assert appointments.drop(db, viewer(marit), day.uid, now())
    now.pass_by(days=9)
    assert reads(anneke, anneke.family) == {}


def test_a_parent_opens_it_without_a_session(db, marit, anneke, gives, reads, viewer, now, tie_of):
    uid = marit.writes(note="voor het gesprek")
    gives(marit, uid, "session")
    for _ in range(2):
        assert shares.open_now(db, viewer(marit), uid, tie_of(marit), now())
    assert reads(anneke, anneke.family) == {uid: 1}


def test_opening_opens_what_was_shared_and_not_what_was_typed_since(
    db, marit, anneke, gives, reads, viewer, now, tie_of
):
    uid = marit.writes(note="eerst")
    gives(marit, uid, "session")
    marit.sync({"uid": uid, "kind": "incident", "area": "limit", "note": "later", "version": 1})
    shares.open_now(db, viewer(marit), uid, tie_of(marit), now())
    assert reads(anneke, anneke.family) == {uid: 1}


def test_nobody_shares_what_another_wrote(marit, joins, anneke, gives, reads):
    uid = marit.writes(note="van Marit", shared="family")
    assert not gives(joins(marit, "Joost"), uid)
    assert reads(anneke, anneke.family) == {}


def test_a_child_outside_the_tie_is_not_shared(db, marit, anneke, gives, reads):
    uid = marit.writes(note="over Sem", child=marit.child())
    db.execute("delete from ties")
    assert not gives(marit, uid)
    alone = marit.writes(kind="checkin", energy="2")
    assert gives(marit, alone)
    assert reads(anneke, anneke.family) == {alone: 1}


def test_a_child_that_leaves_the_tie_takes_its_entries_along(db, marit, anneke, gives, reads):
    uid = marit.writes(note="over Sem", child=marit.child())
    gives(marit, uid)
    assert reads(anneke, anneke.family) == {uid: 1}
    db.execute("delete from ties")
    assert reads(anneke, anneke.family) == {}


def test_deleting_ends_sight_and_bringing_back_restores_it(marit, anneke, gives, reads):
    uid = marit.writes(note="van mij")
    gives(marit, uid)
    marit.post(f"/entries/{uid}/deletion")
    assert reads(anneke, anneke.family) == {}
    marit.post(f"/entries/{uid}/deletion/undo")
    assert reads(anneke, anneke.family) == {uid: 1}


def test_who_leaves_and_returns_must_share_anew(db, marit, joins, anneke, gives, reads, viewer, now):
    joost = joins(marit, "Joost")
    uid = joost.writes(note="van Joost")
    gives(joost, uid)
    families.leave(db, viewer(joost), now())
    assert reads(anneke, anneke.family) == {}
    told = {"family": 1, "account": store.row(db, "select id from accounts where name = 'Joost'")["id"]}
    db["memberships"].insert(
        told | {"role": "parent", "state": "confirmed", "confirmed_at": "2026-11-20T19:00:00.000Z"}
    )
    assert reads(anneke, anneke.family) == {}


def test_a_tie_that_ended_and_was_made_again_shows_nothing_old(db, marit, anneke, gives, reads, tied):
    uid = marit.writes(note="van mij")
    gives(marit, uid)
    db.execute("update memberships set state = 'ended' where role = 'counsellor'")
    assert reads(anneke, anneke.family) == {}
    tied(marit, anneke)
    assert reads(anneke, anneke.family) == {}


@pytest.mark.parametrize(("days", "sees"), [(0, True), (5, True), (6, False)])
def test_the_last_day_of_a_tie_is_a_whole_day(db, marit, anneke, gives, reads, now, days, sees):
    uid = marit.writes(note="van mij")
    gives(marit, uid)
    db.execute("update memberships set until_day = '2026-11-25' where role = 'counsellor'")
    now.pass_by(days=days)
    assert (uid in reads(anneke, anneke.family)) == sees


def test_another_counsellor_of_the_same_practice_sees_nothing(counsellor, tied, parent, marit, anneke, gives, reads):
    other = counsellor("Bram")
    tied(parent("Eva"), other)
    gives(marit, marit.writes(note="van mij"))
    assert reads(other, anneke.family) == {}


def test_of_two_counsellors_only_the_chosen_one_reads(counsellor, tied, marit, anneke, gives, reads):
    bram = counsellor("Bram")
    tied(marit, bram)
    uid = marit.writes(note="van mij")
    assert gives(marit, uid, name="Bram")
    assert reads(bram, anneke.family) == {uid: 1}
    assert reads(anneke, anneke.family) == {}


@pytest.mark.parametrize(
    ("day", "promised"),
    [
        (date(2026, 11, 20), date(2026, 11, 25)),  # a Friday
        (date(2026, 11, 21), date(2026, 11, 25)),
        (date(2026, 11, 22), date(2026, 11, 25)),
        (date(2026, 11, 23), date(2026, 11, 26)),
    ],
)
def test_an_answer_is_promised_within_three_working_days(day, promised):
    assert shares.promised(day) == promised


def test_the_text_at_the_button_changes_with_its_number():
    assert shares.TOLD == 1
    assert shares.CONSEQUENCE == (
        "Wat je deelt, kan een deel worden van het dossier dat de praktijk bijhoudt. Een ouder met gezag over je "
        "kind mag de praktijk om dat dossier vragen. Neem je het hier terug, dan haalt dat het niet uit dat dossier."
    )


def test_reading_five_thousand_shares_walks_indexes_only(db, marit, anneke, visit, now):
    visitor = visit(anneke, anneke.family)
    named = {"viewer": visitor.id, "family": 1, "membership": visitor.membership, "today": "2026-11-20"}
    sql = f"explain query plan select * from ({access._SHARED}) where happened_at > :since"
    plan = [row[3] for row in db.execute(sql, named | {"since": str(EVENING - timedelta(days=7))})]
    assert [step for step in plan if step.startswith("SCAN")] == []
    assert any("shares_open (membership=? AND happened_at>?" in step for step in plan), plan


def test_what_waits_of_one_entry_is_found_without_the_wishes_of_other_parents(db):
    sql = f"explain query plan {access._BY_DEFAULT} and wanted.account = :viewer and entry.uid = :uid"
    plan = [row[3] for row in db.execute(sql, {"since": "", "until": "9", "viewer": 1, "uid": ""})]
    assert [step for step in plan if step.startswith("SCAN")] == []


def test_who_has_something_to_read_is_rung_for(db, marit, anneke, gives, viewer, now, visit, tie_of):
    later, uid = marit.writes(note="straks"), marit.writes(note="nu")
    reminding.begin(db, viewer(marit).id, viewer(marit).family, "Europe/Amsterdam", now())
    gives(marit, later, "session")
    assert rings(db) == set()
    gives(marit, uid)
    assert rings(db) == {("Anneke", "digest")}
    typed = replies.parse({"nod": "seen"})
    assert replies.answer(db, visit(anneke, anneke.family), uid, typed, now())
    assert rings(db) == {("Anneke", "digest"), ("Marit", "reply")}


def test_who_has_read_everything_is_not_rung_for(db, marit, anneke, gives, now, visit):
    first, second = marit.writes(note="een"), marit.writes(note="twee")
    gives(marit, first)
    gives(marit, second)
    gives(marit, marit.writes(note="straks"), "session")
    reading.read(db, visit(anneke, anneke.family), first, now())
    assert rings(db) == {("Anneke", "digest")}
    reading.read(db, visit(anneke, anneke.family), second, now())
    assert rings(db) == set()


def test_what_cannot_be_read_any_more_is_not_rung_for(db, marit, parent, tied, anneke, gives, now, visit):
    read, gone, elsewhere = marit.writes(note="een"), marit.writes(note="weg"), parent("Eva")
    gives(marit, read)
    gives(marit, gone)
    marit.post(f"/entries/{gone}/deletion")
    family, uid = tied(elsewhere, anneke), elsewhere.writes(note="van Eva")
    gives(elsewhere, uid)
    reading.read(db, visit(anneke, anneke.family), read, now())
    assert rings(db) == {("Anneke", "digest")}
    reading.read(db, visit(anneke, family), uid, now())
    assert rings(db) == set()


def rings(db) -> set[tuple[str, str]]:
    """What will ring, and for whom."""
    found = store.rows(
        db,
        """select name, kind from reminders join accounts on accounts.id = reminders.account
           where next_at is not null and kind in ('digest', 'reply')""",
    )
    return {(row["name"], row["kind"]) for row in found}


def test_what_was_deleted_takes_its_answers_along_and_leaves_the_consent(db, marit, anneke, gives, visit, now):
    uid = marit.writes(note="van mij")
    gives(marit, uid)
    replies.answer(db, visit(anneke, anneke.family), uid, replies.parse({"words": "vlinderstruik"}), now())
    marit.post(f"/entries/{uid}/deletion")
    now.pass_by(hours=23)
    retention.sweep(db, now())
    assert db["replies"].count == 1
    now.pass_by(hours=2)
    retention.sweep(db, now())
    assert (db["replies"].count, db["shares"].count) == (0, 1)


def test_who_leaves_and_returns_says_anew_what_is_shared_by_itself(app, db, marit, joins, anneke, reads, now):
    joost = joins(marit, "Joost")
    joost.post("/sharing/defaults", {"incident": "now"})
    now.pass_by(minutes=1)
    joost.post("/family/leave", {"sure": "y"})
    link = re.search(r"(/join/[\w-]+)", marit.post("/family/invitations").text).group(1)
    joost.post(link)
    marit.post(re.search(r"/family/members/[\w-]+/confirm", marit.get("/today").text).group())
    now.pass_by(minutes=1)
    uid = joost.writes(note="van Joost")
    assert "delen we dit" not in joost.get(f"/entries/{uid}").text
    now.pass_by(hours=2)
    defaults.follow(db, app.config["VAULT"], now())
    assert reads(anneke, anneke.family) == {}
    joost.post("/sharing/defaults", {"incident": "now"})
    now.pass_by(minutes=1)
    uid = joost.writes(note="van Joost, later")
    assert "delen we dit" in joost.get(f"/entries/{uid}").text
    now.pass_by(hours=2)
    defaults.follow(db, app.config["VAULT"], now())
    assert reads(anneke, anneke.family) == {uid: 1}


def test_nobody_shares_with_whose_access_ended(db, marit, anneke, tie_of):
    assert tie_of(marit).name == "Anneke"
    db.execute("update accounts set ended_at = created_at where name = 'Anneke'")
    assert tie_of(marit) is None


def test_by_itself_nothing_is_shared_about_a_child_outside_the_tie(app, db, marit, anneke, now):
    marit.post("/sharing/defaults", {"incident": "now"})
    marit.post("/family/children/new", {"name": "Noor"})
    noor = re.findall(r"/family/children/([0-9a-f-]{36})", marit.get("/family").text)[-1]
    now.pass_by(minutes=1)
    uid = marit.writes(note="over Noor", child=noor)
    assert "delen we dit" not in marit.get(f"/entries/{uid}").text
    now.pass_by(hours=2)
    assert access.by_default(db, "", clock.stamp(now())) == []
    defaults.follow(db, app.config["VAULT"], now())
    assert db["shares"].count == 0


def test_what_one_counsellor_reads_is_held_back_from_another(
    app, db, marit, anneke, counsellor, tied, gives, reads, viewer, now, tie_of
):
    bram = counsellor("Bram")
    family = tied(marit, bram)
    defaults.choose(db, viewer(marit), tie_of(marit, "Bram"), {"incident": "now"}, now())
    now.pass_by(minutes=1)
    uid = marit.writes(note="voor Anneke")
    gives(marit, uid, name="Anneke")
    assert defaults.hold(db, viewer(marit), uid, tie_of(marit, "Bram"), now())
    now.pass_by(hours=2)
    defaults.follow(db, app.config["VAULT"], now())
    assert (reads(bram, family), reads(anneke, family)) == ({}, {uid: 1})
