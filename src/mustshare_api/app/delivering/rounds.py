"""Takes what is due out of the outbox and sends it, an endpoint a task.

An endpoint has its own task and one delivery at a time: one that does not answer holds up its
own and nobody else's. What came of an attempt is written down before the next is begun.

    2xx              taken
    a test           tried once; an endpoint that takes it is told of events from then on
    410              the receiver wants nothing more: nothing is sent to it from here on
    anything else    put off by the schedule; after the last attempt the endpoint is given up,
                     until an operator starts it again and has what was missed told once more

It forgets nothing: that is upkeep's, which knows whether the clock is believed.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mustshare_api.app.delivering.sending import Result, Sender
from mustshare_api.clock import Clock, bangkok_day
from mustshare_api.crypto import webhooks as signing
from mustshare_api.domain import outward
from mustshare_api.domain.waiting import asked_s
from mustshare_api.domain.webhooks import TEST, pause_s, payload
from mustshare_api.errors import Malformed, MustShareError
from mustshare_api.logs import log
from mustshare_api.store.webhooks import Delivery, Outbox

LEASE_S: Final = 120
"""Longer than any attempt takes; after that another process may have it."""

LOOK_EVERY_S: Final = 2.0
TASKS: Final = 32
"""Endpoints that are spoken to at one time."""


@dataclass(slots=True)
class Rounds:
    """The sending process's work. `seed` is of the service's own key."""

    outbox: Outbox
    sender: Sender
    clock: Clock
    seed: bytes
    ports: frozenset[int]
    _busy: dict[bytes, asyncio.Task[None]] = field(
        default_factory=dict[bytes, "asyncio.Task[None]"]
    )

    async def keep_sending(self) -> None:
        """Looks for what is due, for good. A database that is away is waited for."""
        try:
            while True:
                try:
                    await self.begin()
                except MustShareError as error:
                    log("webhooks_waiting", kind=type(error.__cause__ or error).__name__)
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            await self.end()

    async def begin(self) -> None:
        """Begins with each endpoint that has something due and is not being spoken to."""
        self._busy = {one: task for one, task in self._busy.items() if not task.done()}
        waiting = await self.outbox.due(self.clock.now()) - self._busy.keys()
        for endpoint_id in list(waiting)[: TASKS - len(self._busy)]:
            self._busy[endpoint_id] = asyncio.create_task(self.serve(endpoint_id))

    async def end(self) -> None:
        """Leaves what is under way; it is due again when its lease is over."""
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def serve(self, endpoint_id: bytes) -> None:
        """Sends what is due at one endpoint, until something fails or nothing is left."""
        try:
            while (one := await self._claimed(endpoint_id)) and await self.attempt(one):
                pass
        except MustShareError as error:
            log("webhooks_waiting", kind=type(error.__cause__ or error).__name__)

    async def _claimed(self, endpoint_id: bytes) -> Delivery | None:
        return await self.outbox.claim(endpoint_id, self.clock.now(), LEASE_S)

    async def attempt(self, delivery: Delivery) -> bool:
        """Makes one attempt and writes down what came of it; whether it was taken."""
        result = await self._sent(delivery)
        if delivery.kind == TEST and not result.gone:
            return await self._tested(delivery, result)
        if result.taken:
            await self.outbox.delivered(delivery)
            return True
        now = self.clock.now()
        pause = None if result.gone else _pause_s(delivery, result, now)
        if pause is not None:
            await self.outbox.put_off(delivery, now + timedelta(seconds=pause))
            return False
        reason = "gone" if result.gone else "exhausted"
        await self.outbox.give_up(delivery, reason, bangkok_day(now))
        log("webhook_endpoint_disabled", reason=reason)
        return False

    async def _tested(self, delivery: Delivery, result: Result) -> bool:
        """A test is tried once: its partner sees what came of it, and may ask for another."""
        today = bangkok_day(self.clock.now())
        await self.outbox.tested(delivery, today, result.status, result.why, taken=result.taken)
        return result.taken

    async def _sent(self, delivery: Delivery) -> Result:
        body = payload(delivery.kind, delivery.about, delivery.happened_on)
        message_id = f"msg_{delivery.event_id.hex()}"
        at = int(self.clock.now().timestamp())
        headers = signing.headers(message_id, at, body, delivery.shared, self.seed)
        try:
            # Judged again: what was allowed when it was set up need not be today.
            to = outward.destination(delivery.url, self.ports)
        except Malformed as refused:
            return Result(why=refused.code)
        return await self.sender.send(to, headers, body)


def _pause_s(delivery: Delivery, result: Result, now: datetime) -> float | None:
    chance = secrets.randbelow(1 << 16) / (1 << 16)
    return pause_s(delivery.attempts, chance, asked_s(result.retry_after, now))
