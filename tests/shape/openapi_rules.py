"""The rules that our OpenAPI document keeps, as the usual linters have them, and a few of ours.

A rule is a generator of complaints, each "where: what". The rules are those of spectral's
`oas` set and of its OWASP set that can apply to an API without accounts, plus what design asks:
no credential in a path or a query, and closed objects with bounded members wherever something
comes in. What goes out is left open on purpose: a client has to bear a field that it does not
know, and a bound on an answer protects nobody.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs

Json = dict[str, Any]
METHODS: Final = ("get", "head", "put", "post", "patch", "delete", "options")
BODYLESS: Final = {"get", "head", "delete"}
SECRETS: Final = {"receipt", "access", "token", "password", "secret", "signature"}
BOUNDS: Final[dict[str, list[set[str]]]] = {
    "string": [{"maxLength"}, {"pattern"}, {"format"}],
    "array": [{"items", "maxItems"}],
    "integer": [{"minimum", "maximum"}],
    "number": [{"minimum", "maximum"}],
}
"""Any one of these sets of keywords bounds a value of that type; so do `enum` and `const`."""

Operations = Iterator[tuple[str, str, str, Json]]


def operations(document: Json) -> Operations:
    """Each operation as (where, path, method, operation)."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", path, method, item[method]


def resolved(document: Json, node: Json) -> Json:
    """A node, or what its `$ref` leads to. A reference that leads nowhere is a KeyError."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def nodes(tree: object, where: str = "#") -> Iterator[tuple[str, Json]]:
    """Every object of a JSON document with its pointer."""
    if isinstance(tree, dict):
        yield where, tree
        for key, value in tree.items():
            yield from nodes(value, f"{where}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from nodes(value, f"{where}/{index}")


def taken_in(document: Json) -> Iterator[tuple[str, Json]]:
    """The schemas of what senders send: bodies and parameters, references followed once."""
    seen: set[int] = set()
    pending: list[tuple[str, Json]] = []
    for where, _, _, operation in operations(document):
        body = resolved(document, operation.get("requestBody", {}))
        media_types = body.get("content", {}).items()
        pending += [
            (f"{where} {media_type}", media["schema"]) for media_type, media in media_types
        ]
        parameters = [resolved(document, p) for p in operation.get("parameters", [])]
        pending += [(f"{where} {p['name']}", p["schema"]) for p in parameters]
    while pending:
        where, start = pending.pop()
        for pointer, node in nodes(start, where):
            schema = resolved(document, node)
            if schema is not node:
                pending.append((node["$ref"], schema))
            elif id(schema) not in seen:
                seen.add(id(schema))
                yield pointer, schema


def kinds_of(schema: Json) -> list[str]:
    """The types a schema allows. A table of members may itself have one called `type`."""
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else [k for k in kinds if isinstance(k, str)]


def names_are_told(document: Json) -> Iterator[str]:
    """Operations and tags are named, described, and named once."""
    tags = {tag["name"] for tag in document.get("tags", []) if tag.get("description")}
    seen: set[str] = set()
    for where, _, _, operation in operations(document):
        name = operation.get("operationId", "")
        if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]+", name) or name in seen:
            yield f"{where}: operationId is missing, odd or taken"
        seen.add(name)
        if not operation.get("summary") or not operation.get("description"):
            yield f"{where}: no summary or no description"
        if not operation.get("tags") or not set(operation["tags"]) <= tags:
            yield f"{where}: no tag, or one that is not described"


def info_is_whole(document: Json) -> Iterator[str]:
    """A reader learns whose document this is and where to send things."""
    for key in ("title", "version", "description", "license", "contact"):
        if not document.get("info", {}).get(key):
            yield f"#/info: no {key}"
    if not document.get("servers"):
        yield "#: no servers"
    for server in document.get("servers", []):
        if not server["url"].startswith(("https://", "/")):
            yield f"#/servers: {server['url']} is not https"


def paths_are_plain(document: Json) -> Iterator[str]:
    """Small letters, no slash at the end, each variable declared, and none of them a secret."""
    for where, path, _, operation in operations(document):
        if not re.fullmatch(r"(/([a-z0-9.-]+|\{[a-z_]+\}))+", path):
            yield f"{where}: odd path"
        parameters = [resolved(document, p) for p in operation.get("parameters", [])]
        declared = {p["name"] for p in parameters if p["in"] == "path"}
        if declared != set(re.findall(r"\{([a-z_]+)\}", path)):
            yield f"{where}: path and parameters differ"
        for parameter in parameters:
            exposed = parameter["in"] in {"path", "query", "cookie"}
            if exposed and set(parameter["name"].lower().split("_")) & SECRETS:
                yield f"{where}: a secret in {parameter['in']}"
            if not parameter.get("description"):
                yield f"{where}: {parameter['name']} is not described"


def credentials_are_safe(document: Json) -> Iterator[str]:
    """Each operation says who may call it; credentials travel in headers alone."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for name, scheme in schemes.items():
        if scheme["type"] == "apiKey" and scheme["in"] != "header":
            yield f"{name}: a credential outside the headers"
        if scheme["type"] == "http" and scheme["scheme"].lower() == "basic":
            yield f"{name}: basic authentication"
    for where, _, _, operation in operations(document):
        if "security" not in operation:
            yield f"{where}: does not say who may call it"
        for requirement in operation.get("security", []):
            if not set(requirement) <= set(schemes):
                yield f"{where}: an undeclared credential"


