"""Whatever a file hides, no way in lets it through."""

import hashlib
import io
import secrets
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from mustshare_api.crypto.envelope import Expected, Kind, parse_head
from mustshare_api.domain.message import AttachmentName
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.tips.attaching import ready
from mustshare_api.keytool.tips.files import Files
from mustshare_api.keytool.tips.stripping import Cleaner
from tests.api.files import contents, names, put
from tests.api.forms import photo, sent
from tests.api.front_end import FrontEnd
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

Way = Callable[[Doors, bytes, Path], Awaitable[bytes | None]]
"""Sends octets, and hands back what came out unless that lies sealed on a tip."""

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
    "pdf earlier version",
    "pdf invisible text",
    "film apple's position",
    "film notes in frames",
    "film mp3 id3",
)
"""Every place is tried on the stripper itself; here a few of each sort on every way."""


async def at_once(doors: Doors, octets: bytes, _: Path) -> None:
    answer = await put(doors, await doors.new_tip(), octets)
    assert answer.status_code == 201, answer.text


async def in_pieces(doors: Doors, octets: bytes, _: Path) -> None:
    one = Sender(doors, with_receipt(await doors.new_tip()), octets)
    answer = await one.whole(max(1, len(octets) // 3))
    assert answer.status_code == 201, answer.text


async def by_form(doors: Doors, octets: bytes, _: Path) -> None:
    page = await sent(doors, photo(octets), receipt=made_up_receipt())
    assert page.status_code == 201, page.text
    assert "This photo was not taken" not in page.text
    assert not marks.found_in(page.content)


async def pieces_with_a_choice(doors: Doors, octets: bytes, _: Path) -> None:
    one = Sender(
        doors, with_receipt(await doors.new_tip()), octets, object_id=secrets.token_hex(16)
    )
    answer = await one.whole(2000, keep=["location", "time"], location="exact")
    assert answer.status_code == 201, answer.text


async def sealed_by_the_reporter(doors: Doors, octets: bytes, folder: Path) -> bytes:
    """No server can strip it, so the key tool does when staff open it."""
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    tip = await doors.reporter.post("/v1/tips", content=front.tip(), headers=front.headers)
    assert tip.status_code == 201, tip.text
    object_id = secrets.token_bytes(16)
    target = f"/v1/tip/attachments/{object_id.hex()}"
    sealed = front.attachment(object_id, octets)
    answer = await doors.reporter.put(target, content=sealed, headers=front.headers)
    assert answer.status_code == 201, answer.text
    fetched = await doors.signed("GET", f"/v1/objects/{object_id.hex()}")
    return opened_by_the_key_tool(doors, fetched.content, octets, folder)


def opened_by_the_key_tool(doors: Doors, sealed: bytes, original: bytes, folder: Path) -> bytes:
    """What it writes."""
    home, prefix = Home(folder), parse_head(sealed).prefix
    path = home.sealed(prefix.object_id.hex())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(sealed)
    name = AttachmentName(
        id=prefix.object_id.hex(),
        sha256=hashlib.sha256(original).hexdigest(),
        media_type="image/jpeg",
        size_bytes=len(original),
    )
    expected = Expected(
        Kind.ATTACHMENT_FROM_REPORTER, prefix.tip_id, prefix.object_id, prefix.bundle_hash
    )
    with closing(Cleaner()) as cleaner:
        seeds = doors.org.officers[0].seeds()
        files = Files(home, seeds, folder / "opened", unsafe_original=False, cleaner=cleaner)
        written = files.write(name, expected)
    assert written.path is not None, written.outcome
    return written.path.read_bytes()


async def by_staff(doors: Doors, octets: bytes, _: Path) -> bytes:
    """A picture of a case."""
    answer = await doors.signed("POST", "/v1/pictures", octets)
    assert answer.status_code == 200, answer.text
    assert not any(marks.found_in(value.encode()) for value in answer.headers.values())
    return answer.content


async def with_an_answer(_: Doors, octets: bytes, folder: Path) -> bytes:
    """What the key tool seals to the reporter of a file that an officer attaches."""
    file = folder / "IMG_0001.jpg"
    file.write_bytes(octets)
    console = Console("en", as_json=False, out=io.StringIO(), err=io.StringIO())
    with (
        closing(Cleaner()) as cleaner,
        ready(cleaner, file, console, unsafe_original=False) as one,
    ):
        return one.stream.read()


WAYS = {
    "put": at_once,
    "resumable": in_pieces,
    "resumable, with a choice": pieces_with_a_choice,
    "form": by_form,
    "sealed, opened by the key tool": sealed_by_the_reporter,
    "staff picture": by_staff,
    "staff answer": with_an_answer,
}


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_that_was_planted_comes_out(
    doors: Doors, tmp_path: Path, way: str
) -> None:
    """Whoever gets the file: neither it nor the notice that names it holds a mark."""
    handed_back = []
    for place in A_FEW:
        octets = HIDING[place][0]
        assert marks.found_in(octets), place
        handed_back.append(await WAYS[way](doors, octets, tmp_path))

    found = [octets for octets in handed_back if octets is not None]
    opened = found or list((await contents(doors)).values())
    assert len(opened) == len(A_FEW)
    assert [at for at, octets in enumerate(opened) if marks.found_in(octets)] == []
    said = "".join(map(str, await names(doors)))
    assert not marks.found_in(said.encode())
