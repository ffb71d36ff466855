"""Changes which keys an object is sealed to, without being able to open it.

    hold      what the requester does not hold is not there
    again     it is so already: a retry after a lost answer, told as a success
    match     it must be what the requester saw, or somebody else's change would be undone
    read      the stanzas, or the whole object, as strictly as anything that comes in
    check     keys that were on it or are in force; one of an officer's stays; the reporter's
              stays, on what is addressed to the reporter
    replace   compare and swap in the store, in one transaction

The server cannot tell whether a stanza opens. It sees to it that no stranger's key is put in
and that an object is never left without a reader. Wrapping anew takes a key away from whoever
has not read yet; sealing anew, under a new content key, takes it away from whoever kept the old
one. So in the second no stanza of before may be left: it would open nothing.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.envelope import HEAD_LIMIT, Head, parse_detached_head, parse_head
from mustshare_api.crypto.receipts import parse_bundle
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import Malformed, NotFound, WrongMoment
from mustshare_api.flows.attach import park, sealed_limit
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import EnvelopeHead, Replacement

STANZAS_LIMIT = HEAD_LIMIT
"""A block of the most stanzas, and the prefix that does not come with it."""


async def held(bench: Workbench, by: Admitted, object_id: bytes) -> EnvelopeHead:
    """The head of an object that is there for whoever asks.

    Raises:
        NotFound: there is none, or it is not theirs. Nothing tells which.
    """
    row = await bench.envelopes.head(object_id)
    if row is None or not bench.directory.reach_of(by.entry).holds(row.stanzas):
        raise NotFound("object.not_found")
    return row


async def wrap_anew(
    bench: Workbench, by: Admitted, object_id: bytes, seen: bytes, stanzas: bytes
) -> None:
    """Puts other stanzas on an object. `seen` is the digest of what they were made for.

    Raises:
        NotFound, WrongMoment, Malformed, Unavailable: see the steps above.
    """
    row = await held(bench, by, object_id)
    head = parse_detached_head(row.prefix + stanzas)
    replacement = _replacement(bench, by, row, head, seen)
    if replacement.becomes == row.digest:
        return
    _check_seen(row, seen)
    await _check_recipients(bench, row, head, keeps_content_key=True)
    _check_replaced(await bench.envelopes.replace_stanzas(replacement))


async def seal_anew(
    bench: Workbench,
    by: Admitted,
    object_id: bytes,
    seen: bytes,
    body: AsyncIterator[bytes],
) -> None:
    """Puts an object in the place of the one that has its prefix, sealed under another key.

    Raises:
        NotFound, WrongMoment, Malformed, TooLarge, Busy, Unavailable: see the steps above.
    """
    with bench.parking.park() as parked:
        # The whole body first: only at its end is it known to be the one that was signed.
        await park(parked, body, sealed_limit(bench))
        row = await held(bench, by, object_id)
        head = parse_head(parked.head(HEAD_LIMIT))
        if head.prefix_octets != row.prefix:
            raise Malformed("envelope.wrong_id")
        payload = partial(parked.chunks, head.length)
        replacement = replace(_replacement(bench, by, row, head, seen), payload=payload)
        if replacement.becomes == row.digest:
            return
        _check_seen(row, seen)
        if parked.size_bytes - head.length != row.payload_bytes:
            raise Malformed("object.wrong_size")
        await _check_recipients(bench, row, head, keeps_content_key=False)
        _check_replaced(await bench.envelopes.replace_object(replacement))


def _replacement(
    bench: Workbench, by: Admitted, row: EnvelopeHead, head: Head, seen: bytes
) -> Replacement:
    return Replacement(
        object_id=row.object_id,
        tip_id=row.tip_id,
        was=seen,
        becomes=hashlib.sha256(head.octets).digest(),
        stanzas=head.stanza_octets,
        today=bangkok_day(bench.clock.now()),
        leaf=by.leaf,
    )


def _check_seen(row: EnvelopeHead, seen: bytes) -> None:
    if row.digest != seen:
        raise WrongMoment("object.changed")


async def _check_recipients(
    bench: Workbench, row: EnvelopeHead, head: Head, *, keeps_content_key: bool
) -> None:
    before = parse_detached_head(row.octets)
    kept = {stanza.kid: stanza for stanza in before.stanzas}
    changed = [stanza for stanza in head.stanzas if kept.get(stanza.kid) != stanza]
    reporter = await _reporter_kid(bench, row)
    allowed = before.kids | bench.directory.shareable_kids()
    stays = reporter is None or (
        reporter in head.kids
        and not (keeps_content_key and reporter in {stanza.kid for stanza in changed})
    )
    fits = keeps_content_key or len(changed) == len(head.stanzas)
    if not (
        stays and fits and head.kids <= allowed and bench.directory.is_read_by_staff(head.kids)
    ):
        raise WrongMoment("object.wrong_recipients")


async def _reporter_kid(bench: Workbench, row: EnvelopeHead) -> bytes | None:
    """The reporter's own key, where the object is addressed to them.

    Raises:
        NotFound: the tip has gone meanwhile.
    """
    tip = await bench.tips.get(row.tip_id)
    if tip is None or tip.bundle is None:
        raise NotFound("object.not_found")
    is_from_staff = parse_head(row.octets).prefix.kind.is_from_staff
    return kid_of(parse_bundle(tip.bundle).reply_key) if is_from_staff else None


def _check_replaced(outcome: Outcome) -> None:
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("object.changed")
    if outcome is Outcome.GONE:
        raise NotFound("object.not_found")
