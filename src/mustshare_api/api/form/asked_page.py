"""A campaign's form as HTML: its questions by type, and what was wrong beside each of them.

There is no script, so nothing is hidden: a question that depends on another says on what. What
was typed stands in the page again when it is to be corrected; photos do not, as no page may
choose a file for somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from mustshare_api.api.catalogue.fields import FIELD_CODES
from mustshare_api.api.form import asked_words as own
from mustshare_api.api.form import words
from mustshare_api.api.form.intake import SEEN, Said
from mustshare_api.api.form.page import (
    both,
    choice,
    filled,
    hint,
    keep_fields,
    page,
    photos_field,
    section,
    text_field,
    warning,
)
from mustshare_api.api.form.typed import PREFIX
from mustshare_api.domain.campaign import CampaignShown, PointWanted
from mustshare_api.domain.pages import Both, BothParagraphs
from mustshare_api.domain.questions import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    ParagraphQuestion,
    Phrase,
    PlaceQuestion,
    ProcurementQuestion,
    Question,
    TextQuestion,
    YesNoQuestion,
)
from mustshare_api.errors import FieldError


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, and what was wrong with it."""

    receipt: str
    fields: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    errors: Sequence[FieldError] = ()

    def one(self, name: str) -> str:
        """A field's text."""
        return next(iter(self.fields.get(name, [])), "")

    def wrong(self, pointer: str) -> str:
        """What is wrong in one place, as HTML; nothing where nothing is."""
        codes = [e.code for e in self.errors if f"{e.pointer}/".startswith(f"{pointer}/")]
        return "".join(warning(Said(*FIELD_CODES[code])) for code in codes)


def asked_page(
    campaign: CampaignShown, takes: list[str], given: Filled, *, evaluation: bool
) -> str:
    """The form, empty or as it came back; `takes` are the types of files taken."""
    questions = "".join(_question(campaign.questions, q, given) for q in campaign.questions)
    photo = photos_field(takes) + keep_fields() if campaign.photo != "none" else ""
    wanted = hint(own.PHOTO_WANTED) if campaign.photo == "wanted" else ""
    return page(
        _said(campaign.title),
        (warning(words.EVALUATION) if evaluation else "")
        + (warning(own.CORRECT) + hint(own.PHOTOS_AGAIN) if given.errors else "")
        + given.wrong("/campaign")
        + f"<p>{both(_said(campaign.summary))}</p>"
        + f'<form method="post" action="/v1/form/campaigns/{campaign.slug}" '
        'enctype="multipart/form-data" autocomplete="off">'
        f'<input type="hidden" name="receipt" value="{escape(given.receipt)}">'
        + text_field(given.one("text"), given.wrong("/text"))
        + questions
        + (_point(campaign.point, given) if campaign.point else "")
        + wanted
        + photo
        + f"{hint(words.SLOW)}<button>{both(words.SEND)}</button></form>"
        + section(words.SEES, SEEN.server_sealed)
        + section(words.RECEIPT, words.RECEIPT_TEXT),
    )


def closed_page(campaign: CampaignShown) -> str:
    """That it takes nothing today."""
    return page(_said(campaign.title), warning(own.CLOSED))


def _said(text: Phrase | Both | BothParagraphs) -> Said:
    return Said(text.th, text.en)


def _question(asked: Sequence[Question], question: Question, given: Filled) -> str:
    name = PREFIX + question.id
    several = isinstance(question, YesNoQuestion | ChoicesQuestion | ChoiceQuestion)
    before = _heading(asked, question) + given.wrong(f"/answers/{question.id}")
    typed = given.fields.get(name, [])
    if several:
        inner = _offered(question, name, typed)
        legend = both(_said(question.label))
        return f"<fieldset><legend>{legend}</legend>{before}{inner}</fieldset>"
    return (
        f'<div class="field"><label for="{name}">{both(_said(question.label))}</label>'
        f"{before}{_input(question, name, typed[0] if typed else '')}</div>"
    )


