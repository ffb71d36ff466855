"""What flows share on the way from a sealed object to its row."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Final

import msgspec

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.envelope import Head, parse_envelope
from mustshare_api.domain.message import DisputeBody, FollowUpBody, TipBody
from mustshare_api.errors import Malformed, NotFound, TooLarge, UnknownReceipt, WrongMoment
from mustshare_api.flows import admission
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Addition, NewEnvelope

ID_BYTES = 16
_UNSTAMPED = "1970-01-01T00:00:00Z"

_LATER: Final = frozenset({"case", "answers"})
"""Fields of a tip that came with a later release. One that is empty is not counted, so that a
retry is found again that was cut off by the very upgrade that brought the field."""


def new_id() -> bytes:
    """128 random bits: an id that tells neither order nor time."""
    return secrets.token_bytes(ID_BYTES)


def instant(now: datetime) -> str:
    """The exact second, for the inside of an envelope only."""
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def content_digest(body: TipBody | FollowUpBody | DisputeBody) -> bytes:
    """SHA-256 of what was said, without the second at which we heard it: a retry is later."""
    unstamped = msgspec.structs.replace(body, sent_at=_UNSTAMPED)
    fields: dict[str, object] = msgspec.to_builtins(unstamped)
    counted = {name: value for name, value in fields.items() if value or name not in _LATER}
    return hashlib.sha256(msgspec.json.encode(counted)).digest()


def message_row(octets: bytes, today: date, fingerprint: bytes) -> NewEnvelope:
    """The row of a whole sealed message."""
    envelope = parse_envelope(octets)
    return _row(envelope.head, today, fingerprint, envelope.payload)


def attachment_row(
    head: Head, today: date, fingerprint: bytes, follow_up_id: bytes | None = None
) -> NewEnvelope:
    """The row of an attachment, whose payload comes in pieces."""
    return _row(head, today, fingerprint, None, follow_up_id)


def _row(
    head: Head,
    today: date,
    fingerprint: bytes,
    payload: bytes | None,
    follow_up_id: bytes | None = None,
) -> NewEnvelope:
    return NewEnvelope(
        object_id=head.prefix.object_id,
        tip_id=head.prefix.tip_id,
        kind=int(head.prefix.kind),
        received_on=today,
        prefix=head.prefix_octets,
        stanzas=head.stanza_octets,
        payload=payload,
        fingerprint=fingerprint,
        follow_up_id=follow_up_id,
    )


def addition(bench: Workbench, access_hash: bytes | None, limit_objects: int) -> Addition:
    """Who adds to a tip today, and how many of a kind it may hold.

    `access_hash` is None when staff add, which has the tip's clock run.
    """
    today = bangkok_day(bench.clock.now())
    return Addition(
        access_hash=access_hash,
        today=today,
        clocks=bench.retention.clocks(today) if access_hash is None else {},
        limit_objects=limit_objects,
        limit_bytes=bench.limits.tip_bytes,
    )


async def check_sealed_to_all(
    bench: Workbench,
    head: Head,
    row: NewEnvelope,
    adding: Addition,
    also: frozenset[bytes] = frozenset(),
) -> None:
    """That an object is sealed to the recipients of today and to `also`, or is there already.

    A retry may come after the keys of the week have changed. Refusing it would tell a sender
    that what was recorded, was not.

    Raises:
        Malformed: a recipient is missing, unknown or retired.
    """
    try:
        accepted = [kids | also for kids in bench.directory.accepted_kids()]
        admission.check_recipients(head, accepted)
    except Malformed:
        if await bench.envelopes.foreseen(row, adding) is not Outcome.SAME:
            raise


def check_recorded(outcome: Outcome, *, from_staff: bool = False) -> None:
    """Turns what the store says into what the sender is told.

    Raises:
        WrongMoment: the id already holds something else, or it is sealed to a receipt that
            was rotated since.
        TooLarge: the tip holds as many as it may.
        UnknownReceipt, NotFound: the tip was withdrawn meanwhile; to a reporter this is
            the answer that every dead receipt gets.
    """
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("id.in_use")
    if outcome is Outcome.CHANGED:
        raise WrongMoment("tip.rotated")
    if outcome is Outcome.FULL:
        raise TooLarge("tip.full")
    if outcome is Outcome.GONE:
        raise NotFound("tip.not_found") if from_staff else UnknownReceipt
