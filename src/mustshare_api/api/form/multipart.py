"""Reads `multipart/form-data` as it comes: words bounded, files into anonymous memory.

    body --> push parser --> field   a name of the list, each once unless it may repeat
                         `-> file    parked and hashed; its name and claimed type are dropped

Litestar's own reading would put files on a disk in clear. A file that is too large, or one too
many, is remembered as refused and its bytes thrown away: the words beside it are worth more.
Anything that is not the form we hand out, to the letter, is refused as a whole.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Final, Protocol, Self, cast

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    ParserLimitReached,
    PushMultipartParser,
)

from mustshare_api.errors import Busy, Malformed, MustShareError, TooLarge, Unsupported
from mustshare_api.flows.form import Photo
from mustshare_api.flows.holding import Pace, Words
from mustshare_api.flows.parking import Parked, Parking

_BOUNDARY: Final = re.compile(
    r"""multipart/form-data\s*;\s*boundary=(?:"([^"\\]{1,70})"|([!-~]{1,70}))\s*""",
    re.IGNORECASE,
)
_HEADER_BYTES: Final = 4096
_HEADERS: Final = 4
PARTS: Final = 64


class _Hash(Protocol):
    def update(self, octets: bytes, /) -> None:
        """Takes more in."""
        ...

    def digest(self) -> bytes:
        """The digest so far."""
        ...


class _Part(Protocol):
    name: str
    filename: str | None


class _Parser(Protocol):
    def parse(self, chunk: bytes) -> Iterator[_Part | bytes | None]:
        """Events: a part's head, its octets, and None at its end."""
        ...

    def close(self) -> None:
        """Raises when the end has not come."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a form may hold: fields by name, bytes of each, and photos where it has any."""

    once: Collection[str]
    repeated: Collection[str]
    files: str | None
    field_bytes: int
    photo_bytes: int
    photos: int
    parts: int = PARTS


@dataclass(slots=True)
class Form:
    """A form as it was sent. Its photos are held until the block ends."""

    bounds: Bounds
    memory: Parking
    fields: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    photos: list[Photo] = field(default_factory=list[Photo])
    _held: ExitStack = field(default_factory=ExitStack)
    _pace: Pace = field(default_factory=Pace)
    _words: Words | None = None
    _open: "_Field | _File | None" = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets the photos go."""
        self._held.close()

    async def read(self, content_type: str, body: AsyncIterator[bytes]) -> None:
        """Takes a whole body in.

        Raises:
            Unsupported: it is no form.
            Malformed: it is broken, or not our form.
            TooLarge: more fields, or longer ones, than our form has.
            Busy: no memory for its words.
        """
        parser = _parser(content_type, self.bounds.parts)
        try:
            async for chunk in body:
                for event in parser.parse(chunk):
                    self._take(event)
            parser.close()
            self._settle()
        except ParserLimitReached:
            raise TooLarge("request.too_large") from None
        except (MultipartError, UnicodeDecodeError):
            raise Malformed("form.malformed") from None

    def _settle(self) -> None:
        """All has come; what was taken back of it meanwhile is told with its photo."""
        if self._words is not None:
            self._words.settle()
        for at, photo in enumerate(self.photos):
            try:
                photo.parked.settle()
            except Busy as busy:
                self.photos[at] = replace(photo, refused=busy)

    def one(self, name: str) -> str:
        """A field's text, empty when it was not sent."""
        return next(iter(self.fields.get(name, [])), "")

    def _take(self, event: _Part | bytes | None) -> None:
        if isinstance(event, bytes | bytearray):
            if self._open is not None:
                self._open.write(event)
        elif event is None:
            if self._open is not None:
                self._open.end(self)
            self._open = None
        else:
            self._open = self._begun(event.name, event.filename)

    def _begun(self, name: str, file_name: str | None) -> "_Field | _File":
        bounds = self.bounds
        if file_name is not None and name == bounds.files:
            parked = self._held.enter_context(self.memory.park())
            parked.pace = self._pace
            too_many = len(self.photos) >= bounds.photos
            return _File(parked, bounds.photo_bytes, named=bool(file_name), too_many=too_many)
        repeats = name in bounds.repeated
        known = repeats or (name in bounds.once and name not in self.fields)
        if file_name is not None or not known:
            raise Malformed("form.malformed")
        return _Field(name, bounds.field_bytes, self._said())

    def _said(self) -> Words:
        if self._words is None:
            self._words = self._held.enter_context(self.memory.gather())
            self._words.pace = self._pace
        return self._words


@dataclass(slots=True)
class _Field:
    name: str
    limit_bytes: int
    words: Words
    octets: bytearray = field(default_factory=bytearray)

    def write(self, octets: bytes) -> None:
        if len(self.octets) + len(octets) > self.limit_bytes:
            raise TooLarge("request.too_large")
        self.words.count(len(octets))
        self.octets += octets

    def end(self, form: Form) -> None:
        text = self.octets.decode("utf-8")
        form.fields.setdefault(self.name, []).append(text)


@dataclass(slots=True)
class _File:
    parked: Parked
    limit_bytes: int
    named: bool
    too_many: bool
    refused: MustShareError | None = None
    digest: _Hash = field(default_factory=hashlib.sha256, repr=False)

    def write(self, octets: bytes) -> None:
        if self.too_many:
            self.refused = TooLarge("form.too_many_photos")
        elif self.parked.size_bytes + len(octets) > self.limit_bytes:
            self.refused = TooLarge("attachment.too_large")
        if self.refused is None:
            self._park(octets)

    def _park(self, octets: bytes) -> None:
        self.digest.update(octets)
        try:
            self.parked.write(octets)
        except Busy as busy:
            self.refused = busy

    def end(self, form: Form) -> None:
        """An empty part without a name is what browsers send when no file was chosen."""
        if not self.parked.size_bytes and self.refused is None:
            if not self.named:
                return
            self.refused = Malformed("attachment.empty")
        form.photos.append(Photo(self.parked, self.digest.digest(), self.refused))


def _parser(content_type: str, parts: int) -> _Parser:
    found = _BOUNDARY.fullmatch(content_type.strip())
    if found is None:
        raise Unsupported("request.wrong_content_type")
    return cast(
        "_Parser",
        PushMultipartParser(
            (found[1] or found[2]).encode("ascii", "replace"),
            max_header_size=_HEADER_BYTES,
            max_header_count=_HEADERS,
            max_segment_count=parts,
            strict=True,
        ),
    )
