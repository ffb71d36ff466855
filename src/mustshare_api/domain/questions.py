"""The questions of a campaign: nine types, each with bounds that a form can show.

    text, paragraph    one line, or several
    number             between two bounds, in a unit, whole or not
    date, yes_no       a day of the Gregorian calendar; yes or no
    choice, choices    one of a list, several of it
    place, procurement a Thai administrative code; an e-GP project number or an OCID

A question may be shown only where an earlier one was answered in some way (`show_if`). Earlier
ones only, so that a form can be filled in from top to bottom and no two wait for one another;
and only answers out of a closed list count, since a rule on a free text or a fraction is one
that nobody meant.

Whoever writes a campaign is told by `errors` what is wrong with it, and where; nothing here
judges what is asked. That is for the two people who publish it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta

from mustshare_api.errors import FieldError

LINE_LIMIT: Final = 500
"""Characters of one line: a name of a road and a remark."""

PARAGRAPH_LIMIT: Final = 4000
"""Characters of a paragraph. The tip's own text is where a story goes."""

NUMBER_LIMIT: Final = 1e12
"""Above any budget of a road in satang; well under where fractions of a double get lost."""

QUESTIONS_LIMIT: Final = 40
OPTIONS_LIMIT: Final = 60

QuestionId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)")]
Value = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$(?!\n)")]


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line in both languages."""

    th: Annotated[str, Meta(min_length=1, max_length=300)]
    en: Annotated[str, Meta(min_length=1, max_length=300)]


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of a list: what is sent, and what is shown."""

    value: Value
    label: Phrase


class ShowIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a question is shown: an earlier one was answered with this, or with one of these.

    Of `choices` it is enough that one of them was chosen.
    """

    question: QuestionId
    equals: bool | Value | None = None
    any_of: Annotated[list[Value], Meta(min_length=1, max_length=OPTIONS_LIMIT)] | None = None

    @property
    def wanted(self) -> tuple[bool | str, ...]:
        """The answers with which it is shown."""
        if self.any_of is not None:
            return tuple(self.any_of)
        return () if self.equals is None else (self.equals,)


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every question has."""

    id: QuestionId
    label: Phrase
    hint: Phrase | None = None
    required: bool = False
    show_if: ShowIf | None = None


class TextQuestion(_Asked, frozen=True, tag_field="type", tag="text", kw_only=True):
    """One line."""

    max_length: Annotated[int, Meta(ge=1, le=LINE_LIMIT)] = 200


class ParagraphQuestion(_Asked, frozen=True, tag_field="type", tag="paragraph", kw_only=True):
    """Several lines."""

    max_length: Annotated[int, Meta(ge=1, le=PARAGRAPH_LIMIT)] = 2000


class NumberQuestion(_Asked, frozen=True, tag_field="type", tag="number", kw_only=True):
    """A number with its bounds, both counted in."""

    minimum: Annotated[float, Meta(ge=-NUMBER_LIMIT, le=NUMBER_LIMIT)]
    maximum: Annotated[float, Meta(ge=-NUMBER_LIMIT, le=NUMBER_LIMIT)]
    whole: bool = True
    unit: Phrase | None = None


class DateQuestion(_Asked, frozen=True, tag_field="type", tag="date", kw_only=True):
    """A day, as 2026-11-23: Gregorian, so that 2569 is not taken for a year of it."""


class YesNoQuestion(_Asked, frozen=True, tag_field="type", tag="yes_no", kw_only=True):
    """Yes or no."""


class ChoiceQuestion(_Asked, frozen=True, tag_field="type", tag="choice", kw_only=True):
    """One of a list."""

    options: Annotated[list[Option], Meta(min_length=2, max_length=OPTIONS_LIMIT)]


class ChoicesQuestion(_Asked, frozen=True, tag_field="type", tag="choices", kw_only=True):
    """Several of a list."""

    options: Annotated[list[Option], Meta(min_length=2, max_length=OPTIONS_LIMIT)]
    at_least: Annotated[int, Meta(ge=1, le=OPTIONS_LIMIT)] = 1
    at_most: Annotated[int, Meta(ge=1, le=OPTIONS_LIMIT)] | None = None

    @property
    def most(self) -> int:
        """How many can be chosen."""
        return len(self.options) if self.at_most is None else self.at_most


class PlaceQuestion(_Asked, frozen=True, tag_field="type", tag="place", kw_only=True):
    """A Thai administrative code of 2, 4 or 6 digits."""


class ProcurementQuestion(
    _Asked, frozen=True, tag_field="type", tag="procurement", kw_only=True
):
    """A public purchase."""


Question: TypeAlias = (
    TextQuestion
    | ParagraphQuestion
    | NumberQuestion
    | DateQuestion
    | YesNoQuestion
    | ChoiceQuestion
    | ChoicesQuestion
    | PlaceQuestion
    | ProcurementQuestion
)


def phrases(questions: Iterable[Question]) -> Iterator[Phrase]:
    """Everything that a form shows of them."""
    for question in questions:
        yield question.label
        if question.hint is not None:
            yield question.hint
        if isinstance(question, NumberQuestion) and question.unit is not None:
            yield question.unit
        if isinstance(question, ChoiceQuestion | ChoicesQuestion):
            yield from (option.label for option in question.options)


def errors(questions: Sequence[Question]) -> list[FieldError]:
    """What is wrong with questions beyond the form of each; empty when all is well."""
    found: list[FieldError] = []
    earlier: dict[str, Question] = {}
    for at, question in enumerate(questions):
        where = f"/questions/{at}"
        if question.id in earlier:
            found.append(FieldError(f"{where}/id", "question.twice"))
        found += [FieldError(where + p, code) for p, code in _own(question)]
        if question.show_if is not None:
            found += [
                FieldError(f"{where}/show_if{pointer}", code)
                for pointer, code in _condition(question.show_if, earlier)
            ]
        earlier[question.id] = question
    return found


def _own(question: Question) -> list[tuple[str, str]]:
    """Whether anything at all can answer it."""
    if isinstance(question, NumberQuestion):
        low, high = question.minimum, question.maximum
        whole = question.whole and not (low.is_integer() and high.is_integer())
        return [("/minimum", "question.bounds")] if low > high or whole else []
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        values = {option.value for option in question.options}
        if len(values) != len(question.options):
            return [("/options", "question.option_twice")]
    if isinstance(question, ChoicesQuestion):
        fits = question.at_least <= question.most <= len(question.options)
        return [] if fits else [("/at_most", "question.bounds")]
    return []


def _condition(show_if: ShowIf, earlier: dict[str, Question]) -> list[tuple[str, str]]:
    if (show_if.equals is None) is (show_if.any_of is None):
        return [("", "question.condition")]
    asked = earlier.get(show_if.question)
    if asked is None:
        return [("/question", "question.not_earlier")]
    allowed: set[bool | str]
    if isinstance(asked, YesNoQuestion):
        allowed = {True, False}
    elif isinstance(asked, ChoiceQuestion | ChoicesQuestion):
        allowed = {option.value for option in asked.options}
    else:
        return [("/question", "question.not_closed")]
    return [] if set(show_if.wanted) <= allowed else [("", "question.no_such_answer")]
