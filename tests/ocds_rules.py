"""The rules of OCDS 1.1 for a release package, as far as a case can reach: a JSON Schema.

Written from the standard's reference and stricter than its schema: what is not listed here is
refused, so that a field of ours in a place that the standard has no field for is noticed.
"""

from typing import Any

import jsonschema_rs

Rules = dict[str, Any]

TEXT: Rules = {"type": "string", "minLength": 1}
INSTANT: Rules = {
    "type": "string",
    "pattern": "^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(Z|[+-][0-9]{2}:[0-9]{2})$",
}
ADDRESS: Rules = {
    "type": "string",
    "pattern": r"^(https?://[^\s]+|urn:[a-z][a-z0-9-]+:[^\s]+)$",
}
OCID: Rules = {"type": "string", "pattern": "^ocds-[a-z0-9]{6}-.+$"}


def of(required: list[str], **fields: Rules) -> Rules:
    """An object: `required` of its fields, and no others."""
    return {
        "type": "object",
        "required": required,
        "properties": fields,
        "additionalProperties": False,
    }


def many(one: Rules) -> Rules:
    """A list that is not empty, each once."""
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": one}


ORGANISATION = of(
    ["id", "name", "roles"],
    id=TEXT,
    name=TEXT,
    name_en=TEXT,
    roles=many({"enum": ["buyer", "procuringEntity", "tenderer", "supplier", "payer"]}),
)
MILESTONE = of(
    ["id", "title"],
    id=TEXT,
    title=TEXT,
    title_en=TEXT,
    type=TEXT,
    dateMet=INSTANT,
    status={"enum": ["scheduled", "met", "notMet", "partiallyMet"]},
)
AMOUNT = of(
    ["amount", "currency"],
    amount={"type": "number", "minimum": 0},
    currency={"enum": ["THB"]},
)
BUDGET = of([], description=TEXT, description_en=TEXT, amount=AMOUNT)
TENDER = of(
    ["id"],
    id=TEXT,
    title=TEXT,
    title_en=TEXT,
    description=TEXT,
    description_en=TEXT,
    documents=many(of(["id"], id=TEXT, title=TEXT, url=ADDRESS)),
)
RELATED = of(
    ["id"], id=TEXT, relationship=many(TEXT), scheme={"enum": ["ocid"]}, identifier=OCID
)
RELEASE = of(
    ["ocid", "id", "date", "tag", "initiationType"],
    ocid=OCID,
    id={"type": "string", "pattern": "^[^#]+$"},
    date=INSTANT,
    tag=many({"enum": ["tender", "tenderUpdate"]}),
    initiationType={"enum": ["tender"]},
    language={"type": "string", "pattern": "^[a-z]{2}$"},
    parties=many(ORGANISATION),
    buyer=of(["id", "name"], id=TEXT, name=TEXT),
    planning=of([], budget=BUDGET, milestones=many(MILESTONE)),
    tender=TENDER,
    relatedProcesses=many(RELATED),
)
PACKAGE = of(
    ["uri", "version", "publishedDate", "publisher", "releases"],
    uri=ADDRESS,
    version={"enum": ["1.1"]},
    publishedDate=INSTANT,
    publisher=of(["name"], name=TEXT),
    releases=many(RELEASE),
)


def broken(package: object) -> list[str]:
    """Where a package breaks a rule; nowhere, if it is one."""
    rules = jsonschema_rs.Draft202012Validator(PACKAGE)
    return [f"{one.instance_path}: {one.message}" for one in rules.iter_errors(package)]
