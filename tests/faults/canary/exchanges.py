"""Receipts exchanged for new ones, with marks in both, in answers that wait and in refusals."""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import replace

from mustshare_api.crypto import receipts
from mustshare_api.crypto.receipts import ReceiptKeys
from tests import rotations
from tests.faults.canary.story import Reporter
from tests.faults.canary.traffic import REPORTER, Traffic
from tests.faults.reporters import JSON, with_receipt

PLACE = "/v1/tip/receipt"


def thin(traffic: Traffic, reporter: Reporter) -> Reporter:
    """Exchanged for a receipt of one's own, then for one that the server makes; each twice."""
    digits, old = traffic.marks.receipt(), reporter.headers
    body = json.dumps({"receipt": digits}).encode()
    for _ in range(2):
        answer = traffic.send(REPORTER, "POST", PLACE, body, {**JSON, **old})
        assert answer.status == 200, answer.content
    mine = with_receipt(digits)
    retry = {**mine, "Idempotency-Key": traffic.marks.of("rotation-key")}
    told = [traffic.send(REPORTER, "POST", PLACE, None, retry).json() for _ in range(2)]
    made = told[0]["receipt"]
    assert told[0] == told[1]
    traffic.marks.watch("a receipt made in exchange", made.encode())
    keys = receipts.derive(made, traffic.service.org.deployment_id)
    watch(traffic, "thin", keys)
    traffic.send(REPORTER, "POST", PLACE, None, mine)
    traffic.send(REPORTER, "POST", PLACE, None, with_receipt(made))
    return followed(traffic, reporter, with_receipt(made), keys)


def careful(traffic: Traffic, reporter: Reporter) -> Reporter:
    """Exchanged by a front end that derives, after a body that nobody signed."""
    old = replace(receipts.keys_of(secrets.token_bytes(32)), bundle=reporter.bundle)
    old = replace(old, sign_seed=reporter.sign_seed, reply_seed=reporter.reply_seed)
    new = receipts.keys_of(secrets.token_bytes(32))
    access = traffic.marks.access("new-access")
    new = replace(new, access=access)
    watch(traffic, "careful", new)
    told = traffic.send(REPORTER, "GET", PLACE, headers=reporter.headers).json()
    body = rotations.sealed_body(old, new, told)
    for wrong in ({"notice": body["acceptance"]}, {"bundle": "****"}):
        octets = json.dumps(body | wrong).encode()
        refused = traffic.send(REPORTER, "POST", PLACE, octets, {**JSON, **reporter.headers})
        assert refused.status == 400, refused.content
    octets = json.dumps(body).encode()
    answer = traffic.send(REPORTER, "POST", PLACE, octets, {**JSON, **reporter.headers})
    assert answer.status == 200, answer.content
    token = urlsafe_b64encode(access).rstrip(b"=").decode()
    return followed(traffic, reporter, {"Authorization": f"Bearer {token}"}, new)


def followed(
    traffic: Traffic, reporter: Reporter, headers: dict[str, str], keys: ReceiptKeys
) -> Reporter:
    """The reporter under the new receipt, whom staff follow."""
    chain = traffic.signed("GET", f"/v1/tips/{reporter.tip_id.hex()}/rotations")
    assert chain.status == 200, chain.content
    return replace(
        reporter,
        headers=headers,
        bundle=keys.bundle,
        sign_seed=keys.sign_seed,
        reply_seed=keys.reply_seed,
    )


def watch(traffic: Traffic, whose: str, keys: ReceiptKeys) -> None:
    """Has the new receipt's secrets searched for."""
    traffic.marks.watch(f"new access, {whose}", keys.access)
    traffic.marks.watch(f"new reply seed, {whose}", keys.reply_seed)
    traffic.marks.watch(f"new signing seed, {whose}", keys.sign_seed)
