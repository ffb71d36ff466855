"""Takes a tip and its photos that came in one plain form.

    1. tip      sealed and recorded first, as any other: words are not lost for a photo's sake
    2. claim    under the receipt that came with the form
    3. photos   one after the other, as any other; one that is refused is told of, with why

The form brings its own receipt, and a photo's id follows from the receipt and the photo, so
that a double click, or a page sent again, is the same tip with the same photos.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto import receipts
from mustshare_api.domain.evidence import Choice
from mustshare_api.domain.message import TipBody
from mustshare_api.errors import MustShareError
from mustshare_api.flows import evidence, intake
from mustshare_api.flows.attach import attach_parked
from mustshare_api.flows.credentials import Claim, TypedReceipt, claim
from mustshare_api.flows.intake import Taken
from mustshare_api.flows.parking import Parked
from mustshare_api.flows.pictures import Attached, Picture
from mustshare_api.flows.recording import ID_BYTES
from mustshare_api.flows.workbench import Workbench

LABEL_PHOTO: Final = b"mustshare/v1 form-photo"


@dataclass(frozen=True, slots=True)
class Photo:
    """A file of a form, in anonymous memory; `refused` when it was not taken in whole."""

    parked: Parked
    sha256: bytes
    refused: MustShareError | None = None


PhotoTold = Attached | MustShareError | None
"""What became of a photo; None when it came sealed."""


async def take_form(
    bench: Workbench, body: TipBody, typed_receipt: str, photos: list[Photo], choice: Choice
) -> tuple[Taken, list[PhotoTold]]:
    """Records a tip, and of its photos those that can be taken, in the order they came.

    Raises:
        Malformed, WrongMoment, Busy, Unavailable: the tip itself is not taken.
    """
    taken = await intake.take_tip(bench, body, typed_receipt=typed_receipt, retry_key=None)
    if not photos:
        return taken, []
    try:
        claimed = await claim(bench, TypedReceipt(typed_receipt))
    except MustShareError as error:
        return taken, [error] * len(photos)
    return taken, [await _take_photo(bench, claimed, photo, choice) for photo in photos]


async def _take_photo(
    bench: Workbench, claimed: Claim, photo: Photo, choice: Choice
) -> PhotoTold:
    if photo.refused is not None:
        return photo.refused
    asked = hashlib.sha256(LABEL_PHOTO + evidence.asked(photo.sha256, choice)).digest()
    object_id = receipts.fingerprint(claimed.access, asked)[:ID_BYTES]
    picture = Picture(object_id, photo.parked, photo.sha256, choice)
    try:
        return await attach_parked(bench, claimed, picture)
    except MustShareError as error:
        return error
