"""Takes a file in pieces, from a sender whose connection does not last.

    begin    seal what it will be under the token; the same token again is the same upload
    append   1. look    how far it has come: a chunk that does not fit is told the offset
             2. park    the chunk into anonymous memory
             3. seal    it under the token, to its place, and put it behind the others
    finish   1. open    the parked chunks in order, and behind them the last, never parked
             2. attach  exactly as a file that came at once
             3. keep    the answer, sealed under the token, in the place of the chunks

The last chunk is parked nowhere: until the file is attached, the upload stands where it stood,
and the same request can be sent again. After it, the same request gets the same answer. Where
a file is refused for good, its upload goes with the refusal.
"""

import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.parking import UploadKey, upload_key
from mustshare_api.domain.deadlines import upload_expiry
from mustshare_api.domain.evidence import CHOICE_BYTES, Choice, parse_choice
from mustshare_api.errors import (
    CannotOpen,
    Malformed,
    NotFound,
    TooLarge,
    UnknownReceipt,
    Unsupported,
    WrongMoment,
)
from mustshare_api.flows.attach import attach, park, sealed_limit
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.parking import Parked
from mustshare_api.flows.pictures import Attached
from mustshare_api.flows.recording import ID_BYTES
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.uploads import NewChunk, Room

Tell = Callable[[bytes, Attached | None], bytes]
"""Makes the answer about a file that was attached under an id."""

_PROGRESS: Final = struct.Struct(f"!{ID_BYTES}sQ{CHOICE_BYTES}sQ")
_ENDING: Final = struct.Struct("!Q32s")
_REFUSED_FOR_GOOD: Final = (Malformed, Unsupported, TooLarge, WrongMoment, NotFound)


class WrongOffset(WrongMoment):
    """A chunk that does not begin where the upload stands; `offset` is where it does."""

    default_code = "upload.wrong_offset"

    def __init__(self, offset: int, code: str | None = None) -> None:
        super().__init__(code)
        self.offset = offset


