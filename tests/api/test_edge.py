"""The edge's header: believed from this machine alone, and then only where it was set."""

from typing import Any

import pytest

from mustshare_api.api.visitors import tell_networks
from mustshare_api.flows.buckets import EdgeBuckets
from tests.doors import Doors


async def told(
    doors: Doors, client: tuple[str, int] | None, *values: bytes
) -> tuple[int, bool]:
    """How many Edge-Bucket headers are left, and whether there is a bucket."""
    seen: list[dict[str, object]] = []

    async def app(scope: dict[str, object], *_: object) -> None:
        seen.append(scope)

    headers = [(b"host", b"x"), *((b"edge-bucket", value) for value in values)]
    scope: dict[str, Any] = {"type": "http", "client": client, "headers": headers}
    await tell_networks(app, doors.bench)(scope, None, None)
    left = [name for name, _ in scope["headers"] if name == b"edge-bucket"]
    return len(left), seen[0].get("mustshare.bucket") is not None


@pytest.mark.parametrize(
    ("client", "believed"),
    [
        (("127.0.0.1", 5), True),
        (("::1", 5), True),
        (None, False),
        (("203.0.113.9", 5), False),
        (("proxy", 5), False),
    ],
)
async def test_only_a_proxy_on_this_machine_is_believed(
    doors: Doors, client: tuple[str, int] | None, *, believed: bool
) -> None:
    """The header is gone afterwards, whoever sent it."""
    doors.bench.gate.buckets = EdgeBuckets(doors.clock)

    assert await told(doors, client, b"203.0.113.7") == (0, believed)


async def test_unless_it_is_set_the_header_is_dropped(doors: Doors) -> None:
    """Which is how the service comes."""
    assert await told(doors, ("127.0.0.1", 5), b"203.0.113.7") == (0, False)


async def test_without_the_header_there_is_no_bucket(doors: Doors) -> None:
    """As for everyone who comes through Tor."""
    doors.bench.gate.buckets = EdgeBuckets(doors.clock)

    assert await told(doors, ("127.0.0.1", 5)) == (0, False)


async def test_an_empty_bucket_shuts_nobody_out(doors: Doors) -> None:
    """Thirty from one network, and all are served while there is room."""
    doors.bench.gate.buckets = EdgeBuckets(doors.clock)
    sent = [await doors.send_tip(headers={"edge-bucket": "203.0.113.7"}) for _ in range(23)]

    assert {one.status_code for one in sent} == {201}
    assert len(doors.bench.gate.buckets._turns) == 1
