"""Who may come in by the staff door: whoever signed the request, and only with what was signed.

    guard    the signature holds for a key of the directory in force, and its role may make
             requests of this kind, before any handler runs
    admitted whose request it is, and the leaf by which the audit log remembers what it does
    reach    which objects are there for them
    body     the octets a handler reads are those whose digest was signed, or nothing happens

The guard stands on the whole door, so a handler that somebody forgets to guard is refused.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler

from mustshare_api.api.answers import DoorState, state_of
from mustshare_api.api.bodies import AnyRequest, gathered, stream
from mustshare_api.api.harden import METHOD_SENT
from mustshare_api.api.staff.permissions import check_permitted
from mustshare_api.crypto import requests
from mustshare_api.flows import staff
from mustshare_api.flows.staff import Admitted
from mustshare_api.store.rows import Reach

_ADMITTED: Final = "mustshare.admitted"


async def signed_guard(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuses a request that no current staff key signed, or one whose role may not make it."""
    door: DoorState = connection.app.state["door"]
    scope: Any = connection.scope
    found = await staff.admit(
        door.bench,
        scope[METHOD_SENT],
        connection.headers.get("host", ""),
        (scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")),
        joined(connection.headers),
    )
    check_permitted(found.entry, handler)
    scope[_ADMITTED] = found


def admitted(request: AnyRequest) -> Admitted:
    """What the guard found out about a request that it let in."""
    scope: Any = request.scope
    found: Admitted = scope[_ADMITTED]
    return found


def reach_of(request: AnyRequest) -> Reach:
    """Which objects are there for whoever signed a request."""
    return state_of(request).bench.directory.reach_of(admitted(request).entry)


def joined(headers: Headers) -> dict[str, str]:
    """One value a name: a header that came twice is one with a comma, as RFC 9110 has it."""
    return {name: ", ".join(headers.getall(name)) for name in headers}


async def digested(request: AnyRequest, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks, and a refusal at their end when they are not what was signed."""
    digest = requests.BodyDigest(joined(request.headers))
    async for chunk in chunks:
        digest.update(chunk)
        yield chunk
    digest.check()


async def signed_body(request: AnyRequest, limit_bytes: int) -> bytes:
    """The whole body, which is the one that was signed.

    Raises:
        Unsigned: it is another.
        TooLarge, TooSlow, Malformed, Busy: as `bodies.read` does.
    """
    door = state_of(request)
    chunks = stream(request, limit_bytes, door.patience)
    return await gathered(digested(request, chunks), door.bench.parking)
