"""Decodes one picture and draws it anew. Runs in the child, and nowhere else in the service.

    1. read      by the one sniffed format; what is beside the picture is noted and left out
    2. bound     width and height from the header, before a pixel is decoded
    3. facts     what the reporter chose to keep, read by step 1 from what is left out
    4. decode    huge JPEGs at half scale; a picture cut off in the middle is none
    5. flatten   what is see-through is laid on white
    6. colour    to sRGB, and the profile is forgotten
    7. turn      the orientation is baked into the pixels
    8. fit       into 16 MP and 5,000 pixels a side
    9. rebuild   a new picture with the old one's pixels: savers copy what an old one carries
    10. encode   JPEG of quality 92, or PNG for screenshots and other small exact pictures

Any failure whatever means that the picture cannot be drawn: which of a decoder's hundred
errors it was helps nobody but the person who made the file.
"""

import io
from collections.abc import Callable
from typing import BinaryIO

from PIL import Image, JpegImagePlugin

from mustshare_api.media import (
    avif,
    bmp,
    bounds,
    colour,
    gif,
    heic,
    jpeg,
    png,
    room,
    tiff,
    webp,
)
from mustshare_api.media.kinds import Kind, to_bits
from mustshare_api.media.report import Media, Order, Outcome, Refused, Report
from mustshare_api.media.sniff import Format
from mustshare_api.media.source import Source

READERS: dict[Format, Callable[[bytes, Order], Source]] = {
    Format.JPEG: jpeg.read,
    Format.PNG: png.read,
    Format.WEBP: webp.read,
    Format.GIF: gif.read,
    Format.TIFF: tiff.read,
    Format.BMP: bmp.read,
    Format.AVIF: avif.read,
    Format.HEIC: heic.read,
}

Image.preinit()  # else the first save of each child looks for modules, and may open none
Image.MAX_IMAGE_PIXELS = bounds.MAX_PIXELS

_QUALITY = 92
"""41 dB and more on phone pictures: the text on a photographed document stays readable."""

_PIXEL_BYTES = 4
"""What Pillow takes for 8-bit RGB."""

_AVERAGED = frozenset({"RGB", "YCbCr", "L", "CMYK", "RGBA", "LA"})
"""Modes whose samples can be averaged as they are: no palette, no 16 bits."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def redraw(octets: bytes, order: Order, result: BinaryIO) -> Report:
    """The ten steps.

    Args:
        octets: The sender's file.
        order: What it is, and what the reporter chose.
        result: Where the new file goes; what is in it means nothing unless it was drawn.

    Returns:
        What to report.
    """
    try:
        return _redraw(octets, order, result)
    except Refused as refused:
        return Report(refused.outcome)
    except MemoryError:
        return Report(Outcome.TOO_MANY_PIXELS)
    except Exception:  # noqa: BLE001 - a hostile file picks the exception
        return Report(Outcome.UNDECODABLE)


def _redraw(octets: bytes, order: Order, result: BinaryIO) -> Report:
    reader = READERS.get(order.kind)
    if reader is None:
        raise Refused(Outcome.UNSUPPORTED)
    source = reader(octets, order)
    width, height = source.image.size
    if not bounds.drawable(order.kind, width, height):
        raise Refused(Outcome.TOO_MANY_PIXELS)
    image = _drawn(source)
    media = _encoded(image, source, result)
    return Report(Outcome.DRAWN, media, *image.size, to_bits(source.found), facts=source.facts)


def _drawn(source: Source) -> Image.Image:
    """Steps 4 to 9."""
    profile = None if colour.is_srgb(source.profile) else source.profile
    image = _decoded(source)
    if colour.is_see_through(image):
        source.found.add(Kind.TRANSPARENCY)
    if image.mode in _AVERAGED:  # sooner is cheaper, and memory is bounded
        image = _fitted(image)
    image = colour.to_rgb(image, profile)
    turn = _UPRIGHT.get(source.orientation)
    if turn is not None:  # FLIP_LEFT_RIGHT is 0
        image = image.transpose(turn)
    image = _fitted(image)
    return _rebuilt(image)


def _decoded(source: Source) -> Image.Image:
    image = source.image
    width, height = image.size
    room.make(_PIXEL_BYTES * width * height)
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        size = bounds.fitted(width, height)
        if size != image.size:
            image.draft(None, size)
    if not isinstance(image, Image.Image):
        return image.decoded()
    image.load()
    return image


def _fitted(image: Image.Image) -> Image.Image:
    size = bounds.fitted(*image.size)
    if size == image.size:
        return image
    by = Image.Resampling.LANCZOS
    return image.resize(size, by, reducing_gap=2.0)  # pyright: ignore[reportUnknownMemberType]


def _rebuilt(image: Image.Image) -> Image.Image:
    """A picture that has these pixels and no other attribute.

    `_new` on a blank image shares the C array of pixels, which has room for nothing else;
    copying it through `frombytes` would cost a tenth of the whole job. That no attribute
    comes along is not left to this line: the gate knows every octet before the scan.
    """
    blank = Image.Image()
    return blank._new(image.im)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _encoded(image: Image.Image, source: Source, result: BinaryIO) -> Media:
    """Step 10. An uncompressed source shows only as PNG whether it is a screenshot.

    A JPEG goes out as it is made: a photograph's megabytes are not gathered here first.
    """
    if source.lossless and bounds.stays_exact(*image.size, source.picture_bytes):
        drawn = io.BytesIO()
        image.save(drawn, "PNG")
        if source.picture_bytes or bounds.stays_exact(*image.size, drawn.tell()):
            write(result, drawn.getbuffer())
            return Media.PNG
    image.save(result, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return Media.JPEG


def write(result: BinaryIO, octets: memoryview) -> None:
    """All of them: a bare descriptor takes what it takes at a time."""
    while octets:
        octets = octets[result.write(octets) :]
