"""What an officer says to have read of a tip: in a body or a query, inside what is signed."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Parameter
from mustshare_api.errors import Malformed

_DIGITS: Final = 64
_PATTERN: Final = "^[0-9a-f]{64}$"
_SAYS: Final = (
    "SHA-256 over `mustshare/v1 seen` and a line feed, then the ids of all objects of kinds 1, "
    "2 and 4 on the tip that the officer has read, 16 octets each, in their own order. Where "
    "it is missing, or something else is there, the tip goes on waiting to be read."
)

SeenDigest: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description=_SAYS, examples=["3f" * 32])
]

SEEN: Final = Parameter(
    "seen", "query", _SAYS, {"type": "string", "pattern": _PATTERN}, required=False
)


def seen_of(request: AnyRequest) -> bytes | None:
    """What the query says was read; None where it says nothing.

    Raises:
        Malformed: no hash, or several.
    """
    given = request.query_params.getall("seen", [])
    if not given:
        return None
    if (
        len(given) > 1
        or len(given[0]) != _DIGITS
        or not set(given[0]) <= set("0123456789abcdef")
    ):
        raise Malformed
    return bytes.fromhex(given[0])