def answers_are_told(document: Json) -> Iterator[str]:
    """Success and failure are both documented, failure as RFC 9457 problems."""
    for where, _, method, operation in operations(document):
        if method in BODYLESS and "requestBody" in operation:
            yield f"{where}: a body that proxies may drop"
        answers = operation.get("responses", {})
        for kind in "245" if "default" not in answers else "2":
            refuses = kind == "2" and operation.get("x-always-refused")
            if not refuses and not any(status.startswith(kind) for status in answers):
                yield f"{where}: no {kind}xx answer"
        credentials = operation.get("security", [])
        if credentials and {} not in credentials and "401" not in answers:
            yield f"{where}: asks for a credential and has no 401"
        for status, answer in answers.items():
            found = resolved(document, answer)
            content = found.get("content", {})
            if not found.get("description"):
                yield f"{where}: {status} is not described"
            if status[0] in "45d" and "application/problem+json" not in content:
                yield f"{where}: {status} is not a problem"


def inputs_are_bounded(document: Json) -> Iterator[str]:
    """Nothing of any length, nothing unknown, comes in."""
    for where, schema in taken_in(document):
        for kind in kinds_of(schema):
            unbounded = not any(keys <= schema.keys() for keys in BOUNDS.get(kind, [set()]))
            if unbounded and not {"enum", "const"} & schema.keys():
                yield f"{where}: unbounded {kind}"
            if kind == "object" and schema.get("additionalProperties") is not False:
                yield f"{where}: an open object"


def fields_are_snake_case(document: Json) -> Iterator[str]:
    """One spelling for all members."""
    for where, node in nodes(document.get("components", {}).get("schemas", {})):
        properties = node.get("properties", {})
        for name in properties if isinstance(properties, dict) else ():
            if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
                yield f"{where}: {name} is not snake_case"


def references_hold(document: Json) -> Iterator[str]:
    """Every reference and link leads somewhere, and every component is led to."""
    used: set[str] = set()
    ids = {operation.get("operationId") for _, _, _, operation in operations(document)}
    for where, node in nodes(document):
        if isinstance(node.get("$ref"), str):
            used.add(node["$ref"])
            try:
                resolved(document, node)
            except KeyError:
                yield f"{where}: {node['$ref']} leads nowhere"
        for name, link in node.get("links", {}).items() if "/responses/" in where else ():
            if link.get("operationId") not in ids:
                yield f"{where}: link {name} leads nowhere"
    for group, members in document.get("components", {}).items():
        for name in members if group != "securitySchemes" else ():
            if f"#/components/{group}/{name}" not in used:
                yield f"#/components/{group}/{name}: nobody uses it"


def examples_fit(document: Json) -> Iterator[str]:
    """An example that its own schema refuses teaches the wrong thing."""
    for where, node in nodes(document):
        if "schema" not in node:
            continue
        given = [node["example"]] if "example" in node else []
        given += [example["value"] for example in node.get("examples", {}).values()]
        for example in given:
            schema = {"components": document.get("components", {}), **node["schema"]}
            if not jsonschema_rs.is_valid(schema, example):
                yield f"{where}: an example that does not fit"


RULES: Final = (
    names_are_told,
    info_is_whole,
    paths_are_plain,
    credentials_are_safe,
    answers_are_told,
    inputs_are_bounded,
    fields_are_snake_case,
    references_hold,
    examples_fit,
)
