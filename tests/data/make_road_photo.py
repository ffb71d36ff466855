"""Draws `road.jpg`, the photo of the demo, and hides in it what a phone hides.

    .venv/bin/python -m tests.data.make_road_photo

It is drawn and not taken, so that the repository names nobody: the position is the middle of
Lumphini Park, the camera and its serial number are made up.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZE = (2000, 1500)
PHOTO = Path(__file__).with_name("road.jpg")

CAMERA_SERIAL = "MS-4821-0007731"
TAKEN_AT = "2026:11:20 17:42:09"
LATITUDE = (13.0, 43.0, 51.36)
LONGITUDE = (100.0, 32.0, 30.12)

_MAKE, _MODEL, _SOFTWARE, _DATE_TIME = 0x010F, 0x0110, 0x0131, 0x0132
_EXIF, _GPS = 0x8769, 0x8825
_ORIGINAL, _SERIAL, _LENS = 0x9003, 0xA431, 0xA434


def scene() -> Image.Image:
    """A road that broke a month after it was paid for."""
    width, height = SIZE
    horizon = height * 2 // 5
    picture = Image.linear_gradient("L").resize((width, horizon))
    sky = Image.merge(
        "RGB",
        (
            picture.point(lambda v: 120 + v // 3),
            picture.point(lambda v: 165 + v // 4),
            picture.point(lambda _: 235),
        ),
    )
    whole = Image.new("RGB", SIZE, (96, 128, 70))
    whole.paste(sky, (0, 0))
    draw = ImageDraw.Draw(whole)
    draw.polygon(
        [(880, horizon), (1120, horizon), (1900, height), (100, height)], fill=(92, 92, 96)
    )
    for step in range(9):
        top = horizon + (height - horizon) * step * step // 81
        low = top + 14 + step * 10
        draw.polygon(
            [(996, top), (1004, top), (1000 + 3 * step + 4, low), (1000 - 3 * step - 4, low)],
            fill=(230, 222, 180),
        )
    for x, y, across, down in (
        (720, 1130, 340, 110),
        (1230, 930, 180, 50),
        (1010, 760, 90, 20),
    ):
        draw.ellipse(
            [x - across // 2, y - down // 2, x + across // 2, y + down // 2], fill=(58, 50, 44)
        )
        draw.ellipse(
            [x - across // 3, y - down // 4, x + across // 3, y + down // 3], fill=(110, 92, 72)
        )
    grain = Image.effect_noise(SIZE, 42).convert("RGB")
    return Image.blend(whole.filter(ImageFilter.GaussianBlur(1.2)), grain, 0.12)


def exif() -> Image.Exif:
    """Camera, serial number, time and place."""
    tags = Image.Exif()
    tags[_MAKE], tags[_MODEL], tags[_SOFTWARE] = "Mueang", "Klong 9 Pro", "KlongOS 14.2"
    tags[_DATE_TIME] = TAKEN_AT
    inner = tags.get_ifd(_EXIF)
    inner[_ORIGINAL], inner[_SERIAL], inner[_LENS] = TAKEN_AT, CAMERA_SERIAL, "Klong 24mm f/1.8"
    place = tags.get_ifd(_GPS)
    place[1], place[2], place[3], place[4] = "N", LATITUDE, "E", LONGITUDE
    return tags


def main() -> None:
    """Writes the file."""
    octets = io.BytesIO()
    scene().save(octets, "JPEG", quality=88, exif=exif(), comment=b"made for the demo")
    PHOTO.write_bytes(octets.getvalue())


if __name__ == "__main__":
    main()
