"""Reading back what a PDF from Chromium says: its glyphs, by the tables with which a reader copies text from it."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj")
_RANGE = re.compile(rb"<(\w+)> <(\w+)> <(\w+)>")
_GLYPH = re.compile(rb"^<(\w+)> <(\w+)>$", re.MULTILINE)


def words(pdf: bytes) -> str:
    """All of it without spaces, since a line that is broken loses the one at its end."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {name: _letters(objects, int(number)) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", pdf)}
    said, letters = [], {}
    for body in objects.values():
        for font, glyphs in _SHOWN.findall(_stream(body)):
            letters = fonts[font] if font else letters
            said += [letters[int(glyphs[at : at + 4], 16)] for at in range(0, len(glyphs), 4)]
    return squeezed("".join(said))


def squeezed(text: str) -> str:
    return "".join(text.split())


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Glyph → what it stands for."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    text = _stream(objects[int(table[1])])
    found = {int(glyph, 16): _said(letter) for glyph, letter in _GLYPH.findall(text)}
    for first, last, letter in _RANGE.findall(text):
        for glyph in range(int(first, 16), int(last, 16) + 1):
            found[glyph] = chr(int(letter, 16) + glyph - int(first, 16))
    return found


def _said(letter: bytes) -> str:
    return bytes.fromhex(letter.decode()).decode("utf-16-be")


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None or b"/FlateDecode" not in body[: found.start()] or b"/Image" in body[: found.start()]:
        return b""
    return zlib.decompress(found[1])
