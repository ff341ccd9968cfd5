"""Commands for whoever runs the diary: flask --app wsgi …"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from diary import clock
from diary.asso import checks
from diary.asso import suggest as offers
from diary.asso.library import HOUSE
from diary.asso.routes import because
from diary.asso.sheets import LANGUAGES
from diary.front import db
from diary.journal import terms
from diary.people import admissions, practices
from diary.people.forms import EMAIL
from diary.people.sessions import Viewer
from diary.reminders import rounds, scheduler
from diary.sharing import overtaken
from diary.upkeep import copies, erasures, heads, tick


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def backup(path: Path) -> None:
    """Write a whole copy of the database to PATH, while families go on writing."""
    _or_say(copies.back_up, db(), path)
    click.echo(f"{path} is a whole copy. The master key is not in it: keep that elsewhere.")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def restore(path: Path) -> None:
    """Put the copy at PATH in place of the database, once it has proved sound."""
    for told in _or_say(copies.restore, db(), current_app.config["VAULT"], path, clock.now()):
        click.echo(told, err=True)
    heads.set_aside(current_app.config["SETTINGS"].home, clock.now())
    erasures.replay(db(), current_app.config["SETTINGS"].home, clock.now())
    click.echo(f"The diary is again as it was in {path}. What ended since stays ended, and everyone signs in again.")


@click.command()
@with_appcontext
def check() -> None:
    """Say what is wrong with the database, if anything; then exit with 1."""
    faults = copies.check(db(), current_app.config["VAULT"])
    faults += heads.faults(db(), current_app.config["SETTINGS"].home)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("All is well.")


@click.command()
@with_appcontext
def demo() -> None:
    """Make a family with ten weeks of diary to look at, and print how its parents sign in."""
    from diary.upkeep import demo

    for line in demo.make(db(), current_app.config["VAULT"], clock.now()):
        click.echo(json.dumps(line, ensure_ascii=False))


@click.command("invite-counsellor")
@click.argument("email")
@click.option("--practice", help="What the practice is called.")
@with_appcontext
def invite_counsellor(email: str, practice: str | None) -> None:
    """Print the link with which EMAIL begins as a counsellor. It works once, for 72 hours."""
    _invite("counsellor", email, practice)


@click.command("invite-admin")
@click.argument("email")
@click.option("--practice", help="What the practice is called.")
@with_appcontext
def invite_admin(email: str, practice: str | None) -> None:
    """Print the link with which EMAIL begins as who runs the practice. It works once, for 72 hours."""
    _invite("admin", email, practice)


def _invite(role: str, email: str, name: str | None) -> None:
    if not re.fullmatch(EMAIL, email):
        raise click.ClickException(f"{email} is no e-mail address.")
    practice = practices.here(db(), clock.now(), name)
    token = admissions.invite(db(), practice["id"], role, email, clock.now())
    click.echo(f"{current_app.config['SETTINGS'].address}/admission/{token}")


@click.command()
def texts() -> None:
    """Bring the translations in step with the code and the templates."""
    from diary.upkeep import texts  # needs parts of Babel that serving does not

    for language, waiting in texts.renew().items():
        click.echo(f"{language}: {waiting} to translate")


@click.command()
@click.argument("text")
@click.option("--age", type=click.IntRange(0, 18), help="How old the child is inside.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="nl")
@click.option("--top", type=click.IntRange(1, 50), default=3)
@with_appcontext
def suggest(text: str, age: int | None, lang: str, top: int) -> None:
    """Print what the library offers for TEXT, best first. Nothing is printed when it says nothing we know."""
    library = current_app.config["SHELF"].library(lang)
    answer = offers.for_text(library, offers.Asked(text=text, age=age))
    with current_app.test_request_context(), force_locale(lang):
        for offer in answer.mixed[:top]:
            told = {
                "id": offer.suggestion.id,
                "situation": offer.situation,
                "area": terms.AREA_OF[offer.situation],
                "score": offer.score,
                "why": because(offer),
            }
            click.echo(json.dumps(told, ensure_ascii=False))


@click.command()
@click.option("--at", required=True, help="A moment as ISO, like 2026-11-20T19:30; without an offset on our clock.")
@click.option("--dry-run", is_flag=True, help="Only say what would go out.")
@with_appcontext
def remind(at: str, dry_run: bool) -> None:
    """Run one round of reminders as at this moment, and print a line per delivery."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise click.BadParameter("this is no moment; 2026-11-20T19:30 is one", param_hint="--at") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.zone(Viewer.zone))
    moment, vault = moment.astimezone(UTC), current_app.config["VAULT"]
    if not dry_run:
        overtaken.hush(db(), vault, moment)
    work = rounds.rehearse if dry_run else rounds.run
    for line in work(db(), current_app.config["SETTINGS"], vault, moment):
        click.echo(json.dumps(line))


@click.command("scheduler")
@with_appcontext
def schedule() -> None:
    """Tick in a process of its own, beside others or instead of them."""
    settings = current_app.config["SETTINGS"]
    scheduler.serve(settings, tick.work(settings, current_app.config["VAULT"]))


@click.group()
def prompts() -> None:
    """The library of suggestions, tips and reading cards."""


@prompts.command("check")
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another folder than ours."
)
@click.option("--against", type=click.Path(exists=True, path_type=Path), help="Texts whose sentences are not ours.")
def check_prompts(folder: Path | None, against: Path | None) -> None:
    """Say what is wrong with the library, by file and line, if anything; then exit with 1."""
    faults = checks.faults(folder or HOUSE, against, whole=folder is None)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    held = ", ".join(f"{count} {kind}s" for kind, count in sorted(checks.counts(folder or HOUSE).items()))
    click.echo(f"All is well: {held}, in {len(LANGUAGES)} languages.")


def _or_say(work, *given):
    try:
        return work(*given)
    except copies.Unsound as unsound:
        raise click.ClickException(str(unsound)) from unsound


commands = [backup, restore, check, texts, demo, suggest, remind, schedule, prompts, invite_admin, invite_counsellor]
