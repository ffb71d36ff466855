"""What is parked of a file in pieces: unreadable, and gone when it is due."""

import base64
from datetime import timedelta

from mustshare_api.flows import upkeep
from tests.api.sending import PATH, sender, table
from tests.doors import Doors
from tests.pictures import jpegs, marks


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
