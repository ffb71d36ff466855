"""Sealed objects and what stands in them: octets that a reporter or a store hands over."""

from collections.abc import Mapping

from mustshare_api.crypto import envelope, receipts, rotation
from mustshare_api.crypto import payload as payloads
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.suite import sha256, signed_octets, signer
from mustshare_api.domain import evidence, message
from mustshare_api.domain.message import (
    AttachmentName,
    AttachmentNotice,
    FollowUpBody,
    ReplyBody,
    TipBody,
)
from mustshare_api.errors import CannotOpen, Malformed
from tests.fuzz.harness import Target, same
from tests.unit.crypto.objects import (
    OFFICER_KEYS,
    REPORTER,
    STAFF_SIGN_SEED,
    STAFF_VERIFY_KEY,
    prefix_of,
    seal,
)  # fmt: skip

SENT_AT = "2026-11-23T09:00:00Z"
KEY = bytes(range(32))
MESSAGE = envelope.Head.of(
    prefix_of(Kind.FOLLOW_UP_FROM_STAFF), envelope.parse_head(seal(Kind.TIP, b"x")).stanzas
)
HEAD = envelope.parse_head(seal(Kind.ATTACHMENT_FROM_STAFF, b"x", OFFICER_KEYS[:1]))


def read_envelope(octets: bytes) -> None:
    """Whole."""
    read = envelope.parse_envelope(octets)
    again = envelope.Head.of(read.head.prefix, read.head.stanzas)
    same(again.octets + read.payload, octets)


def read_head(octets: bytes) -> None:
    """Apart from its payload."""
    read = envelope.parse_detached_head(octets)
    same(read.prefix.encode() + read.stanza_octets, octets)


def read_payload(octets: bytes) -> None:
    """A message's, as a store gives it back: whatever opens is what was sealed."""
    sealed = envelope.Envelope(MESSAGE, octets)
    same(payloads.open_message_payload(sealed, KEY, STAFF_VERIFY_KEY), b"words")


def read_message(octets: bytes) -> None:
    """What an opened envelope holds: read, written, and read as the same."""
    read = message.decode_message(octets)
    if message.decode_message(message.encode_message(read)) != read:
        raise AssertionError


def read_bundle(octets: bytes) -> None:
    """A reporter's keys."""
    read = receipts.parse_bundle(octets)
    same(read.reply_key + read.verify_key, octets)


def read_stanza(octets: bytes) -> None:
    """A stanza that comes by itself."""
    same(rotation.parse_stanza(octets).encode(), octets)


def read_choice(octets: bytes) -> None:
    """What a reporter keeps of a file, as it waits."""
    same(evidence.parse_choice(octets).encode(), octets)


def envelopes() -> Mapping[str, bytes]:
    """Each kind, for one recipient and for three."""
    made = {kind.name.lower(): seal(kind, b"words") for kind in Kind if not kind.is_attachment}
    return made | {"three": seal(Kind.TIP, b"words", OFFICER_KEYS[:3])}


def heads() -> Mapping[str, bytes]:
    """Their heads."""
    made = {name: envelope.parse_head(octets).octets for name, octets in envelopes().items()}
    return made | {"attachment": HEAD.octets}


def messages() -> Mapping[str, bytes]:
    """One of each shape."""
    file = AttachmentName(id="0f" * 16, sha256="0a" * 32, media_type="image/jpeg", size_bytes=9)
    made: dict[str, message.Message] = {
        "tip": TipBody(sent_at=SENT_AT, text="ถนนพัง"),
        "follow-up": FollowUpBody(sent_at=SENT_AT, text="อีก"),
        "notice": AttachmentNotice(sent_at=SENT_AT, attachments=[file]),
        "reply": ReplyBody(sent_at=SENT_AT, text="ได้รับ", signed_by="0f" * 16),
    }
    return {name: message.encode_message(each) for name, each in made.items()}


def payload() -> Mapping[str, bytes]:
    """Signed, padded and sealed, under a key that is no secret."""
    octets = MESSAGE.prefix_octets
    signature = signer(STAFF_SIGN_SEED)(signed_octets(octets, sha256(b"words")))
    return {"sealed": payloads.seal_message_payload(octets, KEY, signature, b"words")}


STANZA = HEAD.stanzas[0].encode()
TARGETS = (
    Target("envelope", read_envelope, (Malformed,), envelopes, words=(b"MSO1", b"\0\1")),
    Target("head", read_head, (Malformed,), heads, words=(b"MSO1", b"\0\1")),
    Target("payload", read_payload, (Malformed, CannotOpen), payload),
    Target(
        "message", read_message, (Malformed,), messages, words=(b'"type":"tip"', b"\\ud800")
    ),
    Target("bundle", read_bundle, (Malformed,), lambda: {"reporter": REPORTER.bundle}),
    Target("stanza", read_stanza, (Malformed,), lambda: {"one": STANZA}),
    Target("choice", read_choice, (Malformed,), lambda: {"exact": b"\2\1\1\0"}),
)
