"""Reads an AVIF: boxes, of which one holds items, of which one is the picture.

    ftyp | meta: items, their places, properties | mdat: coded picture, EXIF, XMP | rest

Items refer to one another, so the decoder is shown the whole file. It runs in one thread: the
sandbox has no other. Its turns and mirrors come back as an EXIF orientation.
"""

import io
from collections.abc import Iterator

from PIL import AvifImagePlugin

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

AvifImagePlugin.DEFAULT_MAX_THREADS = 1

_MAX_BOXES = 1_000
_PICTURE_BOXES = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"})
_PROVENANCE_BOXES = frozenset({b"uuid", b"jumb"})


def read(octets: bytes, order: Order) -> Source:
    """Opens the primary picture of an AVIF without decoding it.

    Raises:
        Refused: It is animated and the reporter did not say that one frame is enough.
    """
    image = AvifImagePlugin.AvifImageFile(io.BytesIO(octets))
    found = {kind for kind in map(_kind_of, _boxes(octets)) if kind}
    if image.n_frames > 1:
        if not order.first_frame:
            raise Refused(Outcome.ANIMATED)
        found.add(Kind.ANIMATION)
    profile, beside = image.info.get("icc_profile"), exif.read(_exif(image))
    if profile:
        found.add(Kind.PROFILE)
    if image.info.get("xmp"):
        found.add(Kind.XMP)
    return Source(
        image,
        len(octets),
        found | beside.kinds(),
        beside.orientation,
        profile if isinstance(profile, bytes) else None,
        facts=beside.facts(order.keep),
    )


def _exif(image: AvifImagePlugin.AvifImageFile) -> bytes:
    octets = image.info.get("exif")
    return octets.removeprefix(b"Exif\0\0") if isinstance(octets, bytes) else b""


def _kind_of(box: bytes) -> Kind | None:
    if box in _PICTURE_BOXES:
        return None
    return Kind.PROVENANCE if box in _PROVENANCE_BOXES else Kind.TRAILING_DATA


def _boxes(octets: bytes) -> Iterator[bytes]:
    """The name of each box of the outermost row; junk at the end counts as one."""
    at = 0
    for _ in range(_MAX_BOXES):
        if at >= len(octets):
            return
        length = int.from_bytes(octets[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(octets[at + 8 : at + 16], "big")
        yield octets[at + 4 : at + 8]
        if length < 8:  # noqa: PLR2004 - 0: to the end of the file; else broken
            return
        at += length
