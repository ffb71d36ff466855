r"""The Merkle tree of the audit log (RFC 6962, RFC 9162): hashes, proofs and their checking.

    leaf   SHA-256(0x00 | leaf's octets)         node   SHA-256(0x01 | left | right)

                        root of 7
                      /           \
              (2,0)                 *             perfect subtrees are stored as (level, number)
            /       \             /   \            and never change; nodes marked * belong to
        (1,0)       (1,1)     (1,2)   (0,6)       one size alone and are folded when asked for
        /   \       /   \     /   \
      0     1     2     3   4     5               leaves

Of a tree of n leaves only the perfect subtrees are kept. Appending completes one of them for
every trailing 1 in the binary number n, so n leaves make fewer than n nodes above them, and
each is written once. The *peaks* are the perfect subtrees that a size is made of, largest
first: all that has to be read in order to append, or to say the root.

Proofs are planned here as groups of stored nodes, fetched elsewhere, and folded here. They are
checked by the other algorithm, the iterative one of RFC 9162, 2.1.3.2 and 2.1.4.2: whoever
checks trusts neither the plan nor who fetched.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, NamedTuple, TypeAlias

HASH_BYTES: Final = 32
SIZE_LIMIT: Final = 1 << 48
"""More leaves than all staff of the world will make; keeps every count within a bigint."""

PROOF_LIMIT: Final = 50
"""The longest proof that a tree below `SIZE_LIMIT` has: a hash a level, and one."""

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""What RFC 9162 makes the root of a tree without leaves."""


class Node(NamedTuple):
    """A perfect subtree: of the leaves from `number << level`, `1 << level` many."""

    level: int
    number: int


Plan: TypeAlias = tuple[tuple[Node, ...], ...]
"""A proof before it is fetched: each group of nodes folds to one of its hashes."""


@dataclass(frozen=True, slots=True)
class Grown:
    """What an append comes to: the peaks from now on, and the nodes that it completed."""

    peaks: tuple[bytes, ...]
    completed: tuple[tuple[Node, bytes], ...]


def leaf_hash(octets: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + octets).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root of a tree from its peaks, largest first."""
    return fold(peaks) if peaks else EMPTY_ROOT


def fold(hashes: Sequence[bytes]) -> bytes:
    """One hash over neighbouring perfect subtrees that grow smaller to the right."""
    *larger, smallest = hashes
    return reduce(lambda right, left: node_hash(left, right), reversed(larger), smallest)


def grown(size: int, peaks: Sequence[bytes], leaf: bytes) -> Grown:
    """What becomes of a tree of `size` leaves with one leaf hash more."""
    left, current = list(peaks), leaf
    completed: list[tuple[Node, bytes]] = []
    level, rest = 0, size
    while rest & 1:
        current = node_hash(left.pop(), current)
        level, rest = level + 1, rest >> 1
        completed.append((Node(level, rest), current))
    return Grown((*left, current), tuple(completed))


def peaks_of(size: int) -> tuple[Node, ...]:
    """The perfect subtrees that a tree of this size is made of, largest first."""
    return _covering(0, size)


def plan_inclusion(position: int, size: int) -> Plan:
    """What proves that a leaf is in the tree of a size (RFC 9162, 2.1.3.1).

    Args:
        position: below `size`.
        size: in leaves.
    """
    return tuple(_covering(*part) for part in _path(position, 0, size))


def plan_consistency(old: int, new: int) -> Plan:
    """What proves that a tree is the beginning of a later one (RFC 9162, 2.1.4.1).

    Args:
        old: from 0 to `new`; nothing has to be proved of 0, nor of `new` itself.
        new: in leaves.
    """
    if old in (0, new):
        return ()
    return tuple(_covering(*part) for part in _subproof(old, 0, new, whole=True))


def is_included(
    *, leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a leaf hash stands at a position of the tree with this root."""
    if not 0 <= position < size or not _are_hashes(leaf, root, *proof):
        return False
    number, last, current = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            current = node_hash(sibling, current)
            number, last = _up_to_a_left_turn(number, last)
        else:
            current = node_hash(current, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and current == root


def is_consistent(
    *, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree with the old root is the beginning of the one with the new root."""
    if old == new != 0:
        return not proof and old_root == new_root
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old & (old - 1) == 0:
        proof = (old_root, *proof)
    return bool(proof) and _both_roots(old, new, proof) == (old_root, new_root)


def _are_hashes(*given: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in given)


def _both_roots(old: int, new: int, proof: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that a proof leads to, or None where it is too long or too short."""
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old_found = new_found = proof[0]
    for one in proof[1:]:
        if last == 0:
            return None
        if number & 1 or number == last:
            old_found, new_found = node_hash(one, old_found), node_hash(one, new_found)
            number, last = _up_to_a_left_turn(number, last)
        else:
            new_found = node_hash(new_found, one)
        number, last = number >> 1, last >> 1
    return (old_found, new_found) if last == 0 else None


def _up_to_a_left_turn(number: int, last: int) -> tuple[int, int]:
    """Skips the levels on which the last node has no sibling and is its own parent."""
    while not number & 1 and number:
        number, last = number >> 1, last >> 1
    return number, last


_Part: TypeAlias = tuple[int, int]
"""Leaves from the first up to, not including, the second."""


def _path(position: int, start: int, end: int) -> Iterator[_Part]:
    """PATH of RFC 9162, 2.1.3.1, as parts of the leaves: the lowest sibling first."""
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if position < middle:
        yield from _path(position, start, middle)
        yield middle, end
    else:
        yield from _path(position, middle, end)
        yield start, middle


def _subproof(old: int, start: int, end: int, *, whole: bool) -> Iterator[_Part]:
    """SUBPROOF of RFC 9162, 2.1.4.1; `whole` while the part is the old tree as it was known."""
    if old == end:
        if not whole:
            yield start, end
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _subproof(old, start, middle, whole=whole)
        yield middle, end
    else:
        yield from _subproof(old, middle, end, whole=False)
        yield start, middle


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _covering(start: int, end: int) -> tuple[Node, ...]:
    """The perfect subtrees of leaves that begin where a subtree of theirs begins."""
    nodes: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return tuple(nodes)
