"""A tip goes to an agency and comes back as an outcome, with marks in all that is said."""

import json
import secrets
from typing import Any

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix, parse_head
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.docket import DocketBody, encode_docket
from mustshare_api.domain.message import DisputeBody
from tests.api.referring import Agency, agreed, proposal, reported
from tests.faults.canary.story import NOW, Reporter, sealed
from tests.faults.canary.traffic import REPORTER, STAFF, Traffic
from tests.faults.reporters import JSON, OCTETS
from tests.organisation import Officer
from tests.service import Response

OUTCOME = "0b" * 16


def refer(traffic: Traffic, reporters: list[Reporter], serial: int) -> None:
    """Everything that officers and an agency may do with a referral, and what they may not."""
    org, agency = traffic.service.org, Agency("nacc")
    org.others += agency.entries()
    assert traffic.signed("PUT", "/v1/directory", org.note(serial)).status == 204
    mark = traffic.marks.of("agency")
    record = {"title_th": "ป.ป.ช.", "title_en": "NACC", "kind": "anti_corruption"}
    assert ask(traffic, "PUT", "/v1/agencies/nacc", record, seen=0).status == 204
    traffic.taken.add(("staff", "PUT", "/v1/agencies/*"))  # by its name, which is no id
    ask(traffic, "PUT", "/v1/agencies/nacc", {**record, "kind": mark}, seen=0)
    assert ask(traffic, "GET", "/v1/agencies").status == 200
    tips = [verified(traffic, reporter) for reporter in reporters]
    made = sent(traffic, agency, tips)
    said(traffic, agency, made)
    for reporter in reporters:
        told(traffic, reporter, made)
    gone = sent(traffic, agency, [{**tip, "steps": tip["steps"] + 1} for tip in tips])
    assert ask(traffic, "DELETE", f"/v1/referrals/{gone}", seen=2).status == 204


def verified(traffic: Traffic, reporter: Reporter) -> dict[str, Any]:
    """A tip that stands where it can be referred from, and its version."""
    tip_id = reporter.tip_id.hex()
    tips = ask(traffic, "GET", "/v1/tips").json()["tips"]
    (seen,) = (one for one in tips if one["tip_id"] == tip_id)
    if seen["state"] in {"verifying", "published", "referred"}:
        return {"tip_id": tip_id, "steps": seen["steps"]}
    path, verify = f"/v1/tips/{tip_id}/steps", {"step": "verify"}
    got = ask(traffic, "POST", path, verify, seen=seen["steps"])
    assert got.status == 200, got.content
    return {"tip_id": tip_id, "steps": seen["steps"] + 1}


def sent(traffic: Traffic, agency: Agency, tips: list[dict[str, Any]]) -> str:
    """A referral that two officers agreed on, and what is refused on the way."""
    made = secrets.token_hex(16)
    octets = agency.sealed(traffic.marks.text("referred").encode() * 9000)
    clear = traffic.marks.text("not-sealed").encode()
    word = agreed(octets, tips)
    target = proposal(made, word)
    ask(traffic, "PUT", target, clear)
    ask(traffic, "PUT", proposal(made, word, traffic.marks.of("agency")), octets)
    ask(traffic, "PUT", f"{target.partition('&')[0]}&tips={traffic.marks.of('tips')}", octets)
    assert ask(traffic, "PUT", target, octets).status == 202
    path = f"/v1/referrals/{made}/confirmation"
    ask(traffic, "POST", path, word, seen=1)
    for name in ("sha256", "nonce"):
        ask(traffic, "POST", path, {**word, name: traffic.marks.of("digest")}, seen=1)
    second = traffic.service.org.officers[1]
    got = ask(traffic, "POST", path, word, by=second, seen=1)
    assert got.status == 204, got.content
    assert ask(traffic, "GET", "/v1/referrals", by=agency).status == 200
    assert ask(traffic, "GET", f"/v1/referrals/{made}/bundle", by=agency).content == octets
    return made


