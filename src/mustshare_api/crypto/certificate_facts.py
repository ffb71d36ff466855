"""What a certificate says that an operator has to know: until when, and for which names."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from mustshare_api.errors import Malformed


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Of the first certificate in a file."""

    expires_at: datetime
    names: frozenset[str]

    def names_host(self, host: str) -> bool:
        """Whether it is good for a host, with a port or not. `*.` stands for a label."""
        bare = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        bare = bare.strip("[]")
        return bare in self.names or f"*.{bare.partition('.')[2]}" in self.names


def facts_of(pem: bytes) -> CertificateFacts:
    """Reads them.

    Raises:
        Malformed: there is no certificate in it.
    """
    try:
        read = x509.load_pem_x509_certificate(pem)
        names = _alternatives(read)
    except ValueError:
        raise Malformed from None
    return CertificateFacts(read.not_valid_after_utc, frozenset(names))


def _alternatives(read: x509.Certificate) -> list[str]:
    try:
        found = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = found.get_values_for_type(x509.IPAddress)
    return [*found.get_values_for_type(x509.DNSName), *map(str, addresses)]
