"""The published contract is the code's own, and says all that the doors do."""

import json
import re
import tomllib
from typing import Any

import msgspec
import pytest

from mustshare_api.api import doors as api_doors
from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.openapi import operation_of
from tests.doors import Doors
from tests.shape.openapi_rules import nodes, operations, resolved
from tests.shape.tree import ROOT

SOURCE = ROOT / "src" / "mustshare_api"
COMMITTED = ROOT / "openapi" / "openapi.json"
STATUSES = {
    400,
    401,
    403,
    404,
    405,
    408,
    409,
    410,
    412,
    413,
    414,
    415,
    416,
    417,
    421,
    422,
    428,
    431,
}
"""Faults of a sender that say something to them; ours are 500, 501 and 503."""


ELSEWHERE = {
    "desk.malformed",  # read on officers' machines alone
    "docket.malformed",  # a docket that cannot be read is shown as none
    "docket.too_large",  # refused where it is written
    "agency_word.malformed",  # what an agency said is read by officers
    "point.precision",  # no grid is as coarse; the door's own schema ends before that
    "webhook.url_malformed",  # told to an operator at the command line, as the next three
    "webhook.port_refused",
    "webhook.host_refused",
    "webhook.address_refused",
}
"""Codes of the lower floors that no door ever answers."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED.read_bytes())
    return found


def version() -> str:
    """As `pyproject.toml` has it, whatever is installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def test_the_committed_contract_is_the_one_that_the_code_makes() -> None:
    """To the byte, so that a change of the API is seen in the diff that makes it."""
    same = api_doors.whole_contract(version()) == COMMITTED.read_bytes()

    assert same, "run: mustshare openapi > openapi/openapi.json"


async def test_the_door_hands_out_what_was_committed(doors: Doors) -> None:
    """All but the version, which is the installed one's."""
    served = json.loads((await doors.reporter.get("/openapi.json")).content)
    committed = json.loads(COMMITTED.read_bytes())
    served["info"]["version"] = committed["info"]["version"]

    assert served == committed


def test_all_routes_of_all_doors_are_there_and_nothing_else(document: dict[str, Any]) -> None:
    """Path by path, method by method."""
    handlers = [
        *api_doors.REPORTER_ROUTES,
        *api_doors.STAFF_ROUTES,
        *api_doors.OPERATOR_ROUTES,
    ]
    routed = {
        (path.replace(":str}", "}"), method.lower())
        for handler in handlers
        for path in handler.paths
        for method in handler.http_methods
    }

    assert {(path, method) for _, path, method, _ in operations(document)} == routed


def test_every_code_that_an_operation_names_is_in_the_catalogue() -> None:
    """And every code of the catalogue that a request can get is named by an operation."""
    named = {
        code
        for handler in (*api_doors.REPORTER_ROUTES, *api_doors.STAFF_ROUTES)
        for code in operation_of(handler).problems
    }

    assert named <= CATALOGUE.keys()


def test_what_comes_in_is_closed(document: dict[str, Any]) -> None:
    """A field that is not in the form is refused, and the contract says so."""
    taken = document["paths"]["/v1/tips"]["post"]["requestBody"]["content"]["application/json"]
    schema = resolved(document, taken["schema"])
    inner = [resolved(document, node) for _, node in nodes(schema) if "$ref" in node]

    objects = [schema, *(one for one in inner if one.get("type") == "object")]
    assert len(objects) >= 3
    assert all(one["additionalProperties"] is False for one in objects)


def test_links_lead_to_parameters_that_are_there(document: dict[str, Any]) -> None:
    """A link's expression reads a field that the answer's own schema has."""
    by_name = {one["operationId"]: one for _, _, _, one in operations(document)}
    checked = 0
    for _, _, _, operation in operations(document):
        for answer in operation["responses"].values():
            for link in answer.get("links", {}).values():
                target = by_name[link["operationId"]]
                known = {one["name"] for one in target.get("parameters", [])}
                assert link.get("parameters", {}).keys() <= known
                for expression in link.get("parameters", {}).values():
                    assert _found(document, answer, expression), expression
                    checked += 1
    assert checked >= 4


def _found(document: dict[str, Any], answer: dict[str, Any], expression: str) -> bool:
    pointer = re.fullmatch(r"\$response\.body#/(.+)", expression)
    assert pointer is not None
    schema = resolved(document, answer["content"]["application/json"]["schema"])
    for step in pointer[1].split("/"):
        schema = schema["items"] if step.isdecimal() else schema["properties"].get(step, {})
        schema = resolved(document, schema)
    return schema != {}


def test_the_catalogue_is_told_in_two_languages() -> None:
    """Each problem has a title and an advice in Thai and in English, and a real status."""
    for code, told in CATALOGUE.items():
        assert re.search("[ก-๙]", told.title_th + told.advice_th), code
        assert told.title_en.isascii(), code
        assert told.advice_en.isascii(), code
        assert told.status in STATUSES | {429, 500, 501, 503}
    assert msgspec.json.encode(CATALOGUE)


def test_every_code_that_the_server_raises_is_in_the_catalogue() -> None:
    """Codes are literals in the source; the key tool tells its own."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for floor in ("api", "flows", "store", "media", "domain")
        for path in sorted((SOURCE / floor).rglob("*.py"))
    )
    kinds = "Malformed|Unstrippable|Unsupported|TooLarge|UnknownReceipt|Unsigned|NotFound"
    kinds += "|NotPermitted|Unconditional|WrongMoment|Busy|Unavailable|MustShareError"
    raised = set(re.findall(rf'(?:{kinds})\(\s*"([a-z_.]+)"', text))

    assert len(raised) > 40
    assert raised - CATALOGUE.keys() <= ELSEWHERE


@pytest.mark.parametrize(
    ("path", "kind"), [("/docs", "text/html"), ("/v1/directory", "text/plain")]
)
async def test_a_charset_is_said_once(doors: Doors, path: str, kind: str) -> None:
    """A header with two is read differently by different clients."""
    answer = await doors.reporter.get(path)

    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
