"""Files in pieces: what is parked, what a cut or a duplicate does, what becomes of the file."""

import asyncio
import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.sealing import AttachmentSealer
from mustshare_api.domain.limits import Limits
from mustshare_api.errors import Busy
from mustshare_api.flows import upkeep
from tests.api.files import contents, located, names, put, shows_the_scene
from tests.doors import JSON, OCTETS, Doors, with_access, with_receipt
from tests.pictures import jpegs, marks

PATH = "/v1/tip/uploads"


def minted() -> str:
    """A token."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


@dataclass
class Sender:
    """A front end that sends one file in pieces."""

    doors: Doors
    credential: dict[str, str]
    octets: bytes
    token: str = field(default_factory=minted)
    object_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def headers(self) -> dict[str, str]:
        return {**self.credential, "upload-token": self.token}

    async def begin(self, **more: Any) -> httpx.Response:
        about = {"id": self.object_id, "size_bytes": len(self.octets), **more}
        return await self.doors.reporter.post(
            PATH, json=about, headers={**self.headers, **JSON}
        )

    async def chunk(self, start: int, end: int | None = None) -> httpx.Response:
        return await self.send(start, self.octets[start:end])

    async def send(self, offset: int, octets: bytes) -> httpx.Response:
        headers = {**self.headers, **OCTETS, "upload-offset": str(offset)}
        return await self.doors.reporter.patch(PATH, content=octets, headers=headers)

    async def head(self) -> httpx.Response:
        return await self.doors.reporter.head(PATH, headers=self.headers)

    async def whole(self, step: int = 1000, **more: Any) -> httpx.Response:
        answer = await self.begin(**more)
        assert answer.status_code == 201, answer.text
        for start in range(0, len(self.octets), step):
            answer = await self.chunk(start, start + step)
        return answer


async def sender(doors: Doors, octets: bytes | None = None) -> Sender:
    """Somebody with a tip and a picture."""
    receipt = with_receipt(await doors.new_tip())
    return Sender(doors, receipt, located() if octets is None else octets)


def raw(one: Sender, more: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as octets, so that anything can stand in them."""
    return [(name.encode(), value.encode()) for name, value in (one.headers | more).items()]


