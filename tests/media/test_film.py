"""A film comes out as it is seen and heard; nothing that it held beside comes along."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from mustshare_api.media.facts import Facts, Keep, Precision
from tests.documents import film_plants, films
from tests.media.conftest import Strip
from tests.pictures import marks

PLANTED = film_plants.planted()
SHIFTED = {"fill in sound"}
"""There the mark does not begin at an octet."""

KEPT_BY_EXIFTOOL = re.compile(
    r"^\[(?:QuickTime|Track\d|MPEG)\]\s+(?!\S*(?:Date|Version|Unknown))(\S+)\s+: (.*)$",
    re.MULTILINE,
)
MATRIX = {
    90: "0 1 0 -1 0 0 96 0 1",
    180: "-1 0 0 0 -1 0 128 96 1",
    270: "0 -1 0 1 0 0 0 128 1",
}


def turned(numbers: tuple[int, ...]) -> bytes:
    """A film whose picture is to be shown through this matrix."""
    octets = b"".join((n << 16).to_bytes(4, "big", signed=True) for n in numbers)
    row = octets[:8] + bytes(4) + octets[8:] + bytes(4)
    return films.changed(
        films.film(), "moov/trak/tkhd", lambda body: body[:40] + row + body[64:]
    )


def apart(octets: bytes, out: bytes) -> float:
    """By how much sound and picture have come apart, in seconds."""
    before, after = films.decoded(octets), films.decoded(out)
    gaps = [pictures[0][0] - sound[-1][0] for pictures, sound in (before, after)]
    return abs(gaps[0] - gaps[1])


def test_the_search_finds_the_mark_in_what_was_planted() -> None:
    """A search that finds nothing anywhere would prove nothing."""
    missed = {place for place, (octets, _) in PLANTED.items() if not marks.found_in(octets)}

    assert missed == SHIFTED


@pytest.mark.parametrize("place", PLANTED)
async def test_a_mark_in_a_film_does_not_come_out(strip: Strip, place: str) -> None:
    """Every hiding place is left behind, and its kind is named to the reporter."""
    octets, kind = PLANTED[place]

    done, out = await strip(octets)

    assert not marks.found_in(out)
    assert kind is None or kind in done.removed
    assert done.duration_s


@pytest.mark.parametrize("coder", ["libx264", "libx265"])
async def test_a_film_looks_and_sounds_as_it_did(strip: Strip, coder: str) -> None:
    """Frame by frame the same octets when decoded, at the same distance from one another."""
    octets = films.film("mov", coder)

    done, out = await strip(octets)

    before, after = films.decoded(octets), films.decoded(out)
    steps = [[round(b[0] - a[0], 3) for a, b in pairwise(p)] for p in (before[0], after[0])]
    assert (done.media_type, done.width, done.height) == ("video/mp4", *films.SIZE)
    assert [frame for _, frame in before[0]] == [frame for _, frame in after[0]]
    assert steps[0] == steps[1]
    assert apart(octets, out) < 0.03


async def test_sound_decodes_to_the_same(strip: Strip) -> None:
    """What was heard is heard: the last frames, after the coder's own run-in."""
    octets = films.film()

    _, out = await strip(octets)

    before, after = (films.decoded(each)[1] for each in (octets, out))
    assert [sound for _, sound in before[-20:]] == [sound for _, sound in after[-20:]]


async def test_a_film_in_pieces_comes_out_whole(strip: Strip) -> None:
    """Recorders that can't go back write fragments."""
    _, out = await strip(films.fragmented())

    assert len(films.decoded(out)[0]) == films.FRAMES
    assert out[4:8] == b"ftyp"
    assert b"moof" not in out


