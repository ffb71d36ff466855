"""TLS as the fronts speak it: 1.3 alone, nothing in clear, no name for who knows none."""

import json
import socket
import ssl
import struct
import subprocess
from pathlib import Path

import pytest

from tests.deploy.fronts.shipped import NAME
from tests.deploy.fronts.wire import Client, context, heard
from tests.programs import program

X25519MLKEM768 = 0x11EC
X25519 = 0x001D
HELLO_RETRY_REQUEST = bytes.fromhex(
    "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
)
"""The `random` by which a ServerHello says that it is one (RFC 8446, 4.1.3)."""


def prefixed(size: int, octets: bytes) -> bytes:
    """Octets behind their length in `size` bytes."""
    return len(octets).to_bytes(size, "big") + octets


def extension(number: int, octets: bytes) -> bytes:
    """One TLS extension."""
    return struct.pack(">H", number) + prefixed(2, octets)


def client_hello(name: str, group: int) -> bytes:
    """A ClientHello that offers one group and no share for it: whoever has it asks for one."""
    extensions = b"".join(
        [
            extension(0, prefixed(2, b"\0" + prefixed(2, name.encode()))),
            extension(10, prefixed(2, struct.pack(">H", group))),
            extension(13, prefixed(2, bytes.fromhex("0403080408050806"))),
            extension(43, prefixed(1, b"\x03\x04")),
            extension(51, prefixed(2, b"")),
        ]
    )
    body = b"\x03\x03" + bytes(32) + prefixed(1, bytes(32)) + prefixed(2, b"\x13\x01\x13\x02")
    body += prefixed(1, b"\0") + prefixed(2, extensions)
    return b"\x16\x03\x01" + prefixed(2, b"\x01" + prefixed(3, body))


def group_asked_for(client: Client, group: int) -> int | None:
    """The group for which the front asks a share, when only this one is offered."""
    with socket.create_connection(("127.0.0.1", client.front.tls), timeout=5) as line:
        line.sendall(client_hello(NAME, group))
        told = line.recv(4096)
    if told[:1] != b"\x16" or told[11:43] != HELLO_RETRY_REQUEST:
        return None
    at = told.index(b"\x00\x33\x00\x02")
    found: int = struct.unpack_from(">H", told, at + 4)[0]
    return found


def test_sslyze_finds_it_compliant_with_mozilla_modern(front: Client, tmp_path: Path) -> None:
    """An independent scanner, against the strictest of Mozilla's three profiles."""
    report = tmp_path / "report.json"
    found = subprocess.run(
        [
            *(str(program("sslyze")), "--mozilla_config=modern", f"--json_out={report}"),
            *("--certinfo_ca_file", str(front.ca), f"{NAME}:{front.front.tls}{{127.0.0.1}}"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert "OK - Compliant" in found.stdout, found.stdout[-2000:]
    scans = json.loads(report.read_text())["server_scan_results"]
    assert [one["scan_status"] for one in scans] == ["COMPLETED"]


def test_tls_1_2_is_refused(front: Client) -> None:
    """Not negotiated down to, whatever a client offers."""
    old = context(front.ca)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", front.front.tls), timeout=5) as line,
        pytest.raises(ssl.SSLError, match="protocol version"),
    ):
        old.wrap_socket(line, server_hostname=NAME)


def test_plain_http_is_refused_and_not_redirected(front: Client) -> None:
    """No `Location`: who is redirected has said already, in clear, what they wanted to say."""
    with socket.create_connection(("127.0.0.1", front.front.tls), timeout=5) as line:
        line.settimeout(5)
        line.sendall(f"GET /v1/intake HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        told = heard(line)

    assert b"ocation:" not in told
    assert told == b"" or told.startswith(b"HTTP/1.0 400") or told[:1] == b"\x15"


def test_another_name_is_shown_no_certificate(front: Client) -> None:
    """A scan of addresses learns no name: without ours in the handshake there is none."""
    for name in ("other.localhost", None):
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", front.front.tls), timeout=5) as line,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            blind.wrap_socket(line, server_hostname=name)


def test_another_host_on_our_name_is_cut_off(front: Client) -> None:
    """What was asked for in the handshake is what is asked for in the request."""
    assert front.say(b"GET / HTTP/1.1\r\nHost: other.localhost\r\n\r\n") == b""


def test_a_visit_cannot_be_resumed(front: Client) -> None:
    """No ticket ties two visits together, but on Caddy, whose file has no word for it."""
    trust = context(front.ca)
    session, reused = None, False
    for _ in range(2):
        line = socket.create_connection(("127.0.0.1", front.front.tls), timeout=5)
        with trust.wrap_socket(line, server_hostname=NAME, session=session) as secure:
            secure.sendall(f"GET / HTTP/1.1\r\nHost: {front.host}\r\n\r\n".encode())
            secure.recv(100)
            session, reused = secure.session, secure.session_reused or False

    assert reused == (front.front.kind == "caddy")


def test_the_key_exchange_is_post_quantum_where_the_front_has_it(front: Client) -> None:
    """Caddy takes X25519MLKEM768; OpenSSL 3.0, which the other two stand on, has no such."""
    has_it = front.front.kind == "caddy"

    assert group_asked_for(front, X25519) == X25519
    assert group_asked_for(front, X25519MLKEM768) == (X25519MLKEM768 if has_it else None)
