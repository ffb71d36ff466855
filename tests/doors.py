"""The three doors in one process, without a network: for tests of what they answer.

Put in a `conftest.py`:

    from tests.doors import clock, doors, org, stripper  # noqa: F401
"""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mustshare_api.api import doors as api_doors
from mustshare_api.api.bodies import Patience
from mustshare_api.api.harden import App
from mustshare_api.app import composition
from mustshare_api.crypto import events, opening, receipts, requests, sealing
from mustshare_api.crypto.envelope import Expected, Kind, Prefix, parse_head
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.crypto.suite import signer
from mustshare_api.domain import receipt
from mustshare_api.domain.message import (
    AttachmentName,
    Message,
    ReplyBody,
    decode_message,
    encode_message,
)
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from tests.lazily import when_asked
from tests.organisation import Officer, Organisation, organisation
from tests.seen import all_seen

STARTED_AT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
JSON = {"content-type": "application/json"}
OCTETS = {"content-type": "application/octet-stream"}


@dataclass
class MovedClock:
    """A clock that tests move."""

    at: datetime = STARTED_AT
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, **by: float) -> None:
        step = timedelta(**by)
        self.at += step
        self.seconds += step.total_seconds()


@dataclass
class Doors:
    """Clients for each door, and what tests look behind them with."""

    reporter: httpx.AsyncClient
    staff: httpx.AsyncClient
    operator: httpx.AsyncClient
    bench: Workbench
    org: Organisation
    clock: MovedClock
    replies: dict[str, bytes] = field(default_factory=dict)

    async def send_tip(
        self, text: str = "ถนนพัง", digits: str | None = None, **more: Any
    ) -> httpx.Response:
        """A tip in clear."""
        headers = {
            **JSON,
            **(with_receipt(digits) if digits else {}),
            **more.pop("headers", {}),
        }
        return await self.reporter.post(
            "/v1/tips", json={"text": text, **more}, headers=headers
        )

    async def new_tip(self, text: str = "ถนนพัง") -> str:
        """A tip in clear; its receipt."""
        answer = await self.send_tip(text)
        assert answer.status_code == 201, answer.text
        digits: str = answer.json()["receipt"]
        return digits

    async def keys(self, digits: str) -> ReceiptKeys:
        """What a careful front end derives."""
        return receipts.derive(digits, self.org.deployment_id)

    async def signed(
        self, method: str, target: str, body: bytes = b"", *, officer: Officer | None = None
    ) -> httpx.Response:
        """A staff request, signed."""
        headers = self.signature(method, target, body, officer)
        return await self.staff.request(method, target, content=body, headers=headers)

    def signature(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        officer: Officer | None = None,
        if_match: str | None = None,
    ) -> dict[str, str]:
        """The headers of a signed staff request."""
        path, _, query = target.partition("?")
        by = officer or self.org.officers[0]
        created = int(self.clock.now().timestamp())
        digest = hashlib.sha256(body).digest()
        event = events.request_headers(
            method, path, query, digest, created=created, seed=by.sign_seed
        )
        made = requests.sign(
            method,
            "staff.test",
            path,
            query,
            requests.content_digest(body),
            keyid=by.keyid,
            seed=by.sign_seed,
            created=created,
            nonce=secrets.token_urlsafe(16),
            if_match=if_match,
        )
        return {**made, **event, **OCTETS}

    async def stored(self, kind: Kind) -> list[bytes]:
        """The octets of every stored object of a kind, as staff fetch them."""
        index = (await self.signed("GET", "/v1/index")).json()["objects"]
        found = [one["object_id"] for one in index if one["kind"] == kind]
        return [(await self.signed("GET", f"/v1/objects/{one}")).content for one in found]

    async def opened(self, kind: Kind, officer: Officer | None = None) -> list[Message]:
        """Every stored message of a kind, opened with an officer's seeds."""
        by = officer or self.org.officers[0]
        bundles = await self.bundles()
        messages = []
        for octets in await self.stored(kind):
            prefix = parse_head(octets).prefix
            bundle = receipts.parse_bundle(bundles[prefix.tip_id])
            expect = Expected(
                kind,
                prefix.tip_id,
                prefix.object_id,
                receipts.bundle_hash(bundles[prefix.tip_id]),
            )
            content = opening.open_message(
                octets, by.seeds(), expect=expect, verify_key=bundle.verify_key
            )
            messages.append(decode_message(content))
        return messages

    async def bundles(self) -> dict[bytes, bytes]:
        """Bundles by tip id, of every live tip."""
        tips = (await self.signed("GET", "/v1/tips")).json()["tips"]
        return {
            bytes.fromhex(tip["tip_id"]): base64.b64decode(tip["bundle"])
            for tip in tips
            if tip["bundle"]
        }

    async def reply(
        self,
        tip_id: bytes,
        text: str,
        attachments: list[AttachmentName] | None = None,
        *,
        object_id: bytes | None = None,
        officer: Officer | None = None,
        seen: str | None = None,
    ) -> httpx.Response:
        """An answer from staff, as the key tool sends it; with `seen` empty, unsaid."""
        octets = await self.sealed_reply(
            tip_id, text, attachments or [], object_id or secrets.token_bytes(16), officer
        )
        read = await self.seen(tip_id) if seen is None else seen
        target = f"/v1/tips/{tip_id.hex()}/follow-ups" + (f"?seen={read}" if read else "")
        return await self.signed("POST", target, octets)

    async def seen(self, tip_id: bytes) -> str:
        """What an officer says who has read all of it."""
        return await all_seen(self.bench.tips._database, tip_id)

    async def sealed_reply(
        self,
        tip_id: bytes,
        text: str,
        attachments: list[AttachmentName],
        object_id: bytes,
        officer: Officer | None = None,
    ) -> bytes:
        """The octets of an answer."""
        by = officer or self.org.officers[0]
        bundle = (await self.bundles())[tip_id]
        body = ReplyBody("2026-11-23T05:00:00Z", text, by.keyid, attachments)
        named = receipts.bundle_hash(bundle)
        prefix = Prefix(Kind.FOLLOW_UP_FROM_STAFF, 0, tip_id, object_id, named)
        recipients = [receipts.parse_bundle(bundle).reply_key, *self.org.recipients()]
        return sealing.seal_message(
            prefix, recipients, encode_message(body), signer(by.sign_seed)
        )

    async def only_tip_id(self) -> bytes:
        """The id of the only live tip."""
        (found,) = await self.bundles()
        return found


