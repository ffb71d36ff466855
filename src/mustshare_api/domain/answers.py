"""Holds the answers of a tip against the questions of a campaign, before the tip is sealed.

    for each question, from top to bottom
      shown?     the earlier question that it depends on was answered so
      hidden     then there is no answer: what a form hid, nobody meant to send
      missing    shown and required, then there is one
      wrong      of the type and within the bounds that were published

Every fault is told with its place and never with what was typed. The published JSON Schema
(`answer_schema`) says the same, for front ends that seal before they send: both are made from
the same questions, and a test holds them to one another.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, TypeAlias, cast

import msgspec
from msgspec import Meta

from mustshare_api.domain import procurement
from mustshare_api.domain.questions import (
    NUMBER_LIMIT,
    OPTIONS_LIMIT,
    PARAGRAPH_LIMIT,
    QUESTIONS_LIMIT,
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    ParagraphQuestion,
    PlaceQuestion,
    ProcurementQuestion,
    Question,
    QuestionId,
    ShowIf,
    TextQuestion,
    Value,
    YesNoQuestion,
)
from mustshare_api.errors import FieldError

# The patterns are published to readers in other languages: only what all dialects read alike.
UNPRINTABLE: Final = "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f\\u2028\\u2029]"
LINE_BREAK: Final = "[\\n\\r]"
SEEN: Final = "[^\\t\\n\\r \\u00a0\\u1680\\u2000-\\u200f\\u202f\\u205f\\u2060\\u3000\\ufeff]"
"""A character that can be seen: an answer of spaces is none."""

_LEAP: Final = "(?:(?:19|21)(?:0[48]|[2468][048]|[13579][26])|20(?:[02468][048]|[13579][26]))"
DATE: Final = (
    "^(?:(?:19|20|21)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)$(?!\\n)"
)
"""A day from 1900 to 2199 that a calendar has; spelt out, as many readers ignore `format`."""

PLACE: Final = r"^(?:[0-9]{2}){1,3}$(?!\n)"
EGP: Final = r"^[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{7}$(?!\n)"
OCID: Final = r"^ocds-[a-z0-9]{6}-[!-~]{1,100}$(?!\n)"
PROCUREMENT: Final = {"TH-EGP": EGP, "OCID": OCID}
_UNPRINTABLE: Final = re.compile(UNPRINTABLE)
_LINE_BREAK: Final = re.compile(LINE_BREAK)
_SEEN: Final = re.compile(SEEN)
_DATE: Final = re.compile(DATE)
_PLACE: Final = re.compile(PLACE)
_BUDDHIST: Final = re.compile(r"(?:24|25|26)[0-9]{2}-[0-9]{2}-[0-9]{2}")


class ProcurementAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public purchase, as an answer names it."""

    scheme: Annotated[str, Meta(max_length=8)]
    id: Annotated[str, Meta(max_length=112)]


Number = Annotated[float, Meta(ge=-NUMBER_LIMIT, le=NUMBER_LIMIT)]
Whole = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Typed = Annotated[str, Meta(max_length=PARAGRAPH_LIMIT)]
Chosen = Annotated[list[Value], Meta(max_length=OPTIONS_LIMIT)]
Answer: TypeAlias = bool | Whole | Number | Typed | Chosen | ProcurementAnswer
Answers = Annotated[dict[QuestionId, Answer], Meta(max_length=QUESTIONS_LIMIT)]
"""What a tip holds, whatever the campaign: the form of each answer, and bounds to all."""


def errors(questions: Sequence[Question], answers: Mapping[str, object]) -> list[FieldError]:
    """What is wrong with the answers, pointer by pointer; empty when nothing is."""
    asked = {question.id for question in questions}
    # What a sender wrote is not told back to them, not even as the name of a question.
    found = [] if set(answers) <= asked else [FieldError("/answers", "answer.unknown")]
    for question in questions:
        code = _fault(question, answers)
        if code is not None:
            found.append(FieldError(f"/answers/{question.id}", code))
    return found


