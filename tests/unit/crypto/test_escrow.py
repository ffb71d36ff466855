"""A key in parts: any m bring it back, fewer learn nothing, and nothing false passes."""

import struct
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import escrow, xwing
from mustshare_api.crypto.escrow import Custodian, EscrowSet, Share
from mustshare_api.crypto.escrow_release import Release, combine, parse_release, release
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import CannotOpen, Malformed

NAMES = ("anan", "busaba", "chai", "dao", "ek")


@dataclass(frozen=True)
class Made:
    """A set, and every secret that went into it."""

    escrow: EscrowSet
    seed: bytes
    holders: tuple[bytes, ...]
    box: bytes

    def releases(self, *which: int) -> list[Release]:
        return [
            release(self.escrow, self.holders[each], xwing.public_key_of(self.box))
            for each in which
        ]


def made(m: int = 2, n: int = 3) -> Made:
    holders = tuple(xwing.new_seed() for _ in range(n))
    custodians = [
        Custodian(name, xwing.public_key_of(seed))
        for name, seed in zip(NAMES[:n], holders, strict=True)
    ]
    seed = xwing.new_seed()
    return Made(escrow.make(seed, custodians, m), seed, holders, xwing.new_seed())


ONE = made()


@pytest.mark.parametrize(("m", "n"), [(2, 2), (2, 3), (3, 4), (2, 5)])
def test_any_m_custodians_bring_the_key_back(m: int, n: int) -> None:
    """Whichever of them come, and in whatever order."""
    parted = made(m, n)
    for members in combinations(range(n), m):
        released = parted.releases(*reversed(members))
        assert combine(parted.escrow, released, parted.box) == parted.seed


def test_more_than_m_do_as_well() -> None:
    """Nobody has to be sent home."""
    assert combine(ONE.escrow, ONE.releases(0, 1, 2), ONE.box) == ONE.seed


def test_two_of_three_are_six_shares_that_a_stick_carries() -> None:
    """Each custodian is in two of the three pairs."""
    octets = ONE.escrow.encode()

    assert sum(len(subset) for subset in ONE.escrow.shares) == 6
    assert [len(list(ONE.escrow.of(each))) for each in range(3)] == [2, 2, 2]
    assert len(octets) < 13_000


def test_a_set_reads_back_as_it_was() -> None:
    """Every octet of it."""
    assert escrow.parse(ONE.escrow.encode()) == ONE.escrow


def test_shares_of_one_subset_say_nothing_by_themselves() -> None:
    """A second parting of the same seed gives the same people other shares."""
    again = escrow.make(ONE.seed, ONE.escrow.custodians, 2)
    digests = {share.digest for each in (ONE.escrow, again) for s in each.shares for share in s}

    assert len(digests) == 12


def test_one_custodian_who_comes_twice_counts_once() -> None:
    """Or one holder would open everything."""
    with pytest.raises(CannotOpen, match=r"escrow\.too_few"):
        combine(ONE.escrow, ONE.releases(1) * 2, ONE.box)


def test_a_stranger_has_nothing_to_release() -> None:
    """A key that is no custodian's."""
    with pytest.raises(CannotOpen, match=r"escrow\.not_a_custodian"):
        release(ONE.escrow, xwing.new_seed(), xwing.public_key_of(ONE.box))


def test_shares_of_an_older_set_cannot_be_replayed() -> None:
    """The same people and the same number, after the key was changed."""
    newer = escrow.make(xwing.new_seed(), ONE.escrow.custodians, 2)

    for old in ONE.releases(0, 1):
        with pytest.raises(CannotOpen, match=r"escrow\.other_set"):
            parse_release(old.encode(), newer)


def test_old_shares_put_into_a_new_set_are_found() -> None:
    """By whoever releases them: they were sealed to another place."""
    newer = escrow.make(xwing.new_seed(), ONE.escrow.custodians, 2)
    grafted = replace(newer, shares=ONE.escrow.shares)

    with pytest.raises(CannotOpen, match=r"escrow\.wrong_share"):
        release(grafted, ONE.holders[0], xwing.public_key_of(ONE.box))


