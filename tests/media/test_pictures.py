"""The picture that comes out is the picture that went in: turned, coloured and sized right."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageOps

from mustshare_api.media.facts import Facts, Keep, Precision
from tests.media.conftest import Strip
from tests.pictures import drawn, exif, jpegs, pngs

SOFT = 4
"""Mean levels that one JPEG generation may move this scene."""


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_every_orientation_comes_out_upright(strip: Strip, orientation: int) -> None:
    """The turn is baked into the pixels, since the tag that asks for it is gone."""
    tiff = exif.build([(0x0112, exif.SHORT, exif.short(orientation))])
    octets = jpegs.with_exif(jpegs.plain(), tiff)
    upright = ImageOps.exif_transpose(drawn.opened(octets))

    done, out = await strip(octets)

    assert (done.width, done.height) == upright.size
    assert drawn.apart(drawn.opened(out), upright) < SOFT


async def test_a_turned_png_comes_out_upright(strip: Strip) -> None:
    """The same for the EXIF chunk of a PNG."""
    tiff = exif.build([(0x0112, exif.SHORT, exif.short(6))])
    octets = pngs.with_chunk(pngs.plain(), b"eXIf", tiff)

    _, out = await strip(octets)

    turned = drawn.scene().transpose(Image.Transpose.ROTATE_270)
    assert drawn.apart(drawn.opened(out), turned) == 0


@pytest.mark.parametrize("orientation", [0, 9, 65535])
async def test_an_orientation_that_is_none_is_passed_over(
    strip: Strip, orientation: int
) -> None:
    """Nonsense in a tag does not cost the reporter the picture."""
    tiff = exif.build([(0x0112, exif.SHORT, exif.short(orientation))])

    _, out = await strip(jpegs.with_exif(jpegs.plain(), tiff))

    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


async def test_a_screenshot_stays_exact_to_the_pixel(strip: Strip) -> None:
    """The words of a chat are evidence: a lossless picture of them stays lossless."""
    picture = drawn.screenshot()

    done, out = await strip(drawn.encoded(picture, "PNG"))

    assert done.media_type == "image/png"
    assert drawn.opened(out).tobytes() == picture.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
async def test_every_kind_of_png_pixel_keeps_its_look(strip: Strip, mode: str) -> None:
    """Bits, greys, palettes, alpha and 16 bits a sample all become the same 8-bit RGB."""
    picture = drawn.scene().convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        wide = b"".join(struct.pack("<H", level * 257) for level in picture.tobytes())
        octets = drawn.encoded(Image.frombytes("I;16", picture.size, wide), "PNG")
    else:
        octets = drawn.encoded(picture, "PNG")

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), picture.convert("RGB")) == 0


async def test_sixteen_bits_a_channel_are_scaled_to_eight(strip: Strip) -> None:
    """A 16-bit PNG is not clipped to white."""
    rows = b"".join(b"\0" + struct.pack(">3H", 0x8080, 0x2020, 0xF0F0) * 8 for _ in range(8))
    parts = ((b"IHDR", pngs.header(8, 8, 16)), (b"IDAT", zlib.compress(rows)))

    _, out = await strip(pngs.built(*parts, (b"IEND", b"")))

    assert drawn.opened(out).getpixel((3, 3)) == (0x80, 0x20, 0xF0)


async def test_half_transparency_is_laid_on_white(strip: Strip) -> None:
    """What shows is what a browser on a white page shows."""
    picture = Image.new("RGBA", (8, 8), (255, 0, 0, 128))

    done, out = await strip(drawn.encoded(picture, "PNG"))

    assert drawn.opened(out).getpixel((4, 4)) == (255, 127, 127)
    assert "transparency" in done.removed


async def test_an_alpha_that_is_solid_is_not_called_transparency(strip: Strip) -> None:
    """Phones give one to every screenshot; nothing was hidden by it."""
    done, out = await strip(drawn.encoded(drawn.scene().convert("RGBA"), "PNG"))

    assert done.removed == ()
    assert drawn.apart(drawn.opened(out), drawn.scene()) == 0


@pytest.mark.parametrize("mode", ["L", "CMYK"])
async def test_grey_and_ink_jpegs_keep_their_colours(strip: Strip, mode: str) -> None:
    """One kind of JPEG leaves, whatever kind came."""
    octets = drawn.encoded(drawn.scene().convert(mode), "JPEG", quality=92)

    _, out = await strip(octets)

    assert drawn.opened(out).mode == "RGB"
    assert drawn.apart(drawn.opened(out), drawn.opened(octets).convert("RGB")) < SOFT


async def test_a_jpeg_coded_as_rgb_keeps_its_colours(strip: Strip) -> None:
    """Not every three components are luma and chroma."""
    octets = drawn.encoded(drawn.scene(), "JPEG", quality=92, keep_rgb=True)

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


def swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries have changed places."""
    profile = bytearray(jpegs.srgb())
    red, green = profile.index(b"rXYZ") + 4, profile.index(b"gXYZ") + 4
    profile[red : red + 4], profile[green : green + 4] = (
        profile[green : green + 4], profile[red : red + 4],
    )  # fmt: skip
    return bytes(profile)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
