"""What staff tell a reporter of where their tip stands: one sealed page, replaced as a whole.

    cases       published pages that the tip belongs to, by slug
    referrals   agencies that were given something of it, and how far each has come
    outcomes    what an agency reported, each with an id by which the reporter may dispute it
    note        a line of staff's own

It is strict JSON inside an envelope of kind 7, signed by an officer. It is never longer than
the least padded size: every docket looks like every other, and `GET /v1/tip` can show one
without growing. What does not fit goes as an answer, which has room; the docket says that there
is more to know, not all of it.
"""

from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.domain.message import Hex32, Instant, Slug
from mustshare_api.domain.referral import OutcomeKind, State
from mustshare_api.domain.strict_json import StrictJson
from mustshare_api.errors import Malformed, TooLarge

SIZE_LIMIT_BYTES: Final = 4095
"""What the least padded size holds beside its mark: some 1,000 Thai letters in all."""

CASES_LIMIT: Final = 8
REFERRALS_LIMIT: Final = 8
OUTCOMES_LIMIT: Final = 8
WORDS_LIMIT: Final = 1200

AgencyName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$(?!\n)")]
CaseState = Annotated[str, Meta(pattern=r"^[a-z_]{1,32}$(?!\n)")]
Words = Annotated[str, Meta(min_length=1, max_length=WORDS_LIMIT)]


class DocketCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published case that the tip is part of."""

    slug: Slug
    state: CaseState
    on: date


class DocketReferral(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something of the tip was handed to an agency. `certificate` says that one was sent."""

    id: Hex32
    agency: AgencyName
    state: State
    on: date
    certificate: bool = False


class DocketOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agency reported, in the words that staff pass on."""

    id: Hex32
    referral_id: Hex32
    kind: OutcomeKind
    on: date
    text_th: Words | None = None
    text_en: Words | None = None


class DocketBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="docket"):
    """The page. `signed_by` is the key id to look up in the pinned directory."""

    sent_at: Instant
    signed_by: Hex32
    cases: Annotated[list[DocketCase], Meta(max_length=CASES_LIMIT)] = []
    referrals: Annotated[list[DocketReferral], Meta(max_length=REFERRALS_LIMIT)] = []
    outcomes: Annotated[list[DocketOutcome], Meta(max_length=OUTCOMES_LIMIT)] = []
    note: Words | None = None

    def __post_init__(self) -> None:
        """A time that a clock can show, each thing once, and outcomes of known referrals."""
        try:
            datetime.fromisoformat(self.sent_at)
        except ValueError:
            raise Malformed("docket.malformed") from None
        named = [one.id for one in self.referrals]
        ids = (named, [one.id for one in self.outcomes], [one.slug for one in self.cases])
        if any(len(set(each)) != len(each) for each in ids):
            raise Malformed("docket.malformed")
        if not {one.referral_id for one in self.outcomes} <= set(named):
            raise Malformed("docket.malformed")


_JSON: Final[StrictJson[DocketBody]] = StrictJson(
    msgspec.json.Decoder(DocketBody, strict=True), "docket.malformed"
)


def encode_docket(docket: DocketBody) -> bytes:
    """The JSON that goes into an envelope.

    Raises:
        TooLarge: `docket.too_large`, it would not look like every other.
        Malformed: `docket.malformed`, it breaks a rule that its reader holds it to.
    """
    octets = _JSON.write(docket)
    if len(octets) > SIZE_LIMIT_BYTES:
        raise TooLarge("docket.too_large")
    decode_docket(octets)
    return octets


def decode_docket(octets: bytes) -> DocketBody:
    """The docket that an opened envelope holds.

    Raises:
        Malformed: `docket.malformed`, it is not one, to the letter.
    """
    return _JSON.read(octets)
