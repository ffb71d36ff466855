"""Labels, derivation, kids and signing keys."""

import hashlib
import hmac

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import mlkem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mustshare_api.crypto import suite
from mustshare_api.errors import Malformed, Misconfigured

SEED = bytes(range(32))
FIELD = 2**255 - 19


def test_a_library_with_post_quantum_keys_is_accepted() -> None:
    """The build the lock names is one that start-up accepts."""
    suite.require_post_quantum()

    assert suite.hpke_suite() is suite.hpke_suite()


def test_a_library_without_post_quantum_keys_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The operator reads what is missing and what to install, without a traceback."""

    class Lacking:
        @staticmethod
        def generate() -> None:
            raise UnsupportedAlgorithm("no ML-KEM")

    monkeypatch.setattr(mlkem, "MLKEM768PrivateKey", Lacking)

    with pytest.raises(Misconfigured) as refused:
        suite.require_post_quantum()

    assert "ML-KEM-768" in refused.value.advice
    assert "install" in refused.value.advice
    assert "\n" not in refused.value.advice


def test_derivation_is_rfc_5869_expand_under_our_label() -> None:
    """Another implementation of HKDF-Expand gets the same octets from label and context."""
    first = hmac.digest(SEED, b"mustshare/v1 access" + b"here" + b"\x01", "sha256")
    second = hmac.digest(SEED, first + b"mustshare/v1 access" + b"here" + b"\x02", "sha256")

    assert suite.hkdf_expand(SEED, "access", 48, b"here") == (first + second)[:48]


def test_every_label_begins_alike() -> None:
    """No label of this suite can be mistaken for one of another protocol."""
    labels = [value for name, value in vars(suite).items() if name.startswith("LABEL_")]

    assert len(labels) == len(set(labels)) == 6
    assert all(label.startswith(b"mustshare/v1 ") for label in labels)


def test_a_kid_is_the_labelled_hash_of_the_key_cut_to_sixteen_bytes() -> None:
    """Whoever knows a public key can name it."""
    assert suite.kid_of(b"key") == hashlib.sha256(b"mustshare/v1 kidkey").digest()[:16]


def test_what_a_signer_signs_is_accepted_under_its_own_key_alone() -> None:
    """A signature holds for one key and one message."""
    signature = suite.signer(SEED)(b"words")
    key = suite.verify_key_of(SEED)

    assert suite.is_signed_by(key, signature, b"words")
    assert not suite.is_signed_by(key, signature, b"other words")
    assert not suite.is_signed_by(suite.verify_key_of(bytes(32)), signature, b"words")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_signing_seed_of_another_length_is_refused(length: int) -> None:
    """A seed that was cut short never becomes a key."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        suite.signer(bytes(length))
    with pytest.raises(Malformed, match=r"key\.malformed"):
        suite.verify_key_of(bytes(length))


def small_order_points() -> list[bytes]:
    """Both signs of every y whose point times 8 is the neutral one, found by arithmetic."""
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    # A point of order 4 has y = 0; doubling a point of order 8 has to give one of those:
    # d y^4 + 2 y^2 - 1 = 0, so y^2 = (-1 +- sqrt(1 + d)) / d.
    root = pow(1 + d, (FIELD + 3) // 8, FIELD)
    if root * root % FIELD != (1 + d) % FIELD:
        root = root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    ys = {0, 1, FIELD - 1}
    for square in ((-1 + root) * pow(d, -1, FIELD), (-1 - root) * pow(d, -1, FIELD)):
        y = pow(square, (FIELD + 3) // 8, FIELD)
        for candidate in (y, y * pow(2, (FIELD - 1) // 4, FIELD) % FIELD):
            if (candidate * candidate - square) % FIELD == 0:
                ys |= {candidate, FIELD - candidate}
    return [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]


@pytest.mark.parametrize("raw", small_order_points())
def test_a_verify_key_under_which_anyone_can_sign_is_refused(raw: bytes) -> None:
    """A point of small order accepts signatures that nobody made."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        suite.load_verify_key(raw)


def test_all_five_pairs_of_small_order_points_are_known() -> None:
    """The arithmetic above finds as many as the curve has."""
    assert len(set(small_order_points())) == 10


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(31),
        suite.verify_key_of(SEED) + b"\0",
        FIELD.to_bytes(32, "little"),
        (FIELD + 3).to_bytes(32, "little"),
        b"\xff" * 32,
    ],
)
def test_a_verify_key_in_another_encoding_is_refused(raw: bytes) -> None:
    """One key has one encoding, so it goes by one kid."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        suite.load_verify_key(raw)
    assert not suite.is_signed_by(raw, bytes(64), b"words")


def test_an_honest_verify_key_is_read() -> None:
    """A key that the library made is the key that is read."""
    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    assert suite.load_verify_key(raw).public_bytes_raw() == raw
