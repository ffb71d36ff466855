"""The gate lets one PDF through for given pictures: the one that is written from them."""

import pytest

from mustshare_api.errors import Unstrippable
from mustshare_api.media.pdf_file import Page, check_pdf, pieces
from tests.pictures import drawn, jpegs
from tests.pictures.marks import MARK

CANON = drawn.encoded(drawn.scene(), "JPEG", quality=92, subsampling="4:2:0")
WIDTH, HEIGHT = drawn.SIZE
GOOD = b"".join(pieces([Page(WIDTH, HEIGHT, CANON)] * 2))
MARKED = jpegs.with_segments(CANON, jpegs.segment(0xFE, MARK))


def once(before: bytes, after: bytes) -> bytes:
    """The good file with one thing another."""
    assert before in GOOD
    return GOOD.replace(before, after, 1)


BAD = {
    "nothing": b"",
    "a picture": CANON,
    "a trailer": GOOD + MARK,
    "a line more": GOOD + b"\n",
    "no end": GOOD[:-1],
    "a comment": once(b"%PDF-1.7\n", b"%PDF-1.7\n%" + MARK + b"\n"),
    "another version": once(b"%PDF-1.7", b"%PDF-1.4"),
    "info": once(b"/Root 1 0 R", b"/Root 1 0 R/Info 2 0 R"),
    "an id": once(b"/Root 1 0 R", b"/Root 1 0 R/ID[(a)(b)]"),
    "a catalog entry": once(b"/Type/Catalog", b"/Type/Catalog/Lang(" + MARK + b")"),
    "a page entry": once(b"/Type/Page/Parent", b"/Type/Page/Tabs/S/Parent"),
    "another box": once(b"[0 0 46.08 30.72]", b"[0 0 46.08 30.73]"),
    "another drawing": once(b"/P Do", b"/P Dp"),
    "blanks": once(b"/Kids[4 0 R 7 0 R]", b"/Kids[4 0 R  7 0 R]"),
    "a padded number": once(b"/Width 96", b"/Width 096"),
    "more pages than there are": once(b"/Count 2", b"/Count 3"),
    "fewer pages than there are": once(b"/Count 2", b"/Count 1"),
    "no pages": b"".join(pieces([])),
    "a length that lies": once(b"/Length %d" % len(CANON), b"/Length %d" % (len(CANON) - 1)),
    "a size that lies": once(b"/Width 96", b"/Width 97"),
    "a wrong offset": GOOD.replace(b"0000000009 00000 n", b"0000000008 00000 n"),
    "a wrong start": GOOD.replace(b"startxref\n", b"startxref\n0"),
    "a marked picture": b"".join(pieces([Page(WIDTH, HEIGHT, MARKED)])),
    "a png": b"".join(pieces([Page(WIDTH, HEIGHT, drawn.encoded(drawn.scene(), "PNG"))])),
    "off the canvas": b"".join(pieces([Page(5001, HEIGHT, CANON)])),
    "sixty-one pages": b"".join(pieces([Page(WIDTH, HEIGHT, CANON)] * 61)),
    "text between objects": once(b"endobj\n2 0 obj", b"endobj\n%x\n2 0 obj"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_pdf_that_is_not_the_one_written_is_dropped(name: str) -> None:
    """Whatever it adds, leaves out or claims."""
    with pytest.raises(Unstrippable):
        check_pdf(BAD[name], WIDTH, HEIGHT)


def test_the_one_written_passes_and_its_pages_are_counted() -> None:
    """The gate is not simply shut."""
    assert check_pdf(GOOD, WIDTH, HEIGHT) == 2


def test_a_first_page_of_another_size_than_reported_is_dropped() -> None:
    """What the reporter is told is what is there."""
    with pytest.raises(Unstrippable):
        check_pdf(GOOD, HEIGHT, WIDTH)


def test_no_octet_outside_the_pictures_can_be_another() -> None:
    """Each is changed in turn; what a child can choose lies inside a JPEG's scan."""
    scans = [at for at in range(len(GOOD)) if GOOD.startswith(CANON, at)]
    inside = {at + n for at in scans for n in range(623, len(CANON) - 2)}
    passed = []
    for at in set(range(len(GOOD))) - inside:
        changed = bytearray(GOOD)
        changed[at] ^= 1
        try:
            check_pdf(bytes(changed), WIDTH, HEIGHT)
        except Unstrippable:
            continue
        passed.append(at)

    assert passed == []
