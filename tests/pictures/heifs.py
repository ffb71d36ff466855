"""HEIC files, built box by box, with a mark in every place that the format has for one.

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

from tests.pictures import drawn, exif
from tests.pictures.jpegs import srgb
from tests.pictures.marks import MARK

XMP = b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>"
SRGB = (1, 13, 6)
GRAIN = (512, 512)
GAIN_MAP = b"urn:com:apple:photo:2020:aux:hdrgainmap\0"
DEPTH = b"urn:mpeg:hevc:2015:auxid:2\0"
ALPHA = b"urn:mpeg:hevc:2015:auxid:1\0"
Planted = dict[str, tuple[bytes, str | None]]


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


def phone() -> bytes:
    """What a phone sends: position, thumbnail, gain map, profile."""
    return built(picture(colours=profile()), _exif(), _thumbnail(), _aux(GAIN_MAP))


def profile(octets: bytes | None = None) -> bytes:
    """A colour profile."""
    return box(b"colr", b"prof" + (octets or srgb()))


def planted() -> Planted:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    return _in_items() | _in_pictures() | _in_properties() | _in_boxes()


def _in_items() -> Planted:
    def beside(*items: Item) -> bytes:
        return built(picture(), *items)

    cdsc = ((b"cdsc", (1,)),)
    in_idat = Item(b"Exif", b"\0\0\0\0" + exif.full(), (), cdsc, in_idat=True)
    words = Item(b"mime", MARK, (), cdsc, b"\0text/plain\0")
    return {
        "heic exif": (beside(_exif()), "location"),
        "heic exif in idat": (beside(in_idat), "camera"),
        "heic exif that is none": (
            beside(Item(b"Exif", b"\0\0\0\0" + MARK, (), cdsc)),
            "other",
        ),
        "heic second exif": (beside(Item(b"Exif", b"\0\0\0\0II*\0"), _exif()), "location"),
        "heic xmp": (beside(_xmp()), "xmp"),
        "heic words": (beside(words), "xmp"),
        "heic own item": (beside(Item(b"ABCD", MARK)), "other"),
        "heic uri item": (beside(Item(b"uri ", MARK, (), (), b"\0urn:x\0")), "other"),
        "heic item name": (built(_named(MARK)), None),
        "heic item nobody names": (beside(Item(b"hvc1", MARK)), "second_picture"),
    }


def _in_pictures() -> Planted:
    sei = b"\x4e\x01\x05" + bytes([16 + len(MARK)]) + bytes(16) + MARK + b"\x80"
    nal = struct.pack(">L", len(sei)) + sei
    setup, body = coded("scene")
    first = Item(b"hvc1", nal + body, (box(b"hvcC", setup), ispe(*drawn.SIZE), nclx(*SRGB)))
    array = setup[:22] + bytes([setup[22] + 1]) + setup[23:]
    array += b"\xa7\0\x01" + struct.pack(">H", len(sei)) + sei
    second = picture("other", tail=MARK)
    return {
        "heic thumbnail": (built(picture(), _thumbnail()), "thumbnail"),
        "heic jpeg thumbnail": (
            built(picture(), Item(b"jpeg", MARK, (), ((b"thmb", (1,)),))),
            "thumbnail",
        ),
        "heic depth": (built(picture(), _aux(DEPTH)), "second_picture"),
        "heic gain map": (built(picture(), _aux(GAIN_MAP)), "second_picture"),
        "heic tone map": (
            built(picture(), Item(b"tmap", MARK, (), ((b"dimg", (1,)),))),
            "second_picture",
        ),
        "heic second picture": (built(picture(), second), "second_picture"),
        "heic first picture is not it": (
            built(picture("other", tail=MARK), picture(), primary=2),
            "second_picture",
        ),
        "heic sei": (built(first), None),
        "heic sei in its set-up": (
            built(Item(b"hvc1", body, (box(b"hvcC", array), ispe(*drawn.SIZE), nclx(*SRGB)))),
            None,
        ),
    }


def _in_properties() -> Planted:
    mark = MARK + b"\0"
    described = full_box(b"udes", b"th\0" + mark + mark + mark)
    return {
        "heic profile": (plain(colours=profile(srgb()[:-30] + MARK + b"\0" * 6)), "profile"),
        "heic description": (plain(described), "text"),
        "heic own property": (plain(box(b"ABCD", MARK)), "other"),
        "heic uuid property": (plain(box(b"uuid", MARK)), "other"),
        "heic aux type": (built(picture(), _aux(b"urn:own:" + mark)), "second_picture"),
        "heic property of nobody": (
            built(picture(), around=Around(unowned=(box(b"ABCD", MARK),))),
            "other",
        ),
    }


def _in_boxes() -> Planted:
    def with_after(octets: bytes) -> bytes:
        return built(picture(), around=Around(after=octets))

    return {
        "heic brands": (built(picture(), around=Around(brands=b"mif1" + MARK)), None),
        "heic handler": (built(picture(), around=Around(handler=MARK + b"\0")), None),
        "heic before meta": (
            built(picture(), around=Around(before=box(b"free", MARK))),
            "other",
        ),
        "heic mdat slack": (built(picture(), around=Around(slack=MARK)), None),
        "heic free box": (with_after(box(b"free", MARK)), "other"),
        "heic skip box": (with_after(box(b"skip", MARK)), "other"),
        "heic second mdat": (with_after(box(b"mdat", MARK)), None),
        "heic second meta": (with_after(box(b"meta", MARK)), "trailing_data"),
        "heic udta": (with_after(box(b"udta", MARK)), "trailing_data"),
        "heic motion picture": (with_after(box(b"mpvd", MARK)), "trailing_data"),
        "heic uuid": (with_after(box(b"uuid", MARK)), "provenance"),
        "heic c2pa": (with_after(box(b"jumb", MARK)), "provenance"),
        "heic after the end": (with_after(MARK), "trailing_data"),
        "heic picture after the end": (with_after(phone()), "trailing_data"),
    }


def _exif() -> Item:
    return Item(b"Exif", b"\0\0\0\x06Exif\0\0" + exif.full(), (), ((b"cdsc", (1,)),))


def _xmp() -> Item:
    return Item(b"mime", XMP, (), ((b"cdsc", (1,)),), b"\0application/rdf+xml\0")


def _thumbnail() -> Item:
    return picture("other", references=((b"thmb", (1,)),), tail=MARK)


def _aux(what: bytes) -> Item:
    return picture("mask", full_box(b"auxC", what), references=((b"auxl", (1,)),), tail=MARK)


def _named(name: bytes) -> Item:
    first = picture()
    return Item(first.kind, first.body, first.properties, (), name + b"\0")


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
