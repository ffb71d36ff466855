"""Staff tools sync and note, with marks in what is asked for and in what is sealed."""

import base64
import json
import secrets

from mustshare_api.crypto import frames, receipts, sealing
from mustshare_api.crypto.directory import believe
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.suite import signer
from tests.faults.canary.traffic import STAFF, Traffic


def staff_sync(traffic: Traffic) -> None:
    """Changes, many messages, part of one, an entry twice, and each of them wrong."""
    page = traffic.signed("GET", "/v1/changes").json()
    ids = [one["object_id"] for one in page["objects"] if one["kind"] == Kind.TIP]
    body = json.dumps({"ids": ids}).encode()
    assert traffic.signed("POST", "/v1/objects/batch", body).status == 200
    place = f"/v1/objects/{ids[0]}"
    headers = traffic.signature("GET", place) | {"Range": "bytes=10-20"}
    assert traffic.send(STAFF, "GET", place, headers=headers).status == 206
    tip = next(one for one in page["tips"] if one["bundle"])
    note(traffic, tip)
    mark = traffic.marks.of("cursor")
    traffic.signed("GET", f"/v1/changes?after={mark}")
    traffic.signed("GET", f"/v1/changes?since={mark}")
    traffic.signed("POST", "/v1/objects/batch", json.dumps({"ids": [mark]}).encode())
    traffic.signed("POST", "/v1/desk/entries", mark.encode())
    headers = traffic.signature("GET", place) | {"Range": f"bytes={mark}"}
    traffic.send(STAFF, "GET", place, headers=headers)


def note(traffic: Traffic, tip: dict[str, str]) -> None:
    """A note that has a mark in it, sent twice."""
    org = traffic.service.org
    directory = believe(traffic.signed("GET", "/v1/directory").content, org.roots)
    bundle = receipts.bundle_hash(base64.b64decode(tip["bundle"]))
    tip_id = bytes.fromhex(tip["tip_id"])
    prefix = Prefix(Kind.DESK_ENTRY, 0, tip_id, secrets.token_bytes(16), bundle)
    octets = sealing.seal_message(
        prefix,
        [entry.public_key for entry in directory.recipients(org.today)],
        traffic.marks.of("note").encode(),
        signer(org.officers[0].sign_seed),
    )
    for status in (200, 208):
        answer = traffic.signed("POST", "/v1/desk/entries", frames.joined([octets]))
        assert [one["status"] for one in answer.json()["entries"]] == [status]
