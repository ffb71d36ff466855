"""PDFs that are locked, that never end, or that are far larger than they look."""

import zlib

from tests.documents.pdfs import CONTENT, FREE, PAGE, PICTURE, objects, stream, written


def locked() -> bytes:
    """Opens with a password that nobody has."""
    said = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%b>/U<%b>>>" % (b"5a" * 32, b"a5" * 32)
    return written(objects(), b"/Encrypt %b/ID[(0123456789abcdef)(0123456789abcdef)]" % said)


def laughing(levels: int = 12) -> bytes:
    """Each form draws the next one ten times."""
    own = objects(content=b"/X Do")
    own[PAGE] = own[PAGE].replace(b"/P 5 0 R", b"/X 6 0 R")
    for level in range(levels):
        number = FREE + level
        said = (
            b"/Type/XObject/Subtype/Form/BBox[0 0 480 320]/Resources<</XObject<</X %d 0 R>>>>"
        )
        own[number] = stream(b"/X Do " * 10, said % (number + 1))
    own[FREE + levels] = stream(
        b"0 0 480 320 re f " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 480 320]"
    )
    return written(own)


def biting_its_tail() -> bytes:
    """A form that draws itself."""
    own = objects(content=b"/X Do")
    own[PAGE] = own[PAGE].replace(b"/P 5 0 R", b"/X 6 0 R")
    said = b"/Type/XObject/Subtype/Form/BBox[0 0 480 320]/Resources<</XObject<</X 6 0 R>>>>"
    own[FREE] = stream(b"/X Do /X Do", said)
    return written(own)


def tree_in_itself() -> bytes:
    """Pages whose kid is themselves."""
    return written(
        {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 3>>"}
    )


def inflating(octets: int = 1 << 30) -> bytes:
    """A content that inflates to a gigabyte of blanks."""
    squeeze = zlib.compressobj(9)
    first = squeeze.compress(b" " * (1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    again = squeeze.compress(b" " * (1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    piece = first + again * ((octets >> 20) - 1)
    own = objects()
    own[CONTENT] = stream(piece, b"/Filter/FlateDecode")
    return written(own)


def huge_picture() -> bytes:
    """A picture that says it has 900 megapixels."""
    own = objects()
    own[PICTURE] = stream(
        zlib.compress(b"\0" * 1000),
        b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceRGB"
        b"/BitsPerComponent 8/Filter/FlateDecode",
    )
    return written(own)
