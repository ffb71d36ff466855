"""Signs webhooks in both ways of Standard Webhooks.

    webhook-id          the same at every attempt, so that a receiver knows a repetition
    webhook-timestamp   of this attempt, in seconds
    webhook-signature   v1,<base64> v1a,<base64>

    v1     HMAC-SHA256 under a secret that partner and service share (`whsec_...`)
    v1a    Ed25519 under the service's key, whose public half anyone may have (`whpk_...`)

Signed is `id.timestamp.body`. While a secret is replaced there are two `v1`, the new one first.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from mustshare_api.crypto.suite import SEED_BYTES, signer, verify_key_of

SECRET_BYTES: Final = 32
"""The standard wants 24 to 64."""

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - says what follows
KEY_PREFIX: Final = "whpk_"


def new_secret() -> bytes:
    """A secret for an endpoint."""
    return secrets.token_bytes(SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """A secret as a partner is given it, once."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def new_key() -> tuple[bytes, bytes]:
    """A key of the service's own: seed and public half."""
    seed = secrets.token_bytes(SEED_BYTES)
    return seed, public_key(seed)


def public_key(seed: bytes) -> bytes:
    """The public half of a seed."""
    return verify_key_of(seed)


def shown_key(key: bytes) -> str:
    """A public key as it is published."""
    return KEY_PREFIX + base64.b64encode(key).decode()


def headers(
    message_id: str, timestamp: int, body: bytes, shared: Sequence[bytes], seed: bytes
) -> dict[str, str]:
    """The three headers of one attempt.

    Args:
        message_id: ASCII without a dot.
        timestamp: Unix seconds.
        body: as it is sent.
        shared: the endpoint's secrets, the one in force first.
        seed: of the service's own Ed25519 key.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    codes = [_coded("v1", hmac.digest(secret, signed, hashlib.sha256)) for secret in shared]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join([*codes, _coded("v1a", signer(seed)(signed))]),
    }


def _coded(version: str, code: bytes) -> str:
    return f"{version},{base64.b64encode(code).decode()}"
