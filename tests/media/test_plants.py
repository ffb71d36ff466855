"""Nothing that is planted in a picture comes out of it, wherever it was put."""

import re
from collections.abc import Callable

import pytest

from tests.media.conftest import Strip
from tests.pictures import drawn, jpegs, marks, pngs

JPEGS = jpegs.planted()
PNGS = pngs.planted()
UNMARKED = {
    "fill bytes", "exif that points at itself", "time", "pixels under alpha",
    "pixels under a colour key", "picture after the end",
}  # fmt: skip
"""Places that a mark does not fit, or not in one piece."""

ALLOWED_GROUPS = {"ExifTool", "System", "File", "JFIF", "PNG", "Composite"}
ALLOWED_PNG = {
    "ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace",
}  # fmt: skip


def test_the_search_finds_the_mark_in_what_was_planted() -> None:
    """A search that finds nothing anywhere would prove nothing."""
    planted = JPEGS | PNGS

    missed = {place for place, (octets, _) in planted.items() if not marks.found_in(octets)}

    assert missed <= UNMARKED


@pytest.mark.parametrize("place", JPEGS)
async def test_a_mark_in_a_jpeg_does_not_come_out(strip: Strip, place: str) -> None:
    """Every hiding place of a JPEG is emptied, and its kind is named to the reporter."""
    octets, kind = JPEGS[place]

    done, out = await strip(octets)

    assert not marks.found_in(out)
    assert done.media_type == "image/jpeg"
    assert kind is None or kind in done.removed
    assert drawn.apart(drawn.opened(out), drawn.scene()) < 4


@pytest.mark.parametrize("place", PNGS)
async def test_a_mark_in_a_png_does_not_come_out(strip: Strip, place: str) -> None:
    """Every hiding place of a PNG is emptied, and its kind is named to the reporter."""
    octets, kind = PNGS[place]

    done, out = await strip(octets)

    assert not marks.found_in(out)
    assert kind is None or kind in done.removed


async def test_the_colours_of_pixels_nobody_sees_are_gone(strip: Strip) -> None:
    """What lay under full transparency is white afterwards."""
    for place in ("pixels under alpha", "pixels under a colour key"):
        _, out = await strip(PNGS[place][0])
        assert set(drawn.opened(out).convert("RGB").tobytes()) == {255}


async def test_palette_entries_that_no_pixel_uses_are_gone(strip: Strip) -> None:
    """A palette does not travel at all."""
    _, out = await strip(PNGS["unused palette entries"][0])

    assert [name for name, _ in pngs.chunks(out)] == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize("octets", [jpegs.phone(), PNGS["exif"][0]], ids=["jpeg", "png"])
async def test_an_independent_reader_finds_nothing(
    strip: Strip, told_by_exiftool: Callable[[bytes], str], octets: bytes
) -> None:
    """Exiftool sees the mark before, and afterwards only what every file has."""
    assert marks.TEXT in told_by_exiftool(octets)

    _, out = await strip(octets)
    told = re.findall(r"^\[(\S+)\]\s+(\S+)", told_by_exiftool(out), re.MULTILINE)

    assert told
    assert {group for group, _ in told} <= ALLOWED_GROUPS
    assert {tag for group, tag in told if group == "PNG"} <= ALLOWED_PNG


async def test_a_phone_picture_says_what_it_held(strip: Strip) -> None:
    """The reporter is told the kinds, and none that was not there."""
    done, _ = await strip(jpegs.phone())

    assert done.removed == (
        "location", "camera", "time", "author", "thumbnail", "maker_note", "profile", "comment",
    )  # fmt: skip


@pytest.mark.parametrize("octets", [jpegs.plain(), pngs.plain()], ids=["jpeg", "png"])
async def test_a_picture_that_held_nothing_says_nothing(strip: Strip, octets: bytes) -> None:
    """No kind is made up."""
    done, _ = await strip(octets)

    assert done.removed == ()


async def test_two_files_of_one_picture_come_out_alike(strip: Strip) -> None:
    """What a file held beside its picture leaves no trace in the result, not even in length."""
    _, bare = await strip(jpegs.plain())
    _, rich = await strip(jpegs.phone())

    assert bare == rich
