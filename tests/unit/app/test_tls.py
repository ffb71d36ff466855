"""Which certificates and keys the doors are opened with."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mustshare_api.app import tls
from mustshare_api.crypto import local_ca
from mustshare_api.errors import Misconfigured


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key, as files."""
    now = datetime.now(UTC)
    made = local_ca.make_server_certificate(local_ca.make_authority(now), now)
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"
    certificate.write_bytes(made.certificate_pem)
    key.touch(mode=0o600)
    key.write_bytes(made.key_pem)
    return certificate, key


def test_nothing_older_than_tls_1_3_is_spoken(pair: tuple[Path, Path]) -> None:
    """Older versions have no handshake that hides the server's name from a watcher."""
    assert tls.server_context(*pair).minimum_version is ssl.TLSVersion.TLSv1_3


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
