"""What may be known of webhooks: by everybody, the key; by a partner, its own endpoints.

An endpoint is set up by its partner (`own_webhooks`), or by an operator (`mustshare partner
webhook`). Its secret is told to whoever made it up, and is in no list.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get
from msgspec import Meta

from mustshare_api.api.answers import json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.challenges import PARTNER_KEY
from mustshare_api.api.operation import Answer as Told
from mustshare_api.api.operation import Operation
from mustshare_api.api.plane.shared import IF_NONE_MATCH, by_path, json_of
from mustshare_api.api.ready import Answer
from mustshare_api.api.visitors import presented_partner
from mustshare_api.crypto import webhooks as signing
from mustshare_api.domain.webhooks import KEPT_DAYS, OF_ONE_PARTNER, PAUSES_S, PUBLIC
from mustshare_api.store.webhook_endpoints import Endpoint


class WebhookForm(msgspec.Struct, frozen=True):
    """How webhooks are signed (Standard Webhooks) and what they tell.

    The first attempt is made at once; `pauses_s` are the pauses after those that failed.
    """

    public_key: Annotated[str, Meta(description="Ed25519, of `v1a`: `whpk_` and base64.")]
    public_types: list[str]
    partner_types: Annotated[list[str], Meta(description="Told to the partner concerned.")]
    pauses_s: list[int]
    kept_days: int


class EndpointView(msgspec.Struct, frozen=True):
    """One of a partner's endpoints. `waiting` are events under way to it.

    One that is not `proven` is sent nothing but tests, until it has taken one. The last three
    are of the last test: what was answered, or why nothing was.
    """

    id: str
    url: str
    types: list[str]
    waiting: int
    proven: bool
    given_up_on: date | None
    given_up_for: Literal["gone", "exhausted"] | None
    tested_on: date | None
    test_status: int | None
    test_why: str | None


class EndpointViews(msgspec.Struct, frozen=True):
    """All of a partner's endpoints."""

    endpoints: list[EndpointView]


@get(
    "/v1/webhooks",
    operation=Operation(
        "showWebhooks",
        "How webhooks are signed, and what they tell",
        "Standard Webhooks, with `v1` and `v1a`. None tells of a tip or of a reporter.",
        {200: Told("Key, types and schedule.", WebhookForm)},
        parameters=(IF_NONE_MATCH,),
        public=True,
    ),
)
async def show_webhooks(request: AnyRequest) -> Answer:
    """How webhooks are signed, and what they tell."""

    async def made() -> Answer:
        key = await state_of(request).bench.outbox.public_key(*signing.new_key())
        return json_of(
            WebhookForm(
                signing.shown_key(key),
                list(PUBLIC),
                list(OF_ONE_PARTNER),
                list(PAUSES_S),
                KEPT_DAYS,
            )
        )

    return await by_path(request, made())


@get(
    "/v1/partner/webhooks",
    operation=Operation(
        "listOwnWebhooks",
        "See one's own webhooks",
        "Where the partner is told things, what waits, and what was given up.",
        {200: Told("The endpoints.", EndpointViews)},
        parameters=(PARTNER_KEY,),
        problems=("partner.missing", "partner.unknown", "partner.stopped"),
        credential="partner",
    ),
)
async def list_own_webhooks(request: AnyRequest) -> Response[bytes]:
    """The endpoints of the partner whose key it is."""
    name = presented_partner().partner.name
    found = await state_of(request).bench.endpoints.all(name)
    return json_answer(EndpointViews([_view(one) for one in found]))


def _view(one: Endpoint) -> EndpointView:
    return EndpointView(
        one.endpoint_id.hex(),
        one.url,
        list(one.types),
        one.waiting,
        one.proven,
        one.disabled_on,
        one.disabled_for,
        one.tested_on,
        one.test_status,
        one.test_why,
    )


ROUTES: list[Any] = [show_webhooks, list_own_webhooks]
