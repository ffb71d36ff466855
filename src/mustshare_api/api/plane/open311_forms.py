"""GeoReport v2 as it travels: XML, which the standard asks for, and JSON beside it.

    services          <services><service>...             [{...}]
    a definition      <service_definition>...            {...}
    requests          <service_requests><request>...     [{...}]
    discovery         <discovery>...                     {...}
    what is refused   <errors><error><code>...           [{"code": 404, "description": "..."}]

Both are written from the same values. What is null is an empty element.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal, cast

import msgspec

from mustshare_api.api.languages import Language
from mustshare_api.api.plane import xml
from mustshare_api.api.problems import problem
from mustshare_api.api.ready import Answer
from mustshare_api.errors import MustShareError, NotFound

Format = Literal["xml", "json"]
TYPES: Final[Mapping[Format, str]] = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json",
}
_PARTS: Final = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""List -> what stands in it."""


def refused(form: Format, error: MustShareError, language: Language) -> Answer:
    """A refusal as the standard words it; nobody keeps it."""
    body, headers = problem(error, language)
    told = [{"code": body.status, "description": f"{body.code}: {body.title}. {body.detail}"}]
    answer = Answer.private(written(form, "errors", told), TYPES[form])
    more = [(name.encode(), value.encode()) for name, value in headers.items()]
    return replace(answer, headers=(*answer.headers, *more), status=body.status)


def split(text: str) -> tuple[str, Format]:
    """A name in a path, and the format that its end asks for.

    Raises:
        NotFound: `open311.not_found`, it ends in neither.
    """
    name, _, end = text.rpartition(".")
    if end == "xml":
        return name, "xml"
    if end == "json":
        return name, "json"
    raise NotFound("open311.not_found")


def written(form: Format, outermost: str, value: object) -> bytes:
    """A value as octets; `outermost` is the name of the XML document's element."""
    if form == "json":
        return msgspec.json.encode(value)
    whole = xml.root(outermost)
    _fill(whole, value)
    return xml.document(whole)


def _fill(within: xml.Element, value: Any) -> None:  # noqa: ANN401 - JSON
    # Texts first, and never `Mapping` or `Sequence`, which take many times as long to ask for:
    # a page of requests is twenty thousand values.
    kind = cast("type[object]", type(value))
    if kind is str:
        within.text = value
    elif kind is dict:
        for name, inner in value.items():
            _fill(xml.child(within, name), inner)
    elif kind is list:
        for inner in value:
            _fill(xml.child(within, _PARTS[within.tag]), inner)
    elif kind is bool:
        within.text = "true" if value else "false"
    elif value is not None:
        within.text = str(value)