class _Vanished(Exception):
    """The upload moved on under this request: another one appended, finished or gave up."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as its sender sees it."""

    key: UploadKey
    object_id: bytes
    size_bytes: int
    choice: Choice
    offset: int
    chunks: int
    expires_on: date
    answer: bytes | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the file is attached."""
        return self.answer is not None

    def sealed(self) -> bytes:
        """What is stored of it."""
        choice = self.choice.encode()
        content = _PROGRESS.pack(self.object_id, self.size_bytes, choice, self.offset)
        return self.key.seal("progress", self.chunks.to_bytes(4), content)


async def look_for_room(bench: Workbench, claimed: Claim, token: bytes) -> None:
    """Refuses before anybody is waited for; what is there now may have gone by its turn.

    Raises:
        Malformed: no token.
        TooLarge: more uploads on this tip than there may be.
    """
    upload_id, tip_id = upload_key(token).upload_id, claimed.tip.tip_id
    if not await bench.uploads.has_room(upload_id, tip_id, _room(bench)):
        _check(Outcome.FULL)


async def begin(
    bench: Workbench,
    claimed: Claim,
    token: bytes,
    about: tuple[bytes, int, Choice],
) -> Upload:
    """Begins an upload, or finds the one that this token began. `about`: id, size, choice.

    Raises:
        Malformed: no token.
        TooLarge: the file, or more uploads on this tip than there may be.
        WrongMoment: the token began another upload.
        UnknownReceipt: the tip was withdrawn meanwhile.
    """
    key, (object_id, size_bytes, choice) = upload_key(token), about
    if size_bytes > sealed_limit(bench):
        raise TooLarge("attachment.too_large")
    expires_on = upload_expiry(bangkok_day(bench.clock.now()))
    upload = Upload(key, object_id, size_bytes, choice, 0, 0, expires_on)
    outcome = await bench.uploads.begin(
        key.upload_id, claimed.tip.tip_id, upload.sealed(), expires_on, _room(bench)
    )
    _check(outcome)
    if outcome is Outcome.RECORDED:
        return upload
    found = await look(bench, claimed, token)
    if (found.object_id, found.size_bytes, found.choice) != about:
        raise WrongMoment("upload.in_use")
    return found


async def look(bench: Workbench, claimed: Claim, token: bytes) -> Upload:
    """The upload of a token.

    Raises:
        Malformed: no token.
        NotFound: none for this tip, whatever the reason.
    """
    key = upload_key(token)
    today = bangkok_day(bench.clock.now())
    row = await bench.uploads.find(key.upload_id, claimed.tip.tip_id, today)
    if row is None:
        raise NotFound("upload.not_found")
    try:
        content = key.open("progress", row.chunks.to_bytes(4), row.progress)
        answer = key.open("answer", b"", row.answer) if row.answer is not None else None
    except CannotOpen:
        raise NotFound("upload.not_found") from None
    object_id, size_bytes, choice, offset = _PROGRESS.unpack(content)
    return Upload(
        *(key, object_id, size_bytes, parse_choice(choice), offset),
        *(row.chunks, row.expires_on, answer),
    )


async def append(  # noqa: PLR0913 - a chunk, where it goes, and how its end is told
    bench: Workbench,
    claimed: Claim,
    token: bytes,
    offset: int,
    body: AsyncIterator[bytes],
    tell: Tell,
) -> tuple[Upload, bytes | None]:
    """Takes the next chunk; with the last one comes the answer.

    Raises:
        WrongOffset: the upload stands elsewhere, or was finished with another chunk.
        Malformed: an empty chunk, or one that goes past the announced end.
        NotFound: no such upload, or it was given up or finished meanwhile.
        and what `attach` raises, for the last chunk.
    """
    upload = await look(bench, claimed, token)
    if offset != upload.offset and not upload.is_complete:
        raise WrongOffset(upload.offset)
    with bench.parking.park() as parked:
        digest = await park(parked, body, bench.limits.upload_chunk_bytes)
        ending = _ENDING.pack(offset, digest)
        if upload.is_complete:
            return upload, _told(upload, ending)
        if offset + parked.size_bytes > upload.size_bytes:
            raise Malformed("upload.past_end")
        try:
            if offset + parked.size_bytes < upload.size_bytes:
                return await _park_chunk(bench, claimed, upload, parked), None
            return await _finish(bench, claimed, upload, parked, ending, tell)
        except _Vanished:
            upload = await look(bench, claimed, token)
            return upload, _told(upload, ending)


async def give_up(bench: Workbench, claimed: Claim, token: bytes) -> None:
    """Deletes an upload. A file that is attached stays. Twice does no harm.

    Raises:
        Malformed: no token.
    """
    key = upload_key(token)
    await bench.uploads.drop(key.upload_id, claimed.tip.tip_id, finished=True)


def _told(upload: Upload, ending: bytes) -> bytes:
    """The answer again, for whoever sends the last chunk again."""
    answer = upload.answer or b""
    if answer[: _ENDING.size] != ending:
        code = "upload.complete" if upload.is_complete else None
        raise WrongOffset(upload.offset, code)
    return answer[_ENDING.size :]


async def _park_chunk(
    bench: Workbench, claimed: Claim, upload: Upload, parked: Parked
) -> Upload:
    octets = upload.key.seal("chunk", _place(upload.chunks, upload.offset), _whole(parked))
    moved = replace(upload, offset=upload.offset + parked.size_bytes, chunks=upload.chunks + 1)
    chunk = NewChunk(
        upload.key.upload_id, claimed.tip.tip_id, upload.chunks, octets, moved.sealed()
    )
    outcome = await bench.uploads.append(chunk, _room(bench))
    if outcome is Outcome.DIFFERENT:
        raise _Vanished
    _check(outcome)
    return moved


async def _finish(  # noqa: PLR0913 - the upload, its last chunk, and how its end is told
    bench: Workbench,
    claimed: Claim,
    upload: Upload,
    last: Parked,
    ending: bytes,
    tell: Tell,
) -> tuple[Upload, bytes]:
    body = _assembled(bench, upload, last)
    try:
        attached = await attach(bench, claimed, upload.object_id, body, upload.choice)
    except _REFUSED_FOR_GOOD:
        await bench.uploads.drop(upload.key.upload_id, claimed.tip.tip_id, finished=False)
        raise
    answer = tell(upload.object_id, attached)
    done = replace(upload, offset=upload.size_bytes, answer=ending + answer)
    sealed = upload.key.seal("answer", b"", ending + answer)
    await bench.uploads.finish(upload.key.upload_id, done.chunks, done.sealed(), sealed)
    return done, answer


async def _assembled(bench: Workbench, upload: Upload, last: Parked) -> AsyncIterator[bytes]:
    """The whole file: the parked chunks, opened in order, and the last.

    Raises:
        NotFound: a chunk does not open; somebody has changed what is stored.
    """
    offset = 0
    for number in range(upload.chunks):
        octets = await bench.uploads.chunk(upload.key.upload_id, number)
        if octets is None:
            raise _Vanished
        try:
            content = upload.key.open("chunk", _place(number, offset), octets)
        except CannotOpen:
            raise NotFound("upload.not_found") from None
        offset += len(content)
        yield content
    if offset != upload.offset:
        raise NotFound("upload.not_found")
    async for piece in last.chunks():
        yield piece


def _place(number: int, offset: int) -> bytes:
    return number.to_bytes(4) + offset.to_bytes(8)


def _whole(parked: Parked) -> bytes:
    return parked.head(parked.size_bytes)


def _room(bench: Workbench) -> Room:
    limits = bench.limits
    return Room(
        today=bangkok_day(bench.clock.now()),
        limit_uploads=limits.uploads_per_tip,
        limit_kept=limits.uploads_kept_per_tip,
        limit_bytes=limits.parked_bytes_per_tip,
        limit_all_bytes=limits.parked_bytes,
    )


def _check(outcome: Outcome) -> None:
    if outcome is Outcome.FULL:
        raise TooLarge("upload.too_many")
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("upload.in_use")
    if outcome is Outcome.GONE:
        raise UnknownReceipt
