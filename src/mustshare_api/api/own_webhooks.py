"""A partner's own webhooks, with its own key: set up, test, rotate, replay, start, remove.

A partner names an endpoint, and each of its secrets, by ids that it makes up: whoever repeats a
request whose answer was lost gets that answer, the secret included. Another partner's endpoint
is 404 here, like one that never was. An agency is a partner under its own name, and does this
with that key: the one that signs its referrals lies on no server.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Response, delete, post, put
from litestar.params import FromPath
from msgspec import Meta

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import JSON, AnyRequest, content_type, decode, read
from mustshare_api.api.challenges import PARTNER_KEY
from mustshare_api.api.ids import Id
from mustshare_api.api.operation import Answer, Operation, id_in_path
from mustshare_api.api.visitors import presented_partner
from mustshare_api.crypto import webhooks as signing
from mustshare_api.domain.outward import LONGEST_URL
from mustshare_api.domain.webhooks import PUBLIC, TYPES
from mustshare_api.errors import Unsupported
from mustshare_api.flows import own_webhooks
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.own_webhooks import Shown, Wanted

_EVENT: Final = "^msg_[0-9a-f]{32}$"
Kind = Literal[
    "case.published",
    "case.corrected",
    "campaign.published",
    "outcome.published",
    "referral.sent",
    "referral.answered",
]
Url = Annotated[
    str,
    Meta(
        max_length=LONGEST_URL,
        description="https, a host of the Internet by its name, a port that is allowed.",
        examples=["https://hooks.example.org/new"],
    ),
]


class NewWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to tell what. `secret_id` is yours: the same id again is the same secret."""

    url: Url
    secret_id: Id
    types: Annotated[
        tuple[Kind, ...],
        Meta(
            min_length=1,
            max_length=len(TYPES),
            description="What is public, unless it is said. `referral.*` is for an agency.",
        ),
    ] = PUBLIC


class NewSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Your id for the new secret: the same id again is the same secret."""

    secret_id: Id


class Replayed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events: those since a Bangkok day, or one; without either all that are kept."""

    since: date | None = None
    event: Annotated[str, Meta(pattern=_EVENT, description="A `webhook-id`.")] | None = None


class WebhookSecret(msgspec.Struct, frozen=True):
    """With what webhooks are signed: `v1` under the secret, `v1a` under the key.

    `secret` is null where the endpoint has another one by now.
    """

    id: str
    secret: Annotated[str, Meta(description="`whsec_` and base64.")] | None
    public_key: Annotated[str, Meta(description="`whpk_` and base64; also GET /v1/webhooks.")]


class TestToCome(msgspec.Struct, frozen=True):
    """The `webhook-id` under which the test arrives."""

    event: str


class ToldAgain(msgspec.Struct, frozen=True):
    """How many events will be told once more."""

    told: int


_NEW: Final = msgspec.json.Decoder(NewWebhook, strict=True)
_SECRET: Final = msgspec.json.Decoder(NewSecret, strict=True)
_REPLAY: Final = msgspec.json.Decoder(Replayed, strict=True)

_WHICH: Final = id_in_path("webhook_id", "The endpoint's id, which its partner made up.")
_PATH: Final = "/v1/partner/webhooks/{webhook_id:str}"
_OWN: Final = ("partner.missing", "partner.unknown", "partner.stopped", "id.malformed")
_CHANGE: Final = (*_OWN, "not_found", "webhook.changed_too_often")
_READ: Final = (
    *("request.wrong_content_type", "request.bad_json", "request.duplicate_key"),
    *("request.invalid_fields", "request.too_large"),
)
_EXAMPLE: Final = {"url": "https://hooks.example.org/new", "secret_id": "cd" * 16}
_SHOWN: Final = {
    201: Answer("Done: the secret, which is in no list.", WebhookSecret),
    200: Answer("It was so already.", WebhookSecret),
}


@put(
    _PATH,
    operation=Operation(
        "setOwnWebhook",
        "Set up a webhook",
        "The id is yours, 128 random bits. A test is sent there; until one is taken, nothing "
        "else is. At most 10 for one partner. To change one, remove it and set up another.",
        _SHOWN,
        takes=(NewWebhook,),
        example=_EXAMPLE,
        parameters=(PARTNER_KEY, _WHICH),
        problems=(
            *_OWN,
            *_READ,
            *("webhook.url_malformed", "webhook.port_refused", "webhook.host_refused"),
            *("id.in_use", "webhook.url_in_use", "webhook.too_many"),
            "webhook.changed_too_often",
        ),
        credential="partner",
    ),
)
async def set_own_webhook(request: AnyRequest, webhook_id: FromPath[str]) -> Response[bytes]:
    """Keeps an endpoint."""
    partner, endpoint_id = _asked(webhook_id)
    said = decode(await _body(request), _NEW)
    types = tuple(sorted(set(said.types)))
    wanted = Wanted(endpoint_id, said.url, types, bytes.fromhex(said.secret_id))
    bench = state_of(request).bench
    return await _shown(bench, webhook_id, await own_webhooks.set_up(bench, partner, wanted))


