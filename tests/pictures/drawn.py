"""Small pictures with known pixels, before anything is planted in them."""

import io

from PIL import Image, ImageDraw, ImageFilter

SIZE = (96, 64)


def scene(size: tuple[int, int] = SIZE) -> Image.Image:
    """Soft colours without symmetry: any turn, flip or channel swap shows."""
    width, height = size
    picture = Image.new("RGB", size, (70, 120, 180))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width // 3, height // 4), (210, 60, 50))
    pen.rectangle((width // 2, height // 2, width - 1, height - 1), (60, 170, 80))
    pen.ellipse((width // 8, height // 2, width // 3, height - 2), (230, 210, 90))
    return picture.filter(ImageFilter.GaussianBlur(2))


def screenshot(size: tuple[int, int] = (360, 640)) -> Image.Image:
    """A chat: flat colours, hard edges, text."""
    picture = Image.new("RGB", size, (236, 229, 221))
    pen = ImageDraw.Draw(picture)
    for row in range(8):
        left = 12 if row % 2 else 120
        top = 20 + row * 74
        pen.rounded_rectangle((left, top, left + 220, top + 56), 9, (255, 255, 255))
        pen.text((left + 10, top + 20), f"transfer {row * 1370} baht", (17, 27, 33))
    return picture


def encoded(picture: Image.Image, form: str, **settings: object) -> bytes:
    """The picture as a file of one format."""
    octets = io.BytesIO()
    picture.save(octets, form, **settings)
    return octets.getvalue()


def opened(octets: bytes) -> Image.Image:
    """A file's picture, decoded."""
    picture = Image.open(io.BytesIO(octets))
    picture.load()
    return picture


def apart(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures in levels of 255; huge where sizes differ."""
    if one.size != other.size:
        return 255.0
    a, b = one.convert("RGB").tobytes(), other.convert("RGB").tobytes()
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)
