"""What the commands about pages ask of the staff door."""

from collections.abc import Iterator
from datetime import date
from typing import Final, Protocol, TypeVar

import msgspec

from mustshare_api.domain.pages import PATHS, PageSlug
from mustshare_api.errors import NotFound
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_as, read_by
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Id, StateName

_PAGES_MOST: Final = 10_000
"""A door cannot make the tool go round."""


class _Listing(Protocol):
    """A page of a list, and the cursor of the next one."""

    @property
    def next(self) -> str | None: ...


_List = TypeVar("_List", bound=_Listing)

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
    for page in walk(door, "/v1/drafts", msgspec.json.Decoder(_Drafts)):
        yield from page.drafts


def pages(door: Door, kind: str) -> Iterator[ListedPage]:
    """Every page that was ever published."""
    path = f"/v1/publications/{PATHS[kind]}"
    for page in walk(door, path, msgspec.json.Decoder(_Pages)):
        yield from page.pages


def find_page(door: Door, kind: str, page_id: str) -> PageDetail | None:
    """How a page stands; None for one that was never published."""
    try:
        return read_as(door.ask(publication(kind, page_id)), PageDetail)
    except NotFound:
        return None


def draft_version(door: Door, page_id: str) -> int:
    """The version of a draft; 0 where there is none."""
    return next((one.version for one in drafts(door) if one.draft_id == page_id), 0)


def walk(door: Door, path: str, decoder: "msgspec.json.Decoder[_List]") -> Iterator[_List]:
    """The pages of a list, to its end.

    Raises:
        Refusal: `door.nonsense`, one of them is none, or the list has no end.
    """
    query: dict[str, str | int] = {}
    for _ in range(_PAGES_MOST):
        page = read_by(door.ask(path, query), decoder)
        yield page
        if page.next is None:
            return
        query = {"after": page.next}
    raise Refusal("door.nonsense")
