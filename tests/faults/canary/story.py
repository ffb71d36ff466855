"""The whole story of tips, told with marks: all routes that take or give something."""

import hashlib
import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass

from PIL import Image

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix, parse_head
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.message import (
    AttachmentName,
    FollowUpBody,
    Message,
    ReplyBody,
    TipBody,
    encode_message,
)
from tests.faults.canary import traffic as ways
from tests.faults.canary.traffic import OPERATOR, REPORTER, Traffic
from tests.faults.reporters import JSON, OCTETS, with_receipt
from tests.pictures import drawn, exif, jpegs, pngs

NOW = "2026-11-23T05:00:00Z"


@dataclass
class Reporter:
    """Somebody with a tip; `headers` are how they come back."""

    headers: dict[str, str]
    bundle: bytes
    tip_id: bytes
    sign_seed: bytes
    reply_seed: bytes


def thin_reporter(traffic: Traffic) -> Reporter:
    """Tips in clear: with a receipt of one's own, in Thai numerals, with a retry key."""
    marks = traffic.marks
    digits = marks.receipt()
    mine = with_receipt(digits)
    body = ways.tip(
        marks.text("tip"),
        language="th",
        place="100101",
        coordinates={"latitude": 13.72, "longitude": 100.54, "precision_m": 1000},
    )
    thai = "".join(chr(ord("๐") + int(one)) for one in digits)
    typed = {"Authorization": f"Receipt {thai}".encode().decode("latin-1")}
    for headers in (mine, mine, typed):
        assert (
            traffic.send(REPORTER, "POST", "/v1/tips", body, {**JSON, **headers}).status == 201
        )
    retry = {**JSON, "Idempotency-Key": marks.of("retry-key")}
    for _ in range(2):
        made = traffic.send(REPORTER, "POST", "/v1/tips", body, retry).json()["receipt"]
        marks.watch("a receipt made by the server", made.encode())
    keys = receipts.derive(digits, traffic.service.org.deployment_id)
    marks.watch("access", keys.access)
    marks.watch("reply seed", keys.reply_seed)
    marks.watch("signing seed", keys.sign_seed)
    for _ in range(2):
        later = {"id": secrets.token_hex(16), "text": marks.text("follow-up")}
        octets = json.dumps(later).encode()
        traffic.send(REPORTER, "POST", "/v1/tip/follow-ups", octets, {**JSON, **mine})
    tip_id = tip_id_of(traffic, keys.bundle)
    return Reporter(mine, keys.bundle, tip_id, keys.sign_seed, keys.reply_seed)


def careful_reporter(traffic: Traffic) -> Reporter:
    """A tip, a follow-up and a file that the front end sealed, under an access token."""
    marks, org = traffic.marks, traffic.service.org
    keys = receipts.keys_of(secrets.token_bytes(32))
    access = marks.access("access")
    tip_id = secrets.token_bytes(16)
    headers = {"Authorization": f"Bearer {urlsafe_b64encode(access).rstrip(b'=').decode()}"}
    reporter = Reporter(headers, keys.bundle, tip_id, keys.sign_seed, keys.reply_seed)
    text = marks.text("sealed-elsewhere")
    octets = sealed(traffic, reporter, Kind.TIP, TipBody(sent_at=NOW, text=text))
    body = receipts.access_hash(access) + keys.bundle + octets
    assert traffic.send(REPORTER, "POST", "/v1/tips", body, OCTETS).status == 201
    follow_up = sealed(
        traffic, reporter, Kind.FOLLOW_UP_FROM_REPORTER, FollowUpBody(sent_at=NOW, text=text)
    )
    traffic.send(REPORTER, "POST", "/v1/tip/follow-ups", follow_up, {**OCTETS, **headers})
    object_id = secrets.token_bytes(16)
    file = sealed_file(
        traffic, reporter, Kind.ATTACHMENT_FROM_REPORTER, object_id, org.recipients()
    )
    target = f"/v1/tip/attachments/{object_id.hex()}"
    assert traffic.send(REPORTER, "PUT", target, file, {**OCTETS, **headers}).status == 201
    return reporter


def tip_id_of(traffic: Traffic, bundle: bytes) -> bytes:
    """The tip on which a bundle lies."""
    for tip in traffic.signed("GET", "/v1/tips?limit=1000").json()["tips"]:
        if tip["bundle"] and b64decode(tip["bundle"]) == bundle:
            return bytes.fromhex(tip["tip_id"])
    raise AssertionError("no such tip")


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


