"""All that a notification or its mail can say. A lock screen is read by anyone, so it is a closed list.

Both languages stand here, since these are said where no page is being made.
"""

import hashlib
import json

SENTENCES = {
    "nl": {
        "title": "Nabij",
        "ready": "Er staat iets voor je klaar.",
        "reply": "Er is een bericht voor je.",
        "test": "Zo ziet een herinnering eruit.",
        "subject": "Er staat iets voor je klaar",
        "opens": "In Nabij staat iets voor je klaar. Kijk wanneer het jou uitkomt:",
        "choose": "Liever op een ander moment, of even niet? Dat kies je zelf, in de app.",
    },
    "en": {
        "title": "Nabij",
        "ready": "Something is ready for you.",
        "reply": "There is a message for you.",
        "test": "This is what a reminder looks like.",
        "subject": "Something is ready for you",
        "opens": "Something is ready for you in Nabij. Look whenever it suits you:",
        "choose": "Rather at another time, or not for a while? You choose that yourself, in the app.",
    },
}

# What a device says of which the owner chose to be told more. Mail never does.
FULLER = {
    "nl": {
        "evening": "Even terugkijken op je dag?",
        "contact": "Een idee voor een fijn moment samen.",
        "risk": "Een idee voor zo meteen.",
        "own": "Je eigen afspraak.",
        "week": "Tijd voor de weekcheck.",
        "room": "Een moment voor jezelf.",
        "reply": "Je begeleider heeft geantwoord.",
        "digest": "Er is iets met je gedeeld.",
    },
    "en": {
        "evening": "A quick look back on your day?",
        "contact": "An idea for a good moment together.",
        "risk": "An idea for what comes next.",
        "own": "Your own arrangement.",
        "week": "Time for the week check.",
        "room": "A moment for yourself.",
        "reply": "Your counsellor has answered.",
        "digest": "Something was shared with you.",
    },
}
_NEUTRAL = {"reply": "reply", "test": "test"}
_SIZE = 800  # bytes; all are as long, so that whoever passes them on cannot tell them apart


def payload(
    kind: str, occurrence: str, day: str, language: str, address: str, detail: bool = False, label: str = ""
) -> str:
    """What goes to a device: read by our worker, and by browsers that show a notification without one.

    `occurrence` only keeps a second try from showing twice; `label` is what the owner called a moment of their own.
    """
    body = SENTENCES[language][_NEUTRAL.get(kind, "ready")]
    if detail and kind in FULLER[language]:
        body = label or FULLER[language][kind]
    told = {
        "title": SENTENCES[language]["title"],
        "body": body,
        "lang": language,
        "navigate": _where(address, day),
        "tag": hashlib.sha256(occurrence.encode()).hexdigest()[:16],
    }
    return json.dumps({"web_push": 8030, "notification": told}).ljust(_SIZE)


def letter(day: str, language: str, address: str) -> tuple[str, str]:
    """Subject and body of the mail that takes a notification's place. They are the same, whatever it is about."""
    said = SENTENCES[language]
    return said["subject"], f"{said['opens']}\n\n{_where(address, day)}\n\n{said['choose']}\n"


def _where(address: str, day: str) -> str:
    return f"{address}/reminders/{day}"
