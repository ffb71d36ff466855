"""What others published, against what we use and what we wrote."""

import base64
import hashlib
import json
import zlib
from typing import Any

import cryptography_vectors
import pytest
from cryptography.cobblestone import Cobblestone128Encryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from mustshare_api.crypto import xwing
from tests.vectors import cobblestone, hpke

XWING = 0x647A
HKDF_SHA256 = 1
CHACHA20_POLY1305 = 3
CONTEXT = b"a context of the caller's choice"


def published(name: str) -> Any:
    with cryptography_vectors.open_vector_file(name, "r") as file:
        return json.load(file)


HPKE = [
    vector
    for vector in published("HPKE/hpke-pq-test-vectors.json")
    if vector["kem_id"] == XWING and vector["aead_id"] == CHACHA20_POLY1305
]
CHUNKED = [
    vector
    for vector in published("chunked-encryption/vectors.json")["vectors"]
    if vector["aead"] in {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM"}
]


def test_the_published_vectors_are_there() -> None:
    """An emptied file would make every other test here pass."""
    assert len(HPKE) == 2
    assert len(CHUNKED) > 50


@pytest.mark.parametrize("vector", HPKE, ids=lambda vector: f"kdf {vector['kdf_id']}")
def test_a_seed_expands_as_the_draft_says(vector: dict[str, Any]) -> None:
    """Our seeds are X-Wing's own private keys, so any X-Wing can use them."""
    assert xwing.public_key_of(bytes.fromhex(vector["skRm"])).hex() == vector["pkRm"]
    xwing.load_public(bytes.fromhex(vector["pkRm"]))


@pytest.mark.parametrize("vector", [HPKE[0]], ids=["kdf 1"])
def test_our_hpke_reader_agrees_with_the_draft(vector: dict[str, Any]) -> None:
    """Shared secret, key and nonce, each as published."""
    enc = bytes.fromhex(vector["enc"])
    secret = hpke.shared_secret(bytes.fromhex(vector["skRm"]), enc)
    key, nonce = hpke.key_schedule(secret, bytes.fromhex(vector["info"]), CHACHA20_POLY1305)

    assert vector["kdf_id"] == HKDF_SHA256
    assert secret.hex() == vector["shared_secret"]
    assert (key.hex(), nonce.hex()) == (vector["key"], vector["base_nonce"])


def test_our_hpke_reader_opens_what_we_wrap() -> None:
    """So a content key is wrapped as the drafts say, and not only as our library does it."""
    seed = bytes(range(32))
    sealed = xwing.wrap(xwing.public_key_of(seed), b"content key", b"info")

    assert hpke.open_sealed(seed, sealed[:1120], sealed[1120:], b"info") == b"content key"


@pytest.mark.parametrize("vector", CHUNKED, ids=lambda vector: vector["name"])
def test_our_reader_agrees_with_the_published_chunked_vectors(vector: dict[str, Any]) -> None:
    """Those that open give the published content, the others give nothing."""
    key = bytes.fromhex(vector["key"])
    octets = base64.b64decode(vector["ciphertext"] or "")
    octets = zlib.decompress(octets) if vector.get("compressed") else octets
    context = vector["context"].encode()
    if vector["expect"] != "success":
        with pytest.raises(InvalidTag):
            cobblestone.read(key, context, octets, "sha256")
        return

    clear = cobblestone.read(key, context, octets, "sha256")

    assert len(clear) == vector["payload_length"]
    assert hashlib.sha256(clear).hexdigest() == vector["payload_sha256"]


@pytest.mark.parametrize("encryptor", [Cobblestone128Encryptor, Cobblestone256Encryptor])
@pytest.mark.parametrize("length", [0, 1, 16383, 16384, 16385, 50_000])
def test_our_reader_agrees_with_the_library(encryptor: Any, length: int) -> None:
    """The library seals with SHA-512; apart from that it is the same scheme."""
    key = encryptor.generate_key()
    writer = encryptor(key, CONTEXT)
    octets = writer.update(b"x" * length) + writer.finalize()

    assert cobblestone.read(key, CONTEXT, octets) == b"x" * length
    with pytest.raises(InvalidTag):
        cobblestone.read(key, CONTEXT, octets, "sha256")
