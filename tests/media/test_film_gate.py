"""The gate lets one MP4 through for given frames, and one MP3; no frame with a note in it."""

from dataclasses import replace

import pytest

from mustshare_api.errors import Unstrippable
from mustshare_api.media import film, frames, mp3_file, mp4_gate
from mustshare_api.media.frames import Codec
from mustshare_api.media.mp4_file import Film, Track, header, order
from mustshare_api.media.report import Order
from mustshare_api.media.sniff import Format
from tests.documents import films
from tests.pictures.marks import MARK


def packed(octets: bytes, kind: Format = Format.MP4) -> bytes:
    """What an honest child makes of it."""
    return film.redraw(octets, Order(kind, len(octets)), lambda _done, _of: None)[1]


GOOD = packed(films.film())
MP3 = packed(films.film("mp3", None, "libmp3lame"), Format.MP3)
HEAD = GOOD.index(b"mdat") + 4
UNIT = len(MARK).to_bytes(4, "big") + b"\x06" + MARK[1:]


def passes(octets: bytes) -> bool:
    """Whether the gate lets it through as the film that it says it is."""
    try:
        mp4_gate.check_film(octets, *films.SIZE, seen=True)
    except Unstrippable:
        return False
    return True


def written(track: Track, frames: list[bytes]) -> bytes:
    """A file of one track with these frames."""
    sized = replace(track, sizes=[len(frame) for frame in frames])
    whole = Film((sized,))
    return header(whole) + b"".join(frames[number] for _, number in order(whole))


def picture_track() -> tuple[Track, list[bytes]]:
    """The picture track of the good film and its frames."""
    whole = mp4_gate._read(GOOD)
    at, frames = HEAD, []
    for index, number in order(whole):
        long = whole.tracks[index].sizes[number]
        frames += [GOOD[at : at + long]] if index == 0 else []
        at += long
    return replace(whole.tracks[0], delay=0), frames


TRACK, FRAMES = picture_track()
PATHS = (
    "moov", "moov/trak", "moov/trak/tkhd", "moov/trak/edts", "moov/trak/mdia",
    "moov/trak/mdia/mdhd", "moov/trak/mdia/hdlr", "moov/trak/mdia/minf",
    "moov/trak/mdia/minf/vmhd", "moov/trak/mdia/minf/dinf/dref",
    "moov/trak/mdia/minf/stbl", "moov/trak/mdia/minf/stbl/stsd",
    "moov/trak/mdia/minf/stbl/stts", "moov/trak/mdia/minf/stbl/stsz",
    "moov/trak/mdia/minf/stbl/stco", "moov/trak/mdia/minf/stbl/stss",
    "mdat", "ftyp", "moov/mvhd",
)  # fmt: skip

NUMBERS = (
    b"stts", b"ctts", b"stss", b"elst", b"mdhd", b"avcC", b"avc1", b"tkhd", b"esds", b"mp4a",
    b"mvhd",
)  # fmt: skip


def test_the_good_film_passes_and_its_seconds_are_counted() -> None:
    """The gate is not simply shut."""
    assert mp4_gate.check_film(GOOD, *films.SIZE, seen=True) in (1, 2)
    assert passes(written(TRACK, FRAMES))


@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_put_behind_what_a_box_holds(path: str) -> None:
    """Neither octets nor a box of its own."""
    assert not passes(films.changed(GOOD, path, lambda body: body + MARK))
    assert not passes(films.with_box(GOOD, path, b"free", MARK))


@pytest.mark.parametrize(
    "octets", [b"", GOOD[:-1], GOOD + b"\0", GOOD + films.box(b"free", MARK)]
)
def test_a_film_ends_where_its_last_frame_ends(octets: bytes) -> None:
    """To the octet."""
    assert not passes(octets)


def test_no_octet_of_the_head_can_be_another_but_numbers_of_frames() -> None:
    """Each is changed in turn. What passes lies in times, sizes and sets, and is bounded."""
    free = set()
    for name in NUMBERS:
        at = GOOD.find(name)
        while 0 <= at < HEAD:
            free |= set(range(at, at - 4 + int.from_bytes(GOOD[at - 4 : at], "big")))
            at = GOOD.find(name, at + 1)
    passed = []
    for at in set(range(HEAD)) - free:
        octets = bytearray(GOOD)
        octets[at] ^= 1
        if passes(bytes(octets)):
            passed.append(at)

    assert passed == []


