"""Desk entries: sealed notes of officers, taken many at a time, and nobody else's business."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import httpx

from mustshare_api.crypto import frames, receipts, sealing, xwing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.limits import Limits
from tests.doors import Doors, with_receipt


async def entry(
    doors: Doors,
    tip_id: bytes,
    object_id: bytes | None = None,
    *,
    kind: Kind = Kind.DESK_ENTRY,
    bundle: bytes | None = None,
    also: tuple[bytes, ...] = (),
) -> bytes:
    """A sealed note."""
    known = bundle or (await doors.bundles())[tip_id]
    named = receipts.bundle_hash(known)
    prefix = Prefix(kind, 0, tip_id, object_id or secrets.token_bytes(16), named)
    seed = doors.org.officers[0].sign_seed
    in_force = doors.bench.directory.recipients()
    recipients = [*(each.public_key for each in in_force), *also]
    return sealing.seal_message(prefix, recipients, b'{"note": "look"}', signer(seed))


async def note(doors: Doors, *octets: bytes, **by: Any) -> httpx.Response:
    return await doors.signed("POST", "/v1/desk/entries", frames.joined(octets), **by)


def told(answer: httpx.Response) -> list[tuple[int, str | None]]:
    assert answer.status_code == 207, answer.text
    return [(one["status"], one.get("code")) for one in answer.json()["entries"]]


async def test_entries_are_new_once_and_known_after(doors: Doors) -> None:
    """200, then 208 for the same octets, then 409 for others under the same id."""
    await doors.new_tip()
    tip_id, made = await doors.only_tip_id(), secrets.token_bytes(16)
    octets, more = await entry(doors, tip_id, made), await entry(doors, tip_id)

    assert told(await note(doors, octets)) == [(200, None)]
    assert told(await note(doors, octets, more)) == [(208, None), (200, None)]
    other = await entry(doors, tip_id, made)
    assert told(await note(doors, other, octets)) == [(409, "id.in_use"), (208, None)]
    assert sorted(await doors.stored(Kind.DESK_ENTRY)) == sorted([octets, more])


async def test_an_entry_that_comes_twice_in_one_batch_is_stored_once(doors: Doors) -> None:
    """The second is as good as a retry."""
    await doors.new_tip()
    octets = await entry(doors, await doors.only_tip_id())

    assert told(await note(doors, octets, octets)) == [(200, None), (208, None)]


async def test_a_tip_holds_so_many_entries_and_a_reporter_as_many_words_as_before(
    doors: Doors,
) -> None:
    """429 for the one too many, alone; the reporter's quota is their own."""
    limits = Limits(desk_entries_per_tip=2, follow_ups_per_tip=1)
    object.__setattr__(doors.bench, "limits", limits)
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    three = [await entry(doors, tip_id) for _ in range(3)]

    assert told(await note(doors, *three)) == [(200, None), (200, None), (429, "tip.full")]
    assert told(await note(doors, *three)) == [(208, None), (208, None), (429, "tip.full")]
    said = {"id": secrets.token_hex(16), "text": "a"}
    sent = await doors.reporter.post(
        "/v1/tip/follow-ups", json=said, headers=with_receipt(digits)
    )
    assert sent.status_code == 201


async def test_a_reporter_sees_nothing_of_an_entry(doors: Doors) -> None:
    """Neither answered, nor waiting, nor living longer, nor anything else of the answer."""
    digits = await doors.new_tip()
    before = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    doors.clock.advance(days=1)
    await note(doors, await entry(doors, await doors.only_tip_id()))
    after = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    waiting = await doors.reporter.get("/v1/tip/follow-ups", headers=with_receipt(digits))

    assert after.content == before.content
    assert waiting.json()["follow_ups"] == []
    (tip,) = (await doors.signed("GET", "/v1/tips")).json()["tips"]
    assert tip["answered"] is False


async def test_entries_go_with_their_tip(doors: Doors) -> None:
    """A withdrawal leaves none, and takes none afterwards."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    first, second = await entry(doors, tip_id), await entry(doors, tip_id)
    await note(doors, first)
    await doors.reporter.delete("/v1/tip", headers=with_receipt(digits))

    assert await doors.stored(Kind.DESK_ENTRY) == []
    assert told(await note(doors, first, second)) == [(409, "tip.not_found")] * 2


async def test_an_entry_on_a_tip_of_others_is_not_taken(doors: Doors) -> None:
    """What an officer does not hold is not there for them; the rest of the batch goes on."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    bundle = (await doors.bundles())[tip_id]
    unknown = await entry(doors, secrets.token_bytes(16), bundle=bundle)

    answer = await note(doors, unknown, await entry(doors, tip_id))
    assert told(answer) == [(409, "tip.not_found"), (200, None)]


