"""A mark that is planted in pictures, and the search for it in whatever comes out."""

import base64
import re
import zlib

MARK = b"MUSTSHARE-PLANT-9f2c61e7"
"""Long enough that no picture holds it by chance."""

TEXT = MARK.decode("ascii")


def forms(mark: bytes = MARK) -> list[bytes]:
    """The mark as it may look after a program has rewritten it."""
    text = mark.decode("ascii")
    return [
        mark,
        mark.lower(),
        mark[::-1],
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        mark.hex().encode(),
        mark.hex().upper().encode(),
        *(base64.b64encode(b"xyz"[:shift] + mark)[4:-4] for shift in range(3)),
    ]


def found_in(octets: bytes) -> bool:
    """Whether a mark is in there, plainly, in another writing, or deflated."""
    everything = [octets, *_inflated(octets)]
    return any(form in place for place in everything for form in forms())


def _inflated(octets: bytes) -> list[bytes]:
    """Every zlib stream that begins anywhere, as far as it goes."""
    streams: list[bytes] = []
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", octets):
        try:
            streams.append(zlib.decompressobj().decompress(octets[start.start() :], 1 << 22))
        except zlib.error:
            continue
    return streams
