"""Answers held against questions: by our own rules, and by the schema that is published."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mustshare_api.domain import answers
from mustshare_api.domain.answer_schema import schema
from mustshare_api.domain.answers import Answers
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.questions import OPTIONS_LIMIT, ShowIf
from tests.campaigns import ANSWERS, roads

CONTENT = json.dumps(roads())
QUESTIONS = msgspec.json.decode(CONTENT, type=CampaignContent, strict=True).questions
JUDGE = jsonschema_rs.validator_for(schema(QUESTIONS))

SIGNED = ANSWERS | {"sign": True, "finished_on": "2026-03-31"}
PROJECT = {"scheme": "TH-EGP", "id": "68019123456"}


@pytest.mark.parametrize(
    "given_",
    [
        ANSWERS,
        SIGNED,
        SIGNED | {"project": PROJECT, "budget_baht": 4_000_000.25},
        SIGNED | {"project": {"scheme": "OCID", "id": "ocds-213czf-68019123456"}},
        ANSWERS | {"since": "years", "harm": "นักเรียน\nทั้งโรงเรียน", "district": "500101"},
        ANSWERS | {"holes": 3.0},
        SIGNED | {"finished_on": "2024-02-29"},
    ],
)
def test_answers_that_fit_are_taken_and_kept_as_they_were(given_: dict[str, Any]) -> None:
    """By the door and by the schema; and the sealed form holds every one of them."""
    assert answers.errors(QUESTIONS, given_) == []
    assert JUDGE.is_valid(given_)
    assert msgspec.to_builtins(msgspec.convert(given_, Answers, strict=True)) == given_


@pytest.mark.parametrize(
    ("question", "value", "code"),
    [
        ("holes", "3", "wrong_type"),
        ("holes", True, "wrong_type"),
        ("holes", 0, "out_of_range"),
        ("holes", 501, "out_of_range"),
        ("holes", 10**400, "out_of_range"),
        ("holes", 2.5, "not_whole"),
        ("sign", "yes", "wrong_type"),
        ("sign", 0, "wrong_type"),
        ("sign", None, "wrong_type"),
        ("road", "", "blank"),
        ("road", "\u00a0 \u200b", "blank"),
        ("road", "a\nb", "wrong_form"),
        ("road", "a\0b", "wrong_form"),
        ("road", "ก" * 121, "too_long"),
        ("road", ["a"], "wrong_type"),
        ("defect", [], "out_of_range"),
        ("defect", ["hole", "hole"], "twice"),
        ("defect", ["hole", "crack", "unfinished", "flood"], "out_of_range"),
        ("defect", ["hole", "gold"], "not_offered"),
        ("defect", ["hole", {}], "not_offered"),
        ("defect", "hole", "wrong_type"),
        ("since", "ever", "not_offered"),
        ("since", ["weeks"], "wrong_type"),
        ("district", "5001012", "wrong_form"),
        ("district", "๕๐", "wrong_form"),
        ("district", "50\n", "wrong_form"),
        ("district", "\uff15\uff10", "wrong_form"),
        ("district", " 50", "wrong_form"),
        ("district", 50, "wrong_type"),
        ("finished_on", "2569-03-31", "buddhist_year"),
        ("finished_on", "2025-02-29", "wrong_form"),
        ("finished_on", "2026-3-1", "wrong_form"),
        ("finished_on", "2026-03-31\n", "wrong_form"),
        ("finished_on", 20260331, "wrong_type"),
        ("project", "68019123456", "wrong_type"),
        ("project", {"scheme": "TH-EGP"}, "wrong_form"),
        ("project", {"scheme": "TH-EGP", "id": "68139123456"}, "procurement.wrong_month"),
        ("project", {"scheme": "TH-EGP", "id": "๖๘๐๑๙๑๒๓๔๕๖"}, "procurement.thai_digits"),
        ("project", {"scheme": "TH-EGP", "id": "68 01 9123456"}, "procurement.separators"),
        ("project", {"scheme": "TH-EGP", "id": "68019123456\n"}, "procurement.separators"),
        ("project", {"scheme": "TH-EGP", "id": "2568019123456"}, "procurement.full_year"),
        ("project", {"scheme": "OCID", "id": "68019123456"}, "procurement.ocid_prefix"),
        ("project", {"scheme": "OCID", "id": "ocds-a1b2c3-"}, "procurement.ocid_rest"),
        ("project", {"scheme": "EGP", "id": "68019123456"}, "wrong_form"),
        ("project", {"scheme": ["TH-EGP"], "id": "68019123456"}, "wrong_form"),
        ("project", PROJECT | {"more": 1}, "wrong_form"),
        ("harm", "no", "hidden"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_by_its_place(
    question: str, value: object, code: str
) -> None:
    """One error, of its own code; the schema refuses it as well."""
    said = {**SIGNED, "holes": 3, question: value}
    (found,) = (e for e in answers.errors(QUESTIONS, said) if e.pointer.endswith(question))

    whole = code if "." in code else f"answer.{code}"
    assert (found.pointer, found.code) == (f"/answers/{question}", whole)
    assert value == 10**400 or not JUDGE.is_valid(said)


def test_a_question_that_nobody_asked_is_told_without_its_name() -> None:
    """What a sender wrote is not told back."""
    found = answers.errors(QUESTIONS, ANSWERS | {"who": "me", "<b>": 1})

    assert [(one.pointer, one.code) for one in found] == [("/answers", "answer.unknown")]


def test_what_hangs_on_a_hidden_answer_is_hidden_too() -> None:
    """Two conditions in a row: nothing that a form never showed comes in."""
    raw = json.loads(CONTENT)
    raw["questions"] += [
        {
            "type": "yes_no", "id": "still", "label": {"th": "ก", "en": "a"},
            "show_if": {"question": "sign", "equals": True},
        },
        {
            "type": "text", "id": "more", "label": {"th": "ก", "en": "a"},
            "show_if": {"question": "still", "equals": True},
        },
    ]  # fmt: skip
    questions = msgspec.convert(raw, CampaignContent).questions
    said = ANSWERS | {"more": "x"}

    assert [one.pointer for one in answers.errors(questions, said)] == ["/answers/more"]
    assert not jsonschema_rs.validator_for(schema(questions)).is_valid(said)


TEXTS = st.text("aก๐\u0e4d \n\t\0\x85\u00a0\u200b\u2028\ufeff\U0001f6e3", max_size=125)
DATES = st.dates().map(lambda day: day.isoformat())
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "defect": st.lists(
        st.sampled_from(["hole", "crack", "flood", "unfinished", "x"]), max_size=5
    ),
    "holes": st.integers(-1, 502) | st.floats(0, 4, width=16),
    "sign": st.booleans(),
    "project": st.sampled_from([PROJECT, {"scheme": "OCID", "id": "ocds-1"}, {}]),
    "finished_on": DATES | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    "budget_baht": st.floats(-1, 2e11, allow_nan=False),
    "road": TEXTS,
    "district": st.from_regex(r"[0-9๐-๙]{0,7}\n?", fullmatch=True),
    "since": st.sampled_from(["weeks", "months", "ever"]),
    "harm": TEXTS,
    "who": st.none(),
}
ODD: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS | st.lists(st.booleans(), max_size=2)
)


@st.composite
def made(draw: st.DrawFn) -> Mapping[str, Any]:
    """Answers that mostly fit, with now and then one missing, hidden, odd or unasked."""
    names = draw(st.sets(st.sampled_from(sorted(VALUES))))
    base = dict(draw(st.sampled_from([ANSWERS, SIGNED, {}])))
    wrong = {
        name: draw(VALUES[name] | ODD if draw(st.booleans()) else VALUES[name])
        for name in names
    }
    return base | wrong


@settings(deadline=None)
@given(made())
def test_the_schema_and_the_door_agree(said: Mapping[str, Any]) -> None:
    """Whatever is answered: what one takes the other takes, what one refuses the other does."""
    assert JUDGE.is_valid(said) == (answers.errors(QUESTIONS, said) == [])


def test_no_list_makes_the_door_look_at_more_than_there_are_options() -> None:
    """A hundred thousand wrong ones would stop everybody's tips, once for each question."""
    condition = ShowIf(question="since", any_of=["years"])
    long = ["weeks"] * OPTIONS_LIMIT + ["years"]

    assert not answers.is_shown(condition, {"since": long})
    assert answers.is_shown(condition, {"since": long[1:]})
    assert not answers.is_shown(condition, {"since": [{}, ["years"], 1]})


def test_an_answer_is_shown_to_a_person_as_they_would_say_it() -> None:
    """Lists with commas, purchases by scheme and number, yes and no."""
    kept = msgspec.convert(
        {"a": True, "b": ["x", "y"], "c": PROJECT, "d": 3, "e": False}, Answers, strict=True
    )

    assert [answers.spelt(one) for one in kept.values()] == [
        *("yes", "x, y", "TH-EGP 68019123456", "3", "no"),
    ]
