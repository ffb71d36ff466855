"""Whose requests are taken at the staff door, and how an answer is put on a tip.

    admit      1. signature holds for a key of the directory in force  2. its nonce is spent
                3. a newer directory in the store is taken up  4. the key still is in force
                5. a request that does something has its event signed as well
    answer     by an officer who holds what the reporter said first; addressed to
                the bundle in force, sealed to the reporter and to all staff
    attach     the same for a file, which waits for the follow-up that names it

What is sealed to a bundle that was rotated away is refused as just that, so that the tool seals
it anew; what had arrived before is known for the same. The server checks what it can see of an
answer; that an officer wrote it, the reporter's side checks by the signature inside.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import requests
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.envelope import HEAD_LIMIT, Head, Kind, parse_envelope, parse_head
from mustshare_api.crypto.receipts import bundle_hash, parse_bundle
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import Malformed, NotFound, Unsigned, WrongMoment
from mustshare_api.flows import admission, deeds
from mustshare_api.flows.attach import park, sealed_limit
from mustshare_api.flows.chains import links_of
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.flows.recording import (
    addition,
    attachment_row,
    check_recorded,
    message_row,
)
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Addition, NewEnvelope

NONCE_KEPT = timedelta(minutes=5)
"""Longer than the 60 s either way for which a signature is taken."""

RENEWAL = ("PUT", ("/v1/directory", ""))
"""The one request that is taken by an expired directory: the one that replaces it."""

OUT_OF_DATE = ("directory.expired", "directory.not_yet")


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whose request it is, and what the audit log remembers if it does something."""

    entry: Entry
    leaf: NewLeaf | None


async def admit(
    bench: Workbench,
    method: str,
    authority: str,
    target: tuple[str, str],
    headers: Mapping[str, str],
) -> Admitted:
    """Who signed a request. `target` is its path and its query; header names in small letters.

    Raises:
        Unsigned: nobody whom the directory in force names, or the request was seen before, or
            it would do something and its event is not signed.
        Unavailable: there is no directory in force.
        Malformed: `event.malformed`, no log could hold it.
    """
    now = bench.clock.now()
    # Somebody has to be able to hand in the directory that follows an expired one.
    finder = _Finder(bench.directory, also_expired=(method, target) == RENEWAL)
    verify = partial(
        requests.verify, method, authority, *target, headers, now=int(now.timestamp())
    )
    try:
        verified = verify(public_key_of=finder.public_key)
    except Unsigned as refused:
        unknown = refused.code == "signature.unknown_key"
        if not (unknown and await bench.directory.look_again()):
            raise
        verified = verify(public_key_of=finder.public_key)
    digest = hashlib.sha256(f"{verified.keyid}\0{verified.nonce}".encode()).digest()
    spent = await bench.nonces.spend(digest, now + NONCE_KEPT)
    if not spent.is_first:
        raise Unsigned("signature.replayed")
    await bench.directory.catch_up(spent.newest_serial)
    entry = finder.entry(verified.keyid)
    if entry is None:
        raise Unsigned("signature.unknown_key")
    leaf = deeds.of_request(verified, method, target, headers.get(deeds.HEADER), entry)
    return Admitted(entry, leaf)


@dataclass(frozen=True, slots=True)
class _Finder:
    """Looks requesters up, in what is in force at that moment."""

    directory: DirectoryKeeper
    also_expired: bool

    def entry(self, keyid: str) -> Entry | None:
        """Whose key this is, if anyone's."""
        try:
            kid = bytes.fromhex(keyid)
        except ValueError:
            return None
        return self.directory.staff_key(kid, also_expired=self.also_expired)

    def public_key(self, keyid: str) -> bytes | None:
        """The key itself."""
        entry = self.entry(keyid)
        return entry.public_key if entry else None


async def answer(
    bench: Workbench, by: Admitted, tip_id: bytes, octets: bytes, read: bytes | None
) -> Outcome:
    """Records a follow-up from staff. `read` is the hash over what its officer has read.

    Raises:
        Malformed, NotFound, WrongMoment, TooLarge: see the classes.
    """
    head = parse_envelope(octets).head
    await check_held(bench, by, tip_id)
    today = bangkok_day(bench.clock.now())
    row = message_row(octets, today, hashlib.sha256(octets).digest())
    adding = replace(adding_of(bench, by, head, bench.limits.follow_ups_per_tip), read=read)
    if await _came_before(bench, head, tip_id, row, adding):
        return Outcome.SAME
    await check_from_staff(bench, head, Kind.FOLLOW_UP_FROM_STAFF, tip_id, len(octets))
    outcome = await bench.envelopes.record_message(row, adding)
    check_recorded(outcome, from_staff=True)
    return outcome


async def publish(bench: Workbench, octets: bytes, leaf: NewLeaf | None) -> None:
    """Puts a directory in force, if its root signatures hold and it is newer.

    Raises:
        Malformed, CannotOpen, WrongMoment: it may not.
    """
    try:
        outcome = await bench.directory.accept(octets, leaf)
    except WrongMoment as refused:
        # As a state of the service the same words mean that it takes no tips.
        if refused.code in OUT_OF_DATE:
            raise WrongMoment("directory.out_of_date") from None
        raise
    if outcome not in (Outcome.RECORDED, Outcome.SAME):
        raise WrongMoment("directory.rolled_back")


async def attach(
    bench: Workbench,
    by: Admitted,
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
        await check_held(bench, by, tip_id)
        today = bangkok_day(bench.clock.now())
        row = attachment_row(head, today, digest, follow_up_id)
        adding = adding_of(bench, by, head, bench.limits.attachments_per_tip)
        if head.prefix.object_id != object_id:
            raise Malformed("envelope.wrong_id")
        if await _came_before(bench, head, tip_id, row, adding):
            return Outcome.SAME
        await check_from_staff(bench, head, Kind.ATTACHMENT_FROM_STAFF, tip_id, size)
        outcome = await bench.envelopes.record_attachment(
            row, parked.chunks(head.length), adding
        )
    check_recorded(outcome, from_staff=True)
    return outcome


async def check_held(bench: Workbench, by: Admitted, tip_id: bytes) -> None:
    """That the requester holds what the reporter said first.

    Raises:
        NotFound: `tip.not_found`, also where the tip is there for others.
    """
    if not await bench.envelopes.holds_tip(bench.directory.reach_of(by.entry), tip_id):
        raise NotFound("tip.not_found")


def adding_of(bench: Workbench, by: Admitted, head: Head, limit_objects: int) -> Addition:
    """Staff's addition holds only while the tip has the bundle that it is sealed to."""
    adding = addition(bench, None, limit_objects)
    return replace(adding, leaf=by.leaf, bundle_hash=head.prefix.bundle_hash)


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


async def check_from_staff(
    bench: Workbench, head: Head, kind: Kind, tip_id: bytes, octets: int
) -> None:
    """That an object for a reporter is sealed to the bundle in force and to all staff.

    Raises:
        NotFound: `tip.not_found`.
        Malformed: it is not.
    """
    tip = await bench.tips.get(tip_id)
    if tip is None or tip.bundle is None or tip.bundle_hash is None:
        raise NotFound("tip.not_found")
    admission.check_addressed(head, kind, tip.tip_id, tip.bundle_hash)
    reporter = frozenset({kid_of(parse_bundle(tip.bundle).reply_key)})
    admission.check_recipients(
        head, [kids | reporter for kids in bench.directory.accepted_kids()]
    )
    admission.check_size(head, octets)
