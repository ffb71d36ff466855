"""A PDF that can't be drawn whole is refused, each thing by its own code, and costs little."""

import time
from collections.abc import Iterator

import pytest

from mustshare_api.errors import MustShareError
from mustshare_api.media.bounds import Limits
from mustshare_api.media.strip import Stripper
from tests.documents import bombs, pdfs
from tests.media.conftest import Strip, strip_with
from tests.pictures.marks import MARK

BROKEN = "media.broken_document"


@pytest.fixture(scope="module")
def brief() -> Iterator[Stripper]:
    """Lets a child have a second."""
    running = Stripper.start(limits=Limits(cpu_s=1, wall_s=4.0))
    yield running
    running.close()


async def refusal(strip: Strip, octets: bytes) -> str:
    """The code of the problem that a file ends in."""
    with pytest.raises(MustShareError) as caught:
        await strip(octets)
    return caught.value.code


async def test_a_pdf_cut_off_anywhere_is_refused(strip: Strip) -> None:
    """A reader would mend it and show a part; half a contract is another contract.

    Two cuts are left out: there the file's earlier state has just come to its end.
    """
    octets = pdfs.planted()["earlier version"][0]
    first_state = octets.index(b"%%EOF") * 100 // len(octets)
    for percent in sorted(set(range(100)) - {first_state, first_state + 1}):
        cut = octets[: len(octets) * percent // 100]
        assert await refusal(strip, cut) in {
            BROKEN, "media.undecodable", "media.unsupported_type",
        }, percent  # fmt: skip


async def test_a_pdf_made_for_the_web_is_refused_when_cut_off(strip: Strip) -> None:
    """It has an end near its beginning; the length that it says is what counts."""
    octets = pdfs.plain()
    linear = octets.replace(b"%\xe2", b"%%/Linearized 1/L %d\n%%\xe2" % (len(octets) + 99), 1)

    assert await refusal(strip, linear) == BROKEN


async def test_a_locked_pdf_says_that_it_is_locked(strip: Strip) -> None:
    """The reporter has the password and can print it anew."""
    assert await refusal(strip, bombs.locked()) == "media.locked"


async def test_more_pages_than_sixty_are_too_many(strip: Strip) -> None:
    """Counted before one is drawn."""
    assert await refusal(strip, pdfs.pages(61)) == "media.too_many_pages"


@pytest.mark.parametrize("box", [b"[0 0 14401 10]", b"[0 0 10 99999999]"])
async def test_a_page_beyond_five_metres_is_too_large(strip: Strip, box: bytes) -> None:
    """PDF itself ends there."""
    assert await refusal(strip, pdfs.pages(1, box)) == "media.page_too_large"


@pytest.mark.parametrize(
    "octets",
    [
        b"%PDF-1.7\n" + MARK,
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        pdfs.pages(0),
        bombs.tree_in_itself(),
        pdfs.plain().replace(b"/Kids[3 0 R]", b"/Kids[1 0 R]"),
        pdfs.plain().replace(b"/Root 1 0 R", b"/Root 5 0 R"),
    ],
    ids=["junk", "an end alone", "no page", "a tree in itself", "no page object", "no root"],
)
async def test_what_is_no_whole_pdf_is_broken(strip: Strip, octets: bytes) -> None:
    """Whatever is missing."""
    assert await refusal(strip, octets) == BROKEN


async def test_a_form_that_draws_itself_is_ended(brief: Stripper) -> None:
    """By its memory or its CPU: PDFium itself would go on until the machine has no more."""
    with pytest.raises(MustShareError) as caught:
        await strip_with(brief, bombs.biting_its_tail())

    assert caught.value.code in {BROKEN, "media.timeout"}


async def test_a_page_that_never_ends_is_ended(brief: Stripper) -> None:
    """Ten forms that draw ten forms, twelve deep: by its CPU limit."""
    began = time.monotonic()
    with pytest.raises(MustShareError) as caught:
        await strip_with(brief, bombs.laughing())

    assert caught.value.code == "media.timeout"
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "bomb", [bombs.inflating(), bombs.huge_picture()], ids=["text", "picture"]
)
async def test_a_bomb_ends_in_a_problem_or_in_a_page(brief: Stripper, bomb: bytes) -> None:
    """A gigabyte in a megabyte costs the child its limits, and nobody else anything."""
    began = time.monotonic()
    codes: set[str] = set()
    try:
        await strip_with(brief, bomb)
    except MustShareError as error:
        codes.add(error.code)

    assert codes <= {BROKEN, "media.timeout"}
    assert time.monotonic() - began < 4
    done, _ = await strip_with(brief, pdfs.plain())
    assert done.pages == 1
