"""Reads a HEIC or HEIF: the primary picture, put together by the decoder from its tiles.

    ftyp | meta: items, their places, properties | mdat: HEVC, EXIF, XMP | rest

Items refer to one another by place, so the decoder is shown these three boxes where they lie,
and asked for one picture: thumbnails, depth and gain maps, other pictures and films are never
decoded. It turns and
mirrors by the file's own properties; EXIF's orientation is not looked at, as the format says.
Its HEVC part works in a thread of its own, which the sandbox of these children has room for.
"""

from typing import Any, cast

import pi_heif  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image

from mustshare_api.media import bounds, items, nclx
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Order, Outcome, Refused
from mustshare_api.media.sniff import Format
from mustshare_api.media.source import Source

_pi_heif = cast("Any", pi_heif)  # it has no types
_pi_heif.options.DECODE_THREADS = 1
_pi_heif.options.DEPTH_IMAGES = False
_pi_heif.options.AUX_IMAGES = False
_pi_heif.options.THUMBNAILS = False


class Coded:
    """The primary picture, not decoded yet."""

    def __init__(self, picture: Any) -> None:  # noqa: ANN401 - pi_heif's, which has no types
        self._picture = picture

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright."""
        width, height = self._picture.size
        return int(width), int(height)

    def decoded(self) -> Image.Image:
        """Its pixels; 10 and 12 bits come as 8."""
        coded = self._picture._c_image  # noqa: SLF001 - `data` would keep a second copy
        pixels: bytes = coded.data
        mode: str = self._picture.mode
        return Image.frombytes(mode, self.size, pixels, "raw", mode, coded.stride)


def read(octets: bytes, order: Order) -> Source:
    """Opens the primary picture of a HEIC without decoding it.

    Raises:
        Refused: It is a sequence and the reporter did not say that one frame is enough, or it
            says that it is larger than may be drawn.
    """
    beside = items.look(octets, Format.HEIC)
    if beside.has_film:
        if not order.first_frame:
            raise Refused(Outcome.ANIMATED)
        beside.found.add(Kind.ANIMATION)
    file = _pi_heif.HeifFile(items.shown(octets))
    picture = file[file.primary_index]
    if not bounds.drawable(Format.HEIC, *picture.size):
        raise Refused(Outcome.TOO_MANY_PIXELS)
    profile: bytes | None = picture.info.get("icc_profile")
    if not profile and beside.nclx:
        profile = nclx.profile(*beside.nclx)
    return Source(
        Coded(picture),
        len(octets),
        beside.found,
        profile=profile or None,
        facts=beside.tags.facts(order.keep),
    )
