"""Bodies are read strictly, and what is wrong with one is told without quoting it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.api import wire
from mustshare_api.api.bodies import decode
from mustshare_api.errors import FieldError, Malformed

DECODER = msgspec.json.Decoder(wire.NewTip, strict=True)
RIGHT: dict[str, Any] = {
    "text": "ถนนพัง",
    "language": "th",
    "category": "road",
    "place": "100101",
    "coordinates": {"latitude": 13.75, "longitude": 100.5, "precision_m": 1000},
    "procurement_refs": [{"scheme": "TH-EGP", "id": "68019123456"}],
}


def refused(body: bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        decode(body, DECODER)
    return caught.value


def test_a_right_body_is_read() -> None:
    """All of its fields at once."""
    said = decode(json.dumps(RIGHT).encode(), DECODER)

    assert said.text == "ถนนพัง"
    assert said.procurement_refs == [wire.EgpProject("68019123456")]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"text": None}, "/text", "field.wrong_type"),
        ({"text": ""}, "/text", "field.out_of_range"),
        ({"secret": 1}, "", "field.unknown"),
        ({"language": "fr"}, "/language", "field.wrong_form"),
        ({"place": "1"}, "/place", "field.wrong_form"),
        ({"coordinates": {}}, "/coordinates/latitude", "field.missing"),
        (
            {"coordinates": {"latitude": 91, "longitude": 0, "precision_m": 1}},
            "/coordinates/latitude",
            "field.out_of_range",
        ),
        (
            {"coordinates": {"latitude": 1, "longitude": 0, "precision_m": 1.5}},
            "/coordinates/precision_m",
            "field.out_of_range",
        ),
        ({"procurement_refs": [{}]}, "/procurement_refs/0/scheme", "field.missing"),
        (
            {"procurement_refs": [{"scheme": "ลับ", "id": "1"}]},
            "/procurement_refs/0/scheme",
            "field.wrong_form",
        ),
        (
            {"procurement_refs": RIGHT["procurement_refs"] * 33},
            "/procurement_refs",
            "field.out_of_range",
        ),
    ],
)
def test_a_wrong_field_is_named_by_place_and_kind(
    change: dict[str, Any], pointer: str, code: str
) -> None:
    """The pointer never holds a name that the sender made up."""
    error = refused(json.dumps(RIGHT | change).encode())

    assert error.code == "request.invalid_fields"
    assert [found.code for found in error.errors] == [code]
    assert error.errors[0].pointer.replace("...", "0") == pointer


any_json = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def read_or_code(body: bytes) -> str:
    """Nothing when it is read, the code when it is refused."""
    try:
        decode(body, DECODER)
    except Malformed as refusal:
        return refusal.code
    return ""


@given(any_json)
def test_no_json_is_more_than_malformed(value: object) -> None:
    """Whatever it holds, it is read or it is refused."""
    assert read_or_code(json.dumps(value).encode()).partition(".")[0] in ("", "request")


@given(st.binary(max_size=200))
def test_no_octets_are_more_than_malformed(body: bytes) -> None:
    """The same for what is no JSON at all."""
    assert read_or_code(body).partition(".")[0] in ("", "request")


@pytest.mark.parametrize(
    "half", [b"\xed\xa0\x80", b"\\ud800"], ids=["octets of one", "one escaped"]
)
@pytest.mark.parametrize("place", [b'{"text":"%b"}', b'{"text":"a","answers":{"a":"%b"}}'])
def test_half_a_character_is_no_json_wherever_it_stands(place: bytes, half: bytes) -> None:
    """Nobody could write it down again: not to seal it, and not to tell of it."""
    assert refused(place.replace(b"%b", half)).code == "request.bad_json"


def test_a_key_twice_is_told_wherever_it_is() -> None:
    """Two readers may each believe another of the two."""
    for body in (
        b'{"text":"a","text":"a"}',
        b'{"text":"a","procurement_refs":[{"scheme":"TH-EGP","id":"68019123456","id":"x"}]}',
    ):
        error = refused(body)
        assert error.code in ("request.duplicate_key", "request.invalid_fields")
    assert refused(b'{"text":"a","text":"a"}').errors == ()


def test_an_error_holds_nothing_of_what_was_sent() -> None:
    """Neither in its text nor in its fields."""
    error = refused('{"text":"a","category":"ความลับ"}'.encode())

    assert "ความลับ" not in str(error) + repr(error.errors)
    assert error.errors == (FieldError("/category", "field.wrong_form"),)
