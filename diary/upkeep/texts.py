"""Keeps translations in step: every sentence in the code and the templates, and nothing else."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from diary.made import ROOT, TRANSLATIONS

_KEYWORDS = {**DEFAULT_KEYWORDS, "_": None, "N_": None, "lazy_gettext": None}
_TEMPLATES = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}
_FOLDERS = (
    ("diary", [("**.py", "python")], {}),
    ("templates", [("**.html", "jinja2")], {"**.html": _TEMPLATES}),
)

_HEADER = rb"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def sentences() -> Catalog:
    catalog = Catalog()
    for folder, methods, options in _FOLDERS:
        found = extract_from_dir(ROOT / folder, methods, options, _KEYWORDS)
        for name, _line, message, _comments, context in sorted(found, key=lambda item: (item[0], item[1])):
            catalog.add(message, locations=[(f"{folder}/{name}", None)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def renew() -> dict[str, int]:
    """Adds new sentences to each translation, empty, and drops those that are gone."""
    waiting = {}
    for path in sorted(TRANSLATIONS.glob("*.po")):
        catalog = read(path)
        catalog.update(sentences(), no_fuzzy_matching=True, keep_user_comments=False)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            file.write(_HEADER)
            write_po(file, catalog, omit_header=True, no_location=True, sort_output=True, width=0)
        waiting[path.stem] = sum(1 for message in catalog if message.id and not whole(message.string))
    return waiting


def whole(string: str | tuple) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)
