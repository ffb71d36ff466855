"""A careful front end: mints and stretches its own receipt, and seals for itself."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.domain import receipt
from mustshare_api.domain.message import FollowUpBody, TipBody, encode_message

SENT_AT = "2026-11-23T05:00:00Z"


@dataclass
class FrontEnd:
    """One reporter at one careful front end."""

    deployment_id: bytes
    recipients: Sequence[bytes]
    digits: str = field(default_factory=receipt.mint)
    tip_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    keys: ReceiptKeys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = receipts.derive(self.digits, self.deployment_id)

    @property
    def headers(self) -> dict[str, str]:
        """What it presents."""
        token = base64.urlsafe_b64encode(self.keys.access).rstrip(b"=").decode()
        return {"authorization": f"Bearer {token}", "content-type": "application/octet-stream"}

    def prefix(
        self, kind: Kind, object_id: bytes | None = None, *, tip_id: bytes | None = None
    ) -> Prefix:
        """The 72 bytes of an object of its own."""
        bundle_hash = receipts.bundle_hash(self.keys.bundle)
        made = object_id or secrets.token_bytes(16)
        return Prefix(kind, 0, tip_id or self.tip_id, made, bundle_hash)

    def front(self) -> bytes:
        """What stands before the sealed object of a tip."""
        return receipts.access_hash(self.keys.access) + self.keys.bundle

    def tip(self, text: str = "ถนนพัง", recipients: Sequence[bytes] | None = None) -> bytes:
        """The body that begins a tip."""
        return self.front() + self.sealed_tip(text, recipients)

    def sealed_tip(
        self,
        text: str = "ถนนพัง",
        recipients: Sequence[bytes] | None = None,
        prefix: Prefix | None = None,
    ) -> bytes:
        """The sealed object alone."""
        return sealing.seal_message(
            prefix or self.prefix(Kind.TIP),
            list(self.recipients if recipients is None else recipients),
            encode_message(TipBody(sent_at=SENT_AT, text=text)),
            self.keys.sign,
        )

    def follow_up(
        self,
        text: str = "เพิ่มเติม",
        recipients: Sequence[bytes] | None = None,
        prefix: Prefix | None = None,
    ) -> bytes:
        """A sealed follow-up."""
        return sealing.seal_message(
            prefix or self.prefix(Kind.FOLLOW_UP_FROM_REPORTER),
            list(self.recipients if recipients is None else recipients),
            encode_message(FollowUpBody(sent_at=SENT_AT, text=text)),
            self.keys.sign,
        )

    def attachment(
        self,
        object_id: bytes,
        content: bytes = b"\xff\xd8 a photo",
        recipients: Sequence[bytes] | None = None,
        prefix: Prefix | None = None,
    ) -> bytes:
        """A sealed file."""
        return sealed_file(
            prefix or self.prefix(Kind.ATTACHMENT_FROM_REPORTER, object_id),
            self.recipients if recipients is None else recipients,
            content,
        )


def sealed_file(prefix: Prefix, recipients: Sequence[bytes], content: bytes) -> bytes:
    """A whole sealed file."""
    sealer = sealing.AttachmentSealer(prefix, list(recipients), len(content))
    return sealer.head + sealer.update(content) + sealer.finalize()
