"""Takes in what officers note among themselves, sealed on their machines.

    1. read      every frame is a sealed desk entry of a padded size, or none is taken: whoever
                 sends anything else has a broken tool, and half a batch would hide that
    2. hold      a tip that the officer does not hold is not there
    3. check     named with a bundle of the tip's, sealed to exactly the recipients of today
    4. record    in one transaction; each is told what became of it

An entry that is there already is so whoever is a recipient by now: a tool that lost the answer
sends the same octets again. One of yesterday's bundle is taken too, since the reporter, who
exchanged the receipt, is none of its readers.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import frames
from mustshare_api.crypto.envelope import Head, Kind, parse_envelope
from mustshare_api.domain.limits import MEBIBYTE
from mustshare_api.errors import Malformed
from mustshare_api.flows.admission import MESSAGE_LIMIT
from mustshare_api.flows.recording import message_row
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.desk import DeskTip, NewEntries
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import NewEnvelope

MOST: Final = 100
"""Entries of one request: an afternoon without a network, sent in one go."""

BODY_LIMIT: Final = 8 * MEBIBYTE
"""A hundred notes of ten printed pages each, to five officers."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of one entry. `code` says why, where it was not taken."""

    object_id: bytes
    status: int
    code: str | None = None


CONFLICT: Final = 409

_TOLD: Final[Mapping[Outcome, tuple[int, str | None]]] = {
    Outcome.RECORDED: (200, None),
    Outcome.SAME: (208, None),
    Outcome.DIFFERENT: (CONFLICT, "id.in_use"),
    Outcome.GONE: (CONFLICT, "tip.not_found"),
    Outcome.FULL: (429, "tip.full"),
}


async def note(bench: Workbench, by: Admitted, body: bytes) -> list[Noted]:
    """Records the entries of a body of frames; what became of each, in their order.

    Raises:
        Malformed: a frame, or what is in it, is no sealed desk entry. Nothing was taken.
        Unavailable: no directory in force.
    """
    heads, rows = _read(bench, body)
    today = bangkok_day(bench.clock.now())
    reach = bench.directory.reach_of(by.entry)
    tips = await bench.desk.tips(reach, [row.tip_id for row in rows], today)
    refused = {
        head.prefix.object_id: code
        for head in heads
        if (code := _refused(bench, head, tips.get(head.prefix.tip_id)))
    }
    held = [row for row in rows if row.tip_id in tips]
    limit = bench.limits.desk_entries_per_tip
    entries = NewEntries(held, frozenset(refused), today, limit, by.leaf)
    outcomes = iter(await bench.desk.record(entries) if held else [])
    return [
        _told(row.object_id, next(outcomes) if row.tip_id in tips else Outcome.GONE, refused)
        for row in rows
    ]


def _read(bench: Workbench, body: bytes) -> tuple[list[Head], list[NewEnvelope]]:
    """The entries of a body, and the rows that they become."""
    heads: list[Head] = []
    rows: list[NewEnvelope] = []
    today = bangkok_day(bench.clock.now())
    for octets in frames.read(body, most=MOST, limit_bytes=MESSAGE_LIMIT):
        head = parse_envelope(octets).head
        if head.prefix.kind is not Kind.DESK_ENTRY:
            raise Malformed("envelope.wrong_kind")
        heads.append(head)
        rows.append(message_row(octets, today, hashlib.sha256(octets).digest()))
    return heads, rows


def _refused(bench: Workbench, head: Head, tip: DeskTip | None) -> str | None:
    """Why an entry would not be taken, were it new."""
    if tip is None:
        return "tip.not_found"
    if head.prefix.bundle_hash not in tip.bundle_hashes:
        return "envelope.wrong_tip"
    if head.kids not in bench.directory.accepted_kids():
        return "envelope.wrong_recipients"
    return None


def _told(object_id: bytes, outcome: Outcome, refused: Mapping[bytes, str]) -> Noted:
    if outcome is Outcome.CHANGED:
        return Noted(object_id, CONFLICT, refused[object_id])
    return Noted(object_id, *_TOLD[outcome])
