"""Reads a TIFF: scans, exports, and what cameras and faxes call a page.

    II 42 first | directory: tags of picture and metadata alike | next directory ...

Picture and metadata share one list of tags, so the decoder is shown the whole file; what it
finds ends with the child. It turns the picture upright by itself.

Where the pixels lie, the file says. One that points at its own tags would have a serial number
drawn as a row of colours, exact to the octet in a PNG; it is refused.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any, cast

from PIL import TiffImagePlugin

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

_BITS = 258
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_LOSSY = frozenset({"jpeg", "tiff_jpeg", "webp", "jpeg2000"})


def read(octets: bytes, order: Order) -> Source:
    """Opens the first page of a TIFF without decoding it.

    Raises:
        Refused: It has several and the reporter did not say that one is enough, or its
            pixels are its metadata.
    """
    image = TiffImagePlugin.TiffImageFile(io.BytesIO(octets))
    beside = exif.read(octets)
    found = beside.kinds() - {Kind.THUMBNAIL}
    if image.n_frames > 1:
        if not order.first_frame:
            raise Refused(Outcome.MULTI_IMAGE)
        found.add(Kind.SECOND_PICTURE)
    if _draws_metadata(image, beside.spans):
        raise Refused(Outcome.UNDECODABLE)
    profile = image.info.get("icc_profile")
    return Source(
        image,
        0,
        found,
        profile=profile if isinstance(profile, bytes) else None,
        lossless=image.info.get("compression") not in _LOSSY,
        facts=beside.facts(order.keep),
    )


def _draws_metadata(image: TiffImagePlugin.TiffImageFile, spans: list[exif.Span]) -> bool:
    return any(
        start < taken_end and taken_start < end
        for start, end in _pixels(image)
        for taken_start, taken_end in spans
    )


def _pixels(image: TiffImagePlugin.TiffImageFile) -> Iterator[exif.Span]:
    """Where they lie. Uncompressed ones are as many as there are, whatever the file counts."""
    tags = cast("Mapping[int, Any]", image.tag_v2)
    for offsets, counts in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
        for at, count in zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False):
            yield at, at + count
    bits = sum(tags.get(_BITS, (1,)))
    for codec, area, offset, _ in image.tile:
        if codec == "raw" and area:
            width, height = area[2] - area[0], area[3] - area[1]
            yield offset, offset + width * height * bits // 8
