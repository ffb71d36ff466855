"""Many messages in one request: whole, in order, and nothing that is not for whoever asks."""

import json
import secrets
from typing import Any

import httpx

from mustshare_api.crypto import frames, receipts
from mustshare_api.crypto.envelope import Kind, Prefix
from tests.api.front_end import sealed_file
from tests.api.staff_roles import enlist
from tests.doors import Doors


async def batch(doors: Doors, ids: list[str]) -> httpx.Response:
    body = json.dumps({"ids": ids}).encode()
    return await doors.signed("POST", "/v1/objects/batch", body)


async def test_a_batch_brings_messages_whole_and_in_order(doors: Doors) -> None:
    """As they are stored; what is not there, or is a file, is left out."""
    for _ in range(3):
        await doors.new_tip()
    index = (await doors.signed("GET", "/v1/index")).json()["objects"]
    ids = [one["object_id"] for one in reversed(index)]
    answer = await batch(doors, [ids[0], secrets.token_hex(16), *ids[1:], ids[0]])
    whole = [(await doors.signed("GET", f"/v1/objects/{one}")).content for one in ids]

    assert answer.status_code == 200
    assert frames.read(answer.content, most=3, limit_bytes=1 << 20) == whole
    assert (await batch(doors, [secrets.token_hex(16)])).content == b""


async def test_a_batch_holds_no_file_and_nothing_of_others(doors: Doors) -> None:
    """Neither is there for whoever asks."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    bundle = (await doors.bundles())[tip_id]
    file_id, follow_up = secrets.token_bytes(16), "ef" * 16
    prefix = Prefix(
        Kind.ATTACHMENT_FROM_STAFF, 0, tip_id, file_id, receipts.bundle_hash(bundle)
    )
    to = [receipts.parse_bundle(bundle).reply_key, *doors.org.recipients()]
    target = f"/v1/tips/{tip_id.hex()}/attachments/{file_id.hex()}?follow_up={follow_up}"
    assert (await doors.signed("PUT", target, sealed_file(prefix, to, b"x"))).status_code == 201
    index = (await doors.signed("GET", "/v1/index")).json()["objects"]
    cast = await enlist(doors)
    body = json.dumps({"ids": [one["object_id"] for one in index]}).encode()

    own = await doors.signed("POST", "/v1/objects/batch", body)
    others = await doors.signed("POST", "/v1/objects/batch", body, officer=cast.malee)
    assert len(frames.read(own.content, most=9, limit_bytes=1 << 20)) == 1
    assert others.content == b""


async def test_a_batch_ends_where_it_is_full(doors: Doors, monkeypatch: Any) -> None:
    """At least one comes, so that whoever asks again gets to the end."""
    monkeypatch.setattr("mustshare_api.api.staff.changes.BATCH_BYTES", 1)
    for _ in range(2):
        await doors.new_tip()
    index = (await doors.signed("GET", "/v1/index")).json()["objects"]
    answer = await batch(doors, [one["object_id"] for one in index])

    (only,) = frames.read(answer.content, most=1, limit_bytes=1 << 20)
    path = f"/v1/objects/{index[0]['object_id']}"
    assert only == (await doors.signed("GET", path)).content


async def test_a_batch_that_cannot_be_is_refused(doors: Doors) -> None:
    """A clear problem for each way of being wrong."""
    made = {
        b"": "request.bad_json",
        b"{": "request.bad_json",
        b'{"ids":[]}': "request.invalid_fields",
        b'{"ids":["x"]}': "request.invalid_fields",
        b'{"ids":["' + b"ab" * 16 + b'\\n"]}': "id.malformed",
        b'{"ids":1}': "request.invalid_fields",
        b'{"ids":["' + b"ab" * 16 + b'"],"more":1}': "request.invalid_fields",
        b'{"ids":[],"ids":[]}': "request.invalid_fields",
        json.dumps({"ids": ["ab" * 16] * 501}).encode(): "request.invalid_fields",
    }
    for body, code in made.items():
        answer = await doors.signed("POST", "/v1/objects/batch", body)
        assert (answer.status_code, answer.json()["code"]) == (400, code), body
