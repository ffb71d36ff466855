"""What a partner may ask with its key: what it may use, and what is left of it."""

from typing import Any

import msgspec
from litestar import Response, get

from mustshare_api.api.answers import json_answer
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.challenges import PARTNER_KEY
from mustshare_api.api.operation import Answer, Operation
from mustshare_api.api.visitors import presented_partner


class PartnerView(msgspec.Struct, frozen=True):
    """A partner's quota. Counts are of calls today, in Bangkok, and in this minute."""

    name: str
    quota_per_day: int
    quota_per_minute: int
    left_today: int
    left_in_minute: int
    origins: list[str]


@get(
    "/v1/partner/self",
    operation=Operation(
        "showPartner",
        "See one's own quota",
        "Asking uses none of it. `RateLimit` and `RateLimit-Policy` say the same on every call "
        "with a Partner-Key. A call without quota left is served like one without a key.",
        {200: Answer("The partner whose key it is.", PartnerView)},
        parameters=(PARTNER_KEY,),
        problems=("partner.missing", "partner.unknown", "partner.stopped"),
        credential="partner",
    ),
)
async def show_partner(request: AnyRequest) -> Response[bytes]:
    """The partner whose key it is."""
    del request
    usage = presented_partner()
    partner = usage.partner
    return json_answer(
        PartnerView(
            name=partner.name,
            quota_per_day=partner.quota_per_day,
            quota_per_minute=partner.quota_per_minute,
            left_today=usage.left_today,
            left_in_minute=usage.left_in_minute,
            origins=list(partner.origins),
        )
    )


ROUTES: list[Any] = [show_partner]
