"""What every route of the public plane does alike: it is asked, answers, and keeps the answer.

    1. look      `look_first`, around the whole door: has something changed within a second?
    2. ready     the same path again is answered in front of the framework (`api/ready.py`)
    3. answer    made once a generation; a strong ETag, public for a minute, open to all origins

An answer depends on its path and query alone: no language, credential, host or other header has
a say in it, or one reader could have another shown what they asked for.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import msgspec
from litestar.handlers import HTTPRouteHandler

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.harden import App, Receive, Scope, Send
from mustshare_api.api.openapi import operation_of
from mustshare_api.api.operation import ENTITY_TAGS, Parameter
from mustshare_api.api.ready import Answer, Ready
from mustshare_api.errors import NotFound
from mustshare_api.flows.plane import Plane

JSON: Final = "application/json"
KEPT_BYTES: Final = 16 * 1024 * 1024
"""Of lists kept ready. Counted in octets and not in lists: one of a hundred cases can be a
mebibyte, and there are as many cursors as anybody cares to make up."""

_ENTRY_BYTES: Final = 512
"""What an answer takes besides its body and its name."""

IF_NONE_MATCH: Final = Parameter(
    "If-None-Match",
    "header",
    "An ETag that this path answered with before; 304 where it still holds.",
    ENTITY_TAGS,
)
SLUG: Final = Parameter(
    "slug",
    "path",
    "The page's name.",
    {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"},
    required=True,
)
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

IsPublic = Callable[[str], bool]


def plane_of(request: AnyRequest) -> Plane:
    """The public plane behind a door."""
    plane: Plane = request.app.state["plane"]
    return plane


def checked_slug(slug: str) -> str:
    """A slug, if it could be one.

    Raises:
        NotFound: `page.not_found`, no page has such a name.
    """
    if _SLUG.fullmatch(slug) is None:
        raise NotFound("page.not_found")
    return slug


async def by_path(
    request: AnyRequest, made: Awaitable[Answer], *, is_picture: bool = False
) -> Answer:
    """An answer that depends on its path alone, kept ready for the next who asks."""
    plane = plane_of(request)
    ready: Ready = request.app.state["ready"]
    ready = ready.pictures if is_picture and ready.pictures is not None else ready
    was = plane.current()
    answer = await made
    if plane.current() == was:
        ready.put(request.scope["path"], answer, plane.current)
    return answer


async def by_query(
    request: AnyRequest, query: tuple[object, ...], make: Callable[[], Awaitable[Answer]]
) -> Answer:
    """An answer that depends on a query as well, kept until something changes."""
    plane, path = plane_of(request), request.scope["path"]
    key = (path, repr(query))
    held: Answer | None = plane.kept.get(key)
    if held is not None:
        return held
    was = plane.current()
    answer = await make()
    if plane.current() == was:
        plane.keep(key, answer, len(answer.octets) + len(key[1]) + _ENTRY_BYTES, KEPT_BYTES)
    return answer


def json_of(body: msgspec.Struct | bytes) -> Answer:
    """A public answer in JSON."""
    octets = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Answer.public(octets, JSON)


def look_first(app: App, plane: Plane, is_public: IsPublic) -> App:
    """Wraps a door: what is public is not answered before the plane has looked."""

    async def looked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_public(scope["path"]):
            await plane.look()
        await app(scope, receive, send)

    return looked


def public_paths(handlers: Iterable[HTTPRouteHandler]) -> IsPublic:
    """Which paths belong to routes that everybody's pages may read."""
    known: dict[str, list[list[str]]] = {}
    for handler in handlers:
        for path in handler.paths if operation_of(handler).public else ():
            known.setdefault(_area(path), []).append(path.split("/"))

    def is_public(path: str) -> bool:
        parts = path.split("/")
        return any(
            len(found) == len(parts)
            and all(
                want == part or want.startswith("{")
                for want, part in zip(found, parts, strict=True)
            )
            for found in known.get(_area(path), ())
        )

    return is_public


def _area(path: str) -> str:
    """The part of a path that most others do not share: `cases` of `/v1/cases/bridge`."""
    return path.removeprefix("/v1").partition("/")[2].partition("/")[0]
