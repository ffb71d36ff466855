"""The gate reads a long scan in pieces, and no marker hides where two of them meet."""

import pytest

from mustshare_api.errors import Unstrippable
from mustshare_api.media.gate import check_jpeg, jpeg_header

SIZE = (640, 480)
PIECE = 1 << 19
END = b"\xff\xd9"
EDGES = [PIECE - 2, PIECE - 1, PIECE, 2 * PIECE - 1]


def scan_with(octets: bytes, at: int) -> bytes:
    """A JPEG whose scan of three pieces has these octets at one place."""
    scan = bytearray(b"\x11" * (3 * PIECE))
    scan[at : at + len(octets)] = octets
    return jpeg_header(*SIZE) + bytes(scan) + END


@pytest.mark.parametrize("at", EDGES)
def test_an_escaped_octet_passes_wherever_it_lies(at: int) -> None:
    """`FF 00` is data."""
    check_jpeg(scan_with(b"\xff\0", at), *SIZE)


@pytest.mark.parametrize("at", EDGES)
@pytest.mark.parametrize("marker", [b"\xff\xfe", b"\xff\xff\0", b"\xff\xd0\xff\0", b"\0\xff"])
def test_a_marker_is_found_wherever_it_lies(at: int, marker: bytes) -> None:
    """Anything else behind an `FF` is not."""
    with pytest.raises(Unstrippable):
        check_jpeg(scan_with(marker, at), *SIZE)


def test_the_last_octet_of_a_scan_begins_no_marker() -> None:
    """The end marker's own octets are not taken for its second half."""
    with pytest.raises(Unstrippable):
        check_jpeg(scan_with(b"\xff", 3 * PIECE - 1), *SIZE)
