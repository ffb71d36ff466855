"""What an AVIF or HEIF holds beside its picture, told from the items and boxes of the file.

Both containers are one; they differ in the codec. Of several pictures in a file only the
primary one is drawn, and what belongs to it: its tiles and its transparency.
"""

from dataclasses import dataclass, field

from mustshare_api.media import bounds, exif
from mustshare_api.media.boxes import Items, Span, boxes, read_items
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Outcome, Refused
from mustshare_api.media.sniff import Format

_PICTURE_BOXES = frozenset({b"ftyp", b"meta", b"mdat"})
_PROVENANCE_BOXES = frozenset({b"uuid", b"jumb"})
_PADDING_BOXES = frozenset({b"free", b"skip"})
_FILM_BOXES = frozenset({b"moov", b"moof"})
_PICTURES = frozenset(
    {b"hvc1", b"hev1", b"av01", b"avc1", b"vvc1", b"jpeg", b"j2k1", b"grid", b"iden", b"iovl"}
    | {b"tmap", b"unci", b"lhv1"}
)
_WORDS = {b"udes": Kind.TEXT, b"crtt": Kind.TIME, b"mdft": Kind.TIME, b"altt": Kind.TEXT}
_HIDES_NOTHING = frozenset(
    {b"ispe", b"colr", b"irot", b"imir", b"clap", b"pasp", b"pixi", b"hvcC", b"av1C", b"auxC"}
    | {b"a1op", b"a1lx", b"lsel", b"clli", b"mdcv", b"cclv", b"amve", b"reve", b"ndwt", b"rloc"}
    | {b"avcC", b"vvcC", b"lhvC", b"oinf", b"tols", b"free", b"skip", b"uuid"}
)
_MOST_EXIF = 16
"""No camera writes two; each may be as long as the file, and all of them the same octets."""

_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")


@dataclass(slots=True)
class Beside:
    """What was found, and the two things that change how the picture looks or is kept."""

    found: set[Kind] = field(default_factory=set[Kind])
    tags: exif.Exif = field(default_factory=exif.Exif)
    nclx: tuple[int, int] | None = None
    """Numbers of the primaries and the transfer curve, by ITU-T H.273."""

    has_film: bool = False


def look(octets: bytes, form: Format) -> Beside:
    """Looks through a file, decoding nothing.

    Raises:
        Refused: Some picture in it says that it is larger than may be drawn, or of no size.
    """
    items = read_items(octets)
    beside = Beside()
    _look_at_boxes(octets, beside)
    _look_at_properties(octets, items, beside, form)
    _look_at_items(octets, items, beside)
    return beside


def shown(octets: bytes) -> bytes:
    """The file as the decoder is shown it: every place as it was, other boxes made `free`.

    Kept are the first `ftyp`, the first `meta` and each `mdat` up to a second file's start.
    """
    blanked = bytearray(octets)
    names: set[bytes] = set()
    at = 0
    for name, (start, end) in boxes(octets):
        again = name in names
        if name == b"ftyp" and again:
            return bytes(blanked[:at])
        names.add(name)
        if end < start:  # half a head, as when a few octets hang on behind
            blanked[at:] = bytes(len(octets) - at)
        elif name not in _PICTURE_BOXES or (name == b"meta" and again):
            blanked[at + 4 : at + 8] = b"free"
            blanked[start:end] = bytes(end - start)
        at = end
    return bytes(blanked)


def _look_at_boxes(octets: bytes, beside: Beside) -> None:
    names: set[bytes] = set()
    for name, (start, end) in boxes(octets):
        beside.has_film = beside.has_film or name in _FILM_BOXES
        if name in _PROVENANCE_BOXES:
            beside.found.add(Kind.PROVENANCE)
        elif name in _PADDING_BOXES:
            if octets[start:end].strip(b"\0"):
                beside.found.add(Kind.OTHER)
        elif name not in _PICTURE_BOXES | _FILM_BOXES or (name in names and name == b"meta"):
            beside.found.add(Kind.TRAILING_DATA)
        names.add(name)


