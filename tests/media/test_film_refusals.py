"""A film that can't be packed whole is refused, each thing by its own code."""

import struct
import time

import pytest

from mustshare_api.errors import MustShareError
from tests.documents import films
from tests.media.conftest import Strip
from tests.pictures.marks import MARK

BROKEN = "media.broken_film"
WHOLE = {
    "mov": films.film(),
    "fragments": films.fragmented()[: films.fragmented().index(b"mfra") - 4],
    "ogg": films.film("ogg", None, "libopus"),
    "mp3": films.film("mp3", None, "libmp3lame"),
    "amr": films.amr()[:-1],
}
OTHER = "media.unsupported_codec"
STSZ = "moov/trak/mdia/minf/stbl/stsz"


async def refusal(strip: Strip, octets: bytes) -> str:
    """The code of the problem that a file ends in."""
    with pytest.raises(MustShareError) as caught:
        await strip(octets)
    return caught.value.code


@pytest.mark.parametrize("name", WHOLE)
async def test_a_film_cut_off_anywhere_is_refused(strip: Strip, name: str) -> None:
    """Half a film is not passed off as a whole one, wherever the cut is."""
    octets = WHOLE[name]
    codes = set()
    for percent in range(100):
        codes.add(await refusal(strip, octets[: len(octets) * percent // 100]))

    assert codes <= {BROKEN, "media.undecodable", "media.unsupported_type", OTHER}


@pytest.mark.parametrize(
    "octets",
    [
        films.film("mov", "mpeg4"),
        films.film("mov", "libx264", "pcm_s16le"),
        films.film("mov", None, "pcm_s16le"),
        films.film("mp4", "libx264", "libmp3lame"),
    ],
    ids=["mpeg4", "film with pcm", "pcm", "film with mp3"],
)
async def test_another_codec_says_what_would_do(strip: Strip, octets: bytes) -> None:
    """A film is not made a silent one without a word."""
    assert await refusal(strip, octets) == "media.unsupported_codec"


@pytest.mark.parametrize(
    "octets",
    [
        films.film()[:32],
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + MARK,
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + MARK,
        b"ID3\x04\0\0\0\0\0\0" + MARK * 20,
        b"\xff\xfb\x90\x44" + MARK * 40,
        b"#!AMR\n",
        b"#!AMR\n" + MARK,
        b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead" + MARK,
    ],
)
async def test_a_head_without_a_film_is_broken(strip: Strip, octets: bytes) -> None:
    """Magic opens the door to the child and no further."""
    assert await refusal(strip, octets) in {BROKEN, "media.unsupported_codec"}


async def test_a_billion_frames_are_refused_at_once(strip: Strip) -> None:
    """A table that says so, with room for twelve."""
    bomb = films.changed(
        films.film(), STSZ, lambda body: body[:8] + struct.pack("!I", 1 << 30) + body[12:]
    )
    began = time.monotonic()

    assert await refusal(strip, bomb) == BROKEN
    assert time.monotonic() - began < 3


async def test_boxes_within_boxes_without_end_are_refused(strip: Strip) -> None:
    """A hundred thousand of them, one in another."""
    nest = b""
    for _ in range(2_000):
        nest = films.box(b"moov", nest)
    began = time.monotonic()

    assert await refusal(strip, films.film()[:20] + nest) in {BROKEN, "media.unsupported_codec"}
    assert time.monotonic() - began < 3


async def test_a_film_of_days_is_too_long(strip: Strip) -> None:
    """Twelve frames that last for ever."""
    stts = "moov/trak/mdia/minf/stbl/stts"
    hour = 3600 * 12_288
    slow = films.changed(
        films.film().replace(b"edts", b"free"),
        stts,
        lambda _: struct.pack("!IIII", 0, 1, films.FRAMES, hour),
    )

    assert await refusal(strip, slow) == "media.too_long"