@put(
    f"{_PATH}/secret",
    operation=Operation(
        "rotateOwnWebhook",
        "Replace a webhook's secret",
        "The one before signs as well for two days.",
        _SHOWN,
        takes=(NewSecret,),
        example={"secret_id": "ef" * 16},
        parameters=(PARTNER_KEY, _WHICH),
        problems=(*_CHANGE, *_READ, "webhook.secret_replaced"),
        credential="partner",
    ),
)
async def rotate_own_webhook(request: AnyRequest, webhook_id: FromPath[str]) -> Response[bytes]:
    """Puts a new secret in force."""
    partner, endpoint_id = _asked(webhook_id)
    said = decode(await _body(request), _SECRET)
    bench = state_of(request).bench
    secret_id = bytes.fromhex(said.secret_id)
    shown = await own_webhooks.rotate(bench, partner, endpoint_id, secret_id)
    return await _shown(bench, webhook_id, shown)


@post(
    f"{_PATH}/test",
    status_code=202,
    operation=Operation(
        "testOwnWebhook",
        "Send a test to a webhook",
        "One attempt, of type `webhook.test`, within seconds; what came of it is in the list. "
        "No body.",
        {202: Answer("It will be sent.", TestToCome)},
        parameters=(PARTNER_KEY, _WHICH),
        problems=(*_CHANGE, "webhook.given_up"),
        credential="partner",
    ),
)
async def test_own_webhook(request: AnyRequest, webhook_id: FromPath[str]) -> Response[bytes]:
    """Has a test sent."""
    partner, endpoint_id = _asked(webhook_id)
    bench = state_of(request).bench
    return json_answer(TestToCome(await own_webhooks.test(bench, partner, endpoint_id)), 202)


@post(
    f"{_PATH}/start",
    status_code=204,
    operation=Operation(
        "startOwnWebhook",
        "Send to a webhook again that was given up",
        "What was missed meanwhile is told by a replay. No body.",
        {204: Answer("It is told again.")},
        parameters=(PARTNER_KEY, _WHICH),
        problems=_CHANGE,
        credential="partner",
    ),
)
async def start_own_webhook(request: AnyRequest, webhook_id: FromPath[str]) -> Response[None]:
    """Starts an endpoint again."""
    partner, endpoint_id = _asked(webhook_id)
    await own_webhooks.start(state_of(request).bench, partner, endpoint_id)
    return empty_answer()


@post(
    f"{_PATH}/replay",
    status_code=202,
    operation=Operation(
        "replayOwnWebhook",
        "Be told events once more",
        "Those of the last 30 days that the endpoint asked for, under the ids that they had.",
        {202: Answer("They will be sent.", ToldAgain)},
        takes=(Replayed,),
        example={"since": "2026-11-23"},
        parameters=(PARTNER_KEY, _WHICH),
        problems=(*_CHANGE, *_READ, "webhook.given_up", "webhook.unproven"),
        credential="partner",
    ),
)
async def replay_own_webhook(request: AnyRequest, webhook_id: FromPath[str]) -> Response[bytes]:
    """Has events told again."""
    partner, endpoint_id = _asked(webhook_id)
    said = decode(await _body(request), _REPLAY)
    bench = state_of(request).bench
    told = await own_webhooks.replay(bench, partner, endpoint_id, said.since, said.event)
    return json_answer(ToldAgain(told), 202)


@delete(
    _PATH,
    status_code=204,
    operation=Operation(
        "removeOwnWebhook",
        "Remove a webhook",
        "With all that waits for it. Of one that is not there, the same answer.",
        {204: Answer("There is none.")},
        parameters=(PARTNER_KEY, _WHICH),
        problems=_OWN,
        credential="partner",
    ),
)
async def remove_own_webhook(request: AnyRequest, webhook_id: FromPath[str]) -> Response[None]:
    """Forgets an endpoint."""
    partner, endpoint_id = _asked(webhook_id)
    await own_webhooks.remove(state_of(request).bench, partner, endpoint_id)
    return empty_answer()


def _asked(webhook_id: str) -> tuple[str, bytes]:
    return presented_partner().partner.name, credentials.id_of(webhook_id)


async def _body(request: AnyRequest) -> bytes:
    if content_type(request) != JSON:
        raise Unsupported("request.wrong_content_type")
    door = state_of(request)
    return await read(request, door.bench.limits.json_bytes, door.patience, door.bench.parking)


async def _shown(bench: Workbench, webhook_id: str, shown: Shown) -> Response[bytes]:
    key = await bench.outbox.public_key(*signing.new_key())
    secret = None if shown.secret is None else signing.shown_secret(shown.secret)
    body = WebhookSecret(webhook_id, secret, signing.shown_key(key))
    return json_answer(body, 201 if shown.new else 200)


ROUTES: list[Any] = [
    set_own_webhook,
    rotate_own_webhook,
    test_own_webhook,
    start_own_webhook,
    replay_own_webhook,
    remove_own_webhook,
]
