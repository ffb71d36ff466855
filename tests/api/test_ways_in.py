"""Whatever a file hides, no way in lets it through."""

import secrets
from collections.abc import Awaitable, Callable

import pytest

from tests.api.files import contents, names, put
from tests.api.forms import photo, sent
from tests.api.sending import Sender
from tests.documents import film_plants, pdfs
from tests.doors import Doors, made_up_receipt, with_receipt
from tests.pictures import jpegs, marks, others, pngs

PLANTED = {"pdf": pdfs.planted(), "film": film_plants.planted()}
DOCUMENTS = {
    f"{sort} {place}": given
    for sort, places in PLANTED.items()
    for place, given in places.items()
}

Way = Callable[[Doors, bytes], Awaitable[None]]

HIDING = jpegs.planted() | pngs.planted() | others.planted() | DOCUMENTS
A_FEW = (
    "comment",
    "exif",
    "exif gps",
    "exif thumbnail",
    "xmp",
    "icc",
    "c2pa",
    "second picture after the end",
    "film after the end",
    "junk between segments",
    "webp exif",
    "webp after the end",
    "pdf info",
    "pdf embedded file",
    "pdf earlier version",
    "pdf invisible text",
    "pdf picture's exif",
    "film apple's position",
    "film positions' track",
    "film notes in frames",
    "film mp3 id3",
    "film ogg comments",
)
"""Every place is tried on the stripper itself; here a few of each sort on every way."""


async def at_once(doors: Doors, octets: bytes) -> None:
    answer = await put(doors, await doors.new_tip(), octets)
    assert answer.status_code == 201, answer.text


async def in_pieces(doors: Doors, octets: bytes) -> None:
    one = Sender(doors, with_receipt(await doors.new_tip()), octets)
    answer = await one.whole(max(1, len(octets) // 3))
    assert answer.status_code == 201, answer.text


async def by_form(doors: Doors, octets: bytes) -> None:
    page = await sent(doors, photo(octets), receipt=made_up_receipt())
    assert page.status_code == 201, page.text
    assert "This photo was not taken" not in page.text
    assert not marks.found_in(page.content)


async def pieces_with_a_choice(doors: Doors, octets: bytes) -> None:
    one = Sender(
        doors, with_receipt(await doors.new_tip()), octets, object_id=secrets.token_hex(16)
    )
    answer = await one.whole(2000, keep=["location", "time"], location="exact")
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("way", [at_once, in_pieces, by_form, pieces_with_a_choice])
async def test_nothing_that_was_planted_comes_out(doors: Doors, way: Way) -> None:
    """Staff open the file; neither it nor the notice that names it holds a mark."""
    for place in A_FEW:
        octets = HIDING[place][0]
        assert marks.found_in(octets), place
        await way(doors, octets)

    opened = await contents(doors)
    assert len(opened) == len(A_FEW)
    assert [object_id for object_id, octets in opened.items() if marks.found_in(octets)] == []
    said = "".join(map(str, await names(doors)))
    assert not marks.found_in(said.encode())
