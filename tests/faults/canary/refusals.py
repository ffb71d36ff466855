"""Every kind of refusal, asked for with marks."""

import json
import secrets
from base64 import urlsafe_b64encode

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import (
    ReplyBody,
)
from tests.faults.canary import traffic as ways
from tests.faults.canary.cast import Reporter, marked_jpeg, sealed, sealed_file
from tests.faults.canary.traffic import REPORTER, STAFF, Traffic
from tests.faults.reporters import JSON, OCTETS, with_receipt
from tests.pictures import jpegs, pngs

NOW = "2026-11-23T05:00:00Z"


def refusals(traffic: Traffic, thin: Reporter, careful: Reporter) -> None:
    """Requests that are understood and refused, each with marks in what is refused."""
    marks = traffic.marks
    mark = marks.of("refused")
    for broken in ways.broken_bodies(marks):
        traffic.send(REPORTER, "POST", "/v1/tips", broken, JSON)
        traffic.send(REPORTER, "POST", "/v1/tips", broken, OCTETS)
        traffic.send(REPORTER, "POST", "/v1/tips", broken, {"Content-Type": f"text/{mark}"})
        traffic.send(REPORTER, "POST", "/v1/tip/follow-ups", broken, {**JSON, **thin.headers})
        traffic.send(
            REPORTER, "POST", "/v1/tip/follow-ups", broken, {**JSON, **careful.headers}
        )
        traffic.send(
            REPORTER, "POST", "/v1/tip/follow-ups", broken, {**OCTETS, **careful.headers}
        )
        traffic.signed("PUT", "/v1/directory", broken)
    later = json.dumps({"id": secrets.token_hex(16), "text": marks.text("not-sealed")})
    in_clear = {**JSON, **careful.headers}
    traffic.send(REPORTER, "POST", "/v1/tip/follow-ups", later.encode(), in_clear)
    refused_credentials(traffic)
    refused_files(traffic, thin, careful)
    refused_staff(traffic, thin)
    words = ways.tip(marks.text("busy"))
    traffic.at_once(
        8, REPORTER, "POST", "/v1/tips", words, {**JSON, **with_receipt(marks.receipt())}
    )


def refused_credentials(traffic: Traffic) -> None:
    """Receipts and tokens that are none, or nobody's, or somebody else's."""
    marks = traffic.marks
    receipt, mark = marks.receipt(), marks.of("credential")
    taken = {**JSON, **with_receipt(receipt)}
    traffic.send(REPORTER, "POST", "/v1/tips", ways.tip(marks.text("one")), taken)
    traffic.send(REPORTER, "POST", "/v1/tips", ways.tip(marks.text("other")), taken)
    retry = {**JSON, "Idempotency-Key": f"{mark}!"}
    traffic.send(REPORTER, "POST", "/v1/tips", ways.tip(marks.text("one")), retry)
    for credential in (
        f"Receipt {receipt[:-1]}",
        f"Receipt {receipt[::-1]}",
        f"Receipt {marks.receipt()}",
        f"Receipt {mark}",
        f"Bearer {mark}",
        f"Bearer {urlsafe_b64encode(marks.access('nobody')).rstrip(b'=').decode()}",
        f"Basic {mark}",
        f"{mark} {receipt}",
        "",
    ):
        headers = {"Authorization": credential, **JSON}
        traffic.send(REPORTER, "GET", "/v1/tip", headers=headers)
        traffic.send(REPORTER, "POST", "/v1/tips", ways.tip(marks.text("tip")), headers)


def refused_files(traffic: Traffic, thin: Reporter, careful: Reporter) -> None:
    """Files that are none, or not to be made safe, or not where they should be."""
    marks = traffic.marks
    whole = marked_jpeg(traffic, jpegs.plain())
    mark = marks.of("bad-file").encode()
    files = [
        b"",
        mark * 100,
        b"%PDF-1.7 " + mark,
        whole[: len(whole) // 2],
        whole[:200] + mark * 50 + whole[200:],
        pngs.plain()[:60] + mark * 50,
        b"MSO1" + mark * 40,
        sealed_file(
            traffic,
            thin,
            Kind.ATTACHMENT_FROM_REPORTER,
            secrets.token_bytes(16),
            traffic.service.org.recipients()[:1],
        ),
    ]
    same = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    for file in [whole, *files]:
        for reporter in (thin, careful):
            traffic.send(REPORTER, "PUT", same, file, {**OCTETS, **reporter.headers})
    for method in ("GET", "PUT"):
        target = f"/v1/tip/attachments/{marks.of('path')}"
        traffic.send(REPORTER, method, target, whole, {**OCTETS, **thin.headers})
    traffic.send(REPORTER, "GET", same, headers=thin.headers)
    traffic.send(
        REPORTER, "DELETE", f"/v1/tip/follow-ups/{secrets.token_hex(16)}", headers=thin.headers
    )


def refused_staff(traffic: Traffic, thin: Reporter) -> None:
    """Staff requests that nobody signed, or not this way, or not now; and what is not there."""
    marks = traffic.marks
    mark = marks.of("staff")
    index = "/v1/index"
    traffic.send(STAFF, "GET", index)
    traffic.send(STAFF, "GET", index, headers={"Signature-Input": mark, "Signature": mark})
    traffic.signed("GET", index, created=1)
    traffic.signed("GET", index, keyid=mark[:60])
    traffic.signed("GET", index, seed=secrets.token_bytes(32))
    nonce = marks.stem * 2
    for _ in range(2):
        traffic.signed("GET", index, nonce=nonce)
    traffic.signed("GET", f"{index}?limit={mark}")
    traffic.signed("GET", f"{index}?{mark}=1")
    traffic.signed("GET", f"/v1/objects/{secrets.token_hex(16)}")
    answer = f"/v1/tips/{secrets.token_hex(16)}/follow-ups"
    body = sealed(
        traffic,
        thin,
        Kind.FOLLOW_UP_FROM_STAFF,
        ReplyBody(sent_at=NOW, text=marks.text("reply"), signed_by="0" * 32),
    )
    traffic.signed("POST", answer, body)
    traffic.signed("POST", answer, mark.encode() * 99)
    traffic.signed("POST", answer, mark.encode() * 99, claimed=b"other")
    traffic.signed("PUT", "/v1/directory", traffic.service.org.note(signed_by=()))
