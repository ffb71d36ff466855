"""The staff door's routes that tell what became of tips that are gone, and of none which.

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
from mustshare_api.api.staff.permissions import MOVE_TIPS, READ_AUDIT
from mustshare_api.domain.lifecycle import State
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


class Total(msgspec.Struct, frozen=True):
    """How many tips came in a month and stand, or stood at their end, in a state."""

    month: str
    state: Annotated[str, Meta(extra_json_schema={"enum": [*State]})]
    tips: int


class Totals(msgspec.Struct, frozen=True):
    """Every tip there ever was, tombstones that are gone included."""

    totals: list[Total]


@get(
    "/v1/totals",
    operation=Operation(
        "readTotals",
        "How many tips there ever were",
        "By the month in which they came and where they stand. What is erased and forgotten "
        "stays counted.",
        {200: Answer("All of them.", Totals)},
        problems=SIGNED,
        credential="staff",
    ),
    permission=MOVE_TIPS,
)
async def read_totals(request: AnyRequest) -> Response[bytes]:
    """The totals."""
    found = await state_of(request).bench.erasures.totals()
    return json_answer(
        Totals([Total(f"{one.month:%Y-%m}", one.state, one.tips) for one in found])
    )


ROUTES: list[Any] = [read_erasures, read_totals]
