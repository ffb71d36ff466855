"""The evaluation authority: good for loopback TLS, and for nothing else."""

import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from mustshare_api.clock import SystemClock
from mustshare_api.crypto import local_ca
from mustshare_api.crypto.local_ca import Issued, make_authority, make_server_certificate
from mustshare_api.errors import Malformed

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Issued:
    return make_authority(NOW)


def ed25519_pem() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _verify(authority: Issued, server: Issued, subject: x509.GeneralName) -> None:
    store = Store([x509.load_pem_x509_certificate(authority.certificate_pem)])
    assert isinstance(subject, x509.DNSName | x509.IPAddress)
    verifier = PolicyBuilder().store(store).time(NOW).build_server_verifier(subject)
    verifier.verify(x509.load_pem_x509_certificate(server.certificate_pem), [])


@pytest.mark.parametrize(
    "name",
    [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ],
)
def test_a_server_certificate_holds_for_loopback_names(
    authority: Issued, name: x509.GeneralName
) -> None:
    """A strict path builder accepts it under the three names people type."""
    _verify(authority, make_server_certificate(authority, NOW), name)


def test_a_server_certificate_holds_for_no_other_authority(authority: Issued) -> None:
    """Two evaluations do not trust one another."""
    with pytest.raises(VerificationError):
        _verify(
            make_authority(NOW),
            make_server_certificate(authority, NOW),
            x509.DNSName("localhost"),
        )


@pytest.mark.parametrize(
    "name", ["example.org", "10.0.0.1", "192.0.2.7", "localhost.example.org"]
)
def test_a_name_others_can_reach_gets_no_certificate(authority: Issued, name: str) -> None:
    """An evaluation certificate for a public name would only hide a missing real one."""
    with pytest.raises(Malformed):
        make_server_certificate(authority, NOW, ["localhost", name])


def test_the_authority_is_constrained_to_loopback(authority: Issued) -> None:
    """Trusting it in a browser opens nothing but this machine."""
    certificate = x509.load_pem_x509_certificate(authority.certificate_pem)
    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints)

    assert constraints.critical
    assert {str(name.value) for name in constraints.value.permitted_subtrees or []} == {
        "localhost",
        "127.0.0.0/8",
        "::1/128",
    }


@pytest.mark.parametrize("broken", ["certificate_pem", "key_pem", "swapped", "another-kind"])
def test_a_broken_authority_is_malformed(authority: Issued, broken: str) -> None:
    """Edited or mixed-up files on disk end in one refusal."""
    other = make_authority(NOW)
    parts = {
        "certificate_pem": Issued(b"-----BEGIN", authority.key_pem),
        "key_pem": Issued(authority.certificate_pem, b""),
        "another-kind": Issued(authority.certificate_pem, ed25519_pem()),
        "swapped": Issued(authority.certificate_pem, other.key_pem),
    }

    with pytest.raises(Malformed):
        make_server_certificate(parts[broken], NOW)


def test_a_certificate_says_when_it_ends(authority: Issued) -> None:
    """So that a start can tell that it is time for a new one."""
    server = make_server_certificate(authority, NOW)

    assert server.expires_at == NOW + timedelta(days=local_ca.SERVER_DAYS)


def test_python_speaks_tls_13_with_it(tmp_path: Path) -> None:
    """The standard library's own client shakes hands under full checking."""
    now = SystemClock().now()
    authority = make_authority(now)
    server = make_server_certificate(authority, now)
    pair = tmp_path / "pair.pem"
    pair.write_bytes(server.key_pem + server.certificate_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    client = ssl.create_default_context(cadata=authority.certificate_pem.decode())
    client.minimum_version = ssl.TLSVersion.TLSv1_3
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    thread = threading.Thread(
        target=lambda: context.wrap_socket(theirs, server_side=True).close()
    )
    thread.start()
    with client.wrap_socket(ours, server_hostname="127.0.0.1") as wrapped:
        spoken = wrapped.version()
    thread.join()

    assert spoken == "TLSv1.3"


def test_a_certificate_is_plain_pem(authority: Issued) -> None:
    """So that curl and browsers take it as it is."""
    certificate = x509.load_pem_x509_certificate(authority.certificate_pem)

    assert certificate.public_bytes(Encoding.PEM) == authority.certificate_pem
