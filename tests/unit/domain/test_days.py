"""Days that were typed in the Buddhist era."""

from datetime import date

import msgspec
import pytest

from mustshare_api.domain.case import CaseContent
from mustshare_api.domain.days import buddhist_days, is_buddhist
from tests.pages import both, case


@pytest.mark.parametrize(
    ("year", "wrong"), [(1900, False), (2026, False), (2199, False), (2400, True), (2572, True)]
)
def test_a_year_that_can_be_no_other_is_a_buddhist_one(year: int, wrong: bool) -> None:
    assert is_buddhist(date(year, 11, 23)) is wrong


def test_each_such_day_is_named_by_its_place() -> None:
    """Wherever it stands; what is right is not named."""
    timeline = [{"on": day, "text": both("x")} for day in ("2021-06-01", "2564-06-01")]
    content = msgspec.convert(
        case(timeline=timeline, retain_until="2572-12-31"), CaseContent, strict=True
    )

    assert sorted(buddhist_days(content)) == ["/retain_until", "/timeline/1/on"]
    plain = msgspec.convert(case(), CaseContent, strict=True)
    assert buddhist_days(plain) == []
