"""What a sealed draft is: one message of an officer's to all officers, with its pictures.

    kind 8, tip id = the page's id, SHA-256("mustshare/v1 draft") in the place of a bundle's
    hash

    content  +---------+-----------+---------+------+---------+---------+--------+---------+
             | u32 BE  | head,JSON | u32 BE  | page | u32 BE  | picture | u32 BE | picture | ...
             +---------+-----------+---------+------+---------+---------+--------+---------+

The head says who wrote it, when, and of what kind the page is; the server learns none of that.
The page stands in it octet by octet as it is to be published, since its digest is what the two
officers sign for. The pictures follow in the order in which the page names them.

Sealed to officers alone, each by the case key, or where the directory lists none by the intake
key of the week. The escrow key is not among them: a draft can be written again.
"""

import struct
from collections.abc import Sequence
from datetime import date
from typing import Final

from mustshare_api.clock import week_of
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.suite import LABEL, sha256
from mustshare_api.errors import Malformed

BUNDLE_HASH: Final = sha256((LABEL + "draft").encode())
"""No draft is on a tip, so no reporter's bundle belongs to it."""

LIMIT_BYTES: Final = 15 * 1024 * 1024
"""A page and its pictures, sealed. Held in memory while it comes in."""

_LENGTH = struct.Struct(">I")


def recipients(directory: Directory, today: date) -> tuple[Entry, ...]:
    """To which keys a draft of this day is sealed: one an officer."""
    week = week_of(today)
    by_name: dict[str, Entry] = {}
    for entry in directory.entries:
        if entry.role == "intake" and entry.epoch == week:
            by_name.setdefault(entry.name, entry)
    for entry in directory.case_keys():
        by_name[entry.name] = entry
    officers = {entry.name for entry in directory.entries if entry.role == "signing"}
    return tuple(by_name[name] for name in sorted(officers & by_name.keys()))


def prefix(page_id: bytes, object_id: bytes) -> Prefix:
    """The prefix of a draft."""
    return Prefix(Kind.DRAFT, 0, page_id, object_id, BUNDLE_HASH)


def pack(parts: Sequence[bytes]) -> bytes:
    """Parts one after another, each behind its length."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def unpack(octets: bytes) -> list[bytes]:
    """The same, read back.

    Raises:
        Malformed: `draft.malformed`, a length that is not there, or fewer than two parts.
    """
    parts: list[bytes] = []
    at = 0
    while at < len(octets):
        head = octets[at : at + _LENGTH.size]
        length = int.from_bytes(head)
        at += _LENGTH.size + length
        if len(head) < _LENGTH.size or at > len(octets):
            raise Malformed("draft.malformed")
        parts.append(octets[at - length : at])
    if len(parts) < 2:  # noqa: PLR2004 - a head and a page
        raise Malformed("draft.malformed")
    return parts
