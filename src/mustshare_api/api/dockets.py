"""A docket as `GET /v1/tip` shows it: opened where a receipt was presented, else sealed."""

import base64
from datetime import date, datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from mustshare_api.api.ids import Id
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.docket import DocketBody
from mustshare_api.flows.dockets import ShownDocket

_Told = TypeVar("_Told")


class ShownCase(msgspec.Struct, frozen=True):
    """A published page that the tip is part of."""

    slug: str
    state: str
    on: date


class ShownReferral(msgspec.Struct, frozen=True):
    """Something of the tip was handed to an agency, and how far that has come."""

    id: Id
    agency: str
    state: str
    on: date
    certificate: Annotated[
        bool, Meta(description="Whether an answer brought the reporter's half of one.")
    ]


class ShownOutcome(msgspec.Struct, frozen=True):
    """What an agency reported. `POST /v1/tip/dispute` contests it by its id."""

    id: Id
    referral_id: Id
    kind: str
    on: date
    text_th: str | None
    text_en: str | None


class TipDocket(msgspec.Struct, frozen=True):
    """What staff tell of where the tip stands. `sealed` for whoever presents an access token.

    `verified` tells whether an officer's signature inside held; without that nothing is shown.
    """

    id: Id
    verified: bool
    signed_by: str | None
    signed_on: Annotated[
        date | None,
        Meta(
            description="The Bangkok day on which it was written, by its signer's clock. Keep "
            "it: an earlier one than before is an old page that was put back."
        ),
    ]
    cases: list[ShownCase]
    referrals: list[ShownReferral]
    outcomes: list[ShownOutcome]
    note: str | None
    sealed: Annotated[str, Meta(description="The sealed object, base64.")] | None


def docket_of(shown: ShownDocket | None, *, sealed: bool) -> TipDocket | None:
    """What is told of it; nothing of what it says where no officer's signature held."""
    if shown is None:
        return None
    body = shown.docket or DocketBody("1970-01-01T00:00:00Z", "0" * 32)
    return TipDocket(
        id=shown.object_id.hex(),
        verified=shown.docket is not None,
        signed_by=shown.signer,
        signed_on=bangkok_day(datetime.fromisoformat(body.sent_at)) if shown.docket else None,
        cases=[_as(ShownCase, one) for one in body.cases],
        referrals=[_as(ShownReferral, one) for one in body.referrals],
        outcomes=[_as(ShownOutcome, one) for one in body.outcomes],
        note=body.note,
        sealed=base64.b64encode(shown.sealed).decode() if sealed else None,
    )


def _as(kind: type[_Told], one: msgspec.Struct) -> _Told:
    return msgspec.convert(msgspec.to_builtins(one), kind)
