"""Mutated files: each ends in a clean file or in one of the problem codes.

Seeded by a hash chain, so that a failure comes again. What is watched: no other exception, no
time-out, no mark in what comes out, and a stripper that still works at the end. `make fuzz`
does 10,000 of each (`MUTATIONS` in the environment says how many).
"""

import hashlib
import os
from collections.abc import Iterator

import pytest

from mustshare_api.errors import Malformed, Unsupported
from tests.documents import film_plants, films, pdfs
from tests.media.conftest import Strip
from tests.pictures import drawn, exif, heif_plants, heifs, jpegs, marks, others, pngs

MUTATIONS = int(os.environ.get("MUTATIONS", "60"))
EXPECTED = {
    "media.undecodable", "media.too_many_pixels", "media.unsupported_type", "media.animated",
    "media.multi_image", "media.broken_document", "media.locked", "media.too_many_pages",
    "media.page_too_large", "media.broken_film", "media.too_long", "media.unsupported_codec",
    "media.timeout",
}  # fmt: skip
SEEDS = {
    "jpeg": jpegs.phone(),
    "progressive jpeg": jpegs.with_exif(jpegs.plain(progressive=True), exif.full()),
    "png": pngs.planted()["exif"][0],
    "palette png": drawn.encoded(drawn.scene().convert("P"), "PNG"),
    "webp": others.plain("WEBP", exif=b"Exif\0\0" + exif.full()),
    "lossless webp": others.plain("WEBP", lossless=True),
    "gif": others.planted()["gif comment"][0],
    "tiff": others.plain("TIFF", exif=exif.full()),
    "compressed tiff": others.plain("TIFF", compression="tiff_lzw"),
    "bmp": others.plain("BMP"),
    "avif": others.plain("AVIF", exif=exif.full()),
    "heic": heif_plants.phone(),
    "heic of tiles": heifs.grid(2, 2, name="scene", tile=drawn.SIZE),
    "see-through heic": heifs.see_through(),
    "pdf": pdfs.planted()["picture's exif"][0],
    "pdf of objects in streams": pdfs.planted()["object stream"][0],
    "film": film_plants.planted()["notes in frames"][0],
    "hevc film": films.film("mov", "libx265"),
    "film in pieces": films.fragmented(),
    "mp3": film_plants.planted()["mp3 id3"][0],
    "ogg": films.film("ogg", None, "libopus"),
    "amr": films.amr(),
}


def chance(seed: str) -> Iterator[int]:
    """Numbers below 2^32 that are the same in every run."""
    octets = seed.encode()
    while True:
        octets = hashlib.sha256(octets).digest()
        yield from (int.from_bytes(octets[at : at + 4], "big") for at in range(0, 32, 4))


def mutated(octets: bytes, numbers: Iterator[int]) -> bytes:
    """A file with one to eight things wrong: bits, runs, cuts, repeats, lengths."""
    changed = bytearray(octets)
    for _ in range(1 + next(numbers) % 8):
        at = next(numbers) % max(1, len(changed) - 4)
        way = next(numbers) % 6
        if way == 0:
            changed[at] ^= 1 << next(numbers) % 8
        elif way == 1:
            changed[at : at + 4] = b"\xff" * 4
        elif way == 2:
            changed[at : at + 4] = b"\0" * 4
        elif way == 3:
            del changed[at : at + next(numbers) % 64]
        elif way == 4:
            changed[at:at] = changed[at : at + next(numbers) % 512]
        else:
            changed[at : at + 4] = next(numbers).to_bytes(4, "big")
    return bytes(changed)


def mended(octets: bytes) -> bytes:
    """A PNG with its CRCs made right, so that damage gets past the first look."""
    if not octets.startswith(pngs.SIGNATURE):
        return octets
    parts, at = [], len(pngs.SIGNATURE)
    while at + 12 <= len(octets):
        end = at + 8 + int.from_bytes(octets[at : at + 4], "big")
        parts.append((octets[at + 4 : at + 8], octets[at + 8 : end]))
        at = end + 4
    return pngs.built(*parts)


def is_what_it_shows(octets: bytes) -> bool:
    """Whether damage moved a mark to where the file has its uncompressed pixels.

    It is the picture then, for whoever looks at the file with any program.
    """
    return marks.found_in(drawn.opened(octets).convert("RGB").tobytes())


@pytest.mark.parametrize("name", SEEDS)
async def test_a_damaged_picture_comes_out_clean_or_not_at_all(strip: Strip, name: str) -> None:
    """Whatever is wrong with it, and without harm to the next one."""
    numbers = chance(name)
    drawn_count = 0
    codes = set()
    for _ in range(MUTATIONS):
        octets = mended(mutated(SEEDS[name], numbers))
        try:
            _, out = await strip(octets)
        except (Malformed, Unsupported) as error:
            codes.add(error.code)
        else:
            drawn_count += 1
            assert not marks.found_in(out) or is_what_it_shows(octets)
    assert 0 < drawn_count < MUTATIONS
    assert codes <= EXPECTED
