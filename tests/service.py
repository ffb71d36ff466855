"""The real service in a process of its own, over TLS: for tests that kill it or look inside it.

It serves an organisation that the tests hold the keys of, so that they can open what it stores.
"""

import hashlib
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from mustshare_api.crypto import events, local_ca, requests
from tests.organisation import Officer, Organisation, organisation

START_S = 60
SRC = Path(__file__).parents[1] / "src"


@dataclass(frozen=True)
class Response:
    """What the service answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)


@dataclass
class Service:
    """One installation: its folder, its keys, and its process while it runs."""

    folder: Path
    org: Organisation
    ports: tuple[int, int, int]
    process: "subprocess.Popen[bytes] | None" = None
    settings: dict[str, str] | None = None

    @property
    def data(self) -> Path:
        """Everything the service may write to."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Everything it ever printed."""
        return self.folder / "service.log"

    @property
    def context(self) -> ssl.SSLContext:
        """Trusts the service's certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "ca.pem"))

    def start(self) -> None:
        """Starts it and waits until it takes tips."""
        self.process = self.spawn("serve")
        self.wait_until_open()

    def wait_until_open(self) -> None:
        """Returns once it takes tips."""
        assert self.process is not None
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text(errors="replace")[-2000:])
            try:
                if self.request("GET", "/v1/intake").json()["open"]:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("not ready: " + self.log.read_text(errors="replace")[-2000:])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it: in order, or by SIGKILL."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(40)

    def run(self, *arguments: str) -> None:
        """Runs another command of `mustshare` to its end."""
        assert self.spawn(*arguments).wait(60) == 0, self.log.read_text(errors="replace")[
            -2000:
        ]

    def spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A process of the service."""
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def command(self, *arguments: str) -> list[str]:
        """A command line of `mustshare`."""
        return [sys.executable, "-m", "mustshare_api", *arguments]

    def environment(self) -> dict[str, str]:
        """What it is started with."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MUSTSHARE_")}
        doors = zip(("REPORTER", "STAFF", "OPERATOR"), self.ports, strict=True)
        return {
            **kept,
            **{f"MUSTSHARE_{door}_ADDRESS": f"127.0.0.1:{port}" for door, port in doors},
            "PYTHONPATH": str(SRC),
            "MUSTSHARE_DATA_DIR": str(self.data),
            "MUSTSHARE_ROOTS_FILE": str(self.folder / "roots.pin"),
            "MUSTSHARE_TLS_CERT": str(self.folder / "server.pem"),
            "MUSTSHARE_TLS_KEY": str(self.folder / "server.key"),
            **(self.settings or {}),
        }

    def connect(self, door: int = 0, timeout: float = 30) -> HTTPSConnection:
        """A connection to a door: 0 reporter, 1 staff, 2 operator."""
        return HTTPSConnection(
            "127.0.0.1", self.ports[door], context=self.context, timeout=timeout
        )

    def request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        door: int = 0,
    ) -> Response:
        """One request on a connection of its own."""
        connection = self.connect(door)
        try:
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            return Response(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def send_tip(self, text: str, digits: str | None = None) -> Response:
        """A tip in clear."""
        headers = {"Content-Type": "application/json"}
        if digits:
            headers["Authorization"] = f"Receipt {digits}"
        return self.request("POST", "/v1/tips", json.dumps({"text": text}).encode(), headers)

    def signed(
        self, method: str, target: str, body: bytes = b"", officer: Officer | None = None
    ) -> Response:
        """A staff request."""
        path, _, query = target.partition("?")
        by = officer or self.org.officers[0]
        created = int(time.time())
        digest = hashlib.sha256(body).digest()
        event = events.request_headers(
            method, path, query, digest, created=created, seed=by.sign_seed
        )
        headers = event | requests.sign(
            method,
            f"127.0.0.1:{self.ports[1]}",
            path,
            query,
            requests.content_digest(body),
            keyid=by.keyid,
            seed=by.sign_seed,
            created=created,
            nonce=secrets.token_urlsafe(16),
        )
        headers["Content-Type"] = "application/octet-stream"
        return self.request(method, target, body, headers, door=1)

    def stored(self) -> list[dict[str, Any]]:
        """The whole index, as staff see it."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            target = f"/v1/index?after={after}" if after else "/v1/index"
            page = self.signed("GET", target).json()
            found += page["objects"]
            if page["next"] is None:
                return found
            after = page["next"]


def free_ports() -> tuple[int, int, int]:
    """Three TCP ports that nobody listens on."""
    with ExitStack() as held:
        opened = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        first, second, third = (one.getsockname()[1] for one in opened)
    return first, second, third


def installed(folder: Path, settings: dict[str, str] | None = None) -> Service:
    """An installation with a directory in force, not yet started."""
    now = datetime.now(UTC)
    service = Service(folder, organisation(now), free_ports(), settings=settings)
    service.data.mkdir(mode=0o700)
    (folder / "roots.pin").write_bytes(service.org.roots.encode())
    (folder / "directory.note").write_bytes(service.org.note())
    authority = local_ca.make_authority(now)
    server = local_ca.make_server_certificate(authority, now)
    (folder / "ca.pem").write_bytes(authority.certificate_pem)
    (folder / "server.pem").write_bytes(server.certificate_pem)
    (folder / "server.key").touch(mode=0o600)
    (folder / "server.key").write_bytes(server.key_pem)
    service.run("directory", str(folder / "directory.note"))
    return service


@contextmanager
def running(folder: Path, settings: dict[str, str] | None = None) -> Iterator[Service]:
    """A service that takes tips; ended at the end."""
    service = installed(folder, settings)
    try:
        service.start()
        yield service
    finally:
        service.stop(signal.SIGKILL)
