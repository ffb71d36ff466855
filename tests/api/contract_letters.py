"""What officers seal for schemathesis: answers, dockets and notes, about a tip there is."""

import secrets

from mustshare_api.crypto import frames, receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.docket import DocketBody, encode_docket
from mustshare_api.domain.message import AttachmentName, ReplyBody, encode_message
from tests.api.front_end import SENT_AT, FrontEnd
from tests.organisation import Officer


def to_reporter(tip: FrontEnd, kind: Kind, object_id: bytes) -> tuple[Prefix, list[bytes]]:
    """The prefix of an object from staff, and to whom it is sealed."""
    bundle_hash = receipts.bundle_hash(tip.keys.bundle)
    reporter = receipts.parse_bundle(tip.keys.bundle).reply_key
    return Prefix(kind, 0, tip.tip_id, object_id, bundle_hash), [reporter, *tip.recipients]


def reply(
    officer: Officer, tip: FrontEnd, object_id: bytes, files: list[AttachmentName]
) -> bytes:
    """A sealed answer from an officer."""
    words = ReplyBody(
        sent_at=SENT_AT, text="ได้รับแล้ว", signed_by=officer.keyid, attachments=files
    )
    sealed = to_reporter(tip, Kind.FOLLOW_UP_FROM_STAFF, object_id)
    return sealing.seal_message(*sealed, encode_message(words), signer(officer.sign_seed))


def docket(officer: Officer, tip: FrontEnd) -> bytes:
    """Where a tip stands, sealed to its reporter."""
    words = encode_docket(DocketBody(SENT_AT, officer.keyid, note="ขอบคุณ"))
    sealed = to_reporter(tip, Kind.DOCKET, secrets.token_bytes(16))
    return sealing.seal_message(*sealed, words, signer(officer.sign_seed))


def entries(officer: Officer, tip: FrontEnd) -> bytes:
    """One note among officers, as frames."""
    prefix, (_, *staff) = to_reporter(tip, Kind.DESK_ENTRY, secrets.token_bytes(16))
    note = sealing.seal_message(prefix, staff, b'{"note": "look"}', signer(officer.sign_seed))
    return frames.joined([note])
