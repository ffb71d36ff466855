"""The shapes in which the door tells of referrals, read strictly and bounded."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from mustshare_api.domain.referral import State
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.wire import Digest, Id

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$(?!\n)")]


class ReferralEntry(msgspec.Struct):
    """What the door says of one referral."""

    id: Id
    agency: Name
    state: State
    version: Annotated[int, Meta(ge=1, le=2**31)]
    octets: Annotated[int, Meta(ge=1, le=2**40)]
    sha256: Digest
    sent_on: date | None
    changed_on: date
    lapses_on: date | None = None


class SaidEntry(msgspec.Struct):
    """That something was said of it."""

    id: Id
    sort: Annotated[str, Meta(pattern=r"^(?:question|outcome|answer)$(?!\n)")]
    received_on: date


class ReferralShown(msgspec.Struct):
    """A referral, and what was said of it."""

    referral: ReferralEntry
    said: Annotated[list[SaidEntry], Meta(max_length=1000)]


class ReferralPage(msgspec.Struct):
    """Referrals in order of their id, and the last id if more follow."""

    referrals: list[ReferralEntry]
    next: Id | None = None


def read_shown(octets: bytes) -> ReferralShown:
    """One referral.

    Raises:
        Refusal: `door.nonsense`.
    """
    return read_as(octets, ReferralShown)


def read_page(octets: bytes) -> ReferralPage:
    """A page of referrals.

    Raises:
        Refusal: `door.nonsense`.
    """
    return read_as(octets, ReferralPage)