def _look_at_properties(octets: bytes, items: Items, beside: Beside, form: Format) -> None:
    for name, (start, end) in items.properties:
        if name == b"ispe":
            _check_size(form, *_pair(octets, start + 4))
        elif name == b"colr" and octets[start : start + 4] in {b"prof", b"rICC"}:
            beside.found.add(Kind.PROFILE)
        elif name == b"uuid":
            beside.found.add(Kind.OTHER)
        elif name in _WORDS:
            beside.found.add(_WORDS[name])
        elif name not in _HIDES_NOTHING and end > start:
            beside.found.add(Kind.OTHER)
    for name, (start, end) in items.properties_of(items.primary):
        if name == b"colr" and octets[start:end].startswith(b"nclx"):
            beside.nclx = _shorts(octets, start + 4)


def _look_at_items(octets: bytes, items: Items, beside: Beside) -> None:
    drawn = _drawn(octets, items)
    if any(end > len(octets) for item in drawn for _, end in items.places.get(item, ())):
        raise Refused(Outcome.UNDECODABLE)  # decoders may pass half a picture off as a whole
    small = {owner for name, owner, _ in items.references if name == b"thmb"}
    if sum(kind == b"Exif" for kind in items.kinds.values()) > _MOST_EXIF:
        raise Refused(Outcome.UNDECODABLE)
    for item, kind in items.kinds.items():
        if kind == b"Exif":
            _look_at_exif(items.body(octets, item), beside)
        elif kind == b"mime":
            beside.found.add(Kind.XMP)
        elif kind in _PICTURES:
            if kind == b"grid":
                _check_grid(items.body(octets, item), items.tiles_of(item))
            if item not in drawn:
                small_one = item in small or kind == b"jpeg"
                beside.found.add(Kind.THUMBNAIL if small_one else Kind.SECOND_PICTURE)
        else:
            beside.found.add(Kind.OTHER)


def _drawn(octets: bytes, items: Items) -> set[int]:
    """The primary picture, the pictures it is put together from, and those items' alpha."""
    drawn, fresh = set[int](), {items.primary}
    while fresh:
        drawn |= fresh
        parts = {
            part
            for name, owner, to in items.references
            for part in to
            if name == b"dimg" and owner in fresh
        }
        alphas = {
            owner
            for name, owner, to in items.references
            if name == b"auxl" and fresh & set(to) and _is_alpha(octets, items, owner)
        }
        fresh = (parts | alphas) - drawn
    return drawn


def _is_alpha(octets: bytes, items: Items, item: int) -> bool:
    return any(
        name == b"auxC" and octets[start + 4 : end].startswith(_ALPHA)
        for name, (start, end) in items.properties_of(item)
    )


def _look_at_exif(body: bytes, beside: Beside) -> None:
    """The item begins with the distance to its TIFF header, past an optional `Exif`."""
    read = exif.read(body[4 + int.from_bytes(body[:4], "big") :])
    beside.found |= read.kinds()
    if not beside.tags.main.entries:
        beside.tags = read
    if not read.main.entries and body.strip(b"\0"):
        beside.found.add(Kind.OTHER)


def _check_grid(body: bytes, tiles: int) -> None:
    """Version, flags, rows - 1, columns - 1, then width and height in two or four octets."""
    wide = 4 if body[1:2] > b"\0" else 2
    width = int.from_bytes(body[4 : 4 + wide], "big")
    height = int.from_bytes(body[4 + wide : 4 + 2 * wide], "big")
    _check_size(Format.HEIC, width, height)
    if tiles != (1 + int.from_bytes(body[2:3])) * (1 + int.from_bytes(body[3:4])):
        raise Refused(Outcome.UNDECODABLE)


def _check_size(form: Format, width: int, height: int) -> None:
    if not (width and height):
        raise Refused(Outcome.UNDECODABLE)
    if not bounds.drawable(form, width, height):
        raise Refused(Outcome.TOO_MANY_PIXELS)


def _pair(octets: bytes, at: int) -> Span:
    return (
        int.from_bytes(octets[at : at + 4], "big"),
        int.from_bytes(octets[at + 4 : at + 8], "big"),
    )


def _shorts(octets: bytes, at: int) -> tuple[int, int]:
    return (
        int.from_bytes(octets[at : at + 2], "big"),
        int.from_bytes(octets[at + 2 : at + 4], "big"),
    )
