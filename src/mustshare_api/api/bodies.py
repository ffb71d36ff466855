"""Reads request bodies: bounded in size, bounded in time, and strictly.

    stream   chunks as they come; 413 as soon as too much is announced or sent, 408 when the
             next chunk or the whole takes longer than anyone needs
    read     the same, whole, for JSON and sealed messages
    decode   JSON in UTF-8, each key once, no unknown field, no "13.5" for a number

No server we know of closes a body that drips, so this does. Litestar's own reading is not
used: its forms go to disk, and its conversion is lax.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.types import HTTPRequestEvent

from mustshare_api.domain.limits import STRIDE_BYTES
from mustshare_api.errors import FieldError, Malformed, TooLarge, TooSlow, Unsupported
from mustshare_api.flows.parking import Parking

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]

JSON = "application/json"
OCTETS = "application/octet-stream"
_SEEN_OR_HEARD = ("image/", "video/", "audio/", "application/pdf")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a body may take, in seconds: between two chunks, in all, and for a stride."""

    idle_s: float
    total_s: float
    stride_s: float = 30.0


class _Clock:
    """When a body's time is up. What we take over a chunk ourselves does not count."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._now = asyncio.get_running_loop().time
        self._ends_at = self._now() + patience.total_s
        self._stride_ends_at = self._now() + patience.stride_s
        self._gained = 0

    def until(self) -> float:
        """By when the next chunk has to be here."""
        return min(self._ends_at, self._stride_ends_at, self._now() + self._patience.idle_s)

    def gain(self, octets: int) -> None:
        """Counts a chunk; a byte in time every time is no progress, a stride is."""
        self._gained += octets
        if self._gained >= STRIDE_BYTES:
            self._gained, self._stride_ends_at = 0, self._now() + self._patience.stride_s

    @contextmanager
    def stopped(self) -> Generator[None]:
        """While somebody works on a chunk."""
        began = self._now()
        yield
        self._stride_ends_at += self._now() - began


async def stream(
    request: AnyRequest, limit_bytes: int, patience: Patience
) -> AsyncIterator[bytes]:
    """The body's chunks.

    Raises:
        TooLarge: over `limit_bytes`, announced or sent.
        TooSlow: out of patience.
        Malformed: the client hung up; nobody is left to be told.
    """
    _check_announced(request, limit_bytes)
    clock, taken, more = _Clock(patience), 0, True
    while more:
        event = await _next(request, clock.until())
        clock.gain(len(event["body"]))
        taken += len(event["body"])
        if taken > limit_bytes:
            raise TooLarge
        if event["body"]:
            with clock.stopped():
                yield event["body"]
        more = event["more_body"]


async def _next(request: AnyRequest, until: float) -> HTTPRequestEvent:
    # The time-out ends before the chunk is handed on. One that spanned a `yield` would run on
    # while somebody else works on the chunk, and would cancel them.
    try:
        async with asyncio.timeout_at(until):
            event = await request.receive()
    except TimeoutError:
        raise TooSlow from None
    if event["type"] != "http.request":
        raise Malformed("request.cut_off")
    return event


def _check_announced(request: AnyRequest, limit_bytes: int) -> None:
    announced = request.headers.get("content-length", "0")
    # More digits than a limit has is too large before it is a number.
    if not (announced.isascii() and announced.isdecimal()):
        raise Malformed
    if len(announced) > 18 or int(announced) > limit_bytes:  # noqa: PLR2004 - int64
        raise TooLarge


async def read(
    request: AnyRequest, limit_bytes: int, patience: Patience, memory: Parking
) -> bytes:
    """The whole body, whose bytes count against `memory` while they come in.

    Raises:
        Busy: so many bodies are on their way that there is no memory for another.
        TooLarge, TooSlow, Malformed: as `stream` does.
    """
    return await gathered(stream(request, limit_bytes, patience), memory)


async def gathered(chunks: AsyncIterator[bytes], memory: Parking) -> bytes:
    """The chunks as one, counted against `memory` until they are.

    Raises:
        Busy: no memory left.
    """
    with memory.gather() as words:
        async for chunk in chunks:
            words.add(chunk)
        return words.whole()


def is_of_a_file(kind: str) -> bool:
    """Whether a body that says it is of this type may be a file; its octets tell which."""
    return kind == OCTETS or kind.startswith(_SEEN_OR_HEARD)


def content_type(request: AnyRequest) -> str:
    """The media type alone, lower case.

    Raises:
        Unsupported: a charset other than UTF-8.
    """
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') != "utf-8":
            raise Unsupported("request.wrong_content_type")
    return kind.strip().lower()


def decode(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """What a JSON body says.

    Raises:
        Malformed: not JSON, not UTF-8, a key twice, or fields that are not right.
    """
    try:
        said = decoder.decode(body)
        # Whether what it only passes over is UTF-8, msgspec does not look; and json, given
        # octets, takes half a character for one, which nobody can write down again.
        json.loads(body.decode("utf-8"), object_pairs_hook=_each_once)
    except msgspec.ValidationError as error:
        raise Malformed("request.invalid_fields", errors=(_field_error(str(error)),)) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Malformed("request.bad_json") from None
    return said


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("request.duplicate_key")
    return found


_REASONS = (
    ("Object missing required field", "field.missing"),
    ("Object contains unknown field", "field.unknown"),
    ("Expected `str` of length", "field.out_of_range"),
    ("Expected `array` of length", "field.out_of_range"),
    ("Expected `int` ", "field.out_of_range"),
    ("Expected `float` ", "field.out_of_range"),
    ("Expected `str` matching", "field.wrong_form"),
    ("Invalid enum value", "field.wrong_form"),
    ("Invalid ", "field.wrong_form"),
)


def _field_error(message: str) -> FieldError:
    """Reads msgspec's sentence for its path and its kind; the sentence itself quotes values."""
    what, _, path = message.partition(" - at `$")
    steps = re.findall(r"\.([a-z_]+)|\[([0-9]+|\.\.\.)\]", path)
    pointer = "".join("/" + (name or index) for name, index in steps)
    code = next(
        (code for start, code in _REASONS if what.startswith(start)), "field.wrong_type"
    )
    if code == "field.missing" and (named := re.search(r"`([a-z_]+)`$", what)):
        pointer += "/" + named[1]
    return FieldError(pointer, code)
