"""How much of anything is taken, in bytes and in pieces; published by `GET /v1/intake`."""

from dataclasses import dataclass

KIBIBYTE = 1024
MEBIBYTE = 1024 * 1024

STRIDE_BYTES = 4096
"""The least that counts as progress of a body or an answer. GPRS at its slowest (CS-1, one
slot: 9.05 kbit/s) brings it in 4 s."""


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

    desk_entries_per_tip: int = 2_000
    """What officers note among themselves on one tip; a reporter's quota is not touched."""

    form_photos: int = 10
    form_bytes: int = 10 * 30 * MEBIBYTE + MEBIBYTE
    """A form comes whole: more photos than this are better sent one by one."""

    upload_chunk_bytes: int = 4 * MEBIBYTE
    """Of a file that comes in pieces: at worst so much is sent twice."""

    uploads_per_tip: int = 8
    """Under way at a time: more than a phone sends, and an end to what one receipt can park."""

    uploads_kept_per_tip: int = 96
    """With those that have arrived, whose answers are kept for whoever lost them."""

    parked_bytes_per_tip: int = 320 * MEBIBYTE
    """Eight of the longest files and their padding."""

    parked_bytes: int = 8192 * MEBIBYTE
    """On all tips: what a disk has to spare for two days."""
