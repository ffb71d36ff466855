"""Pages from a sealed draft to the public and down again; what a draft says is marked."""

import hashlib
import json
import secrets
import time
from typing import Any

from mustshare_api.crypto import drafts, sealing
from mustshare_api.crypto.suite import signer
from tests.faults.canary.traffic import REPORTER, Traffic
from tests.pages import article, case, change, photo, picture

STATUSES = {200, 201, 202, 204}


def pages(traffic: Traffic) -> None:
    """Every route of pages, for each kind."""
    for plural, content in (("cases", case()), ("articles", article())):
        _one(traffic, plural, content)
    for path in (
        "/v1/feed.atom", "/v1/feed.json", "/v1/statistics", "/v1/statistics.csv", "/statistics",
    ):  # fmt: skip
        assert traffic.send(REPORTER, "GET", path).status == 200


def _one(traffic: Traffic, plural: str, content: dict[str, Any]) -> None:
    page_id, slug, octets = secrets.token_hex(16), secrets.token_hex(16), photo()
    named = picture(octets)
    body = json.dumps(content | {"slug": slug, "pictures": [named]}).encode()
    path = f"/v1/{plural}/{page_id}/publication"
    _draft(traffic, page_id)
    digest = json.dumps({"digest": hashlib.sha256(body).hexdigest()}).encode()
    _put(traffic, path, digest, 0)
    _put(traffic, path, body, 0, officer=1)
    _put(traffic, f"{path}/pictures/{named['id']}", octets, None)
    for target in (path, f"{path}/versions/1", f"/v1/publications/{plural}"):
        assert traffic.signed("GET", target).status == 200
    public = f"/v1/{plural}/{slug}"
    for target in (
        public, f"{public}/history", f"{public}/pictures/{named['id']}", f"/v1/{plural}",
        f"/{plural}/{slug}",
    ):  # fmt: skip
        assert traffic.send(REPORTER, "GET", target).status == 200
    if plural == "cases":
        assert traffic.send(REPORTER, "GET", f"{public}/ocds.json").status == 200
    reason = json.dumps({"reason": change()}).encode()
    _put(traffic, f"/v1/{plural}/{page_id}/taking-down", reason, 1)
    assert traffic.send(REPORTER, "GET", public).status == 410


def _draft(traffic: Traffic, page_id: str) -> None:
    org = traffic.service.org
    by = org.officers[0]
    content = drafts.pack([b"{}", traffic.marks.text("draft").encode()])
    prefix = drafts.prefix(bytes.fromhex(page_id), secrets.token_bytes(16))
    keys = [one.public_key for one in drafts.recipients(org.directory(), org.today)]
    sealed = sealing.seal_message(prefix, keys, content, signer(by.sign_seed))
    target = f"/v1/drafts/{page_id}"
    _put(traffic, target, sealed, 0)
    for one in ("/v1/drafts", target):
        assert traffic.signed("GET", one).status == 200
    dropped = traffic.signed("DELETE", target, if_match='"1"')
    assert dropped.status == 204, dropped.content


def _put(
    traffic: Traffic, target: str, body: bytes, seen: int | None, officer: int = 0
) -> None:
    by = traffic.service.org.officers[officer]
    signed: dict[str, Any] = {"keyid": by.keyid, "seed": by.sign_seed}
    if seen is not None:
        signed["if_match"] = f'"{seen}"'
    answer = traffic.signed("PUT", target, body, created=int(time.time()), **signed)
    assert answer.status in STATUSES, answer.content
