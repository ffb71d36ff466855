"""Vectors of chains: receipts exchanged for new ones, and how that can be wrong."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mustshare_api.crypto import receipts, rotation
from mustshare_api.crypto.rotation import Link
from tests import rotations

Vector = dict[str, Any]

TIP = bytes(range(16))
A, B, C, STRANGER = (receipts.keys_of(bytes([n]) * 32) for n in (41, 42, 43, 44))
WRONG = "rotation.wrong_signature"


def rotation_vectors() -> Iterator[Vector]:
    """One chain that holds, and one fault at a time."""
    links = rotations.links(TIP, A, B, C)
    notice = rotation.notice_octets(TIP, 1, receipts.bundle_hash(A.bundle), B.bundle)
    yield {
        **chain("two rotations", "follows", links, C.bundle),
        "first_signed": notice.hex(),
        "hashes": [receipts.bundle_hash(keys.bundle).hex() for keys in (A, B, C)],
    }
    yield chain("none yet", "follows", [], A.bundle)
    forged = replace(rotations.link(TIP, 1, STRANGER, B), bundle=A.bundle)
    backdated = Link(STRANGER.bundle, *(STRANGER.sign(notice) for _ in range(2)))
    mirrored = [replace(links[0], acceptance=links[0].notice), links[1]]
    for notes, wrong, bundle in (
        ("leads to another bundle", links, STRANGER.bundle),
        ("the first link is missing", links[1:], C.bundle),
        ("in another order", links[::-1], C.bundle),
        ("signed by a stranger in the old one's place", [forged, links[1]], C.bundle),
        ("an older key that nobody accepted, before the first", [backdated, *links], C.bundle),
        ("the new receipt did not sign", mirrored, C.bundle),
        ("of another tip", rotations.links(bytes(16), A, B, C), C.bundle),
        ("a bundle that comes twice", rotations.links(TIP, A, B, A), A.bundle),
    ):
        yield chain(notes, WRONG, wrong, bundle)
    cut = [replace(links[0], bundle=A.bundle[1:]), links[1]]
    yield chain("a bundle one byte short", "bundle.malformed", cut, C.bundle)


def chain(notes: str, expect: str, links: list[Link], bundle: bytes) -> Vector:
    """One vector."""
    return {
        "notes": notes,
        "expect": expect,
        "tip_id": TIP.hex(),
        "links": [
            {
                "bundle": one.bundle.hex(),
                "notice": one.notice.hex(),
                "acceptance": one.acceptance.hex(),
            }
            for one in links
        ],
        "bundle": bundle.hex(),
    }