async def test_an_entry_has_to_be_sealed_to_all_recipients_and_nobody_else(
    doors: Doors,
) -> None:
    """Not to the reporter either; the tool seals it anew."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    stranger = xwing.public_key_of(secrets.token_bytes(32))
    octets = await entry(doors, tip_id, also=(stranger,))

    assert told(await note(doors, octets)) == [(409, "envelope.wrong_recipients")]
    assert await doors.stored(Kind.DESK_ENTRY) == []


async def test_an_entry_of_another_bundle_is_not_taken(doors: Doors) -> None:
    """It would not open for what staff believe of the tip."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    octets = await entry(doors, tip_id, bundle=b"another bundle")

    assert told(await note(doors, octets)) == [(409, "envelope.wrong_tip")]


async def test_a_retry_after_the_keys_have_changed_is_known(doors: Doors) -> None:
    """The tool lost the answer; what is there is there."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    octets, late = await entry(doors, tip_id), await entry(doors, tip_id)
    await note(doors, octets)
    doors.clock.advance(days=8)

    assert told(await note(doors, octets, late)) == [
        (208, None),
        (409, "envelope.wrong_recipients"),
    ]


BROKEN: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda _: b"", "frames.malformed"),
    (lambda octets: frames.framed(octets)[:-1], "frames.malformed"),
    (lambda octets: frames.joined([octets] * 101), "frames.malformed"),
    (lambda octets: frames.joined([octets, b"no envelope"]), "envelope.malformed"),
    (lambda octets: frames.joined([octets, octets[:1000]]), "envelope.malformed"),
    (lambda octets: frames.joined([octets, octets + b"x"]), "envelope.not_padded"),
    (lambda octets: frames.joined([octets, octets[:5000]]), "envelope.not_padded"),
]


async def test_a_batch_that_is_not_whole_is_refused_as_a_whole(doors: Doors) -> None:
    """A clear problem for each way of being broken, and nothing of it is stored."""
    await doors.new_tip()
    octets = await entry(doors, await doors.only_tip_id())
    for spoil, code in BROKEN:
        answer = await doors.signed("POST", "/v1/desk/entries", spoil(octets))
        assert (answer.status_code, answer.json()["code"]) == (400, code)

    assert await doors.stored(Kind.DESK_ENTRY) == []
    assert doors.bench.parking.taken_bytes == 0


async def test_an_object_of_another_kind_is_no_entry(doors: Doors) -> None:
    """An answer goes by its own route, which tells the reporter."""
    await doors.new_tip()
    octets = await entry(doors, await doors.only_tip_id(), kind=Kind.FOLLOW_UP_FROM_STAFF)
    answer = await note(doors, octets)

    assert (answer.status_code, answer.json()["code"]) == (400, "envelope.wrong_kind")


async def test_a_body_of_more_than_a_batch_may_hold_is_not_read_on(doors: Doors) -> None:
    """413 before it is in memory."""
    answer = await doors.signed("POST", "/v1/desk/entries", bytes(9 << 20))

    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


async def test_a_batch_is_one_deed_and_a_retry_none(doors: Doors) -> None:
    """The audit log has one leaf of a batch that added something."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    octets = [await entry(doors, tip_id) for _ in range(3)]
    before, _ = await doors.bench.audit.store.head()
    await note(doors, *octets)
    await note(doors, *octets)

    assert (await doors.bench.audit.store.head())[0] == before + 1


async def test_an_entry_is_wrapped_anew_like_any_object(doors: Doors) -> None:
    """The routes of recipients take it: a dropped officer loses it with the tip."""
    await doors.new_tip()
    octets = await entry(doors, await doors.only_tip_id())
    await note(doors, octets)
    (listed,) = [
        one
        for one in json.loads((await doors.signed("GET", "/v1/index")).content)["objects"]
        if one["kind"] == Kind.DESK_ENTRY
    ]
    first, _ = (octets[73 + 1184 * at : 73 + 1184 * (at + 1)] for at in range(2))
    target = f"/v1/objects/{listed['object_id']}/recipients"
    headers = doors.signature("PUT", target, b"\x01" + first, None, f'"{listed["digest"]}"')
    answer = await doors.staff.put(target, content=b"\x01" + first, headers=headers)

    assert answer.status_code == 204, answer.text
    (left,) = await doors.stored(Kind.DESK_ENTRY)
    assert len(left) == len(octets) - 1184
