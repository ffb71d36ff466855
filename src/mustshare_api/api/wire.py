"""What travels as JSON, by the reporter door: one struct a body.

A request struct refuses unknown fields, and the published schema says so. Lengths of text are
counted in bytes afterwards, because a Thai character takes three.
"""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from mustshare_api.api.dockets import TipDocket
from mustshare_api.api.ids import Id
from mustshare_api.domain.answer_schema import ANSWER_SCHEMA
from mustshare_api.domain.category import Category
from mustshare_api.domain.lifecycle import LIVING
from mustshare_api.domain.message import TEXT_LIMIT_BYTES, PlaceCode, Slug
from mustshare_api.domain.procurement import EGP_FORM, LONGEST, OCID_FORM
from mustshare_api.domain.questions import QUESTIONS_LIMIT
from mustshare_api.flows.pictures import Attached

REFS_MOST: Final = 32
"""Public contracts that one tip names; a road has a few."""

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TEXT_LIMIT_BYTES,
        description="As typed, at most 40,000 bytes of UTF-8, not blank. Never normalised or "
        "corrected.",
        examples=["ถนนหน้าโรงเรียนพังหลังส่งงานหนึ่งเดือน งบ 4 ล้านบาท"],
        # Checked by hand: a regular expression that says it takes quadratic time on a bad text.
        extra_json_schema={"pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"},
    ),
]


class EgpProject(
    msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="scheme", tag="TH-EGP"
):
    """A project of Thailand's e-GP: Buddhist year, month, serial."""

    id: Annotated[
        str,
        Meta(
            max_length=LONGEST,
            description="Eleven digits: Buddhist year (69 for 2569, which is 2026), month, "
            "serial. Not of a month to come.",
            examples=["68019123456"],
            # Checked by hand, so that the problem says which part is wrong.
            extra_json_schema={"pattern": EGP_FORM, "maxLength": 11},
        ),
    ]


class ContractingProcess(
    msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="scheme", tag="OCID"
):
    """A contracting process by its Open Contracting id."""

    id: Annotated[
        str,
        Meta(
            max_length=LONGEST,
            examples=["ocds-213czf-68019123456"],
            extra_json_schema={"pattern": OCID_FORM},
        ),
    ]


class Point(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A point that the reporter chose to give, no finer than they chose."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    precision_m: Annotated[
        float, Meta(ge=1, le=1_000_000, multiple_of=1, description="Whole metres.")
    ]


def _no_answers() -> msgspec.Raw:
    return msgspec.Raw(b"{}")


