"""A campaign from its publication to its map; what its reporters answer is marked."""

import hashlib
import json
import secrets
from typing import Any

from tests.campaigns import ANSWERS, CHIANG_MAI, place, roads
from tests.faults.canary.traffic import REPORTER, Traffic
from tests.faults.reporters import JSON
from tests.pages import change, photo, picture

UNANSWERED = {
    ("reporter", "POST", "/v1/open311/requests.json"),
    ("reporter", "POST", "/v1/open311/requests.xml"),
    ("reporter", "GET", "/v1/open311/requests/*"),
}
"""Two are refused whatever comes; the third has nothing to show before a Monday."""


def campaigns(traffic: Traffic) -> None:
    """Every route of campaigns, with marks in every answer and in what is refused."""
    slug = secrets.token_hex(16)
    page_id = _published(traffic, slug)
    _answered(traffic, slug)
    _points(traffic, slug)
    base = f"/v1/campaigns/{slug}"
    for target in (
        "/v1/campaigns", base, f"{base}/schema.json", f"{base}/map.geojson", f"{base}/map.csv",
        f"{base}/gallery", f"{base}/history", f"/v1/form/campaigns/{slug}",
        "/v1/open311/services.json", f"/v1/open311/services/{slug}.json",
        f"/v1/open311/requests.json?service_code={slug}", "/v1/open311/discovery.json",
        "/v1/open311/services.xml", f"/v1/open311/services/{slug}.xml",
        f"/v1/open311/requests.xml?service_code={slug}", "/v1/open311/discovery.xml",
        f"/campaigns/{slug}",
    ):  # fmt: skip
        assert traffic.send(REPORTER, "GET", target).status == 200, target
    mark = traffic.marks.of("open311")
    traffic.send(REPORTER, "GET", f"/v1/open311/requests/{slug}.json")
    traffic.send(REPORTER, "GET", "/v1/open311/requests.json?status=none")
    told = json.dumps({"service_code": slug, "description": mark}).encode()
    for form in ("json", "xml"):
        refused = traffic.send(REPORTER, "POST", f"/v1/open311/requests.{form}", told, JSON)
        assert refused.status == 403
    reason = json.dumps({"reason": change()}).encode()
    _put(traffic, f"/v1/campaigns/{page_id}/taking-down", reason, seen=1)


def _published(traffic: Traffic, slug: str) -> str:
    page_id, octets = secrets.token_hex(16), photo()
    named = picture(octets)
    days = {"opens_on": "2026-01-01", "closes_on": None}
    body = json.dumps(roads(slug=slug, pictures=[named], **days)).encode()
    path = f"/v1/campaigns/{page_id}/publication"
    digest = json.dumps({"digest": hashlib.sha256(body).hexdigest()}).encode()
    _put(traffic, path, digest)
    _put(traffic, path, body, officer=1)
    _put(traffic, f"{path}/pictures/{named['id']}", octets, seen=None)
    for target in (path, f"{path}/versions/1", "/v1/publications/campaigns"):
        assert traffic.signed("GET", target).status == 200
    shown = f"/v1/campaigns/{slug}/pictures/{named['id']}"
    assert traffic.send(REPORTER, "GET", shown).status == 200
    return page_id


def _answered(traffic: Traffic, slug: str) -> None:
    marks = traffic.marks
    answers = ANSWERS | {"road": marks.of("answer")[:100]}
    said = {"text": marks.text("campaign"), "campaign": slug, "answers": answers}
    fits = json.dumps(said).encode()
    assert traffic.send(REPORTER, "POST", "/v1/tips", fits, JSON).status == 201
    clear = json.dumps(said | {"link_in_clear": True}).encode()
    assert traffic.send(REPORTER, "POST", "/v1/tips", clear, JSON).status == 201
    answers[marks.of("question")[:20]] = marks.text("wrong-answer")
    wrong = traffic.send(REPORTER, "POST", "/v1/tips", json.dumps(said).encode(), JSON)
    assert wrong.status == 400
    _by_form(traffic, slug)


def _by_form(traffic: Traffic, slug: str) -> None:
    marks = traffic.marks
    fields = {
        "receipt": marks.receipt(), "text": marks.text("campaign-form"), "q.defect": "crack",
        "q.sign": "false", "q.road": marks.of("road")[:100],
    }  # fmt: skip
    head = 'Content-Disposition: form-data; name="{}"\r\n\r\n'
    for more in ({}, {"q.since": marks.of("since")}):
        parts = [head.format(name) + value for name, value in (fields | more).items()]
        body = "".join(f"--x\r\n{part}\r\n" for part in parts) + "--x--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "text/html"}
        own = f"https://127.0.0.1:{traffic.service.ports[0]}"
        target = f"/v1/form/campaigns/{slug}"
        sent = traffic.send(REPORTER, "POST", target, body.encode(), kind | {"Origin": own})
        assert sent.status == (400 if more else 201), sent.content


def _points(traffic: Traffic, slug: str) -> None:
    point_id = secrets.token_hex(16)
    target = f"/v1/campaigns/{slug}/points"
    said = json.dumps({"id": point_id, **place(CHIANG_MAI)}).encode()
    assert traffic.signed("POST", target, said).status == 201
    assert traffic.signed("GET", target).status == 200
    assert traffic.signed("DELETE", f"{target}/{point_id}").status == 204


def _put(
    traffic: Traffic, target: str, body: bytes, *, officer: int = 0, seen: int | None = 0
) -> None:
    by = traffic.service.org.officers[officer]
    signed: dict[str, Any] = {"keyid": by.keyid, "seed": by.sign_seed}
    if seen is not None:
        signed["if_match"] = f'"{seen}"'
    answer = traffic.signed("PUT", target, body, **signed)
    assert answer.status in {200, 201, 202, 204}, answer.content
