"""Key files: opened by their passphrase alone, and by no edited header."""

import struct

import argon2.low_level
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mustshare_api.crypto import keys
from mustshare_api.errors import CannotOpen, Malformed, MustShareError, Unavailable

PASSPHRASE = "anchor meadow lantern copper violin harvest"
SECRETS = b'{"seed": "..."}'
KID = bytes(range(16))
CHEAP_KIB = 19 * 1024


@pytest.fixture(scope="module")
def key_file() -> bytes:
    return keys.seal_key_file(SECRETS, PASSPHRASE, KID, memory_kib=CHEAP_KIB, passes=1)


def test_a_key_file_opens_with_its_passphrase(key_file: bytes) -> None:
    """What was put in comes out."""
    assert keys.open_key_file(key_file, PASSPHRASE) == SECRETS


@pytest.mark.parametrize("typed", [f"  {PASSPHRASE} ", PASSPHRASE.replace(" ", "\u00a0")])
def test_spaces_are_forgiven(key_file: bytes, typed: str) -> None:
    """A passphrase read off paper is typed with whatever spaces."""
    assert keys.open_key_file(key_file, typed) == SECRETS


def test_a_thai_passphrase_opens_however_it_was_composed() -> None:
    """Two keyboards may compose one sign differently."""
    sealed = keys.seal_key_file(SECRETS, "น้ำ" * 5, KID, memory_kib=CHEAP_KIB, passes=1)

    assert keys.open_key_file(sealed, "น้\u0e4d\u0e32" * 5) == SECRETS


@pytest.mark.parametrize("typed", ["", "anchor", PASSPHRASE.upper(), "\ud800"])
def test_a_wrong_passphrase_cannot_open(key_file: bytes, typed: str) -> None:
    """Whatever is typed, the answer is one line."""
    with pytest.raises(CannotOpen) as refused:
        keys.open_key_file(key_file, typed)
    assert refused.value.code == "key_file.cannot_open"


def test_an_edited_kid_looks_like_a_wrong_passphrase(key_file: bytes) -> None:
    """The header is bound in, and the refusal does not say which of the two it was."""
    swapped = key_file[:28] + bytes(16) + key_file[44:]

    with pytest.raises(CannotOpen) as refused:
        keys.open_key_file(swapped, PASSPHRASE)
    assert refused.value.code == "key_file.cannot_open"


def test_a_closed_file_says_whose_it_is(key_file: bytes) -> None:
    """So that files can be told apart without a passphrase."""
    assert keys.kid_of_key_file(key_file) == KID


@pytest.fixture
def no_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        pytest.fail("worked before the parameters were bounded")

    monkeypatch.setattr(argon2.low_level, "hash_secret_raw", refuse)


@pytest.mark.usefixtures("no_argon2")
@pytest.mark.parametrize(
    ("offset", "field"),
    [
        (0, b"MSK2"),
        (4, b"\x00"),
        (5, b"\x00"),
        (5, b"\x0b"),
        (6, b"\x00"),
        (6, b"\x05"),
        (7, b"\x01"),
        (8, struct.pack(">I", 19 * 1024 - 1)),
        (8, struct.pack(">I", 2 * 1024 * 1024 + 1)),
    ],
)
def test_parameters_are_bounded_before_any_work(
    key_file: bytes, offset: int, field: bytes
) -> None:
    """An edited file can neither stop the machine nor make guessing cheap."""
    edited = key_file[:offset] + field + key_file[offset + len(field) :]

    with pytest.raises(Malformed) as refused:
        keys.open_key_file(edited, PASSPHRASE)
    assert refused.value.code == "key_file.malformed"


@pytest.mark.usefixtures("no_argon2")
@pytest.mark.parametrize("size_bytes", [0, 3, 44, keys.SIZE_LIMIT_BYTES + 1])
def test_a_file_of_no_plausible_size_is_malformed(key_file: bytes, size_bytes: int) -> None:
    """Too short for a header, or longer than any key file."""
    with pytest.raises(Malformed):
        keys.open_key_file(key_file.ljust(size_bytes, b"\0")[:size_bytes], PASSPHRASE)


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_bit_flip_is_refused(key_file: bytes, at: float, bit: int) -> None:
    """Header, salt, commitment, ciphertext, tag: all of it is authenticated."""
    edited = bytearray(key_file)
    edited[int(at * len(edited))] ^= 1 << bit
    # The two costly parameters stay cheap: a flip up there is bounded elsewhere.
    if bytes(edited[8:12]) > struct.pack(">I", 4 * CHEAP_KIB):
        edited = bytearray(key_file[:-1])

    with pytest.raises((Malformed, CannotOpen)):
        keys.open_key_file(bytes(edited), PASSPHRASE)


@given(st.binary(max_size=400))
def test_octets_that_are_no_key_file_are_malformed(octets: bytes) -> None:
    """A wrong file name on the command line ends in one line."""
    with pytest.raises(Malformed):
        keys.open_key_file(octets, PASSPHRASE)


def test_a_truncated_file_cannot_open(key_file: bytes) -> None:
    """A copy that was cut short is refused."""
    with pytest.raises(CannotOpen):
        keys.open_key_file(key_file[:-1], PASSPHRASE)


@pytest.mark.parametrize("passphrase", ["", "short", "a          b"])
def test_a_weak_passphrase_is_refused_when_sealing(passphrase: str) -> None:
    """Spaces do not count towards its length."""
    with pytest.raises(Malformed) as refused:
        keys.seal_key_file(SECRETS, passphrase, KID, memory_kib=CHEAP_KIB, passes=1)
    assert refused.value.code == "key_file.weak_passphrase"


def test_nothing_is_sealed_under_parameters_that_would_not_open() -> None:
    """A caller's slip shows when writing, not when the key is needed."""
    with pytest.raises(Malformed):
        keys.seal_key_file(SECRETS, PASSPHRASE, KID, memory_kib=1024)


def test_a_machine_without_memory_says_so(
    key_file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gibibyte is not to be had everywhere; that is no wrong passphrase."""

    def refuse(*_: object, **__: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(argon2.low_level, "hash_secret_raw", refuse)

    with pytest.raises(Unavailable) as refused:
        keys.open_key_file(key_file, PASSPHRASE)
    assert refused.value.code == "key_file.no_memory"
    assert isinstance(refused.value, MustShareError)


def test_the_default_costs_a_gibibyte() -> None:
    """The promise of the design, in the one place that tests must not weaken."""
    assert (keys.MEMORY_KIB, keys.PASSES) == (1024 * 1024, 2)


def test_a_passphrase_is_six_words_of_a_plain_list() -> None:
    """Typable on any keyboard, and 66 bits at the least."""
    words = keys._words()

    assert len(words) == len(set(words)) >= 2048
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert all(3 <= len(word) <= 7 for word in words)
    offered = keys.new_passphrase().split()
    assert len(offered) == 6
    assert set(offered) <= set(words)


def test_no_passphrase_is_offered_twice() -> None:
    """Chance, and not a seed, picks the words."""
    assert len({keys.new_passphrase() for _ in range(50)}) == 50


def test_a_long_passphrase_counts_to_its_last_letter() -> None:
    """Nothing is cut: of a hundred letters and more, all count."""
    long = "correct horse battery staple " * 5 + "a"
    sealed = keys.seal_key_file(SECRETS, long, KID, memory_kib=CHEAP_KIB, passes=1)

    assert keys.open_key_file(sealed, long) == SECRETS
    with pytest.raises(CannotOpen):
        keys.open_key_file(sealed, long[:-1] + "b")
