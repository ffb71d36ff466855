"""A PDF comes out as pictures of its pages; nothing that it held beside comes along."""

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
from PIL import Image

from mustshare_api.media.strip import Stripper
from tests.documents import pdfs
from tests.media.conftest import Strip, in_memory
from tests.pictures import drawn, marks

PLANTED = pdfs.planted()
UNMARKED = {"exif in a text", "info date"}
BASE = (1000, 667)
"""Pixels of a page of 480 x 320 points."""


def looks(octets: bytes, page: int = 0) -> Image.Image:
    """A page as another program would show it, at 150 dots an inch."""
    with pypdfium2.PdfDocument(octets) as document:
        picture: Image.Image = document[page].render(scale=150 / 72).to_pil()
        return picture.convert("RGB")


def shown(text: bytes, more: bytes = b"") -> bytes:
    """A page with a line of text; `more` goes into the page."""
    return pdfs.written(
        pdfs.objects(page=more, content=b"BT /F 40 Tf 40 150 Td (%b) Tj ET" % text)
    )


def filled_form() -> bytes:
    """A form field with a black box as what is filled in."""
    look = pdfs.stream(b"0 g 0 0 200 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 100]")
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/F 4/Rect[100 100 300 200]"
        b"/AP<</N 7 0 R>>>>"
    )
    own = pdfs.objects(b"/AcroForm<</Fields[6 0 R]>>", b"/Annots[6 0 R]", b"")
    return pdfs.written(own | {6: field, 7: look})


def test_the_search_finds_the_mark_in_what_was_planted() -> None:
    """A search that finds nothing anywhere would prove nothing."""
    missed = {place for place, (octets, _) in PLANTED.items() if not marks.found_in(octets)}

    assert missed <= UNMARKED


@pytest.mark.parametrize("place", PLANTED)
async def test_a_mark_in_a_pdf_does_not_come_out(strip: Strip, place: str) -> None:
    """Every hiding place is left behind, and its kind is named to the reporter."""
    octets, kind = PLANTED[place]

    done, out = await strip(octets)

    assert not marks.found_in(out)
    assert done.media_type == "application/pdf"
    assert kind is None or kind in done.removed


async def test_a_pdf_that_held_nothing_says_nothing(strip: Strip) -> None:
    """No kind is made up."""
    done, _ = await strip(pdfs.plain())

    assert done.removed == ()


async def test_a_reader_finds_pictures_and_nothing_else(
    strip: Strip, told_by_exiftool: Callable[[bytes], str]
) -> None:
    """Exiftool sees the mark before, and afterwards a version and a count of pages."""
    assert marks.TEXT in told_by_exiftool(PLANTED["info"][0])

    _, out = await strip(PLANTED["info"][0])
    told = re.findall(r"^\[PDF\]\s+(\S+)", told_by_exiftool(out), re.MULTILINE)
    with pypdfium2.PdfDocument(out) as document:
        page = document[0]
        kinds = [thing.type for thing in page.get_objects()]
        words = page.get_textpage().count_chars()

    assert sorted(told) == ["Linearized", "PDFVersion", "PageCount"]
    assert kinds == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert words == 0


async def test_a_page_looks_as_it_did(strip: Strip) -> None:
    """Same size, same picture, same words."""
    for octets in (pdfs.plain(), shown(b"transfer 1370 baht")):
        done, out = await strip(octets)
        assert (done.width, done.height, done.pages) == (*BASE, 1)
        assert drawn.apart(looks(out), looks(octets).resize(looks(out).size)) < 3


async def test_a_form_shows_what_is_filled_in(strip: Strip) -> None:
    """It is what staff are to read."""
    _, out = await strip(filled_form())

    picture = looks(out)
    assert picture.getpixel((400, 380)) == (0, 0, 0)
    assert picture.getpixel((100, 100)) == (255, 255, 255)


async def test_a_turned_page_comes_out_turned(strip: Strip) -> None:
    """As a reader shows it."""
    done, _ = await strip(shown(b"up", b"/Rotate 90"))

    assert (done.width, done.height) == BASE[::-1]


async def test_sixty_pages_come_out_in_their_order(strip: Strip) -> None:
    """The most that are taken; each has its place."""
    done, out = await strip(pdfs.pages(60))

    assert done.pages == 60
    with pypdfium2.PdfDocument(out) as document:
        assert len(document) == 60


async def test_a_plan_of_a_road_is_drawn_smaller(strip: Strip) -> None:
    """A0 at 150 dots has 35 megapixels, which no picture here may have."""
    done, _ = await strip(pdfs.pages(1, b"[0 0 2384 3370]"))

    assert done.width * done.height <= 16_000_000
    assert done.height / done.width == pytest.approx(3370 / 2384, abs=0.01)


async def test_two_files_of_one_page_come_out_alike(strip: Strip) -> None:
    """What a file held beside its page leaves no trace, not even in length."""
    _, bare = await strip(pdfs.plain())
    _, rich = await strip(PLANTED["info"][0])

    assert bare == rich


async def test_what_came_out_goes_in_again(strip: Strip) -> None:
    """And has nothing left to remove."""
    _, once = await strip(PLANTED["catalog xmp"][0])
    done, again = await strip(once)

    assert done.removed == ()
    assert drawn.apart(looks(once), looks(again)) < 3


def test_whoever_waits_hears_of_every_page(stripper: Stripper) -> None:
    """Staff see a bar grow; nobody else is told anything."""
    octets = pdfs.pages(5)
    heard: list[tuple[int, int]] = []

    with in_memory(octets) as source:
        done = stripper.strip_now(source, len(octets), lambda n, of: heard.append((n, of)))
    io.FileIO(done.fd).close()

    assert heard == [(n, 5) for n in range(1, 6)]
