"""Takes a file onto a tip, in either of two ways, in bounded memory.

    Thin front end: the picture as it is            Client-sealed
    1. claim    the tip, before a byte is read      1. claim
    2. park     into anonymous memory, hashed       2. park
    3. picture  strip, seal, name (`pictures`)      3. check   kind, tip, recipients, size
    4. record   chunks and notice, one transaction  4. record  likewise

The id comes from the front end, so that a retry is the same file. What was sent is
remembered as a hash keyed by the receipt: another picture under the same id is refused, and
nobody without the receipt can test a picture against it.

Every way in ends here: a file sent at once, one sent in pieces, one from a form.
"""

import hashlib
from collections.abc import AsyncIterator

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import (
    HEAD_LIMIT,
    MAGIC,
    Kind,
    parse_head,
    payload_bytes_for,
)
from mustshare_api.domain.evidence import KEEP_NOTHING, Choice
from mustshare_api.errors import Malformed, TooLarge
from mustshare_api.flows import admission
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.holding import Pace
from mustshare_api.flows.parking import Parked
from mustshare_api.flows.pictures import Attached, Picture, take_picture
from mustshare_api.flows.recording import (
    addition,
    attachment_row,
    check_recorded,
    check_sealed_to_all,
)
from mustshare_api.flows.workbench import Workbench


async def attach(
    bench: Workbench,
    claimed: Claim,
    object_id: bytes,
    body: AsyncIterator[bytes],
    choice: Choice = KEEP_NOTHING,
) -> Attached | None:
    """Takes an attachment; None when it came sealed, since nothing is known of it then.

    Raises:
        Malformed, Unsupported, TooLarge: it cannot be taken, or not made safe.
        WrongMoment: the id already holds another file, or the same with another choice.
        Busy, Unavailable, UnknownReceipt: see their classes.
    """
    with bench.parking.park() as parked:
        digest = await park(parked, body, sealed_limit(bench))
        return await attach_parked(bench, claimed, Picture(object_id, parked, digest, choice))


async def attach_parked(bench: Workbench, claimed: Claim, picture: Picture) -> Attached | None:
    """The same for a file that is in anonymous memory already."""
    if picture.parked.head(len(MAGIC)) == MAGIC:
        await _record_sealed(bench, claimed, picture)
        return None
    if claimed.keys is None:
        raise Malformed("attachment.not_sealed")
    if picture.parked.size_bytes > bench.limits.attachment_bytes:
        raise TooLarge("attachment.too_large")
    return await take_picture(bench, claimed, claimed.keys, picture)


def sealed_limit(bench: Workbench) -> int:
    """How long the longest file may be once it is padded and sealed."""
    content_bytes = bench.limits.attachment_bytes
    return HEAD_LIMIT + payload_bytes_for(Kind.ATTACHMENT_FROM_REPORTER, content_bytes)


async def park(parked: Parked, body: AsyncIterator[bytes], limit_bytes: int) -> bytes:
    """Takes a body into anonymous memory; returns its SHA-256.

    Raises:
        TooLarge: over the limit, told as soon as it is.
        Malformed: nothing came.
        Busy: no memory left for uploads, or it came too slowly while others waited for some.
    """
    parked.pace, digest = Pace(), hashlib.sha256()
    async for octets in body:
        if parked.size_bytes + len(octets) > limit_bytes:
            raise TooLarge("attachment.too_large")
        parked.write(octets)
        digest.update(octets)
    parked.settle()
    if not parked.size_bytes:
        raise Malformed("attachment.empty")
    return digest.digest()


async def _record_sealed(bench: Workbench, claimed: Claim, picture: Picture) -> None:
    parked = picture.parked
    head = parse_head(parked.head(HEAD_LIMIT))
    admission.check_addressed(
        head, Kind.ATTACHMENT_FROM_REPORTER, claimed.tip.tip_id, claimed.bundle_hash
    )
    if head.prefix.object_id != picture.object_id:
        raise Malformed("envelope.wrong_id")
    admission.check_size(head, parked.size_bytes)
    fingerprint = receipts.fingerprint(claimed.access, picture.sha256)
    access_hash = receipts.access_hash(claimed.access)
    row = attachment_row(head, bangkok_day(bench.clock.now()), fingerprint)
    adding = addition(bench, access_hash, bench.limits.attachments_per_tip)
    await check_sealed_to_all(bench, head, row, adding)
    chunks = parked.chunks(head.length)
    check_recorded(await bench.envelopes.record_attachment(row, chunks, adding))
