"""Publishes pages, two people for each, and takes them down.

    propose     the first officer's digest; nothing of the page comes here
    publish     the second officer's octets, of that digest: read strictly, rendered, kept
    picture     stripped once more, whatever the sender did, and only the result is kept
    take down   one officer is enough: to hide a mistake must not wait for a colleague
    erase       by the clock, on the day that the page itself names

Which version a request makes is said twice, in the content and by what the sender saw
(`If-Match`). So a signature for one correction can't be spent on another.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final

import msgspec

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.suite import sha256
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.days import buddhist_days
from mustshare_api.domain.pages import PICTURE_LIMIT_BYTES, Both, Change, PageContent
from mustshare_api.errors import (
    FieldError,
    Malformed,
    NotFound,
    TooLarge,
    Unsupported,
    WrongMoment,
)
from mustshare_api.flows import seconding
from mustshare_api.flows.attach import park
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripped
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.pages import NewPicture, Published, TakingDown
from mustshare_api.store.published import PageRow, VersionRow
from mustshare_api.store.showing import NewVersion

PICTURES: Final = frozenset({"image/jpeg", "image/png"})
"""What every reader's browser shows, and what the stripper makes of a picture."""

ERASED: Final = Change(
    what=Both(th="ลบเนื้อหาและรูปทั้งหมด", en="All its text and pictures were deleted."),
    why=Both(th="ครบกำหนดเวลาที่เก็บ", en="The day until which it was kept has come."),
)


async def propose(
    bench: Workbench, by: Admitted, kind: str, page_id: bytes, digest: bytes
) -> Published:
    """Takes the first officer's word for a publication.

    Raises:
        WrongMoment: as `store.seconding.second`, or `page.content_missing`.
    """
    proposal = seconding.proposal(bench, by, act_of(kind), page_id, digest)
    return await bench.pages.propose(proposal, by.leaf)


async def publish(  # noqa: PLR0913 - who, what, and where it goes
    bench: Workbench,
    by: Admitted,
    kind: str,
    page_id: bytes,
    seen: int,
    octets: bytes,
    content: PageContent,
) -> Published:
    """Publishes a version that another officer proposed, or proposes it.

    Raises:
        Malformed: `page.kept_too_short`; a day of the Buddhist era.
        WrongMoment: `page.stale`, `page.slug_taken`, `page.slug_changed`,
            `page.picture_changed`, or as `store.seconding.second`.
    """
    today = bangkok_day(bench.clock.now())
    if content.version != seen + 1:
        raise WrongMoment("page.stale")
    if buddhist := buddhist_days(content):
        wrong = tuple(FieldError(pointer, "field.buddhist_year") for pointer in buddhist)
        raise Malformed("request.invalid_fields", errors=wrong)
    if content.retain_until is not None and content.retain_until <= today:
        raise Malformed("page.kept_too_short")
    row = await bench.published.find(kind, page_id)
    # A long body takes some tenths of a second to render, and others are waiting.
    shown = await asyncio.to_thread(content.shown, row.published_on if row else today, today)
    new = NewVersion(
        page_id=page_id,
        kind=kind,
        slug=content.slug,
        version=content.version,
        state=content.state,
        today=today,
        told=msgspec.json.encode(content.change),
        digest=sha256(octets),
        content=octets,
        shown=msgspec.json.encode(shown),
        retain_until=content.retain_until,
        tags=content.tags(),
        names={bytes.fromhex(p.id): bytes.fromhex(p.sha256) for p in content.pictures},
        days=_days(content),
    )
    proposal = seconding.proposal(bench, by, act_of(kind), page_id, new.digest)
    done = await bench.pages.publish(new, proposal, by.leaf)
    bench.plane.forget()
    return done


def _days(content: PageContent) -> tuple[date | None, date | None]:
    called = content if isinstance(content, CampaignContent) else None
    return (called.opens_on, called.closes_on) if called else (None, None)


def act_of(kind: str) -> str:
    """What the publication of such a page is called where two people are needed."""
    return f"page.publish.{kind}"


async def add_picture(  # noqa: PLR0913 - who, what, and where it goes
    bench: Workbench,
    by: Admitted,
    kind: str,
    page_id: bytes,
    picture_id: bytes,
    body: AsyncIterator[bytes],
) -> Outcome:
    """Takes a picture that the newest version of a page names.

    Raises:
        NotFound: `page.picture_not_named`.
        Unstrippable, Unsupported, TooLarge, Busy, Unavailable: see their classes.
    """
    with bench.parking.park() as parked:
        await park(parked, body, PICTURE_LIMIT_BYTES)
        sent = hashlib.sha256()
        async for chunk in parked.chunks():
            sent.update(chunk)
        wanted = await bench.pages.picture_is_wanted(page_id, kind, picture_id + sent.digest())
        if wanted is None:
            raise NotFound("page.picture_not_named")
        if not wanted:
            return Outcome.SAME
        stripped = await bench.stripper.strip(
            parked.fd, parked.size_bytes, first_frame=False, sender=by.entry.kid
        )
    new = _picture(stripped, page_id, kind, picture_id, sent.digest())
    outcome = await bench.pages.add_picture(new, by.leaf)
    if outcome is Outcome.GONE:
        raise NotFound("page.picture_not_named")
    bench.plane.forget()
    return outcome


def _picture(
    stripped: Stripped, page_id: bytes, kind: str, picture_id: bytes, sent: bytes
) -> NewPicture:
    try:
        if stripped.media_type not in PICTURES:
            raise Unsupported("media.unsupported_type")
        if stripped.size_bytes > PICTURE_LIMIT_BYTES:
            raise TooLarge("attachment.too_large")
        octets = os.pread(stripped.fd, stripped.size_bytes, 0)
    finally:
        os.close(stripped.fd)
    return NewPicture(page_id, kind, picture_id, sent, stripped.media_type, octets)


async def take_down(  # noqa: PLR0913 - who, what, and why
    bench: Workbench, by: Admitted, kind: str, page_id: bytes, seen: int, change: Change
) -> None:
    """Takes a page from the public, with the reason that it is then shown in its place.

    Raises:
        NotFound, WrongMoment: as `PageStore.take_down`.
    """
    today = bangkok_day(bench.clock.now())
    told = msgspec.json.encode(change)
    await bench.pages.take_down(TakingDown(page_id, kind, seen, today, told), by.leaf)
    bench.plane.forget()


async def erase_due(bench: Workbench, today: date) -> int:
    """Erases every page whose day has come; how many there were."""
    count = await bench.pages.erase_due(today, msgspec.json.encode(ERASED))
    if count:
        bench.plane.forget()
    return count


async def found(
    bench: Workbench, kind: str, page_id: bytes
) -> tuple[PageRow, list[VersionRow], list[bytes]]:
    """A page as staff see it: how it stands, its versions, and which pictures are awaited.

    Raises:
        NotFound: `page.not_found`.
    """
    row = await bench.published.find(kind, page_id)
    if row is None:
        raise NotFound("page.not_found")
    versions = await bench.published.versions(page_id)
    return row, versions, await bench.published.missing(page_id)


async def content(bench: Workbench, kind: str, page_id: bytes, version: int) -> bytes:
    """What was published as a version, octet by octet.

    Raises:
        NotFound: `page.not_found`, also of one that was erased or a taking down.
    """
    octets = await bench.published.content(kind, page_id, version)
    if octets is None:
        raise NotFound("page.not_found")
    return octets


def told_of(row: VersionRow) -> Any:  # noqa: ANN401 - public JSON, made here
    """What a version says of itself."""
    return msgspec.json.decode(row.told)
