"""Exchanges a receipt for a new one: the old one may have been seen, or written down badly.

    Thin                                          Sealed
    1. stretch  the old receipt, whatever it is   1. read    the new bundle
    2. stretch  the new one, theirs or minted     2. find    the tip of the old access
    3. find     the tip of the old access         3. check   notice and acceptance
    4. re-wrap  what waits, to the new key        4. swap    as below
    5. swap     access hash, bundle and stanzas, in one transaction; where an answer of staff
                came in between, again from 3

An old receipt that opens nothing gets the answer of every such one, after the same two
stretches. Unless the new one is in force and this very rotation put it there: then it was done
and its answer lost, and the same answer is given again.

A receipt that the server mints needs the front end's Idempotency-Key. Without one, a lost
answer would leave a tip whose only receipt nobody has.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts, reply_box, rotation
from mustshare_api.crypto.envelope import Stanza
from mustshare_api.crypto.receipts import Bundle, ReceiptKeys, parse_bundle
from mustshare_api.crypto.rotation import Link
from mustshare_api.crypto.suite import kid_of
from mustshare_api.domain import receipt
from mustshare_api.errors import Busy, Malformed, UnknownReceipt, WrongMoment
from mustshare_api.flows.chains import links_of, standing
from mustshare_api.flows.credentials import (
    AccessToken,
    Claim,
    Presented,
    TypedReceipt,
    claim_of,
    is_malformed,
    present,
    refused,
    stretched,
)
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rotations import NewRotation, RotationRow

ROTATIONS_PER_TIP: Final = 100
"""Weekly for two years. Staff fetch all links of a tip, so there must be an end to them."""

_TRIES: Final = 5
"""Staff answer one tip a few times a day at most, and the gap is a few milliseconds."""

_RETRY_CONTEXT: Final = b"rotation"


@dataclass(frozen=True, slots=True)
class SealedRotation:
    """What a front end that derives for itself says of the new receipt.

    `stanzas` has the new one for each object that waits, by its id.
    """

    access_hash: bytes
    bundle: bytes
    notice: bytes
    acceptance: bytes
    stanzas: Mapping[bytes, Stanza]


@dataclass(frozen=True, slots=True)
class _New:
    """The next receipt, as far as this rotation knows it."""

    access_hash: bytes
    bundle: bytes
    fingerprint: bytes

    @classmethod
    def of(cls, old_access: bytes, access_hash: bytes, bundle: bytes) -> "_New":
        # The old access is stored nowhere afterwards; its keyed digest tells a retry by whoever
        # had it from anybody else.
        said = hashlib.sha256(access_hash + bundle).digest()
        return cls(access_hash, bundle, receipts.fingerprint(old_access, said))


async def rotate(
    bench: Workbench, old: TypedReceipt, new_typed: str | None, retry_key: str | None
) -> str | None:
    """Exchanges a typed receipt; returns the digits of the new one where it was minted here.

    Raises:
        Malformed: the new receipt is not one, or neither it nor a retry key was given.
        UnknownReceipt: the old one opens nothing.
        WrongMoment: the new one is in use, or this tip was rotated too often.
        Busy: no slot to stretch in, or staff wrote faster than this could look.
    """
    if new_typed is None and retry_key is None:
        raise Malformed("receipt.new_missing")
    given = receipt.normalise(new_typed) if new_typed is not None else None
    keys = await stretched(bench, old)
    presented = Presented(keys.access, keys, is_malformed(old))
    digits = given or await _minted(bench, keys.access, retry_key or "")
    new_keys = await bench.stretcher.stretch(digits, bench.directory.deployment_id)
    access_hash = receipts.access_hash(new_keys.access)
    new = _New.of(keys.access, access_hash, new_keys.bundle)
    await _settle(bench, presented, new, (keys, new_keys))
    return None if given else digits


async def rotate_sealed(bench: Workbench, old: AccessToken, asked: SealedRotation) -> None:
    """Exchanges a receipt whose front end derives, signs and re-wraps for itself.

    Raises:
        Malformed: the bundle is none, or a stanza is for another key.
        CannotOpen: a signature does not hold.
        UnknownReceipt: the old access opens nothing.
        WrongMoment: other objects wait than were re-wrapped, the new keys are in use, or this
            tip was rotated too often.
    """
    new_kid = kid_of(parse_bundle(asked.bundle).reply_key)
    if any(stanza.kid != new_kid for stanza in asked.stanzas.values()):
        raise Malformed("envelope.wrong_recipients")
    presented = await present(bench, old)
    new = _New.of(presented.access, asked.access_hash, asked.bundle)
    claimed = await _claim_or_done(bench, presented, new)
    if claimed is None:
        return
    left = Link(_bundle(claimed), asked.notice, asked.acceptance)
    number = claimed.tip.rotations + 1
    rotation.check_link(claimed.tip.tip_id, number, left, asked.bundle)
    stanzas = {i: stanza.encode() for i, stanza in asked.stanzas.items()}
    if not await _swap(bench, claimed, new, left, stanzas):
        raise WrongMoment("receipt.follow_ups_changed")


async def _minted(bench: Workbench, old_access: bytes, retry_key: str) -> str:
    """The same digits at each retry: from the key, and from what is exchanged."""
    told = hashlib.sha256(_RETRY_CONTEXT + old_access).digest()
    context = hashlib.sha256(retry_key.encode()).digest() + told
    return receipt.from_number(receipts.digits_from(await bench.mint.key(), context))


async def _settle(
    bench: Workbench, presented: Presented, new: _New, keys: tuple[ReceiptKeys, ReceiptKeys]
) -> None:
    for _ in range(_TRIES):
        claimed = await _claim_or_done(bench, presented, new)
        if claimed is None:
            return
        stanzas = await _rewrapped(bench, claimed, *keys)
        if await _swap(bench, claimed, new, _signed(claimed, *keys), stanzas):
            return
    raise Busy("receipt.busy")


async def _claim_or_done(bench: Workbench, presented: Presented, new: _New) -> Claim | None:
    """The tip of the old receipt; None when this rotation was done before.

    Raises:
        UnknownReceipt: neither.
    """
    claimed = await claim_of(bench, presented)
    if claimed is not None:
        return claimed
    today = bangkok_day(bench.clock.now())
    done = await bench.tips.recorded_on(new.access_hash, new.fingerprint, today)
    if done is None or presented.is_malformed:
        raise refused(bench)
    return None


def _signed(claimed: Claim, keys: ReceiptKeys, new_keys: ReceiptKeys) -> Link:
    octets = rotation.notice_octets(
        claimed.tip.tip_id, claimed.tip.rotations + 1, claimed.bundle_hash, new_keys.bundle
    )
    return Link(_bundle(claimed), keys.sign(octets), new_keys.sign(octets))


async def _rewrapped(
    bench: Workbench, claimed: Claim, keys: ReceiptKeys, new_keys: ReceiptKeys
) -> dict[bytes, bytes]:
    reply_key = parse_bundle(new_keys.bundle).reply_key
    stanzas: dict[bytes, bytes] = {}
    for head in (await standing(bench, claimed)).held:
        stanza = reply_box.rewrapped(head, keys.reply_seed, reply_key)
        stanzas[head.prefix.object_id] = stanza.encode()
        await asyncio.sleep(0)  # hundreds of them would hold everybody else up
    return stanzas


async def _swap(
    bench: Workbench, claimed: Claim, new: _New, left: Link, stanzas: Mapping[bytes, bytes]
) -> bool:
    """Whether it was done; not where other objects wait by now.

    Raises:
        WrongMoment: the new keys are in use, or this tip was rotated too often.
        UnknownReceipt: the old receipt was rotated or withdrawn meanwhile.
    """
    await _check_new(bench, claimed, new)
    outcome = await _recorded(bench, claimed, new, left, stanzas)
    today = bangkok_day(bench.clock.now())
    if outcome is Outcome.DIFFERENT and not await bench.tips.find(new.access_hash, today):
        # As for a new tip: one past its day holds its receipt until it is swept.
        await bench.calendar.check(today)
        await bench.tips.expire(today)
        outcome = await _recorded(bench, claimed, new, left, stanzas)
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("receipt.not_new")
    if outcome is Outcome.GONE:
        raise UnknownReceipt
    return outcome is not Outcome.CHANGED


async def _check_new(bench: Workbench, claimed: Claim, new: _New) -> None:
    links = await links_of(bench, claimed.tip.tip_id)
    if new.bundle in (_bundle(claimed), *(link.bundle for link in links)):
        raise WrongMoment("receipt.not_new")
    if len(links) >= ROTATIONS_PER_TIP:
        raise WrongMoment("receipt.rotated_often")


async def _recorded(
    bench: Workbench, claimed: Claim, new: _New, left: Link, stanzas: Mapping[bytes, bytes]
) -> Outcome:
    return await bench.rotations.rotate(
        NewRotation(
            tip_id=claimed.tip.tip_id,
            number=claimed.tip.rotations + 1,
            left=RotationRow(left.bundle, left.notice, left.acceptance),
            old_access_hash=receipts.access_hash(claimed.access),
            access_hash=new.access_hash,
            bundle=new.bundle,
            bundle_hash=receipts.bundle_hash(new.bundle),
            fingerprint=new.fingerprint,
            kids=(
                kid_of(_parsed(claimed).reply_key),
                kid_of(parse_bundle(new.bundle).reply_key),
            ),
            stanzas=stanzas,
        ),
        bangkok_day(bench.clock.now()),
    )


def _bundle(claimed: Claim) -> bytes:
    return claimed.tip.bundle or b""


def _parsed(claimed: Claim) -> Bundle:
    return parse_bundle(_bundle(claimed))
