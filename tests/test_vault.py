"""The one door to keys: what was moved, changed or sealed for another does not open."""

import subprocess
import sys
from pathlib import Path

import pytest

from diary.vault import Broken, Seal, Vault, secret

ROOT = Path(__file__).resolve().parent.parent
KEY = bytes(range(32))
UID, OTHER = "6f0c0c1e-0000-4000-8000-000000000001", "6f0c0c1e-0000-4000-8000-000000000002"
UNOPENED = "Deze tekst kan nu niet worden geopend."


@pytest.fixture
def seal() -> Seal:
    return Seal(KEY)


def test_what_is_sealed_opens_where_it_was_sealed(seal):
    text = "Ze wilde niet slapen. 🧸 é\n"
    assert seal.open(seal.close(text, UID, 1, "body"), UID, 1, "body") == text


@pytest.mark.parametrize("place", [(OTHER, 1, "body"), (UID, 2, "body"), (UID, 1, "feeling"), (UID, 1), ()])
def test_what_was_moved_to_another_row_version_or_field_does_not_open(seal, place):
    sealed = seal.close("geheim", UID, 1, "body")
    with pytest.raises(Broken):
        seal.open(sealed, *place)
    assert not seal.opens(sealed, *place)


def test_what_another_key_sealed_does_not_open(seal):
    with pytest.raises(Broken):
        Seal(bytes(32)).open(seal.close("geheim", UID), UID)


def test_no_byte_can_be_changed_added_or_left_out(seal):
    sealed = seal.close("geheim", UID)
    changed = [bytes([*sealed[:n], sealed[n] ^ 1, *sealed[n + 1 :]]) for n in range(len(sealed))]
    for text in (*changed, sealed + b"\0", sealed[:-1], sealed[1:], sealed[:12], b""):
        with pytest.raises(Broken):
            seal.open(text, UID)


def test_the_same_text_is_sealed_differently_each_time(seal):
    assert len({seal.close("geheim", UID) for _ in range(100)}) == 100


def test_a_family_key_opens_for_its_own_family_alone():
    vault = Vault(KEY)
    wrapped = vault.new_key(UID)
    assert vault.seal(wrapped, UID).open(vault.seal(wrapped, UID).close("geheim"), *()) == "geheim"
    with pytest.raises(Broken):
        vault.seal(wrapped, OTHER)
    with pytest.raises(Broken):
        Vault(bytes(32)).seal(wrapped, UID)


def test_every_family_has_a_key_of_its_own():
    vault = Vault(KEY)
    sealed = vault.seal(vault.new_key(UID), UID).close("geheim", "x")
    with pytest.raises(Broken):
        vault.seal(vault.new_key(UID), UID).open(sealed, "x")


# -- in the diary


def kept(db, column: str, uid: str):
    return db.execute(f"select {column} from entry_rows where uid = ?", [uid]).fetchone()[0]


def put(db, column: str, uid: str, value) -> None:
    db.execute(f"update entry_rows set {column} = ? where uid = ?", [value, uid])


def test_a_text_moved_to_another_entry_is_not_shown_there(marit, db):
    one, other = marit.writes(note="appelboom"), marit.writes(note="perenboom")
    put(db, "body", other, kept(db, "body", one))
    page = marit.get(f"/entries/{other}")
    assert (page.status_code, UNOPENED in page.text, "appelboom" in page.text) == (200, True, False)
    assert "appelboom" in marit.get(f"/entries/{one}").text


@pytest.mark.parametrize(("to", "field"), [("body", "feeling"), ("feeling", "body"), ("feeling", "words")])
def test_a_text_moved_to_another_field_is_not_shown_there(marit, db, to, field):
    uid = marit.writes(note="appelboom", feeling="perenboom")
    put(db, to, uid, kept(db, field, uid))
    page = marit.get(f"/entries/{uid}")
    assert (page.status_code, UNOPENED in page.text) == (200, True)
    assert "appelboom" not in page.text
    assert "perenboom" not in page.text


def test_an_earlier_version_cannot_be_slipped_in_as_the_latest(marit, db):
    uid = marit.writes(note="appelboom")
    first = kept(db, "body", uid)
    marit.post(f"/entries/{uid}", {"kind": "incident", "area": "routine", "note": "perenboom", "version": "1"})
    put(db, "body", uid, first)
    assert "appelboom" not in marit.get(f"/entries/{uid}").text


