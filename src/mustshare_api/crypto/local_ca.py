"""Makes the certificates of an evaluation: an authority of its own, good for this machine only.

A stranger who runs the service once has no certificate, and TLS without one teaches people to
click warnings away. So an evaluation makes its own authority and hands its public half to curl.

The authority is bound by name constraints to localhost and the loopback addresses. Should
someone add it to a browser and its key later leak, it can speak for nothing but that machine.
Nothing here is for a service that others reach; that one brings a certificate from outside.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mustshare_api.errors import Malformed

AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 90
"""Short, because a fresh one is made at any start that finds it old."""

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_LOOPBACK_NETWORKS: Final = ("127.0.0.0/8", "::1/128")
_BACKDATE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate and its key, in PEM."""

    certificate_pem: bytes
    key_pem: bytes

    @property
    def expires_at(self) -> datetime:
        """The instant, aware, in UTC."""
        return x509.load_pem_x509_certificate(self.certificate_pem).not_valid_after_utc


def make_authority(now: datetime) -> Issued:
    """A new authority, valid for ten years from `now` and for loopback names alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Must Share evaluation authority, not for real use")
    builder = (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(_subject_id(key.public_key()), critical=False)
        .add_extension(_loopback_only(), critical=True)
    )
    return _issue(builder, key, key)


def make_server_certificate(
    authority: Issued, now: datetime, names: Sequence[str] = LOOPBACK_NAMES
) -> Issued:
    """A certificate for `names`, which must be loopback ones.

    Raises:
        Malformed: the authority is not one of ours, or a name is no loopback name; a
            certificate for it would be refused by every client.
    """
    issuer, issuer_key = _load_authority(authority)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(names[0]), issuer.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_subject_id(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(
            x509.SubjectAlternativeName([_alternative(n) for n in names]), critical=False
        )
    )
    return _issue(builder, key, issuer_key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    """What both kinds share. An hour back, for machines whose clocks differ a little."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + timedelta(days=days))
    )


def _issue(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
) -> Issued:
    certificate = builder.sign(signer, hashes.SHA256())
    return Issued(
        certificate_pem=certificate.public_bytes(Encoding.PEM),
        key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def _load_authority(
    authority: Issued,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority as objects, if its two halves belong together."""
    try:
        certificate = x509.load_pem_x509_certificate(authority.certificate_pem)
        key = load_pem_private_key(authority.key_pem, password=None)
    except (ValueError, TypeError):
        raise Malformed("local_ca.malformed") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Malformed("local_ca.malformed")
    if certificate.public_key() != key.public_key():
        raise Malformed("local_ca.malformed")
    return certificate, key


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _subject_id(public_key: ec.EllipticCurvePublicKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(public_key)


def _loopback_only() -> x509.NameConstraints:
    networks = [x509.IPAddress(ipaddress.ip_network(n)) for n in _LOOPBACK_NETWORKS]
    return x509.NameConstraints([x509.DNSName("localhost"), *networks], None)


def _alternative(name: str) -> x509.GeneralName:
    """A loopback name, as certificates spell it."""
    if name == "localhost" or name.endswith(".localhost"):
        return x509.DNSName(name)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        raise Malformed("local_ca.not_loopback") from None
    if not address.is_loopback:
        raise Malformed("local_ca.not_loopback")
    return x509.IPAddress(address)


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    """An authority signs certificates and nothing else; a server signs handshakes only."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
