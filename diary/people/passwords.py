"""Which passwords are too easy to guess. Long is enough; no rules about signs and digits.

People lengthen a common word or their own name with digits, repeat it, or walk along the keyboard. So a password
is first stripped of all that: what is left must be more than a common word.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from diary.texts import N_

SHORTEST = 12
LONGEST = 256

_LEET = str.maketrans("013457@$!|", "oieastasil")
_ROWS = ("qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "abcdefghijklmnopqrstuvwxyz", "01234567890")
_NEIGHBOURS = {step for row in _ROWS for one, then in pairwise(row) for step in (one + then, then + one)}


def weakness(password: str, name: str = "", email: str = "") -> str | None:
    """A sentence that says what to do instead, or nothing when the password will do."""
    if len(password) < SHORTEST:
        return N_("Kies er een van minstens 12 tekens. Vier losse woorden achter elkaar werken goed.")
    if len(password) > LONGEST:
        return N_("Dit is langer dan 256 tekens. Een kortere is ook sterk genoeg.")
    if _common(password, {part for part in re.split(r"[\W\d_]+", f"{name} {email}".casefold()) if part}):
        return N_("Deze staat bij de bekende wachtwoorden. Vier losse woorden achter elkaar werken goed.")
    return None


def _common(password: str, own: set[str]) -> bool:
    plain = password.casefold()
    core = plain.strip("0123456789!?.,-_* ")
    for letters in (_letters(plain), _letters(core.translate(_LEET))):
        word = _unit(letters)
        if len(letters) >= 3 and (word in _words() or _jumps(word) == 0 or len(_without(own, letters)) < 3):
            return True
    return len(_unit(plain)) < 8 or _jumps(plain) < 3


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _unit(text: str) -> str:
    """The shortest piece that, repeated, makes this text."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


def _jumps(text: str) -> int:
    """How often this leaves the alphabet or the keyboard, walked along forwards or backwards."""
    return sum(one != then and one + then not in _NEIGHBOURS for one, then in pairwise(text))


def _without(own: set[str], letters: str) -> str:
    for part in sorted(own, key=len, reverse=True):
        letters = letters.replace(part, "")
    return letters


@cache
def _words() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())
