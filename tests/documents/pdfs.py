"""PDFs with a mark in every place that the format has for one.

header | objects: catalog, pages, page, content, picture ... | xref | trailer | whatever follows
"""

import zlib
from collections.abc import Iterable

from tests.pictures import drawn, exif, jpegs
from tests.pictures.marks import MARK, TEXT

CATALOG, PAGES, PAGE, CONTENT, PICTURE, FREE = 1, 2, 3, 4, 5, 6
"""Numbers of the objects that every file here has, and of the first one that is free."""

_WORD = b"(" + MARK + b")"


def written(objects: dict[int, bytes], trailer: bytes = b"", head: bytes = b"1.7") -> bytes:
    """A file with these objects, its table and its trailer."""
    octets = b"%PDF-" + head + b"\n%\xe2\xe3\xcf\xd3\n"
    places = {}
    for number, body in objects.items():
        places[number] = len(octets)
        octets += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    rows = b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 00000 f \n"
        for n in range(1, size)
    )
    return (
        octets
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, rows)
        + b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, trailer, len(octets))
    )


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(body), body)


def picture(octets: bytes, size: tuple[int, int] = drawn.SIZE) -> bytes:
    """A JPEG as an object to be drawn."""
    said = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB" % size
    return stream(octets, said + b"/BitsPerComponent 8/Filter/DCTDecode")


DRAWING = b"q 480 0 0 320 0 0 cm /P Do Q"


def objects(
    catalog: bytes = b"", page: bytes = b"", content: bytes = DRAWING, jpeg: bytes | None = None
) -> dict[int, bytes]:
    """One page with the scene on it, and entries put into its catalog and page."""
    return {
        CATALOG: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        PAGES: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 480 320]/Contents 4 0 R/Resources<<"
        b"/XObject<</P 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>%b>>"
        % page,
        CONTENT: stream(content),
        PICTURE: picture(jpeg or jpegs.plain()),
    }


def plain() -> bytes:
    """The scene on a page, and nothing beside it."""
    return written(objects())


def pages(count: int, box: bytes = b"[0 0 480 320]") -> bytes:
    """So many pages of the same size with nothing on them."""
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox%b>>" % box
    return written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
        }
        | {3 + n: sheet for n in range(count)}
    )


def _with(
    more: Iterable[bytes] = (), catalog: bytes = b"", page: bytes = b"", trailer: bytes = b""
) -> bytes:
    """The plain file with more objects, and entries that refer to the first of them."""
    own = objects(catalog.replace(b"NEW", b"6 0 R"), page.replace(b"NEW", b"6 0 R"))
    own |= {FREE + n: body for n, body in enumerate(more)}
    return written(own, trailer.replace(b"NEW", b"6 0 R"))


def _update(octets: bytes) -> bytes:
    """A second state behind a first one, whose page showed the mark as text."""
    at = len(octets)
    new = b"4 0 obj\n" + stream(DRAWING) + b"\nendobj\n"
    table = b"xref\n4 1\n%010d 00000 n \n" % at
    before = octets.rindex(b"startxref\n") + 10
    previous = int(octets[before : octets.index(b"\n", before)])
    end = b"trailer\n<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return octets + new + table + end % (previous, at + len(new))


def _objects_in_a_stream() -> bytes:
    """Info in an object stream, as PDF 1.5 and later packs it; the table is a stream too."""
    packed = b"<</Author" + _WORD + b"/Title" + _WORD + b">>"
    head = b"7 0 "
    body = zlib.compress(head + packed)
    said = b"/Type/ObjStm/N 1/First %d/Filter/FlateDecode" % len(head)
    own = objects() | {6: stream(body, said)}
    octets = b"%PDF-1.5\n"
    places = {}
    for number, text in own.items():
        places[number] = len(octets)
        octets += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    rows = b"\0" * 4 + b"".join(
        b"\1" + places[n].to_bytes(2, "big") + b"\0" for n in range(1, 7)
    )
    rows += b"\2\0\6\0\1" + len(octets).to_bytes(2, "big") + b"\0"
    said = b"/Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Info 7 0 R"
    table = b"8 0 obj\n" + stream(rows, said) + b"\nendobj\n"
    return octets + table + b"startxref\n%d\n%%%%EOF\n" % len(octets)


