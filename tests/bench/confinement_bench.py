"""What locking in costs a request: two services, asked in turns, one of them not locked in.

    python -m tests.bench.confinement_bench [rounds] [requests a round]

Prints the CPU time of the serving process a request, medians over rounds, and the difference.
"""

import statistics
import sys
import tempfile
from http.client import HTTPSConnection
from pathlib import Path

import psutil

from tests.service import Service, running


def used_s(service: Service) -> float:
    """CPU time of the serving process."""
    assert service.process is not None
    times = psutil.Process(service.process.pid).cpu_times()
    return times.user + times.system


def asked(service: Service, connection: HTTPSConnection, requests: int) -> float:
    """CPU milliseconds a request."""
    before = used_s(service)
    for _ in range(requests):
        connection.request("GET", "/v1/intake")
        connection.getresponse().read()
    return (used_s(service) - before) / requests * 1000


def main(rounds: int, requests: int) -> None:
    """Measures in turns and prints."""
    found: dict[str, list[float]] = {"off": [], "best-effort": []}
    with (
        tempfile.TemporaryDirectory(prefix="ms-") as one,
        tempfile.TemporaryDirectory(prefix="ms-") as other,
        running(Path(one), {"MUSTSHARE_CONFINEMENT": "off"}) as free,
        running(Path(other), {"MUSTSHARE_CONFINEMENT": "best-effort"}) as locked,
    ):
        doors = {"off": (free, free.connect()), "best-effort": (locked, locked.connect())}
        for _ in range(rounds):
            for name, (service, connection) in doors.items():
                found[name].append(asked(service, connection, requests))
    off, on = (statistics.median(values[1:]) for values in found.values())
    print(
        f"GET /v1/intake: {off:.3f} ms of CPU free, {on:.3f} ms locked in: {on - off:+.3f} ms"
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given or [15, 200]))
