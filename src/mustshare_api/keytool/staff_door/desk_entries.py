"""Hands desk entries in, many at a time, and reads what became of each.

    POST /v1/desk/entries    (u32 BE length | envelope)*    at most a hundred
    207                      {"entries": [{"object_id": ..., "status": 200 | 208 | 409 | 429,
                                           "code": why it was not taken}, ...]}

An entry of which the answer says nothing was not taken, as far as anybody knows, and is sent
again: the same octets under the same id are no harm.
"""

import struct
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Id

AT_MOST: Final = 100
"""Entries in one request."""

_Code = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}$(?!\n)")]
_LENGTH: Final = struct.Struct(">I")


class Told(msgspec.Struct):
    """What became of one entry."""

    object_id: Id
    status: Annotated[int, Meta(ge=100, le=599)]
    code: Annotated[str, Meta(pattern=r"^[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}$(?!\n)")] | None = (
        None
    )


class _Answer(msgspec.Struct):
    entries: Annotated[list[Told], Meta(max_length=AT_MOST)]


def framed(envelopes: Sequence[bytes]) -> bytes:
    """Envelopes one after another, each behind its length."""
    return b"".join(_LENGTH.pack(len(each)) + each for each in envelopes)


def hand_in_entries(door: Door, envelopes: Sequence[bytes]) -> dict[str, Told]:
    """Sends a batch; what became of each entry, by its id.

    Raises:
        Unreachable: cut off.
        MustShareError: the whole request was refused.
        Refusal: `door.nonsense`.
    """
    answer = door.deliver("/v1/desk/entries", framed(envelopes))
    try:
        told = msgspec.json.decode(answer, type=_Answer, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refusal("door.nonsense") from None
    return {each.object_id: each for each in told.entries}
