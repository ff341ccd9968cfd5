"""The export as another program reads it: JSON, in which an entry stands as the sync takes it in again."""

import json
from operator import methodcaller

from diary import clock
from diary.insight.exports import Diary, Export, Kept
from diary.journal.rows import Entry

FORM = 1  # of the file: another number once something stands elsewhere in it


def written(export: Export) -> str:
    told = {
        "app": "Nabij",
        "form": FORM,
        "made_at": clock.stamp(export.at),
        "account": export.account,
        "diaries": [_diary(diary) for diary in export.diaries],
        "unreadable_diaries": export.closed,
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=methodcaller("isoformat"))


def _diary(diary: Diary) -> dict:
    return {
        "uid": diary.uid,
        "zone": diary.zone,
        **diary.chapters,
        "log": [{name: told for name, told in line.items() if name != "said"} for line in diary.chapters["log"]],
        "entries": [_kept(diary, kept) for kept in diary.own],
        "entries_of_others": [_lent(diary, entry) for entry in diary.others],
        "deleted": [_typed(diary, entry) | {"deleted_at": at} for entry, at in diary.deleted],
    }


def _kept(diary: Diary, kept: Kept) -> dict:
    hung = {
        "earlier": [_typed(diary, entry) for entry in kept.earlier],
        "shares": kept.shares,
        "replies": [
            {name: getattr(one, name) for name in _ANSWERED} | {"unreadable": one.broken} for one in kept.replies
        ],
    }
    return _typed(diary, kept.entry) | {name: found for name, found in hung.items() if found}


_ANSWERED = ("uid", "name", "mine", "at", "nod", "words")


def _lent(diary: Diary, entry: Entry) -> dict:
    """What another lets the family read. How often and at what hour they worked on it was not given along."""
    told = _typed(diary, entry) | {"author": diary.names.get(entry.author)}
    return {name: value for name, value in told.items() if name not in _THEIRS}


_THEIRS = ("version", "written_at", "saved_at")


def _typed(diary: Diary, entry: Entry) -> dict:
    """An entry as a phone sends it to /sync, and when it was kept. What was left open is left out."""
    body = dict(entry.body)
    words = {f"asso_{step}": said for step, said in body.pop("words", {}).items()}
    told = {
        "uid": entry.uid,
        "version": entry.version,
        "kind": entry.kind,
        "child": diary.kids[entry.child].uid if entry.child in diary.kids else None,
        "area": entry.area,
        "situation": entry.situation,
        "happened_at": entry.happened_at,
        "about": entry.about,
        "written_at": clock.stamp(entry.written),
        "saved_at": clock.stamp(entry.saved),
        **body,
        **words,
        "stub": entry.stub,
        "discuss": entry.discuss,
        "shared": entry.shared,
        "feeling": entry.feeling,
        "feeling_shared": entry.feeling_shared,
        "copy_of": entry.copy_of,
        "unreadable": entry.broken,
    }
    return {name: value for name, value in told.items() if value not in (None, "") and value is not False}
