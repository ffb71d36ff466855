"""A docket as `GET /v1/tip` shows it: opened where a receipt was presented, else sealed."""

import base64
from typing import TypeVar

import msgspec

from mustshare_api.api import wire
from mustshare_api.domain.docket import DocketBody
from mustshare_api.flows.dockets import ShownDocket

_Told = TypeVar("_Told")


def docket_of(shown: ShownDocket | None, *, sealed: bool) -> wire.TipDocket | None:
    """What is told of it; nothing of what it says where no officer's signature held."""
    if shown is None:
        return None
    body = shown.docket or DocketBody("1970-01-01T00:00:00Z", "0" * 32)
    return wire.TipDocket(
        id=shown.object_id.hex(),
        verified=shown.docket is not None,
        signed_by=shown.signer,
        cases=[_as(wire.ShownCase, one) for one in body.cases],
        referrals=[_as(wire.ShownReferral, one) for one in body.referrals],
        outcomes=[_as(wire.ShownOutcome, one) for one in body.outcomes],
        note=body.note,
        sealed=base64.b64encode(shown.sealed).decode() if sealed else None,
    )


def _as(kind: type[_Told], one: msgspec.Struct) -> _Told:
    return msgspec.convert(msgspec.to_builtins(one), kind)
