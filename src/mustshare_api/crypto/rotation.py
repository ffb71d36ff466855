"""Signs a tip over from one receipt to the next, and follows such signatures along.

    notice, 1,321 B: what both receipts sign
    +-----------------------+-----------+----------+------------------+------------------+
    | "mustshare/v1         | tip id    | number   | hash of the old  | new bundle       |
    |  rotation"  21 B      | 16 B      | u32 BE   | bundle 32 B      | 1,248 B          |
    +-----------------------+-----------+----------+------------------+------------------+

    link 1              link 2                        the bundle in force
    bundle A --notice-> bundle B --notice-----------> bundle C
             <-accept--          <--acceptance-------

The old receipt's signature tells whoever knew the old keys that these are the new ones: staff
go forward along the links. The new receipt's signature over the same octets tells whoever holds
the new one which keys came before: a reporter goes back along them, for a server could make up
an older key, and sign with it, but cannot sign as the newest. It shows as well that the keys
are those of whoever asks, and not somebody else's.

Refused: a signature that does not hold, a number out of its place, a bundle that comes twice.
"""

import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto.envelope import HASH_BYTES, ID_BYTES, PREFIX_BYTES, Stanza
from mustshare_api.crypto.receipts import BUNDLE_BYTES, bundle_hash, parse_bundle
from mustshare_api.crypto.suite import KID_BYTES, LABEL_ROTATION, is_signed_by
from mustshare_api.crypto.xwing import ENC_BYTES
from mustshare_api.errors import CannotOpen, Malformed

MOST_NUMBER: Final = 2**32 - 1

_NUMBER = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Link:
    """One rotation: the bundle that it left, and the signatures of both sides."""

    bundle: bytes
    notice: bytes
    acceptance: bytes


def notice_octets(tip_id: bytes, number: int, old_hash: bytes, new_bundle: bytes) -> bytes:
    """What the old and the new receipt sign.

    Args:
        tip_id: 16 bytes.
        number: which rotation of this tip it is, from 1.
        old_hash: `receipts.bundle_hash` of the bundle that is left.
        new_bundle: the whole bundle that follows.

    Raises:
        Malformed: a part of another length, or a number that no rotation has.
    """
    lengths = (len(tip_id), len(old_hash), len(new_bundle))
    if lengths != (ID_BYTES, HASH_BYTES, BUNDLE_BYTES) or not 1 <= number <= MOST_NUMBER:
        raise Malformed("bundle.malformed")
    return LABEL_ROTATION + tip_id + _NUMBER.pack(number) + old_hash + new_bundle


def check_link(tip_id: bytes, number: int, link: Link, new_bundle: bytes) -> None:
    """That both receipts signed this rotation.

    Raises:
        Malformed: a part of another length, or a bundle with a key that no seed gives.
        CannotOpen: `rotation.wrong_signature`.
    """
    octets = notice_octets(tip_id, number, bundle_hash(link.bundle), new_bundle)
    old, new = parse_bundle(link.bundle), parse_bundle(new_bundle)
    if old.verify_key == new.verify_key or not (
        is_signed_by(old.verify_key, link.notice, octets)
        and is_signed_by(new.verify_key, link.acceptance, octets)
    ):
        raise CannotOpen("rotation.wrong_signature")


def check_chain(tip_id: bytes, links: Sequence[Link], bundle: bytes) -> None:
    """That the links lead, in this order and from number 1, to `bundle`.

    Raises:
        Malformed, CannotOpen: as `check_link` does; `rotation.wrong_signature` as well for a
            bundle that comes twice, by which a chain could lead back to keys thrown away.
    """
    bundles = [*(link.bundle for link in links), bundle]
    if len(set(bundles)) != len(bundles):
        raise CannotOpen("rotation.wrong_signature")
    for number, link in enumerate(links, 1):
        check_link(tip_id, number, link, bundles[number])


def believed_hashes(tip_id: bytes, links: Sequence[Link], bundle: bytes) -> frozenset[bytes]:
    """The bundle hashes that objects of this tip may carry, for whoever believes `bundle`.

    Where the chain does not hold that is the hash of `bundle` alone.
    """
    try:
        check_chain(tip_id, links, bundle)
    except (CannotOpen, Malformed):
        links = ()
    return frozenset(bundle_hash(each) for each in (bundle, *(link.bundle for link in links)))


def parse_stanza(octets: bytes) -> Stanza:
    """Reads a stanza that comes by itself, to take another one's place: 1,184 bytes.

    Raises:
        Malformed: another length.
    """
    stanza = Stanza(
        octets[:KID_BYTES],
        octets[KID_BYTES : KID_BYTES + ENC_BYTES],
        octets[KID_BYTES + ENC_BYTES :],
    )
    stanza.encode()
    return stanza


def named_hash(octets: bytes, believed: Collection[bytes], otherwise: bytes) -> bytes:
    """The bundle hash in an object's prefix where that is a believed one, else `otherwise`.

    It is what an opener then asks for; any other object is refused as it ever was.
    """
    stored = octets[PREFIX_BYTES - HASH_BYTES : PREFIX_BYTES]
    return stored if stored in believed else otherwise
