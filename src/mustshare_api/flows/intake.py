"""Takes a tip in, in either of two ways.

    Server-sealed                                   Client-sealed
    1. ready    whom to seal to, or refuse now      1. parse   structure, tip, recipients, size
    2. receipt  theirs, or one made for them        2. record  as below
    3. stretch  the receipt into keys, bounded      3. answer  no receipt: theirs never came
    4. seal     from here only the envelope goes on
    5. record   envelope and access hash in one statement, durable, or neither
    6. answer   the receipt leaves once

A retry under the same receipt finds the tip again and gets the same answer. The same receipt
with other words does not: that answer would acknowledge words that nobody keeps.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import SERVER_SEALED, Kind, Prefix, parse_envelope
from mustshare_api.domain import receipt
from mustshare_api.domain.about import About
from mustshare_api.domain.lanes import Errand
from mustshare_api.domain.message import TipBody, encode_message
from mustshare_api.errors import Malformed, WrongMoment
from mustshare_api.flows import admission
from mustshare_api.flows.campaigns import check_about
from mustshare_api.flows.recording import content_digest, message_row, new_id
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.tips import NewTip


@dataclass(frozen=True, slots=True)
class Taken:
    """What the reporter is told. `digits` only when the receipt was made here."""

    received_on: date
    digits: str | None


async def take_tip(
    bench: Workbench,
    body: TipBody,
    *,
    typed_receipt: str | None,
    retry_key: str | None,
    about: About | None = None,
) -> Taken:
    """Seals and records a tip that came in clear over the door.

    `retry_key` is the front end's Idempotency-Key: with it a receipt made here is the same
    one at the next try. `about` is what may stand in clear beside the tip.

    Raises:
        Malformed: the receipt is not one.
        TooLarge: text and answers together are longer than a message may be.
        WrongMoment: the receipt already belongs to another tip.
        Busy, Unavailable: see their classes.
    """
    recipients = [entry.public_key for entry in bench.directory.recipients()]
    content, told = encode_message(body), content_digest(body)
    admission.check_content(content)
    digits = await _digits(bench, typed_receipt, retry_key, told)
    keys = await bench.stretcher.stretch(digits, bench.directory.deployment_id, Errand.TIP)

    prefix = Prefix(
        kind=Kind.TIP,
        flags=SERVER_SEALED,
        tip_id=new_id(),
        object_id=new_id(),
        bundle_hash=receipts.bundle_hash(keys.bundle),
    )
    octets = sealing.seal_message(prefix, recipients, content, keys.sign)
    fingerprint = receipts.fingerprint(keys.access, told)

    access_hash = receipts.access_hash(keys.access)
    opening = _Opening(access_hash, keys.bundle, fingerprint, about)
    received_on = await _record(bench, octets, opening)
    return Taken(received_on, None if typed_receipt is not None else digits)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What a tip is recorded under, beside its envelope."""

    access_hash: bytes
    bundle: bytes
    fingerprint: bytes
    about: About | None


async def take_sealed_tip(
    bench: Workbench,
    access_hash: bytes,
    bundle: bytes,
    octets: bytes,
    about: About | None = None,
) -> Taken:
    """Records a tip that the front end sealed.

    Raises:
        Malformed: the object is not what it must be, by its structure; `about.unknown`.
        WrongMoment: the access hash already belongs to another tip.
        Busy: no room in the line of those who begin something.
        Unavailable: no directory in force.
    """
    async with bench.beginnings.turn(Errand.TIP):
        if about is not None:
            await check_about(bench, about)
        return await _take_sealed(bench, access_hash, bundle, octets, about)


async def _take_sealed(
    bench: Workbench, access_hash: bytes, bundle: bytes, octets: bytes, about: About | None
) -> Taken:
    head = parse_envelope(octets).head
    admission.check_addressed(head, Kind.TIP, head.prefix.tip_id, receipts.bundle_hash(bundle))
    receipts.parse_bundle(bundle)

    fingerprint = receipts.fingerprint(access_hash, hashlib.sha256(octets).digest())
    try:
        admission.check_recipients(head, bench.directory.accepted_kids())
    except Malformed:
        # A retry may come after the keys of the week have changed.
        today = bangkok_day(bench.clock.now())
        if recorded_on := await bench.tips.recorded_on(access_hash, fingerprint, today):
            return Taken(recorded_on, None)
        raise
    opening = _Opening(access_hash, bundle, fingerprint, about)
    return Taken(await _record(bench, octets, opening), None)


async def _record(bench: Workbench, octets: bytes, under: _Opening) -> date:
    today = bangkok_day(bench.clock.now())
    envelope = message_row(octets, today, under.fingerprint)
    tip = NewTip(
        tip_id=envelope.tip_id,
        access_hash=under.access_hash,
        bundle=under.bundle,
        bundle_hash=receipts.bundle_hash(under.bundle),
        fingerprint=under.fingerprint,
        received_on=today,
        about=under.about,
    )
    outcome = await bench.tips.record(tip, envelope)
    if outcome is not Outcome.RECORDED and not await bench.tips.find(under.access_hash, today):
        # A tip past its day lies there until it is swept. Refusing for its sake would tell
        # whoever finds a receipt that a tip was once made with it.
        await bench.calendar.check(today)
        await bench.tips.expire(today)
        outcome = await bench.tips.record(tip, envelope)
    if outcome is Outcome.RECORDED:
        return today
    # A retry after midnight must still get the first answer, to the byte.
    if outcome is Outcome.SAME and (found := await bench.tips.find(under.access_hash, today)):
        return found.received_on
    raise WrongMoment("receipt.in_use")


async def _digits(
    bench: Workbench, typed_receipt: str | None, retry_key: str | None, told: bytes
) -> str:
    if typed_receipt is not None:
        return receipt.normalise(typed_receipt)
    if retry_key is None:
        return receipt.mint()
    context = hashlib.sha256(retry_key.encode()).digest() + told
    return receipt.from_number(receipts.digits_from(await bench.mint.key(), context))
