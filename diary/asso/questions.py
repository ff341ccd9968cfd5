"""What a parent typed to ask, from page to page: an address stands in histories and logs, so it goes there sealed."""

import base64

from diary.asso.words import LONGEST_TEXT
from diary.people.sessions import Viewer
from diary.vault import Broken


def sealed(viewer: Viewer, text: str) -> str:
    closed = viewer.seal.close(text[:LONGEST_TEXT], viewer.uid, "question")
    return base64.urlsafe_b64encode(closed).decode()


def opened(viewer: Viewer, token: str) -> str:
    """Nothing, when it is another's or not of ours."""
    try:
        return viewer.seal.open(base64.urlsafe_b64decode(token), viewer.uid, "question")
    except (ValueError, Broken):
        return ""
