"""Which passwords are too easy to guess. Long is enough; no rules about signs and digits.

People lengthen a common word with digits, repeat it, or walk along the keyboard. So a password is first
stripped of all that: what is left must be more than a common word.
"""

import re
from functools import cache
from pathlib import Path

from diary.texts import N_

SHORTEST = 12
LONGEST = 256

_LEET = str.maketrans("013457@$!|", "oieastasil")
_ROWS = ("qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "abcdefghijklmnopqrstuvwxyz", "01234567890")


def weakness(password: str, name: str = "", email: str = "") -> str | None:
    """A sentence that says what to do instead, or nothing when the password will do."""
    if len(password) < SHORTEST:
        return N_("Kies er een van minstens 12 tekens. Vier losse woorden achter elkaar werken goed.")
    if len(password) > LONGEST:
        return N_("Dit is langer dan 256 tekens. Een kortere is ook sterk genoeg.")
    if _common(password, {name.casefold(), email.casefold().partition("@")[0]}):
        return N_("Deze staat bij de bekende wachtwoorden. Vier losse woorden achter elkaar werken goed.")
    return None


def _common(password: str, own: set[str]) -> bool:
    plain = password.casefold()
    core = plain.strip("0123456789!?.,-_* ")
    for letters in (_letters(plain), _letters(core.translate(_LEET))):
        word = _unit(letters)
        if len(letters) >= 3 and (word in own or word in _words() or _walk(word)):
            return True
    return len(_unit(plain)) < 8 or _walk(plain)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _unit(text: str) -> str:
    """The shortest piece that, repeated, makes this text."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


def _walk(text: str) -> bool:
    """Whether this goes along the alphabet or the keyboard, forwards or backwards."""
    return any(text in row * 2 or text[::-1] in row * 2 for row in _ROWS)


@cache
def _words() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())
