"""Who is asking, by the receipt they present.

    1. stretch  the digits, or for a ready-made access token nothing
    2. find     the live tip whose access hash fits
    3. refuse   unknown, burnt, expired and malformed receipts alike

A malformed receipt is stretched like any other. Otherwise whoever tries numbers learns from
the clock which of them could be one, and a phone's search history would be worth trying.
"""

from dataclasses import dataclass
from datetime import date

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain import receipt
from mustshare_api.errors import Malformed, Unavailable, UnknownReceipt
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


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential after the work that any costs, whatever it opens."""

    access: bytes
    keys: ReceiptKeys | None
    is_malformed: bool


async def claim(bench: Workbench, credential: Credential) -> Claim:
    """The tip that a credential belongs to.

    Raises:
        UnknownReceipt: whatever is wrong with it.
        Unavailable: the same, while the clock is not believed.
        Busy: no slot to stretch it in.
    """
    claimed = await claim_of(bench, await present(bench, credential))
    if claimed is None:
        raise refused(bench)
    return claimed


def refused(bench: Workbench) -> UnknownReceipt | Unavailable:
    """What is said of a receipt that opens nothing: of each the same, on whatever day."""
    return Unavailable() if bench.calendar.leapt(_today(bench)) else UnknownReceipt()


async def present(bench: Workbench, credential: Credential) -> Presented:
    """Does the work of a credential.

    Raises:
        Busy: no slot to stretch it in.
    """
    if isinstance(credential, AccessToken):
        return Presented(credential.access, None, len(credential.access) != ACCESS_BYTES)
    keys = await stretched(bench, credential)
    return Presented(keys.access, keys, is_malformed(credential))


async def claim_of(bench: Workbench, presented: Presented) -> Claim | None:
    """The tip that it belongs to; None for any that opens nothing."""
    tip = await bench.tips.find(receipts.access_hash(presented.access), _today(bench))
    if tip is None or tip.bundle_hash is None or presented.is_malformed:
        return None
    return Claim(tip, presented.access, presented.keys, tip.bundle_hash)


def _today(bench: Workbench) -> date:
    return bangkok_day(bench.clock.now())


async def stretched(bench: Workbench, credential: TypedReceipt) -> ReceiptKeys:
    """The keys of what was typed; for what is no receipt, keys that cost as much.

    Raises:
        Busy: no slot to stretch it in.
    """
    try:
        digits = receipt.normalise(credential.typed)
    except Malformed:
        digits = receipt.from_number(0)
    return await bench.stretcher.stretch(digits, bench.directory.deployment_id)


def is_malformed(credential: TypedReceipt) -> bool:
    """Whether what was typed is no receipt."""
    try:
        receipt.normalise(credential.typed)
    except Malformed:
        return True
    return False
