"""Files in pieces: what a cut or a duplicate does, and what becomes of the file."""

import asyncio
import hashlib
import secrets

import pytest

from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.sealing import AttachmentSealer
from mustshare_api.errors import Busy
from tests.api.files import contents, names, put, shows_the_scene
from tests.api.sending import Sender, sender
from tests.doors import Doors, with_access
from tests.pictures import marks


async def test_a_file_in_pieces_ends_as_one_sent_at_once(doors: Doors) -> None:
    """The same picture, stripped alike, answered alike, named alike to staff."""
    one = await sender(doors)
    pieces = await one.whole()
    digits = one.credential["authorization"].removeprefix("Receipt ")
    direct = await put(doors, digits, one.octets)

    assert (pieces.status_code, direct.status_code) == (201, 201), pieces.text
    assert pieces.json() | {"id": 0} == direct.json() | {"id": 0}
    first, second = (await contents(doors)).values()
    assert first == second
    assert not marks.found_in(first)
    assert shows_the_scene(first)


async def test_every_piece_is_told_where_the_next_begins(doors: Doors) -> None:
    """A front end that forgot everything but its token can go on."""
    one = await sender(doors)
    begun = await one.begin()
    sent = await one.chunk(0, 700)
    head = await one.head()

    assert (begun.json()["offset"], begun.headers["upload-offset"]) == (0, "0")
    assert begun.json()["chunk_max_bytes"] == 4 * 1024 * 1024
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, "700")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["upload-offset"] == "700"
    assert head.headers["upload-length"] == str(len(one.octets))
    assert head.headers["upload-complete"] == "?0"


async def test_the_same_token_begins_the_same_upload(doors: Doors) -> None:
    """A lost answer to the first request costs nothing that was sent after it."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 700)
    again = await one.begin()

    assert (again.status_code, again.json()["offset"]) == (201, 700)


@pytest.mark.parametrize("offset", [0, 699, 701, 10**12])
async def test_a_wrong_offset_is_told_the_right_one(doors: Doors, offset: int) -> None:
    """Duplicates and gaps change nothing."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 700)
    wrong = await one.send(offset, b"x")

    assert (wrong.status_code, wrong.json()["code"]) == (409, "upload.wrong_offset")
    assert wrong.headers["upload-offset"] == "700"
    assert (await one.chunk(700)).status_code == 201


async def test_the_last_answer_is_repeated_to_the_byte(doors: Doors) -> None:
    """Whoever lost the answer sends the last chunk again and loses nothing."""
    one = await sender(doors)
    first = await one.whole()
    last = (len(one.octets) - 1) // 1000 * 1000
    again = await one.chunk(last)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["upload-complete"] == "?1"
    assert len(await doors.stored(Kind.ATTACHMENT_FROM_REPORTER)) == 1


async def test_another_chunk_after_the_end_is_refused(doors: Doors) -> None:
    """A finished file cannot be changed, and nobody is told that it was."""
    one = await sender(doors)
    await one.whole()
    last = (len(one.octets) - 1) // 1000 * 1000
    for offset, octets in (
        (last, b"other"),
        (len(one.octets), b"more"),
        (0, one.octets[:1000]),
    ):
        answer = await one.send(offset, octets)
        assert (answer.status_code, answer.json()["code"]) == (409, "upload.complete")


async def test_a_busy_moment_loses_nothing(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When pictures queue up, the last chunk is sent again and the rest is still there."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 2000)

    async def busy(*_: object, **__: object) -> None:
        raise Busy("media.busy")

    with monkeypatch.context() as patched:
        patched.setattr(type(doors.bench.stripper), "strip", busy)
        refused = await one.chunk(2000)
    taken = await one.chunk(2000)

    assert (refused.status_code, refused.json()["code"]) == (503, "media.busy")
    assert taken.status_code == 201, taken.text


async def test_a_sealed_object_comes_in_pieces_too(doors: Doors) -> None:
    """Front ends that seal for themselves have bad connections as well."""
    digits = await doors.new_tip()
    keys = await doors.keys(digits)
    tip_id, object_id = await doors.only_tip_id(), secrets.token_bytes(16)
    bundle_hash = receipts.bundle_hash(keys.bundle)
    prefix = Prefix(Kind.ATTACHMENT_FROM_REPORTER, 0, tip_id, object_id, bundle_hash)
    sealer = AttachmentSealer(prefix, doors.org.recipients(), 9)
    octets = sealer.head + sealer.update(b"<picture>") + sealer.finalize()
    one = Sender(doors, with_access(keys.access), octets, object_id=object_id.hex())
    answer = await one.whole(30_000)

    assert (answer.status_code, answer.json()["sealed"]) == (201, True), answer.text
    assert await doors.stored(Kind.ATTACHMENT_FROM_REPORTER) == [octets]


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_retries_cuts_and_duplicates_ends_in_the_same_file(
    doors: Doors, seed: int
) -> None:
    """Two clumsy senders of one upload, at once: one file, whole, and the same last answer."""
    one = await sender(doors)
    chances = iter(b"".join(hashlib.sha256(bytes([seed, n])).digest() for n in range(64)))
    size = len(one.octets)

    async def clumsy() -> bytes:
        for chance in chances:
            if chance < 40:
                assert (await one.begin()).status_code == 201
            told = int((await one.head()).headers.get("upload-offset", "0"))
            start = max(0, told - (chance % 500 if chance > 200 else 0))
            start = min(start, size - 1)
            answer = await one.chunk(start, start + 600 + chance * 9)
            if answer.status_code == 201:
                return answer.content
            assert answer.status_code in (204, 409), answer.text
            if answer.json()["code"] == "upload.complete" if answer.content else False:
                return b"complete"
        raise AssertionError("never ended")

    await one.begin()
    answers = await asyncio.gather(clumsy(), clumsy())

    assert (await one.head()).headers["upload-complete"] == "?1"
    assert len({answer for answer in answers if answer != b"complete"}) <= 1
    (only,) = (await contents(doors)).values()
    assert shows_the_scene(only)
    (name,) = await names(doors)
    assert name.original_sha256 == hashlib.sha256(one.octets).hexdigest()


async def test_the_same_last_chunk_many_times_at_once_is_one_file(doors: Doors) -> None:
    """A phone that sends again before it hears an answer doubles nothing."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 2000)
    answers = await asyncio.gather(*(one.chunk(2000) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await doors.stored(Kind.ATTACHMENT_FROM_REPORTER)) == 1
    assert len(await names(doors)) == 1
