"""Reads a BMP: a header, perhaps a palette, pixels, and room for more in between.

BM size . . pixels-at | header size, width, height ... | masks, palette | gap | pixels | rest
"""

import io

from PIL import BmpImagePlugin

from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order
from mustshare_api.media.source import Source

_FILE_HEADER_BYTES = 14
_V5_HEADER_BYTES = 124
_PROFILE_AT = 14 + 112


def read(octets: bytes, _order: Order) -> Source:
    """Opens the picture of a BMP without decoding it."""
    image = BmpImagePlugin.BmpImageFile(io.BytesIO(octets))
    found: set[Kind] = set()
    said_bytes = int.from_bytes(octets[2:6], "little")
    if _FILE_HEADER_BYTES < said_bytes < len(octets):
        found.add(Kind.TRAILING_DATA)
    header_bytes = int.from_bytes(octets[14:18], "little")
    if header_bytes >= _V5_HEADER_BYTES and any(octets[_PROFILE_AT : _PROFILE_AT + 8]):
        found.add(Kind.PROFILE)
    return Source(image, 0, found, lossless=True)
