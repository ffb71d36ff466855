"""Makes the contract, OpenAPI 3.1, from what stands beside each route.

    routes --opt["operation"]--> paths        structs --msgspec--> components/schemas
    catalogue -----------------> responses    one per status a route can answer with

Litestar could write one, but it publishes neither `additionalProperties: false` nor the problem
of each status, and our handlers read raw bodies that it cannot describe. The result is kept in
`openapi/openapi.json` and compared with this, byte by byte, by a test.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.operation import Answer, Body, Link, Octets, Operation, Parameter
from mustshare_api.api.problems import MEDIA_TYPE as PROBLEM_TYPE
from mustshare_api.api.problems import TYPE_PREFIX, WAITING, Problem

Json = dict[str, Any]

ALWAYS = (
    "request.malformed",
    "request.wrong_host",
    "request.target_too_long",
    "request.header_too_large",
    "internal",
    "unavailable",
    "database.unavailable",
)
WITH_BODY = (
    "request.too_large",
    "request.too_slow",
    "request.wrong_content_type",
    "request.cut_off",
)

_REFS = "#/components/schemas/{name}"
_SERVERS = {
    "reporter": {"url": "https://localhost:8443", "description": "Reporter and public door"},
    "staff": {
        "url": "https://localhost:8444",
        "description": "Staff door: signed requests only",
    },
    "operator": {
        "url": "https://localhost:8445",
        "description": "Operator door: loopback only",
    },
}
_SECURITY: dict[str | None, list[Json]] = {
    None: [],
    "receipt": [{"receipt": []}, {"access": []}],
    "new_receipt": [{}, {"receipt": []}],
    "staff": [{"staffSignature": []}],
    "partner": [{"partnerKey": []}],
}
_SCHEMES: Json = {
    "receipt": {
        "type": "http",
        "scheme": "Receipt",
        "description": "`Authorization: Receipt <30 digits>`; spaces, dashes and Thai numerals "
        "may stand in it.",
    },
    "access": {
        "type": "http",
        "scheme": "bearer",
        "description": "The 32-byte access token derived from a receipt, base64url without "
        "padding.",
    },
    "partnerKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Partner-Key",
        "description": "A partner's key, as `mustshare partner add` showed it once.",
    },
    "staffSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "RFC 9421, Ed25519, over @method @authority @path @query "
        "content-digest, and if-match where it is sent.",
    },
}


def contract(doors: Mapping[str, Iterable[HTTPRouteHandler]], version: str) -> bytes:
    """The whole contract as JSON, the same bytes for the same routes."""
    pairs = [(door, handler) for door, handlers in doors.items() for handler in handlers]
    document: Json = {
        "openapi": "3.1.0",
        "info": _info(version),
        "servers": [_SERVERS["reporter"]],
        "tags": [
            {"name": door, "description": s["description"]} for door, s in _SERVERS.items()
        ],
        "paths": _paths(pairs),
        "components": {
            "schemas": _schemas(pairs),
            "responses": _responses(pairs),
            "securitySchemes": _SCHEMES,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def operation_of(handler: HTTPRouteHandler) -> Operation:
    """What stands beside a route."""
    operation: Operation = handler.opt["operation"]
    return operation


def _info(version: str) -> Json:
    return {
        "title": "Must Share API",
        "version": version,
        "summary": "Anonymous tips: stripped, sealed to staff, answered by receipt.",
        "description": "Every error is an RFC 9457 problem in Thai or English, by "
        "Accept-Language. "
        "Dates are Bangkok days. A path, a query or a cookie never holds a receipt.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        "contact": {"name": "Must Share (ต้องแฉ)"},
    }


def _paths(pairs: list[tuple[str, HTTPRouteHandler]]) -> Json:
    paths: Json = {}
    for door, handler in pairs:
        for path in sorted(handler.paths):
            item = paths.setdefault(path.replace(":str}", "}"), {})
            method = min(handler.http_methods).lower()
            if method in item:  # one path behind two doors
                item[method]["servers"].append(_SERVERS[door])
                item[method]["tags"].append(door)
            else:
                item[method] = _operation(door, operation_of(handler))
    return paths


def _operation(door: str, operation: Operation) -> Json:
    made: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "tags": [door],
        "servers": [_SERVERS[door]],
        "security": _SECURITY[operation.credential],
    }
    if operation.parameters:
        made["parameters"] = [_parameter(parameter) for parameter in operation.parameters]
    if operation.takes:
        content = _content(operation.takes, operation.example)
        made["requestBody"] = {"required": operation.needs_body, "content": content}
    answers = {str(status): _answer(answer) for status, answer in operation.answers.items()}
    made["responses"] = _with_problems(answers, _problem_refs(operation))
    if not any(status.startswith("2") for status in answers):
        made["x-always-refused"] = True
    return made


def _with_problems(answers: Json, refs: Json) -> Json:
    """Both where a status has both: errors in a standard's own form, beside our problems."""
    found = {**answers, **refs}
    for status in answers.keys() & refs.keys():
        schema = {"schema": {"$ref": _REFS.format(name=Problem.__name__)}}
        content = {**answers[status]["content"], PROBLEM_TYPE: schema}
        found[status] = {**answers[status], "content": content}
    return found


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }


