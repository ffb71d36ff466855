"""How staff find and read sealed objects: the index, heads, and nothing finer than a day."""

import dataclasses
import hashlib
import secrets
from datetime import timedelta

import pytest

from mustshare_api.errors import NotFound
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.rows import EVERYTHING, NewEnvelope
from mustshare_api.store.tips import NewTip
from tests.store import made


def _octets(sealed: NewEnvelope) -> bytes:
    assert sealed.payload is not None
    return sealed.prefix + sealed.stanzas + sealed.payload


async def test_the_index_tells_size_and_digest_of_each_object(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """Enough to know, without fetching, that one changed and how long it is."""
    reply = made.envelope(tip.tip_id, made.FROM_STAFF)
    await envelopes.record_message(reply, made.addition())

    (entry,) = [
        e for e in await envelopes.index(EVERYTHING, None, 10) if e.object_id == reply.object_id
    ]

    assert (entry.tip_id, entry.kind, entry.received_on) == (tip.tip_id, 3, made.TODAY)
    assert entry.total_bytes == len(_octets(reply))
    assert entry.digest == hashlib.sha256(reply.prefix + reply.stanzas).digest()


async def test_the_index_is_walked_in_pages(envelopes: EnvelopeStore, tip: NewTip) -> None:
    """Every object once, by random id."""
    for _ in range(6):
        one = made.envelope(tip.tip_id, made.FROM_STAFF)
        await envelopes.record_message(one, made.addition())

    walked: list[bytes] = []
    while page := await envelopes.index(EVERYTHING, walked[-1] if walked else None, 3):
        walked += [entry.object_id for entry in page]

    assert len(walked) == 7
    assert walked == sorted(walked)


async def test_a_head_tells_everything_but_the_payload(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """So that a download can state its length before it begins."""
    file = made.envelope(tip.tip_id, made.FILE_FROM_STAFF, follow_up_id=secrets.token_bytes(16))
    await envelopes.record_attachment(file, made.pieces(b"f" * 65_552), made.addition())

    head = await envelopes.head(file.object_id)

    assert head is not None
    assert (head.prefix, head.stanzas) == (file.prefix, file.stanzas)
    assert (head.tip_id, head.kind, head.follow_up_id) == (tip.tip_id, 5, file.follow_up_id)
    assert head.total_bytes == 72 + len(file.stanzas) + 65_552


async def test_what_is_not_there_is_not_found(envelopes: EnvelopeStore) -> None:
    """Never an empty object."""
    unknown = secrets.token_bytes(16)

    assert await envelopes.head(unknown) is None
    with pytest.raises(NotFound):
        _ = [piece async for piece in envelopes.stream(unknown)]


async def test_a_day_of_activity_is_all_that_a_follow_up_tells(
    envelopes: EnvelopeStore, tip: NewTip
) -> None:
    """The day it came is the day that the caller names, not one that the database reads."""
    yesterday = made.TODAY - timedelta(days=1)
    mine = dataclasses.replace(
        made.envelope(tip.tip_id, made.FROM_REPORTER), received_on=yesterday
    )

    await envelopes.record_message(mine, made.addition(tip.access_hash))

    head = await envelopes.head(mine.object_id)
    assert head is not None
    assert head.received_on == yesterday