def _invisible(content: bytes) -> bytes:
    return written(objects(content=DRAWING + content))


def _layer() -> bytes:
    """Text in a layer that is switched off."""
    catalog = b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/BaseState/ON>>>>"
    page = b"/Hidden 6 0 R"
    own = objects(
        catalog, page, DRAWING + b" /OC /L BDC BT /F 20 Tf 20 20 Td %b Tj ET EMC" % _WORD
    )
    own[PAGE] = own[PAGE].replace(b"/Font", b"/Properties<</L 6 0 R>>/Font")
    own[FREE] = b"<</Type/OCG/Name%b>>" % _WORD
    return written(own)


def planted() -> dict[str, tuple[bytes, str | None]]:
    """Hiding place -> (a file with a mark there, the kind that is to be reported)."""
    thumbnail = jpegs.with_segments(jpegs.plain(), jpegs.segment(0xFE, MARK))
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + MARK + b"</x:xmpmeta>"
    note = b"<</Type/Annot/Subtype/%b/Rect[10 10 40 40]%b>>"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T%b/V%b/F 2/Rect[0 0 1 1]>>" % (_WORD, _WORD)
    js = b"<</S/JavaScript/JS%b>>" % _WORD
    embedded = [
        b"<</Type/Filespec/F%b/EF<</F 7 0 R>>>>" % _WORD,
        stream(MARK, b"/Type/EmbeddedFile"),
    ]
    text = b" BT /F 20 Tf %b 20 20 Td %b Tj ET"
    return {
        "info": (
            _with([b"<</Author%b/Title%b>>" % (_WORD, _WORD)], trailer=b"/Info NEW"),
            "author",
        ),
        "info producer": (
            _with([b"<</Producer%b>>" % _WORD], trailer=b"/Info NEW"),
            "software",
        ),
        "info date": (
            _with([b"<</CreationDate(D:2026)/X%b>>" % _WORD], trailer=b"/Info NEW"),
            "time",
        ),
        "file id": (_with(trailer=b"/ID[%b%b]" % (_WORD, _WORD)), None),
        "catalog xmp": (
            _with([stream(xmp, b"/Type/Metadata/Subtype/XML")], b"/Metadata NEW"),
            "xmp",
        ),
        "page xmp": (_with([stream(xmp)], page=b"/Metadata NEW"), "xmp"),
        "embedded file": (
            _with(embedded, b"/Names<</EmbeddedFiles<</Names[%b NEW]>>>>" % _WORD),
            "embedded_file",
        ),
        "associated file": (_with(embedded, b"/AF[NEW]"), "embedded_file"),
        "hidden layer": (_layer(), "layer"),
        "note": (
            _with(
                [note % (b"Text", b"/F 2/T%b/Contents%b" % (_WORD, _WORD))],
                page=b"/Annots[NEW]",
            ),
            "annotation",
        ),
        "popup": (
            _with([note % (b"Popup", b"/Contents%b" % _WORD)], page=b"/Annots[NEW]"),
            "annotation",
        ),
        "file note": (
            _with(
                [note % (b"FileAttachment", b"/F 2/FS 6 0 R/Contents%b" % _WORD)],
                page=b"/Annots[NEW]",
            ),
            "annotation",
        ),
        "link": (
            _with([note % (b"Link", b"/A<</S/URI/URI%b>>" % _WORD)], page=b"/Annots[NEW]"),
            "link",
        ),
        "form field": (_with([field], b"/AcroForm<</Fields[NEW]>>", b"/Annots[NEW]"), "form"),
        "xfa": (_with([stream(MARK)], b"/AcroForm<</Fields[]/XFA NEW>>"), "form"),
        "javascript": (_with([js], b"/Names<</JavaScript<</Names[(a)NEW]>>>>"), "javascript"),
        "open action": (_with([js], b"/OpenAction NEW"), "javascript"),
        "page action": (_with([js], page=b"/AA<</O NEW>>"), "javascript"),
        "launch": (_with([b"<</S/Launch/F%b>>" % _WORD], b"/OpenAction NEW"), None),
        "page label": (_with([b"<</Nums[0<</P%b>>]>>" % _WORD], b"/PageLabels NEW"), "outline"),
        "outline": (
            _with(
                [b"<</First 7 0 R/Last 7 0 R/Count 1>>", b"<</Title%b/Parent 6 0 R>>" % _WORD],
                b"/Outlines NEW",
            ),
            "outline",
        ),
        "structure": (
            _with(
                [b"<</Type/StructTreeRoot/K<</S/P/Alt%b/ActualText%b>>>>" % (_WORD, _WORD)],
                b"/StructTreeRoot NEW",
            ),
            "outline",
        ),
        "thumbnail": (_with([picture(thumbnail)], page=b"/Thumb NEW"), "thumbnail"),
        "piece info": (
            _with(page=b"/PieceInfo<</App<</Private%b>>>>" % _WORD),
            "other",
        ),
        "signature": (
            _with(
                [
                    b"<</Type/Sig/Name%b/ByteRange[0 1 2 3]/Contents<%b>>>"
                    % (_WORD, MARK.hex().encode())
                ],
                b"/Perms<</DocMDP NEW>>",
            ),
            "signature",
        ),
        "earlier version": (
            _update(written(objects(content=DRAWING + text % (b"", _WORD)))),
            "earlier_version",
        ),
        "object stream": (_objects_in_a_stream(), "author"),
        "unused object": (_with([stream(MARK)]), None),
        "after the end": (plain() + MARK, "trailing_data"),
        "picture after the end": (plain() + jpegs.phone(), "trailing_data"),
        "comment": (plain().replace(b"\n%\xe2", b"\n%" + MARK + b"\n%\xe2", 1), None),
        "between objects": (_between(), None),
        "picture's exif": (written(objects(jpeg=jpegs.phone())), "location"),
        "picture's comment": (written(objects(jpeg=thumbnail)), None),
        "picture's entry": (_entry(), None),
        "invisible text": (_invisible(text % (b"3 Tr", _WORD)), "text_layer"),
        "white text": (_invisible(b" 1 g" + text % (b"", _WORD)), "text_layer"),
        "text beside the page": (_invisible(text % (b"900 900 Td", _WORD)), None),
        "text under the picture": (
            written(objects(content=(text % (b"", _WORD)).strip() + b" " + DRAWING)),
            "text_layer",
        ),
        "words that mark content": (
            _invisible(b" /Span<</ActualText%b>>BDC EMC" % _WORD),
            None,
        ),
        "deflated content": (_deflated(), None),
        "cropped away": (
            written(
                objects(
                    page=b"/CropBox[0 0 240 320]", content=DRAWING + text % (b"300 0 Td", _WORD)
                )
            ),
            None,
        ),
        "web capture": (_with([b"<</SI%b>>" % _WORD], b"/SpiderInfo NEW"), None),
        "viewer": (_with(catalog=b"/ViewerPreferences<</X%b>>/Lang%b" % (_WORD, _WORD)), None),
        "exif in a text": (_with([stream(exif.full())]), None),
    }


def _between() -> bytes:
    """Octets between two objects, which the table steps over."""
    octets = plain()
    at = octets.rindex(b"xref\n", 0, octets.rindex(b"startxref"))
    end = octets.rindex(b"startxref\n") + 10
    return octets[:at] + MARK + b"\n" + octets[at:end] + b"%d\n%%%%EOF\n" % (at + len(MARK) + 1)


def _entry() -> bytes:
    own = objects()
    own[PICTURE] = own[PICTURE].replace(b"/Width", b"/Name%b/OPI%b/Width" % (_WORD, _WORD))
    return written(own)


def _deflated() -> bytes:
    own = objects()
    own[CONTENT] = stream(
        zlib.compress(b"%" + TEXT.encode() + b"\n" + DRAWING), b"/Filter/FlateDecode"
    )
    return written(own)
