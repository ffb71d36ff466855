"""What the commands about campaigns ask of the staff door."""

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.domain.pages import CAMPAIGN
from mustshare_api.domain.points import Cell
from mustshare_api.errors import WrongMoment
from mustshare_api.keytool.cases import desk as pages
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_by
from mustshare_api.keytool.staff_door.door import Door

_CREATED: Final = 201
_NONCE_BYTES: Final = 16


class ListedPoint(msgspec.Struct, frozen=True):
    """A point as the door lists it."""

    id: str
    cell: str
    cell_m: int
    province: str | None
    batch_on: date
    shown_in: str | None
    shown_on: date | None


class _Points(msgspec.Struct, frozen=True):
    points: list[ListedPoint]
    next: str | None


def shown_campaign(door: Door, slug: str) -> tuple[str, CampaignContent]:
    """A campaign as the door says that it is published now, and the id of its page.

    Raises:
        Refusal: `point.no_campaign`, there is none; `door.nonsense`.
    """
    for page in pages.pages(door, CAMPAIGN):
        if page.slug == slug and page.shown_version and page.state != "taken_down":
            return page.page_id, _version(door, page.page_id, page.shown_version)
    raise Refusal("point.no_campaign", slug=slug)


def published(door: Door, page: pages.ListedPage) -> CampaignContent:
    """The last version that two officers signed, shown yet or not."""
    return _version(door, page.page_id, page.version)


def _version(door: Door, page_id: str, version: int) -> CampaignContent:
    path = f"{pages.publication(CAMPAIGN, page_id)}/versions/{version}"
    found: CampaignContent = read_by(door.ask(path), READERS[CAMPAIGN])
    return found


def approve(door: Door, slug: str, point_id: str, cell: Cell, province: str | None) -> bool:
    """Sends a point; false when the door had it already.

    Raises:
        Refusal: `point.other_place`, it is there with another place.
    """
    latitude, longitude = cell.middle
    said = {
        "id": point_id,
        "nonce": secrets.token_hex(_NONCE_BYTES),  # or the log's digest would tell of which row
        "latitude": latitude,
        "longitude": longitude,
        "precision_m": cell.size_m,
        "province": province,
    }
    try:
        status = door.send("POST", points_of(slug), msgspec.json.encode(said))
    except WrongMoment as refused:
        if refused.code == "id.in_use":
            raise Refusal("point.other_place", point=point_id) from None
        raise
    return status == _CREATED


def listed(door: Door, slug: str) -> Iterator[ListedPoint]:
    """Every point of a campaign."""
    for page in pages.walk(door, points_of(slug), msgspec.json.Decoder(_Points)):
        yield from page.points


def take_back(door: Door, slug: str, point_id: str) -> None:
    """Takes a point off the map."""
    door.write("DELETE", f"{points_of(slug)}/{point_id}")


def points_of(slug: str) -> str:
    """Where a campaign's points are."""
    return f"/v1/campaigns/{slug}/points"
