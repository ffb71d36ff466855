"""Merkle trees the slow way: RFC 9162's definitions word for word, over lists of leaves."""

import hashlib
from collections.abc import Sequence

from mustshare_api.crypto.merkle import Node, Plan, fold, grown


def head(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]), 2.1.1, of leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    left, right = head(leaves[:split]), head(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def path(position: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]), 2.1.3.1."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if position < split:
        return [*path(position, leaves[:split]), head(leaves[split:])]
    return [*path(position - split, leaves[split:]), head(leaves[:split])]


def proof(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]), 2.1.4.1."""
    return _subproof(old, leaves, whole=True)


def _subproof(old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [head(leaves)]
    split = _split(len(leaves))
    if old <= split:
        return [*_subproof(old, leaves[:split], whole=whole), head(leaves[split:])]
    return [*_subproof(old - split, leaves[split:], whole=False), head(leaves[:split])]


def _split(count: int) -> int:
    """The largest power of two below `count`, by doubling."""
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def stored(leaves: Sequence[bytes]) -> tuple[dict[Node, bytes], tuple[bytes, ...]]:
    """What a store has after these leaves were appended: its nodes, and the peaks."""
    nodes: dict[Node, bytes] = {}
    peaks: tuple[bytes, ...] = ()
    for position, leaf in enumerate(leaves):
        after = grown(position, peaks, leaf)
        nodes[Node(0, position)] = leaf
        nodes |= dict(after.completed)
        peaks = after.peaks
    return nodes, peaks


def fetched(plan: Plan, nodes: dict[Node, bytes]) -> list[bytes]:
    return [fold([nodes[node] for node in group]) for group in plan]


def leaves_of(count: int) -> list[bytes]:
    return [hashlib.sha256(f"leaf {number}".encode()).digest() for number in range(count)]
