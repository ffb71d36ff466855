"""Whoever comes by the onion: HTTP over a Tor client's SOCKS port, and what its circuits do."""

import http.client
import json
import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0
_WITH_A_NAME = b"\x05\x01\x02"
_CONNECT = b"\x05\x01\x00\x03"


@dataclass(frozen=True)
class Answer:
    """What the onion answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Visitor:
    """Visitors of one `circuit` share it: tor keeps apart who gives SOCKS another name."""

    socks: int
    host: str
    circuit: str = "one"

    def dial(self, host: str = "") -> socket.socket:
        """A stream to port 80 of the onion.

        Raises:
            ConnectionError: tor did not reach it.
        """
        line = socket.create_connection(("127.0.0.1", self.socks), timeout=PATIENCE_S)
        try:
            self._greet(line, (host or self.host).encode())
        except BaseException:
            line.close()
            raise
        return line

    def _greet(self, line: socket.socket, host: bytes) -> None:
        name = self.circuit.encode()
        line.sendall(_WITH_A_NAME)
        _taken(line, 2)
        line.sendall(b"\x01" + bytes([len(name)]) + name + b"\x01x")
        _taken(line, 2)
        line.sendall(_CONNECT + bytes([len(host)]) + host + (80).to_bytes(2))
        if (answer := _taken(line, 10))[1]:
            raise ConnectionError(f"SOCKS {answer[1]}")

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a stream of its own."""
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE_S)) as connection:
            connection.sock = self.dial()
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())

    def send(self, method: str, target: str, content: Any, receipt: str = "") -> Answer:
        """The same with JSON, and with a receipt if there is one."""
        headers = {"Content-Type": "application/json", **presented(receipt)}
        return self.ask(method, target, json.dumps(content).encode(), headers)


def presented(receipt: str) -> dict[str, str]:
    """The header that shows a receipt."""
    return {"Authorization": f"Receipt {receipt}"} if receipt else {}


def _taken(line: socket.socket, count: int) -> bytes:
    taken = b""
    while len(taken) < count:
        if not (octets := line.recv(count - len(taken))):
            raise ConnectionError("tor hung up")
        taken += octets
    return taken


def command(control: Path, *lines: str) -> list[str]:
    """Tells a tor something by its control socket; what it answers, line by line.

    Raises:
        AssertionError: it refuses.
    """
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_S)
        line.connect(str(control))
        line.sendall("".join(f"{one}\r\n" for one in ("AUTHENTICATE", *lines, "QUIT")).encode())
        with line.makefile("r") as answers:
            heard = [one.strip() for one in answers]
    assert not [one for one in heard if one[:2] in ("51", "55") and one[3:4] == " "], heard
    return heard


def circuits(control: Path) -> list[str]:
    """Numbers of the circuits that a client has to an onion, joined to its end."""
    heard = command(control, "GETINFO circuit-status")
    # The first of several has the answer's own mark before it, or stands alone behind it.
    lines = [one.removeprefix("250-circuit-status=") for one in heard]
    return [one.split()[0] for one in lines if "HSCR_JOINED" in one]


def close_circuits(control: Path) -> int:
    """Closes them all, as a phone that loses its network does; how many there were."""
    found = circuits(control)
    command(control, *(f"CLOSECIRCUIT {number}" for number in found))
    return len(found)
