"""TLS in memory: what was opened leaves nothing behind, and nobody makes it grow."""

import socket
import ssl
from pathlib import Path

import pytest

from mustshare_api.app.server.records import Records
from mustshare_api.app.server.wire import RECORD_BYTES, Wire
from tests.wires import LARGE_BYTES, Door, opened, soon, until_closed

MARK = b"canary-of-a-tip-7f3a"


def greeted(door: Door, line: socket.socket) -> tuple[ssl.SSLObject, ssl.MemoryBIO]:
    """A client's session, and what it has to send; for records that no socket would send."""
    assert door.client is not None
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = door.client.wrap_bio(coming, going, server_hostname="127.0.0.1")
    while True:
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            line.sendall(going.read())
            coming.write(line.recv(65536))
        else:
            line.sendall(going.read())
            return session, going


def test_what_came_before_a_broken_record_is_wiped(tmp_path: Path) -> None:
    """The buffer that all connections share holds nothing of who was disturbed on the way."""
    with opened("uvloop", tmp_path) as door, door.dial(greet=False) as line:
        session, going = greeted(door, line)
        session.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n" + MARK * 9)
        good = going.read()
        session.write(b"a" * 99)
        line.sendall(good + going.read()[:-1] + b"\0")
        until_closed(line)
        assert soon(lambda: door.present == 0)

        assert MARK not in bytes(Wire._shared)


def test_buffers_of_a_connection_stay_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They never shrink, so neither what comes nor what goes is ever put there in bulk."""
    coming, going = [], []
    take, waiting = Records.take, Records.waiting

    def taken(self: Records, octets: bytes) -> None:
        take(self, octets)
        coming.append(self._coming.pending)

    def sent(self: Records) -> bytes:
        going.append(self._going.pending)
        return waiting(self)

    monkeypatch.setattr(Records, "take", taken)
    monkeypatch.setattr(Records, "waiting", sent)
    with opened("uvloop", tmp_path) as door, door.dial() as line:
        post = b"POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
        line.sendall(post % (1 << 20) + bytes(1 << 20))
        found = 0
        while found < LARGE_BYTES:
            found += len(line.recv(1 << 20))

    assert max(coming) < 3 * RECORD_BYTES
    assert max(going) < 2 * RECORD_BYTES
