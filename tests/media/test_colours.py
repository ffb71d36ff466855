"""Colours that a file names without holding a profile of them come out as they were meant.

Expected levels are reckoned from the published matrices (Adobe RGB 1998, SMPTE EG 432-1, IEC
61966-2-1), not by the code that is tested.
"""

import pytest
from PIL import Image

from tests.media.conftest import Strip
from tests.pictures import drawn, exif, jpegs, pngs

Level = tuple[int, int, int]
Rows = tuple[tuple[float, float, float], ...]

CALM: Level = (120, 160, 140)
WHITE: Level = (255, 255, 255)
TO_XYZ: dict[str, Rows] = {
    "adobe": ((0.57667, 0.18556, 0.18823), (0.29734, 0.62736, 0.07529),
              (0.02703, 0.07069, 0.99134)),
    "p3": ((0.48657, 0.26567, 0.19822), (0.22897, 0.69174, 0.07929), (0, 0.04511, 1.04394)),
}  # fmt: skip
TO_SRGB: Rows = (
    (3.24045, -1.53714, -0.49853),
    (-0.96927, 1.87601, 0.04156),
    (0.05564, -0.20403, 1.05723),
)


def reckoned(space: str, level: Level) -> Level:
    """A level of a named space as sRGB has it."""
    light = [_light(space, one / 255) for one in level]
    xyz = [sum(a * b for a, b in zip(row, light, strict=True)) for row in TO_XYZ[space]]
    red, green, blue = (
        _sent(sum(a * b for a, b in zip(row, xyz, strict=True))) for row in TO_SRGB
    )
    return red, green, blue


def _light(space: str, share: float) -> float:
    if space == "adobe":
        return float(share ** (563 / 256))
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _sent(light: float) -> int:
    kept = min(1.0, max(0.0, light))
    return round(
        255 * (12.92 * kept if kept <= 0.0031308 else 1.055 * kept ** (1 / 2.4) - 0.055)
    )


def flat(form: str, level: Level, **settings: object) -> bytes:
    return drawn.encoded(Image.new("RGB", (32, 32), level), form, **settings)


def adobe_by_exif(level: Level) -> bytes:
    """As a camera set to Adobe RGB writes it: R03, in a directory of its own."""
    main = [(0x8769, exif.LONG, b"\x1a\0\0\0")]
    camera = [
        (0xA001, exif.SHORT, b"\xff\xff"),
        (0xA005, exif.LONG, b"\x38\0\0\0"),
    ]
    tiff = exif.build(main) + exif.directory(camera, 0x1A)
    tiff += exif.directory([(1, exif.ASCII, b"R03\0")], 0x38)
    return jpegs.with_exif(flat("JPEG", level, quality=95, subsampling="4:4:4"), tiff)


def p3_png(level: Level) -> bytes:
    return pngs.with_chunk(flat("PNG", level), b"cICP", b"\x0c\x0d\0\x01")


def p3_avif(level: Level) -> bytes:
    octets = flat("AVIF", level, quality=95, subsampling="4:4:4")
    assert octets.count(b"nclx\0\x01\0\x0d") == 1
    return octets.replace(b"nclx\0\x01\0\x0d", b"nclx\0\x0c\0\x0d")


NAMED = {
    "jpeg": (adobe_by_exif, "adobe"),
    "png": (p3_png, "p3"),
    "avif": (p3_avif, "p3"),
}


@pytest.mark.parametrize("level", [CALM, WHITE, (200, 90, 80)])
@pytest.mark.parametrize("form", NAMED)
async def test_colours_that_are_only_named_are_brought_to_srgb(
    strip: Strip, form: str, level: Level
) -> None:
    """No level is off by more than two, and white stays white."""
    made, space = NAMED[form]

    _, out = await strip(made(level))

    found = drawn.opened(out).convert("RGB").getpixel((16, 16))
    assert isinstance(found, tuple)
    wanted = reckoned(space, level)
    assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= 2, (found, wanted)


async def test_a_profile_counts_more_than_the_cameras_word(strip: Strip) -> None:
    """A converter that wrote sRGB and left the camera's note behind meant sRGB."""
    octets = adobe_by_exif(CALM)
    icc = jpegs.srgb()
    held = jpegs.segment(0xE2, b"ICC_PROFILE\0\x01\x01" + icc)

    _, out = await strip(jpegs.with_segments(octets, held))

    found = drawn.opened(out).convert("RGB").getpixel((16, 16))
    assert isinstance(found, tuple)
    assert max(abs(a - b) for a, b in zip(found, CALM, strict=True)) <= 2


@pytest.mark.parametrize("numbers", [b"\x01\x0d\0\x01", b"\x63\x63\0\x01"])
async def test_numbers_that_name_srgb_or_nothing_move_no_level(
    strip: Strip, numbers: bytes
) -> None:
    """A screenshot that says it is sRGB stays exact."""
    octets = pngs.with_chunk(pngs.plain(), b"cICP", numbers)

    _, out = await strip(octets)

    assert drawn.opened(out).tobytes() == drawn.scene().tobytes()


@pytest.mark.parametrize("form", ["WEBP", "TIFF", "AVIF"])
async def test_grey_and_see_through_pictures_keep_their_look(strip: Strip, form: str) -> None:
    """Half see-through black on white is grey."""
    picture = Image.new("RGBA", (32, 32), (0, 0, 0, 128))
    picture.paste((0, 0, 0, 255), (0, 0, 16, 32))
    more = {"lossless": True} if form == "WEBP" else {}

    done, out = await strip(drawn.encoded(picture, form, **more))

    shown = drawn.opened(out).convert("L")
    assert "transparency" in done.removed
    assert set(shown.crop((2, 2, 14, 30)).tobytes()) <= set(range(4))
    assert set(shown.crop((18, 2, 30, 30)).tobytes()) <= set(range(124, 131))
