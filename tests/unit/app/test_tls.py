"""Which certificates and keys the doors are opened with."""

import ssl
from pathlib import Path

import pytest

from mustshare_api.app.server import tls
from mustshare_api.errors import Misconfigured
from tests.wires import certified, opened, until_closed


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key, as files."""
    certified(tmp_path)
    return tmp_path / "server.pem", tmp_path / "server.key"


def test_nothing_older_than_tls_1_3_is_spoken(pair: tuple[Path, Path]) -> None:
    """Older versions have no handshake that hides the server's name from a watcher."""
    assert tls.server_context(*pair).minimum_version is ssl.TLSVersion.TLSv1_3


def test_no_visit_can_be_tied_to_another_by_its_session(tmp_path: Path) -> None:
    """No ticket is handed out, so none comes back; and http/1.1 is what is spoken."""
    server, client = certified(tmp_path)
    client.set_alpn_protocols(["h2", "http/1.1"])
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asks = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    answers = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (asks, answers, asks, answers):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue

    assert (asks.version(), asks.selected_alpn_protocol()) == ("TLSv1.3", "http/1.1")
    assert to_client.read() == b""  # where tickets would be
    assert server.num_tickets == 0
    assert asks.compression() is None


def test_the_key_exchange_in_force_is_told(pair: tuple[Path, Path]) -> None:
    """By a real handshake: the hybrid one where this OpenSSL has it, otherwise X25519."""
    context = tls.server_context(*pair)
    wanted = "X25519MLKEM768" if ssl.OPENSSL_VERSION_INFO >= (3, 5) else "X25519"

    assert tls.group_of(context) == wanted


def test_the_key_exchange_is_told_whatever_it_is(pair: tuple[Path, Path]) -> None:
    """Also where the client's first guess is wrong, and the server has to ask for another."""
    context = tls.server_context(*pair)
    context.set_ecdh_curve("secp384r1")

    assert tls.group_of(context) == "secp384r1"


def test_openssl_is_told_its_groups_by_a_file_that_is_there() -> None:
    """The hybrid group is named only to an OpenSSL that knows it: others would take no file."""
    file = Path(tls.environment()["OPENSSL_CONF"])
    hybrid = ssl.OPENSSL_VERSION_INFO >= (3, 5)

    assert ("X25519MLKEM768" in file.read_text(encoding="ascii").split("Groups")[1]) == hybrid


@pytest.mark.parametrize(
    "octets",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Receipt 1\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\r\n",
        b"SSH-2.0-x\r\n",
        b"\x16\x03\x01\x00\x02\x01\x00",
    ],
)
def test_plain_http_on_a_tls_door_is_refused_and_not_redirected(
    tmp_path: Path, octets: bytes
) -> None:
    """At most a TLS alert, seven octets that every implementation has; then the end."""
    with opened("uvloop", tmp_path) as door, door.dial(greet=False) as wire:
        wire.sendall(octets)
        found = until_closed(wire)

    assert len(found) in (0, 7)
    assert found[:1] in (b"", b"\x15")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610])
def test_a_key_that_others_can_read_is_refused(pair: tuple[Path, Path], mode: int) -> None:
    """The line says how to mend it."""
    pair[1].chmod(mode)

    with pytest.raises(Misconfigured, match="chmod 600"):
        tls.server_context(*pair)


def test_a_key_of_another_certificate_is_refused(pair: tuple[Path, Path]) -> None:
    """So is a file that is no certificate at all, in the same words."""
    pair[0].write_bytes(b"not a certificate")

    with pytest.raises(Misconfigured, match="no certificate and its key"):
        tls.server_context(*pair)


def test_a_missing_key_is_named(pair: tuple[Path, Path]) -> None:
    """The operator is told which path could not be read."""
    pair[1].unlink()

    with pytest.raises(Misconfigured, match=r"server\.key cannot be read"):
        tls.server_context(*pair)


def test_a_key_of_another_user_is_told_from_one_that_is_none(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root reads everything, so the refusal is the test's own."""

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", refused)

    with pytest.raises(Misconfigured, match="cannot be read by this user"):
        tls.server_context(*pair)
