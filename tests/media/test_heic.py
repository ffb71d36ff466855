"""HEIC goes the same way as the others: the primary picture, upright, in sRGB, alone."""

import io

import pytest
from PIL import Image, ImageCms

from mustshare_api.errors import MustShareError
from mustshare_api.media import nclx
from mustshare_api.media.facts import Keep, Precision
from tests.media.conftest import Strip
from tests.pictures import drawn, exif, heif_plants, heifs, marks

PLANTED = heif_plants.planted()
SOFT = 4
P3, BT2020 = 12, 9
SRGB_CURVE, PQ = 13, 16
Turn = Image.Transpose


def irot(quarters: int) -> bytes:
    """Turn anticlockwise."""
    return heifs.box(b"irot", bytes([quarters]))


def imir(axis: int) -> bytes:
    """Exchange top and bottom (0) or left and right (1)."""
    return heifs.box(b"imir", bytes([axis]))


async def refused(strip: Strip, octets: bytes, **settings: bool) -> str:
    """The code that a file ends in."""
    with pytest.raises(MustShareError) as caught:
        await strip(octets, **settings)
    return caught.value.code


def test_the_search_finds_every_mark_that_was_planted() -> None:
    """A search that finds nothing anywhere would prove nothing."""
    assert [place for place, (octets, _) in PLANTED.items() if not marks.found_in(octets)] == []


@pytest.mark.parametrize("place", PLANTED)
async def test_a_mark_does_not_come_out(strip: Strip, place: str) -> None:
    """Every hiding place is emptied, its kind is named, and the picture is the primary one."""
    octets, kind = PLANTED[place]

    done, out = await strip(octets)

    assert not marks.found_in(out)
    assert kind is None or kind in done.removed
    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


async def test_a_picture_that_held_nothing_says_nothing(strip: Strip) -> None:
    """No kind is made up."""
    done, out = await strip(heifs.plain())

    assert done.removed == ()
    assert done.media_type == "image/jpeg"
    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


async def test_a_phones_picture_says_what_it_held(strip: Strip) -> None:
    """By kind."""
    done, _ = await strip(heif_plants.phone())

    assert set(done.removed) == {
        "location", "camera", "time", "author", "maker_note", "comment", "thumbnail", "profile",
        "second_picture",
    }  # fmt: skip


async def test_where_and_when_are_kept_if_the_reporter_says_so(strip: Strip) -> None:
    """As from any other format."""
    done, _ = await strip(heif_plants.phone(), keep=Keep(Precision.EXACT, time=True))

    assert (done.facts.latitude, done.facts.longitude) == (13.75625, 100.50125)
    assert done.facts.taken_at == "2026-11-23T05:48:22"


@pytest.mark.parametrize(
    ("properties", "turns"),
    [
        ((irot(1),), (Turn.ROTATE_90,)),
        ((irot(2),), (Turn.ROTATE_180,)),
        ((irot(3),), (Turn.ROTATE_270,)),
        ((imir(0),), (Turn.FLIP_TOP_BOTTOM,)),
        ((imir(1),), (Turn.FLIP_LEFT_RIGHT,)),
        ((irot(1), imir(0)), (Turn.ROTATE_90, Turn.FLIP_TOP_BOTTOM)),
        ((irot(1), imir(1)), (Turn.ROTATE_90, Turn.FLIP_LEFT_RIGHT)),
    ],
)
async def test_every_turn_and_mirror_comes_out_upright(
    strip: Strip, properties: tuple[bytes, ...], turns: tuple[Image.Transpose, ...]
) -> None:
    """By the properties of the picture."""
    upright = drawn.scene()
    for turn in turns:
        upright = upright.transpose(turn)

    _, out = await strip(heifs.plain(*properties))

    assert drawn.apart(drawn.opened(out), upright) < SOFT


async def test_exifs_orientation_turns_nothing(strip: Strip) -> None:
    """A HEIC says it twice, and readers that hear both turn it twice."""
    tiff = exif.full(orientation=6)
    told = heifs.Item(b"Exif", b"\0\0\0\0" + tiff, (), ((b"cdsc", (1,)),))

    _, out = await strip(heifs.built(heifs.picture(), told))

    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


async def test_a_picture_of_tiles_is_put_together(strip: Strip) -> None:
    """Each in its place, cut at the size that the whole one says."""
    octets = heifs.grid(2, 2, name="scene", tile=drawn.SIZE, says=(180, 120))

    done, out = await strip(octets)
    picture = drawn.opened(out)

    assert (done.width, done.height) == (180, 120)
    assert done.removed == ()
    assert drawn.apart(picture.crop((0, 0, *drawn.SIZE)), drawn.scene()) < SOFT
    shown = drawn.scene().crop((0, 0, 84, 56))
    assert drawn.apart(picture.crop((96, 64, 180, 120)), shown) < SOFT


async def test_what_is_see_through_is_laid_on_white(strip: Strip) -> None:
    """And the colours that lay under it are gone."""
    done, out = await strip(heifs.see_through())
    picture = drawn.opened(out)

    assert done.removed == ("transparency",)
    assert min(picture.crop((0, 0, 40, 64)).convert("RGB").tobytes()) > 245
    right = (56, 0, 96, 64)
    assert drawn.apart(picture.crop(right), drawn.scene().crop(right)) < SOFT


