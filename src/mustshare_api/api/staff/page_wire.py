"""What travels as JSON about pages by the staff door."""

from datetime import date
from typing import Any

import msgspec

from mustshare_api.domain.pages import Change, Digest
from mustshare_api.store.published import PageRow, VersionRow


class PageProposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the first officer signs for: SHA-256 of the octets that the second will send."""

    digest: Digest


class TakingDown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said in the place of a page, for everybody to read."""

    reason: Change


class PageVersion(msgspec.Struct, frozen=True):
    """One version: `published`, `corrected`, `taken_down` or `erased`."""

    version: int
    act: str
    on: date
    change: Any


class StaffPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page as staff see it; `shown_version` is behind while pictures are missing."""

    page_id: str
    slug: str
    version: int
    shown_version: int
    state: str
    published_on: date
    changed_on: date
    retain_until: date | None


class StaffPageDetail(StaffPage, frozen=True, kw_only=True):
    """The same with its history, and the ids of pictures that are awaited."""

    versions: list[PageVersion]
    missing_pictures: list[str]


class StaffPageList(msgspec.Struct, frozen=True):
    """A page of pages, in the order of random ids."""

    pages: list[StaffPage]
    next: str | None


def staff_page(row: PageRow) -> StaffPage:
    """A row for a list."""
    return StaffPage(**_fields(row))


def staff_page_detail(
    row: PageRow, versions: list[VersionRow], missing: list[bytes]
) -> StaffPageDetail:
    """A row with its history."""
    return StaffPageDetail(
        **_fields(row),
        versions=[page_version(version) for version in versions],
        missing_pictures=[picture_id.hex() for picture_id in missing],
    )


def page_version(row: VersionRow) -> PageVersion:
    """A line of a history."""
    return PageVersion(row.version, row.act, row.happened_on, msgspec.json.decode(row.told))


def _fields(row: PageRow) -> dict[str, Any]:
    return {
        "page_id": row.page_id.hex(),
        "slug": row.slug,
        "version": row.version,
        "shown_version": row.shown_version,
        "state": row.state,
        "published_on": row.published_on,
        "changed_on": row.changed_on,
        "retain_until": row.retain_until,
    }
