"""Reads an AVIF: boxes, of which one holds items, of which one is the picture.

    ftyp | meta: items, their places, properties | mdat: coded picture, EXIF, XMP | rest

Items refer to one another, so the decoder is shown the whole file. It runs in one thread: the
sandbox has no other. Its turns and mirrors come back as an EXIF orientation.
"""

import io

from PIL import AvifImagePlugin

from mustshare_api.media import exif, items, nclx
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.sniff import Format
from mustshare_api.media.source import Source

AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def read(octets: bytes, order: Order) -> Source:
    """Opens the primary picture of an AVIF without decoding it.

    Raises:
        Refused: It is animated and the reporter did not say that one frame is enough.
    """
    image = AvifImagePlugin.AvifImageFile(io.BytesIO(octets))
    beside = items.look(octets, Format.AVIF)
    found = beside.found
    if image.n_frames > 1:
        if not order.first_frame:
            raise Refused(Outcome.ANIMATED)
        found.add(Kind.ANIMATION)
    if image.info.get("xmp"):
        found.add(Kind.XMP)
    return Source(
        image,
        len(octets),
        found,
        exif.read(_exif(image)).orientation,
        _profile(image.info.get("icc_profile"), beside.nclx),
        facts=beside.tags.facts(order.keep),
    )


def _profile(given: object, numbers: tuple[int, int] | None) -> bytes | None:
    if isinstance(given, bytes) and given:
        return given
    return nclx.profile(*numbers) if numbers else None


def _exif(image: AvifImagePlugin.AvifImageFile) -> bytes:
    octets = image.info.get("exif")
    return octets.removeprefix(b"Exif\0\0") if isinstance(octets, bytes) else b""
