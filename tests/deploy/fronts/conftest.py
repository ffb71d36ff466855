"""The fronts that tests share: each program once before a recorder, once before the service."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from mustshare_api.crypto import local_ca
from tests.deploy.fronts.recorder import Recorder
from tests.deploy.fronts.shipped import KINDS, NAME, Front
from tests.deploy.fronts.wire import Client
from tests.service import Service, installed

Starter = Callable[..., Client]


@dataclass(frozen=True)
class Certificate:
    """What fronts serve with, and who trusts it."""

    pem: Path
    ca: Path


class PlainService(Service):
    """The service as it runs behind a front: without TLS of its own."""

    @override
    def connect(self, door: int = 0, timeout: float = 30) -> Any:
        return HTTPConnection("127.0.0.1", self.ports[door], timeout=timeout)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("tls")
    now = datetime.now(UTC)
    authority = local_ca.make_authority(now)
    issued = local_ca.make_server_certificate(authority, now, [NAME])
    made = Certificate(folder / "tips.pem", folder / "ca.pem")
    made.pem.touch(mode=0o600)
    made.pem.write_bytes(issued.certificate_pem + issued.key_pem)
    made.ca.write_bytes(authority.certificate_pem)
    return made


@pytest.fixture(scope="session")
def start(
    tmp_path_factory: pytest.TempPathFactory, certificate: Certificate
) -> Iterator[Starter]:
    """Starts a front; all are ended at the end."""
    started: list[Front] = []

    def starter(
        kind: str,
        door: int,
        changes: Mapping[str, str] | None = None,
        before: Callable[[Path], Sequence[str]] = lambda _: (),
    ) -> Client:
        folder = tmp_path_factory.mktemp(kind)
        front = Front(kind, folder, door, certificate.pem, changes or {})
        started.append(front)
        front.start(before(folder))
        return Client(front, certificate.ca)

    yield starter
    for front in started:
        front.stop()


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which program."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def front(kind: str, start: Starter, recorder: Recorder) -> Client:
    """A front before the recorder."""
    return start(kind, recorder.port)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainService]:
    """The real service, which lets a body rest for a second only."""
    folder = tmp_path_factory.mktemp("service")
    settings = {"MUSTSHARE_TLS": "behind-proxy", "MUSTSHARE_BODY_IDLE_S": "1"}
    made = PlainService(**vars(installed(folder, settings)))
    own = ",".join(f"127.0.0.1:{port}" for port in made.ports)
    settings["MUSTSHARE_HOSTS"] = f"{NAME},{own}"
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def served(kind: str, start: Starter, service: PlainService) -> Client:
    """A front before the service."""
    return start(kind, service.ports[0])
