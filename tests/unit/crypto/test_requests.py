"""Signed staff requests: what a signature covers, and every way it is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
)
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import requests
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import Unsigned

SEED = bytes(range(32))


PUBLIC_KEY = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()


KEYID = "0f" * 16


NOW = 1_795_000_000


BODY = b"sealed octets"


REQUEST = ("POST", "staff.example.org:8444", "/v1/tips/ab/follow-ups", "a=1&b=%20")


def signed(created: int = NOW, body: bytes = BODY) -> dict[str, str]:
    return requests.sign(
        *REQUEST,
        requests.content_digest(body),
        keyid=KEYID,
        seed=SEED,
        created=created,
        nonce="n" * 22,
    )


def verify(headers: dict[str, str], request: tuple[str, ...] = REQUEST) -> requests.Verified:
    method, authority, path, query = request
    return requests.verify(
        method, authority, path, query, headers, now=NOW, public_key_of={KEYID: PUBLIC_KEY}.get
    )


def refusal(headers: dict[str, str], request: tuple[str, ...] = REQUEST) -> str:
    with pytest.raises(Unsigned) as refused:
        verify(headers, request)
    return refused.value.code


def test_a_signed_request_names_its_signer_and_nonce() -> None:
    """What the far side learns is who, when, and the nonce to remember."""
    assert verify(signed()) == requests.Verified(KEYID, "n" * 22, NOW, sha256(BODY))


def test_header_names_may_come_in_any_case() -> None:
    """Proxies and servers respell header names."""
    assert verify({name.upper(): value for name, value in signed().items()}).keyid == KEYID


@pytest.mark.parametrize("missing", ["Content-Digest", "Signature-Input", "Signature"])
def test_a_request_without_one_of_the_headers_is_unsigned(missing: str) -> None:
    """All three or nothing."""
    headers = signed()
    del headers[missing]

    assert refusal(headers) == "signature.missing"


@pytest.mark.parametrize(
    "request_line",
    [
        ("PUT", *REQUEST[1:]),
        (REQUEST[0], "other.example.org:8444", *REQUEST[2:]),
        (*REQUEST[:2], "/v1/tips/ac/follow-ups", REQUEST[3]),
        (*REQUEST[:3], "a=1&b=%21"),
    ],
    ids=["method", "authority", "path", "query"],
)
def test_a_signature_does_not_hold_for_another_request(request_line: tuple[str, ...]) -> None:
    """Each part of the request line is covered."""
    assert refusal(signed(), request_line) == "signature.invalid"


def test_a_signature_does_not_hold_for_another_body() -> None:
    """The digest is covered, so a body can be swapped neither with it nor without it."""
    headers = signed() | {"Content-Digest": requests.content_digest(b"other")}

    assert refusal(headers) == "signature.invalid"


@pytest.mark.parametrize("created", [NOW - 61, NOW + 61])
def test_a_request_a_minute_off_is_refused(created: int) -> None:
    """Past or future, a minute is the most that clocks and links may differ."""
    assert refusal(signed(created)) == "signature.skewed"


@pytest.mark.parametrize("created", [NOW - 60, NOW + 60])
def test_a_request_within_a_minute_is_taken(created: int) -> None:
    """The bound itself still passes."""
    assert verify(signed(created)).created == created


def test_an_unknown_key_is_refused_by_name() -> None:
    """So that an officer who was just added learns what is wrong."""
    headers = signed()
    headers["Signature-Input"] = headers["Signature-Input"].replace(KEYID, "1f" * 16)

    assert refusal(headers) == "signature.unknown_key"


def test_a_key_of_the_wrong_size_is_no_key() -> None:
    """A broken key table ends in a refusal, not in a crash."""
    with pytest.raises(Unsigned):
        requests.verify(*REQUEST, signed(), now=NOW, public_key_of=lambda _: b"short")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"@method" ', ""),
        (' "content-digest"', ""),
        ('"@path" "@query"', '"@query" "@path"'),
        ('"@path"', '"@path";req'),
        ('alg="ed25519"', 'alg="hmac-sha256"'),
        (';alg="ed25519"', ""),
        (';tag="mustshare-staff"', ';tag="other"'),
        (';tag="mustshare-staff"', ';tag="mustshare-staff";tag="mustshare-staff"'),
        (';tag="mustshare-staff"', ';tag="mustshare-staff";expires=1'),
        ("created=", "created=-"),
        (f"created={NOW}", "created=๑๗"),
        ("mustshare=(", "other=("),
        ("mustshare=(", "mustshare=() , mustshare=("),
        (";created", "; created"),
        ("n" * 22, "n" * 3),
    ],
)
def test_any_other_profile_is_malformed(old: str, new: str) -> None:
    """A sender does not get to choose what its signature covers."""
    headers = signed()
    assert old in headers["Signature-Input"]
    headers["Signature-Input"] = headers["Signature-Input"].replace(old, new)

    assert refusal(headers) == "signature.malformed"


def test_an_endless_header_is_malformed() -> None:
    """Nothing is parsed that is longer than any honest header."""
    headers = signed()
    headers["Signature-Input"] += ';nonce="n"' * 200

    assert refusal(headers) == "signature.malformed"


def test_two_signatures_are_one_too_many() -> None:
    """Headers that came twice arrive joined by a comma."""
    headers = {name: f"{value}, {value}" for name, value in signed().items()}

    assert refusal(headers) == "signature.malformed"


def test_a_value_has_one_spelling_only() -> None:
    """Spare bits of base64 would let one signature pass a nonce cache keyed by its text."""
    headers = signed()
    digest = headers["Content-Digest"]
    last = digest[-3]
    other = chr(ord(last) + 1) if last not in "Zz9" else "B"
    headers["Content-Digest"] = digest[:-3] + other + digest[-2:]

    assert refusal(headers) == "signature.malformed"


@given(st.data())
def test_any_bit_flip_in_a_signed_request_is_refused(data: st.DataObject) -> None:
    """Every bit of every header is either covered, or the signature itself."""
    headers = signed()
    name = data.draw(st.sampled_from(sorted(headers)))
    octets = bytearray(headers[name].encode())
    at = data.draw(st.integers(0, len(octets) - 1))
    octets[at] ^= 1 << data.draw(st.integers(0, 7))
    headers[name] = octets.decode("latin-1")

    assert refusal(headers).startswith("signature.")


@given(
    st.dictionaries(
        st.sampled_from(["signature", "signature-input", "content-digest"]), st.text()
    )
)
def test_any_text_in_the_headers_ends_in_a_refusal(headers: dict[str, str]) -> None:
    """No header makes the verifier fail in another way."""
    assert refusal(headers).startswith("signature.")


def test_a_body_is_compared_as_it_streams() -> None:
    """In whatever pieces it comes."""
    digest = requests.BodyDigest(signed())
    for octet in BODY:
        digest.update(bytes([octet]))

    digest.check()  # would raise
    digest.update(b"!")
    with pytest.raises(Unsigned):
        digest.check()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "signature.missing"),
        ("sha-512=:AAAA:", "signature.malformed"),
        ("sha-256=:!!!!:", "signature.malformed"),
    ],
)
def test_a_body_without_a_readable_digest_is_not_read(value: str | None, code: str) -> None:
    """The refusal comes before the first octet is taken."""
    with pytest.raises(Unsigned) as refused:
        requests.BodyDigest({} if value is None else {"content-digest": value})
    assert refused.value.code == code