def said(traffic: Traffic, agency: Agency, made: str) -> None:
    """Acknowledged, asked, answered, concluded; each word read by officers, sealed."""
    path, marks = f"/v1/referrals/{made}", traffic.marks
    assert ask(traffic, "POST", f"{path}/acknowledgement", by=agency, seen=2).status == 204
    word: dict[str, Any] = {"id": secrets.token_hex(16), "nonce": secrets.token_hex(16)}
    question = {**word, "text_th": marks.text("question")}
    for broken in (
        {**question, marks.of("field"): 1},
        {**question, "nonce": marks.of("nonce")},
    ):
        ask(traffic, "POST", f"{path}/questions", broken, by=agency, seen=3)
    for _ in range(2):
        ask(traffic, "POST", f"{path}/questions", question, by=agency, seen=3)
    answer = f"{path}/answers/{secrets.token_hex(16)}"
    octets = agency.sealed(marks.text("answered").encode())
    assert ask(traffic, "PUT", answer, octets, seen=4).status == 201
    assert ask(traffic, "GET", answer, by=agency).content == octets
    got = ask(traffic, "GET", f"{path}/words/{word['id']}")
    assert parse_head(got.content).prefix.kind is Kind.AGENCY_WORD
    outcome = {
        **word, "id": secrets.token_hex(16), "kind": "repaired", "on": "2026-01-20",
        "text_en": marks.text("outcome"),
    }  # fmt: skip
    assert ask(traffic, "POST", f"{path}/outcomes", outcome, by=agency, seen=5).status == 201
    ask(traffic, "POST", f"{path}/questions", {**question, "id": "0c" * 16}, by=agency, seen=6)
    assert ask(traffic, "GET", path).json()["referral"]["state"] == "concluded"


def told(traffic: Traffic, reporter: Reporter, made: str) -> None:
    """The docket with a mark in it, seen by its reporter, and contested."""
    org, marks = traffic.service.org, traffic.marks
    hashed = receipts.bundle_hash(reporter.bundle)
    prefix = Prefix(Kind.DOCKET, 0, reporter.tip_id, secrets.token_bytes(16), hashed)
    keys = [receipts.parse_bundle(reporter.bundle).reply_key, *org.recipients()]
    officer = org.officers[0]
    body = DocketBody(NOW, officer.keyid, note=marks.text("docket"), **reported(made, OUTCOME))
    octets = sealing.seal_message(prefix, keys, encode_docket(body), signer(officer.sign_seed))
    path = f"/v1/tips/{reporter.tip_id.hex()}/docket"
    ask(traffic, "PUT", path, octets)
    ask(traffic, "PUT", path, octets, match=marks.of("if-match"))
    got = ask(traffic, "PUT", path, octets, more={"If-None-Match": "*"})
    assert got.status == 201, got.content
    seen = traffic.send(REPORTER, "GET", "/v1/tip", headers=reporter.headers).json()["docket"]
    assert seen["verified"] is reporter.headers["Authorization"].startswith("Receipt")
    contest(traffic, reporter)


def contest(traffic: Traffic, reporter: Reporter) -> None:
    """In clear by a receipt, else sealed; and of an outcome that is none."""
    text = traffic.marks.text("dispute")
    said = {"id": secrets.token_hex(16), "about": OUTCOME, "text": text}
    clear = {**JSON, **reporter.headers}
    for one in (said, {**said, "id": secrets.token_hex(16), "about": "ff" * 16}):
        octets = json.dumps(one).encode()
        traffic.send(REPORTER, "POST", "/v1/tip/dispute", octets, clear)
    body = DisputeBody(NOW, OUTCOME, text)
    octets = sealed(traffic, reporter, Kind.FOLLOW_UP_FROM_REPORTER, body)
    headers = {**OCTETS, **reporter.headers}
    assert traffic.send(REPORTER, "POST", "/v1/tip/dispute", octets, headers).status == 201


def ask(
    traffic: Traffic,
    method: str,
    target: str,
    body: bytes | dict[str, Any] = b"",
    *,
    by: Officer | None = None,
    seen: int | None = None,
    match: str | None = None,
    more: dict[str, str] | None = None,
) -> Response:
    """A signed request. `seen` is the version that it was made from."""
    octets = json.dumps(body).encode() if isinstance(body, dict) else body
    condition = f'"{seen}"' if seen is not None else match
    officer = by or traffic.service.org.officers[0]
    headers = traffic.signature(
        method,
        target,
        octets,
        keyid=officer.keyid,
        seed=officer.sign_seed,
        if_match=condition,
    )
    kind = JSON if isinstance(body, dict) else {}
    return traffic.send(STAFF, method, target, octets, {**headers, **kind, **(more or {})})
