"""How a staff list is asked for page by page: `after` and `limit`, once each."""

from typing import Final

from mustshare_api.api import credentials
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import ID_SCHEMA, Parameter
from mustshare_api.errors import Malformed

PAGE_MOST: Final = 1000

AFTER: Final = Parameter("after", "query", "The `next` of the page before.", ID_SCHEMA)
LIMIT: Final = Parameter(
    "limit",
    "query",
    "How many at most.",
    {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE_MOST},
)


def page_of(request: AnyRequest) -> tuple[bytes | None, int]:
    """After which id, and how many.

    Raises:
        Malformed: another parameter, one of them twice, or a limit that is none.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names) or not set(names) <= {"after", "limit"}:
        raise Malformed
    after = request.query_params.get("after")
    limit = request.query_params.get("limit", str(PAGE_MOST))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= len(str(PAGE_MOST))):
        raise Malformed
    if not 1 <= int(limit) <= PAGE_MOST:
        raise Malformed
    return (None if after is None else credentials.id_of(after)), int(limit)
