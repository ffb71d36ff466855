"""Talks to a front octet by octet, over TLS or on its plain loopback port."""

import socket
import ssl
import subprocess
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

from tests.deploy.fronts.shipped import NAME, Front

PATIENCE_S = 10.0


def context(ca: Path, *protocols: str) -> ssl.SSLContext:
    """A client that trusts the tests' authority."""
    made = ssl.create_default_context(cafile=str(ca))
    if protocols:
        made.set_alpn_protocols(list(protocols))
    return made


@dataclass(frozen=True)
class Answer:
    """What a front answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True)
class Client:
    """A front's client. Each request has a connection of its own."""

    front: Front
    ca: Path

    def dial(self, *, plain: bool = False, name: str = NAME) -> socket.socket:
        """A connection, to the onion's port if it is to be plain."""
        port = self.front.onion if plain else self.front.tls
        line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        return line if plain else context(self.ca).wrap_socket(line, server_hostname=name)

    def say(self, octets: bytes, *, plain: bool = False, wait_s: float = PATIENCE_S) -> bytes:
        """All that comes back until the front closes, or for so long."""
        with self.dial(plain=plain) as line:
            line.settimeout(wait_s)
            # A front that has heard enough closes before it was told all.
            with suppress(OSError):
                line.sendall(octets)
            return heard(line)

    def request(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        plain: bool = False,
        announced: int | None = None,
    ) -> Answer:
        """One request; `announced` is a Content-Length that is not the truth."""
        length = len(body) if announced is None else announced
        given = {"Host": self.host, **(headers or {})}
        if length or method in ("POST", "PUT", "PATCH"):
            given["Content-Length"] = str(length)
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        with self.dial(plain=plain) as line:
            line.sendall(f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body)
            return answered(line, method)

    @property
    def host(self) -> str:
        """What a browser would send as Host, on port 443."""
        return NAME

    def curl(self, path: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """The same by curl, which speaks HTTP/2."""
        where = f"{NAME}:{self.front.tls}"
        trust = ["--cacert", str(self.ca), "--resolve", f"{where}:127.0.0.1"]
        command = [
            "curl",
            "-q",
            "-sS",
            "--max-time",
            "20",
            "-H",
            f"Host: {NAME}",
            *trust,
            *arguments,
        ]
        return subprocess.run(
            [*command, f"https://{where}{path}"], capture_output=True, check=False, timeout=30
        )


def answered(line: socket.socket, method: str = "GET") -> Answer:
    """Reads one answer."""
    with closing(HTTPResponse(line, method=method)) as answer:
        answer.begin()
        return Answer(answer.status, answer.getheaders(), answer.read())


def heard(line: socket.socket) -> bytes:
    """All that comes until the other side closes or the time is up."""
    found = b""
    with suppress(OSError):
        while octets := line.recv(1 << 16):
            found += octets
    return found


def is_closed(line: socket.socket, within_s: float) -> bool:
    """Whether the other side closes within a time; what it still says is thrown away."""
    line.settimeout(within_s)
    try:
        while line.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
