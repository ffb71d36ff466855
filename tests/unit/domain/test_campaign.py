"""What a campaign may say: whatever contradicts itself is no campaign."""

import json
from typing import Any

import msgspec
import pytest

from mustshare_api.domain.campaign import CampaignContent
from tests.campaigns import roads

LABEL = {"th": "ก", "en": "a"}
FIRST = {"type": "yes_no", "id": "first", "label": LABEL}
TEXT = {"type": "text", "id": "words", "label": LABEL}
OPTIONS = [{"value": "a", "label": LABEL}, {"value": "b", "label": LABEL}]


def read(**changes: Any) -> CampaignContent:
    return msgspec.json.decode(json.dumps(roads(**changes)), type=CampaignContent, strict=True)


def asking(*questions: dict[str, Any]) -> CampaignContent:
    return read(questions=list(questions))


def when(question: str, **condition: Any) -> dict[str, Any]:
    """A question that hangs on another."""
    return {**TEXT, "id": "hangs", "show_if": {"question": question, **condition}}


def test_the_example_of_the_documents_is_a_campaign() -> None:
    """Whoever copies it begins from something that works."""
    assert read().slug == "thai-roads-2569"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"closes_on": "2026-10-31"}, "/closes_on campaign.ends_first"),
        ({"point": None}, "/map campaign.map_without_points"),
        ({"map": {"grid_m": 10_000, "coarsest_m": 1000}}, "/map/coarsest_m campaign.finer"),
        ({"map": {"grid_m": 10}}, "Invalid enum value"),
        ({"map": {"grid_m": 1000, "k": 2}}, ">= 3"),
        ({"point": {"precisions_m": [1000, 1000]}}, "/point/precisions_m campaign.twice"),
        ({"point": {"precisions_m": [500]}}, "Invalid enum value"),
        ({"hashtag": "#<script>"}, "matching regex"),
        ({"hashtag": "roads"}, "matching regex"),
        ({"questions": [TEXT] * 2}, "/questions/1/id question.twice"),
        (
            {"questions": [when("words", equals=True)]},
            "/0/show_if/question question.not_earlier",
        ),
        (
            {"questions": [when("hangs", equals=True)]},
            "/0/show_if/question question.not_earlier",
        ),
        (
            {"questions": [TEXT, when("words", equals="a")]},
            "/1/show_if/question question.not_closed",
        ),
        (
            {"questions": [FIRST, when("first", equals="yes")]},
            "/1/show_if question.no_such_answer",
        ),
        ({"questions": [FIRST, when("first")]}, "/1/show_if question.condition"),
        (
            {"questions": [FIRST, when("first", equals=True, any_of=["a"])]},
            "/1/show_if question.condition",
        ),
        (
            {"questions": [TEXT | {"type": "number", "minimum": 2, "maximum": 1}]},
            "/0/minimum question.bounds",
        ),
        (
            {"questions": [TEXT | {"type": "number", "minimum": 0.5, "maximum": 1}]},
            "/0/minimum question.bounds",
        ),
        (
            {"questions": [TEXT | {"type": "choice", "options": [OPTIONS[0]] * 2}]},
            "/0/options question.option_twice",
        ),
        (
            {"questions": [TEXT | {"type": "choices", "options": OPTIONS, "at_most": 3}]},
            "/0/at_most question.bounds",
        ),
        (
            {
                "questions": [
                    TEXT | {"type": "choices", "options": OPTIONS, "at_least": 2, "at_most": 1}
                ]
            },
            "/0/at_most question.bounds",
        ),
        ({"questions": [TEXT | {"type": "file"}]}, "Invalid value 'file'"),
        ({"questions": [TEXT | {"label": {"th": "ก\u202e", "en": "a"}}]}, "Invalid text"),
        ({"version": 2}, "Invalid page"),
    ],
)
def test_what_contradicts_itself_is_refused_by_its_place(
    changes: dict[str, Any], where: str
) -> None:
    """Its writer is told which field it is."""
    with pytest.raises(msgspec.ValidationError) as refused:
        read(**changes)

    assert where in str(refused.value)


def test_any_of_names_answers_of_a_list() -> None:
    """Also where several could be chosen."""
    several = TEXT | {"id": "some", "type": "choices", "options": OPTIONS}

    assert asking(several, when("some", any_of=["a", "b"])).questions[1].show_if is not None
    with pytest.raises(msgspec.ValidationError):
        asking(several, when("some", any_of=["a", "c"]))
