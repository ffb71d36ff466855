"""No name on a lock could be taken for another one."""

import itertools
import tomllib

import pytest

from tests.shape.tree import ROOT
from tests.supply.locks import LOCKS, pins
from tests.supply.lookalikes import NOT_OURS, distance, suspects


def locked() -> set[str]:
    return set().union(*map(pins, LOCKS))


def named_in_project() -> set[str]:
    """Every package that pyproject.toml names."""
    text = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *text["build-system"]["requires"],
        *text["project"]["dependencies"],
        *itertools.chain(*text["project"]["optional-dependencies"].values()),
        *itertools.chain(*text["dependency-groups"].values()),
    ]
    return {one.split("[")[0].split(">")[0].split("=")[0].strip() for one in wanted}


def test_no_lock_holds_a_name_that_looks_like_another() -> None:
    """Neither one of the names that are known for it, nor one that is a slip from another."""
    assert {"litestar", "asyncpg", "pytest", "zizmor"} <= locked()
    assert list(suspects(locked() | named_in_project())) == []


@pytest.mark.parametrize(
    "squatted",
    [
        *NOT_OURS,
        "litestarr",
        "ltiestar",
        "python-argon2-cffi",
        "cryptograhpy",
        "cryptography3",
        "uvlo0p",
        "pyhttptools",
        "py-test",
        "struct-log",
        "msgspce",
    ],
)
def test_a_planted_name_is_noticed(squatted: str) -> None:
    """A letter too many, two that changed places, a digit for a letter, a prefix, a hyphen."""
    assert list(suspects(locked() | {squatted})) != []


@pytest.mark.parametrize("name", ["httpx", "hypercorn", "websockets", "numpy", "obstore"])
def test_an_honest_name_passes(name: str) -> None:
    """The check does not cry at every new package."""
    assert list(suspects(locked() | {name})) == []


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "abc", 3),
        ("same", "same", 0),
        ("reqeusts", "requests", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_edits_are_counted_as_usual(one: str, other: str, edits: int) -> None:
    """Letters put in, taken out, exchanged; neighbours that change places are one."""
    assert distance(one, other) == distance(other, one) == edits
