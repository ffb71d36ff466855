"""How a tip's receipts follow one another, and what waits for the one in force.

links      each earlier bundle with the signatures that lead on from it
believed   which bundle hashes an object from staff may carry to its reporter
standing   what whoever re-wraps for themselves has to start from
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mustshare_api.crypto import rotation
from mustshare_api.crypto.envelope import Head, parse_detached_head
from mustshare_api.crypto.receipts import parse_bundle
from mustshare_api.crypto.rotation import Link
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import NotFound
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.rows import Reach


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rotation starts from: the objects that wait, and all rotations so far."""

    tip_id: bytes
    next_number: int
    held: Sequence[Head]
    links: Sequence[Link]
    reply_kid: bytes


async def standing(bench: Workbench, claimed: Claim) -> Standing:
    """What a front end that re-wraps for itself has to start from."""
    tip_id = claimed.tip.tip_id
    links = await links_of(bench, tip_id)
    held = [parse_detached_head(row.octets) for row in await bench.rotations.held(tip_id)]
    reply_kid = kid_of(parse_bundle(claimed.tip.bundle or b"").reply_key)
    named = [head for head in held if reply_kid in head.kids]
    return Standing(tip_id, claimed.tip.rotations + 1, named, links, reply_kid)


async def links_of(bench: Workbench, tip_id: bytes) -> list[Link]:
    """The rotations of a tip, the first one first."""
    rows = await bench.rotations.of_tip(tip_id)
    return [Link(row.bundle, row.notice, row.acceptance) for row in rows]


async def chain_for_staff(
    bench: Workbench, reach: Reach, tip_id: bytes
) -> tuple[bytes, list[Link]]:
    """The bundle in force and the rotations that led to it.

    Raises:
        NotFound: there is no living tip of this id, or not for whoever asks.
    """
    if not await bench.rotations.reached(reach, tip_id):
        raise NotFound("tip.not_found")
    links = await links_of(bench, tip_id)
    tip = await bench.tips.get(tip_id)
    if tip is None or tip.bundle is None:
        raise NotFound("tip.not_found")
    if tip.rotations != len(links):  # rotated between the two statements
        links = await links_of(bench, tip_id)
    return tip.bundle, links[: tip.rotations]


async def believed_hashes(bench: Workbench, claimed: Claim) -> frozenset[bytes]:
    """The bundle hashes that objects from staff on this tip may carry."""
    tip_id, bundle = claimed.tip.tip_id, claimed.tip.bundle or b""
    if not claimed.tip.rotations:
        return frozenset({claimed.bundle_hash})
    return rotation.believed_hashes(tip_id, await links_of(bench, tip_id), bundle)
