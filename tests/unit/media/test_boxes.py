"""What a file claims of its items costs no more than the file is long for."""

import struct

import pytest

from mustshare_api.media import boxes, items
from mustshare_api.media.report import Refused
from mustshare_api.media.sniff import Format
from tests.pictures import exif, heifs

MOST = 20_000
"""Pieces that all items together may have."""


def with_pieces(entries: int) -> bytes:
    """Items of 65,535 pieces each, which take no octets to write."""
    places = b"".join(struct.pack(">HHH", item, 0, 0xFFFF) for item in range(entries))
    iloc = heifs.box(b"iloc", struct.pack(">4xBBH", 0, 0, entries) + places)
    return heifs.box(b"meta", bytes(4) + iloc)


@pytest.mark.parametrize("entries", [20, 4000])
def test_pieces_of_no_length_are_counted_over_all_items(entries: int) -> None:
    """148 octets made 380,000 of them, and 1.2 kB took five seconds."""
    found = boxes.read_items(with_pieces(entries))

    assert sum(map(len, found.places.values())) == MOST


def test_a_file_of_endlessly_many_exif_items_is_refused() -> None:
    """Each of them could be as long as the whole file."""
    one = heifs.Item(b"Exif", b"\0\0\0\6Exif\0\0" + exif.full())
    octets = heifs.built(heifs.picture("other"), *(one for _ in range(17)))

    with pytest.raises(Refused):
        items.look(octets, Format.HEIC)


def test_half_a_head_at_the_end_makes_a_file_no_longer() -> None:
    """A decoder is shown as many octets as came."""
    octets = heifs.box(b"ftyp", b"mif1") + b"\0\0\0\x09ab"

    assert len(items.shown(octets)) == len(octets)


def test_what_stands_before_a_head_is_no_part_of_it() -> None:
    """Octets like a long head's, at the end of the picture, were overwritten."""
    picture = heifs.box(b"mdat", b"picture\0\0\0\x01tail")

    assert items.shown(picture + heifs.box(b"uuid", bytes(16))).startswith(picture)
