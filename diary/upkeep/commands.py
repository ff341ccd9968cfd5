"""Commands for whoever runs the diary: flask --app wsgi …"""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from diary import clock, migrations
from diary.front import db
from diary.upkeep import copies


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
    for closed in _or_say(copies.restore, db(), current_app.config["VAULT"], path):
        click.echo(closed, err=True)
    migrations.migrate(db(), current_app.config["SETTINGS"].database)
    click.echo(f"The diary is again as it was in {path}.")


@click.command()
@with_appcontext
def check() -> None:
    """Say what is wrong with the database, if anything; then exit with 1."""
    faults = copies.check(db(), current_app.config["VAULT"])
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


@click.command()
def texts() -> None:
    """Bring the translations in step with the code and the templates."""
    from diary.upkeep import texts  # needs parts of Babel that serving does not

    for language, waiting in texts.renew().items():
        click.echo(f"{language}: {waiting} to translate")


def _or_say(work, *given):
    try:
        return work(*given)
    except copies.Unsound as unsound:
        raise click.ClickException(str(unsound)) from unsound


commands = [backup, restore, check, texts, demo]