def with_receipt(digits: str) -> dict[str, str]:
    """The header of a thin front end."""
    return {"authorization": f"Receipt {digits}"}


def with_access(access: bytes) -> dict[str, str]:
    """The header of a front end that derives for itself."""
    return {"authorization": "Bearer " + base64.urlsafe_b64encode(access).rstrip(b"=").decode()}


def made_up_receipt() -> str:
    """A receipt that belongs to nobody."""
    return receipt.mint()


@pytest.fixture
def clock() -> MovedClock:
    """A clock that stands still until a test moves it."""
    return MovedClock()


@pytest.fixture(scope="session")
def org() -> Organisation:
    """An organisation of two officers."""
    return organisation(STARTED_AT)


@pytest.fixture(scope="session")
def stripper() -> Iterator[Stripper]:
    """The picture workers of the run."""
    started = Stripper.start()
    yield started
    started.close()


@pytest.fixture
async def doors(
    dsn: str, clock: MovedClock, org: Organisation, stripper: Stripper
) -> AsyncIterator[Doors]:
    """The three doors over a fresh database, with a directory in force."""
    async with composition.workbench(Settings(), dsn, org.roots, stripper, clock) as bench:
        await bench.directory.accept(org.note())
        async with doors_of(bench, org, clock) as opened:
            yield opened


def doors_of(bench: Workbench, org: Organisation, clock: MovedClock) -> "_Opened":
    """Clients around a workbench."""
    return _Opened(bench, org, clock)


class _Opened:
    def __init__(self, bench: Workbench, org: Organisation, clock: MovedClock) -> None:
        patience = Patience(idle_s=1, total_s=5)
        origins = ["https://tip.example"]
        makers: Mapping[str, Callable[[], App]] = {
            "reporter": lambda: api_doors.reporter_door(
                bench, patience, lambda: origins, "test"
            ),
            "staff": lambda: api_doors.staff_door(bench, patience),
            "operator": lambda: api_doors.operator_door(bench, patience),
        }
        self._clients = {
            name: httpx.AsyncClient(
                transport=httpx.ASGITransport(when_asked(make), raise_app_exceptions=True),
                base_url=f"https://{name}.test",
            )
            for name, make in makers.items()
        }
        reporter, staff, operator = (self._clients[name] for name in makers)
        self._doors = Doors(reporter, staff, operator, bench, org, clock)

    async def __aenter__(self) -> Doors:
        return self._doors

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients.values():
            await client.aclose()