def test_a_text_of_another_family_does_not_open(marit, parent, db):
    theirs, mine = parent("Eva").writes(note="appelboom"), marit.writes(note="perenboom")
    sealed = kept(db, "body", theirs)
    put(db, "uid", mine, theirs)  # all that a text is bound to is now the same, but for the key
    put(db, "body", theirs, sealed)
    page = marit.get(f"/entries/{theirs}")
    assert (page.status_code, UNOPENED in page.text, "appelboom" in page.text) == (200, True, False)


@pytest.mark.parametrize("column", ["body", "feeling", "words"])
def test_a_flipped_byte_is_noticed_and_breaks_no_page(marit, db, column):
    uid = marit.writes(note="appelboom", feeling="perenboom")
    sealed = kept(db, column, uid)
    put(db, column, uid, sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:])
    for path in ("/today", "/timeline", "/timeline?q=appel", f"/entries/{uid}", f"/entries/{uid}/versions"):
        assert marit.get(path).status_code == 200, path
    assert (UNOPENED in marit.get(f"/entries/{uid}").text) == (column != "words")


def test_a_broken_entry_does_not_take_the_others_with_it(marit, db):
    broken, whole = marit.writes(note="appelboom"), marit.writes(note="appeltaart")
    put(db, "body", broken, b"")
    put(db, "words", broken, b"")
    assert "appeltaart" in marit.get("/today").text
    assert f'id="{whole}"' in marit.get("/timeline?q=appel").text


def test_the_name_of_a_child_that_was_changed_breaks_no_page(marit, db):
    db.execute("update children set name = x'00'")
    for path in ("/today", "/family", f"/family/children/{marit.child()}"):
        assert marit.get(path).status_code == 200


WORDS = ("appelboom", "perenboom", "kersenboom", "pruimenboom", "vijgenboom", "olijfboom", "walnotenboom")


def test_no_word_of_the_diary_lies_readable_on_the_disk(parent, db, on_disk, app):
    note, before, feeling, said, child, later, contact = WORDS
    marit = parent("Marit", child=child)
    uid = marit.writes(note=note, before=before, feeling=feeling, asso_connect=said, guess="scared", need="comfort")
    marit.post(f"/entries/{uid}", {"kind": "incident", "area": "limit", "note": later, "version": "1"})
    marit.sync({"kind": "contact", "note": contact, "shared": "family", "change_id": "1"})
    marit.post(f"/entries/{uid}/deletion")
    for everything in (on_disk(), *(path.read_bytes() for path in files(app))):
        lower = everything.lower()
        assert [word for word in (*WORDS, "scared", "comfort") if word.encode() in lower] == []


def files(app) -> list[Path]:
    home = app.config["SETTINGS"].home
    return [path for path in home.rglob("*") if path.is_file() and "made" not in path.parts]


def test_no_key_lies_in_the_database(marit, db, on_disk, app):
    vault, home = app.config["VAULT"], app.config["SETTINGS"].home
    uid, wrapped = db.execute("select uid, key from families").fetchone()
    keys = [vault.open(wrapped, "family key", uid), secret(home / "master.key"), secret(home / "secret.key")]
    everything = on_disk().lower()
    for key in keys:
        assert key.encode() not in everything
        assert bytes.fromhex(key) not in everything


# -- secrets


def test_a_secret_is_made_once_and_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "master.key"
    first = secret(path)
    assert len(bytes.fromhex(first)) == 32
    assert secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


AT_ONCE = """
import os, sys
from pathlib import Path
from diary import vault
folder = Path(sys.argv[1])
for round in range(10):
    gate, open_gate = os.pipe()
    for number in range(6):
        if os.fork() == 0:
            os.close(open_gate)
            os.read(gate, 1)
            told = vault.secret(folder / f"{round}.key")
            (folder / f"{round}-{number}.told").write_text(told)
            os._exit(0)
    os.close(open_gate)
    os.close(gate)
    for number in range(6):
        assert os.wait()[1] == 0
"""


def test_many_processes_that_come_first_agree_on_one_secret(tmp_path):
    subprocess.run([sys.executable, "-c", AT_ONCE, str(tmp_path)], cwd=ROOT, check=True)
    for number in range(10):
        told = {path.read_text() for path in tmp_path.glob(f"{number}-*.told")}
        assert told == {(tmp_path / f"{number}.key").read_text()}
    assert len(list(tmp_path.iterdir())) == 10 * 7
