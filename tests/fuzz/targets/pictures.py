"""The walkers over pictures: what runs before a decoder sees anything.

They run in a locked-down child, where a hostile file may pick any exception that a slip of
arithmetic gives, and `redraw` turns each into "cannot be drawn". So those are what refuses
here; that it takes no more time and memory than the file is long for is what is tried.
"""

import struct
from collections.abc import Callable

from mustshare_api.media import boxes, exif, gif, items, jpeg, png, sniff, turned_away, webp
from mustshare_api.media.facts import Keep, Precision
from mustshare_api.media.report import Refused
from mustshare_api.media.sniff import Format
from tests.fuzz.harness import Target
from tests.pictures import drawn, heifs, others
from tests.pictures import exif as tags
from tests.pictures.marks import MARK

SLIPS = (Refused, ValueError, IndexError, KeyError, struct.error)
SIZE = (16, 16)


def walked(walk: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """A walker as a target reads: whatever it takes to draw was within the file."""

    def read(octets: bytes) -> None:
        draws: list[bytes | memoryview] = getattr(walk(octets), "draws", [])
        if sum(map(len, draws)) > len(octets) + 64:
            raise AssertionError

    return read


def read_exif(octets: bytes) -> None:
    """Every question that is asked of one."""
    found = exif.read(octets)
    found.kinds()
    found.facts(Keep(Precision.EXACT, time=True))
    if found.orientation not in range(1, 9):
        raise AssertionError


def read_items(octets: bytes) -> None:
    """Boxes, items and what is beside the picture, as of both kinds of file."""
    read = boxes.read_items(octets)
    for item in list(read.places)[:64]:
        if len(read.body(octets, item)) > 2 * len(octets):
            raise AssertionError
    for form in (Format.HEIC, Format.AVIF):
        items.look(octets, form)


def read_shown(octets: bytes) -> None:
    """What a decoder is shown keeps every place where it was."""
    if len(items.shown(octets)) > len(octets):
        raise AssertionError


def read_head(octets: bytes) -> None:
    """Any beginning has an answer: a format, or a refusal that names what it is."""
    kind = sniff.sniff(octets)
    turned_away.refusal(octets, kind)


def small(form: str, **settings: object) -> bytes:
    """A picture of 16 by 16."""
    picture = drawn.scene(SIZE)
    return drawn.encoded(picture.quantize(16) if form == "GIF" else picture, form, **settings)


def heic() -> bytes:
    """Its boxes; the coded picture is cut to nothing, since no walker reads it."""
    exif_item = heifs.Item(b"Exif", b"\0\0\0\6Exif\0\0" + tags.full())
    return heifs.built(heifs.picture("other"), exif_item)


FORMATS = {"jpeg": jpeg, "png": png, "gif": gif, "webp": webp}
SMALL = {
    "jpeg": lambda: {"exif": small("JPEG", exif=b"Exif\0\0" + tags.full(), quality=30)},
    "png": lambda: {"exif": small("PNG", exif=tags.full())},
    "gif": lambda: {"comment": small("GIF", comment=MARK)},
    "webp": lambda: {"exif": small("WEBP", exif=b"Exif\0\0" + tags.full())},
}
WALKERS = tuple(
    Target(
        *(name, walked(module._walk), SLIPS, SMALL[name]),
        words=(
            b"\xff\xd8",
            b"\xff\xda",
            b"\xff\xe1",
            b"IDAT",
            b"acTL",
            b"VP8X",
            b"ANIM",
            b"!\xf9",
        ),
    )
    for name, module in FORMATS.items()
)
TARGETS = (
    *WALKERS,
    Target(
        *("exif", read_exif, SLIPS),
        lambda: {"full": tags.full(6, b"thumbnail")},
        words=(b"II*\0", b"MM\0*", b"\x12\x01", b"\x25\x88"),
    ),
    Target(
        *("items", read_items, SLIPS),
        lambda: {"heic": heic(), "avif": small("AVIF", exif=tags.full())},
        words=(
            b"meta",
            b"iloc",
            b"iinf",
            b"infe",
            b"iref",
            b"ipco",
            b"ipma",
            b"idat",
            b"\0\0\0\1",
        ),
    ),
    Target(
        *("shown", read_shown, SLIPS),
        lambda: {"avif": small("AVIF")},
        words=(b"ftyp", b"meta", b"mdat", b"\0\0\0\1"),
    ),
    Target(
        *("sniff", read_head, ()),
        lambda: {
            form: others.plain(form)[:512] for form in ("WEBP", "GIF", "TIFF", "BMP", "AVIF")
        },
        2048,
        (b"ftyp", b"heic", b"avif", b"qt  ", b"OggS", b"OpusHead", b"\xff\xfb", b"%PDF-"),
    ),
)
