"""The requests about referrals and dockets of which a table says who may make them."""

import json
import secrets
from typing import Protocol

from mustshare_api.crypto import receipts, sealing, xwing
from mustshare_api.crypto.age import AgeSealer
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.suite import signer
from tests.api.referring import agreed, proposal
from tests.doors import Doors

Request = tuple[str, str, bytes, dict[str, str]]


class HasTip(Protocol):
    """A tip, and the doors that it came by."""

    doors: Doors
    tip_id: bytes


async def referral(scene: HasTip, method: str, path: str) -> Request:
    """A referral that malee proposed, or where she is to confirm it, somsri."""
    doors, made = scene.doors, secrets.token_hex(16)
    target = path.format(
        referral_id=made, answer_id="ab" * 16, word_id="ab" * 16, agency="nacc"
    )
    sealer = AgeSealer([xwing.public_key_of(bytes(32))])
    octets = sealer.head + sealer.finalize()
    tip = {"tip_id": scene.tip_id.hex(), "steps": 1}
    said = agreed(octets, [tip])
    proposed = proposal(made, said)
    if path == "/v1/referrals/{referral_id}" and method == "PUT":
        return method, proposed, octets, {}
    if "{referral_id}" in path:
        by = doors.org.officers[1]
        assert (await doors.signed("PUT", proposed, octets, officer=by)).status_code == 202
    if target.endswith("/confirmation"):
        verified = json.dumps({"step": "verify"}).encode()
        steps = f"/v1/tips/{scene.tip_id.hex()}/steps"
        headers = doors.signature("POST", steps, verified, if_match='"0"')
        await doors.staff.post(steps, content=verified, headers=headers)
    body = {
        "confirmation": said,
        "nacc": {"title_th": "ก", "title_en": "a", "kind": "audit"},
    }.get(target.rpartition("/")[2])
    seen = "0" if "agencies" in path else "1"
    if "/answers/" in path and method == "PUT":
        return method, target, octets, {"if-match": f'"{seen}"'}
    encoded = json.dumps(body).encode() if body else b""
    more = {"if-match": f'"{seen}"'} if method != "GET" else {}
    return (
        method,
        target,
        encoded,
        more | ({"content-type": "application/json"} if body else {}),
    )


async def docket(scene: HasTip, method: str, path: str) -> Request:
    """The first one of the tip."""
    bundle = (await scene.doors.bundles())[scene.tip_id]
    prefix = Prefix(
        Kind.DOCKET, 0, scene.tip_id, secrets.token_bytes(16), receipts.bundle_hash(bundle)
    )
    staff = (entry.public_key for entry in scene.doors.bench.directory.recipients())
    recipients = [receipts.parse_bundle(bundle).reply_key, *staff]
    octets = sealing.seal_message(prefix, recipients, b"x", signer(secrets.token_bytes(32)))
    return method, path.format(tip_id=scene.tip_id.hex()), octets, {"if-none-match": "*"}
