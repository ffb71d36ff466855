"""The end of a chunked body is found, or none is, after one look at each octet."""

import pytest

from mustshare_api.app.server.chunked import ChunkWalk
from tests.unit.app.probes import HIDDEN, chunks
from tests.wires import opened, statuses

BODY = b"5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("size", range(1, len(BODY) + 1))
def test_the_end_is_where_it_is_in_whatever_pieces(size: int) -> None:
    """What belongs to the body is not held back, and what follows it is not taken."""
    walk, taken, octets = ChunkWalk(), 0, BODY + HIDDEN
    for at in range(0, len(octets), size):
        piece = octets[at : at + size]
        taken += (end := walk.end_in(piece))
        if end < len(piece) or taken == len(BODY):
            break

    assert taken == len(BODY)


@pytest.mark.parametrize("size", [b"-5", b"-100", b"-" + b"f" * 16, b"+5", b"1_0", b"0x5", b""])
def test_a_size_that_is_none_ends_and_is_refused(size: bytes) -> None:
    """A size below 0 once had it go back and count the same octets for ever."""
    octets = size + b"\r\nhello\r\n0\r\n\r\n"
    assert ChunkWalk().end_in(octets) <= len(octets)

    with opened() as door:
        assert statuses(door.say(chunks(octets) + HIDDEN)) == [400]
