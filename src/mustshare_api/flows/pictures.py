"""Seals a picture that a thin front end sent, and records it with the notice that names it.

    1. strip    in another process, which also reads what the reporter chose to keep
    2. seal     what came out, chunk by chunk, into anonymous memory
    3. original sealed likewise where the reporter chose so; else the sender's file ends here
    4. notice   a message that names both by hash, and says what was kept
    5. record   everything in one transaction, or nothing

No sealing happens inside the transaction: a slow machine would hold a tip's lock with it.
"""

import hashlib
import os
from collections.abc import AsyncIterator, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import SERVER_SEALED, Head, Kind, Prefix, parse_head
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain.evidence import Choice
from mustshare_api.domain.message import AttachmentName, AttachmentNotice, encode_message
from mustshare_api.flows import evidence
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.evidence import Kept
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
from mustshare_api.media.sniff import MEDIA_TYPES, SNIFF_BYTES, sniff
from mustshare_api.media.strip import Stripped
from mustshare_api.store.rows import Beside, NewEnvelope


@dataclass(frozen=True, slots=True)
class Attached:
    """What the reporter is told of a file: what it is, what was removed, what was kept."""

    media_type: str
    width: int
    height: int
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    pages: int | None = None
    duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came, and what is to become of it."""

    object_id: bytes
    parked: Parked
    sha256: bytes
    choice: Choice


@dataclass(frozen=True, slots=True)
class _Sealed:
    head: Head
    parked: Parked
    content_sha256: bytes


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every step of one picture needs."""

    bench: Workbench
    claimed: Claim
    keys: ReceiptKeys
    recipients: list[bytes]

    def prefix(self, kind: Kind, object_id: bytes) -> Prefix:
        """Where an object belongs; the server saw it in clear."""
        tip_id, bundle_hash = self.claimed.tip.tip_id, self.claimed.bundle_hash
        return Prefix(kind, SERVER_SEALED, tip_id, object_id, bundle_hash)


async def take_picture(
    bench: Workbench, claimed: Claim, keys: ReceiptKeys, picture: Picture
) -> Attached:
    """Strips, seals and records a picture.

    Raises:
        Unstrippable, Unsupported, TooLarge, WrongMoment, Busy, Unavailable, UnknownReceipt:
            see their classes.
    """
    recipients = [entry.public_key for entry in bench.directory.recipients()]
    desk = _Desk(bench, claimed, keys, recipients)
    with _stripped(
        await bench.stripper.strip(
            picture.parked.fd,
            picture.parked.size_bytes,
            keep=evidence.keep_of(picture.choice),
            first_frame=picture.choice.first_frame,
            sender=claimed.tip.tip_id,
        )
    ) as stripped:
        kept = evidence.kept_of(stripped.facts, picture.choice)
        await _seal_and_record(desk, picture, stripped, kept)
    return Attached(
        stripped.media_type,
        stripped.width,
        stripped.height,
        stripped.removed,
        kept.parts(picture.choice),
        stripped.pages,
        stripped.duration_s,
    )


@contextmanager
def _stripped(stripped: Stripped) -> Generator[Stripped]:
    try:
        yield stripped
    finally:
        os.close(stripped.fd)


async def _seal_and_record(
    desk: _Desk, picture: Picture, stripped: Stripped, kept: Kept
) -> None:
    with ExitStack() as held:
        parked = held.enter_context(desk.bench.parking.park())
        content = chunks_of(stripped.fd)
        sealed = await _seal(desk, picture.object_id, stripped.size_bytes, content, parked)
        names = [_name(picture, stripped, kept, sealed.content_sha256)]
        original = None
        if picture.choice.original:
            parked = held.enter_context(desk.bench.parking.park())
            object_id = evidence.original_id(picture.object_id)
            content = picture.parked.chunks()
            size_bytes = picture.parked.size_bytes
            original = await _seal(desk, object_id, size_bytes, content, parked)
            names.append(_original_name(picture, object_id))
        await _record(desk, picture, sealed, original, _notice(desk, names))


async def _seal(
    desk: _Desk,
    object_id: bytes,
    size_bytes: int,
    content: AsyncIterator[bytes],
    into: Parked,
) -> _Sealed:
    prefix = desk.prefix(Kind.ATTACHMENT_FROM_REPORTER, object_id)
    sealer = sealing.AttachmentSealer(prefix, desk.recipients, size_bytes)
    into.write(sealer.head)
    async for chunk in content:
        into.write(sealer.update(chunk))
    into.write(sealer.finalize())
    return _Sealed(parse_head(sealer.head), into, sealer.content_sha256)


def _name(
    picture: Picture, stripped: Stripped, kept: Kept, content_sha256: bytes
) -> AttachmentName:
    return AttachmentName(
        id=picture.object_id.hex(),
        sha256=content_sha256.hex(),
        media_type=stripped.media_type,
        size_bytes=stripped.size_bytes,
        removed=list(stripped.removed),
        original_sha256=picture.sha256.hex(),
        latitude=kept.latitude,
        longitude=kept.longitude,
        location_precision_m=kept.location_precision_m,
        taken_at=kept.taken_at,
        utc_offset=kept.utc_offset,
    )


def _original_name(picture: Picture, object_id: bytes) -> AttachmentName:
    kind = sniff(picture.parked.head(SNIFF_BYTES))
    return AttachmentName(
        id=object_id.hex(),
        sha256=picture.sha256.hex(),
        media_type=MEDIA_TYPES[kind] if kind else "application/octet-stream",
        size_bytes=picture.parked.size_bytes,
        original=True,
    )


def _notice(desk: _Desk, names: list[AttachmentName]) -> NewEnvelope:
    now = desk.bench.clock.now()
    message = encode_message(AttachmentNotice(sent_at=instant(now), attachments=names))
    prefix = desk.prefix(Kind.FOLLOW_UP_FROM_REPORTER, new_id())
    octets = sealing.seal_message(prefix, desk.recipients, message, desk.keys.sign)
    fingerprint = receipts.fingerprint(desk.claimed.access, hashlib.sha256(message).digest())
    return message_row(octets, bangkok_day(now), fingerprint)


async def _record(
    desk: _Desk,
    picture: Picture,
    sealed: _Sealed,
    original: _Sealed | None,
    notice: NewEnvelope,
) -> None:
    bench, access = desk.bench, desk.claimed.access
    today = bangkok_day(bench.clock.now())
    fingerprint = receipts.fingerprint(access, evidence.asked(picture.sha256, picture.choice))
    access_hash, limits = receipts.access_hash(access), bench.limits
    beside = None
    if original is not None:
        row = attachment_row(original.head, today, fingerprint)
        beside = Beside(row, original.parked.chunks(original.head.length))
    outcome = await bench.envelopes.record_attachment(
        attachment_row(sealed.head, today, fingerprint),
        sealed.parked.chunks(sealed.head.length),
        addition(bench, access_hash, limits.attachments_per_tip),
        beside=beside,
        notice=(notice, addition(bench, access_hash, limits.follow_ups_per_tip)),
    )
    check_recorded(outcome)