def test_a_false_release_is_found() -> None:
    """Sealed to the box by someone who made the share up."""
    honest, other = ONE.releases(0, 1)
    swapped = replace(other, sealed=dict.fromkeys(other.sealed, honest.sealed[0]))

    with pytest.raises(CannotOpen, match=r"escrow\.wrong_share"):
        combine(ONE.escrow, [honest, swapped], ONE.box)


def test_a_release_for_another_box_does_not_open_here() -> None:
    """What custodians gave to one recovery is of no use to the next."""
    with pytest.raises(CannotOpen, match=r"escrow\.other_box"):
        combine(ONE.escrow, ONE.releases(0, 1), xwing.new_seed())


def test_a_set_whose_maker_lied_about_the_key_is_found() -> None:
    """Its shares are in order and make a key that is not the one listed."""
    lied = EscrowSet(2, xwing.public_key_of(xwing.new_seed()), ONE.escrow.custodians, ())
    shares = tuple(
        tuple(escrow.sealed_share(lied, number, each, xwing.new_seed()) for each in members)
        for number, members in enumerate(lied.subsets)
    )
    false = Made(replace(lied, shares=shares), ONE.seed, ONE.holders, ONE.box)

    with pytest.raises(CannotOpen, match=r"escrow\.other_key"):
        combine(false.escrow, false.releases(0, 1), ONE.box)


@pytest.mark.parametrize(("m", "n"), [(1, 3), (4, 3), (0, 2)])
def test_an_m_that_protects_nobody_is_refused(m: int, n: int) -> None:
    """One alone would simply hold the key."""
    with pytest.raises(Malformed, match=r"escrow\.malformed"):
        escrow.make(xwing.new_seed(), ONE.escrow.custodians[:n], m)


def test_one_key_under_two_names_is_refused() -> None:
    """It would be one person with two shares."""
    first, second, _ = ONE.escrow.custodians
    twice = [first, Custodian("other", first.public_key), second]

    with pytest.raises(Malformed, match=r"escrow\.malformed"):
        escrow.make(xwing.new_seed(), twice, 2)


@given(st.integers(0, len(ONE.escrow.encode()) - 1))
def test_a_truncated_set_is_no_set(length: int) -> None:
    """At every length."""
    with pytest.raises(Malformed, match=r"escrow\.malformed"):
        escrow.parse(ONE.escrow.encode()[:length])


@given(st.integers(0, len(ONE.escrow.encode()) - 1), st.integers(1, 255))
def test_an_edited_set_never_gives_another_key(at: int, flip: int) -> None:
    """It is no set, its custodians find their share wrong, or it is the old one."""
    edited = bytearray(ONE.escrow.encode())
    edited[at] ^= flip
    assert outcome_of(bytes(edited)) in (ONE.seed, None)


def outcome_of(octets: bytes) -> bytes | None:
    """The key that two custodians bring back from a set, or None where that is refused."""
    try:
        read = escrow.parse(octets)
        box = xwing.public_key_of(ONE.box)
        return combine(read, [release(read, seed, box) for seed in ONE.holders[:2]], ONE.box)
    except (Malformed, CannotOpen):
        return None


@given(st.binary(max_size=200) | st.integers(0, 2400))
def test_an_edited_release_is_refused(how: bytes | int) -> None:
    """Cut short at any length, or something else altogether."""
    whole = ONE.releases(2)[0].encode()
    octets = how if isinstance(how, bytes) else whole[: min(how, len(whole) - 1)]

    with pytest.raises((Malformed, CannotOpen)):
        parse_release(octets, ONE.escrow)


def test_a_longer_set_is_no_set() -> None:
    """Nor one that says more custodians than it has, nor one with the tail of another."""
    octets = ONE.escrow.encode()
    more = octets[:5] + struct.pack("B", 4) + octets[6:]

    for wrong in (octets + b"\0", more, octets * 30, b""):
        with pytest.raises(Malformed, match=r"escrow\.malformed"):
            escrow.parse(wrong)


def test_a_set_is_known_by_the_key_the_directory_lists() -> None:
    """Its kid is that of the escrow entry."""
    assert ONE.escrow.kid == kid_of(xwing.public_key_of(ONE.seed))
    assert isinstance(ONE.escrow.shares[0][0], Share)
