"""What costs us much for few octets is dear, and what honest clients send is not."""

import pytest

from mustshare_api.app.server.prices import MOST_CHUNKS, price_of
from mustshare_api.app.server.turns import HASTY

READ = 16 * 1024


def test_crumbs_are_dear() -> None:
    """A few dozen chunks of one octet, and their sender is hasty."""
    sent, price = 0, 0.0
    while price <= HASTY:
        sent += MOST_CHUNKS
        price += price_of(6 * MOST_CHUNKS, MOST_CHUNKS)

    assert sent <= 64


@pytest.mark.parametrize("chunk", [4096, 8192, 16_384, 65_536])
def test_a_photo_in_chunks_as_clients_make_them_costs_nothing(chunk: int) -> None:
    """30 MiB over a fast line, read as it comes."""
    reads = 30 * 1024 * 1024 // READ
    price = sum(
        price_of(READ, min(MOST_CHUNKS, max(1, READ // (chunk + 8)))) for _ in range(reads)
    )

    assert price == 0


def test_a_body_of_a_length_costs_nothing_but_for_tiny_pieces() -> None:
    """A tip, a photo; and an octet at a time, which is as much work as a photo's piece."""
    assert price_of(300_000, 0) == 0
    assert 60 < 1000 * price_of(1, 0) < 65
