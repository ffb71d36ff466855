"""What travels as JSON about referrals, agencies and what they say."""

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from mustshare_api.api.staff.seen import SeenDigest
from mustshare_api.crypto.referred import NamedTip
from mustshare_api.domain.referral import OPEN, TIPS_LIMIT, State
from mustshare_api.flows.referrals import Agreed, Shown
from mustshare_api.store.referral_rows import ReferralRow

AgencyKind = Literal[
    "anti_corruption", "audit", "inspection", "ministry", "local_government", "media", "other"
]
_Title = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$(?!\n)")
]


class Referral(msgspec.Struct, frozen=True):
    """A referral as it stands. `version` goes into `If-Match`; `sha256` is of the age file."""

    id: str
    agency: str
    state: State
    version: int
    octets: int
    sha256: str
    sent_on: date | None
    changed_on: date
    lapses_on: Annotated[
        date | None,
        Meta(description="The first day on which its file is erased, if nobody concludes."),
    ]


class ReferralList(msgspec.Struct, frozen=True):
    """A page of referrals, in the order of random ids."""

    referrals: list[Referral]
    next: str | None


class SaidOfReferral(msgspec.Struct, frozen=True):
    """That the agency asked or reported, or was answered. Never what."""

    id: str
    sort: Literal["question", "outcome", "answer"]
    received_on: date


class ReferralView(msgspec.Struct, frozen=True):
    """A referral, and what was said of it."""

    referral: Referral
    said: list[SaidOfReferral]


class ReferredTip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tip of a referral; `steps` is its version as the list of tips has it."""

    tip_id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
    steps: Annotated[int, Meta(ge=0, le=2**15)]
    seen: SeenDigest | None = None


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second officer's word: the file that they looked at, and the tips that it is of.

    `nonce` is the first officer's, from a sealed note. `tips` come in any order.
    """

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
    nonce: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
    tips: Annotated[list[ReferredTip], Meta(min_length=1, max_length=TIPS_LIMIT)]

    def agreed(self) -> Agreed:
        """The same for a flow."""
        named = (NamedTip(bytes.fromhex(one.tip_id), one.steps) for one in self.tips)
        read = (bytes.fromhex(one.seen) if one.seen else None for one in self.tips)
        sha256, nonce = bytes.fromhex(self.sha256), bytes.fromhex(self.nonce)
        return Agreed(sha256, nonce, tuple(named), tuple(read))


class WordTaken(msgspec.Struct, frozen=True):
    """The word is sealed and stored, durably."""

    id: str


class AgencyRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agency is called, and what kind of agency it is."""

    title_th: _Title
    title_en: _Title
    kind: AgencyKind


class ListedAgency(msgspec.Struct, frozen=True):
    """An agency of the directory in force; without a record until an officer writes one.

    `recipient` is its age key, to which referrals are sealed. `version` is 0 without a record.
    """

    name: str
    recipient: str
    version: int
    record: AgencyRecord | None


class AgencyList(msgspec.Struct, frozen=True):
    """The agencies of the directory in force, by name."""

    agencies: list[ListedAgency]


def referral_of(row: ReferralRow, days: int) -> Referral:
    """A row as it is told. `days`: for how many an open one keeps its file."""
    lapses_on = row.sent_on + timedelta(days) if row.sent_on and row.state in OPEN else None
    return Referral(
        row.referral_id.hex(),
        row.agency,
        State(row.state),
        row.version,
        row.octets,
        row.sha256.hex(),
        row.sent_on,
        row.changed_on,
        lapses_on,
    )


def view_of(shown: Shown, days: int) -> ReferralView:
    """A referral as it is told, with what was said of it."""
    said = [
        msgspec.convert(
            {"id": one.word_id.hex(), "sort": one.sort, "received_on": one.received_on},
            SaidOfReferral,
        )
        for one in shown.said
    ]
    return ReferralView(referral_of(shown.row, days), said)