async def test_ten_bits_become_eight(strip: Strip) -> None:
    """By scaling."""
    _, out = await strip(heifs.plain(name="deep"))

    assert drawn.apart(drawn.opened(out), drawn.scene()) < SOFT


def through(profile: bytes | None) -> Image.Image:
    """The scene as lcms shows it when its numbers mean this profile's colours."""
    assert profile is not None
    given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    moved = ImageCms.profileToProfile(drawn.scene(), given, srgb, intent)
    assert moved is not None
    return moved


@pytest.mark.parametrize("as_icc", [False, True])
async def test_display_p3_is_brought_to_srgb(strip: Strip, *, as_icc: bool) -> None:
    """Whether it is named by numbers or by a profile."""
    profile = nclx.profile(P3, SRGB_CURVE)
    numbers = heifs.nclx(P3, SRGB_CURVE, 6)
    octets = heifs.plain(colours=heifs.profile(profile) if as_icc else numbers)

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), through(profile)) < SOFT
    assert drawn.apart(through(profile), drawn.scene()) > SOFT


async def test_the_curve_of_hdr_films_is_undone(strip: Strip) -> None:
    """Taken for sRGB's, it would show a grey picture."""
    octets = heifs.plain(colours=heifs.nclx(BT2020, PQ, 6))

    _, out = await strip(octets)

    assert drawn.apart(drawn.opened(out), through(nclx.profile(BT2020, PQ))) < SOFT


async def test_a_sequence_is_refused_unless_the_first_will_do(strip: Strip) -> None:
    """A burst is several pictures; never dropped silently."""
    film = heifs.box(b"moov", heifs.box(b"udta", marks.MARK))
    octets = heifs.built(heifs.picture(), around=heifs.Around(after=film))
    assert await refused(strip, octets) == "media.animated"

    done, out = await strip(octets, first_frame=True)

    assert done.removed == ("animation",)
    assert not marks.found_in(out)


@pytest.mark.parametrize(
    "octets",
    [
        heifs.built(heifs.picture(size=(60_000, 10))),
        heifs.built(heifs.picture(size=(8000, 6400))),
        heifs.built(heifs.picture(), heifs.picture("other", size=(40_000, 40_000))),
        heifs.grid(2, 2, says=(60_000, 60_000)),
        heifs.grid(1, 1, says=(30_000, 30_000)),
        heifs.grid(1, 1, says=(0xFFFFFFFF, 0xFFFFFFFF)),
    ],
    ids=["side", "area", "second", "grid", "grid area", "grid of 2^64"],
)
async def test_a_bomb_is_refused_at_its_header(strip: Strip, octets: bytes) -> None:
    """Before a tile is decoded."""
    assert await refused(strip, octets) == "media.too_many_pixels"


def _itself() -> bytes:
    body = b"\0\0\0\0\0\x60\0\x40"
    return heifs.built(
        heifs.Item(b"grid", body, (heifs.ispe(*drawn.SIZE),), ((b"dimg", (1,)),))
    )


@pytest.mark.parametrize(
    "octets",
    [
        _itself(),
        heifs.built(heifs.picture(size=(0, 64))),
        heifs.grid(8, 8, name="scene", tile=drawn.SIZE).replace(b"dimg", b"DIMG"),
        heifs.built(heifs.picture(), primary=9),
        heifs.built(heifs.Item(b"hvc1", b"", heifs.picture().properties)),
        heifs.built(heifs.Item(b"av01", b"\x12\0", heifs.picture().properties)),
        heifs.built(heifs.Item(b"hvc1", b"\xff" * 500, heifs.picture().properties)),
        heifs.built(heifs.Item(b"hvc1", heifs.coded("scene")[1], (heifs.ispe(96, 64),))),
        heifs.plain().replace(b"iloc\x01", b"iloc\x09"),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x01meta\xff\xff\xff\xff",
    ],
    ids=[
        "grid of itself", "of no size", "grid of nothing", "no such primary", "empty",
        "other codec", "noise", "no set-up", "places of another version", "nothing",
        "box of 2^64",
    ],
)  # fmt: skip
async def test_what_makes_no_picture_is_refused(strip: Strip, octets: bytes) -> None:
    """However its boxes refer to one another."""
    assert await refused(strip, octets) == "media.undecodable"


@pytest.mark.parametrize("tiled", [False, True])
async def test_a_picture_cut_off_is_refused(strip: Strip, *, tiled: bool) -> None:
    """Wherever the cut is, up to where the coded picture ends."""
    octets = heifs.grid(2, 2, name="scene", tile=drawn.SIZE) if tiled else heifs.plain()
    for percent in range(0, 96, 2):
        code = await refused(strip, octets[: len(octets) * percent // 100])
        assert code in {"media.undecodable", "media.unsupported_type"}, percent


async def test_a_48_mp_picture_is_drawn(strip: Strip) -> None:
    """The largest that phones make; it fits a child's memory."""
    done, _ = await strip(heifs.grid(16, 12, says=(8064, 6048)))

    assert 15_000_000 < done.width * done.height <= 16_000_000