class NewTip(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A tip in clear, which the server seals before it stores it."""

    text: Text
    language: Literal["th", "en"] | None = None
    category: Category | None = None
    place: (
        Annotated[
            PlaceCode,
            Meta(
                description="Thai administrative code of 2, 4 or 6 digits, as in "
                "GET /v1/places. One that was abolished is taken, too.",
                examples=["100101"],
            ),
        ]
        | None
    ) = None
    coordinates: Point | None = None
    procurement_refs: Annotated[
        list[EgpProject | ContractingProcess], Meta(max_length=REFS_MOST)
    ] = []
    campaign: Annotated[Slug, Meta(description="The open campaign that it answers.")] | None = (
        None
    )
    case: Annotated[Slug, Meta(description="The published case that it adds to.")] | None = None
    answers: Annotated[
        msgspec.Raw,
        Meta(
            description="To the campaign's questions, by their ids, as its schema.json says. "
            "Checked before anything is sealed.",
            extra_json_schema={
                "type": "object",
                "maxProperties": QUESTIONS_LIMIT,
                "patternProperties": {"^[a-z][a-z0-9_]{0,31}$": ANSWER_SCHEMA},
                "additionalProperties": False,
            },
        ),
    ] = msgspec.field(default_factory=_no_answers)
    # Raw: the decoder keeps short names of members for good, whoever wrote them.
    link_in_clear: Annotated[
        bool,
        Meta(
            description="Whether the campaign or case may also be noted in clear beside the "
            "sealed tip. By default it is sealed and the server keeps no word of it."
        ),
    ] = False


class TipTaken(msgspec.Struct, frozen=True):
    """The tip is stored, durably. The receipt is shown once and stored nowhere."""

    received_on: date
    acknowledge_by: date
    answer_by: date
    receipt: (
        Annotated[str, Meta(description="30 digits; null when the front end made it.")] | None
    )
    receipt_grouped: (
        Annotated[str, Meta(description="The same in groups of five, to show.")] | None
    )


class TipView(msgspec.Struct, frozen=True):
    """Where a tip stands. Always of one size.

    `tip_id` is what an object sealed for this tip has to name in its prefix.
    """

    tip_id: Id
    state: Annotated[
        str,
        Meta(
            description="Where it stands; docs/lifecycle.md has the steps between.",
            examples=["received"],
            extra_json_schema={"enum": [*LIVING]},
        ),
    ]
    received_on: date
    expires_on: Annotated[
        date | None,
        Meta(
            description="The first Bangkok day on which it is gone. Null while staff have not "
            "seen to what was sent last: nothing unread is deleted."
        ),
    ]
    expires_soon: Annotated[
        bool, Meta(description="Whether that is within 30 days: time to write, or to let go.")
    ]
    acknowledge_by: date
    answer_by: date
    acknowledged: Annotated[
        bool, Meta(description="Whether staff made a step with it or wrote back.")
    ]
    answered: Annotated[bool, Meta(description="Whether staff ever wrote back.")]
    follow_ups_waiting: int
    docket: Annotated[
        TipDocket | None, Meta(description="Null until staff have something to tell.")
    ] = None
    padding: Annotated[
        str, Meta(description="Spaces, so that news cannot be told by length.")
    ] = ""


class NewFollowUp(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Later words of a reporter, in clear. A retry keeps its id."""

    id: Id
    text: Text


class NewDispute(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A reporter contests an outcome, in clear. A retry keeps its id."""

    id: Id
    about: Annotated[
        str,
        Meta(pattern="^[0-9a-f]{32}$", description="The outcome's id in the tip's docket."),
    ]
    text: Text


class FollowUpTaken(msgspec.Struct, frozen=True):
    """The follow-up is stored, durably."""

    id: Id


class NamedAttachment(msgspec.Struct, frozen=True):
    """A file that came with a follow-up from staff."""

    id: Id
    sha256: str
    media_type: str
    size_bytes: int


class WaitingFollowUp(msgspec.Struct, frozen=True):
    """A follow-up from staff. `sealed` for whoever presents an access token.

    `verified` tells whether an officer's signature inside held; without that no text is shown.
    """

    id: Id
    received_on: date
    verified: bool
    text: str | None
    sent_on: date | None
    signed_by: str | None
    attachments: list[NamedAttachment]
    sealed: Annotated[str, Meta(description="The sealed object, base64.")] | None


class WaitingFollowUps(msgspec.Struct, frozen=True):
    """What waits to be read; padded to one of few sizes."""

    follow_ups: list[WaitingFollowUp]
    padding: str = ""


class AttachmentTaken(msgspec.Struct, frozen=True):
    """The file is stored, durably. `removed` and `kept` name kinds, never values.

    `kept` names what was asked for and was there; only staff can read it.
    """

    id: Id
    sealed: Annotated[bool, Meta(description="It came sealed, so nothing is known of it.")]
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    pages: Annotated[int | None, Meta(description="Of a document.")] = None
    duration_s: Annotated[
        int | None, Meta(description="Of a video or recording, rounded up.")
    ] = None
    removed: Annotated[list[str], Meta(examples=[["location", "camera", "thumbnail"]])] = []
    kept: Annotated[list[str], Meta(examples=[["location"]])] = []


def taken_file(object_id: bytes, attached: Attached | None) -> AttachmentTaken:
    """What is answered about a file that was taken; `None` when it came sealed."""
    if attached is None:
        return AttachmentTaken(object_id.hex(), sealed=True)
    return AttachmentTaken(
        object_id.hex(),
        sealed=False,
        media_type=attached.media_type,
        width=attached.width or None,
        height=attached.height or None,
        pages=attached.pages,
        duration_s=attached.duration_s,
        removed=list(attached.removed),
        kept=list(attached.kept),
    )


class Withdrawn(msgspec.Struct, frozen=True):
    """What was deleted and what may remain, said truthfully."""

    withdrawn: bool
    remains_th: str
    remains_en: str
