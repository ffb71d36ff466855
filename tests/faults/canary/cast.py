"""Who plays in the canary's story, and what they seal and photograph."""

import secrets
from dataclasses import dataclass

from PIL import Image

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.message import (
    Message,
    encode_message,
)
from tests.faults.canary.traffic import Traffic
from tests.pictures import exif, jpegs

NOW = "2026-11-23T05:00:00Z"


@dataclass
class Reporter:
    """Somebody with a tip; `headers` are how they come back."""

    headers: dict[str, str]
    bundle: bytes
    tip_id: bytes
    sign_seed: bytes


def sealed(traffic: Traffic, reporter: Reporter, kind: Kind, body: Message) -> bytes:
    """A message as a front end or a staff tool seals it."""
    org = traffic.service.org
    prefix = Prefix(
        kind=kind,
        flags=0,
        tip_id=reporter.tip_id,
        object_id=secrets.token_bytes(16),
        bundle_hash=receipts.bundle_hash(reporter.bundle),
    )
    recipients, seed = org.recipients(), reporter.sign_seed
    if kind is Kind.FOLLOW_UP_FROM_STAFF:
        recipients = [receipts.parse_bundle(reporter.bundle).reply_key, *recipients]
        seed = org.officers[0].sign_seed
    return sealing.seal_message(prefix, recipients, encode_message(body), signer(seed))


def sealed_file(
    traffic: Traffic, reporter: Reporter, kind: Kind, object_id: bytes, recipients: list[bytes]
) -> bytes:
    """A file full of marks, sealed."""
    content = traffic.marks.text("file").encode() * 3000
    prefix = Prefix(kind, 0, reporter.tip_id, object_id, receipts.bundle_hash(reporter.bundle))
    sealer = sealing.AttachmentSealer(prefix, recipients, len(content))
    return sealer.head + sealer.update(content) + sealer.finalize()


def noise() -> Image.Image:
    """Some hundred KB of picture: more than one chunk, more than one network read."""
    return Image.effect_noise((1200, 900), 60).convert("RGB")


def marked_jpeg(traffic: Traffic, octets: bytes) -> bytes:
    """A JPEG with marks in EXIF, XMP and a comment."""
    mark = traffic.marks.of("exif").encode() + b"\0"
    main = [(0x010F, exif.ASCII, mark), (0x0110, exif.ASCII, mark), (0x013B, exif.ASCII, mark)]
    camera = [(0xA431, exif.ASCII, mark), (0x927C, exif.UNDEFINED, mark * 20)]
    tiff = exif.build(main, camera=camera, gps=exif.BANGKOK_GPS)
    xmp = jpegs.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + mark)
    comment = jpegs.segment(0xFE, traffic.marks.text("comment").encode())
    return jpegs.with_segments(jpegs.with_exif(octets, tiff), xmp, comment)
