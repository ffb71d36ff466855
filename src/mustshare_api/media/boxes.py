"""Walks the boxes of AVIF and HEIF, and lists the items that one of them holds.

    ftyp | meta | mdat: coded pictures, EXIF, XMP | moov: films | free, uuid, whatever
           |
           +-- pitm  which item is the picture
           +-- iinf  what each item is       hvc1, av01, grid, Exif, mime ...
           +-- iref  who belongs to whom     thmb, auxl, cdsc, dimg ...
           +-- iprp  properties, and whose   ispe, colr, irot, auxC ...
           +-- iloc  where each item's octets are: in the file, or in `idat`

Only the child calls this, on the sender's bytes. No length is believed further than the file
goes, no walk is longer than `_MOST`, and nothing is followed twice. Where entries may be of no
length at all, all of them together are counted: 148 octets once claimed 380,000 pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

_MOST = 20_000
"""A 48 MP phone picture has some 200 items with as many properties each way."""

_MOST_REFERENCES = 2_000
"""Whoever asks what is drawn goes through them once for each picture that is put together."""

_IN_IDAT = 1
_WIDE_ID_SINCE = 2
"""Version of `iloc` and `infe` from which item numbers may have four octets."""

Span = tuple[int, int]
"""Where a body begins and ends."""


@dataclass(slots=True)
class Items:
    """What the first `meta` box says of its items."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict[int, bytes])
    references: list[tuple[bytes, int, list[int]]] = field(
        default_factory=list[tuple[bytes, int, list[int]]]
    )
    properties: list[tuple[bytes, Span]] = field(default_factory=list[tuple[bytes, Span]])
    owned: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    places: dict[int, list[Span]] = field(default_factory=dict[int, list[Span]])

    def body(self, octets: bytes, item: int) -> bytes:
        """An item's octets, its pieces put together; never more than the file has."""
        pieces: list[bytes] = []
        left = len(octets)
        for start, end in self.places.get(item, ()):
            pieces.append(octets[start:end][:left])
            left -= len(pieces[-1])
        return b"".join(pieces)

    def tiles_of(self, item: int) -> int:
        """How many pictures one is put together from."""
        return sum(
            len(to) for name, owner, to in self.references if (name, owner) == (b"dimg", item)
        )

    def properties_of(self, item: int) -> Iterator[tuple[bytes, Span]]:
        """An item's properties, in its own order."""
        for index in self.owned.get(item, ()):
            if 0 < index <= len(self.properties):
                yield self.properties[index - 1]


def boxes(
    octets: bytes, start: int = 0, end: int | None = None
) -> Iterator[tuple[bytes, Span]]:
    """Name and body of each box in a row; junk at the end counts as one."""
    stop = len(octets) if end is None else min(end, len(octets))
    for _ in range(_MOST):
        if start >= stop:
            return
        length, head = _number(octets, start, 4), 8
        if length == 1:
            length, head = _number(octets, start + 8, 8), 16
        elif length == 0:
            length = stop - start
        yield octets[start + 4 : start + 8], (start + head, min(start + length, stop))
        if length < head:
            return
        start += length


def read_items(octets: bytes) -> Items:
    """The items of a file; none where it has no `meta`."""
    items = Items()
    for name, (start, end) in boxes(octets):
        if name == b"meta":
            _read_meta(octets, items, (start + 4, end))
            break
    return items


def _read_meta(octets: bytes, items: Items, span: Span) -> None:
    inner: dict[bytes, Span] = {}
    for name, body in boxes(octets, *span):
        inner.setdefault(name, body)
    if b"pitm" in inner:
        start = inner[b"pitm"][0]
        items.primary = _number(octets, start + 4, 4 if octets[start] else 2)
    if b"iinf" in inner:
        _read_kinds(octets, items, inner[b"iinf"])
    if b"iref" in inner:
        _read_references(octets, items, inner[b"iref"])
    if b"iprp" in inner:
        _read_properties(octets, items, inner[b"iprp"])
    if b"iloc" in inner:
        _read_places(octets, items, inner[b"iloc"], inner.get(b"idat", (0, 0)))


def _read_kinds(octets: bytes, items: Items, span: Span) -> None:
    start, end = span
    first = start + (8 if octets[start] else 6)
    for name, (at, _) in boxes(octets, first, end):
        if name == b"infe" and octets[at] >= _WIDE_ID_SINCE:
            wide = 4 if octets[at] > _WIDE_ID_SINCE else 2
            after = at + 4 + wide + 2
            items.kinds[_number(octets, at + 4, wide)] = octets[after : after + 4]


def _read_references(octets: bytes, items: Items, span: Span) -> None:
    wide = 4 if octets[span[0]] else 2
    for name, (at, end) in islice(boxes(octets, span[0] + 4, span[1]), _MOST_REFERENCES):
        count = min(_number(octets, at + wide, 2), _MOST, (end - at) // wide)
        first = at + wide + 2
        to = [_number(octets, first + n * wide, wide) for n in range(count)]
        items.references.append((name, _number(octets, at, wide), to))


def _read_properties(octets: bytes, items: Items, span: Span) -> None:
    for name, (start, end) in boxes(octets, *span):
        if name == b"ipco":
            items.properties = list(boxes(octets, start, end))
        elif name == b"ipma":
            _read_owners(octets, items, (start, end))


def _read_owners(octets: bytes, items: Items, span: Span) -> None:
    at, end = span
    id_bytes = 4 if octets[at] else 2
    index_bytes = 2 if octets[at + 3] & 1 else 1
    count, at = _number(octets, at + 4, 4), at + 8
    for _ in range(min(count, _MOST)):
        if at + id_bytes >= end:
            return
        owner = _number(octets, at, id_bytes)
        many, at = octets[at + id_bytes], at + id_bytes + 1
        mask = (1 << (8 * index_bytes - 1)) - 1
        owned = items.owned.setdefault(owner, [])
        owned += [
            _number(octets, at + n * index_bytes, index_bytes) & mask for n in range(many)
        ]
        at += many * index_bytes


def _read_places(octets: bytes, items: Items, span: Span, idat: Span) -> None:
    at, end = span
    version = octets[at]
    offset_bytes, length_bytes = divmod(octets[at + 4], 16)
    base_bytes, index_bytes = divmod(octets[at + 5], 16)
    wide = 4 if version >= _WIDE_ID_SINCE else 2
    count, at = _number(octets, at + 6, wide), at + 6 + wide
    left = _MOST
    for _ in range(min(count, _MOST)):
        if at >= end:
            return
        item, at = _number(octets, at, wide), at + wide
        method = _number(octets, at, 2) & 15 if version else 0
        at += 4 if version else 2
        base, at = _number(octets, at, base_bytes), at + base_bytes
        base += idat[0] if method == _IN_IDAT else 0
        pieces, at = _number(octets, at, 2), at + 2
        for _ in range(pieces):
            if at >= end or not left:
                return
            left -= 1
            at += index_bytes if version else 0
            start, at = base + _number(octets, at, offset_bytes), at + offset_bytes
            length, at = _number(octets, at, length_bytes), at + length_bytes
            if method != _IN_IDAT or start + length <= idat[1]:
                items.places.setdefault(item, []).append((start, start + length))


def _number(octets: bytes, at: int, size: int) -> int:
    return int.from_bytes(octets[at : at + size], "big")
