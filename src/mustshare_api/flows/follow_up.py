"""Later words, both ways.

    write (thin)     claim -> seal -> record          the id comes from the front end: a retry
    write (sealed)   claim -> check -> record         is the same follow-up
    waiting          claim -> open under the receipt presented, or hand out as sealed
    acknowledge      claim -> delete: what was read need not lie on a server

A follow-up from staff is sealed to the reporter's own bundle. The server opens it only while
it holds the receipt that the reporter has just presented, and shows it only when an officer's
signature inside holds: HPKE alone says nothing about the sender.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import receipts, reply_box, rotation, sealing
from mustshare_api.crypto.envelope import SERVER_SEALED, Expected, Kind, Prefix, parse_envelope
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain.message import (
    DisputeBody,
    FollowUpBody,
    ReplyBody,
    decode_message,
    encode_message,
)
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.flows import admission
from mustshare_api.flows.chains import believed_hashes
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.recording import (
    addition,
    check_recorded,
    check_sealed_to_all,
    content_digest,
    message_row,
)
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.rows import Addition, NewEnvelope, WaitingFollowUp


@dataclass(frozen=True, slots=True)
class Waiting:
    """A follow-up from staff: opened for a thin front end, else as sealed.

    `reply` and `signer` are None when it is handed out sealed, and when it could not be opened
    or its signature did not hold; the front end then says so, and shows no words.
    """

    object_id: bytes
    received_on: date
    octets: bytes
    reply: ReplyBody | None
    signer: str | None


async def write(
    bench: Workbench, claimed: Claim, object_id: bytes, body: FollowUpBody | DisputeBody
) -> None:
    """Seals and records a follow-up or a dispute that came in clear over the door.

    Raises:
        Malformed: an access token was presented; whoever derives also seals.
        WrongMoment, TooLarge, UnknownReceipt, Unavailable: see `recording.check_recorded`.
    """
    if claimed.keys is None:
        raise Malformed("follow_up.not_sealed")
    recipients = [entry.public_key for entry in bench.directory.recipients()]
    prefix = Prefix(
        kind=Kind.FOLLOW_UP_FROM_REPORTER,
        flags=SERVER_SEALED,
        tip_id=claimed.tip.tip_id,
        object_id=object_id,
        bundle_hash=claimed.bundle_hash,
    )
    octets = sealing.seal_message(prefix, recipients, encode_message(body), claimed.keys.sign)
    row, adding = _row(bench, claimed, octets, content_digest(body))
    check_recorded(await bench.envelopes.record_message(row, adding))


async def is_there(bench: Workbench, claimed: Claim, object_id: bytes) -> bool:
    """Whether later words of this id lie on the reporter's tip already."""
    head = await bench.envelopes.head(object_id)
    return head is not None and head.tip_id == claimed.tip.tip_id


async def write_sealed(bench: Workbench, claimed: Claim, octets: bytes) -> bytes:
    """Records a follow-up that the front end sealed; returns its id.

    Raises:
        Malformed: the object is not what it must be, by its structure.
        WrongMoment, TooLarge, UnknownReceipt, Unavailable: see `recording.check_recorded`.
    """
    head = parse_envelope(octets).head
    tip = claimed.tip
    admission.check_addressed(
        head, Kind.FOLLOW_UP_FROM_REPORTER, tip.tip_id, claimed.bundle_hash
    )
    row, adding = _row(bench, claimed, octets, hashlib.sha256(octets).digest())
    await check_sealed_to_all(bench, head, row, adding)
    check_recorded(await bench.envelopes.record_message(row, adding))
    return head.prefix.object_id


def _row(
    bench: Workbench, claimed: Claim, octets: bytes, said: bytes
) -> tuple[NewEnvelope, Addition]:
    today = bangkok_day(bench.clock.now())
    access_hash = receipts.access_hash(claimed.access)
    row = message_row(octets, today, receipts.fingerprint(claimed.access, said))
    return row, addition(bench, access_hash, bench.limits.follow_ups_per_tip)


async def waiting(bench: Workbench, claimed: Claim) -> list[Waiting]:
    """The follow-ups from staff that were not acknowledged yet."""
    rows = await bench.envelopes.waiting(claimed.tip.tip_id)
    believed = await believed_hashes(bench, claimed)
    return [_shown(bench, claimed, row, believed) for row in rows]


async def acknowledge(bench: Workbench, claimed: Claim, object_id: bytes) -> None:
    """Deletes a follow-up from staff, and the files that came with it. Twice does no harm."""
    await bench.envelopes.acknowledge(claimed.tip.tip_id, object_id)


def _shown(
    bench: Workbench, claimed: Claim, row: WaitingFollowUp, believed: frozenset[bytes]
) -> Waiting:
    named = rotation.named_hash(row.octets, believed, claimed.bundle_hash)
    expect = Expected(Kind.FOLLOW_UP_FROM_STAFF, claimed.tip.tip_id, row.object_id, named)
    reply = _opened(bench, claimed.keys, row, expect) if claimed.keys else None
    entry = bench.directory.past_signer(bytes.fromhex(reply.signed_by)) if reply else None
    return Waiting(
        row.object_id, row.received_on, row.octets, reply, entry.name if entry else None
    )


def _opened(
    bench: Workbench, keys: ReceiptKeys, row: WaitingFollowUp, expect: Expected
) -> ReplyBody | None:
    def signing_key(content: bytes) -> bytes | None:
        entry = bench.directory.past_signer(bytes.fromhex(_reply(content).signed_by))
        return entry.public_key if entry else None

    try:
        content = reply_box.open_follow_up(
            row.octets, keys.reply_seed, expect=expect, verify_key=signing_key
        )
        return _reply(content)
    except (CannotOpen, Malformed):
        return None


def _reply(content: bytes) -> ReplyBody:
    message = decode_message(content)
    if not isinstance(message, ReplyBody):
        raise Malformed("message.malformed")
    return message
