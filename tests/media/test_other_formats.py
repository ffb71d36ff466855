"""WebP, GIF, TIFF, BMP and AVIF go the same way as JPEG and PNG."""

import io
import struct

import pytest
from PIL import Image, TiffImagePlugin

from mustshare_api.errors import MustShareError, Unstrippable
from tests.media.conftest import Strip
from tests.pictures import drawn, exif, marks, others

PLANTED = others.planted()
SOFT = 4


@pytest.mark.parametrize("place", PLANTED)
async def test_a_mark_does_not_come_out(strip: Strip, place: str) -> None:
    """Every hiding place is emptied, and its kind is named to the reporter."""
    octets, kind = PLANTED[place]

    done, out = await strip(octets)

    assert not marks.found_in(out)
    assert kind is None or kind in done.removed


@pytest.mark.parametrize("form", others.FORMATS)
async def test_the_picture_comes_out_as_it_went_in(strip: Strip, form: str) -> None:
    """In one of two formats, whichever it came in."""
    octets = others.plain(form)

    done, out = await strip(octets)

    assert done.media_type in {"image/jpeg", "image/png"}
    assert done.removed == ()
    assert drawn.apart(drawn.opened(out), drawn.opened(octets)) < SOFT


@pytest.mark.parametrize("form", ["GIF", "TIFF", "BMP", "WEBP"])
async def test_a_lossless_screenshot_stays_exact(strip: Strip, form: str) -> None:
    """Not only as PNG."""
    picture = drawn.screenshot().quantize(64).convert("RGB")
    settings = {"lossless": True} if form == "WEBP" else {}
    octets = drawn.encoded(picture.quantize(64) if form == "GIF" else picture, form, **settings)

    done, out = await strip(octets)

    assert done.media_type == "image/png"
    assert drawn.apart(drawn.opened(out), drawn.opened(octets)) == 0


async def test_an_uncompressed_photograph_becomes_a_jpeg(strip: Strip) -> None:
    """As PNG it would be huge: only trying tells."""
    noise = Image.effect_noise((600, 400), 90).convert("RGB")

    done, _ = await strip(drawn.encoded(noise, "BMP"))

    assert done.media_type == "image/jpeg"


@pytest.mark.parametrize("form", ["WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", [2, 3, 5, 6, 8])
async def test_every_orientation_comes_out_upright(
    strip: Strip, form: str, orientation: int
) -> None:
    """However a format says how to turn it."""
    tiff = exif.build([(0x0112, exif.SHORT, exif.short(orientation))])
    _, unturned = await strip(others.plain(form))

    _, out = await strip(others.plain(form, exif=tiff))

    turns = {2: 0, 3: 3, 5: 5, 6: 4, 8: 2}
    upright = drawn.opened(unturned).transpose(Image.Transpose(turns[orientation]))
    assert drawn.apart(drawn.opened(out), upright) < SOFT


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("GIF", "media.animated"), ("WEBP", "media.animated"), ("AVIF", "media.animated"),
        ("TIFF", "media.multi_image"),
    ],
)  # fmt: skip
async def test_several_pictures_are_refused_unless_the_first_will_do(
    strip: Strip, form: str, code: str
) -> None:
    """Never dropped silently."""
    octets = others.several(form)
    with pytest.raises(MustShareError) as caught:
        await strip(octets)
    assert caught.value.code == code

    done, out = await strip(octets, first_frame=True)

    assert {"animation", "second_picture"} & set(done.removed)
    assert drawn.apart(drawn.opened(out), drawn.opened(octets)) < SOFT


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
async def test_compressed_tiffs_are_drawn(strip: Strip, compression: str) -> None:
    """Scanners write each of these."""
    octets = others.plain("TIFF", compression=compression)

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), drawn.opened(octets)) < SOFT


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "YCbCr", "LAB"])
async def test_every_kind_of_tiff_sample_keeps_its_look(strip: Strip, mode: str) -> None:
    """Scans come in all of them."""
    picture = Image.merge("LAB", drawn.scene().split()) if mode == "LAB" else drawn.scene()
    octets = drawn.encoded(picture.convert(mode) if mode != "LAB" else picture, "TIFF")

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), drawn.opened(octets)) < SOFT


@pytest.mark.parametrize("mode", ["I", "F"])
async def test_samples_without_an_agreed_range_are_refused(strip: Strip, mode: str) -> None:
    """Drawing them black would pass off a guess as the picture."""
    with pytest.raises(Unstrippable):
        await strip(drawn.encoded(drawn.scene().convert(mode), "TIFF"))


async def test_a_tiff_of_the_large_kind_is_drawn(strip: Strip) -> None:
    """Its offsets are wider; nothing else is other."""
    _, out = await strip(others.plain("TIFF", big_tiff=True))

    assert drawn.apart(drawn.opened(out), drawn.scene()) == 0


@pytest.mark.parametrize("form", others.FORMATS)
async def test_a_picture_cut_off_is_refused(strip: Strip, form: str) -> None:
    """Wherever the cut is, up to where the pixels end."""
    octets = others.plain(form)
    for percent in range(0, 96, 5):
        with pytest.raises(MustShareError) as caught:
            await strip(octets[: len(octets) * percent // 100])
        assert caught.value.code in {"media.undecodable", "media.unsupported_type"}, percent


@pytest.mark.parametrize("offset", [0, 400, 1180])
async def test_a_tiff_whose_pixels_are_its_metadata_is_refused(
    strip: Strip, offset: int
) -> None:
    """Found by mutation: a strip that began among the tags came out as exact pixels."""
    octets = others.plain("TIFF", exif=exif.full())
    (honest,) = TiffImagePlugin.TiffImageFile(io.BytesIO(octets)).tag_v2[273]
    entry = struct.pack("<HHLL", 273, 4, 1, honest)
    assert octets.count(entry) == 1

    with pytest.raises(Unstrippable) as caught:
        await strip(octets.replace(entry, entry[:8] + struct.pack("<L", offset)))

    assert caught.value.code == "media.undecodable"
