"""The service behind one of the shipped fronts, for attackers and honest clients to go through.

    honest clients, attackers of ours -- TLS --.
                                               +-- front -- reporter door, plain
    slowhttptest -- the onion service's port --'

slowhttptest names no host in its TLS, and every front hangs up on that. Behind both ports stand
the same limits; the files are as they are shipped, but for the places that every test exchanges
(`tests.deploy.fronts.shipped`).
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any

from typing_extensions import override

from mustshare_api.crypto import local_ca
from tests.deploy.fronts.shipped import NAME, Front
from tests.service import Response, Service, installed

AS_SHIPPED = {"maxconn 8000": "maxconn 8000"}
"""The tests of what is refused go by a smaller number."""


@dataclass
class Fronted(Service):
    """A service whose reporter door is reached through a front."""

    front: Front | None = None

    @property
    def pids(self) -> list[int]:
        """The front's process. nginx has workers below it."""
        return [] if self.front is None else [self.front.pid]

    @override
    def connect(self, door: int = 0, timeout: float = 30) -> Any:
        if self.front is None:  # while it starts
            return HTTPConnection("127.0.0.1", self.ports[door], timeout=timeout)
        port = self.front.tls
        made: Any = HTTPSConnection(NAME, port, context=self.context, timeout=timeout)
        there = ("127.0.0.1", port)
        made._create_connection = lambda *_: socket.create_connection(there, timeout)
        return made

    @override
    def request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        door: int = 0,
    ) -> Response:
        named = {"Host": NAME, **(headers or {})}
        return super().request(method, target, body, named, door=door)


@contextmanager
def fronted(folder: Path, kind: str) -> Iterator[Fronted]:
    """A service that takes tips through a front of a kind; both ended at the end."""
    settings = {"MUSTSHARE_TLS": "behind-proxy"}
    service = Fronted(**vars(installed(folder, settings)))
    front = Front(kind, folder / kind, service.ports[0], _certificate(folder), AS_SHIPPED)
    front.onions = "127.0.0.1"  # as slowhttptest asks
    front.folder.mkdir()
    try:
        front.start()
        settings["MUSTSHARE_HOSTS"] = f"{NAME},127.0.0.1:{front.onion}"
        service.start()
        service.front = front
        yield service
    finally:
        service.stop()
        front.stop()


def _certificate(folder: Path) -> Path:
    """For the front's name; whoever trusts the service's trusts it."""
    now = datetime.now(UTC)
    authority = local_ca.make_authority(now)
    issued = local_ca.make_server_certificate(authority, now, [NAME])
    (folder / "ca.pem").write_bytes(authority.certificate_pem)
    pem = folder / "tips.pem"
    pem.touch(mode=0o600)
    pem.write_bytes(issued.certificate_pem + issued.key_pem)
    return pem
