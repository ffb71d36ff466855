"""What tests of attachments send, and how they look at what was stored of it."""

import secrets

import httpx

from mustshare_api.crypto import opening
from mustshare_api.crypto.envelope import Expected, Kind, parse_head
from mustshare_api.domain.message import AttachmentName, AttachmentNotice
from tests.doors import Doors, with_receipt
from tests.pictures import drawn, exif, jpegs

JPEG = {"content-type": "image/jpeg"}


def located() -> bytes:
    """A small picture that knows where and when it was taken."""
    return jpegs.with_exif(jpegs.plain(), exif.full())


async def put(
    doors: Doors, digits: str, octets: bytes, query: str = "", object_id: str | None = None
) -> httpx.Response:
    """Sends a file at once."""
    path = f"/v1/tip/attachments/{object_id or secrets.token_hex(16)}{query}"
    headers = {**JPEG, **with_receipt(digits)}
    return await doors.reporter.put(path, content=octets, headers=headers)


async def names(doors: Doors) -> list[AttachmentName]:
    """Every file that a sealed notice names, as an officer reads it."""
    opened = await doors.opened(Kind.FOLLOW_UP_FROM_REPORTER)
    notices = [one for one in opened if isinstance(one, AttachmentNotice)]
    return [name for notice in notices for name in notice.attachments]


async def contents(doors: Doors) -> dict[str, bytes]:
    """Every file from a reporter by its id, as an officer opens it."""
    seeds = doors.org.officers[0].seeds()
    found = {}
    for octets in await doors.stored(Kind.ATTACHMENT_FROM_REPORTER):
        head = parse_head(octets)
        prefix = head.prefix
        expect = Expected(prefix.kind, prefix.tip_id, prefix.object_id, prefix.bundle_hash)
        opener = opening.AttachmentOpener(head.octets, seeds, expect=expect)
        content = opener.update(octets[head.length :]) + opener.finalize()
        found[prefix.object_id.hex()] = content
    return found


def shows_the_scene(octets: bytes) -> bool:
    """Whether a file shows what the tests draw."""
    return drawn.apart(drawn.opened(octets), drawn.scene()) < 4
