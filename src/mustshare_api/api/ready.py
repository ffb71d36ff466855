"""Answers that are the same for everybody, kept ready by path and given without the framework.

    methods --> ready --[ kept? ]--> 200, or 304 where a reader has it already
                  `---- not kept --> Litestar

They go out inside of everything that surrounds an answer (`harden`, `visitors`, `hosts`,
`methods`), so that headers, HEAD, OPTIONS, 405 and 421 are what they were. Three ways in:

    ready.remember(path, version)        what the path's own route answers with 200 is kept for
                                         as long as `version()` is what it was when it was asked
    ready.put(path, answer, version)     an answer made elsewhere, likewise; without a version
                                         until it is dropped or pushed out
    ready.drop(path)                     the next one who asks is answered by the route

Only what no credential, language or other header of a request has a say in may stand here. A
handler that may be asked for pages without number makes an `Answer.public`, puts it here, and
returns it; what was asked for least lately makes room.

    Answer.private(octets, kind)   `no-store`, no ETag: all of the reporter's own routes
    Answer.public(octets, kind)    a strong ETag, If-None-Match, `Cache-Control: public,
                                   max-age=60`, open to every origin: the public plane
"""

import base64
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final

from mustshare_api.api.harden import App, Headers, Message, Receive, Scope, Send

Version = Callable[[], Hashable]

ROOM_BYTES: Final = 32 * 1024 * 1024
"""Some thousand pages; the contract and the form are under 1 MiB. Pictures have as much room of
their own: one gallery would push every page out."""

FRESH: Final = b"public, max-age=60"
"""A correction or a takedown shows within a minute everywhere."""

_TAG: Final = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def always() -> Hashable:
    """The version of what stays as it is for as long as the process runs."""
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it goes out, before `harden` dresses it; an ETag where it may be kept."""

    headers: tuple[tuple[bytes, bytes], ...]
    octets: bytes
    etag: bytes | None = None
    status: int = 200

    @classmethod
    def private(cls, octets: bytes, kind: str) -> "Answer":
        """One that nobody may keep."""
        return cls((*_described(octets, kind),), octets)

    @classmethod
    def public(
        cls, octets: bytes, kind: str, more: Iterable[tuple[bytes, bytes]] = ()
    ) -> "Answer":
        """One that anybody may keep for a minute, and ask by its ETag whether it still holds.

        Args:
            octets: of the body.
            kind: its media type, with its charset.
            more: further headers; names in small letters.
        """
        digest = base64.urlsafe_b64encode(hashlib.sha256(octets).digest()[:18])
        etag = b'"' + digest + b'"'
        open_to_all = (
            (b"etag", etag),
            (b"cache-control", FRESH),
            (b"access-control-allow-origin", b"*"),
            (b"cross-origin-resource-policy", b"cross-origin"),
        )
        return cls((*_described(octets, kind), *open_to_all, *more), octets, etag)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request: it is ASGI, so that a handler can return it as it is."""
        del receive
        status, headers, octets = self.told(scope["headers"])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": octets, "more_body": False})

    def told(self, asked: Iterable[tuple[bytes, bytes]]) -> tuple[int, Headers, bytes]:
        """Status, headers and body for a request with these headers, names in small letters."""
        is_kept = self.status == 200 and self.etag is not None  # noqa: PLR2004
        if not is_kept or not _has_already(self.etag or b"", asked):
            return self.status, list(self.headers), self.octets
        return 304, [pair for pair in self.headers if not _is_of_the_body(pair[0])], b""


def _is_of_the_body(name: bytes) -> bool:
    """Whether a header describes octets that a 304 has not.

    A cache takes over whatever a 304 says. A page whose policy it left out would be shown under
    the policy of every other answer, by which its style and pictures are refused.
    """
    return name.startswith(b"content-") and name != b"content-security-policy"


def _described(octets: bytes, kind: str) -> Headers:
    return [(b"content-type", kind.encode()), (b"content-length", str(len(octets)).encode())]


def _has_already(etag: bytes, asked: Iterable[tuple[bytes, bytes]]) -> bool:
    """RFC 9110, 13.1.2: any of the tags named, compared weakly, or `*`."""
    named = b",".join(value for name, value in asked if name == b"if-none-match")
    return named.strip() == b"*" or etag in _TAG.findall(named)


@dataclass(slots=True)
class _Kept:
    answer: Answer
    version: Version
    was: Hashable


@dataclass(slots=True)
class Ready:
    """The answers of one service that are ready, by path."""

    room_bytes: int = ROOM_BYTES
    pictures: "Ready | None" = None
    _kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict[str, _Kept])
    _remembered: dict[str, Version] = field(default_factory=dict[str, Version])
    _held_bytes: int = 0

    @classmethod
    def with_pictures(cls, room_bytes: int = ROOM_BYTES) -> "Ready":
        """One that keeps pictures apart, in as much room again."""
        return cls(room_bytes, cls(room_bytes))

    def remember(self, path: str, version: Version) -> None:
        """Has what a path's own route answers kept, while `version()` stays what it was."""
        self._remembered[path] = version

    def put(self, path: str, answer: Answer, version: Version = always) -> None:
        """Keeps an answer; those that were asked for least make room."""
        self._keep(path, answer, version, version())

    def drop(self, path: str) -> None:
        """Forgets an answer, if there is one."""
        held = self._kept.pop(path, None)
        self._held_bytes -= len(held.answer.octets) if held else 0
        if self.pictures is not None:
            self.pictures.drop(path)

    def find(self, path: str) -> Answer | None:
        """The answer that holds now."""
        held = self._kept.get(path)
        if held is None:
            return None if self.pictures is None else self.pictures.find(path)
        if held.version() != held.was:
            self.drop(path)
            return None
        self._kept.move_to_end(path)
        return held.answer

    def version_of(self, path: str) -> Version | None:
        """The version of a path whose own answers are kept."""
        return self._remembered.get(path)

    def _keep(self, path: str, answer: Answer, version: Version, was: Hashable) -> None:
        self.drop(path)
        if len(answer.octets) > self.room_bytes:
            return
        self._kept[path] = _Kept(answer, version, was)
        self._held_bytes += len(answer.octets)
        while self._held_bytes > self.room_bytes:
            self.drop(next(iter(self._kept)))

    def learn(self, path: str, heard: "_Heard", version: Version, was: Hashable) -> None:
        """Keeps what a route answered, if it was a whole 200."""
        if heard.is_whole and heard.status == 200:  # noqa: PLR2004
            self._keep(path, Answer(tuple(heard.headers), heard.octets), version, was)


@dataclass(slots=True)
class _Heard:
    """An answer as it passed."""

    status: int = 0
    headers: Headers = field(default_factory=Headers)
    octets: bytes = b""
    is_whole: bool = False

    def hear(self, message: Message) -> None:
        """Takes note of a part; before it is passed on, since it is dressed in place."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.octets += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)


def serve_ready(app: App, ready: Ready) -> App:
    """Wraps a door's framework: what is ready is answered here."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" and scope["method"] == "GET" else None
        answer = ready.find(path) if path is not None else None
        if answer is not None:
            await answer(scope, receive, send)
            return
        version = ready.version_of(path) if path is not None else None
        if path is None or version is None:
            await app(scope, receive, send)
            return
        # Asked before the route is: what changes meanwhile makes the answer an old one.
        was, heard = version(), _Heard()

        async def listened(message: Message) -> None:
            heard.hear(message)
            await send(message)

        await app(scope, receive, listened)
        ready.learn(path, heard, version, was)

    return served
