"""Where the doors listen, under which names, and with which certificate."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from mustshare_api.app.doctor.finding import Finding
from mustshare_api.app.server.tls import HYBRID, group_of, server_context
from mustshare_api.clock import SystemClock
from mustshare_api.crypto.certificate_facts import CertificateFacts, facts_of
from mustshare_api.errors import Malformed, Misconfigured
from mustshare_api.settings import Settings

RENEW_BEFORE: Final = timedelta(days=21)


def look(settings: Settings) -> Iterator[Finding]:
    """Each thing in turn."""
    yield from _addresses(settings)
    yield from _names(settings)
    if settings.tls == "on" and settings.tls_cert is not None:
        yield from _certificate(settings, settings.tls_cert)


def _addresses(settings: Settings) -> Iterator[Finding]:
    doors = (settings.reporter_address, settings.staff_address, settings.operator_address)
    if not settings.operator_address.loopback:
        said = "the operator door asks for no key: keep MUSTSHARE_OPERATOR_ADDRESS on loopback"
        yield Finding("mend", "doors", said)
    if settings.tls == "behind-proxy" and not all(door.loopback for door in doors):
        said = "plain HTTP would leave this machine: keep every MUSTSHARE_*_ADDRESS on loopback"
        yield Finding("mend", "doors", said)
    if len({str(door) for door in doors}) < len(doors):
        yield Finding("mend", "doors", "two doors have one address: give each its own")
    if not settings.staff_address.loopback:
        said = (
            "the staff door is open to other machines: it refuses unsigned requests, but keep "
            "it behind WireGuard or an onion service"
        )
        yield Finding("think", "doors", said)
    if settings.operator_address.loopback:
        yield Finding("ok", "doors", f"the operator door is on {settings.operator_address}")


def _names(settings: Settings) -> Iterator[Finding]:
    if settings.roots_file is not None and not settings.hosts:
        said = (
            "requests for any name are answered: set MUSTSHARE_HOSTS to the names of the "
            "reporter door and of its onion service"
        )
        yield Finding("think", "names", said)


def _certificate(settings: Settings, path: Path) -> Iterator[Finding]:
    try:
        facts = facts_of(path.read_bytes())
    except (OSError, Malformed):
        yield Finding("mend", "tls", f"{path} is no certificate in PEM")
        return
    yield _of_days(facts)
    named = [host for host in settings.hosts if not _is_onion(host)]
    unnamed = [host for host in named if not facts.names_host(host)]
    if unnamed:
        yield Finding("mend", "tls", f"the certificate does not name {', '.join(unnamed)}")
    if settings.tls_key is not None:
        yield from _pair(path, settings.tls_key)


def _is_onion(host: str) -> bool:
    """Whether Tor vouches for a name, and no certificate has to."""
    return host.partition(":")[0].endswith(".onion")


def _of_days(facts: CertificateFacts) -> Finding:
    left = facts.expires_at - SystemClock().now()
    if left <= timedelta():
        return Finding("mend", "tls", "the certificate has run out: no front end will connect")
    if left < RENEW_BEFORE:
        return Finding("think", "tls", f"the certificate runs out in {left.days} days")
    return Finding("ok", "tls", f"the certificate is good for {left.days} days")


def _pair(certificate: Path, key: Path) -> Iterator[Finding]:
    try:
        context = server_context(certificate, key)
    except Misconfigured as error:
        # Who may read it is said elsewhere.
        if "read by others" not in error.advice:
            yield Finding("mend", "tls", error.advice)
        return
    yield _exchange(group_of(context))


def _exchange(group: str) -> Finding:
    """By a handshake with ourselves: what two sides agree on, neither of them tells."""
    if group in HYBRID:
        return Finding("ok", "tls", f"the key exchange is {group}, which is post-quantum")
    said = (
        f"the key exchange is {group}: what is recorded now may be read later; put a front "
        "with X25519MLKEM768 before the doors, or run a Python with OpenSSL 3.5"
    )
    return Finding("think", "tls", said)
