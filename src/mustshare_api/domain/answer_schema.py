"""The answers that a campaign takes, as a JSON Schema (2020-12) for front ends.

    required if shown      if the earlier answer is so, then required, else not there at all
    a hidden answer        `false` as its schema: there is none that fits

It says what `answers.errors` says, to the letter, with nothing that readers interpret freely:
no `format`, and patterns that every dialect reads alike. The same document serves a browser,
which shows and hides by it, and a partner's server, which checks by it before it seals.
"""

from collections.abc import Sequence
from typing import Any

from mustshare_api.domain.answers import (
    DATE,
    LINE_BREAK,
    PLACE,
    PROCUREMENT,
    SEEN,
    UNPRINTABLE,
)
from mustshare_api.domain.questions import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    ParagraphQuestion,
    PlaceQuestion,
    ProcurementQuestion,
    Question,
    ShowIf,
    TextQuestion,
    YesNoQuestion,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(questions: Sequence[Question]) -> dict[str, Any]:
    """The schema of the object `answers` of a tip."""
    always = [q.id for q in questions if q.required and q.show_if is None]
    conditional = [_condition(q, q.show_if) for q in questions if q.show_if is not None]
    made: dict[str, Any] = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {question.id: _described(question) for question in questions},
        "additionalProperties": False,
    }
    if always:
        made["required"] = always
    if conditional:
        made["allOf"] = conditional
    return made


def _condition(question: Question, show_if: ShowIf) -> dict[str, Any]:
    wanted: dict[str, Any] = {"enum": list(show_if.wanted)}
    # Of several answers one is enough; a list and a single answer are told apart by their type.
    either = {"anyOf": [wanted, {"type": "array", "contains": wanted}]}
    found: dict[str, Any] = {
        "if": {"properties": {show_if.question: either}, "required": [show_if.question]},
        "else": {"properties": {question.id: False}},
    }
    if question.required:
        found["then"] = {"required": [question.id]}
    return found


def _described(question: Question) -> dict[str, Any]:
    """A question's own rules, with what a form shows of it."""
    said: dict[str, Any] = {"title": question.label.th, "x-title-en": question.label.en}
    if question.hint is not None:
        said |= {"description": question.hint.th, "x-description-en": question.hint.en}
    return said | _rules(question)


def _rules(question: Question) -> dict[str, Any]:  # noqa: PLR0911 - one a type
    match question:
        case TextQuestion():
            return _text(question.max_length, UNPRINTABLE, LINE_BREAK)
        case ParagraphQuestion():
            return _text(question.max_length, UNPRINTABLE)
        case NumberQuestion():
            kind = "integer" if question.whole else "number"
            return {"type": kind, "minimum": question.minimum, "maximum": question.maximum}
        case DateQuestion():
            return {"type": "string", "pattern": DATE}
        case YesNoQuestion():
            return {"type": "boolean"}
        case ChoiceQuestion():
            return _offered(question)
        case ChoicesQuestion():
            return {
                "type": "array",
                "items": _offered(question),
                "uniqueItems": True,
                "minItems": question.at_least,
                "maxItems": question.most,
            }
        case PlaceQuestion():
            return {"type": "string", "pattern": PLACE}
        case ProcurementQuestion():
            return {"oneOf": [_ref(scheme, form) for scheme, form in PROCUREMENT.items()]}


def _text(most: int, *refused: str) -> dict[str, Any]:
    return {
        "type": "string",
        "maxLength": most,
        "pattern": SEEN,
        "allOf": [{"not": {"pattern": pattern}} for pattern in refused],
    }


def _offered(question: ChoiceQuestion | ChoicesQuestion) -> dict[str, Any]:
    shown = [
        {"const": option.value, "title": option.label.th, "x-title-en": option.label.en}
        for option in question.options
    ]
    return {"type": "string", "oneOf": shown}


def _ref(scheme: str, form: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "scheme": {"const": scheme},
            "id": {"type": "string", "maxLength": 112, "pattern": form},
        },
        "required": ["scheme", "id"],
        "additionalProperties": False,
    }
