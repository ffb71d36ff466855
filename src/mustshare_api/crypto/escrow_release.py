"""Brings the escrow key back: custodians release their shares to one box, which combines them.

    box      a fresh X-Wing key on the machine where the recovery goes on
    release  a custodian opens their shares and seals them to the box:

             +------+-------------+------------+---------------+-------------------------+
             | MSR1 | set hash 32 | box kid 16 | custodian, u8 | one sealed share, 1,168 |
             |      |             |            |               | for each subset they are in
             +------+-------------+------------+---------------+-------------------------+

    combine  m releases for the box give the seed, which must make the escrow key

No custodian learns another's share, and who carries the files learns none. Refuses a release
of another set (an older one of the same people, say), for another box, and a share that is not
the one whose digest stands in the set.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from mustshare_api.crypto import xwing
from mustshare_api.crypto.escrow import (
    SEALED_BYTES,
    EscrowSet,
    check_share,
    opened_share,
    place_of,
    xor,
)
from mustshare_api.crypto.suite import kid_of, sha256
from mustshare_api.errors import CannotOpen, Malformed

LABEL_RELEASE: Final = b"mustshare/v1 escrow release"
SIZE_LIMIT_BYTES: Final = 1 << 16

_MAGIC: Final = b"MSR1"
_HEAD: Final = struct.Struct(">4s32s16sB")


@dataclass(frozen=True, slots=True)
class Release:
    """One custodian's shares, sealed to a recovery box. `sealed` is by number of subset."""

    set_hash: bytes
    box_kid: bytes
    custodian: int
    sealed: Mapping[int, bytes]

    def encode(self) -> bytes:
        """The octets of the release."""
        head = _HEAD.pack(_MAGIC, self.set_hash, self.box_kid, self.custodian)
        return head + b"".join(self.sealed[number] for number in sorted(self.sealed))


def release(escrow: EscrowSet, seed: bytes, box: bytes) -> Release:
    """Opens a custodian's shares and seals them to a recovery box.

    Args:
        escrow: the set.
        seed: the custodian's.
        box: the X-Wing public key of the box.

    Raises:
        CannotOpen: `escrow.not_a_custodian`; `escrow.wrong_share`, the set was made wrong or
            changed since.
        Malformed: the box is no key.
    """
    custodian = escrow.number_of(kid_of(xwing.public_key_of(seed)))
    sealed = {
        number: xwing.wrap(
            box,
            opened_share(escrow, number, custodian, share, seed),
            _info(escrow, number, custodian),
        )
        for number, share in escrow.of(custodian)
    }
    return Release(escrow.set_hash, kid_of(box), custodian, sealed)


def parse_release(octets: bytes, escrow: EscrowSet) -> Release:
    """Reads a release that was made from this set.

    Raises:
        Malformed: `escrow.malformed_release`.
        CannotOpen: `escrow.other_set`.
    """
    if len(octets) < _HEAD.size or not octets.startswith(_MAGIC):
        raise Malformed("escrow.malformed_release")
    _, set_hash, box_kid, custodian = _HEAD.unpack_from(octets)
    if set_hash != escrow.set_hash:
        raise CannotOpen("escrow.other_set")
    numbers = [number for number, each in enumerate(escrow.subsets) if custodian in each]
    body = octets[_HEAD.size :]
    if not numbers or len(body) != len(numbers) * SEALED_BYTES:
        raise Malformed("escrow.malformed_release")
    pieces = (body[at : at + SEALED_BYTES] for at in range(0, len(body), SEALED_BYTES))
    return Release(set_hash, box_kid, custodian, dict(zip(numbers, pieces, strict=True)))


def combine(escrow: EscrowSet, releases: Sequence[Release], box_seed: bytes) -> bytes:
    """The seed of the escrow key.

    Args:
        escrow: the set.
        releases: of m different custodians at least; where there are more, the first m.
        box_seed: of the box that they were sealed to.

    Raises:
        CannotOpen: `escrow.too_few`; `escrow.other_box` or `escrow.wrong_share` with the name
            of the custodian as its note; `escrow.other_key`, the set was made wrong.
    """
    by_custodian = {each.custodian: each for each in releases}
    if len(by_custodian) < escrow.m:
        raise CannotOpen("escrow.too_few")
    members = tuple(sorted(by_custodian))[: escrow.m]
    number = escrow.subsets.index(members)
    shares = [_share(escrow, by_custodian[each], number, box_seed) for each in members]
    seed = reduce(xor, shares)
    if xwing.public_key_of(seed) != escrow.public_key:
        raise CannotOpen("escrow.other_key")
    return seed


def _share(escrow: EscrowSet, released: Release, number: int, box_seed: bytes) -> bytes:
    try:
        return _opened(escrow, released, number, box_seed)
    except CannotOpen as refused:
        refused.add_note(escrow.custodians[released.custodian].name)
        raise


def _opened(escrow: EscrowSet, released: Release, number: int, box_seed: bytes) -> bytes:
    if released.box_kid != kid_of(xwing.public_key_of(box_seed)):
        raise CannotOpen("escrow.other_box")
    info = _info(escrow, number, released.custodian)
    try:
        share = xwing.unwrap(box_seed, released.sealed[number], info)
    except CannotOpen:
        raise CannotOpen("escrow.wrong_share") from None
    check_share(escrow, number, released.custodian, share)
    return share


def _info(escrow: EscrowSet, number: int, custodian: int) -> bytes:
    return sha256(LABEL_RELEASE, place_of(escrow, number, custodian))
