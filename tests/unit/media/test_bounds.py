"""How large a picture may be."""

import pytest

from mustshare_api.media import bounds
from mustshare_api.media.sniff import Format


@pytest.mark.parametrize(
    ("kind", "size", "expect"),
    [
        (Format.JPEG, (12_000, 9_000), True),
        (Format.JPEG, (30_000, 4_000), True),
        (Format.JPEG, (30_000, 4_001), False),
        (Format.JPEG, (30_001, 1), False),
        (Format.JPEG, (0, 10), False),
        (Format.PNG, (8_000, 6_250), True),
        (Format.PNG, (8_000, 6_251), False),
        (Format.PNG, (10, 0), False),
    ],
)
def test_the_header_alone_decides(kind: Format, size: tuple[int, int], *, expect: bool) -> None:
    """A JPEG may be larger, since it can be decoded at half scale."""
    assert bounds.drawable(kind, *size) is expect


@pytest.mark.parametrize("size", [(1, 1), (5_000, 3_200), (4_000, 4_000), (640, 480)])
def test_what_fits_stays_as_it_is(size: tuple[int, int]) -> None:
    """No picture is made smaller without need."""
    assert bounds.fitted(*size) == size


@pytest.mark.parametrize("size", [(30_000, 1), (12_000, 9_000), (5_001, 5_000), (1, 30_000)])
def test_what_does_not_fit_is_made_to(size: tuple[int, int]) -> None:
    """And is never made to nothing."""
    assert bounds.on_canvas(*bounds.fitted(*size))


@pytest.mark.parametrize(
    ("size", "picture_bytes", "expect"),
    [
        ((1080, 2340), 900_000, True),
        ((1080, 2340), 2_100_000, False),
        ((3000, 2001), 1_000, False),
        ((256, 256), 190_000, True),
    ],
)
def test_screenshots_stay_exact_and_photographs_do_not(
    size: tuple[int, int], picture_bytes: int, *, expect: bool
) -> None:
    """Told apart by how well they were compressed."""
    assert bounds.stays_exact(*size, picture_bytes) is expect
