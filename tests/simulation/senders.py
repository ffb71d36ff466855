"""Makes requests: as thin front ends, careful front ends and staff make them."""

import base64
import hashlib
import json
import secrets
from typing import Any

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.message import (
    AttachmentName,
    FollowUpBody,
    Message,
    ReplyBody,
    TipBody,
    encode_message,
)
from tests import rotations
from tests.doors import JSON, OCTETS, with_access, with_receipt
from tests.organisation import Officer
from tests.simulation.model import Request, Tip

NOW = "2026-11-23T05:00:00Z"
Headers = tuple[tuple[str, str], ...]


def headers(*given: dict[str, str]) -> Headers:
    """Several headers as one."""
    return tuple((name, value) for one in given for name, value in one.items())


def thin_tip(text: str, digits: str | None, retry_key: str | None) -> Request:
    """A tip in clear."""
    more = [JSON]
    if digits:
        more.append(with_receipt(digits))
    if retry_key:
        more.append({"idempotency-key": retry_key})
    return Request("POST", "/v1/tips", json.dumps({"text": text}).encode(), headers(*more))


def sealed_tip(text: str, keys: ReceiptKeys, recipients: list[bytes]) -> Request:
    """A tip that its front end sealed."""
    tip_id = secrets.token_bytes(16)
    octets = _message(keys, tip_id, Kind.TIP, TipBody(sent_at=NOW, text=text), recipients)
    body = receipts.access_hash(keys.access) + keys.bundle + octets
    return Request("POST", "/v1/tips", body, headers(OCTETS))


def credential(tip: Tip) -> dict[str, str]:
    """What a reporter comes back with."""
    assert tip.keys is not None
    if tip.careful:
        return with_access(tip.keys.access)
    assert tip.digits is not None
    return with_receipt(tip.digits)


def ask(tip: Tip, method: str, target: str) -> Request:
    """A request without a body."""
    return Request(method, target, b"", headers(credential(tip)))


def rotation(tip: Tip, digits: str, keys: ReceiptKeys, standing: dict[str, Any]) -> Request:
    """The receipt exchanged for another; what waits is re-wrapped by whoever derives."""
    assert tip.keys is not None
    body: dict[str, Any] = {"receipt": digits}
    if tip.careful:
        body = rotations.sealed_body(tip.keys, keys, standing)
    octets = json.dumps(body).encode()
    return Request("POST", "/v1/tip/receipt", octets, headers(JSON, credential(tip)))


def follow_up(
    tip: Tip, tip_id: bytes, text: str, recipients: list[bytes]
) -> tuple[str, Request]:
    """Later words, and their id."""
    object_id = secrets.token_bytes(16)
    target = "/v1/tip/follow-ups"
    if not tip.careful:
        body = json.dumps({"id": object_id.hex(), "text": text}).encode()
        return object_id.hex(), Request("POST", target, body, headers(JSON, credential(tip)))
    assert tip.keys is not None
    words = FollowUpBody(sent_at=NOW, text=text)
    kind = Kind.FOLLOW_UP_FROM_REPORTER
    octets = _message(tip.keys, tip_id, kind, words, recipients, object_id)
    return object_id.hex(), Request("POST", target, octets, headers(OCTETS, credential(tip)))


def file(
    tip: Tip, tip_id: bytes, content: bytes, recipients: list[bytes]
) -> tuple[str, Request]:
    """A picture in clear, or the same sealed; and its id."""
    object_id = secrets.token_bytes(16)
    body = content
    if tip.careful:
        assert tip.keys is not None
        kind = Kind.ATTACHMENT_FROM_REPORTER
        body = _file(tip.keys.bundle, tip_id, kind, object_id, content, recipients)
    target = f"/v1/tip/attachments/{object_id.hex()}"
    return object_id.hex(), Request("PUT", target, body, headers(OCTETS, credential(tip)))


def staff_file(
    tip: Tip, tip_id: bytes, reply_id: bytes, content: bytes, recipients: list[bytes]
) -> tuple[AttachmentName, Request]:
    """A file from staff that a reply will name."""
    assert tip.keys is not None
    object_id = secrets.token_bytes(16)
    kind = Kind.ATTACHMENT_FROM_STAFF
    everyone = [receipts.parse_bundle(tip.keys.bundle).reply_key, *recipients]
    octets = _file(tip.keys.bundle, tip_id, kind, object_id, content, everyone)
    name = AttachmentName(
        id=object_id.hex(),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="text/plain",
        size_bytes=len(content),
    )
    target = f"/v1/tips/{tip_id.hex()}/attachments/{name.id}?follow_up={reply_id.hex()}"
    return name, Request("PUT", target, octets, door="staff")


def reply(
    tip: Tip,
    tip_id: bytes,
    reply_id: bytes,
    said: tuple[str, list[AttachmentName]],
    officer: Officer,
    recipients: list[bytes],
) -> Request:
    """An answer from staff."""
    assert tip.keys is not None
    text, names = said
    words = ReplyBody(sent_at=NOW, text=text, signed_by=officer.keyid, attachments=names)
    bundle = tip.keys.bundle
    prefix = Prefix(
        Kind.FOLLOW_UP_FROM_STAFF, 0, tip_id, reply_id, receipts.bundle_hash(bundle)
    )
    octets = sealing.seal_message(
        prefix,
        [receipts.parse_bundle(bundle).reply_key, *recipients],
        encode_message(words),
        signer(officer.sign_seed),
    )
    return Request("POST", f"/v1/tips/{tip_id.hex()}/follow-ups", octets, door="staff")


def sealed_content(entry: dict[str, str]) -> bytes:
    """The sealed object of a follow-up that waits."""
    return base64.b64decode(entry["sealed"])


def _message(
    keys: ReceiptKeys,
    tip_id: bytes,
    kind: Kind,
    body: Message,
    recipients: list[bytes],
    object_id: bytes | None = None,
) -> bytes:
    chosen = object_id or secrets.token_bytes(16)
    prefix = Prefix(kind, 0, tip_id, chosen, receipts.bundle_hash(keys.bundle))
    return sealing.seal_message(prefix, recipients, encode_message(body), keys.sign)


def _file(
    bundle: bytes,
    tip_id: bytes,
    kind: Kind,
    object_id: bytes,
    content: bytes,
    recipients: list[bytes],
) -> bytes:
    prefix = Prefix(kind, 0, tip_id, object_id, receipts.bundle_hash(bundle))
    sealer = sealing.AttachmentSealer(prefix, recipients, len(content))
    return sealer.head + sealer.update(content) + sealer.finalize()
