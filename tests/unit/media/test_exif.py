"""Directories are walked as far as they make sense, and no further."""

import struct

import pytest

from mustshare_api.media import exif
from mustshare_api.media.facts import Keep, Precision
from mustshare_api.media.kinds import Kind
from tests.pictures import exif as made

EVERYTHING = Keep(Precision.EXACT, time=True)


def test_what_a_phone_writes_is_recognised() -> None:
    """Each kind of thing by the tags that hold it."""
    assert exif.read(made.full(6, b"\xff\xd8")).kinds() == {
        Kind.LOCATION,
        Kind.CAMERA,
        Kind.TIME,
        Kind.AUTHOR,
        Kind.COMMENT,
        Kind.THUMBNAIL,
        Kind.MAKER_NOTE,
    }


def test_the_southern_and_western_halves_are_negative() -> None:
    """By the reference, not the number."""
    gps = [(1, 2, b"S\0"), made.BANGKOK_GPS[1], (3, 2, b"W\0"), made.BANGKOK_GPS[3]]

    facts = exif.read(made.build([], gps=gps)).facts(EVERYTHING)

    assert (facts.latitude, facts.longitude) == (-13.75625, -100.50125)


@pytest.mark.parametrize(
    "latitude",
    [
        b"",
        b"\0" * 24,
        struct.pack("<6L", 13, 0, 0, 1, 0, 1),
        struct.pack("<6L", 91, 1, 0, 1, 0, 1),
    ],
)
def test_a_position_that_is_none_is_not_kept(latitude: bytes) -> None:
    """No division by zero and no place beyond the pole."""
    gps = [made.BANGKOK_GPS[0], (2, 5, latitude), *made.BANGKOK_GPS[2:]]

    assert exif.read(made.build([], gps=gps)).facts(EVERYTHING).latitude is None


def test_a_big_endian_structure_is_read_too() -> None:
    """As most cameras but phones write it."""
    octets = b"MM\0*" + struct.pack(">LHHHLHHL", 8, 1, 0x0112, 3, 1, 6, 0, 0)

    assert exif.read(octets).orientation == 6


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"II",
        b"II*\0",
        b"XX*\0\x08\0\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff",
        b"II*\0\x08\0\0\0\xff\xff" + b"\0" * 12,
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0",
    ],
)
def test_nonsense_ends_the_walk_quietly(octets: bytes) -> None:
    """No exception, upright, nothing found."""
    walked = exif.read(octets)

    assert walked.orientation == 1
    assert walked.facts(EVERYTHING).latitude is None


def test_directories_that_point_at_each_other_end() -> None:
    """A circle is walked once."""
    pointer = struct.pack("<HHLL", 0x8769, 4, 1, 8)
    octets = b"II*\0" + struct.pack("<LH", 8, 1) + pointer + struct.pack("<L", 8)

    assert exif.read(octets).kinds() == set()


def test_every_cut_of_a_full_structure_is_survived() -> None:
    """At each octet."""
    octets = made.full(3, b"thumbnail")

    walked = [exif.read(octets[:end]) for end in range(len(octets))]

    assert all(one.orientation in {1, 3} for one in walked)
