"""Several objects in one body, and every way in which that is not what came."""

import struct

import pytest

from mustshare_api.crypto import frames
from mustshare_api.errors import Malformed


def test_frames_are_laid_out_as_written() -> None:
    """A length of four bytes, big-endian, then the octets."""
    assert frames.joined([b"ab", b"c"]) == b"\0\0\0\x02ab\0\0\0\x01c"
    assert frames.read(b"\0\0\0\x02ab\0\0\0\x01c", most=2, limit_bytes=2) == [b"ab", b"c"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0\0",
        bytes(4),
        b"\0\0\0\x02a",
        b"\0\0\0\x01a\0",
        b"\0\0\0\x01a" + bytes(4),
        struct.pack(">I", 0xFFFFFFFF) + b"a",
        b"\0\0\0\x01a" * 4,
        b"\0\0\0\x05abcde",
    ],
)
def test_anything_else_is_malformed(body: bytes) -> None:
    """None at all, cut off, empty, too long, too many."""
    with pytest.raises(Malformed) as refused:
        frames.read(body, most=3, limit_bytes=4)
    assert refused.value.code == "frames.malformed"
