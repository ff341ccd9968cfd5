"""What must be right before the diary opens."""

import json
import os

import pytest

from diary import create_app, migrations, store
from diary.people.families import WrongKey


def test_it_does_not_start_without_the_key_of_its_families(app, marit):
    settings = app.config["SETTINGS"]
    (settings.home / "master.key").unlink()
    store.leave()
    with pytest.raises(WrongKey, match="Put the right one back"):
        create_app(settings)


def test_copies_from_before_a_migration_go_after_five_weeks(app, now):
    home = app.config["SETTINGS"].home
    for name, days in (("before-old.db", 36), ("before-new.db", 34)):
        (home / name).touch()
        os.utime(home / name, (now().timestamp() - days * 86400,) * 2)
    migrations.forget_copies(app.config["SETTINGS"].database, now())
    assert sorted(path.name for path in home.glob("before-*.db")) == ["before-new.db"]


def test_a_change_id_used_for_another_text_loses_no_text(marit):
    one = {"uid": "6f0d6a7e-3c3c-4b61-9a0e-0d3f7a6f7c11", "kind": "contact", "change_id": "1", "note": "eerst"}
    marit.sync(one)
    told = json.loads(marit.sync(one | {"note": "daarna"}).text)
    assert (len(told["saved"]), told["refused"]) == (1, [])
    assert all(word in marit.get("/today").text for word in ("eerst", "daarna"))
