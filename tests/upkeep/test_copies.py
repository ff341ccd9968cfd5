"""Copies: whole while others write, tried before they replace, and honest about what is broken."""

import pytest

from diary import store


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


@pytest.fixture
def copy(marit, run, tmp_path):
    """A backup made while the diary held one entry."""
    marit.writes(note="Liep drie keer van tafel.")
    assert run("backup", tmp_path / "copy.db").exit_code == 0
    return tmp_path / "copy.db"


def test_a_copy_brings_back_what_was_there(marit, run, copy):
    marit.writes(note="Pas later geschreven.")
    assert run("restore", copy).exit_code == 0
    marit.signs_in()
    page = marit.get("/timeline").text
    assert "Liep drie keer van tafel." in page
    assert "Pas later geschreven." not in page


def test_a_copy_is_never_written_over_another(run, copy):
    before = copy.read_bytes()
    assert run("backup", copy).exit_code == 1
    assert copy.read_bytes() == before


def test_looking_at_a_copy_leaves_it_as_it_was(run, copy):
    before = copy.read_bytes()
    run("restore", copy)
    assert copy.read_bytes() == before
    assert [path.name for path in copy.parent.glob("copy.db*")] == ["copy.db"]


@pytest.mark.parametrize("broken", [b"", b"no database at all", None], ids=["empty", "text", "cut short"])
def test_a_broken_copy_replaces_nothing(marit, run, copy, broken):
    copy.write_bytes(copy.read_bytes()[:20_000] if broken is None else broken)
    answer = run("restore", copy)
    assert (answer.exit_code, "Traceback" in answer.output) == (1, False)
    assert "Liep drie keer van tafel." in marit.get("/timeline").text


def test_a_missing_copy_is_said_to_be_missing(run, tmp_path):
    assert "is not there" in run("restore", tmp_path / "none.db").output


def test_check_is_content_with_a_sound_diary(marit, run):
    marit.writes(note="Gewoon een dag.")
    assert (run("check").exit_code, run("check").output) == (0, "All is well.\n")


def test_check_notices_one_wrong_byte_in_a_sealed_text(marit, run, db):
    uid = marit.writes(note="Gewoon een dag.")
    with store.writing(db):
        db.execute("update entry_rows set body = cast(substr(body, 1, 20) || x'00' || substr(body, 22) as blob)")
    answer = run("check")
    assert (answer.exit_code, answer.output) == (1, f"the body of entry {uid} does not open\n")
