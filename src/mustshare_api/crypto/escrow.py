"""A key that no one holds: m of n custodians together bring it back.

    seed 32   -> X-Wing key, listed in the directory as `escrow`; the seed itself is forgotten
    m-subset  -> m shares that XOR to the seed; each custodian of the subset gets one

    +------+---+---+----------------+---------------------+-------------------------------+
    | MSE1 | m | n | escrow key     | n x ( u8 | name |   | C(n, m) subsets in order, each |
    | 4 B  | 1 | 1 | X-Wing 1,216 B |   X-Wing 1,216 B )  | m x ( digest 32 | sealed 1168 )|
    +------+---+---+----------------+---------------------+-------------------------------+
    |<------------------ header, named by its hash ------>|

Two of three are six shares and 12 kB, in one file that anybody may keep: without m custodians'
keys it says nothing, since any m - 1 shares of a subset are random octets. XOR needs no field
arithmetic and leaves no room for mistakes in it; with at most seven custodians the number of
subsets stays under 36.

The digest of each share stands in the set, so that a false one is found with its owner's name.
A share is bound to its set and cannot be replayed into another; a set whose key the directory
no longer lists is superseded. How the shares come together again is in `escrow_release`.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Final, NamedTuple

from mustshare_api.crypto import xwing
from mustshare_api.crypto.notes import NAME
from mustshare_api.crypto.suite import SEED_BYTES, kid_of, sha256
from mustshare_api.errors import CannotOpen, Malformed

MAX_CUSTODIANS: Final = 7
MIN_SHARES: Final = 2
SEALED_BYTES: Final = xwing.ENC_BYTES + SEED_BYTES + xwing.TAG_BYTES
SIZE_LIMIT_BYTES: Final = 1 << 18

LABEL_SHARE: Final = b"mustshare/v1 escrow share"
LABEL_SHARE_DIGEST: Final = b"mustshare/v1 escrow share digest"
LABEL_SET: Final = b"mustshare/v1 escrow set"

_MAGIC: Final = b"MSE1"
_HEAD: Final = struct.Struct(f">4sBB{xwing.PUBLIC_BYTES}s")
_SHARE: Final = struct.Struct(f">32s{SEALED_BYTES}s")


class Custodian(NamedTuple):
    """A name and the X-Wing key that their shares are sealed to."""

    name: str
    public_key: bytes


class Share(NamedTuple):
    """One share as it lies in a set: its digest, and itself sealed to its custodian."""

    digest: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class EscrowSet:
    """A set as read. `shares` is by subset, then by place within it."""

    m: int
    public_key: bytes
    custodians: tuple[Custodian, ...]
    shares: tuple[tuple[Share, ...], ...]

    @property
    def kid(self) -> bytes:
        """Of the escrow key."""
        return kid_of(self.public_key)

    @property
    def header(self) -> bytes:
        """Everything but the shares."""
        head = _HEAD.pack(_MAGIC, self.m, len(self.custodians), self.public_key)
        return head + b"".join(
            bytes([len(each.name)]) + each.name.encode() + each.public_key
            for each in self.custodians
        )

    @property
    def set_hash(self) -> bytes:
        """What a release and each share is bound to: two sets of one key differ here."""
        return sha256(LABEL_SET, self.header)

    @property
    def subsets(self) -> tuple[tuple[int, ...], ...]:
        """The m-subsets of the custodians, by number from 0, in order."""
        return tuple(combinations(range(len(self.custodians)), self.m))

    def encode(self) -> bytes:
        """The octets of the set."""
        shares = (_SHARE.pack(*share) for subset in self.shares for share in subset)
        return self.header + b"".join(shares)

    def number_of(self, kid: bytes) -> int:
        """Which custodian has this key.

        Raises:
            CannotOpen: `escrow.not_a_custodian`.
        """
        for number, each in enumerate(self.custodians):
            if kid_of(each.public_key) == kid:
                return number
        raise CannotOpen("escrow.not_a_custodian")

    def of(self, custodian: int) -> Iterator[tuple[int, Share]]:
        """The subsets that a custodian is in, each with their share of it."""
        for number, members in enumerate(self.subsets):
            if custodian in members:
                yield number, self.shares[number][members.index(custodian)]


def make(seed: bytes, custodians: Sequence[Custodian], m: int) -> EscrowSet:
    """Parts a seed among custodians, of whom any m bring it back.

    Args:
        seed: of the escrow key, 32 bytes; the caller forgets it.
        custodians: 2 to 7, of different names and keys.
        m: 2 at least, since one alone would simply hold the key.

    Raises:
        Malformed: `escrow.malformed`.
    """
    bare = EscrowSet(m, xwing.public_key_of(seed), tuple(custodians), ())
    _check(bare)
    shares = tuple(
        tuple(
            sealed_share(bare, number, member, share)
            for member, share in zip(members, _parts(seed, m), strict=True)
        )
        for number, members in enumerate(bare.subsets)
    )
    return EscrowSet(m, bare.public_key, bare.custodians, shares)


def parse(octets: bytes) -> EscrowSet:
    """Reads a set. Whose key it is, the directory says.

    Raises:
        Malformed: `escrow.malformed`.
    """
    if len(octets) > SIZE_LIMIT_BYTES:
        raise Malformed("escrow.malformed")
    try:
        read = _read(octets)
    except (struct.error, ValueError, IndexError, Malformed):
        raise Malformed("escrow.malformed") from None
    if read.encode() != octets:
        raise Malformed("escrow.malformed")
    return read


def sealed_share(escrow: EscrowSet, number: int, custodian: int, share: bytes) -> Share:
    """A share of one subset, sealed to its custodian."""
    public_key = escrow.custodians[custodian].public_key
    sealed = xwing.wrap(public_key, share, _share_info(escrow, number, custodian))
    return Share(_digest(escrow, number, custodian, share), sealed)


def opened_share(
    escrow: EscrowSet, number: int, custodian: int, share: Share, seed: bytes
) -> bytes:
    """A custodian's share of one subset.

    Raises:
        CannotOpen: `escrow.wrong_share`.
    """
    try:
        opened = xwing.unwrap(seed, share.sealed, _share_info(escrow, number, custodian))
    except CannotOpen:
        raise CannotOpen("escrow.wrong_share") from None
    check_share(escrow, number, custodian, opened)
    return opened


def check_share(escrow: EscrowSet, number: int, custodian: int, share: bytes) -> None:
    """Holds a share against its digest in the set.

    Raises:
        CannotOpen: `escrow.wrong_share`.
    """
    place = escrow.subsets[number].index(custodian)
    digest = escrow.shares[number][place].digest
    if len(share) != SEED_BYTES or _digest(escrow, number, custodian, share) != digest:
        raise CannotOpen("escrow.wrong_share")


def place_of(escrow: EscrowSet, number: int, custodian: int) -> bytes:
    """What ties octets to one custodian's share of one subset of one set."""
    return escrow.set_hash + bytes([number, custodian])