@pytest.mark.parametrize(
    ("octets", "media_type"),
    [
        (films.film("mp4", "libx264", None), "video/mp4"),
        (films.film("ipod", None, "aac"), "audio/mp4"),
        (films.film("ogg", None, "libopus"), "audio/mp4"),
        (films.film("mp3", None, "libmp3lame"), "audio/mpeg"),
        (films.amr(), "audio/mp4"),
        (films.amr(b"#!AMR-WB\n", 2, 33), "audio/mp4"),
    ],
    ids=["silent film", "voice memo", "voice message", "mp3", "amr", "wide amr"],
)
async def test_a_recording_of_a_phone_is_taken(
    strip: Strip, octets: bytes, media_type: str
) -> None:
    """Each kind comes out as one that programs open, and as long as it was."""
    done, out = await strip(octets)
    pictures, sound = films.decoded(out)

    assert (done.media_type, done.duration_s) in {(media_type, 1), (media_type, 2)}
    assert bool(pictures) == media_type.startswith("video/")
    assert bool(sound) != bool(pictures)


@pytest.mark.parametrize(
    ("numbers", "degrees"),
    [((0, 1, -1, 0), 90), ((-1, 0, 0, -1), 180), ((0, -1, 1, 0), 270)],
)
async def test_a_film_stays_turned(
    strip: Strip,
    told_by_exiftool: Callable[[bytes], str],
    numbers: tuple[int, ...],
    degrees: int,
) -> None:
    """By the one matrix of its turn, whatever else the old one held."""
    done, out = await strip(turned(numbers))

    shown = films.SIZE if degrees == 180 else films.SIZE[::-1]
    assert (done.width, done.height) == shown
    assert MATRIX[degrees] in told_by_exiftool(out)


@pytest.mark.parametrize("numbers", [(-1, 0, 0, 1), (2, 0, 0, 2), (1, 1, -1, 1)])
async def test_a_mirror_or_a_slant_is_none(strip: Strip, numbers: tuple[int, ...]) -> None:
    """Numbers of one's choice would be a place for words."""
    done, _ = await strip(turned(numbers))

    assert (done.width, done.height) == films.SIZE


@pytest.mark.parametrize("place", ["user data text", "mp3 id3", "ogg comments"])
async def test_an_independent_reader_finds_no_words(
    strip: Strip, told_by_exiftool: Callable[[bytes], str], place: str
) -> None:
    """Exiftool sees the mark before, and afterwards numbers and names of its own."""
    octets = PLANTED[place][0]
    assert marks.TEXT in told_by_exiftool(octets)

    _, out = await strip(octets)
    told = told_by_exiftool(out)

    assert KEPT_BY_EXIFTOOL.findall(told)
    dates = re.findall(r"Date\s+: (.*)", re.sub(r"\[System\].*", "", told))
    assert set(dates) <= {"0000:00:00 00:00:00"}
    assert not re.search(
        r"Encoder|HandlerDescription|CompressorName|Vendor|Comment|Title", told
    )


async def test_two_files_of_one_film_come_out_alike(strip: Strip) -> None:
    """What a file held beside its frames leaves no trace, not even in length."""
    _, bare = await strip(films.film())
    for place in ("position", "positions' track", "handler's name", "second data"):
        _, rich = await strip(PLANTED[place][0])
        assert rich == bare, place


async def test_what_came_out_goes_in_again(strip: Strip) -> None:
    """And has nothing left to remove."""
    for octets in (films.film(), films.film("mp3", None, "libmp3lame")):
        _, once = await strip(octets)
        done, again = await strip(once)
        assert (done.removed, again) == ((), once)


async def test_where_and_when_are_kept_if_the_reporter_says_so(strip: Strip) -> None:
    """As of a picture: as numbers, range-checked, and not by default."""
    octets = PLANTED["apple's position"][0]
    keep = Keep(Precision.NEAR, time=True)

    done, _ = await strip(octets, keep=keep)
    silent, _ = await strip(octets)

    assert (done.facts.latitude, done.facts.longitude) == (13.76, 100.5)
    assert silent.facts == Facts()
