"""TLS for the doors: 1.3 only, with the operator's certificate or the evaluation's own."""

import ssl
import stat
from pathlib import Path

from mustshare_api.errors import Misconfigured


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """A context that speaks TLS 1.3 and nothing older.

    Raises:
        Misconfigured: a file that cannot be read, or a key that others can.
    """
    check_private(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError):
        raise Misconfigured(
            f"{certificate} and {key} are no certificate and its key; "
            "set MUSTSHARE_TLS_CERT and MUSTSHARE_TLS_KEY to a PEM pair."
        ) from None
    return context


def check_private(path: Path) -> None:
    """That nobody but its owner can read a file.

    Raises:
        Misconfigured: somebody else can, or it is not there.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        raise Misconfigured(f"{path} cannot be read; give its right path.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Misconfigured(f"{path} can be read by others; run: chmod 600 {path}")
