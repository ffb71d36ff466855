"""Hides how long a content is.

    +---------------------+------+------------------------+
    | content             | 0x80 | zeros                  |
    +---------------------+------+------------------------+
    |<------- padded size: a PADME size, at least a floor ------->|

Sealing keeps length visible, and the length of a Thai sentence or of a photo says a good deal
about it. Content is therefore grown to the next PADME size first: the number of bits that may
be set in a length is itself only as long as the length of the length, so sizes get rarer as
they grow, and padding never costs more than 12 %. Below the floor all contents look alike.

A content has exactly one padded form. A longer tail than needed is refused, although it would
be readable: otherwise the tail would be a place to hide a mark in, and a reader that streams
would have to hold back zeros without bound, waiting to see whether they are content.
"""

from typing import Final

from mustshare_api.errors import CannotOpen

TEXT_FLOOR: Final = 4096
"""4 KiB: holds some 1,300 Thai characters, which is more than most tips have."""

ATTACHMENT_FLOOR: Final = 65536
"""64 KiB: a thumbnail, a screenshot and a scanned page look alike."""

MARK: Final = b"\x80"


def padme(size_bytes: int) -> int:
    """The smallest PADME size that is not below `size_bytes`."""
    exponent = size_bytes.bit_length() - 1
    # At size 1 the exponent is 0, whose logarithm does not exist. Its bit length does: 0.
    cleared_bits = max(exponent - exponent.bit_length(), 0)
    mask = (1 << cleared_bits) - 1
    return (size_bytes + mask) & ~mask


def padded_bytes(content_bytes: int, floor: int) -> int:
    """How long a content of that many bytes is once padded, its mark included."""
    return max(floor, padme(content_bytes + len(MARK)))


def is_padded_size(size_bytes: int, floor: int) -> bool:
    """Whether some content has that padded size."""
    return size_bytes >= floor and padme(size_bytes) == size_bytes


def tail(content_bytes: int, floor: int) -> bytes:
    """What goes after a content of that many bytes."""
    return MARK + bytes(padded_bytes(content_bytes, floor) - content_bytes - len(MARK))


def pad(content: bytes, floor: int) -> bytes:
    """Content with its tail."""
    return content + tail(len(content), floor)


def unpad(padded: bytes, floor: int) -> bytes:
    """Content without its tail.

    Raises:
        CannotOpen: no mark before the zeros, or not the one size that this content has.
    """
    marked = padded.rstrip(b"\0")
    content = marked.removesuffix(MARK)
    if content == marked or padded_bytes(len(content), floor) != len(padded):
        raise CannotOpen("open.bad_padding")
    return content
