"""The staff door's route that tells of a month's erasures: hashes that say of none which.

Whoever has a tombstone has its nonce, and finds theirs among them; whoever has the audit log
finds the leaf with their number and the root over them.
"""

import re
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from msgspec import Meta

from mustshare_api.api.answers import json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import SIGNED
from mustshare_api.api.operation import Answer, Operation, Parameter
from mustshare_api.api.staff.permissions import READ_AUDIT
from mustshare_api.errors import Malformed
from mustshare_api.store.erasures import root_over

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Erasures(msgspec.Struct, frozen=True):
    """Tips that were erased in a month, each by SHA-256(0 | nonce | tip id)."""

    month: str
    hashes: list[str]
    root: Annotated[str, Meta(description="Over the hashes in this order, as RFC 9162 has it.")]


@get(
    "/v1/erasures/{month:str}",
    operation=Operation(
        "readErasures",
        "What was erased in a month",
        "By the clock or by two officers; what reporters took back is not in it. When a month "
        "is over, the audit log gets a leaf `tips-erased <month> <how many> <root>`, also "
        "where there were none. The hashes are kept for five months.",
        {200: Answer("All of them.", Erasures)},
        parameters=(
            Parameter(
                "month",
                "path",
                "Such as 2026-11.",
                {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
                required=True,
            ),
        ),
        problems=(*SIGNED, "request.malformed"),
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_erasures(request: AnyRequest, month: FromPath[str]) -> Response[bytes]:
    """The erasures of a month."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise Malformed
    first = date(int(found[1]), int(found[2]), 1)
    hashes = await state_of(request).bench.erasures.of_month(first)
    return json_answer(Erasures(month, [one.hex() for one in hashes], root_over(hashes).hex()))


ROUTES: list[Any] = [read_erasures]
