"""HEIC files, built box by box.

    ftyp | meta: hdlr pitm iinf iref iprp iloc idat | mdat | whatever follows

Our decoder can't encode, and the encoder that can is under the GPL, so what is coded lies in
`hevc/`, each file a decoder's set-up (two octets of length, then an `hvcC` body) and one coded
picture: `scene`, `deep` (the scene in 10 bit), `other` (one colour), `mask` (left half black)
and `grain` (512 x 512). They were made with pillow-heif of `drawn.scene()` and the like; all
around them is made here.
"""

import struct
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.pictures import drawn
from tests.pictures.jpegs import srgb

SRGB = (1, 13, 6)
GRAIN = (512, 512)
ALPHA = b"urn:mpeg:hevc:2015:auxid:1\0"


@dataclass(frozen=True)
class Item:
    """One item: its number is its place in the file's row, from 1."""

    kind: bytes
    body: bytes
    properties: tuple[bytes, ...] = ()
    references: tuple[tuple[bytes, tuple[int, ...]], ...] = ()
    behind_kind: bytes = b"\0"
    """The item's name and, for `mime`, its type."""

    in_idat: bool = False


@dataclass(frozen=True)
class Around:
    """What stands around and between the items."""

    brands: bytes = b"mif1heic"
    handler: bytes = b"\0"
    before: bytes = b""
    slack: bytes = b""
    after: bytes = b""
    unowned: tuple[bytes, ...] = field(default=())


BARE = Around()


def box(name: bytes, body: bytes) -> bytes:
    """A box."""
    return struct.pack(">L", len(body) + 8) + name + body


def full_box(name: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(name, bytes([version]) + flags.to_bytes(3, "big") + body)


@cache
def coded(name: str) -> tuple[bytes, bytes]:
    """A decoder's set-up and a coded picture."""
    octets = (Path(__file__).parent / "hevc" / f"{name}.bin").read_bytes()
    (length,) = struct.unpack_from(">H", octets)
    return octets[2 : 2 + length], octets[2 + length :]


def ispe(width: int, height: int) -> bytes:
    """How large a picture says it is."""
    return full_box(b"ispe", struct.pack(">2L", width, height))


def nclx(primaries: int, transfer: int, matrix: int, *, full_range: bool = True) -> bytes:
    """Colours by number."""
    numbers = struct.pack(">3HB", primaries, transfer, matrix, full_range << 7)
    return box(b"colr", b"nclx" + numbers)


def picture(
    name: str = "scene",
    *extra: bytes,
    size: tuple[int, int] = drawn.SIZE,
    colours: bytes = nclx(*SRGB),
    references: tuple[tuple[bytes, tuple[int, ...]], ...] = (),
    tail: bytes = b"",
) -> Item:
    """An item with a coded picture."""
    setup, body = coded(name)
    properties = (box(b"hvcC", setup), ispe(*size), colours, *extra)
    return Item(b"hvc1", body + tail, properties, references)


def built(*items: Item, primary: int = 1, around: Around = BARE) -> bytes:
    """A HEIC of these items."""
    head = box(b"ftyp", b"heic\0\0\0\0" + around.brands) + around.before
    meta_bytes = len(_meta(items, primary, around, 0))
    meta = _meta(items, primary, around, len(head) + meta_bytes + 8)
    bodies = b"".join(item.body for item in items if not item.in_idat)
    return head + meta + box(b"mdat", bodies + around.slack) + around.after


def plain(*extra: bytes, name: str = "scene", colours: bytes = nclx(*SRGB)) -> bytes:
    """The scene without anything beside it."""
    return built(picture(name, *extra, colours=colours))


def grid(
    columns: int, rows: int, *, name: str = "grain", tile: tuple[int, int] = GRAIN,
    says: tuple[int, int] | None = None,
) -> bytes:  # fmt: skip
    """A picture of equal tiles, as phones write theirs."""
    width, height = says or (columns * tile[0], rows * tile[1])
    tiles = tuple(range(2, 2 + columns * rows))
    body = struct.pack(">4B2L", 0, 1, rows - 1, columns - 1, width, height)
    whole = Item(b"grid", body, (ispe(width, height),), ((b"dimg", tiles),), in_idat=True)
    one = picture(name, size=tile)
    return built(whole, *[one] * len(tiles))


def see_through() -> bytes:
    """The scene with its left half hidden by an alpha picture."""
    alpha = picture("mask", full_box(b"auxC", ALPHA), references=((b"auxl", (1,)),))
    return built(picture(), alpha)


def profile(octets: bytes | None = None) -> bytes:
    """A colour profile."""
    return box(b"colr", b"prof" + (octets or srgb()))


def _meta(items: tuple[Item, ...], primary: int, around: Around, data_at: int) -> bytes:
    idat = b"".join(item.body for item in items if item.in_idat)
    handler = full_box(b"hdlr", b"\0\0\0\0pict" + bytes(12) + around.handler)
    inner = [
        handler,
        full_box(b"pitm", struct.pack(">H", primary)),
        full_box(b"iinf", struct.pack(">H", len(items)) + _kinds(items)),
        full_box(b"iref", _references(items)),
        _properties(items, around),
        _places(items, data_at),
    ]
    return full_box(b"meta", b"".join(inner) + (box(b"idat", idat) if idat else b""))


def _kinds(items: tuple[Item, ...]) -> bytes:
    return b"".join(
        full_box(b"infe", struct.pack(">HH", n, 0) + item.kind + item.behind_kind, 2)
        for n, item in enumerate(items, 1)
    )


def _references(items: tuple[Item, ...]) -> bytes:
    return b"".join(
        box(name, struct.pack(f">HH{len(to)}H", n, len(to), *to))
        for n, item in enumerate(items, 1)
        for name, to in item.references
    )


def _properties(items: tuple[Item, ...], around: Around) -> bytes:
    row = list(dict.fromkeys(p for item in items for p in item.properties))
    owners = b"".join(
        struct.pack(">HB", n, len(item.properties))
        + bytes(row.index(p) + 1 for p in item.properties)
        for n, item in enumerate(items, 1)
    )
    contents = box(b"ipco", b"".join([*row, *around.unowned]))
    return box(b"iprp", contents + full_box(b"ipma", struct.pack(">L", len(items)) + owners))


def _places(items: tuple[Item, ...], data_at: int) -> bytes:
    """Version 1: two places to lie in, offsets and lengths of four octets."""
    at = {False: data_at, True: 0}
    entries = b""
    for n, item in enumerate(items, 1):
        where = at[item.in_idat]
        entries += struct.pack(">4H2L", n, item.in_idat, 0, 1, where, len(item.body))
        at[item.in_idat] += len(item.body)
    return full_box(b"iloc", b"\x44\0" + struct.pack(">H", len(items)) + entries, 1)
