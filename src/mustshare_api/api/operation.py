"""What a route promises, written beside it; `openapi` makes the contract from these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

Credential = Literal["receipt", "new_receipt", "staff", "partner"]


@dataclass(frozen=True, slots=True)
class Octets:
    """A body that no struct describes; `json_type` is what one in JSON is at its outside."""

    description: str
    media_types: tuple[str, ...] = ("application/octet-stream",)
    json_type: Literal["object", "array"] = "object"


Body = type[msgspec.Struct] | Octets


@dataclass(frozen=True, slots=True)
class Parameter:
    """A header, a part of the path, or a query parameter."""

    name: str
    where: Literal["path", "query", "header"]
    description: str
    schema: Mapping[str, Any]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What can be called next, and where its parameters come from (link expressions)."""

    operation: str
    description: str
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Answer:
    """One status a route answers with when all is well."""

    description: str
    body: Body | None = None
    example: Mapping[str, Any] | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: what it takes, what it gives, what can go wrong, and who may call it.

    `needs_body` is false where a header can stand in for what the body would say. `public` is
    what pages of every origin may read, since it is the same for everybody.
    """

    name: str
    summary: str
    description: str
    answers: Mapping[int, Answer]
    takes: tuple[Body, ...] = ()
    problems: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    credential: Credential | None = None
    example: Mapping[str, Any] | None = None
    needs_body: bool = True
    public: bool = False


ID_SCHEMA = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
ENTITY_TAGS = {"type": "string", "format": "entity-tags"}
"""Of a condition (RFC 9110, 13.1). Only a head bounds them: what is no tag matches none."""


def id_in_path(name: str, what: str) -> Parameter:
    """The id of something, made by whoever made the thing."""
    return Parameter(name, "path", what, ID_SCHEMA, required=True)
