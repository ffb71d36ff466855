"""Which place of an opened tip becomes a point, how coarse, and under which id.

    place       what the reporter gave, or what they had kept of a photo that staff name
    size        the coarsest of: what the reporter chose, the campaign's grid, `--precision`
    id          derived from the tip's content key, the campaign, and which place it is

So every officer who can open the tip comes to the same id, and approving twice is one point.
To whoever cannot, it is as good as random: nothing at the server joins a point to a tip. A tip
that was sealed anew has another content key; its points of before are in `point list`.
"""

from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import LABEL, sha256
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.message import TipBody
from mustshare_api.domain.points import Cell, cell_of, size_for
from mustshare_api.keytool.desk.copies import read_copy
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.tips.reading import sealed_of

ID_BYTES: Final = 16
_OF_TIP: Final = "tip"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a tip. `source` is `tip`, or the id of the photo that tells it."""

    latitude: float
    longitude: float
    precision_m: int
    source: str


def body_of(opened: OpenedTip) -> TipBody:
    """What the reporter sent first.

    Raises:
        Refusal: `tip.unknown`, it could not be opened.
    """
    for message in opened.messages:
        if isinstance(message.message, TipBody):
            return message.message
    raise Refusal("tip.unknown")


def place_of(opened: OpenedTip, photo: str | None) -> Place:
    """The tip's own place, or that of a photo by the first digits of its id.

    Raises:
        Refusal: `point.no_place`, `point.no_such_photo`.
    """
    if photo is None:
        point = body_of(opened).coordinates
        if point is None:
            raise Refusal("point.no_place")
        return Place(point.latitude, point.longitude, point.precision_m, _OF_TIP)
    named = [
        name
        for message in opened.messages
        if message.author is None
        for name in message.message.attachments
        if name.id.startswith(photo.lower())
    ]
    if len({name.id for name in named}) != 1:
        raise Refusal("point.no_such_photo")
    name = named[0]
    if name.latitude is None or name.longitude is None or name.location_precision_m is None:
        raise Refusal("point.no_place")
    return Place(name.latitude, name.longitude, name.location_precision_m, name.id)


def cell_for(place: Place, campaign: CampaignContent, precision_m: int | None) -> Cell:
    """The cell that is sent: never finer than anybody asked for.

    Raises:
        Refusal: `point.no_map`.
        Malformed: `point.outside`, `point.precision`.
    """
    if campaign.map is None:
        raise Refusal("point.no_map")
    size = max(size_for(max(place.precision_m, precision_m or 1)), campaign.map.grid_m)
    return cell_of(place.latitude, place.longitude, size)


def point_id_of(
    home: Home, opened: OpenedTip, officer: Officer, slug: str, place: Place
) -> str:
    """The id of a point, in hex.

    Raises:
        Refusal: `tip.unknown`, the tip's first object is not here or opens no more.
    """
    for entry in sealed_of(home, opened.tip):
        copy = read_copy(home, entry.object_id) if entry.kind == Kind.TIP else None
        keys = copy.keys(officer.seeds()) if copy else {}
        for key in keys.values():
            about = sha256(f"{slug}\n{place.source}".encode())
            return sha256((LABEL + "campaign point").encode(), key, about)[:ID_BYTES].hex()
    raise Refusal("tip.unknown")
