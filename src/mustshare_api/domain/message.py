"""What is written inside an envelope: five kinds of message, as strict JSON.

    tip         TipBody             what a reporter sends first
    follow_up   FollowUpBody        a later word from the reporter
    attachment  AttachmentNotice    names a file the server sealed for a thin front end
    dispute     DisputeBody         the reporter contests what an agency reported
    reply       ReplyBody           a word from staff, with the id of the key that signed it

Only a key holder reads these, and a key holder cannot ask the sender to send again. So nothing
is sealed here that the other side would refuse: `encode_message` reads its own bytes back.
Unknown fields are refused as well. A new field is a new suite, since two readers that see
different things in one sealed message is how a redaction gets lost.

The exact second of sending stands inside (`sent_at`), because outside there is only a day. Text
is kept exactly as typed: Thai has several spellings of one word that normalising would merge or
part, and evidence is not rewritten.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from mustshare_api.domain import procurement
from mustshare_api.domain.answers import Answers
from mustshare_api.domain.strict_json import StrictJson
from mustshare_api.errors import Malformed

TEXT_LIMIT_BYTES: Final = 40_000
"""About thirteen thousand Thai letters: longer than anyone types, and one padded size class."""

ATTACHMENTS_LIMIT: Final = 64
"""How many files one message may name."""

# `$` alone would let a newline stand at the end; the look-ahead says the same to every dialect.
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Instant = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$(?!\n)")
]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$(?!\n)")]
PlaceCode = Annotated[str, Meta(pattern=r"^(?:[0-9]{2}){1,3}$(?!\n)")]
MediaType = Annotated[str, Meta(pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]{0,62}$(?!\n)")]
RemovedKind = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,31}$(?!\n)")]
CameraTime = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$(?!\n)")
]
UtcOffset = Annotated[str, Meta(pattern=r"^[+-](?:0[0-9]|1[0-4]):[0-5][0-9]$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT_BYTES)]


class AttachmentName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file's id, and the hash by which its bytes are believed.

    `sha256` is of the content as sealed, before padding. `removed` holds kinds, never values.
    What was taken out of a picture and kept is there only where the reporter chose so; the
    time is the camera's own. `original` flags a file whose hidden data nobody removed.
    """

    id: Hex32
    sha256: Hex64
    media_type: MediaType
    size_bytes: Annotated[int, Meta(ge=0, le=2**40)]
    removed: Annotated[list[RemovedKind], Meta(max_length=32)] = []
    original_sha256: Hex64 | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    location_precision_m: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    taken_at: CameraTime | None = None
    utc_offset: UtcOffset | None = None
    original: bool = False

    def __post_init__(self) -> None:
        """A position is whole or absent, and an offset belongs to a time that exists."""
        point = (self.latitude, self.longitude, self.location_precision_m)
        if None in point and any(part is not None for part in point):
            raise Malformed("message.malformed")
        if self.taken_at is None and self.utc_offset is not None:
            raise Malformed("message.malformed")
        if self.taken_at is not None:
            _check_time(self.taken_at)


class Coordinates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point the reporter chose to give, no finer than they chose."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    precision_m: Annotated[int, Meta(ge=1, le=1_000_000)]


class ProcurementRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public purchase: an e-GP project number (Buddhist year, month, serial) or an OCID."""

    scheme: Literal["TH-EGP", "OCID"]
    id: Annotated[str, Meta(max_length=procurement.LONGEST)]

    def __post_init__(self) -> None:
        """Each scheme has its own shape."""
        if not procurement.has_form(self.scheme, self.id):
            raise Malformed("message.malformed")


Attachments = Annotated[list[AttachmentName], Meta(max_length=ATTACHMENTS_LIMIT)]


class TipBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tip"):
    """What a reporter sends first. It answers a case or a campaign, or neither.

    `answers` are those to the campaign's questions as they were published on that day; whether
    they fit is checked before sealing, since a reader of later years has no such page.
    """

    sent_at: Instant
    text: Text
    language: Literal["th", "en"] | None = None
    category: Slug | None = None
    campaign: Slug | None = None
    place: PlaceCode | None = None
    coordinates: Coordinates | None = None
    procurement_refs: Annotated[list[ProcurementRef], Meta(max_length=32)] = []
    attachments: Attachments = []
    case: Slug | None = None
    answers: Answers = {}

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check(self.sent_at, self.attachments, self.text)
        if self.campaign is None and self.answers:
            raise Malformed("message.malformed")
        if self.campaign is not None and self.case is not None:
            raise Malformed("message.malformed")


class FollowUpBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="follow_up"):
    """A later word from the reporter."""

    sent_at: Instant
    text: Text
    attachments: Attachments = []

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check(self.sent_at, self.attachments, self.text)


class AttachmentNotice(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="attachment"
):
    """Names files that came after the message they belong to.

    A thin front end sends its photo once the tip is already sealed, so the photo's hash can
    stand in no earlier message. The server signs this one with the receipt's own key.
    """

    sent_at: Instant
    attachments: Annotated[list[AttachmentName], Meta(min_length=1, max_length=64)]

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check(self.sent_at, self.attachments)


class DisputeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="dispute"):
    """The reporter contests an outcome that the docket told of; `about` is its id there."""

    sent_at: Instant
    about: Hex32
    text: Text

    @property
    def attachments(self) -> list[AttachmentName]:
        """None: what goes with a dispute comes as any file does."""
        return []

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check(self.sent_at, [], self.text)


class ReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="reply"):
    """A word from staff. `signed_by` is the key id to look up in the pinned directory."""

    sent_at: Instant
    text: Text
    signed_by: Hex32
    attachments: Attachments = []

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check(self.sent_at, self.attachments, self.text)


Message = TipBody | FollowUpBody | AttachmentNotice | DisputeBody | ReplyBody
_JSON: Final[StrictJson[Message]] = StrictJson(
    msgspec.json.Decoder(Message, strict=True), "message.malformed"
)


def encode_message(message: Message) -> bytes:
    """The JSON that goes into an envelope.

    Raises:
        Malformed: the message breaks a rule that its reader holds it to.
    """
    return _JSON.encode(message)


def decode_message(octets: bytes) -> Message:
    """The message that an opened envelope holds.

    Raises:
        Malformed: it is not one of the five, to the letter.
    """
    return _JSON.read(octets)


def _check(sent_at: str, attachments: list[AttachmentName], text: str = "") -> None:
    """The rules that a JSON schema cannot say."""
    _check_time(sent_at)
    try:
        size_bytes = len(text.encode())
    except ValueError:
        raise Malformed("message.malformed") from None
    if size_bytes > TEXT_LIMIT_BYTES or "\0" in text:
        raise Malformed("message.malformed")
    # Two hashes under one id would let the opener pick.
    if len({name.id for name in attachments}) != len(attachments):
        raise Malformed("message.malformed")


def _check_time(text: str) -> None:
    """That a time of the right form is also one that a clock can show."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("message.malformed") from None
