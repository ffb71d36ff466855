"""The published contract keeps the rules, and each rule would notice being broken."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis

from tests.shape import openapi_rules as rules
from tests.shape.tree import ROOT

Json = dict[str, Any]

PROBLEM = {"description": "Refused.", "content": {"application/problem+json": {"schema": {}}}}

SOUND: Json = {
    "openapi": "3.1.0",
    "info": {
        "title": "Small",
        "version": "1",
        "description": "A document without fault, to be spoilt.",
        "license": {"name": "Apache-2.0"},
        "contact": {"name": "us"},
    },
    "servers": [{"url": "https://localhost"}],
    "tags": [{"name": "reporter", "description": "A door."}],
    "paths": {
        "/v1/tip/attachments/{id}": {
            "put": {
                "operationId": "put_attachment",
                "summary": "Attach",
                "description": "Puts a file onto a tip.",
                "tags": ["reporter"],
                "security": [{"receipt": []}],
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "description": "Made by the client.",
                        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                    }
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Note"},
                            "example": {"text": "ok", "count": 1, "parts": []},
                        }
                    }
                },
                "responses": {
                    "201": {
                        "description": "Taken.",
                        "links": {"again": {"operationId": "put_attachment"}},
                    },
                    "401": PROBLEM,
                    "503": PROBLEM,
                },
            }
        }
    },
    "components": {
        "securitySchemes": {"receipt": {"type": "http", "scheme": "Receipt"}},
        "schemas": {
            "Note": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "text": {"type": "string", "maxLength": 9},
                    "count": {"type": "integer", "minimum": 0, "maximum": 9},
                    "parts": {"type": "array", "items": {"enum": ["a"]}, "maxItems": 2},
                },
            }
        },
    },
}

PUT = ("paths", "/v1/tip/attachments/{id}", "put")
NOTE = ("components", "schemas", "Note")
GONE = object()

PLANTED: list[tuple[Callable[[Json], Any], tuple[str | int, ...], object]] = [
    (rules.names_are_told, (*PUT, "operationId"), GONE),
    (rules.names_are_told, (*PUT, "description"), ""),
    (rules.names_are_told, (*PUT, "tags"), ["unheard-of"]),
    (rules.info_is_whole, ("info", "license"), GONE),
    (rules.info_is_whole, ("servers",), []),
    (rules.info_is_whole, ("servers", 0, "url"), "http://localhost"),
    (rules.paths_are_plain, ("paths", "/v1/Tips/"), {"get": {}}),
    (rules.paths_are_plain, (*PUT, "parameters"), []),
    (rules.paths_are_plain, (*PUT, "parameters", 0, "description"), ""),
    (rules.paths_are_plain, (*PUT, "parameters", 0, "name"), "receipt"),
    (rules.credentials_are_safe, (*PUT, "security"), GONE),
    (rules.credentials_are_safe, (*PUT, "security"), [{"unheard_of": []}]),
    (
        rules.credentials_are_safe,
        ("components", "securitySchemes", "receipt"),
        {"type": "apiKey", "in": "query", "name": "receipt"},
    ),
    (
        rules.credentials_are_safe,
        ("components", "securitySchemes", "receipt", "scheme"),
        "Basic",
    ),
    (rules.answers_are_told, (*PUT, "responses", "401"), GONE),
    (rules.answers_are_told, (*PUT, "responses", "503"), GONE),
    (rules.answers_are_told, (*PUT, "responses", "201"), GONE),
    (rules.answers_are_told, (*PUT, "responses", "503"), {"description": "Busy."}),
    (rules.answers_are_told, ("paths", "/v1/x"), {"get": {"requestBody": {}}}),
    (rules.inputs_are_bounded, (*NOTE, "additionalProperties"), GONE),
    (rules.inputs_are_bounded, (*NOTE, "properties", "text", "maxLength"), GONE),
    (rules.inputs_are_bounded, (*NOTE, "properties", "count", "maximum"), GONE),
    (rules.inputs_are_bounded, (*NOTE, "properties", "parts", "maxItems"), GONE),
    (rules.inputs_are_bounded, (*PUT, "parameters", 0, "schema", "pattern"), GONE),
    (rules.fields_are_snake_case, (*NOTE, "properties", "camelCase"), {}),
    (rules.references_hold, ("components", "schemas", "Spare"), {}),
    (rules.references_hold, NOTE, GONE),
    (rules.references_hold, (*PUT, "responses", "201", "links", "again"), {"operationId": "x"}),
    (rules.examples_fit, (*NOTE, "required"), ["place"]),
]


@pytest.fixture(scope="module")
def document() -> Json:
    """The document as it is committed."""
    text = (ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


def spoilt(where: tuple[str | int, ...], value: object) -> Json:
    """The sound document with one thing in it changed or gone."""
    whole = copy.deepcopy(SOUND)
    node: Any = whole
    for key in where[:-1]:
        node = node[key]
    if value is GONE:
        del node[where[-1]]
    else:
        node[where[-1]] = value
    return whole


@pytest.mark.parametrize("rule", rules.RULES)
def test_the_contract_keeps_the_rule(document: Json, rule: Callable[[Json], Any]) -> None:
    """The committed document gives no rule a reason to complain."""
    assert list(rule(document)) == []


def test_the_contract_is_openapi(document: Json) -> None:
    """The document is what the OpenAPI 3.1 meta-schema calls one."""
    schemathesis.openapi.from_dict(document).validate()

    assert document["openapi"].startswith("3.1.")


@pytest.mark.parametrize("rule", rules.RULES)
def test_a_sound_document_passes(rule: Callable[[Json], Any]) -> None:
    """No rule complains of a document that has no fault."""
    assert list(rule(SOUND)) == []


@pytest.mark.parametrize(("rule", "where", "value"), PLANTED)
def test_a_planted_fault_is_named(
    rule: Callable[[Json], Any], where: tuple[str | int, ...], value: object
) -> None:
    """Each rule complains of the fault that it is there for."""
    assert list(rule(spoilt(where, value))) != []
