"""Staff take a key away for good, by sealing an object anew under another content key."""

import secrets
from typing import Any

import pytest

from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Kind, Prefix
from tests.api.front_end import FrontEnd, sealed_file
from tests.api.kept import DONE, Kept
from tests.api.staff_roles import enlist
from tests.doors import OCTETS, Doors, with_receipt

WRONG = (409, "object.wrong_recipients")


async def test_an_object_is_sealed_anew_whole(kept: Kept) -> None:
    """Other stanzas and another payload, at once."""
    octets = kept.anew(kept.head.stanzas[0].kid)

    assert await kept.put(kept.path, octets) == DONE
    assert await kept.fetched() == octets


async def test_a_file_is_sealed_anew_whole(doors: Doors) -> None:
    """In chunks, as it was stored."""
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    await doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS)
    object_id = secrets.token_bytes(16)
    sealed = front.attachment(object_id, secrets.token_bytes(900_000))
    target = f"/v1/tip/attachments/{object_id.hex()}"
    sent = await doors.reporter.put(target, content=sealed, headers=front.headers)
    assert sent.status_code == 201
    kept = Kept(doors, await enlist(doors), sealed)
    octets = kept.anew(*kept.head.kids, kept.case_kid(kept.cast.malee))

    assert await kept.put(kept.path, octets) == DONE
    assert await kept.fetched(kept.cast.malee) == octets
    assert doors.bench.parking.taken_bytes == 0


async def test_what_is_not_the_same_object_sealed_anew_is_refused(kept: Kept) -> None:
    """Another length, another prefix, or a stanza of before, which would open nothing."""
    whole = kept.anew(*(one.kid for one in kept.head.stanzas))
    left = whole[:73] + kept.head.stanzas[0].encode() + whole[73 + 1184 :]
    spoilt = [
        (whole[:-1], (400, "object.wrong_size")),
        (whole + b"x" * 1024, (400, "object.wrong_size")),
        (b"MSO1", (400, "envelope.malformed")),
        (b"", (400, "attachment.empty")),
        (whole[:30] + b"x" + whole[31:], (400, "envelope.wrong_id")),
        (whole[:7] + b"\x00" + whole[8:], (400, "envelope.wrong_id")),
        (left, WRONG),
    ]

    for octets, told in spoilt:
        assert await kept.put(kept.path, octets) == told
    assert await kept.fetched() == kept.octets


async def test_the_head_of_an_object_alone_changes_nothing(kept: Kept) -> None:
    """It names the stanzas that are there: a retry, whose payload is not looked at."""
    assert await kept.put(kept.path, kept.head.octets) == DONE
    assert await kept.fetched() == kept.octets


async def test_a_reporter_whose_file_is_sealed_anew_half_way_is_asked_to_come_back(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not told that the file is gone, and never given half of one and half of another."""
    receipt = with_receipt(await doors.new_tip())
    tip_id, object_id = await doors.only_tip_id(), secrets.token_bytes(16)
    bundle = (await doors.bundles())[tip_id]
    prefix = Prefix(
        Kind.ATTACHMENT_FROM_STAFF, 0, tip_id, object_id, receipts.bundle_hash(bundle)
    )
    keys = [receipts.parse_bundle(bundle).reply_key, *doors.org.recipients()]
    content = secrets.token_bytes(600_000)
    first, second = (sealed_file(prefix, keys, content) for _ in range(2))
    place = f"/v1/tips/{tip_id.hex()}/attachments/{object_id.hex()}?follow_up={'ab' * 16}"
    assert (await doors.signed("PUT", place, first)).status_code == 201
    kept = Kept(doors, await enlist(doors), first)
    envelopes, asked = doors.bench.envelopes, f"/v1/tip/attachments/{object_id.hex()}"
    chunk = envelopes._chunk

    async def overtaken(row: Any, number: int) -> bytes:
        if number == 1:
            assert await kept.put(kept.path, second) == DONE
        return await chunk(row, number)

    monkeypatch.setattr(envelopes, "_chunk", overtaken)
    early = await doors.reporter.get(asked, headers=receipt)
    monkeypatch.undo()
    later = await doors.reporter.get(asked, headers=receipt)

    assert (early.status_code, early.json()["code"]) == (503, "upload.busy")
    assert (later.status_code, later.content) == (200, content)
