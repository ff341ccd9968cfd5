"""What a notification can say: a closed list, and no word of anyone's diary."""

import json
import random
import re

import pytest

from diary import mail, store
from diary.people import sessions
from diary.reminders import deliveries, due, fallback, reminders, risks, said
from diary.reminders.kinds import EVERY_DAY
from diary.upkeep import demo

KINDS = ["evening", "contact", "risk", "own", "week", "room", "reply", "digest"]
HERE = "https://nabij.example"


def told(kind="evening", occurrence="een-uid", day="2026-11-20", language="nl", **more) -> dict:
    return json.loads(said.payload(kind, occurrence, day, language, HERE, **more))


def test_the_list_is_short_and_these_are_its_sentences():
    assert set(said.SENTENCES["nl"].values()) == {
        "Nabij",
        "Er staat iets voor je klaar.",
        "Er is een bericht voor je.",
        "Zo ziet een herinnering eruit.",
        "Er staat iets voor je klaar",
        "In Nabij staat iets voor je klaar. Kijk wanneer het jou uitkomt:",
        "Liever op een ander moment, of even niet? Dat kies je zelf, in de app.",
    }
    assert len(said.SENTENCES["nl"]) <= 12


def test_both_languages_say_the_same_things():
    for sentences in (said.SENTENCES, said.FULLER):
        assert sentences["nl"].keys() == sentences["en"].keys()
        assert all(text for language in sentences.values() for text in language.values())
    assert list(said.FULLER["nl"]) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_browser_can_show_it_without_our_worker(kind):
    payload = told(kind)
    assert payload["web_push"] == 8030
    assert payload["notification"] | {"tag": ""} == {
        "title": "Nabij",
        "body": "Er is een bericht voor je." if kind == "reply" else "Er staat iets voor je klaar.",
        "lang": "nl",
        "navigate": "https://nabij.example/reminders/2026-11-20",
        "tag": "",
    }


def test_its_address_carries_the_day_it_was_meant_for_and_nothing_else():
    assert told(day="2027-03-28")["notification"]["navigate"] == f"{HERE}/reminders/2027-03-28"


def test_a_second_try_takes_the_place_of_the_first_and_another_reminder_does_not():
    tag = lambda **about: told(**about)["notification"]["tag"]  # noqa: E731
    assert tag(occurrence="a") == tag(occurrence="a", kind="week") != tag(occurrence="b")


def test_whoever_passes_them_on_cannot_tell_them_apart_by_their_length():
    lengths = {
        len(said.payload(kind, "uid", "2026-11-20", language, HERE, detail=detail, label="medicijn").encode())
        for kind in [*KINDS, "test"]
        for language in said.SENTENCES
        for detail in (True, False)
    }
    assert len(lengths) == 1


def test_who_chose_to_be_told_more_reads_what_it_is_about_and_only_then():
    assert told("week", detail=True)["notification"]["body"] == "Tijd voor de weekcheck."
    assert told("own", detail=True, label="voorlezen")["notification"]["body"] == "voorlezen"
    assert told("own", label="voorlezen")["notification"]["body"] == "Er staat iets voor je klaar."


def texts(story) -> str:
    """All that is told in it, without what it calls its parts."""
    parts = story.values() if isinstance(story, dict) else story if isinstance(story, list) else None
    return " ".join(texts(part) for part in parts) if parts is not None else str(story)


SAYS = {word.casefold() for text in [said.SENTENCES, said.FULLER, HERE] for word in re.findall(r"\w+", str(text))}
DIARY = sorted({word for word in re.findall(r"[^\W\d_]{4,}", texts(demo.texts())) if word.casefold() not in SAYS})


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{4,}", text)}


def test_ten_thousand_notifications_and_mails_hold_no_word_of_a_diary():
    """Made from the words of a diary: what is given to them may come out as a day, an address or not at all."""
    dice = random.Random(2026)
    neutral = {text for sentences in said.SENTENCES.values() for text in sentences.values()}
    fuller = {text for sentences in said.FULLER.values() for text in sentences.values()}
    told = {word.casefold() for word in DIARY}
    assert len(told) > 1000
    for _ in range(10_000):
        kind, language = dice.choice([*KINDS, "test"]), dice.choice(["nl", "en"])
        day = f"20{dice.randrange(26, 40)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        detail = dice.random() < 0.5
        label = " ".join(dice.choices(DIARY, k=3)) if kind == "own" and not detail else ""
        payload = said.payload(kind, " ".join(dice.choices(DIARY, k=5)), day, language, HERE, detail, label)
        subject, body = said.letter(day, language, HERE)
        notification = json.loads(payload)["notification"]
        assert not words(f"{notification['title']} {notification['body']} {subject} {body}") & told
        assert notification["navigate"] == f"{HERE}/reminders/{day}"
        assert re.fullmatch(r"[0-9a-f]{16}", notification["tag"])
        assert notification["body"] in (neutral | fuller if detail else neutral)
        assert {subject, *body.strip().split("\n\n")} <= neutral | {f"{HERE}/reminders/{day}"}


def test_a_fortnight_of_a_family_goes_out_without_a_word_of_theirs(app, db, vault, now, device, settings, letters):
    """Through the real clockwork: a diary of ten weeks, and every kind, to a phone and by mail."""
    [line, *_] = demo.make(db, vault, now())
    account = store.row(db, "select id from accounts where email = :email", email=line["email"])["id"]
    viewer = sessions.viewer(db, vault, sessions.start(db, account, "phone", "", now()), now())
    device(viewer)
    reminders.add(db, viewer, "contact", "12:00", EVERY_DAY, now())
    for risk in risks.offers(db, viewer, now()):
        risks.accept(db, viewer, risk.uid, risk.at, now())
    sent = []
    for _ in range(14 * 24):
        now.pass_by(hours=1)
        due.plan(db, vault, now())
        for ready in deliveries.claim(db, vault, settings, now(), 50):
            told = json.loads(ready.payload)["notification"]
            sent += [told["title"], told["body"], told["navigate"]]
            assert re.fullmatch(r"[0-9a-f]{16} [0-9a-f]{32}", f"{told['tag']} {ready.topic}")
    fallback.by_mail(db, settings, vault, now())
    mail.deliver(db, settings, vault, now())
    sent += [f"{letter['Subject']} {letter.get_content()}" for letter in letters()]
    rang = store.rows(db, "select distinct kind from reminders join occurrences on reminder = reminders.id")
    assert {row["kind"] for row in rang} >= {"evening", "own", "room", "risk", "contact", "week", "reply", "digest"}
    assert len(sent) > 100
    assert not words(" ".join(sent)) & {word.casefold() for word in DIARY}
