"""What travels as JSON when a receipt is exchanged for a new one, by either door."""

import base64
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from mustshare_api.api.ids import Id
from mustshare_api.crypto.envelope import HASH_BYTES, STANZA_BYTES
from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.crypto.rotation import Link
from mustshare_api.crypto.suite import SIGNATURE_BYTES

MOST_STANZAS = 512
"""More than a tip may hold of staff's."""

_Signature = Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]


class NewReceipt(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The receipt that takes the place of the one presented; the front end made it."""

    receipt: Annotated[
        str, Meta(min_length=30, max_length=200, description="30 digits, as typed.")
    ]


class NewStanza(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The content key of one object that waits, wrapped to the new reply key."""

    object_id: Id
    stanza: Annotated[bytes, Meta(min_length=STANZA_BYTES, max_length=STANZA_BYTES)]


class SealedRotation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The keys of the new receipt, signed over by the old one and accepted by the new one."""

    access_hash: Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
    bundle: Annotated[bytes, Meta(min_length=BUNDLE_BYTES, max_length=BUNDLE_BYTES)]
    notice: _Signature
    acceptance: _Signature
    stanzas: Annotated[list[NewStanza], Meta(max_length=MOST_STANZAS)]


class Rotated(msgspec.Struct, frozen=True):
    """The new receipt is in force, the old one opens nothing. Show the sentence to a person."""

    receipt: (
        Annotated[str, Meta(description="30 digits; null when the front end made it.")] | None
    )
    receipt_grouped: (
        Annotated[str, Meta(description="The same in groups of five, to show.")] | None
    )
    told_th: str
    told_en: str


class WaitingStanza(msgspec.Struct, frozen=True):
    """An object that waits: its prefix, and the stanza that has to be replaced."""

    object_id: Id
    prefix: Annotated[str, Meta(description="72 bytes, base64.")]
    stanza: Annotated[str, Meta(description="1,184 bytes, base64.")]


class EarlierBundle(msgspec.Struct, frozen=True):
    """A bundle that was left, and both signatures over the one that followed; base64."""

    bundle: str
    notice: str
    acceptance: str


class ReceiptStanding(msgspec.Struct, frozen=True):
    """What a rotation has to sign and re-wrap, and how the receipt came to be."""

    tip_id: Id
    number: Annotated[int, Meta(description="Of the next rotation, to be signed.")]
    stanzas: list[WaitingStanza]
    rotations: list[EarlierBundle]
    padding: Annotated[
        str, Meta(description="Spaces, so that news cannot be told by length.")
    ] = ""


class Rotations(msgspec.Struct, frozen=True):
    """The bundle in force, and the rotations that led to it, the first one first."""

    bundle: str
    rotations: list[EarlierBundle]


def told(octets: bytes) -> str:
    """Octets as JSON has them."""
    return base64.b64encode(octets).decode()


def earlier(links: Sequence[Link]) -> list[EarlierBundle]:
    """Links as JSON has them."""
    return [
        EarlierBundle(told(one.bundle), told(one.notice), told(one.acceptance)) for one in links
    ]
