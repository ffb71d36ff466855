"""What a request to the reporter door brings for its place in line, taken off before the rest.

    Edge-Bucket          the network, told by a proxy on this machine; to be believed only then
    Partner-Key          whose front end it came by
    Challenge-Solution   a proof of work

None of the three reaches a handler: they are taken out of the headers here, so that nothing
below can log or keep one by mistake. What is left of them is the `Visitor` of this request.

    edge (outermost) --> harden --> visitors --> ... --> a guard asks who the partner is
                                                         answers of a partner: RateLimit
"""

import ipaddress
from datetime import datetime, timedelta
from typing import Any, Final, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from mustshare_api.api.challenges import PARTNER_KEY
from mustshare_api.api.harden import App, Headers, Message, Receive, Scope, Send
from mustshare_api.clock import BANGKOK
from mustshare_api.errors import NotPermitted
from mustshare_api.flows.standing import VISITOR, Visitor, hash_of_key, visitor
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.partners import Usage

EDGE: Final = b"edge-bucket"
KEY: Final = b"partner-key"
SOLUTION: Final = b"challenge-solution"

_BUCKET: Final = "mustshare.bucket"
"""Scope key: the bucket of a request, hashed; never the network."""

_REFUSED: Final = "mustshare.partner_key"
"""Scope key: the partner's key until a guard has looked at it."""


def tell_networks(app: App, bench: Workbench) -> App:
    """Wraps a door, outside of everything: afterwards nobody knows who called."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            values = _taken(scope, EDGE)
            buckets = bench.gate.buckets
            if values and buckets is not None and _is_here(scope.get("client")):
                # The last one is the proxy's own, should it have passed on what it was sent.
                scope[_BUCKET] = buckets.bucket_of(values[-1])
        await app(scope, receive, send)

    return told


def receive_visitors(app: App, bench: Workbench) -> App:
    """Wraps the reporter door's app."""

    async def received(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        keys, solutions = _taken(scope, KEY), _taken(scope, SOLUTION)
        guest = Visitor(
            solution=",".join(solutions) if solutions else None,
            bucket=scope.pop(_BUCKET, None),
        )
        if keys:
            scope[_REFUSED] = ",".join(keys)
        if any(name == b"origin" for name, _ in scope["headers"]):
            await bench.partners.refresh()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and guest.usage is not None:
                limits = _rate_limit(guest.usage, bench.clock.now())
                message["headers"] = [*message.get("headers", []), *limits]
            await send(message)

        token = VISITOR.set(guest)
        try:
            await app(scope, receive, counted)
        finally:
            VISITOR.reset(token)
            # Timers and connections that were made meanwhile keep this request's context for as
            # long as they live, and with it the guest.
            guest.forget()
            scope.pop(_REFUSED, None)

    return received


async def partner_guard(
    connection: "ASGIConnection[Any, Any, Any, Any]", handler: BaseRouteHandler
) -> None:
    """Litestar's guard of the reporter door: looks at the key, on routes that take one.

    Raises:
        NotPermitted: it is nobody's, or its partner was stopped.
    """
    scope = cast("Scope", connection.scope)
    key = scope.get(_REFUSED)
    takes_key = PARTNER_KEY in handler.opt["operation"].parameters
    if isinstance(key, str) and takes_key:
        bench: Workbench = connection.app.state["door"].bench
        guest = visitor()
        guest.usage = await bench.partners.present(key)
        guest.key_hash = hash_of_key(key)


def presented_partner() -> Usage:
    """The partner of the present request.

    Raises:
        NotPermitted: `partner.missing`, it shows no key.
    """
    usage = visitor().usage
    if usage is None:
        raise NotPermitted("partner.missing")
    return usage


def _taken(scope: Scope, name: bytes) -> list[str]:
    """The values of a header, which is gone afterwards."""
    headers: Headers = scope["headers"]
    found = [value.decode("latin-1") for key, value in headers if key == name]
    if found:
        scope["headers"] = [pair for pair in headers if pair[0] != name]
    return found


def _is_here(client: object) -> bool:
    """Whether a connection is from this machine; who does not tell is from elsewhere."""
    host = cast("tuple[str, int]", client)[0] if client else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _rate_limit(usage: Usage, now: datetime) -> Headers:
    """As draft-ietf-httpapi-ratelimit-headers has them: what there is, and what is left."""
    partner, local = usage.partner, now.astimezone(BANGKOK)
    tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    until_s = int((tomorrow - local).total_seconds())
    policy = (
        f'"day";q={partner.quota_per_day};w=86400, "minute";q={partner.quota_per_minute};w=60'
    )
    left = (
        f'"day";r={usage.left_today};t={until_s}, '
        f'"minute";r={usage.left_in_minute};t={60 - local.second}'
    )
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]
