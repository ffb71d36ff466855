"""The audit log's tree against published vectors, and against RFC 9162 word for word."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import merkle
from mustshare_api.crypto.merkle import PROOF_LIMIT, peaks_of, root_of
from tests.unit.crypto import trees

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "merkle.json").read_text(encoding="utf-8")
)
SIZES = st.integers(min_value=1, max_value=130)


def octets(hashes: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    """The first leaves of the reference tree have its roots."""
    leaves = [merkle.leaf_hash(one) for one in octets(PUBLISHED["leaves"][:size])]
    published = octets(PUBLISHED["roots"])

    root = root_of(trees.stored(leaves)[1])

    assert root == (published[size - 1] if size else merkle.EMPTY_ROOT)


@pytest.mark.parametrize("case", PUBLISHED["inclusion"], ids=named)
def test_a_published_inclusion_proof(case: dict[str, Any]) -> None:
    """Holds, or is refused, as those who published it say."""
    held = merkle.is_included(
        leaf=bytes.fromhex(case["leaf"]),
        position=case["position"],
        size=case["size"],
        proof=octets(case["proof"]),
        root=bytes.fromhex(case["root"]),
    )

    assert held is (case["expect"] == "held")


@pytest.mark.parametrize("case", PUBLISHED["consistency"], ids=named)
def test_a_published_consistency_proof(case: dict[str, Any]) -> None:
    """Holds, or is refused, as those who published it say."""
    held = merkle.is_consistent(
        old=case["old"],
        old_root=bytes.fromhex(case["old_root"]),
        new=case["new"],
        new_root=bytes.fromhex(case["new_root"]),
        proof=octets(case["proof"]),
    )

    assert held is (case["expect"] == "held")


@given(SIZES)
def test_every_size_has_the_root_of_the_definition(size: int) -> None:
    """Peaks fold to MTH, and are the stored nodes that `peaks_of` names."""
    leaves = trees.leaves_of(size)
    nodes, peaks = trees.stored(leaves)

    assert root_of(peaks) == trees.head(leaves)
    assert peaks == tuple(nodes[node] for node in peaks_of(size))


@given(SIZES, st.data())
def test_every_inclusion_proof_is_the_definitions_and_holds(size: int, data: Any) -> None:
    """What is fetched of stored nodes is PATH, and the other algorithm accepts it."""
    leaves = trees.leaves_of(size)
    position = data.draw(st.integers(min_value=0, max_value=size - 1))
    nodes, peaks = trees.stored(leaves)

    proof = trees.fetched(merkle.plan_inclusion(position, size), nodes)

    assert proof == trees.path(position, leaves)
    assert merkle.is_included(
        leaf=leaves[position], position=position, size=size, proof=proof, root=root_of(peaks)
    )


@given(SIZES, st.data())
def test_every_consistency_proof_is_the_definitions_and_holds(size: int, data: Any) -> None:
    """What is fetched of stored nodes is PROOF, and the other algorithm accepts it."""
    leaves = trees.leaves_of(size)
    old = data.draw(st.integers(min_value=1, max_value=size))
    nodes, peaks = trees.stored(leaves)

    proof = trees.fetched(merkle.plan_consistency(old, size), nodes)

    assert proof == trees.proof(old, leaves)
    assert merkle.is_consistent(
        old=old,
        old_root=trees.head(leaves[:old]),
        new=size,
        new_root=root_of(peaks),
        proof=proof,
    )


@given(SIZES, st.data())
def test_no_edited_history_is_consistent(size: int, data: Any) -> None:
    """A proof made from a tree in which an old leaf was changed does not hold."""
    leaves = trees.leaves_of(size)
    old = data.draw(st.integers(min_value=1, max_value=size))
    edited = list(leaves)
    edited[data.draw(st.integers(min_value=0, max_value=old - 1))] = b"e" * 32
    nodes, peaks = trees.stored(edited)

    assert not merkle.is_consistent(
        old=old,
        old_root=trees.head(leaves[:old]),
        new=size,
        new_root=root_of(peaks),
        proof=trees.fetched(merkle.plan_consistency(old, size), nodes),
    )


@given(st.integers(min_value=0, max_value=60))
def test_appending_writes_two_hashes_a_leaf_at_most(size: int) -> None:
    """Leaf and completed nodes together, over any number of appends."""
    nodes, _ = trees.stored(trees.leaves_of(size))

    assert len(nodes) <= 2 * size


@pytest.mark.parametrize("size", [1, (1 << 48) - 1, 1 << 48])
def test_no_proof_is_longer_than_its_limit(size: int) -> None:
    """The longest of the largest tree still passes a reader's bound."""
    longest = max(
        len(merkle.plan_inclusion(0, size)),
        len(merkle.plan_inclusion(size - 1, size)),
        len(merkle.plan_consistency(max(1, size // 2 - 1), size)),
    )

    assert longest <= PROOF_LIMIT


def test_a_beginning_without_leaves_needs_no_proof() -> None:
    """Nothing can be rewritten of an empty log; any root but that of nothing is refused."""
    for root, held in ((merkle.EMPTY_ROOT, True), (b"r" * 32, False)):
        assert (
            merkle.is_consistent(old=0, old_root=root, new=3, new_root=b"n" * 32, proof=[])
            is held
        )


def test_the_same_size_has_the_same_root() -> None:
    """Two roots of one size are a fork, and no proof makes them one."""
    for root, proof, held in ((b"r", [], True), (b"s", [], False), (b"r", [b"p" * 32], False)):
        assert (
            merkle.is_consistent(
                old=3, old_root=b"r" * 32, new=3, new_root=root * 32, proof=proof
            )
            is held
        )
