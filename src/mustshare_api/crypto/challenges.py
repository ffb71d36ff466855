"""Proof of work in the wire format of ALTCHA's version 2, in its deterministic mode.

    server   counter = random, 0 to 255
             key     = PBKDF2-SHA256(nonce || counter as 4 B BE, salt, cost)   32 bytes
             challenge = {parameters: {algorithm, cost, expiresAt, keyLength, keyPrefix,
                          keySignature, nonce, salt}, signature}
             keyPrefix    = the key's first 16 bytes
             keySignature = HMAC(K2, key)
             signature    = HMAC(K1, canonical JSON of the parameters)
    client   tries counters until a key begins with keyPrefix
             solution = base64({challenge, solution: {counter, derivedKey, time?}})
    server   two HMACs tell whether it is right

The counter is fixed, not left to luck: the work has an upper bound, which a phone needs, where
a search for a prefix has none. It costs one try to make a challenge and some microseconds to
check a solution, so that sending wrong ones burns nothing. Counters are evenly spread: from a
narrower range an attacker would begin at its lower end.

A challenge names nobody and is remembered nowhere. K1 and K2 are derived from a key that all
processes share, anew for each hour in which challenges end.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from mustshare_api.crypto.suite import hkdf_expand, sha256
from mustshare_api.errors import Busy

ALGORITHM: Final = "PBKDF2/SHA-256"
KEY_BYTES: Final = 32
PREFIX_BYTES: Final = 16
NONCE_BYTES: Final = 16
KEYS_CHANGE_S: Final = 3600
SOLUTION_CHARACTERS: Final = 2048
"""A right one has some 700."""

VALID_S: Final = 600
"""Long enough to fill in the rest of a form meanwhile; short, so that a hoard goes off."""

_PARAMETERS: Final = frozenset(
    {
        "algorithm",
        "cost",
        "expiresAt",
        "keyLength",
        "keyPrefix",
        "keySignature",
        "nonce",
        "salt",
    }
)
_NUMBERS: Final = ("cost", "expiresAt", "keyLength")


@dataclass(frozen=True, slots=True)
class Solved:
    """A right solution: what it cost, until when it holds, and by what to know it again."""

    cost: int
    expires_at_s: int
    digest: bytes


def make(key: bytes, cost: int, tries: int, now_s: int) -> dict[str, Any]:
    """A challenge, as it is sent.

    Args:
        key: 32 bytes that all processes share.
        cost: rounds of PBKDF2 of one try.
        tries: how many counters there are.
        now_s: Unix time in seconds.
    """
    nonce, salt = secrets.token_bytes(NONCE_BYTES), secrets.token_bytes(NONCE_BYTES)
    expires_at_s = now_s + VALID_S
    counter = secrets.randbelow(tries).to_bytes(4, "big")
    derived = hashlib.pbkdf2_hmac("sha256", nonce + counter, salt, cost, KEY_BYTES)
    sign_key, solution_key = _keys(key, expires_at_s)
    parameters = {
        "algorithm": ALGORITHM,
        "cost": cost,
        "expiresAt": expires_at_s,
        "keyLength": KEY_BYTES,
        "keyPrefix": derived[:PREFIX_BYTES].hex(),
        "keySignature": _mac(solution_key, derived).hex(),
        "nonce": nonce.hex(),
        "salt": salt.hex(),
    }
    return {"parameters": parameters, "signature": _mac(sign_key, _canonical(parameters)).hex()}


def check(key: bytes, solution: str, now_s: int) -> Solved:
    """Reads a solution and checks it, but for whether it was used before.

    Raises:
        Busy: with a code that says what is wrong: `challenge.malformed`, `challenge.foreign`,
            `challenge.expired`, `challenge.wrong`. None of these is a reason to refuse a tip;
            it is what to say if there is no room for it.
    """
    parameters, signature, derived = _read(solution)
    sign_key, solution_key = _keys(key, parameters["expiresAt"])
    if not hmac.compare_digest(signature, _mac(sign_key, _canonical(parameters))):
        raise Busy("challenge.foreign")
    if parameters["expiresAt"] <= now_s:
        raise Busy("challenge.expired")
    key_signature = _mac(solution_key, derived).hex()
    if not hmac.compare_digest(key_signature, str(parameters["keySignature"])):
        raise Busy("challenge.wrong")
    return Solved(parameters["cost"], parameters["expiresAt"], sha256(signature))


def _read(solution: str) -> tuple[dict[str, Any], bytes, bytes]:
    """Parameters, their signature and the key that was found.

    Raises:
        Busy: `challenge.malformed`.
    """
    if len(solution) > SOLUTION_CHARACTERS:
        raise Busy("challenge.malformed")
    try:
        said = json.loads(base64.b64decode(solution, validate=True))
        parameters = said["challenge"]["parameters"]
        signature = bytes.fromhex(said["challenge"]["signature"])
        derived = bytes.fromhex(said["solution"]["derivedKey"])
        whole = parameters.keys() == _PARAMETERS and _is_plain(parameters)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise Busy("challenge.malformed") from None
    if not whole:
        raise Busy("challenge.malformed")
    return parameters, signature, derived


def _is_plain(parameters: dict[str, Any]) -> bool:
    """Whether every value is of the type that ours are, and short."""
    numbers = all(
        type(parameters[name]) is int and 0 <= parameters[name] < 1 << 53 for name in _NUMBERS
    )
    return numbers and all(
        isinstance(value, str) and value.isascii()
        for name, value in parameters.items()
        if name not in _NUMBERS
    )


def _keys(key: bytes, expires_at_s: int) -> tuple[bytes, bytes]:
    hour = (expires_at_s // KEYS_CHANGE_S).to_bytes(8, "big")
    return (
        hkdf_expand(key, "challenge-sign", context=hour),
        hkdf_expand(key, "challenge-solution", context=hour),
    )


def _canonical(parameters: dict[str, Any]) -> bytes:
    """As ALTCHA signs them: keys in order, no space, nothing that would need escaping."""
    return json.dumps(parameters, sort_keys=True, separators=(",", ":")).encode()


def _mac(key: bytes, octets: bytes) -> bytes:
    return hmac.digest(key, octets, "sha256")