@pytest.mark.parametrize("field", ["creation", "name", "language", "volume"])
def test_what_is_written_as_nothing_stays_nothing(field: str) -> None:
    """Dates, names, languages, and how loud."""
    at = {
        "creation": GOOD.index(b"mvhd") + 8,
        "name": GOOD.index(b"hdlr") + 24,
        "language": GOOD.index(b"\x55\xc4"),
        "volume": GOOD.index(b"mvhd") + 28,
    }[field]
    octets = bytearray(GOOD)
    octets[at] ^= 0x40

    assert not passes(bytes(octets))


@pytest.mark.parametrize(
    "frame",
    [
        UNIT + FRAMES[0],
        FRAMES[0] + UNIT,
        FRAMES[0] + b"\0",
        FRAMES[0][:-1],
        FRAMES[0] + b"\0\0\0\x02\x0c\xff",
        FRAMES[0] + b"\0\0\0\x02\x1e\xff",
        FRAMES[0] + b"\0\0\0\0",
        b"\0\0\0\x02\x09\x10" + FRAMES[0],
        FRAMES[0][:3] + bytes([FRAMES[0][3] + 2]) + FRAMES[0][4:] + b"\0\0",
        b"",
    ],
    ids=["note before", "note behind", "octet", "cut", "filler", "unspecified", "empty unit",
         "delimiter", "slack", "nothing"],
)  # fmt: skip
def test_a_frame_with_anything_beside_slices_is_refused(frame: bytes) -> None:
    """Wherever in a film it is."""
    assert not passes(written(TRACK, [frame, *FRAMES[1:]]))
    assert not passes(written(TRACK, [*FRAMES[:-1], frame]))


@pytest.mark.parametrize(
    "change",
    [
        {"config": TRACK.config + MARK},
        {"config": b"\x01" + b"abc" + TRACK.config[4:]},
        {"turn": 90},
        {"width": 9000},
        {"hz": 20_000_000},
        {"keys": [2, 1]},
        {"durations": [1 << 27] * len(FRAMES)},
        {"codec": Codec.HEVC},
    ],
)
def test_a_film_that_is_written_rightly_from_wrong_numbers_is_refused(
    change: dict[str, object],
) -> None:
    """A config with words behind it, sizes and lengths that none has."""
    assert not passes(written(replace(TRACK, **change), FRAMES))  # type: ignore[arg-type]


def test_a_film_is_no_recording_and_has_the_size_that_is_said() -> None:
    """What the reporter is told is what is there."""
    for size, seen in ((films.SIZE[::-1], True), (films.SIZE, False), ((0, 0), False)):
        with pytest.raises(Unstrippable):
            mp4_gate.check_film(GOOD, *size, seen=seen)


def test_the_good_mp3_passes() -> None:
    """And is measured."""
    assert mp3_file.check_mp3(MP3) in (1, 2)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        MP3[:-1],
        MP3 + MARK,
        b"ID3\x04\0\0\0\0\0\0" + MP3,
        MP3 + b"TAG" + MARK.ljust(125, b"\0"),
        films.film("mp3", None, "libmp3lame"),
        MP3[:-24] + MARK,
        MP3[:3] + bytes([MP3[3] | 0x0C]) + MP3[4:],
        MP3[:2] + bytes([MP3[2] | 1]) + MP3[3:],
        b"\0" + MP3,
    ],
    ids=["nothing", "cut", "trailer", "tag before", "tag behind", "encoder's frame",
         "between sounds", "copyright", "private", "junk"],
)  # fmt: skip
def test_an_mp3_with_anything_but_sound_is_refused(octets: bytes) -> None:
    """Whatever it adds."""
    with pytest.raises(Unstrippable):
        mp3_file.check_mp3(octets)


def test_boxes_nested_without_end_are_refused() -> None:
    """Whoever broke out of a decoder can't make the gate run out of stack."""
    nested = b""
    for _ in range(3000):
        nested = films.box(b"mdia", nested)

    assert not passes(films.box(b"moov", films.box(b"trak", nested)))


def test_a_unit_of_nothing_but_zeros_is_left_out() -> None:
    """It became a unit of no length, with which the gate refused the whole film."""
    picture = b"\0\0\0\x04" + b"\x26\x01\xaf\x80"
    zeros = b"\0\0\0\x03" + bytes(3)

    assert frames.cleaned(Codec.HEVC, zeros + picture) == picture