async def table(dsn: str, name: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(f"SELECT * FROM {name}")  # noqa: S608 - a name of ours
    finally:
        await connection.close()


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


async def test_a_token_is_for_one_file(doors: Doors) -> None:
    """Another length under the same token is another file, and is refused."""
    one = await sender(doors)
    await one.begin()
    one.octets += b"more"
    other = await one.begin()

    assert (other.status_code, other.json()["code"]) == (409, "upload.in_use")


async def test_a_token_of_another_tip_is_refused_and_shows_nothing(doors: Doors) -> None:
    """Whoever learns a token without the receipt can neither look nor write."""
    one, other = await sender(doors), await sender(doors)
    await one.begin()
    other.token = one.token

    assert (await other.begin()).json()["code"] == "upload.in_use"
    assert (await other.chunk(0, 5)).json()["code"] == "upload.not_found"
    assert (await other.head()).status_code == 404


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


async def test_what_is_parked_is_no_longer_there_once_the_file_is_whole(
    doors: Doors, dsn: str
) -> None:
    """Chunks live exactly as long as they are needed."""
    one = await sender(doors)
    await one.whole()

    assert await table(dsn, "upload_chunks") == []
    (row,) = await table(dsn, "uploads")
    assert (row["parked_bytes"], row["answer"] is None) == (0, False)


async def test_nothing_parked_can_be_read_without_the_token(doors: Doors, dsn: str) -> None:
    """Neither mark, nor length, nor id, nor token stands in the tables; sizes are padded."""
    one = await sender(doors, jpegs.phone())
    await one.begin(keep=["location"])
    await one.chunk(0, 3001)
    rows = await table(dsn, "uploads") + await table(dsn, "upload_chunks")
    stored = b"".join(v for row in rows for v in row.values() if isinstance(v, bytes))

    token = base64.urlsafe_b64decode(one.token + "=")
    assert not marks.found_in(stored)
    assert one.octets[:64] not in stored
    assert bytes.fromhex(one.object_id) not in stored
    assert token not in stored
    assert len(one.octets).to_bytes(8) not in stored
    (chunk,) = await table(dsn, "upload_chunks")
    assert len(chunk["octets"]) == 16 * 1024 + 56 + 2 * 16
    (row,) = await table(dsn, "uploads")
    assert row["expires_on"].isoformat() == "2026-11-25"


async def test_a_file_that_cannot_be_made_safe_is_told_so_and_goes(
    doors: Doors, dsn: str
) -> None:
    """A refusal for good leaves nothing parked."""
    one = await sender(doors, b"\xff\xd8\xff\xe0 no picture at all")
    answer = await one.whole(10)

    assert (answer.status_code, answer.json()["code"]) == (422, "media.undecodable")
    assert (await one.head()).status_code == 404
    assert await table(dsn, "uploads") == []
    assert await table(dsn, "upload_chunks") == []


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


async def test_a_choice_made_at_the_beginning_holds_at_the_end(doors: Doors) -> None:
    """What to keep is said once, with the length, and waits sealed like the rest."""
    one = await sender(doors)
    answer = await one.whole(keep=["location", "original"], location="exact")

    assert answer.json()["kept"] == ["location", "original"]
    picture, original = await names(doors)
    assert picture.latitude == pytest.approx(13.75625)
    assert (await contents(doors))[original.id] == one.octets


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


async def test_giving_up_deletes_what_is_parked(doors: Doors, dsn: str) -> None:
    """Twice does no harm."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 700)
    for _ in range(2):
        gone = await doors.reporter.delete(PATH, headers=one.headers)
        assert gone.status_code == 204

    assert (await one.head()).status_code == 404
    assert await table(dsn, "upload_chunks") == []


async def test_withdrawing_a_tip_deletes_its_uploads(doors: Doors, dsn: str) -> None:
    """What is on its way goes with what has arrived."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 700)
    await doors.reporter.delete("/v1/tip", headers=one.credential)

    assert await table(dsn, "uploads") == []
    assert await table(dsn, "upload_chunks") == []
    assert (await one.chunk(700)).json()["code"] == "receipt.unknown"


async def test_an_upload_lives_until_the_end_of_the_next_day(doors: Doors, dsn: str) -> None:
    """It is there on the next Bangkok day, and gone on the one after, swept or not."""
    one = await sender(doors)
    begun = await one.begin()
    await one.chunk(0, 700)
    doors.clock.advance(days=1)
    assert (await one.head()).status_code == 200

    doors.clock.advance(days=1)
    assert begun.json()["expires_on"] == "2026-11-25"
    assert (await one.head()).status_code == 404
    await upkeep.once(doors.bench)
    assert await table(dsn, "uploads") == []


async def test_a_token_whose_upload_has_expired_can_begin_again(doors: Doors) -> None:
    """What is not swept yet is in nobody's way."""
    one = await sender(doors)
    await one.begin()
    await one.chunk(0, 700)
    doors.clock.at += timedelta(days=3)
    again = await one.begin()

    assert (again.status_code, again.json()["offset"]) == (201, 0)


async def test_a_tip_holds_a_bounded_number_of_uploads(doors: Doors) -> None:
    """One receipt cannot fill the disk with beginnings."""
    one = await sender(doors)
    for _ in range(Limits().uploads_per_tip):
        one.token = minted()
        assert (await one.begin()).status_code == 201
    one.token = minted()
    full = await one.begin()

    assert (full.status_code, full.json()["code"]) == (413, "upload.too_many")


async def test_a_tip_parks_a_bounded_number_of_bytes(doors: Doors) -> None:
    """The smallest chunk counts as its padding does."""
    object.__setattr__(doors.bench, "limits", Limits(parked_bytes_per_tip=40_000))
    one = await sender(doors)
    await one.begin()
    told = [(await one.chunk(at, at + 1)).status_code for at in range(3)]

    assert told == [204, 204, 413]


async def test_all_tips_together_park_a_bounded_number_of_bytes(doors: Doors) -> None:
    """A full disk is told as a matter of time, not as the sender's fault."""
    object.__setattr__(doors.bench, "limits", Limits(parked_bytes=1000))
    one = await sender(doors)
    await one.begin()
    full = await one.chunk(0, 1)

    assert (full.status_code, full.json()["code"]) == (503, "upload.busy")
    assert int(full.headers["retry-after"]) > 60


@pytest.mark.parametrize(
    "token",
    [
        "",
        "A" * 42,
        "A" * 44,
        "A" * 42 + "B",
        "A" * 42 + "=",
        "A" * 42 + "+",
        "Ä" * 43,
        "0" * 64,
    ],
)
async def test_a_token_that_is_none_is_refused(doors: Doors, token: str) -> None:
    """32 bytes in one spelling."""
    one = await sender(doors)
    answer = await doors.reporter.get(PATH, headers=raw(one, {"upload-token": token}))

    assert (answer.status_code, answer.json()["code"]) == (400, "upload.bad_token")


@pytest.mark.parametrize("offset", ["", "-1", "0x1", "1.5", "9" * 16, "\u0e51", " 1 2"])
async def test_an_offset_that_is_none_is_refused(doors: Doors, offset: str) -> None:
    """Digits 0 to 9, and not endlessly many."""
    one = await sender(doors)
    await one.begin()
    headers = raw(one, {**OCTETS, "upload-offset": offset})
    answer = await doors.reporter.patch(PATH, content=b"x", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "upload.bad_offset")


async def test_a_chunk_is_bounded_and_never_empty(doors: Doors) -> None:
    """Each fault of a chunk has its name, and leaves the upload where it stood."""
    one = await sender(doors, located() + bytes(5 << 20))
    await one.begin()
    empty = await one.send(0, b"")
    large = await one.send(0, bytes((4 << 20) + 1))
    one.octets = located()
    past = await sender(doors)
    await past.begin()
    over = await past.send(0, past.octets + b"x")

    assert (empty.status_code, empty.json()["code"]) == (400, "attachment.empty")
    assert (large.status_code, large.json()["code"]) == (413, "request.too_large")
    assert (over.status_code, over.json()["code"]) == (400, "upload.past_end")
    assert (await one.head()).headers["upload-offset"] == "0"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"size_bytes": 0}, "request.invalid_fields"),
        ({"size_bytes": -1}, "request.invalid_fields"),
        ({"size_bytes": "5"}, "request.invalid_fields"),
        ({"size_bytes": 1.5}, "request.invalid_fields"),
        ({"size_bytes": 1 << 35}, "attachment.too_large"),
        ({"id": "AB" * 16}, "request.invalid_fields"),
        ({"keep": ["all"]}, "request.invalid_fields"),
        ({"keep": ["time", "time"]}, "choice.malformed"),
        ({"location": "exact"}, "choice.malformed"),
        ({"file_name": "IMG_0001.jpg"}, "request.invalid_fields"),
    ],
)
async def test_a_beginning_that_makes_no_sense_is_refused(
    doors: Doors, more: dict[str, Any], code: str
) -> None:
    """Strictly typed, bounded, and without room for a file's name."""
    answer = await (await sender(doors)).begin(**more)

    assert answer.json()["code"] == code


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
