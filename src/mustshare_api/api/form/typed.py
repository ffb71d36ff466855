"""What somebody typed into a campaign's form, as the answers that it means.

A form knows nothing but texts; a question says what its text stands for. What cannot be that is
passed on as it was typed, so that the campaign's own rules refuse it by its place. An empty
field is no answer.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from mustshare_api.domain.message import Coordinates
from mustshare_api.domain.questions import (
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    PlaceQuestion,
    ProcurementQuestion,
    Question,
    YesNoQuestion,
)
from mustshare_api.errors import FieldError, Malformed

PREFIX: Final = "q."
"""Before the id of a question, so that none is mistaken for a field of the form's own."""

_THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER: Final = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,9})?")
_POINT: Final = re.compile(r"([0-9]{1,2}\.[0-9]{1,15})\s*[, ]\s*([0-9]{1,3}\.[0-9]{1,15})")
_YES_NO: Final = {"true": True, "false": False}


def answers_of(
    questions: Sequence[Question], fields: Mapping[str, list[str]]
) -> dict[str, object]:
    """The answers, by question."""
    found: dict[str, object] = {}
    for question in questions:
        typed = [text for text in fields.get(PREFIX + question.id, []) if text]
        if typed:
            found[question.id] = _answer(question, typed)
    return found


def _answer(question: Question, typed: list[str]) -> object:
    # A browser ends lines as a form's encoding wants it, whatever was typed.
    text = typed[0].replace("\r\n", "\n")
    if isinstance(question, ChoicesQuestion):
        return typed
    if isinstance(question, YesNoQuestion):
        return _YES_NO.get(text, text)
    if isinstance(question, NumberQuestion):
        return _number(text)
    if isinstance(question, DateQuestion | PlaceQuestion):
        return text.strip().translate(_THAI_DIGITS)
    if isinstance(question, ProcurementQuestion):
        number = text.strip().translate(_THAI_DIGITS)
        return {"scheme": "OCID" if number.startswith("ocds-") else "TH-EGP", "id": number}
    return text


def _number(text: str) -> object:
    plain = re.sub(r"[,\s]", "", text.translate(_THAI_DIGITS))
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return text
    return float(plain) if found[1] else int(plain)


def point_of(text: str, precision: str) -> Coordinates | None:
    """A place as maps show it, with the precision that was chosen; None where none was typed.

    Raises:
        Malformed: `request.invalid_fields`, for `/coordinates`.
    """
    if not text.strip():
        return None
    found = _POINT.fullmatch(text.strip().translate(_THAI_DIGITS))
    metres = int(precision) if re.fullmatch("10{1,5}", precision) else None
    if found is None or metres is None or float(found[1]) > 90 or float(found[2]) > 180:  # noqa: PLR2004 - degrees
        wrong = FieldError("/coordinates", "field.wrong_form")
        raise Malformed("request.invalid_fields", errors=(wrong,))
    return Coordinates(float(found[1]), float(found[2]), metres)