def spelt(answer: Answer) -> str:
    """An answer as a person reads it."""
    if isinstance(answer, ProcurementAnswer):
        return f"{answer.scheme} {answer.id}"
    if isinstance(answer, list):
        return ", ".join(answer)
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def is_shown(show_if: ShowIf | None, answers: Mapping[str, object]) -> bool:
    """Whether the earlier answer is one with which the question is asked."""
    if show_if is None:
        return True
    given = answers.get(show_if.question)
    several = cast("list[object]", given) if isinstance(given, list) else [given]
    # True is not 1, and "true" is neither.
    wanted = {(type(want), want) for want in show_if.wanted}
    # No list is longer than its options, and every question that depends on one looks at it:
    # what a stranger made longer is not worth their time.
    return any(
        isinstance(one, bool | str) and (type(one), one) in wanted
        for one in several[:OPTIONS_LIMIT]
    )


def _fault(question: Question, answers: Mapping[str, object]) -> str | None:
    given = question.id in answers
    if not is_shown(question.show_if, answers):
        return "answer.hidden" if given else None
    if not given:
        return "answer.missing" if question.required else None
    return _wrong(question, answers[question.id])


def _wrong(question: Question, value: object) -> str | None:  # noqa: PLR0911 - one a type
    match question:
        case TextQuestion():
            return _text(value, question.max_length, breaks=False)
        case ParagraphQuestion():
            return _text(value, question.max_length, breaks=True)
        case NumberQuestion():
            return _number(question, value)
        case DateQuestion():
            return _date(value)
        case YesNoQuestion():
            return None if isinstance(value, bool) else "answer.wrong_type"
        case ChoiceQuestion():
            return _one_of(question, value)
        case ChoicesQuestion():
            return _several_of(question, value)
        case PlaceQuestion():
            return _matching(_PLACE, value)
        case ProcurementQuestion():
            return _procurement(value)


def _text(value: object, most: int, *, breaks: bool) -> str | None:
    if not isinstance(value, str):
        return "answer.wrong_type"
    if len(value) > most:
        return "answer.too_long"
    if _UNPRINTABLE.search(value) or (not breaks and _LINE_BREAK.search(value)):
        return "answer.wrong_form"
    return None if _SEEN.search(value) else "answer.blank"


def _number(question: NumberQuestion, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "answer.wrong_type"
    if not question.minimum <= value <= question.maximum:
        return "answer.out_of_range"
    # 3.0 and 3 are one number in JSON, which knows no whole ones.
    return "answer.not_whole" if question.whole and value != int(value) else None


def _date(value: object) -> str | None:
    if isinstance(value, str) and _BUDDHIST.fullmatch(value):
        return "answer.buddhist_year"
    return _matching(_DATE, value)


def _one_of(question: ChoiceQuestion, value: object) -> str | None:
    if not isinstance(value, str):
        return "answer.wrong_type"
    known = {option.value for option in question.options}
    return None if value in known else "answer.not_offered"


def _several_of(question: ChoicesQuestion, value: object) -> str | None:
    if not isinstance(value, list):
        return "answer.wrong_type"
    chosen = cast("list[object]", value)
    if len(chosen) > OPTIONS_LIMIT:
        return "answer.out_of_range"
    known = {option.value for option in question.options}
    if any(not isinstance(one, str) or one not in known for one in chosen):
        return "answer.not_offered"
    if len(set(chosen)) != len(chosen):
        return "answer.twice"
    fits = question.at_least <= len(chosen) <= question.most
    return None if fits else "answer.out_of_range"


def _matching(form: re.Pattern[str], value: object) -> str | None:
    if not isinstance(value, str):
        return "answer.wrong_type"
    return None if form.search(value) else "answer.wrong_form"


def _procurement(value: object) -> str | None:
    if not isinstance(value, dict):
        return "answer.wrong_type"
    ref = cast("dict[str, object]", value)
    scheme, number = ref.get("scheme"), ref.get("id")
    if set(ref) != {"scheme", "id"} or not isinstance(number, str):
        return "answer.wrong_form"
    if scheme == "TH-EGP":
        return procurement.form_fault("TH-EGP", number)
    return procurement.form_fault("OCID", number) if scheme == "OCID" else "answer.wrong_form"
