"""What each tick does."""

from diary import mail, migrations
from diary.config import Settings
from diary.people import looks
from diary.reminders import due, fallback, scheduler, sending
from diary.sharing import defaults
from diary.upkeep import heads, retention
from diary.vault import Vault


def start(settings: Settings, vault: Vault):
    return scheduler.start(settings, work(settings, vault))


def work(settings: Settings, vault: Vault) -> list:
    return [
        lambda db, now: defaults.follow(db, vault, now),
        *reminding(settings, vault),
        lambda db, now: looks.clear(db, vault, now),
        lambda db, now: heads.keep(db, settings.home, now),
        retention.sweep,
        lambda _db, now: migrations.forget_copies(settings.database, now),
    ]


def reminding(settings: Settings, vault: Vault) -> list:
    """From what is due to what became of it; each also goes on where an earlier tick stopped."""
    return [
        lambda db, now: due.plan(db, vault, now),
        lambda db, now: sending.send(db, settings, vault, now),
        lambda db, now: fallback.by_mail(db, settings, vault, now),
        lambda db, now: mail.deliver(db, settings, vault, now),
        lambda db, now: fallback.settle(db, now),
    ]
