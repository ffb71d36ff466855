"""What a partner does about its own webhooks, each with the deed that the audit log keeps.

An address is judged here by its letters: https, a name of the Internet, a port that is allowed.
Where the name leads is judged at every attempt, by the process that makes it: this one may
connect to nobody, not even to a resolver. Between the two, nothing is lost: an address that was
set up is told of nothing but a test before it has taken one, and a test that would lead into a
network of our own is never sent.
"""

from datetime import date
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import events
from mustshare_api.crypto import webhooks as signing
from mustshare_api.domain import outward
from mustshare_api.flows import deeds
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.own_webhooks import Shown, Wanted

_PREFIX: Final = "msg_"


async def set_up(bench: Workbench, partner: str, wanted: Wanted) -> Shown:
    """Keeps an endpoint, and has a test sent to it.

    Raises:
        Malformed: `webhook.url_malformed`, `webhook.port_refused`, `webhook.host_refused`.
        WrongMoment, Busy, NotPermitted: as the store does.
    """
    to = outward.destination(wanted.url, bench.webhook_ports)
    one = Wanted(wanted.endpoint_id, to.url, wanted.types, wanted.secret_id)
    today = _today(bench)
    leaf = deeds.of_partner(events.OWN_WEBHOOK_ADDED, today, partner)
    return await bench.own_webhooks.put(partner, one, signing.new_secret(), today, leaf)


async def rotate(bench: Workbench, partner: str, endpoint_id: bytes, secret_id: bytes) -> Shown:
    """Puts a new secret in force. Raises as the store does."""
    today = _today(bench)
    leaf = deeds.of_partner(events.OWN_WEBHOOK_ROTATED, today, partner)
    new = (secret_id, signing.new_secret())
    return await bench.own_webhooks.rotate(partner, endpoint_id, new, today, leaf)


async def test(bench: Workbench, partner: str, endpoint_id: bytes) -> str:
    """Has a test sent; its `webhook-id`. Raises as the store does."""
    return shown_id(await bench.own_webhooks.test(partner, endpoint_id, _today(bench)))


async def start(bench: Workbench, partner: str, endpoint_id: bytes) -> None:
    """Sends to an endpoint again that was given up. Raises as the store does."""
    today = _today(bench)
    leaf = deeds.of_partner(events.OWN_WEBHOOK_STARTED, today, partner)
    await bench.own_webhooks.start(partner, endpoint_id, today, leaf)


async def replay(
    bench: Workbench,
    partner: str,
    endpoint_id: bytes,
    since: date | None,
    event: str | None,
) -> int:
    """Has events told once more; how many. Raises as the store does."""
    event_id = None if event is None else bytes.fromhex(event.removeprefix(_PREFIX))
    today = _today(bench)
    return await bench.own_webhooks.replay(partner, endpoint_id, today, since, event_id)


async def remove(bench: Workbench, partner: str, endpoint_id: bytes) -> None:
    """Forgets an endpoint, with all that waits for it."""
    leaf = deeds.of_partner(events.OWN_WEBHOOK_REMOVED, _today(bench), partner)
    await bench.own_webhooks.remove(partner, endpoint_id, leaf)


def shown_id(event_id: bytes) -> str:
    """An event's id as the header `webhook-id` has it."""
    return f"{_PREFIX}{event_id.hex()}"


def _today(bench: Workbench) -> date:
    return bangkok_day(bench.clock.now())
