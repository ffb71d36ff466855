"""Place codes and numbers of purchases that come in clear: what is wrong, and where."""

import json
from typing import Any

import msgspec
import pytest

from mustshare_api.api.catalogue.fields import FIELD_CODES
from mustshare_api.api.problems import problem
from mustshare_api.api.sizes import ANSWER_BYTES
from mustshare_api.errors import FieldError, Malformed
from tests.doors import Doors


def buying(*numbers: str, scheme: str = "TH-EGP") -> dict[str, Any]:
    refs = [{"scheme": scheme, "id": number} for number in numbers]
    return {"text": "ถนนพัง", "procurement_refs": refs}


async def wrong_of(doors: Doors, said: dict[str, Any], language: str = "en") -> dict[str, str]:
    """The one field that a tip is refused for."""
    headers = {"accept-language": language}
    answer = await doors.reporter.post("/v1/tips", json=said, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid_fields")
    assert await doors.bundles() == {}
    (found,) = answer.json()["errors"]
    return dict(found)


@pytest.mark.parametrize("code", ["99", "9999", "999999", "1052"])
async def test_a_code_of_no_place_is_told_from_one_of_no_form(doors: Doors, code: str) -> None:
    """Its digits are right, and there is no such place."""
    unknown = await wrong_of(doors, {"text": "ก", "place": code})
    no_form = await wrong_of(doors, {"text": "ก", "place": code + "x"})

    assert (unknown["pointer"], unknown["code"]) == ("/place", "place.unknown")
    assert (no_form["pointer"], no_form["code"]) == ("/place", "field.wrong_form")


@pytest.mark.parametrize("code", ["10", "8405", "840503", "104701"])
async def test_a_place_that_is_or_was_is_taken(doors: Doors, code: str) -> None:
    """The last was abolished: an old form does not cost anybody their tip."""
    answer = await doors.reporter.post("/v1/tips", json={"text": "ก", "place": code})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        ("6801912345", "procurement.wrong_length", "eleven"),
        ("๖๘๐๑๙๑๒๓๔๕๖", "procurement.thai_digits", "0 to 9"),
        ("68-01-9123456", "procurement.separators", "dashes"),
        ("68139123456", "procurement.wrong_month", "third and fourth"),
        ("99019123456", "procurement.in_future", "to come"),
        ("26019123456", "procurement.western_year", "69 is 2569"),
        ("2569019123456", "procurement.full_year", "two digits"),
        ("48019123456", "procurement.too_old", "2549"),
        ("6801912345x", "procurement.not_digits", "alone"),
    ],
)
async def test_the_part_of_a_number_that_is_wrong_is_named(
    doors: Doors, number: str, code: str, says: str
) -> None:
    """By a code and a sentence, in both languages; the number itself is never echoed."""
    found = await wrong_of(doors, buying("68019123456", number))

    assert (found["pointer"], found["code"]) == ("/procurement_refs/1/id", code)
    assert says in found["detail"]
    assert number not in json.dumps(found, ensure_ascii=False)
    thai = await wrong_of(doors, buying(number), "th")
    assert thai["detail"] == FIELD_CODES[code][0]


async def test_an_ocid_is_wrong_in_front_or_behind(doors: Doors) -> None:
    front = await wrong_of(doors, buying("68019123456", scheme="OCID"))
    behind = await wrong_of(doors, buying("ocds-213czf-", scheme="OCID"))

    assert front["code"] == "procurement.ocid_prefix"
    assert behind["code"] == "procurement.ocid_rest"


@pytest.mark.parametrize("code", FIELD_CODES)
def test_no_sentence_about_a_field_makes_a_problem_longer(code: str) -> None:
    """Which field it was is for the sender: a watcher of the wire counts the same octets."""
    error = Malformed(
        "request.invalid_fields", errors=(FieldError("/procurement_refs/31/id", code),)
    )
    for language in ("th", "en"):
        body, _ = problem(error, language)
        assert len(msgspec.json.encode(body)) <= ANSWER_BYTES
