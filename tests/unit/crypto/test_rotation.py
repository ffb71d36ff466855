"""Which chains of receipts lead from one to the next, and which do not."""

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import receipts, rotation
from mustshare_api.crypto.receipts import BUNDLE_BYTES, bundle_hash
from mustshare_api.crypto.rotation import Link
from mustshare_api.errors import CannotOpen, Malformed
from tests import rotations

TIP = bytes(range(16))
A, B, C, D = (receipts.keys_of(bytes([n]) * 32) for n in range(4))

Chain = tuple[list[Link], bytes]


def right() -> list[Link]:
    return rotations.links(TIP, A, B, C)


def test_a_chain_leads_to_the_bundle_in_force() -> None:
    """And every bundle on it is one that an object may name."""
    rotation.check_chain(TIP, right(), C.bundle)

    believed = rotation.believed_hashes(TIP, right(), C.bundle)
    assert believed == {bundle_hash(keys.bundle) for keys in (A, B, C)}


def test_what_is_signed_is_as_the_protocol_says() -> None:
    """Label, tip, number, the old hash, the whole new bundle."""
    octets = rotation.notice_octets(TIP, 258, bundle_hash(A.bundle), B.bundle)

    assert octets[:21] == b"mustshare/v1 rotation"
    assert octets[21:41] == TIP + b"\0\0\1\2"
    assert octets[41:] == bundle_hash(A.bundle) + B.bundle


def swapped(links: list[Link]) -> list[Link]:
    return [replace(one, notice=one.acceptance, acceptance=one.notice) for one in links]


SPOILT: dict[str, Callable[[], Chain]] = {
    "another end": lambda: (right(), D.bundle),
    "a link left out": lambda: (right()[1:], C.bundle),
    "the last left out": lambda: (right()[:1], C.bundle),
    "another order": lambda: (right()[::-1], C.bundle),
    "one twice": lambda: ([*right()[:1], *right()], C.bundle),
    "back to the first": lambda: (rotations.links(TIP, A, B, A), A.bundle),
    "to itself": lambda: (rotations.links(TIP, A, A), A.bundle),
    "another tip's": lambda: (rotations.links(bytes(16), A, B, C), C.bundle),
    "signed by a stranger": lambda: (
        [replace(rotations.link(TIP, 1, D, B), bundle=A.bundle), right()[1]],
        C.bundle,
    ),
    "signatures exchanged": lambda: (swapped(right()), C.bundle),
    "not accepted": lambda: (
        [replace(one, acceptance=bytes(64)) for one in right()],
        C.bundle,
    ),
    "an empty notice": lambda: ([replace(one, notice=b"") for one in right()], C.bundle),
    "a cut bundle": lambda: (
        [replace(one, bundle=one.bundle[1:]) for one in right()],
        C.bundle,
    ),
    "a key that no seed gives": lambda: (
        [replace(right()[0], bundle=A.bundle[:1216] + bytes(32)), right()[1]],
        C.bundle,
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_chain_that_does_not_hold_is_refused(how: str) -> None:
    """And then no earlier bundle is believed."""
    links, bundle = SPOILT[how]()
    with pytest.raises((CannotOpen, Malformed)):
        rotation.check_chain(TIP, links, bundle)

    assert rotation.believed_hashes(TIP, links, bundle) == {bundle_hash(bundle)}


def test_a_server_cannot_put_an_older_key_before_the_first() -> None:
    """It can sign as a key of its own, but not as the one that would have had to accept."""
    links, mine = rotations.links(TIP, B, C), receipts.keys_of(secrets.token_bytes(32))
    forged = rotation.notice_octets(TIP, 1, bundle_hash(mine.bundle), B.bundle)
    chain = [Link(mine.bundle, mine.sign(forged), mine.sign(forged)), *links]

    assert bundle_hash(mine.bundle) not in rotation.believed_hashes(TIP, chain, C.bundle)


@given(st.integers(0, 2 * (BUNDLE_BYTES + 128) - 1), st.integers(1, 255))
def test_no_octet_of_a_chain_can_be_another(at: int, by: int) -> None:
    """Bundles, notices and acceptances alike."""
    links = right()
    which, place = divmod(at, BUNDLE_BYTES + 128)
    fields = links[which].bundle + links[which].notice + links[which].acceptance
    spoilt = fields[:place] + bytes([fields[place] ^ by]) + fields[place + 1 :]
    links[which] = Link(spoilt[:BUNDLE_BYTES], spoilt[BUNDLE_BYTES:-64], spoilt[-64:])

    with pytest.raises((CannotOpen, Malformed)):
        rotation.check_chain(TIP, links, C.bundle)


@pytest.mark.parametrize(
    ("tip_id", "number", "old_hash", "bundle"),
    [
        (TIP[1:], 1, bytes(32), A.bundle),
        (TIP, 0, bytes(32), A.bundle),
        (TIP, 2**32, bytes(32), A.bundle),
        (TIP, 1, bytes(31), A.bundle),
        (TIP, 1, bytes(32), A.bundle[1:]),
    ],
)
def test_what_no_rotation_has_is_not_written(
    tip_id: bytes, number: int, old_hash: bytes, bundle: bytes
) -> None:
    """Nobody signs octets that could be read in two ways."""
    with pytest.raises(Malformed):
        rotation.notice_octets(tip_id, number, old_hash, bundle)


def test_an_object_is_asked_for_by_the_bundle_it_names_if_that_is_believed() -> None:
    """Any other is asked for by the one in force, and so refused."""
    known, unknown = bundle_hash(A.bundle), bundle_hash(D.bundle)
    in_force = bundle_hash(C.bundle)

    assert rotation.named_hash(bytes(40) + known + b"more", {known}, in_force) == known
    assert rotation.named_hash(bytes(40) + unknown, {known}, in_force) == in_force
