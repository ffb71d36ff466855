"""How much of anything is taken, in bytes and in pieces; published by `GET /v1/intake`."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one tip may hold.

    Lengths are bytes of UTF-8, in which a Thai character takes three.
    """

    text_bytes: int = 40_000
    """About 13,000 Thai characters: ten printed pages."""

    json_bytes: int = 128 * 1024
    """A full text whose every character is escaped stays under this."""

    attachment_bytes: int = 30 * MEBIBYTE
    """A 50-megapixel phone JPEG is under 25 MiB."""

    attachments_per_tip: int = 40
    tip_bytes: int = 512 * MEBIBYTE
    """All files of one side: forty pictures of a phone, or a flood's end."""

    follow_ups_per_tip: int = 200
