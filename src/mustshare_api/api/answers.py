"""How an answer is put together: JSON, padded where its length would tell, or octets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Response
from litestar.datastructures import State
from litestar.types import Receive, Scope, Send

from mustshare_api.api.bodies import AnyRequest, Patience
from mustshare_api.api.ready import Ready
from mustshare_api.api.sizes import even
from mustshare_api.crypto.padding import padme
from mustshare_api.flows.workbench import Workbench

TIP_VIEW_BYTES = 10 * 1024
"""`GET /v1/tip` is always of this size, with and without news, opened and sealed: a docket, all
of which are of one size, is 7,320 letters of base64, and what stands beside it has room."""

FOLLOW_UPS_FLOOR_BYTES = 16 * 1024

PIECE_BYTES = 64 * 1024
"""Small enough that a phone at the edge of a network takes one within the idle time."""


@dataclass(frozen=True, slots=True)
class DoorState:
    """What the handlers of a door are given."""

    bench: Workbench
    patience: Patience
    contract: bytes
    ready: Ready


def state_of(request: AnyRequest) -> DoorState:
    """The state of the door that a request came through."""
    state: State = request.app.state
    door: DoorState = state["door"]
    return door


def door_state(state: DoorState) -> State:
    """The same as Litestar wants it."""
    # The public plane is given its own tools alone: from a door all of a reporter is in reach.
    return State({"door": state, "plane": state.bench.plane, "ready": state.ready})


def json_answer(
    body: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """A struct as JSON."""
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type="application/json",
        headers=headers,
    )


def even_answer(
    body: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """A struct as JSON whose length tells nothing."""
    octets = even(msgspec.json.encode(body))
    return Response(octets, status_code=status, media_type="application/json", headers=headers)


def padded_answer(body: Any, floor_bytes: int) -> Response[bytes]:  # noqa: ANN401 - any struct with `padding`
    """A struct with a field `padding` as JSON of at least `floor_bytes`, grown to PADME."""
    bare = len(msgspec.json.encode(body))
    size = padme(max(bare, floor_bytes))
    padded = msgspec.structs.replace(body, padding=" " * (size - bare))
    return json_answer(padded)


def empty_answer(status: int = 204) -> Response[None]:
    """Nothing, successfully."""
    return Response(None, status_code=status)


@dataclass(frozen=True, slots=True)
class OctetStream:
    """Octets in pieces, as an ASGI answer; lets go of what they come from, whatever happens.

    A reader who takes longer than `idle_s` over a piece is left: what is opened for one reader
    is memory that others wait for.
    """

    chunks: AsyncIterator[bytes]
    size_bytes: int
    idle_s: float
    held: ExitStack = field(default_factory=ExitStack)
    media_type: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Beside those that every such answer has."""
    status: int = 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends them all, or stops short; the announced length then tells the reader."""
        del scope, receive
        with self.held, suppress(TimeoutError):
            # Before the status is out: what was deleted just now can still be a plain 404.
            first = await anext(self.chunks, b"")
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status,
                    "headers": [
                        (b"content-type", self.media_type.encode()),
                        (b"content-length", str(self.size_bytes).encode()),
                        (b"content-disposition", b"attachment"),
                        *(
                            (name.encode(), value.encode())
                            for name, value in self.headers.items()
                        ),
                    ],
                }
            )
            await self._send(first, send)
            async for chunk in self.chunks:
                await self._send(chunk, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, chunk: bytes, send: Send) -> None:
        for at in range(0, len(chunk), PIECE_BYTES):
            piece = chunk[at : at + PIECE_BYTES]
            async with asyncio.timeout(self.idle_s):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
