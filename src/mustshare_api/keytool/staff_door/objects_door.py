"""Asks the staff door for an object, whole or from some octet on.

A part is taken only where the door says in every way that it is the part that was asked for:
its status, its range, and the strong tag of the object. Anything else is no part of anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from mustshare_api.errors import Malformed
from mustshare_api.keytool.staff_door.door import Door


@dataclass(frozen=True, slots=True)
class Octets:
    """Octets of an object as they come, and where in it they begin."""

    start: int
    pieces: Iterator[bytes]


def object_from(
    door: Door, object_id: str, start: int = 0, total: int = 0, digest: str = ""
) -> Octets:
    """An object, or the rest of it where it still is the one of this digest.

    Args:
        door: whom to ask.
        object_id: of the object.
        start: how many octets of it are here; 0 asks for the whole.
        total: how many it has.
        digest: of the head whose octets are here.

    Raises:
        NotFound: `object.not_found`.
        Malformed: `object.bad_range`, there is no such part, or another one came.
        Unreachable: not reached.
    """
    path, tag = f"/v1/objects/{object_id}", f'"{digest}"'
    more = (("Range", f"bytes={start}-"), ("If-Range", tag)) if start else ()
    status, headers, pieces = door.open(path, more)
    if status != HTTPStatus.PARTIAL_CONTENT:
        return Octets(0, pieces)
    told = (headers.get("Content-Range"), headers.get("ETag"))
    if told != (f"bytes {start}-{total - 1}/{total}", tag):
        door.close()
        raise Malformed("object.bad_range")
    return Octets(start, pieces)