def _answer(answer: Answer) -> Json:
    made: Json = {"description": answer.description}
    if answer.body is not None:
        made["content"] = _content((answer.body,), answer.example)
    if answer.links:
        made["links"] = {link.operation: _link(link) for link in answer.links}
    return made


def _link(link: Link) -> Json:
    made: Json = {"operationId": link.operation, "description": link.description}
    if link.parameters:
        made["parameters"] = dict(link.parameters)
    return made


def _content(bodies: Iterable[Body], example: Any) -> Json:  # noqa: ANN401 - JSON
    content: Json = {}
    named: list[Json] = []
    for body in bodies:
        if isinstance(body, Octets):
            content |= {media: {"schema": _octets(body, media)} for media in body.media_types}
        else:
            named.append({"$ref": _REFS.format(name=body.__name__)})
            schema = named[0] if len(named) == 1 else {"anyOf": named}
            content["application/json"] = {"schema": schema}
            if example is not None:
                content["application/json"]["example"] = dict(example)
    return content


def _octets(body: Octets, media: str) -> Json:
    if media == "application/json" or media.endswith("+json"):
        return {"type": body.json_type, "description": body.description}
    binary = {} if media.startswith("text/") else {"format": "binary"}
    return {"type": "string", "description": body.description, **binary}


def _problem_refs(operation: Operation) -> Json:
    codes = {*operation.problems, *ALWAYS, *(WITH_BODY if operation.takes else ())}
    if any(parameter.where == "path" for parameter in operation.parameters):
        codes.add("request.not_found")  # an id in a spelling that no path has
    by_status = _by_status(code for code in CATALOGUE if code in codes)
    return {
        str(status): {
            "$ref": f"#/components/responses/Problem{status}",
            "description": "One of: " + ", ".join(f"`{code}`" for code in by_status[status]),
        }
        for status in sorted(by_status)
    }


def _by_status(codes: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code in codes:
        found.setdefault(CATALOGUE[code].status, []).append(code)
    return found


def _responses(pairs: list[tuple[str, HTTPRouteHandler]]) -> Json:
    """A component for each status that some route answers with."""
    used = {status for _, handler in pairs for status in _problem_refs(operation_of(handler))}
    by_status = _by_status(CATALOGUE)
    return {
        f"Problem{status}": _problem(status, by_status[status][0])
        for status in sorted(by_status)
        if str(status) in used
    }


def _problem(status: int, code: str) -> Json:
    told = CATALOGUE[code]
    example = {
        "type": TYPE_PREFIX + code,
        "title": told.title_en,
        "status": status,
        "code": code,
        "detail": told.advice_en,
    }
    made: Json = {
        "description": "A problem.",
        "content": {
            PROBLEM_TYPE: {"schema": {"$ref": _REFS.format(name="Problem")}, "example": example}
        },
    }
    headers: Json = {"Content-Language": {"schema": {"type": "string", "enum": ["th", "en"]}}}
    if status in WAITING:
        headers["Retry-After"] = {"description": "Seconds.", "schema": {"type": "string"}}
    if status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    return {**made, "headers": headers}


def _schemas(pairs: list[tuple[str, HTTPRouteHandler]]) -> Json:
    structs: dict[str, Any] = {"Problem": Problem}
    for _, handler in pairs:
        operation = operation_of(handler)
        bodies = [*operation.takes, *(answer.body for answer in operation.answers.values())]
        structs |= {b.__name__: b for b in bodies if isinstance(b, type)}
    _, found = msgspec.json.schema_components(structs.values(), ref_template=_REFS)
    return {name: found[name] for name in sorted(found)}
