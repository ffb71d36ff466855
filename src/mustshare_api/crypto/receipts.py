"""Derives everything a receipt stands for from its 30 digits.

    digits --Argon2id--> root --HKDF-Expand--> access      the bearer; its SHA-256 is stored
                                               reply-key   X-Wing seed: replies are sealed to it
                                               sign        Ed25519 seed: signs what they write

    bundle, 1,248 B: public, stored with the tip
    +----------------------+---------------+
    | X-Wing key 1,216 B   | Ed25519 32 B  |
    +----------------------+---------------+

28 random digits are 93 bits. That is under the 112 at which a plain hash may stand alone, so
the digits are stretched; a heavier stretch would only be leverage for a flood. The salt is the
deployment's, so that one receipt used with two services gives two strangers.

Knows nothing of check digits or of how people write a receipt: it takes 30 ASCII digits and
refuses all else.
"""

import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from mustshare_api.crypto import xwing
from mustshare_api.crypto.suite import (
    LABEL_BUNDLE,
    LABEL_RECEIPT,
    VERIFY_KEY_BYTES,
    Signer,
    hkdf_expand,
    load_verify_key,
    sha256,
    signer,
    verify_key_of,
)
from mustshare_api.errors import Malformed, Misconfigured

DEPLOYMENT_ID_BYTES: Final = 16
ROOT_BYTES: Final = 32
ACCESS_BYTES: Final = 32
BUNDLE_BYTES: Final = xwing.PUBLIC_BYTES + VERIFY_KEY_BYTES

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1

_MINTED_RANGE: Final = 10**28
"""28 digits: a receipt without its two check digits."""

_DIGITS = re.compile(r"[0-9]{30}")
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What a receipt stands for. The secrets are left out of its `repr`."""

    access: bytes = field(repr=False)
    reply_seed: bytes = field(repr=False)
    sign_seed: bytes = field(repr=False)
    bundle: bytes = field(repr=False)

    @property
    def sign(self) -> Signer:
        """Signs as the reporter."""
        return signer(self.sign_seed)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A reporter's public keys, read from their bundle."""

    reply_key: bytes
    verify_key: bytes


def derive(digits: str, deployment_id: bytes) -> ReceiptKeys:
    """Derives a receipt's keys: about 20 ms of one core and 19 MiB, without the GIL.

    Args:
        digits: 30 ASCII digits, already brought into that form.
        deployment_id: the service's 16 bytes.

    Raises:
        Malformed: anything but 30 ASCII digits.
    """
    return keys_of(stretch(digits, deployment_id))


def stretch(digits: str, deployment_id: bytes) -> bytes:
    """The 32-byte root of a receipt.

    Raises:
        Malformed: anything but 30 ASCII digits.
        Misconfigured: a deployment id of another length than 16 bytes.
    """
    if not _DIGITS.fullmatch(digits):
        raise Malformed("receipt.malformed")
    if len(deployment_id) != DEPLOYMENT_ID_BYTES:
        raise Misconfigured("The deployment id in the directory has to be 16 bytes.")
    salt = sha256(LABEL_RECEIPT, deployment_id)[:_SALT_BYTES]
    return hash_secret_raw(
        digits.encode(), salt, PASSES, MEMORY_KIB, LANES, ROOT_BYTES, Type.ID
    )


def keys_of(root: bytes) -> ReceiptKeys:
    """The keys of a root."""
    reply_seed = hkdf_expand(root, "reply-key")
    sign_seed = hkdf_expand(root, "sign")
    return ReceiptKeys(
        access=hkdf_expand(root, "access", ACCESS_BYTES),
        reply_seed=reply_seed,
        sign_seed=sign_seed,
        bundle=xwing.public_key_of(reply_seed) + verify_key_of(sign_seed),
    )


def parse_bundle(bundle: bytes) -> Bundle:
    """Reads a bundle that came from outside.

    Raises:
        Malformed: another length, or a key in it that no honest seed gives.
    """
    if len(bundle) != BUNDLE_BYTES:
        raise Malformed("bundle.malformed")
    keys = Bundle(bundle[: xwing.PUBLIC_BYTES], bundle[xwing.PUBLIC_BYTES :])
    try:
        xwing.load_public(keys.reply_key)
        load_verify_key(keys.verify_key)
    except Malformed as refused:
        raise Malformed("bundle.malformed") from refused
    return keys


def bundle_hash(bundle: bytes) -> bytes:
    """The 32 bytes by which the prefix of every object on a tip names its reporter's keys."""
    return sha256(LABEL_BUNDLE, bundle)


def access_hash(access: bytes) -> bytes:
    """What is stored of a bearer: 256 bits stretch by themselves, so one SHA-256 will do."""
    return sha256(access)


def fingerprint(access: bytes, content_digest: bytes) -> bytes:
    """Tells a retry from another request under the same receipt.

    Keyed by the bearer, which is not stored: otherwise whoever holds the database could test
    guesses of what was written.
    """
    return hmac.digest(hkdf_expand(access, "fingerprint"), content_digest, "sha256")


def digits_from(key: bytes, context: bytes) -> int:
    """28 digits, as a number, for a receipt that has to come out the same on every retry.

    256 bits are reduced to 93, so no value is likelier than another by more than 2^-162.

    Args:
        key: 32 uniformly random bytes that only this service knows.
        context: what the retries have in common.
    """
    return int.from_bytes(hkdf_expand(key, "receipt-digits", context=context)) % _MINTED_RANGE
