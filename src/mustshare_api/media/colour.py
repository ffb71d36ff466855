"""Brings every picture to 8-bit sRGB, so that no profile has to travel with it.

A profile that cannot be read is treated as absent, as browsers do: a picture in slightly
wrong colours is worth more to a reporter than none. Pixel values above 8 bit are scaled, not
clipped; what is see-through is laid on white, which also ends whatever it hid.
"""

import io
from typing import Any, Literal, cast

from PIL import Image, ImageCms

from mustshare_api.media.report import Outcome, Refused

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_WHITE = (255, 255, 255)
_PROBE_STEPS = 9
_UNSEEN = 1
"""A profile that moves no probe by more than one level is sRGB under some name."""

_DEEP = frozenset({"I;16", "I;16L", "I;16B", "I;16N"})
_WITH_ALPHA = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})


def _built_in(name: Literal["LAB", "sRGB"]) -> ImageCms.ImageCmsProfile:
    untyped = cast("Any", ImageCms)  # createProfile has no return type
    return ImageCms.ImageCmsProfile(untyped.createProfile(name))


_SRGB = _built_in("sRGB")


def is_srgb(profile: bytes | None) -> bool:
    """Whether a profile, or its absence, leaves 8-bit RGB as it is."""
    if profile is None:
        return True
    probe = _probe()
    moved = _transformed(probe, profile)
    if moved is None:
        return True
    before, after = probe.tobytes(), moved.tobytes()
    return all(abs(a - b) <= _UNSEEN for a, b in zip(before, after, strict=True))


def is_see_through(image: Image.Image) -> bool:
    """Whether any pixel is: phones give their screenshots an alpha that is solid."""
    if image.mode in _WITH_ALPHA:
        return image.getchannel("A").getextrema() != (255, 255)
    return "transparency" in image.info


def to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in 8-bit sRGB without transparency.

    Raises:
        Refused: Its samples have no agreed range (floating point, 32-bit).
    """
    if image.mode in _DEEP:
        image = _shallow(image)
    if is_see_through(image):
        image = _on_white(image, profile)
        profile = None
    elif image.mode == "P" or image.mode in _WITH_ALPHA:
        image = image.convert("RGB")
    return _opaque(image, profile)


def _opaque(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "1":
        image = image.convert("L")
    if image.mode == "LAB":
        return _from_lab(image)
    if image.mode not in {"RGB", "L", "CMYK", "YCbCr"}:
        raise Refused(Outcome.UNDECODABLE)
    if profile is not None:
        if image.mode == "YCbCr":
            image = image.convert("RGB")
        moved = _transformed(image, profile)
        if moved is None and image.mode == "L":
            moved = _transformed(image.convert("RGB"), profile)
        if moved is not None:
            return moved
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Lays a see-through picture on white, colours brought to sRGB before they are mixed."""
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    colours = _opaque(image.convert("RGB"), profile)
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(colours, mask=alpha)
    return ground


def _shallow(image: Image.Image) -> Image.Image:
    """16-bit grey to 8-bit by scaling."""
    wide = image.convert("I")
    scaled = wide.point(lambda sample: sample * (1 / 257) + 0.5)  # pyright: ignore[reportUnknownMemberType]
    return scaled.convert("L")


def _from_lab(image: Image.Image) -> Image.Image:
    return _applied(image, _built_in("LAB"), "LAB")


def _transformed(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture through its profile; None where the profile can't be used on it."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return _applied(image, given, image.mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _applied(image: Image.Image, given: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    steps = ImageCms.buildTransform(given, _SRGB, mode, "RGB", _INTENT)
    moved = ImageCms.applyTransform(image, steps)
    assert moved is not None
    return moved


def _probe() -> Image.Image:
    """A small picture of colours from all over the cube."""
    levels = [round(step * 255 / (_PROBE_STEPS - 1)) for step in range(_PROBE_STEPS)]
    octets = bytes(value for r in levels for g in levels for b in levels for value in (r, g, b))
    return Image.frombytes("RGB", (_PROBE_STEPS**2, _PROBE_STEPS), octets)
