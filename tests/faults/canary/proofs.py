"""A hand-over certificate, the proof made from it, and both pages, with marks in all."""

import json
import secrets

from mustshare_api.crypto import certificates, receipts
from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.crypto.receipts import bundle_hash
from tests.api.forms import LEAD, encoded
from tests.faults.canary.traffic import REPORTER, Traffic
from tests.faults.reporters import JSON, with_receipt

PLACE = "/v1/certificates"


def proofs(traffic: Traffic) -> None:
    """Made, checked by both ways, and refused in each way that a holder can meet."""
    marks, org = traffic.marks, traffic.service.org
    officer = org.officers[0]
    agency, purpose = marks.of("agency"), marks.text("proof-for")
    digits = marks.receipt()
    keys = receipts.derive(digits, org.deployment_id)
    kid = bytes.fromhex(officer.keyid)
    head = Voucher(org.deployment_id, 1, officer.name, kid, agency, org.today)
    copy = certificates.issue(
        head, officer.sign_seed, bundle_hash(keys.bundle), secrets.token_bytes(32)
    )
    marks.watch("the certificate's salt", copy.salt)
    marks.watch("the prover's signing seed", keys.sign_seed)

    wanted = json.dumps({"certificate": copy.encode(), "for": purpose}, ensure_ascii=False)
    mine = {**JSON, **with_receipt(digits)}
    made = traffic.send(REPORTER, "POST", f"{PLACE}/proof", wanted.encode(), mine)
    assert made.status == 200, made.content
    for document in (made.json()["proof"], copy.certificate.text, purpose):
        check(traffic, document)
    others = {**JSON, **with_receipt(marks.receipt())}
    traffic.send(REPORTER, "POST", f"{PLACE}/proof", wanted.encode(), others)
    spoilt = json.dumps({"certificate": copy.encode(), "for": purpose + "\n"})
    traffic.send(REPORTER, "POST", f"{PLACE}/proof", spoilt.encode(), mine)
    assert traffic.send(REPORTER, "GET", f"{PLACE}/check").status == 200


def check(traffic: Traffic, document: str) -> None:
    """A document by the route for machines and on the page."""
    body = json.dumps({"document": document}, ensure_ascii=False).encode()
    traffic.send(REPORTER, "POST", f"{PLACE}/verify", body, JSON)
    kind = {"Content-Type": f"multipart/form-data; boundary={LEAD[2:].decode()}"}
    for accept in ("text/html", "*/*"):
        page = encoded({"document": document}, [])
        traffic.send(REPORTER, "POST", f"{PLACE}/check", page, {**kind, "Accept": accept})
