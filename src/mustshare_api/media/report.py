"""The one message a child sends back, and the one order it is given.

    order (parent -> zygote -> child), 14 bytes
    +--------+-------------+----------------+-----------+----------+-------------+
    | format | first_frame | keep: location | keep:time | progress | source, 8 B |
    +--------+-------------+----------------+-----------+----------+-------------+

    report (child -> parent), 55 bytes
    +---------+-------+---------+----------+------------+
    | outcome | media | width 4 | height 4 | removed 4  |
    +---------+-------+---------+----------+------------+------+
    | facts 1 | latitude 8 | longitude 8 | taken 19 | offset 6 |
    +---------+------------+-------------+----------+----------+

Both have a fixed size and no text of the sender's. The parent believes nothing in a report
that it can check: size by the gate, outcome and kinds against closed lists, facts by range.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

from mustshare_api.errors import MustShareError, Unstrippable, Unsupported
from mustshare_api.media import facts
from mustshare_api.media.facts import KEEP_NOTHING, NO_FACTS, Facts, Keep, Precision
from mustshare_api.media.sniff import Format

_ORDER = struct.Struct("!BBBBBQ")
_REPORT = struct.Struct("!BBIIIBdd19s6s")

ORDER_BYTES = _ORDER.size
REPORT_BYTES = _REPORT.size

_HAS_PLACE = 1
_HAS_TIME = 2
_HAS_OFFSET = 4


class Outcome(IntEnum):
    """How a child ended, where it could still say so."""

    DRAWN = 0
    UNDECODABLE = 1
    TOO_MANY_PIXELS = 2
    ANIMATED = 3
    MULTI_IMAGE = 4
    UNSUPPORTED = 5
    BROKEN_DOCUMENT = 6
    LOCKED = 7
    TOO_MANY_PAGES = 8
    PAGE_TOO_LARGE = 9
    RESULT_TOO_LARGE = 10
    BROKEN_FILM = 11
    TOO_LONG = 12
    UNKNOWN_CODEC = 13


class Media(IntEnum):
    """What the child drew."""

    JPEG = 1
    PNG = 2
    PDF = 3
    FILM = 4
    SOUND = 5
    MP3 = 6


class Refused(Exception):
    """Raised in the child alone: this picture is not drawn, and why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.name)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Order:
    """What one child is asked to do."""

    kind: Format
    source_bytes: int
    first_frame: bool = False
    keep: Keep = KEEP_NOTHING
    progress: bool = False
    """Say after each page how far it is; somebody sits and waits."""

    def encode(self) -> bytes:
        """The octets that go to the zygote."""
        return _ORDER.pack(
            self.kind, self.first_frame, self.keep.location, self.keep.time, self.progress,
            self.source_bytes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What one child says it did."""

    outcome: Outcome
    media: Media = Media.JPEG
    width: int = 0
    height: int = 0
    removed: int = 0
    facts: Facts = NO_FACTS

    def encode(self) -> bytes:
        """The octets that go to the parent."""
        kept = self.facts
        has = (
            _HAS_PLACE * (kept.latitude is not None)
            + _HAS_TIME * (kept.taken_at is not None)
            + _HAS_OFFSET * (kept.utc_offset is not None)
        )
        taken = (kept.taken_at or "").replace("-", ":").replace("T", " ")
        return _REPORT.pack(
            self.outcome, self.media, self.width, self.height, self.removed, has,
            kept.latitude or 0.0, kept.longitude or 0.0,
            taken.encode("ascii"), (kept.utc_offset or "").encode("ascii"),
        )  # fmt: skip


def parse_order(octets: bytes) -> Order:
    """Reads an order; the parent is trusted, so a wrong one is a bug and raises ValueError."""
    kind, first_frame, location, time, progress, source_bytes = _ORDER.unpack(octets)
    keep = Keep(Precision(location), bool(time))
    return Order(Format(kind), source_bytes, bool(first_frame), keep, bool(progress))


def parse_report(octets: bytes, keep: Keep) -> Report:
    """Reads a child's report as from an enemy.

    Args:
        octets: What came over the line.
        keep: What was asked for; facts beyond it are dropped.

    Raises:
        Unstrippable: The report is not one.
    """
    if len(octets) != REPORT_BYTES:
        raise Unstrippable
    outcome, media, width, height, removed, has, latitude, longitude, taken, zone = (
        _REPORT.unpack(octets)
    )
    try:
        said = Outcome(outcome)
        drew = Media(media)
    except ValueError:
        raise Unstrippable from None
    where = facts.place(latitude, longitude, keep.location) if has & _HAS_PLACE else None
    when = facts.moment(taken) if keep.time and has & _HAS_TIME else None
    offset = facts.offset(zone) if when and has & _HAS_OFFSET else None
    kept = facts.together(where, when, offset)
    return Report(said, drew, width, height, removed, kept)


_PROBLEMS = {
    Outcome.UNDECODABLE: "media.undecodable",
    Outcome.TOO_MANY_PIXELS: "media.too_many_pixels",
    Outcome.ANIMATED: "media.animated",
    Outcome.MULTI_IMAGE: "media.multi_image",
    Outcome.BROKEN_DOCUMENT: "media.broken_document",
    Outcome.LOCKED: "media.locked",
    Outcome.TOO_MANY_PAGES: "media.too_many_pages",
    Outcome.PAGE_TOO_LARGE: "media.page_too_large",
    Outcome.RESULT_TOO_LARGE: "media.result_too_large",
    Outcome.BROKEN_FILM: "media.broken_film",
    Outcome.TOO_LONG: "media.too_long",
}


def problem(outcome: Outcome) -> MustShareError:
    """The error that an outcome other than DRAWN ends in."""
    if outcome is Outcome.UNSUPPORTED:
        return Unsupported()
    if outcome is Outcome.UNKNOWN_CODEC:
        return Unsupported("media.unsupported_codec")
    return Unstrippable(_PROBLEMS.get(outcome))
