"""Takes a file onto a tip, in either of two ways, in bounded memory.

    Thin front end: the picture as it is            Client-sealed
    1. claim    the tip, before a byte is read      1. claim
    2. park     into anonymous memory, hashed       2. park
    3. strip    in another process                  3. check   kind, tip, recipients, size
    4. seal     what came out, chunk by chunk       4. record  as below
    5. notice   a message that names it by hash
    6. record   chunks and notice in one transaction

The id comes from the front end, so that a retry is the same file. What was sent is
remembered as a hash keyed by the receipt: another picture under the same id is refused, and
nobody without the receipt can test a picture against it.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import (
    HEAD_LIMIT,
    MAGIC,
    SERVER_SEALED,
    Head,
    Kind,
    Prefix,
    parse_head,
    payload_bytes_for,
)
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain.message import AttachmentName, AttachmentNotice, encode_message
from mustshare_api.errors import Malformed, TooLarge
from mustshare_api.flows import admission
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.parking import Parked, chunks_of
from mustshare_api.flows.recording import (
    addition,
    attachment_row,
    check_recorded,
    instant,
    message_row,
    new_id,
)
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripped
from mustshare_api.store.envelopes import NewEnvelope


@dataclass(frozen=True, slots=True)
class Attached:
    """What the reporter is told of a picture: what it is now, and what kinds were removed."""

    media_type: str
    width: int
    height: int
    removed: tuple[str, ...]


async def attach(
    bench: Workbench, claimed: Claim, object_id: bytes, body: AsyncIterator[bytes]
) -> Attached | None:
    """Takes an attachment; None when it came sealed, since nothing is known of it then.

    Raises:
        Malformed, Unsupported, TooLarge: it cannot be taken, or not made safe.
        WrongMoment: the id already holds another file.
        Busy, Unavailable, UnknownReceipt: see their classes.
    """
    with bench.parking.park() as parked:
        digest = await park(parked, body, sealed_limit(bench))
        if parked.head(len(MAGIC)) == MAGIC:
            await _record_sealed(bench, claimed, object_id, parked, digest)
            return None
        if claimed.keys is None:
            raise Malformed("attachment.not_sealed")
        if parked.size_bytes > bench.limits.attachment_bytes:
            raise TooLarge("attachment.too_large")
        stripped = await bench.stripper.strip(parked.fd, parked.size_bytes)
        try:
            await _seal(bench, claimed, claimed.keys, object_id, stripped, digest)
        finally:
            os.close(stripped.fd)
    return Attached(stripped.media_type, stripped.width, stripped.height, stripped.removed)


def sealed_limit(bench: Workbench) -> int:
    """How long the longest file may be once it is padded and sealed."""
    content_bytes = bench.limits.attachment_bytes
    return HEAD_LIMIT + payload_bytes_for(Kind.ATTACHMENT_FROM_REPORTER, content_bytes)


async def park(parked: Parked, body: AsyncIterator[bytes], limit_bytes: int) -> bytes:
    """Takes a body into anonymous memory; returns its SHA-256.

    Raises:
        TooLarge: over the limit, told as soon as it is.
        Malformed: nothing came.
        Busy: no memory left for uploads.
    """
    digest = hashlib.sha256()
    async for octets in body:
        if parked.size_bytes + len(octets) > limit_bytes:
            raise TooLarge("attachment.too_large")
        parked.write(octets)
        digest.update(octets)
    if not parked.size_bytes:
        raise Malformed("attachment.empty")
    return digest.digest()


async def _record_sealed(
    bench: Workbench, claimed: Claim, object_id: bytes, parked: Parked, digest: bytes
) -> None:
    head = parse_head(parked.head(HEAD_LIMIT))
    tip = claimed.tip
    admission.check_addressed(
        head, Kind.ATTACHMENT_FROM_REPORTER, tip.tip_id, claimed.bundle_hash
    )
    if head.prefix.object_id != object_id:
        raise Malformed("envelope.wrong_id")
    admission.check_recipients(head, bench.directory.accepted_kids())
    admission.check_size(head, parked.size_bytes)
    fingerprint = receipts.fingerprint(claimed.access, digest)
    await _record(bench, claimed, head, parked, fingerprint, notice=None)


async def _seal(  # noqa: PLR0913, PLR0917 - all of it is one picture's
    bench: Workbench,
    claimed: Claim,
    keys: ReceiptKeys,
    object_id: bytes,
    stripped: Stripped,
    original: bytes,
) -> None:
    recipients = [entry.public_key for entry in bench.directory.recipients()]
    prefix = _prefix(Kind.ATTACHMENT_FROM_REPORTER, claimed, object_id)
    sealer = sealing.AttachmentSealer(prefix, recipients, stripped.size_bytes)
    with bench.parking.park() as sealed:
        sealed.write(sealer.head)
        async for chunk in chunks_of(stripped.fd):
            sealed.write(sealer.update(chunk))
        sealed.write(sealer.finalize())

        name = AttachmentName(
            id=object_id.hex(),
            sha256=sealer.content_sha256.hex(),
            media_type=stripped.media_type,
            size_bytes=stripped.size_bytes,
            removed=list(stripped.removed),
            original_sha256=original.hex(),
        )
        notice = _notice(bench, claimed, keys, name, recipients)
        head = parse_head(sealer.head)
        fingerprint = receipts.fingerprint(claimed.access, original)
        await _record(bench, claimed, head, sealed, fingerprint, notice)


def _notice(
    bench: Workbench,
    claimed: Claim,
    keys: ReceiptKeys,
    name: AttachmentName,
    recipients: list[bytes],
) -> NewEnvelope:
    now = bench.clock.now()
    message = encode_message(AttachmentNotice(sent_at=instant(now), attachments=[name]))
    prefix = _prefix(Kind.FOLLOW_UP_FROM_REPORTER, claimed, new_id())
    octets = sealing.seal_message(prefix, recipients, message, keys.sign)
    fingerprint = receipts.fingerprint(claimed.access, hashlib.sha256(message).digest())
    return message_row(octets, bangkok_day(now), fingerprint)


async def _record(  # noqa: PLR0913, PLR0917 - all of it is one attachment's
    bench: Workbench,
    claimed: Claim,
    head: Head,
    sealed: Parked,
    fingerprint: bytes,
    notice: NewEnvelope | None,
) -> None:
    today = bangkok_day(bench.clock.now())
    access_hash = receipts.access_hash(claimed.access)
    limits = bench.limits
    outcome = await bench.envelopes.record_attachment(
        attachment_row(head, today, fingerprint),
        sealed.chunks(head.length),
        addition(bench, access_hash, limits.attachments_per_tip),
        notice=(notice, addition(bench, access_hash, limits.follow_ups_per_tip))
        if notice
        else None,
    )
    check_recorded(outcome)


def _prefix(kind: Kind, claimed: Claim, object_id: bytes) -> Prefix:
    return Prefix(
        kind=kind,
        flags=SERVER_SEALED,
        tip_id=claimed.tip.tip_id,
        object_id=object_id,
        bundle_hash=claimed.bundle_hash,
    )
