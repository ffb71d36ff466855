"""What a receipt stands for."""

import hashlib
import hmac

import pytest
from argon2.low_level import Type, hash_secret_raw

from mustshare_api.crypto import receipts, suite, xwing
from mustshare_api.errors import Malformed, Misconfigured

DIGITS = "123456789012345678901234567890"
DEPLOYMENT = bytes(range(16))
ROOT = bytes(range(32))


def test_a_root_is_argon2id_over_the_digits_salted_by_the_deployment() -> None:
    """Written out once against the library, with every parameter as a number."""
    salt = hashlib.sha256(b"mustshare/v1 receipt" + DEPLOYMENT).digest()[:16]
    root = hash_secret_raw(DIGITS.encode(), salt, 2, 19456, 1, 32, Type.ID)

    assert receipts.stretch(DIGITS, DEPLOYMENT) == root
    assert receipts.derive(DIGITS, DEPLOYMENT) == receipts.keys_of(root)


def test_one_receipt_with_two_services_makes_two_strangers() -> None:
    """Nobody can tell by their stored hashes that two services have the same reporter."""
    assert receipts.stretch(DIGITS, DEPLOYMENT) != receipts.stretch(DIGITS, bytes(16))


@pytest.mark.parametrize(
    "digits",
    [
        "",
        DIGITS[:-1],
        DIGITS + "1",
        DIGITS[:-1] + "x",
        DIGITS[:-1] + "๑",
        DIGITS[:-1] + "\n",
        DIGITS + "\n",
        " " + DIGITS[1:],
    ],
)
def test_anything_but_thirty_ascii_digits_is_refused_before_any_work(
    digits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thai numerals, spaces and dashes are somebody else's to clear away."""
    monkeypatch.delattr(receipts, "hash_secret_raw")

    with pytest.raises(Malformed, match=r"receipt\.malformed"):
        receipts.derive(digits, DEPLOYMENT)


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_deployment_id_of_another_length_is_refused(length: int) -> None:
    """Receipts derived under a mangled id would all be lost on the day it is mended."""
    with pytest.raises(Misconfigured, match="16 bytes"):
        receipts.stretch(DIGITS, bytes(length))


def test_the_keys_are_independent_derivations_of_the_root() -> None:
    """Each has its label, so that knowing one tells nothing of another."""
    keys = receipts.keys_of(ROOT)

    assert keys.access == suite.hkdf_expand(ROOT, "access")
    assert keys.reply_seed == suite.hkdf_expand(ROOT, "reply-key")
    assert keys.sign_seed == suite.hkdf_expand(ROOT, "sign")
    assert len({keys.access, keys.reply_seed, keys.sign_seed, ROOT}) == 4


def test_a_bundle_is_both_public_keys() -> None:
    """Whoever has the bundle can seal to the reporter and check what they signed."""
    keys = receipts.keys_of(ROOT)
    bundle = receipts.parse_bundle(keys.bundle)

    assert len(keys.bundle) == receipts.BUNDLE_BYTES == 1248
    assert bundle.reply_key + bundle.verify_key == keys.bundle
    assert bundle.reply_key == xwing.public_key_of(keys.reply_seed)
    assert suite.is_signed_by(bundle.verify_key, keys.sign(b"words"), b"words")


def test_secrets_do_not_show_when_keys_are_printed() -> None:
    """A traceback or a log line that prints them prints nothing of use."""
    assert repr(receipts.keys_of(ROOT)) == "ReceiptKeys()"


@pytest.mark.parametrize(
    "bundle",
    [
        b"",
        receipts.keys_of(ROOT).bundle[:-1],
        receipts.keys_of(ROOT).bundle + b"\0",
        b"\xff" * 3 + receipts.keys_of(ROOT).bundle[3:],
        receipts.keys_of(ROOT).bundle[:1184] + bytes(32) + receipts.keys_of(ROOT).bundle[1216:],
        receipts.keys_of(ROOT).bundle[:1216] + bytes(32),
    ],
    ids=["empty", "short", "long", "lattice half", "curve half", "verify key"],
)
def test_a_bundle_that_no_receipt_gives_is_refused(bundle: bytes) -> None:
    """A reporter whose bundle nobody can answer to would wait for ever."""
    with pytest.raises(Malformed, match=r"bundle\.malformed"):
        receipts.parse_bundle(bundle)


def test_a_bundle_is_named_by_its_labelled_hash() -> None:
    """The name that goes into every prefix on the tip."""
    digest = hashlib.sha256(b"mustshare/v1 bundle" + b"bundle").digest()

    assert receipts.bundle_hash(b"bundle") == digest


def test_the_stored_hash_of_an_access_is_plain_sha_256() -> None:
    """A front end that derives for itself needs one hash and no label."""
    assert receipts.access_hash(ROOT) == hashlib.sha256(ROOT).digest()


def test_a_fingerprint_is_keyed_by_the_access() -> None:
    """Without the receipt, no guess at what was written can be tested."""
    key = suite.hkdf_expand(ROOT, "fingerprint")
    digest = hashlib.sha256(b"words").digest()

    assert receipts.fingerprint(ROOT, digest) == hmac.new(key, digest, "sha256").digest()
    assert receipts.fingerprint(bytes(32), digest) != receipts.fingerprint(ROOT, digest)


def test_digits_come_out_the_same_on_every_retry() -> None:
    """A retry that brings the same key and context finds its receipt again."""
    first = receipts.digits_from(ROOT, b"idempotency key")
    raw = suite.hkdf_expand(ROOT, "receipt-digits", 32, b"idempotency key")

    assert first == receipts.digits_from(ROOT, b"idempotency key")
    assert first == int.from_bytes(raw, "big") % 10**28
    assert first != receipts.digits_from(ROOT, b"another key")
    assert first != receipts.digits_from(bytes(32), b"idempotency key")
