"""Draws the pages of a PDF anew as pictures. Runs in the child, and nowhere else.

    1. whole    a file cut off in the middle is none: a reader would mend it and show a part
    2. open     encrypted, broken, without pages or with too many: refused, each by its name
    3. size     every page's, before one is drawn
    4. traces   what the file holds beside its pages, by kind
    5. draw     as a reader shows it: forms filled in, annotations, no layer that is off
    6. encode   the one canonical JPEG
    7. write    the one PDF (`pdf_file`)

PDFium is built without JavaScript and finds no file to open: a font that is not in the PDF
comes as one of PDFium's own. What is lost is the text as text.
"""

import io
import re
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from typing import Any, cast

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image
from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

from mustshare_api.media import bounds, pdf_traces
from mustshare_api.media.bounds import USUAL
from mustshare_api.media.kinds import Kind, to_bits
from mustshare_api.media.pdf_file import DOTS_PER_INCH, MAX_PAGES, Page, pieces
from mustshare_api.media.report import Media, Order, Outcome, Refused, Report

_library = cast("Any", pypdfium2)  # it has no types
_raw = cast("Any", raw)

_QUALITY = 92
"""As for pictures: the gate knows the tables of no other."""

_MAX_POINTS = 14_400.0
"""200 inches, which is where PDF itself ends."""

_POINTS_PER_INCH = 72
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_LINEAR = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})")
_HEAD_BYTES = 1024

Told = Callable[[int, int], None]
"""Called after each page: how many are done, of how many."""


def redraw(octets: bytes, _order: Order, told: Told) -> tuple[Report, bytes]:
    """The seven steps.

    Returns:
        What to report, and the new PDF.

    Raises:
        Refused: It can't be drawn, and why.
    """
    if not _is_whole(octets):
        raise Refused(Outcome.BROKEN_DOCUMENT)
    with _opened(octets) as document:
        sizes = _sizes(document)
        found = pdf_traces.of_document(octets, _raw, document)
        pages: list[Page] = []
        for number, size in enumerate(sizes, 1):
            pages.append(_page(document, number - 1, size, found))
            told(number, len(sizes))
            if sum(len(page.jpeg) for page in pages) > USUAL.result_bytes:
                raise Refused(Outcome.RESULT_TOO_LARGE)
    drawn = b"".join(pieces(pages))
    first = pages[0]
    return Report(Outcome.DRAWN, Media.PDF, first.width, first.height, to_bits(found)), drawn


def _is_whole(octets: bytes) -> bool:
    """Whether it ends as a PDF does; one made for the web says its length at the start.

    Objects behind the last end are an update that was cut off: what it changed would not show.
    """
    ends = list(_END.finditer(octets))
    linear = _LINEAR.search(octets, 0, _HEAD_BYTES)
    if linear is not None and (int(linear[1]) > len(octets) or len(ends) == 1):
        return False
    return bool(ends) and not _OBJECT.search(octets, ends[-1].end())


@contextmanager
def _opened(octets: bytes) -> Generator[Any]:
    try:
        document = _library.PdfDocument(octets)
    except _library.PdfiumError as error:
        locked = error.err_code in (_raw.FPDF_ERR_PASSWORD, _raw.FPDF_ERR_SECURITY)
        raise Refused(Outcome.LOCKED if locked else Outcome.BROKEN_DOCUMENT) from None
    with closing(document):
        if document.get_formtype() != _raw.FORMTYPE_NONE:
            _fill_in(document)
        yield document


def _fill_in(document: Any) -> None:  # noqa: ANN401 - it has no types
    """Has what is filled into a form drawn. `init_forms` would write a log line about XFA."""
    config = _raw.FPDF_FORMFILLINFO(version=2)
    filled = _raw.FPDFDOC_InitFormFillEnvironment(document, config)
    if not filled:
        raise Refused(Outcome.BROKEN_DOCUMENT)
    document.formenv = _library.PdfFormEnv(filled, config)


def _sizes(document: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - it has no types
    """Width and height in pixels of each page."""
    count = len(document)
    if count > MAX_PAGES:
        raise Refused(Outcome.TOO_MANY_PAGES)
    if count < 1:
        raise Refused(Outcome.BROKEN_DOCUMENT)
    return [_in_pixels(*document.get_page_size(number)) for number in range(count)]


def _in_pixels(width: float, height: float) -> tuple[int, int]:
    if not (0 < width <= _MAX_POINTS and 0 < height <= _MAX_POINTS):
        raise Refused(Outcome.PAGE_TOO_LARGE)
    scale = DOTS_PER_INCH / _POINTS_PER_INCH
    return bounds.fitted(max(1, round(width * scale)), max(1, round(height * scale)))


def _page(
    document: Any,  # noqa: ANN401 - it has no types
    number: int,
    size: tuple[int, int],
    found: set[Kind],
) -> Page:
    try:
        page = document.get_page(number)
    except _library.PdfiumError:
        raise Refused(Outcome.BROKEN_DOCUMENT) from None
    with closing(page):
        found |= pdf_traces.of_page(_raw, page)
        return Page(*size, _encoded(_drawn(document, page, size)))


def _drawn(document: Any, page: Any, size: tuple[int, int]) -> Image.Image:  # noqa: ANN401
    """As a reader shows it on white, with what is filled into its form."""
    bitmap = _library.PdfBitmap.new_native(*size, _raw.FPDFBitmap_BGRx)
    with closing(bitmap):
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        where = (bitmap, page, 0, 0, *size, 0, _raw.FPDF_ANNOT)
        _raw.FPDF_RenderPageBitmap(*where)
        if document.formenv is not None:
            _raw.FPDF_FFLDraw(document.formenv, *where)
        return Image.frombytes("RGB", size, bytes(bitmap.buffer), "raw", "BGRX", bitmap.stride)


def _encoded(image: Image.Image) -> bytes:
    result = io.BytesIO()
    image.save(result, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return result.getvalue()