async def test_a_wide_profile_is_worked_into_the_pixels(strip: Strip, form: str) -> None:
    """Without its profile a Display-P3 picture would look dull; so its colours are moved."""
    profile = swapped_profile()
    octets = drawn.encoded(drawn.scene(), form, icc_profile=profile)
    given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    wanted = ImageCms.profileToProfile(
        drawn.opened(octets), given, ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )  # fmt: skip
    assert wanted is not None
    assert drawn.apart(wanted, drawn.scene()) > 20

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), wanted) < SOFT


@pytest.mark.parametrize("profile", [b"", b"no profile", jpegs.srgb()[:200]])
async def test_a_broken_profile_does_not_cost_the_picture(strip: Strip, profile: bytes) -> None:
    """It is treated as absent, as browsers do."""
    octets = drawn.encoded(drawn.scene(), "JPEG", quality=92, icc_profile=profile)

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


@pytest.mark.parametrize("size", [(5200, 40), (40, 5200), (4600, 4400)])
async def test_a_large_picture_is_fitted_into_the_canvas(
    strip: Strip, size: tuple[int, int]
) -> None:
    """At most 16 MP and 5,000 pixels a side, in the same shape."""
    octets = drawn.encoded(Image.new("RGB", size, (9, 99, 199)), "JPEG")

    done, out = await strip(octets)

    assert drawn.opened(out).size == (done.width, done.height)
    assert done.width <= 5000
    assert done.height <= 5000
    assert done.width * done.height <= 16_000_000
    assert abs(done.width / done.height - size[0] / size[1]) < 0.04 * size[0] / size[1]


async def test_a_progressive_jpeg_comes_out_whole(strip: Strip) -> None:
    """All its scans are drawn."""
    octets = drawn.encoded(drawn.scene(), "JPEG", quality=90, progressive=True)

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


async def test_nothing_is_kept_unless_asked_for(strip: Strip) -> None:
    """The default hands back no fact at all."""
    done, _ = await strip(jpegs.phone())

    assert done.facts == Facts()


async def test_what_was_asked_for_is_kept_and_no_more(strip: Strip) -> None:
    """Position to about a kilometre or exactly, and the time, each by its own choice."""
    near, _ = await strip(jpegs.phone(), keep=Keep(location=Precision.NEAR))
    exact, _ = await strip(jpegs.phone(), keep=Keep(location=Precision.EXACT, time=True))

    assert near.facts == Facts(13.76, 100.5)
    assert exact.facts == Facts(13.75625, 100.50125, "2026-11-23T05:48:22", "+07:00")
