"""The size of a WebP, which is read before its decoder takes memory for it."""

import io
from typing import Any

import pytest
from PIL import Image

from mustshare_api.media import webp

SIDES = (301, 77)


def draws(**settings: Any) -> bytes:
    """The chunks of a WebP that Pillow wrote."""
    octets = io.BytesIO()
    Image.new(settings.pop("mode", "RGB"), SIDES).save(octets, "WEBP", **settings)
    return octets.getvalue()[12:]


@pytest.mark.parametrize(
    "settings",
    [{"quality": 80}, {"lossless": True}, {"quality": 80, "icc_profile": b"some"}],
    ids=["VP8", "VP8L", "VP8X"],
)
def test_each_kind_of_webp_says_how_many_pixels_it_has(settings: dict[str, Any]) -> None:
    """At least as many as there are: the memory that is made ready has to do."""
    drawn = draws(**settings)

    assert SIDES[0] * SIDES[1] <= webp._pixels(drawn) <= (SIDES[0] + 1) * (SIDES[1] + 1)


@pytest.mark.parametrize("octets", [b"", b"VP8X", b"VP8 \0\0\0\0", b"ALPH\0\0\0\0"])
def test_a_broken_head_claims_next_to_nothing(octets: bytes) -> None:
    """No room is made for a picture that is not there."""
    assert webp._pixels(octets) <= 1
