"""How large a picture may be, before and after, and what one child may use up.

A 60,000-pixel side or a PNG that inflates to gigabytes is refused from the header, before a
byte is decoded. What slips past the header runs into the child's resource limits instead.
"""

from dataclasses import dataclass

from mustshare_api.media.sniff import Format

MAX_PIXELS = 120_000_000
"""Above the 108 MP that phones offer; a JPEG of that size is decoded at half scale."""

MAX_PIXELS_WITHOUT_SCALING = 50_000_000
"""Formats that can't be decoded at reduced scale must fit the child's memory whole."""

MAX_SIDE = 30_000
"""A panorama is this long, and no more."""

CANVAS_PIXELS = 16_000_000
"""What is kept: enough to read a number plate across a street, one phone sensor's worth."""

CANVAS_SIDE = 5_000
"""Longest side kept."""

EXACT_PIXELS = 6_000_000
"""Up to a tall phone screenshot, a lossless picture can stay lossless."""

EXACT_BYTES_PER_PIXEL = 0.8
"""Screens compress below this; photographs do not, and would come out huge as PNG."""

SMALL_PIXELS = 65_536
"""A lossless picture this small stays lossless whatever it shows."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost. Each default is several times what a real one needs."""

    source_bytes: int = 64 << 20
    result_bytes: int = 64 << 20
    memory_bytes: int = 768 << 20
    cpu_s: int = 20
    wall_s: float = 30.0
    open_files: int = 16
    threads: int = 1024
    """Of all that one user runs, where a decoder needs any: the kernel counts no other way."""


USUAL = Limits()


def drawable(kind: Format, width: int, height: int) -> bool:
    """Whether a picture of this size may be decoded at all."""
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        return False
    most = MAX_PIXELS if kind is Format.JPEG else MAX_PIXELS_WITHOUT_SCALING
    return width * height <= most


def fitted(width: int, height: int) -> tuple[int, int]:
    """The largest size of the same shape that the canvas takes."""
    shrink = min(
        1.0,
        (CANVAS_PIXELS / (width * height)) ** 0.5,
        CANVAS_SIDE / max(width, height),
    )
    return max(1, int(width * shrink)), max(1, int(height * shrink))


def stays_exact(width: int, height: int, picture_bytes: int) -> bool:
    """Whether a lossless picture comes out as PNG: screenshots do, photographs do not."""
    pixels = width * height
    if pixels <= SMALL_PIXELS:
        return True
    return pixels <= EXACT_PIXELS and picture_bytes < EXACT_BYTES_PER_PIXEL * pixels


def on_canvas(width: int, height: int) -> bool:
    """Whether a drawn picture has a size that `fitted` gives."""
    return (
        0 < width <= CANVAS_SIDE
        and 0 < height <= CANVAS_SIDE
        and width * height <= CANVAS_PIXELS
    )
