"""What each tick does."""

from diary import migrations
from diary.config import Settings
from diary.people import looks
from diary.reminders import rounds, scheduler
from diary.sharing import defaults, overtaken
from diary.upkeep import heads, retention
from diary.vault import Vault


def start(settings: Settings, vault: Vault):
    return scheduler.start(settings, work(settings, vault))


def work(settings: Settings, vault: Vault) -> list:
    return [
        lambda db, now: defaults.follow(db, vault, now),
        lambda db, now: overtaken.hush(db, vault, now),
        *rounds.steps(settings, vault),
        lambda db, now: looks.clear(db, vault, now),
        lambda db, now: heads.keep(db, settings.home, now),
        retention.sweep,
        lambda _db, now: migrations.forget_copies(settings.database, now),
    ]
