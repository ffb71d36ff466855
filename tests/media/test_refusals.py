"""What can't be made safe is refused, each thing by its own code, and costs little."""

import os
import struct
import time
import zlib

import pytest
from PIL import Image

from mustshare_api.errors import Malformed, MustShareError, TooLarge, Unstrippable, Unsupported
from mustshare_api.media.bounds import Limits
from mustshare_api.media.strip import Stripper
from tests.media.conftest import Strip, strip_with
from tests.pictures import drawn, jpegs, pngs

STEPS = range(0, 100, 2)


async def refusal(strip: Strip, octets: bytes, **settings: bool) -> MustShareError:
    """The error that a file ends in."""
    with pytest.raises(MustShareError) as caught:
        await strip(octets, **settings)
    return caught.value


@pytest.mark.parametrize("octets", [jpegs.plain(), jpegs.plain(progressive=True), pngs.plain()])
async def test_a_picture_cut_off_anywhere_is_refused(strip: Strip, octets: bytes) -> None:
    """Half a picture is not passed off as a whole one, wherever the cut is."""
    for percent in STEPS:
        cut = octets[: len(octets) * percent // 100]
        error = await refusal(strip, cut)
        assert error.code in {"media.undecodable", "media.unsupported_type"}, percent


async def test_an_empty_file_is_undecodable(strip: Strip) -> None:
    """Nothing is not a picture."""
    assert isinstance(await refusal(strip, b""), Unstrippable)


@pytest.mark.parametrize(
    "octets",
    [
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\0" * 4096,
        b"<html>",
        b"MZ\x90",
        b"8BPS\0\x01",
        b"\x1a\x45\xdf\xa3",
        b"GIF88a",
        b"\xff\xd8",
        b"\0\0\0\x18ftypcrx \0\0\0\0isom",
    ],
)
async def test_what_is_no_picture_is_unsupported(strip: Strip, octets: bytes) -> None:
    """Told by magic alone, before any process is started."""
    assert isinstance(await refusal(strip, octets), Unsupported)


@pytest.mark.parametrize("prefix", [b"\n", b"GIF", b"PDF-1.7\n", b"\0"])
async def test_a_picture_behind_other_octets_is_unsupported(
    strip: Strip, prefix: bytes
) -> None:
    """A polyglot's second face is not looked at."""
    assert isinstance(await refusal(strip, prefix + jpegs.plain()), Unsupported)


@pytest.mark.parametrize("magic", [b"\xff\xd8\xff\xe0", pngs.SIGNATURE])
@pytest.mark.parametrize("rest", [b"", b"\0" * 500, b"\xff" * 500, b"A" * 70_000])
async def test_magic_without_a_picture_is_undecodable(
    strip: Strip, magic: bytes, rest: bytes
) -> None:
    """Magic opens the door to the child and no further."""
    assert (await refusal(strip, magic + rest)).code == "media.undecodable"


@pytest.mark.parametrize("size", [(60_000, 10), (10, 30_001), (30_000, 30_000), (8000, 6400)])
async def test_a_png_bomb_is_refused_at_its_header(strip: Strip, size: tuple[int, int]) -> None:
    """Its data is never inflated: the header says enough."""
    bomb = pngs.built(
        (b"IHDR", pngs.header(*size)), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b"")
    )

    assert (await refusal(strip, bomb)).code == "media.too_many_pixels"


@pytest.mark.parametrize("size", [(60_000, 10), (10, 30_001), (30_000, 4_001)])
async def test_a_jpeg_bomb_is_refused_at_its_header(
    strip: Strip, size: tuple[int, int]
) -> None:
    """The same for a frame header that claims more than a phone can take."""
    octets = jpegs.plain()
    at = octets.index(b"\xff\xc0") + 5
    bomb = octets[:at] + struct.pack(">HH", size[1], size[0]) + octets[at + 4 :]

    assert (await refusal(strip, bomb)).code == "media.too_many_pixels"


async def test_text_that_inflates_without_end_costs_nothing(strip: Strip) -> None:
    """Compressed text is dropped as it is; a gigabyte in it is not even looked at."""
    bomb = zlib.compress(b"\0" * 50_000_000, 9)
    octets = pngs.with_chunk(pngs.plain(), b"zTXt", b"Comment\0\0" + bomb)

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), drawn.scene()) == 0


async def test_a_profile_that_inflates_without_end_is_passed_over(strip: Strip) -> None:
    """A colour profile has the size of one or is none."""
    bomb = b"x\0\0" + zlib.compress(b"\0" * 50_000_000, 9)

    _, out = await strip(pngs.with_chunk(pngs.plain(), b"iCCP", bomb))

    assert drawn.apart(drawn.opened(out), drawn.scene()) == 0


async def test_a_huge_heap_of_metadata_is_dropped(strip: Strip) -> None:
    """Twenty megabytes of comments around a small picture leave a small picture."""
    heap = jpegs.segment(0xFE, b"x" * 65_000) * 300

    done, _ = await strip(jpegs.with_segments(jpegs.plain(), heap))

    assert done.size_bytes < 10_000


async def test_a_jpeg_of_a_hundred_passes_is_refused(strip: Strip) -> None:
    """Each pass costs a walk over all pixels and a few octets of file."""
    octets = jpegs.plain(progressive=True)
    last = octets.rindex(b"\xff\xda")
    bomb = octets[:last] + octets[last:-2] * 101 + octets[-2:]

    assert (await refusal(strip, bomb)).code == "media.undecodable"


async def test_a_file_of_empty_segments_is_not_walked_for_long(stripper: Stripper) -> None:
    """Four megabytes of them cost what twenty thousand cost."""
    octets = jpegs.with_segments(jpegs.plain(), jpegs.segment(0xE5, b"") * 1_000_000)
    began = time.monotonic()

    with pytest.raises(Unstrippable):
        await strip_with(stripper, octets)
    assert time.monotonic() - began < 2


async def test_an_animated_png_is_refused_unless_one_frame_is_enough(strip: Strip) -> None:
    """Frames are never dropped silently: the reporter says that the first will do."""
    frames = [drawn.scene(), Image.new("RGB", drawn.SIZE, (1, 2, 3))]
    octets = drawn.encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])

    assert (await refusal(strip, octets)).code == "media.animated"
    done, out = await strip(octets, first_frame=True)

    assert "animation" in done.removed
    assert drawn.apart(drawn.opened(out), drawn.scene()) == 0


async def test_more_bytes_than_allowed_are_too_large() -> None:
    """Refused by count, before a byte of it is read."""
    small = Stripper.start(limits=Limits(source_bytes=1000))
    try:
        with pytest.raises(TooLarge) as caught:
            await strip_with(small, jpegs.plain())
    finally:
        small.close()
    assert caught.value.code == "media.too_large"


async def test_a_length_that_lies_is_undecodable(stripper: Stripper) -> None:
    """More is claimed than there is: the child does not guess the rest."""
    source = os.memfd_create("source")
    os.write(source, jpegs.plain())
    with pytest.raises(Malformed) as caught:
        await stripper.strip(source, 1_000_000)
    os.close(source)

    assert caught.value.code == "media.undecodable"
