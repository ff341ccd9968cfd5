"""Nabij: a diary for parents who practise therapeutic parenting. This file is the plan of the house."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from diary import config, front, headers, made, migrations, store, vault
from diary.asso import library
from diary.config import Settings
from diary.people import families


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or config.from_environment()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.home.chmod(0o700)
    migrations.migrate(store.here(settings.database), settings.database)

    ready = made.ahead(settings.home)
    app = Flask(
        __name__,
        template_folder=made.ROOT / "templates",
        static_folder=ready.static,
        static_url_path=f"/static/{ready.version}",
    )
    keys = vault.Vault(bytes.fromhex(settings.key or vault.secret(settings.home / "master.key")))
    families.insist(store.here(settings.database), keys)
    app.config.update(
        SETTINGS=settings,
        VAULT=keys,
        SHELF=library.shelf(settings.prompts),
        SECRET_KEY=vault.secret(settings.home / "secret.key"),
        BABEL_TRANSLATION_DIRECTORIES=str(ready.translations),
        **headers.configuration(settings),
    )
    front.furnish(app)
    made.serve(app, ready)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)

    from diary.asso.learn_routes import bp as learning
    from diary.asso.routes import bp as asso
    from diary.insight.export_routes import bp as exports
    from diary.insight.routes import bp as insight
    from diary.journal.entry_routes import bp as entries
    from diary.journal.routes import bp as journal
    from diary.people.counsellor_routes import bp as counsellors
    from diary.people.factor_routes import bp as factors
    from diary.people.family_routes import bp as households
    from diary.people.password_routes import bp as passwords
    from diary.people.practice_routes import bp as practices
    from diary.people.review_routes import bp as reviews
    from diary.people.routes import bp as people
    from diary.people.tie_routes import bp as ties
    from diary.reminders.came_routes import bp as came
    from diary.reminders.device_routes import bp as devices
    from diary.reminders.digest_routes import bp as digest
    from diary.reminders.routes import bp as reminders
    from diary.sharing.anchor_routes import bp as anchors
    from diary.sharing.card_routes import bp as cards
    from diary.sharing.consent_routes import bp as consents
    from diary.sharing.desk_plan_routes import bp as desk_plan
    from diary.sharing.desk_routes import bp as desk
    from diary.sharing.plan_routes import bp as plan
    from diary.sharing.reading_routes import bp as reading
    from diary.sharing.routes import bp as sharing
    from diary.sharing.share_routes import bp as shares
    from diary.shell import bp as shell
    from diary.upkeep.commands import commands
    from diary.upkeep.erasure_routes import bp as erasures
    from diary.upkeep.routes import bp as upkeep

    offices = (factors, practices, reviews, counsellors, ties, sharing, shares, consents, reading)
    plans = (plan, anchors, cards, desk, desk_plan, insight, exports)
    at_home = (people, passwords, households, journal, entries, asso, learning, reminders, came, devices, digest)
    for room in (*at_home, *offices, *plans, shell, erasures, upkeep):
        app.register_blueprint(room)
    for command in commands:
        app.cli.add_command(command)
    return app
