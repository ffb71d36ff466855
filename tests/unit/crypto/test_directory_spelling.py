"""One directory has one spelling, and nothing else is read as one."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import directory
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.errors import CannotOpen, Malformed, WrongMoment
from tests.unit.crypto.directories import (
    DAY,
    ENTRIES,
    MONDAY,
    NOTE,
    compose,
    verify,
    xwing_key,
)


def _with(entry: Entry) -> tuple[Entry, ...]:
    return (*ENTRIES, entry)


def test_the_order_of_entries_is_nobodys_choice() -> None:
    """One directory has one spelling."""
    assert compose(ENTRIES[::-1]) == compose()


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (ENTRIES[0], ENTRIES[4]),
        _with(ENTRIES[0]),
        _with(Entry.of("intake", "somsri", MONDAY, xwing_key(6))),
        _with(Entry.of("intake", "other", MONDAY, xwing_key(1))),
        _with(Entry.of("intake", "other", MONDAY + DAY, xwing_key(6))),
        _with(Entry.of("intake", "other", None, xwing_key(6))),
        _with(Entry.of("escrow", "other", MONDAY, xwing_key(6))),
        _with(Entry.of("escrow", "a b", None, xwing_key(6))),
        _with(Entry.of("escrow", "สมศรี", None, xwing_key(6))),
        _with(Entry.of("admin", "other", None, xwing_key(6))),
        _with(Entry.of("revoked", "other", None, ENTRIES[0].public_key)),
        _with(Entry.of("auditor", "other", None, ENTRIES[0].public_key)),
        _with(Entry.of("witness", "other", MONDAY, verify_key_of(b"n" * 32))),
        _with(Entry.of("witness", "other", None, xwing_key(6))),
        _with(Entry.of("log", "other", None, bytes(32))),
        _with(Entry.of("intake", "other", MONDAY, b"short")),
        _with(Entry.of("signing", "other", None, bytes(32))),
        _with(replace(Entry.of("escrow", "other", None, xwing_key(6)), kid=bytes(16))),
        _with(Entry.of("escrow", "other", None, b"\xff" * 1216)),
        tuple(Entry.of("intake", f"o{n}", MONDAY, xwing_key(n)) for n in range(10, 27)),
    ],
    ids=[
        "nobody", "no-intake", "twice", "two-keys-a-week", "one-key-twice", "no-monday",
        "no-epoch", "an-epoch-too-many", "space", "thai", "role",
        "revoked-and-signing", "auditor-and-signing", "witness-with-a-week", "witness-xwing",
        "log-of-small-order", "short", "small-order", "wrong-kid", "unreduced",
        "more-than-an-envelope-holds",
    ],
)  # fmt: skip
def test_a_directory_that_could_mislead_is_never_composed(entries: tuple[Entry, ...]) -> None:
    """Every reader would refuse it, so the roots are not asked to sign it."""
    with pytest.raises(Malformed) as refused:
        compose(entries)
    assert refused.value.code == "directory.malformed"


@pytest.mark.parametrize(("serial", "days"), [(0, 28), (-1, 28), (1, 0), (1, 31), (1, -1)])
def test_a_serial_starts_at_one_and_a_life_ends_within_thirty_days(
    serial: int, days: int
) -> None:
    """Longer would hold clients to an old list."""
    with pytest.raises(Malformed):
        compose(serial=serial, days=days)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"v1 directory", b"v2 directory"),
        (b"serial 7", b"serial 07"),
        (b"serial 7", b"serial  7"),
        (b"serial 7", b"serial +7"),
        (b"serial 7", b"serial 7 "),
        (b"serial 7", b"serial x"),
        (b"serial 7", b"serial " + b"9" * 5000),
        (b"2026-11-23\nexpires", b"20261123\nexpires"),
        (b"2026-12-21", b"2026-13-21"),
        (b"deployment 00", b"deployment 0g"),
        (b"deployment 00", b"deployment "),
        (b"intake somsri", b"Intake somsri"),
        (b"intake somsri 2026-11-23", b"evaluation\nintake somsri 2026-11-23"),
        (b"expires 2026-12-21\n", b"expires 2026-12-21\n\n"),
        (b"signing somsri - ", b"signing somsri -  "),
    ],
)
def test_another_spelling_is_malformed(old: bytes, new: bytes) -> None:
    """Two spellings of one directory would be two things to have signed."""
    draft = compose()
    assert old in draft

    with pytest.raises(Malformed) as refused:
        directory.parse(draft.replace(old, new, 1))
    assert refused.value.code == "directory.malformed"


def test_swapped_lines_are_malformed() -> None:
    """Entries stand in their one order."""
    head, somsri, arthit = compose().partition(b"intake somsri 2026-11-23")
    lines = (head + somsri + arthit).split(b"\n")
    lines[5], lines[6] = lines[6], lines[5]

    with pytest.raises(Malformed):
        directory.parse(b"\n".join(lines))


def test_an_endless_directory_is_malformed() -> None:
    """Its size is looked at before anything else."""
    with pytest.raises(Malformed):
        directory.parse(NOTE + b"x" * directory.SIZE_LIMIT_BYTES)


@given(st.data())
def test_any_bit_flip_in_a_directory_is_refused(data: st.DataObject) -> None:
    """Exactly as many roots signed as must, so nothing in the note can be spared."""
    edited = bytearray(NOTE)
    edited[data.draw(st.integers(0, len(edited) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises((Malformed, CannotOpen, WrongMoment)):
        verify(bytes(edited))


@given(st.binary(max_size=300))
def test_any_octets_are_refused_in_one_way(noise: bytes) -> None:
    """Noise, also after a good beginning, is malformed."""
    for octets in (noise, compose()[:200] + noise):
        with pytest.raises(Malformed):
            directory.parse(octets)


def test_a_key_in_the_note_is_plain_base64() -> None:
    """So that another implementation can read it with what it has."""
    line = next(line for line in NOTE.decode().split("\n") if line.startswith("escrow"))

    assert base64.b64decode(line.split(" ")[4]) == xwing_key(4)
