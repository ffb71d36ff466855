"""slowhttptest and attackers of our own against a real service with TLS: honest ones go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.slow import measure
from tests.service import Service, running

CONNECTIONS = 200
FILES = 64
"""Beside connections: the database's, the workers', the code's."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`mustshare serve` with a PostgreSQL of its own."""
    folder: Path = tmp_path_factory.mktemp("slow")
    with running(folder, {"MUSTSHARE_CONNECTIONS": "100"}) as service:
        yield service


@pytest.mark.parametrize(
    "kind", ["headers", "body", "range", "read", "silence", "drip", "pipeline"]
)
def test_no_honest_request_fails_under_slow_clients(service: Service, kind: str) -> None:
    """Two hundred for a hundred places: nobody is turned away, descriptors stay bounded."""
    row = measure(service, kind, CONNECTIONS, 4, turns=1)

    assert row.tally.failures == []
    assert len(row.tally.took_s["attack"]) > 3
    assert row.files <= CONNECTIONS + FILES
