"""Part of a sealed object: one range, of the object that was seen, and no more read."""

import secrets
from typing import Any

import httpx

from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Kind, Prefix
from tests.api.front_end import sealed_file
from tests.doors import Doors


async def stored_file(doors: Doors, content: bytes) -> tuple[str, bytes]:
    """The path and the octets of a file on a new tip."""
    await doors.new_tip()
    tip_id, object_id = await doors.only_tip_id(), secrets.token_bytes(16)
    bundle = (await doors.bundles())[tip_id]
    prefix = Prefix(
        Kind.ATTACHMENT_FROM_STAFF, 0, tip_id, object_id, receipts.bundle_hash(bundle)
    )
    to = [receipts.parse_bundle(bundle).reply_key, *doors.org.recipients()]
    octets = sealed_file(prefix, to, content)
    target = f"/v1/tips/{tip_id.hex()}/attachments/{object_id.hex()}?follow_up={'ef' * 16}"
    assert (await doors.signed("PUT", target, octets)).status_code == 201
    return f"/v1/objects/{object_id.hex()}", octets


async def part(doors: Doors, path: str, **headers: str) -> httpx.Response:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return await doors.staff.get(path, headers=doors.signature("GET", path) | more)


async def test_a_range_is_that_part_of_the_object(doors: Doors) -> None:
    """In the head, across it, across chunks, to the end, from the end."""
    path, octets = await stored_file(doors, secrets.token_bytes(600_000))
    total, head = len(octets), 73 + 3 * 1184
    asked = {
        "bytes=0-0": (0, 1),
        f"bytes=10-{head + 9}": (10, head + 10),
        f"bytes={head}-{head + 9}": (head, head + 10),
        f"bytes={head + 262_140}-{head + 262_150}": (head + 262_140, head + 262_151),
        f"bytes={head + 262_144}-{head + 524_287}": (head + 262_144, head + 524_288),
        f"bytes={total - 1}-": (total - 1, total),
        "bytes=-1024": (total - 1024, total),
        f"bytes=-{total + 5}": (0, total),
        f"bytes=5-{total + 999}": (5, total),
    }
    for text, (start, stop) in asked.items():
        answer = await part(doors, path, range=text)
        assert (answer.status_code, answer.content) == (206, octets[start:stop]), text
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{total}"
        assert answer.headers["content-length"] == str(stop - start)


async def test_a_range_of_a_message_is_one_too(doors: Doors) -> None:
    """Which lies in one row and not in chunks."""
    await doors.new_tip()
    (octets,) = await doors.stored(Kind.TIP)
    (listed,) = (await doors.signed("GET", "/v1/index")).json()["objects"]
    path = f"/v1/objects/{listed['object_id']}"
    answer = await part(doors, path, range="bytes=70-5000")

    assert (answer.status_code, answer.content) == (206, octets[70:5001])
    assert answer.headers["etag"] == f'"{listed["digest"]}"'


async def test_a_range_that_is_not_there_is_refused(doors: Doors) -> None:
    """Behind the end, backwards, empty, several, or no range at all."""
    path, octets = await stored_file(doors, b"x")
    for text in (
        f"bytes={len(octets)}-",
        "bytes=5-4",
        "bytes=-0",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "bytes=0x1-2",
        "bytes=1-2-3",
        "bytes=" + "9" * 19 + "-",
    ):
        answer = await part(doors, path, range=text)
        assert (answer.status_code, answer.json()["code"]) == (416, "object.bad_range"), text


async def test_a_range_of_another_object_than_was_seen_is_the_whole(doors: Doors) -> None:
    """If-Range: halves of two objects are never joined."""
    path, octets = await stored_file(doors, b"x")
    tag = (await part(doors, path)).headers["etag"]
    same = await part(doors, path, range="bytes=1-2", if_range=tag)
    other = await part(doors, path, range="bytes=1-2", if_range='"' + "0" * 64 + '"')
    unknown = await part(doors, path, range="lines=1-2")

    assert (same.status_code, same.content) == (206, octets[1:3])
    assert (other.status_code, other.content) == (200, octets)
    assert (unknown.status_code, unknown.content) == (200, octets)


async def test_the_end_of_a_long_object_is_read_by_itself(
    doors: Doors, monkeypatch: Any
) -> None:
    """One chunk of it, however many come before."""
    path, octets = await stored_file(doors, bytes(3_000_000))
    read: list[int] = []
    chunk = doors.bench.envelopes._chunk

    async def counted(row: Any, number: int) -> bytes:
        read.append(number)
        return await chunk(row, number)

    monkeypatch.setattr(doors.bench.envelopes, "_chunk", counted)
    answer = await part(doors, path, range="bytes=-1024")

    assert answer.content == octets[-1024:]
    assert len(read) == 1