def photos(traffic: Traffic, reporter: Reporter) -> None:
    """Pictures with marks in their metadata; small, large, and twice."""
    marks = traffic.marks
    large = drawn.encoded(noise(), "JPEG", quality=90)
    for picture in (marked_jpeg(traffic, jpegs.plain()), marked_jpeg(traffic, large)):
        # Near the end, which is scan for certain: tables are the same in many pictures.
        marks.watch(f"pixels of {len(picture)} B as sent", picture[-200:-160])
        target = f"/v1/tip/attachments/{secrets.token_hex(16)}"
        for _ in range(2):
            answer = traffic.send(
                REPORTER, "PUT", target, picture, {**OCTETS, **reporter.headers}
            )
            assert answer.status == 201, answer.content
            assert answer.json()["removed"]
    text = pngs.with_chunk(pngs.plain(), b"tEXt", b"Comment\0" + marks.of("png").encode())
    target = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    png = {"Content-Type": "image/png", **reporter.headers}
    assert traffic.send(REPORTER, "PUT", target, text, png).status == 201


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


def staff_answer(traffic: Traffic, reporter: Reporter) -> None:
    """Staff read, send a file, and answer with words that name it."""
    index = traffic.signed("GET", "/v1/index").json()["objects"]
    for entry in index:
        octets = traffic.signed("GET", f"/v1/objects/{entry['object_id']}").content
        assert len(octets) == entry["octets"]
    picture = traffic.signed("POST", "/v1/pictures", marked_jpeg(traffic, jpegs.plain()))
    assert picture.status == 200
    traffic.signed("GET", "/v1/directory")
    traffic.signed("PUT", "/v1/directory", traffic.service.org.note())
    file_id = secrets.token_bytes(16)
    content = traffic.marks.text("file").encode() * 3000
    name = AttachmentName(
        id=file_id.hex(),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="text/plain",
        size_bytes=len(content),
    )
    words = ReplyBody(
        sent_at=NOW,
        text=traffic.marks.text("reply"),
        signed_by=traffic.service.org.officers[0].keyid,
        attachments=[name],
    )
    octets = sealed(traffic, reporter, Kind.FOLLOW_UP_FROM_STAFF, words)
    reply_id = parse_head(octets).prefix.object_id
    reply_key = receipts.parse_bundle(reporter.bundle).reply_key
    recipients = [reply_key, *traffic.service.org.recipients()]
    file = sealed_file(traffic, reporter, Kind.ATTACHMENT_FROM_STAFF, file_id, recipients)
    tip = f"/v1/tips/{reporter.tip_id.hex()}"
    target = f"{tip}/attachments/{file_id.hex()}?follow_up={reply_id.hex()}"
    assert traffic.signed("PUT", target, file).status == 201
    assert traffic.signed("POST", f"{tip}/follow-ups", octets).status == 201


def reporter_reads(traffic: Traffic, reporter: Reporter) -> None:
    """The reporter looks, reads, fetches the file and acknowledges."""
    mine = reporter.headers
    assert traffic.send(REPORTER, "GET", "/v1/tip", headers=mine).status == 200
    answer = traffic.send(REPORTER, "GET", "/v1/tip/follow-ups", headers=mine)
    (waiting,) = answer.json()["follow_ups"]
    opened = waiting["text"] is not None
    assert opened is mine["Authorization"].startswith("Receipt")
    for file in waiting["attachments"]:
        target = f"/v1/tip/attachments/{file['id']}"
        got = traffic.send(REPORTER, "GET", target, headers=mine)
        assert hashlib.sha256(got.content).hexdigest() == file["sha256"]
    target = f"/v1/tip/follow-ups/{waiting['id']}"
    assert traffic.send(REPORTER, "DELETE", target, headers=mine).status == 204


def public_and_operator_routes(traffic: Traffic) -> None:
    """What anyone may ask for."""
    asked = f"?{traffic.marks.of('query')}"
    public = ("/v1/places", "/v1/places/840503", "/v1/webhooks")
    for target in ("/v1/intake", "/v1/directory", "/openapi.json", "/docs", *public):
        traffic.send(REPORTER, "GET", target + asked)
        traffic.send(REPORTER, "GET", target)
    for target in ("/health/live", "/health/ready", "/metrics"):
        traffic.send(OPERATOR, "GET", target)
