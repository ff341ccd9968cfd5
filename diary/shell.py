"""What a device keeps of the app, so that it opens without a connection.

Everything here is for nobody: the same for who is signed in and who is not, and so fit to lie on any phone.
The one exception is `/me`, which tells a script who is signed in and is kept by no one.
"""

import hashlib
import json
from functools import partial
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, current_app, make_response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from diary import offline
from diary.front import db, emptied, is_nobody, public, viewer
from diary.journal.routes import kids
from diary.pages import LANGUAGES, language
from diary.reminders import devices, push, said
from diary.texts import N_

bp = Blueprint("shell", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(_for_templates()))

NO_WORKER = "no-worker"  # a file of this name in the home takes the worker off every phone
PICTURES = {"today": N_("Vandaag"), "sheet": N_("Noteer"), "incident": N_("Voorval")}


@bp.get("/me")
@public
def me():
    """Who is signed in, for scripts: whose entries may be sent now, and with which token."""
    if not current_user.is_authenticated or viewer().waits:
        return emptied(({"error": _("Log opnieuw in. Er gaat niets verloren.")}, 401))
    return {
        "account": viewer().uid,
        "family": viewer().family_uid,
        "language": language(),
        "csrf": generate_csrf(),
        "kids": [{"uid": kid.uid, "name": kid.name} for kid in kids().values()],
        "zone": viewer().zone,
        "device": devices.here(db(), viewer()),
        "key": push.public_key(current_app.config["SETTINGS"]),
    }


@bp.get("/sw.js")
@public
def worker():
    source = Path(current_app.static_folder)
    if _no_worker():
        return _kept((source / "no-worker.js").read_bytes(), "text/javascript")
    speaks = _asked_language()
    shell = offline.shell(speaks)
    told = {
        "version": shell.version,
        "made": current_app.static_url_path,
        "files": shell.files,
        "pages": {name: url_for("shell.page", language=speaks, page=name) for name in shell.pages},
        "library": url_for("shell.library", language=speaks),
        "said": {"title": said.SENTENCES[speaks]["title"], "body": said.SENTENCES[speaks]["ready"]},
    }
    script = (source / "service-worker.js").read_text()
    return _kept(f"const SHELL = {json.dumps(told, indent=1)};\n{script}".encode(), "text/javascript")


@bp.get("/manifest.webmanifest")
@public
def manifest():
    """How the app stands on a home screen: a neutral name, and nothing about what it is for."""
    with offline.nobody(speaks := _asked_language()):
        asset = partial("{}/{}".format, current_app.static_url_path)
        new = url_for("entries.new")
        told = {
            "id": "/",
            "name": "Nabij",
            "short_name": "Nabij",
            "lang": speaks,
            "dir": "ltr",
            "start_url": url_for("journal.today"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f2ea",
            "theme_color": "#f6f2ea",
            "icons": [
                _icon(asset, "nabij.svg", "any"),
                _icon(asset, "nabij-192.png", "any"),
                _icon(asset, "nabij-512.png", "any"),
                _icon(asset, "maskable-512.png", "maskable"),
                _icon(asset, "maskable.svg", "maskable"),
                _icon(asset, "mono.svg", "monochrome"),
            ],
            "shortcuts": [
                {"name": _("Krabbel"), "url": new, "icons": [_icon(asset, "nabij-192.png", "any")]},
                {"name": _("Fijn moment"), "url": url_for("entries.new", kind="contact")},
                {"name": "ASSO", "url": url_for("asso.helper")},
            ],
            "share_target": {
                "action": new,
                "method": "POST",
                "enctype": "application/x-www-form-urlencoded",
                "params": {"text": "note"},
            },
            "screenshots": [
                {
                    "src": asset(f"pictures/{name}.png"),
                    "sizes": "390x844",
                    "type": "image/png",
                    "form_factor": "narrow",
                    "label": _(label),
                }
                for name, label in PICTURES.items()
            ],
        }
    return _kept(json.dumps(told).encode(), "application/manifest+json")


@bp.get("/offline/<language>/<page>")
@public
def page(language: str, page: str):
    """A page as a phone keeps it."""
    if language not in LANGUAGES or page not in offline.PAGES:
        abort(404)
    return _kept(offline.shell(language).pages[page].encode(), "text/html; charset=utf-8")


@bp.get("/offline/<language>/library.json")
@public
def library(language: str):
    """What the helper and the reading cards say, for a phone to search by itself."""
    if language not in LANGUAGES:
        abort(404)
    squeezed = offline.shell(language).library
    if "br" not in request.accept_encodings:
        return _kept(brotli.decompress(squeezed), "application/json")
    answer = _kept(squeezed, "application/json")
    answer.headers["Content-Encoding"] = "br"
    answer.vary.add("Accept-Encoding")
    return answer


def _for_templates() -> dict:
    return {"has_worker": _has_worker}


def _has_worker() -> bool:
    """Whether this page is to fetch the worker. A page that lies on the phone already has one."""
    return not is_nobody() and not _no_worker()


def _no_worker() -> bool:
    return (current_app.config["SETTINGS"].home / NO_WORKER).exists()


def _asked_language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else "nl"


def _kept(body: bytes, kind: str) -> Response:
    """An answer that may be kept, and is asked after each time: whole again only when it changed."""
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:16])
    return answer.make_conditional(request)


def _icon(asset, name: str, purpose: str) -> dict:
    size = name.rpartition("-")[2].removesuffix(".png")
    drawn = name.endswith(".svg")
    return {
        "src": asset(f"icons/{name}"),
        "type": "image/svg+xml" if drawn else "image/png",
        "sizes": "any" if drawn else f"{size}x{size}",
        "purpose": purpose,
    }
