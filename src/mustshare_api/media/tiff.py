"""Reads a TIFF: scans, exports, and what cameras and faxes call a page.

    II 42 first | directory: tags of picture and metadata alike | next directory ...

Picture and metadata share one list of tags, so the decoder is shown the whole file; what it
finds ends with the child. It turns the picture upright by itself.
"""

import io

from PIL import TiffImagePlugin

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.source import Source

_LOSSY = frozenset({"jpeg", "tiff_jpeg", "webp", "jpeg2000"})


def read(octets: bytes, order: Order) -> Source:
    """Opens the first page of a TIFF without decoding it.

    Raises:
        Refused: It has several and the reporter did not say that one is enough.
    """
    image = TiffImagePlugin.TiffImageFile(io.BytesIO(octets))
    beside = exif.read(octets)
    found = beside.kinds() - {Kind.THUMBNAIL}
    if image.n_frames > 1:
        if not order.first_frame:
            raise Refused(Outcome.MULTI_IMAGE)
        found.add(Kind.SECOND_PICTURE)
    profile = image.info.get("icc_profile")
    return Source(
        image,
        0,
        found,
        profile=profile if isinstance(profile, bytes) else None,
        lossless=image.info.get("compression") not in _LOSSY,
        facts=beside.facts(order.keep),
    )
