"""What an agency may say of a referral, as the JSON of its request: a question or an outcome.

    question   {id, nonce, text_th?, text_en?}             goes on to the reporter, or not
    outcome    {id, nonce, kind, on, text_th?, text_en?}   what came of it, and on which day

The `id` makes a retry the same word. The `nonce` is 128 random bits that nobody but officers
sees: digests of the body are kept (by the audit log for one), and without it short words could
be guessed and tested against them. Read once by the door, and again by officers, from the very
octets.
"""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.domain.referral import OutcomeKind
from mustshare_api.domain.strict_json import StrictJson
from mustshare_api.errors import FieldError, Malformed

SIZE_LIMIT_BYTES: Final = 64 * 1024
"""Both texts at their longest, every character escaped."""

_Id = Annotated[
    str,
    Meta(pattern=r"^[0-9a-f]{32}$(?!\n)", description="128 random bits, made by the agency."),
]
_Nonce = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{32}$(?!\n)",
        description="128 other random bits, without which short words could be guessed.",
    ),
]
_Words = Annotated[
    str, Meta(min_length=1, max_length=4000, examples=["มีรายงานการตรวจรับงานหรือไม่"])
]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agency wants to know. Officers read it, and pass it on as they see fit."""

    id: _Id
    nonce: _Nonce
    text_th: _Words | None = None
    text_en: _Words | None = None

    def __post_init__(self) -> None:
        """Something has to be asked."""
        if self.text_th is None and self.text_en is None:
            raise _wrong("/text_th", "field.missing")
        _check_texts(self.text_th, self.text_en)


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of a referral, on a day that is the agency's own to name."""

    id: _Id
    nonce: _Nonce
    kind: OutcomeKind
    on: date
    text_th: _Words | None = None
    text_en: _Words | None = None

    def __post_init__(self) -> None:
        """Words are free to be absent, and where there are some they are words."""
        _check_texts(self.text_th, self.text_en)


QUESTIONS: Final[msgspec.json.Decoder[Question]] = msgspec.json.Decoder(Question, strict=True)
OUTCOMES: Final[msgspec.json.Decoder[Outcome]] = msgspec.json.Decoder(Outcome, strict=True)
_QUESTION: Final[StrictJson[Question]] = StrictJson(QUESTIONS, "agency_word.malformed")
_OUTCOME: Final[StrictJson[Outcome]] = StrictJson(OUTCOMES, "agency_word.malformed")


def read_again(sort: str, body: bytes) -> Question | Outcome:
    """What an opened word says.

    Raises:
        Malformed: `agency_word.malformed`, the door would not have taken it.
    """
    return _QUESTION.read(body) if sort == "question" else _OUTCOME.read(body)


def _check_texts(*texts: str | None) -> None:
    for name, text in zip(("/text_th", "/text_en"), texts, strict=True):
        if text is not None and ("\0" in text or not text.strip()):
            raise _wrong(name, "field.wrong_form")


def _wrong(pointer: str, code: str) -> Malformed:
    return Malformed("request.invalid_fields", errors=(FieldError(pointer, code),))
