"""`GET /v1/intake`: what a front end needs to build its form and to be honest about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from mustshare_api.api.exposure import ServerView, server_view
from mustshare_api.crypto import receipts
from mustshare_api.crypto.challenges import VALID_S
from mustshare_api.domain import category, deadlines, places
from mustshare_api.domain.campaign import CampaignCard
from mustshare_api.domain.pages import Both
from mustshare_api.errors import Unavailable
from mustshare_api.flows.directory import WARN_DAYS
from mustshare_api.flows.public_campaigns import CallingCase
from mustshare_api.flows.workbench import Workbench


class Said(msgspec.Struct, frozen=True):
    """One text in both languages."""

    th: str
    en: str


class Choice(msgspec.Struct, frozen=True):
    """A category: the code to send, the words to show."""

    code: str
    label: Said


class LimitsShown(msgspec.Struct, frozen=True):
    """How much is taken. Text counts in bytes of UTF-8: a Thai character takes three."""

    text_bytes: int
    attachment_bytes: int
    attachments_per_tip: int
    follow_ups_per_tip: int


class ReceiptForm(msgspec.Struct, frozen=True):
    """How a receipt is made and stretched, for front ends that do it themselves."""

    digits: int
    check: str
    deployment_id: str
    argon2id_memory_kib: int
    argon2id_passes: int
    argon2id_lanes: int


class DirectoryState(msgspec.Struct, frozen=True):
    """Whether tips can be sealed today."""

    state: Annotated[str, Meta(pattern="^(in_force|running_out|out_of_force)$")]
    serial: int | None
    expires_on: str | None
    evaluation: bool


class ChallengePolicy(msgspec.Struct, frozen=True):
    """Whether a solved challenge (POST /v1/challenges) lets a request go ahead at present.

    There is no third word: no tip is ever refused for want of one while there is room. It
    changes under a flood only, and back some minutes after, so that it tells of no reporter.
    """

    state: Annotated[str, Meta(pattern="^(not_needed|helps)$")]
    algorithm: str = "ALTCHA v2, PBKDF2/SHA-256"
    valid_s: int = VALID_S


class Seen(msgspec.Struct, frozen=True):
    """What the server can see, by the way a tip comes in."""

    server_sealed: Said
    client_sealed: Said


class OpenCampaign(msgspec.Struct, frozen=True):
    """A campaign that takes tips; `url` has its questions."""

    slug: str
    title: Both
    hashtag: str | None
    closes_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the public is asked for at present."""

    campaigns: Sequence[CampaignCard] = ()
    campaigns_next: str | None = None
    cases: Sequence[CallingCase] = ()
    cases_next: str | None = None


class IntakeForm(msgspec.Struct, frozen=True):
    """Everything a form needs."""

    open: Annotated[bool, Meta(description="Whether tips are taken at present.")]
    evaluation_only: Annotated[
        bool, Meta(description="A try-out with throw-away keys: no real tips.")
    ]
    limits: LimitsShown
    attachment_types: list[str]
    categories: list[Choice]
    receipt: ReceiptForm
    directory: DirectoryState
    challenges: ChallengePolicy
    server_sees: Seen
    server_view: ServerView
    places_version: Annotated[
        str, Meta(description="Of the codes at GET /v1/places.", examples=["2026.10.23"])
    ]
    campaigns: Annotated[
        list[OpenCampaign],
        Meta(description="Those that take tips today; the newest hundred of them."),
    ]
    campaigns_next: Annotated[
        str | None,
        Meta(description="Where the list of them goes on; null where these are all."),
    ]
    cases_calling: Annotated[
        list[CallingCase],
        Meta(description="Published cases that ask for evidence; the newest hundred of them."),
    ]
    cases_calling_next: Annotated[
        str | None,
        Meta(description="Where the list of them goes on; null where these are all."),
    ]
    acknowledge_within_days: int
    answer_within_days: int
    retention_days: Annotated[
        int,
        Meta(
            description="The least that a tip is kept after staff last saw to it. Nothing "
            "that they have not read is deleted."
        ),
    ]


SEEN = Seen(
    server_sealed=Said(
        th="ข้อความและภาพผ่านหน่วยความจำของเซิร์ฟเวอร์ระหว่างการส่งเท่านั้น "
        "ถูกลบข้อมูลแฝงและปิดผนึกก่อนจัดเก็บ "
        "เซิร์ฟเวอร์เปิดอ่านภายหลังไม่ได้ แต่ผู้ที่ยึดเซิร์ฟเวอร์ได้ขณะส่งจะเห็นเนื้อหา",
        en="Text and pictures pass through the server's memory while the request lasts; they "
        "are stripped and "
        "sealed before anything is stored, and the server cannot open them later. Whoever "
        "controls the server "
        "while you send can read them.",
    ),
    client_sealed=Said(
        th="เซิร์ฟเวอร์เห็นเพียงข้อมูลที่ปิดผนึกแล้ว ขนาดที่เติมให้ใกล้เคียงกัน และเวลาที่มาถึง แต่เก็บไว้เพียงวันที่",
        en="The server sees sealed octets, padded sizes and when they arrive; of that it keeps "
        "the day.",
    ),
)


def intake_form(bench: Workbench, asked: Asked) -> IntakeForm:
    """The form as it stands now."""
    state = _directory_state(bench)
    limits = bench.limits
    return IntakeForm(
        open=state.state != "out_of_force",
        evaluation_only=state.evaluation,
        limits=LimitsShown(
            limits.text_bytes,
            limits.attachment_bytes,
            limits.attachments_per_tip,
            limits.follow_ups_per_tip,
        ),
        attachment_types=bench.stripper.takes,
        categories=[
            Choice(code.value, Said(*words)) for code, words in category.LABELS.items()
        ],
        receipt=_receipt_form(bench),
        directory=state,
        challenges=ChallengePolicy("helps" if bench.gate.level() else "not_needed"),
        server_sees=SEEN,
        server_view=server_view(networks=bench.gate.buckets is not None),
        places_version=places.version(),
        campaigns=[
            OpenCampaign(
                one.slug, one.title, one.hashtag, one.closes_on, f"/v1/campaigns/{one.slug}"
            )
            for one in asked.campaigns
        ],
        campaigns_next=asked.campaigns_next,
        cases_calling=list(asked.cases),
        cases_calling_next=asked.cases_next,
        acknowledge_within_days=deadlines.ACKNOWLEDGE_WITHIN.days,
        answer_within_days=deadlines.ANSWER_WITHIN.days,
        retention_days=min(bench.retention.days.values()),
    )


def _receipt_form(bench: Workbench) -> ReceiptForm:
    try:
        deployment = bench.directory.deployment_id.hex()
    except Unavailable:
        deployment = ""
    return ReceiptForm(
        digits=30,
        check="ISO 7064 MOD 97-10",
        deployment_id=deployment,
        argon2id_memory_kib=receipts.MEMORY_KIB,
        argon2id_passes=receipts.PASSES,
        argon2id_lanes=receipts.LANES,
    )


def _directory_state(bench: Workbench) -> DirectoryState:
    try:
        bench.directory.recipients()
        directory = bench.directory.current()
    except Unavailable:
        return DirectoryState("out_of_force", None, None, evaluation=False)
    running_out = bench.directory.days_left() <= WARN_DAYS
    return DirectoryState(
        "running_out" if running_out else "in_force",
        directory.serial,
        directory.expires_on.isoformat(),
        directory.evaluation,
    )
