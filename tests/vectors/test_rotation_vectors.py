"""Chains of receipts in the vector file, read by our code and by eight lines of another."""

import hashlib
from itertools import pairwise
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mustshare_api.crypto import rotation
from mustshare_api.crypto.rotation import Link
from mustshare_api.errors import MustShareError
from tests.vectors import reader

Vector = dict[str, Any]
VECTORS: list[Vector] = reader.load()["rotations"]


def notes(vector: Vector) -> str:
    return str(vector["notes"])


def links(vector: Vector) -> list[Link]:
    fields = ("bundle", "notice", "acceptance")
    return [Link(*(bytes.fromhex(one[field]) for field in fields)) for one in vector["links"]]


@pytest.mark.parametrize("vector", VECTORS, ids=notes)
def test_a_chain_is_followed_as_expected(vector: Vector) -> None:
    """By what staff tools and the service use."""
    tip_id, bundle = bytes.fromhex(vector["tip_id"]), bytes.fromhex(vector["bundle"])
    if vector["expect"] == "follows":
        rotation.check_chain(tip_id, links(vector), bundle)
        return
    with pytest.raises(MustShareError) as refused:
        rotation.check_chain(tip_id, links(vector), bundle)
    assert refused.value.code == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS, ids=notes)
def test_an_independent_reader_follows_the_same_chains(vector: Vector) -> None:
    """Written from the protocol's page alone."""
    assert follows(vector) is (vector["expect"] == "follows")


def follows(vector: Vector) -> bool:
    given = [one["bundle"] for one in vector["links"]] + [vector["bundle"]]
    bundles = [bytes.fromhex(each) for each in given]
    if len(set(bundles)) < len(bundles) or {len(each) for each in bundles} != {1248}:
        return False
    for number, (old, new) in enumerate(pairwise(bundles), 1):
        name = hashlib.sha256(b"mustshare/v1 bundle" + old).digest()
        place = bytes.fromhex(vector["tip_id"]) + number.to_bytes(4, "big")
        signed = b"mustshare/v1 rotation" + place + name + new
        link = vector["links"][number - 1]
        try:
            for key, signature in ((old, link["notice"]), (new, link["acceptance"])):
                public = Ed25519PublicKey.from_public_bytes(key[1216:])
                public.verify(bytes.fromhex(signature), signed)
        except InvalidSignature:
            return False
    return True


def test_what_is_signed_and_what_names_the_keys_are_in_the_file() -> None:
    """For whoever writes another client."""
    (good,) = (vector for vector in VECTORS if "hashes" in vector)
    tip_id, bundle = bytes.fromhex(good["tip_id"]), bytes.fromhex(good["bundle"])
    first = bytes.fromhex(good["links"][1]["bundle"])
    old_hash = bytes.fromhex(good["hashes"][0])

    assert rotation.notice_octets(tip_id, 1, old_hash, first).hex() == good["first_signed"]
    believed = rotation.believed_hashes(tip_id, links(good), bundle)
    assert believed == {bytes.fromhex(each) for each in good["hashes"]}
