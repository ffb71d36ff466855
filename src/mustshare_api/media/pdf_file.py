"""The one PDF that leaves here: pages that are pictures, and nothing beside them.

    %PDF-1.7
    1  catalog           refers to 2, and to nothing else
    2  pages             N kids
       for each page     picture: width, height, length, our canonical JPEG
                         page:    as large as its picture at 150 dots an inch
                         content: draws the picture over the page
    xref, trailer, startxref, %%EOF, end

No Info, no XMP, no file id, no dates, no fonts, no text, no object that is not drawn. `pieces`
is the only way to write one. The gate does not read a PDF as a reader does: it takes sizes from
where they must stand, writes the file again and compares, so that what a taken-over child can
choose is how many pages there are and what each JPEG shows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mustshare_api.errors import Unstrippable
from mustshare_api.media import bounds, gate

DOTS_PER_INCH = 150
"""Small print and stamps stay readable; a page of A4 has 2.2 megapixels."""

MAX_PAGES = 60
"""A contract with its annexes. Longer ones come in parts."""

_POINTS_PER_INCH = 72
_FIRST = 3
_EACH = 3
"""Objects before the pages (one more than there are), and for each page."""

_HEAD = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
_PICTURE = re.compile(
    rb"\d{1,3} 0 obj\n<</Type/XObject/Subtype/Image/Width (\d{1,4})/Height (\d{1,4})"
    rb"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length (\d{1,8})>>\nstream\n"
)
_COUNT = re.compile(rb"2 0 obj\n<</Type/Pages/Count (\d{1,2})/Kids\[")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: a JPEG as the gate for pictures lets it through, and its size in pixels."""

    width: int
    height: int
    jpeg: bytes


def pieces(pages: Sequence[Page]) -> Iterator[bytes]:
    """The octets of a PDF with these pages, in order."""
    offsets: list[int] = []
    at = 0
    for is_object, octets in _parts(pages):
        if is_object:
            offsets.append(at)
        at += len(octets)
        yield octets
    yield _end(offsets, at)


def check_pdf(octets: bytes, width: int, height: int) -> int:
    """Lets a PDF through if it is the very file that `pieces` writes of its pictures.

    Args:
        octets: What a child wrote.
        width: Of the first page in pixels, as the child reports it.
        height: Likewise.

    Returns:
        How many pages there are.

    Raises:
        Unstrippable: It is anything else.
    """
    pages = _pages(octets)
    if not pages or (pages[0].width, pages[0].height) != (width, height):
        raise Unstrippable
    at = 0
    for piece in pieces(pages):
        if not octets.startswith(piece, at):
            raise Unstrippable
        at += len(piece)
    if at != len(octets):
        raise Unstrippable
    return len(pages)


def _pages(octets: bytes) -> list[Page]:
    """The pages where they must stand, each picture checked; nothing between is looked at."""
    counted = _COUNT.match(octets, len(_HEAD))
    if counted is None or not 0 < int(counted[1]) <= MAX_PAGES:
        raise Unstrippable
    count = int(counted[1])
    at = len(_HEAD) + len(_kids(count))
    pages: list[Page] = []
    for number in range(count):
        found = _PICTURE.match(octets, at)
        if found is None:
            raise Unstrippable
        width, height, length = (int(group) for group in found.groups())
        jpeg = octets[found.end() : found.end() + length]
        if not bounds.on_canvas(width, height):
            raise Unstrippable
        gate.check_jpeg(jpeg, width, height)
        pages.append(Page(width, height, jpeg))
        at = found.end() + length + len(_after(number, width, height))
    return pages


def _parts(pages: Sequence[Page]) -> Iterator[tuple[bool, bytes]]:
    """Whether an object begins here, and octets."""
    head, first = _HEAD.split(b"1 0 obj", 1)
    yield False, head
    yield True, b"1 0 obj" + first
    yield True, _kids(len(pages))
    for number, page in enumerate(pages):
        yield True, _picture(number, page)
        yield False, page.jpeg
        for at, octets in enumerate(_rest(number, page.width, page.height)):
            yield at > 0, octets


def _kids(count: int) -> bytes:
    refs = b" ".join(b"%d 0 R" % (_FIRST + _EACH * n + 1) for n in range(count))
    return b"2 0 obj\n<</Type/Pages/Count %d/Kids[%b]>>\nendobj\n" % (count, refs)


def _picture(number: int, page: Page) -> bytes:
    return (
        b"%d 0 obj\n<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
        b"/BitsPerComponent 8/Filter/DCTDecode/Length %d>>\nstream\n"
        % (_FIRST + _EACH * number, page.width, page.height, len(page.jpeg))
    )


def _after(number: int, width: int, height: int) -> bytes:
    return b"".join(_rest(number, width, height))


def _rest(number: int, width: int, height: int) -> tuple[bytes, bytes, bytes]:
    """The picture's end; the page; what draws it."""
    own = _FIRST + _EACH * number
    size = _points(width), _points(height)
    drawn = b"%b 0 0 %b 0 0 cm/P Do" % size
    return (
        b"\nendstream\nendobj\n",
        b"%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b %b]"
        b"/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>\nendobj\n"
        % (own + 1, *size, own, own + 2),
        b"%d 0 obj\n<</Length %d>>\nstream\n%b\nendstream\nendobj\n"
        % (own + 2, len(drawn), drawn),
    )


def _points(pixels: int) -> bytes:
    """150 dots are 72 points, hence always two decimals."""
    hundredths = pixels * 100 * _POINTS_PER_INCH // DOTS_PER_INCH
    return b"%d.%02d" % divmod(hundredths, 100)


def _end(offsets: Sequence[int], at: int) -> bytes:
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(offsets) + 1
    return (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, rows, count, at)
    )