def _share_info(escrow: EscrowSet, number: int, custodian: int) -> bytes:
    return sha256(LABEL_SHARE, place_of(escrow, number, custodian))


def _digest(escrow: EscrowSet, number: int, custodian: int, share: bytes) -> bytes:
    return sha256(LABEL_SHARE_DIGEST, place_of(escrow, number, custodian), share)


def _parts(seed: bytes, m: int) -> list[bytes]:
    """Random octets, and what makes them XOR to the seed."""
    drawn = [xwing.new_seed() for _ in range(m - 1)]
    return [*drawn, reduce(xor, drawn, seed)]


def xor(one: bytes, other: bytes) -> bytes:
    """Octet by octet."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _read(octets: bytes) -> EscrowSet:
    """Reads what may still be another spelling; its caller compares."""
    magic, m, n, public_key = _HEAD.unpack_from(octets)
    at = _HEAD.size
    custodians: list[Custodian] = []
    for _ in range(n):
        end = at + 1 + octets[at : at + 1][0]
        name = octets[at + 1 : end].decode("ascii")
        custodians.append(Custodian(name, octets[end : end + xwing.PUBLIC_BYTES]))
        at = end + xwing.PUBLIC_BYTES
    bare = EscrowSet(m, public_key, tuple(custodians), ())
    if magic != _MAGIC:
        raise ValueError
    _check(bare)
    flat = [Share(*_SHARE.unpack_from(octets, at + i * _SHARE.size)) for i in _places(bare)]
    shares = tuple(tuple(flat[i : i + m]) for i in range(0, len(flat), m))
    return EscrowSet(m, public_key, bare.custodians, shares)


def _places(escrow: EscrowSet) -> range:
    return range(len(escrow.subsets) * escrow.m)


def _check(escrow: EscrowSet) -> None:
    names = {each.name for each in escrow.custodians}
    keys = {each.public_key for each in escrow.custodians} | {escrow.public_key}
    n = len(escrow.custodians)
    distinct = len(names) == n and len(keys) == n + 1
    if not distinct or not MIN_SHARES <= escrow.m <= n <= MAX_CUSTODIANS:
        raise Malformed("escrow.malformed")
    if any(NAME.fullmatch(each.name) is None for each in escrow.custodians):
        raise Malformed("escrow.malformed")
    for key in keys:
        xwing.load_public(key)
