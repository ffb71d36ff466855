"""Signed requests held against the RFC's vector and another implementation."""

import base64
import warnings
from datetime import UTC, datetime
from typing import Any

import http_message_signatures
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier

from mustshare_api.clock import SystemClock
from mustshare_api.crypto import requests
from mustshare_api.crypto.suite import sha256

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


class _Message:
    """A request as the oracle package wants to see one."""

    def __init__(self, headers: dict[str, str]) -> None:
        method, authority, path, query = REQUEST
        self.method = method
        self.url = f"https://{authority}{path}?{query}"
        self.headers = dict(headers)


class _Keys:
    """A resolver in shape; the oracle asks for no base class."""

    def resolve_private_key(self, key_id: str) -> Any:
        assert key_id == KEYID
        return Ed25519PrivateKey.from_private_bytes(SEED)

    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id == KEYID
        return Ed25519PublicKey.from_public_bytes(PUBLIC_KEY)


KEYS: Any = _Keys()


def test_the_digest_is_that_of_rfc_9530() -> None:
    """expect: the example of RFC 9530, appendix D."""
    assert (
        requests.content_digest(b'{"hello": "world"}\n')
        == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    )


def test_the_signature_base_is_that_of_rfc_9421() -> None:
    """expect: vector B.2.6, signature and all."""
    seed = base64.urlsafe_b64decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU=")
    covered = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ]
    parameters = (
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )

    base = requests.signature_base(covered, parameters)

    assert base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(base)) == (
        b"wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )


def test_another_implementation_accepts_our_signature() -> None:
    """expect: the package http-message-signatures verifies what `sign` makes."""
    now = int(SystemClock().now().timestamp())
    verifier = HTTPMessageVerifier(
        signature_algorithm=http_message_signatures.algorithms.ED25519, key_resolver=KEYS
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = verifier.verify(_Message(signed(now)), expect_tag=requests.TAG)

    assert [result.parameters["keyid"] for result in results] == [KEYID]


def test_we_accept_the_signature_of_another_implementation() -> None:
    """expect: `verify` takes what the package http-message-signatures makes."""
    message = _Message({"Content-Digest": requests.content_digest(BODY)})
    signer = HTTPMessageSigner(
        signature_algorithm=http_message_signatures.algorithms.ED25519, key_resolver=KEYS
    )

    signer.sign(
        message,
        key_id=KEYID,
        created=datetime.fromtimestamp(NOW, UTC),
        nonce="m" * 22,
        tag=requests.TAG,
        covered_component_ids=requests.COVERED,
        use_existing_digest=True,
    )

    assert verify(message.headers) == requests.Verified(KEYID, "m" * 22, NOW, sha256(BODY))
