"""What the commands about pages ask of the staff door."""

from collections.abc import Iterator
from datetime import date
from typing import Final, TypeVar

import msgspec

from mustshare_api.domain.pages import PATHS, PageSlug
from mustshare_api.errors import NotFound
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Id, StateName

_Answer = TypeVar("_Answer", bound=msgspec.Struct)

ACCEPTED: Final = 202
"""The status of a proposal: it waits for a second officer."""


class ListedDraft(msgspec.Struct, frozen=True):
    """A draft as the door lists it."""

    draft_id: Id
    version: int
    changed_on: date
    octets: int


class _Drafts(msgspec.Struct, frozen=True):
    drafts: list[ListedDraft]
    next: str | None


class ListedPage(msgspec.Struct, frozen=True):
    """A published page as the door lists it."""

    page_id: Id
    slug: PageSlug
    version: int
    shown_version: int
    state: StateName
    changed_on: date
    retain_until: date | None = None


class _Pages(msgspec.Struct, frozen=True):
    pages: list[ListedPage]
    next: str | None


class PageDetail(ListedPage, frozen=True):
    """The same, and which pictures the door waits for."""

    missing_pictures: list[str] = []


def publication(kind: str, page_id: str) -> str:
    """Where a page is published."""
    return f"/v1/{PATHS[kind]}/{page_id}/publication"


def drafts(door: Door) -> Iterator[ListedDraft]:
    """Every draft that is sealed to this officer."""
    after: str | None = ""
    while after is not None:
        page = _read(door.ask("/v1/drafts", _from(after)), _Drafts)
        yield from page.drafts
        after = page.next


def pages(door: Door, kind: str) -> Iterator[ListedPage]:
    """Every page that was ever published."""
    after: str | None = ""
    while after is not None:
        page = _read(door.ask(f"/v1/publications/{PATHS[kind]}", _from(after)), _Pages)
        yield from page.pages
        after = page.next


def find_page(door: Door, kind: str, page_id: str) -> PageDetail | None:
    """How a page stands; None for one that was never published."""
    try:
        return _read(door.ask(publication(kind, page_id)), PageDetail)
    except NotFound:
        return None


def draft_version(door: Door, page_id: str) -> int:
    """The version of a draft; 0 where there is none."""
    return next((one.version for one in drafts(door) if one.draft_id == page_id), 0)


def _from(after: str) -> dict[str, str | int]:
    return {"after": after} if after else {}


def _read(octets: bytes, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(octets, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refusal("door.nonsense") from None
