"""Staff send a picture of their own and get it back without anything beside it."""

from pathlib import Path

import pytest

from tests.api.files import located, shows_the_scene
from tests.doors import Doors, with_receipt
from tests.pictures import jpegs, marks, others, pngs

PATH = "/v1/pictures"


async def test_a_picture_comes_back_without_what_it_held(doors: Doors) -> None:
    """Redrawn, with the kinds that were there in a header, and of a type that it has."""
    answer = await doors.signed("POST", PATH, located())

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["removed"].split(", ") == [
        "location", "camera", "time", "author", "maker_note", "comment",
    ]  # fmt: skip
    assert shows_the_scene(answer.content)
    assert not marks.found_in(answer.content)


async def test_a_picture_that_held_nothing_comes_back_without_the_header(doors: Doors) -> None:
    """An empty list is no header at all (RFC 9651)."""
    answer = await doors.signed("POST", PATH, pngs.plain())

    assert answer.headers["content-type"] == "image/png"
    assert "removed" not in answer.headers


async def test_nothing_of_it_is_stored(doors: Doors) -> None:
    """No object, no event, and no descriptor left open."""
    await doors.signed("POST", PATH, located())
    before = (await doors.signed("GET", "/v1/audit/checkpoint")).content
    held = len(list(Path("/proc/self/fd").iterdir()))
    await doors.signed("POST", PATH, located())

    assert len(list(Path("/proc/self/fd").iterdir())) == held
    assert (await doors.signed("GET", "/v1/audit/checkpoint")).content == before
    assert doors.bench.parking.taken_bytes == 0
    assert (await doors.signed("GET", "/v1/index")).json()["objects"] == []


@pytest.mark.parametrize(
    ("query", "octets", "code"),
    [
        ("", b"%PDF-1.7\n", "media.broken_document"),
        ("", b"", "attachment.empty"),
        ("", jpegs.plain()[:-200], "media.undecodable"),
        ("", others.several("GIF"), "media.animated"),
        ("", others.several("TIFF"), "media.multi_image"),
        ("?keep=location", jpegs.plain(), "choice.malformed"),
        ("?first_frame=yes", jpegs.plain(), "choice.malformed"),
    ],
)
async def test_what_a_reporter_is_refused_so_are_staff(
    doors: Doors, query: str, octets: bytes, code: str
) -> None:
    """By the same code; and there is nothing that could be kept for anyone."""
    answer = await doors.signed("POST", PATH + query, octets)

    assert answer.json()["code"] == code


async def test_the_first_of_several_pictures_comes_if_staff_say_so(doors: Doors) -> None:
    """As reporters may."""
    answer = await doors.signed("POST", PATH + "?first_frame=true", others.several("GIF"))

    assert answer.status_code == 200
    assert "animation" in answer.headers["removed"]


async def test_another_picture_than_the_one_signed_is_not_stripped(doors: Doors) -> None:
    """What comes back was asked for, octet by octet, by whoever signed."""
    headers = doors.signature("POST", PATH, pngs.plain())
    answer = await doors.staff.post(PATH, content=jpegs.plain(), headers=headers)

    assert answer.status_code == 401


async def test_reporters_have_no_such_route(doors: Doors) -> None:
    """A stripper for everyone would be work for everyone."""
    headers = with_receipt(await doors.new_tip())
    answer = await doors.reporter.post(PATH, content=jpegs.plain(), headers=headers)

    assert answer.status_code == 404
