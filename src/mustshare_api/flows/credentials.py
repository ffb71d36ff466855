"""Who is asking, by the receipt they present.

    1. stretch  the digits, or for a ready-made access token nothing
    2. find     the live tip whose access hash fits
    3. refuse   unknown, burnt, expired and malformed receipts alike

A malformed receipt is stretched like any other. Otherwise whoever tries numbers learns from
the clock which of them could be one, and a phone's search history would be worth trying.
"""

from dataclasses import dataclass

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain import receipt
from mustshare_api.errors import Malformed, UnknownReceipt
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.tips import TipRow

ACCESS_BYTES = 32


@dataclass(frozen=True, slots=True)
class TypedReceipt:
    """`Authorization: Receipt ...`, as typed: the server derives the keys."""

    typed: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """`Authorization: Bearer ...`: the front end has derived; empty when it was malformed."""

    access: bytes


Credential = TypedReceipt | AccessToken


@dataclass(frozen=True, slots=True)
class Claim:
    """A tip and who may speak for it. `keys` are there only when a receipt was typed."""

    tip: TipRow
    access: bytes
    keys: ReceiptKeys | None
    bundle_hash: bytes


async def claim(bench: Workbench, credential: Credential) -> Claim:
    """The tip that a credential belongs to.

    Raises:
        UnknownReceipt: whatever is wrong with it.
        Busy: no slot to stretch it in.
    """
    keys = await _keys(bench, credential)
    access = keys.access if keys else _access(credential)
    today = bangkok_day(bench.clock.now())
    tip = await bench.tips.find(receipts.access_hash(access), today)
    if tip is None or tip.bundle_hash is None or _is_malformed(credential):
        raise UnknownReceipt
    return Claim(tip, access, keys, tip.bundle_hash)


async def _keys(bench: Workbench, credential: Credential) -> ReceiptKeys | None:
    if isinstance(credential, AccessToken):
        return None
    try:
        digits = receipt.normalise(credential.typed)
    except Malformed:
        digits = receipt.from_number(0)
    return await bench.stretcher.stretch(digits, bench.directory.deployment_id)


def _is_malformed(credential: Credential) -> bool:
    if isinstance(credential, AccessToken):
        return len(credential.access) != ACCESS_BYTES
    try:
        receipt.normalise(credential.typed)
    except Malformed:
        return True
    return False


def _access(credential: Credential) -> bytes:
    return credential.access if isinstance(credential, AccessToken) else b""
