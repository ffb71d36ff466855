"""Part of a sealed object: one range of its octets (RFC 9110, 14), or all of it.

    Range    bytes=0-1023, bytes=65536-, bytes=-1024   one, and one that there is, or 416
    If-Range "<digest>"                                the head still is the one that was seen,
                                                       or the whole object comes instead

Several ranges at once are refused: each would be read by itself and sent with a frame of its
own, for a reader who can as well ask twice. Another unit than bytes is passed over, as the RFC
has it. The digest is over prefix and stanzas; so whoever goes on with a download after a cut
names it, or may join halves of an object that was sealed anew in between.
"""

import re
from typing import Final

from mustshare_api.api.answers import OctetStream
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import ENTITY_TAGS, Parameter
from mustshare_api.errors import Malformed
from mustshare_api.store.rows import StoredObject

_RANGE: Final = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.ASCII)
PARTIAL: Final = 206

RANGE: Final = Parameter(
    "Range",
    "header",
    "One range of octets, such as `bytes=0-1023`. Another unit is passed over.",
    {"type": "string", "format": "http-range"},
)
IF_RANGE: Final = Parameter(
    "If-Range",
    "header",
    "The `ETag` that the range is of; of another object the whole comes.",
    ENTITY_TAGS,
)


def part_of(request: AnyRequest, found: StoredObject, idle_s: float) -> OctetStream:
    """What was asked for of an object.

    Raises:
        Malformed: `object.bad_range`, there is no such range.
    """
    total = found.head.total_bytes
    entity = f'"{found.head.digest.hex()}"'
    headers = {"etag": entity, "accept-ranges": "bytes"}
    asked = _asked(request, entity)
    if asked is None:
        return OctetStream(found.pieces, total, idle_s, headers=headers)
    start, stop = _within(asked, total)
    headers["content-range"] = f"bytes {start}-{stop - 1}/{total}"
    octets = found.part(start, stop)
    return OctetStream(octets, stop - start, idle_s, headers=headers, status=PARTIAL)


def _asked(request: AnyRequest, entity: str) -> str | None:
    """The range, where there is one in bytes and it is of this object as it stands."""
    given = request.headers.getall("range", [])
    if len(given) > 1:
        raise Malformed("object.bad_range")
    if not given or not given[0].lower().startswith("bytes="):
        return None
    condition = request.headers.get("if-range")
    return given[0] if condition in {None, entity} else None


def _within(asked: str, total: int) -> tuple[int, int]:
    """From where, and up to where, within an object of `total` octets.

    Raises:
        Malformed: it is not one range, ends before it begins, or begins behind the end.
    """
    found = _RANGE.fullmatch(asked.lower())
    if found is None:
        raise Malformed("object.bad_range")
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(total - int(suffix), 0), total
    else:
        start = int(first)
        stop = min(int(last) + 1, total) if last else total
    if start >= stop:
        raise Malformed("object.bad_range")
    return start, stop
