"""TLS for the doors: 1.3 only, with the operator's certificate or the evaluation's own.

    versions     1.3 alone, so no renegotiation, no compression, no cipher without secrecy
    ALPN         http/1.1, which is all that is spoken here
    tickets      none: a resumed session would tie two visits of one reporter to one another
    early data   none, which goes with tickets; it could be played again
    groups       where the OpenSSL of this Python has it (3.5 and later) X25519MLKEM768, then
                 X25519, P-256 and P-384. Python cannot set groups, so they stand in a file of
                 OpenSSL's, which `environment` names; without it more are spoken (X448, P-521)

Which group is in force Python does not tell either, so `group_of` reads it from the ServerHello
of a handshake in memory:

    16 | version 2 | length 2 | 02 | length 3 | 0303 | random 32 | session id 1+n | suite 2 | 00
    extensions 2+n: ... | 0033 | length 2 | group 2 | ...

Plain HTTP on a door that speaks TLS gets the end, without a word. A redirect would be an answer
to a request whose receipt has just gone through the network in clear, and would teach that it
may.
"""

import ssl
import stat
import struct
from pathlib import Path
from typing import Final

from mustshare_api.errors import Misconfigured

ALPN: Final = "http/1.1"
GROUPS: Final = {
    0x11EC: "X25519MLKEM768",
    0x11EB: "SecP256r1MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
    0x001D: "X25519",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001E: "X448",
}
"""Names of key exchanges (IANA, TLS Supported Groups)."""

HYBRID: Final = frozenset({"X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024"})
"""Those that hold against a quantum computer as well."""

_FIRST_WITH_HYBRID: Final = (3, 5)
_KEY_SHARE: Final = 0x0033
_SERVER_HELLO: Final = struct.Struct("!BHHB3xH32xB")
_FLIGHTS: Final = 4


def environment() -> dict[str, str]:
    """What the process has to be started with, for OpenSSL reads it before any of our code."""
    name = "hybrid.cnf" if ssl.OPENSSL_VERSION_INFO >= _FIRST_WITH_HYBRID else "classical.cnf"
    return {"OPENSSL_CONF": str(Path(__file__).with_name("openssl") / name)}


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """A context that speaks TLS 1.3 and nothing older.

    Raises:
        Misconfigured: a file that cannot be read, or a key that others can.
    """
    check_private(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_TICKET
    context.num_tickets = 0
    context.set_alpn_protocols([ALPN])
    try:
        context.load_cert_chain(certificate, key)
    except PermissionError:
        raise Misconfigured(
            f"{certificate} or {key} cannot be read by this user; give them to the user "
            "that the service runs as."
        ) from None
    except (OSError, ssl.SSLError):
        raise Misconfigured(
            f"{certificate} and {key} are no certificate and its key; "
            "set MUSTSHARE_TLS_CERT and MUSTSHARE_TLS_KEY to a PEM pair."
        ) from None
    return context


def group_of(context: ssl.SSLContext) -> str:
    """The key exchange that a client of this machine and a door agree on.

    Args:
        context: a door's.
    """
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE  # it only says hello
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asks = client.wrap_bio(to_client, to_server)
    answers = context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(_FLIGHTS):  # a first guess may be answered by a wish for another group
        _step(asks)
        _step(answers)
        hello = to_client.read()
        if group := _group_in(hello):
            return GROUPS.get(group, f"0x{group:04x}")
        to_client.write(hello)
    return "none"


def _step(side: ssl.SSLObject) -> None:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return


def _group_in(octets: bytes) -> int:
    """The group in a ServerHello that has one with a key; 0 in any other octets."""
    if len(octets) < _SERVER_HELLO.size or octets[0] != 22 or octets[5] != 2:  # noqa: PLR2004
        return 0
    at = _SERVER_HELLO.size + octets[_SERVER_HELLO.size - 1] + 3
    end = at + 2 + int.from_bytes(octets[at : at + 2])
    at += 2
    while at + 4 <= end:
        kind, length = struct.unpack_from("!HH", octets, at)
        if kind == _KEY_SHARE and length > 2:  # noqa: PLR2004 - the two are a wish for a group
            return int.from_bytes(octets[at + 4 : at + 6])
        at += 4 + length
    return 0


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
