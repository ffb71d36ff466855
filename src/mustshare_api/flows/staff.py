"""What staff tools ask for: what there is, its octets, and to put an answer beside it.

    admit      1. signature holds for a key of the directory in force  2. its nonce is spent
    index      ids, days, sizes and digests, in the order of random ids
    answer     addressed to the bundle in force, sealed to the reporter and to all staff
    attach     the same for a file, which waits for the follow-up that names it

What is sealed to a bundle that was rotated away is refused as just that, so that the tool seals
it anew; what had arrived before is known for the same. The server checks what it can see of an
answer; that an officer wrote it, the reporter's side checks by the signature inside.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import requests
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.envelope import HEAD_LIMIT, Head, Kind, parse_envelope, parse_head
from mustshare_api.crypto.receipts import bundle_hash, parse_bundle
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import Malformed, NotFound, Unsigned, WrongMoment
from mustshare_api.flows import admission
from mustshare_api.flows.attach import park, sealed_limit
from mustshare_api.flows.chains import links_of
from mustshare_api.flows.recording import (
    addition,
    attachment_row,
    check_recorded,
    message_row,
)
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Addition, NewEnvelope

NONCE_KEPT = timedelta(minutes=5)
"""Longer than the 60 s either way for which a signature is taken."""

OUT_OF_DATE = ("directory.expired", "directory.not_yet")


async def admit(
    bench: Workbench,
    method: str,
    authority: str,
    target: tuple[str, str],
    headers: Mapping[str, str],
) -> Entry:
    """Who signed a request. `target` is its path and its query.

    Raises:
        Unsigned: nobody whom the directory in force names, or the request was seen before.
    """
    now = bench.clock.now()
    verified = requests.verify(
        method,
        authority,
        *target,
        headers,
        now=int(now.timestamp()),
        public_key_of=lambda keyid: _public_key(bench, keyid),
    )
    spent = hashlib.sha256(f"{verified.keyid}\0{verified.nonce}".encode()).digest()
    if not await bench.nonces.spend(spent, now + NONCE_KEPT):
        raise Unsigned("signature.replayed")
    entry = bench.directory.staff_key(bytes.fromhex(verified.keyid))
    if entry is None:
        raise Unsigned("signature.unknown_key")
    return entry


def _public_key(bench: Workbench, keyid: str) -> bytes | None:
    try:
        entry = bench.directory.staff_key(bytes.fromhex(keyid))
    except ValueError:
        return None
    return entry.public_key if entry else None


async def answer(bench: Workbench, tip_id: bytes, octets: bytes) -> Outcome:
    """Records a follow-up from staff.

    Raises:
        Malformed, NotFound, WrongMoment, TooLarge: see the classes.
    """
    head = parse_envelope(octets).head
    today = bangkok_day(bench.clock.now())
    row = message_row(octets, today, hashlib.sha256(octets).digest())
    adding = _adding(bench, head, bench.limits.follow_ups_per_tip)
    if await _came_before(bench, head, tip_id, row, adding):
        return Outcome.SAME
    await _check_from_staff(bench, head, Kind.FOLLOW_UP_FROM_STAFF, tip_id, len(octets))
    outcome = await bench.envelopes.record_message(row, adding)
    check_recorded(outcome, from_staff=True)
    return outcome


async def publish(bench: Workbench, octets: bytes) -> None:
    """Puts a directory in force, if its root signatures hold and it is newer.

    Raises:
        Malformed, CannotOpen, WrongMoment: it may not.
    """
    try:
        outcome = await bench.directory.accept(octets)
    except WrongMoment as refused:
        # As a state of the service the same words mean that it takes no tips.
        if refused.code in OUT_OF_DATE:
            raise WrongMoment("directory.out_of_date") from None
        raise
    if outcome not in (Outcome.RECORDED, Outcome.SAME):
        raise WrongMoment("directory.rolled_back")


async def attach(
    bench: Workbench,
    ids: tuple[bytes, bytes, bytes],
    body: AsyncIterator[bytes],
) -> Outcome:
    """Records a file from staff. `ids`: of the tip, the file, and the follow-up naming it.

    Raises:
        Malformed, NotFound, WrongMoment, TooLarge, Busy: see the classes.
    """
    tip_id, object_id, follow_up_id = ids
    with bench.parking.park() as parked:
        digest = await park(parked, body, sealed_limit(bench))
        head = parse_head(parked.head(HEAD_LIMIT))
        size = parked.size_bytes
        today = bangkok_day(bench.clock.now())
        row = attachment_row(head, today, digest, follow_up_id)
        adding = _adding(bench, head, bench.limits.attachments_per_tip)
        if head.prefix.object_id != object_id:
            raise Malformed("envelope.wrong_id")
        if await _came_before(bench, head, tip_id, row, adding):
            return Outcome.SAME
        await _check_from_staff(bench, head, Kind.ATTACHMENT_FROM_STAFF, tip_id, size)
        outcome = await bench.envelopes.record_attachment(
            row, parked.chunks(head.length), adding
        )
    check_recorded(outcome, from_staff=True)
    return outcome


def _adding(bench: Workbench, head: Head, limit_objects: int) -> Addition:
    """Staff's addition holds only while the tip has the bundle that it is sealed to."""
    adding = addition(bench, None, limit_objects)
    return replace(adding, bundle_hash=head.prefix.bundle_hash)


async def _came_before(
    bench: Workbench, head: Head, tip_id: bytes, row: NewEnvelope, adding: Addition
) -> bool:
    """Whether it is sealed to an earlier bundle of this tip, and was recorded then.

    Raises:
        WrongMoment: it is sealed to one, and never arrived: nobody could open it now.
    """
    earlier = {bundle_hash(link.bundle) for link in await links_of(bench, tip_id)}
    if head.prefix.tip_id != tip_id or head.prefix.bundle_hash not in earlier:
        return False
    if await bench.envelopes.foreseen(row, adding) is not Outcome.SAME:
        raise WrongMoment("tip.rotated")
    return True


async def _check_from_staff(
    bench: Workbench, head: Head, kind: Kind, tip_id: bytes, octets: int
) -> None:
    tip = await bench.tips.get(tip_id)
    if tip is None or tip.bundle is None or tip.bundle_hash is None:
        raise NotFound("tip.not_found")
    admission.check_addressed(head, kind, tip.tip_id, tip.bundle_hash)
    reporter = frozenset({kid_of(parse_bundle(tip.bundle).reply_key)})
    admission.check_recipients(
        head, [kids | reporter for kids in bench.directory.accepted_kids()]
    )
    admission.check_size(head, octets)
