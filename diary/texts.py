"""Sentences that are written where no page is being made: marked here, translated where they are shown."""

import re

_UNKEPT = re.compile("[\0\ud800-\udfff]")  # neither UTF-8 nor SQLite text can hold these


def N_(sentence: str) -> str:
    return sentence


def clean(text: str) -> str:
    """Typed text as it is kept."""
    return _UNKEPT.sub("\ufffd", text).replace("\r\n", "\n").strip()


class Refused(ValueError):
    """What was typed cannot be kept like this: a sentence per field, each with what to do next."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(", ".join(errors))
        self.errors = errors
