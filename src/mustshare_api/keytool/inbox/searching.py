"""Looks for words in what was opened here, and shows where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.desk import decode_entry
from mustshare_api.domain.message import decode_message
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.inbox.desk import Desk, words_of_entry
from mustshare_api.keytool.inbox.filling import words_of
from mustshare_api.keytool.inbox.folding import folded
from mustshare_api.keytool.inbox.register import Part
from mustshare_api.keytool.inbox.showing import SHORT_ID, one_line

_AROUND_CHARS: Final = 30
_SHOWN: Final = 100
"""Lines that somebody reads; more words narrow them down."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message or note that holds all the words, of which `word` is the first."""

    part: Part
    sent_at: str
    text: str
    word: str

    @property
    def passage(self) -> str:
        """What stands around the word."""
        return passage_around(self.text, self.word)


def search_desk(desk: Desk, words: Sequence[str]) -> list[Found]:
    """What holds all of these words, the latest first.

    Args:
        desk: whose register is searched.
        words: as typed; each is looked for as a whole, spaces and all.
    """
    wanted = [word for each in words if (word := folded(each))]
    parts = desk.register.parts(desk.register.find(wanted))
    found = [_found(part, wanted) for part in parts if desk.lives(part.tip_id)]
    return sorted(found, key=lambda f: (f.sent_at, f.part.object_id), reverse=True)


def tips_with(desk: Desk, words: Sequence[str]) -> set[str]:
    """The tips on which something holds all of these words."""
    wanted = [word for each in words if (word := folded(each))]
    return set(desk.register.tips_of(desk.register.find(wanted)))


def found_data(found: Sequence[Found]) -> list[dict[str, Any]]:
    """For machines."""
    return [
        {
            "tip_id": each.part.tip_id,
            "object_id": each.part.object_id,
            "sent_at": each.sent_at,
            "author": each.part.author,
            "note": each.part.kind == Kind.DESK_ENTRY,
            "passage": each.passage,
        }
        for each in found
    ]


def show_found(console: Console, found: Sequence[Found]) -> None:
    """For people."""
    for each in found[:_SHOWN]:
        console.say(
            "search.line",
            tip=each.part.tip_id[:SHORT_ID],
            at=each.sent_at,
            who=each.part.author or console.sentence("search.reporter"),
            passage=one_line(each.passage),
        )
    console.say("search.count", count=len(found))


def _found(part: Part, wanted: Sequence[str]) -> Found:
    if part.kind == Kind.DESK_ENTRY:
        entry = decode_entry(part.content)
        sent_at, text = entry.sent_at, words_of_entry(entry)
    else:
        message = decode_message(part.content)
        sent_at, text = message.sent_at, words_of(message)
    return Found(part, sent_at, text, wanted[0])


def passage_around(text: str, word: str) -> str:
    """The original text around where a folded word stands in it.

    Folding moves and joins letters, so the place is looked for: the shortest beginning that
    holds the word, folded, ends where the word does.
    """
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        if word in folded(text[:middle]):
            high = middle
        else:
            low = middle + 1
    start = max(0, low - len(word) - _AROUND_CHARS)
    return text[start : low + _AROUND_CHARS]