def _heading(asked: Sequence[Question], question: Question) -> str:
    """What stands under a question's own words: what it depends on, and how to answer."""
    lines = [_only_if(asked, question)] if question.show_if else []
    if question.required:
        lines.append(own.REQUIRED)
    if question.hint is not None:
        lines.append(_said(question.hint))
    if isinstance(question, NumberQuestion):
        lines.append(_range(question))
    if isinstance(question, DateQuestion):
        lines.append(own.DATE)
    if isinstance(question, PlaceQuestion):
        lines.append(own.PLACE)
    if isinstance(question, ProcurementQuestion):
        lines.append(own.PROCUREMENT)
    return "".join(hint(line) for line in lines)


def _only_if(asked: Sequence[Question], question: Question) -> Said:
    condition = question.show_if
    if condition is None:
        return own.REQUIRED
    other = next(one for one in asked if one.id == condition.question)
    labels = [_label(other, value) for value in condition.wanted]
    th, en = own.ONLY_IF.th, own.ONLY_IF.en
    return Said(
        th.format(question=other.label.th, answers=own.OR.th.join(one.th for one in labels)),
        en.format(question=other.label.en, answers=own.OR.en.join(one.en for one in labels)),
    )


def _label(question: Question, value: bool | str) -> Said:  # noqa: FBT001 - an answer
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        return next(_said(one.label) for one in question.options if one.value == value)
    return own.YES if value is True else own.NO


def _range(question: NumberQuestion) -> Said:
    unit = _said(question.unit) if question.unit else Said("", "")
    low, high = (f"{bound:,.10g}" for bound in (question.minimum, question.maximum))
    return Said(
        own.RANGE.th.format(low=low, high=high, unit=unit.th).strip(),
        own.RANGE.en.format(low=low, high=high, unit=unit.en).strip(),
    )


def _offered(question: Question, name: str, typed: Sequence[str]) -> str:
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        pairs = [(option.value, _said(option.label)) for option in question.options]
    else:
        pairs = [("true", own.YES), ("false", own.NO)]
    if isinstance(question, ChoicesQuestion):
        return "".join(
            choice("checkbox", name, value, said, checked=value in typed)
            for value, said in pairs
        )
    pairs = [("", own.NOT_SAID), *pairs]
    chosen = typed[0] if typed else ""
    return "".join(
        choice("radio", name, value, said, checked=value == chosen) for value, said in pairs
    )


def _input(question: Question, name: str, typed: str) -> str:
    if isinstance(question, ParagraphQuestion):
        return (
            f'<textarea id="{name}" name="{name}" rows="5" maxlength="{question.max_length}" '
            f'spellcheck="false">{escape(typed)}</textarea>'
        )
    most = question.max_length if isinstance(question, TextQuestion) else 120
    kind = "date" if isinstance(question, DateQuestion) else "text"
    return (
        f'<input type="{kind}" id="{name}" name="{name}" maxlength="{most}" '
        f'value="{escape(typed)}">'
    )


def _point(wanted: PointWanted, given: Filled) -> str:
    chosen = given.one("precision_m") or str(max(wanted.precisions_m))
    radios = "".join(
        choice(
            *("radio", "precision_m", str(metres)),
            filled(own.METRES, metres=f"{metres:,}"),
            checked=str(metres) == chosen,
        )
        for metres in sorted(wanted.precisions_m, reverse=True)
    )
    required = hint(own.REQUIRED) if wanted.required else ""
    return (
        f"<fieldset><legend>{both(own.POINT)}</legend>{required}{hint(own.POINT_HINT)}"
        f"{given.wrong('/coordinates')}"
        f'<input type="text" name="point" maxlength="60" value="{escape(given.one("point"))}">'
        f"<p>{both(own.PRECISION)}</p>{radios}</fieldset>"
    )
