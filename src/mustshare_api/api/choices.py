"""Reads what a reporter chose to have kept, from a query: `?keep=location&location=exact`.

It stands in the query because the body is the file. It says nothing about who sends: not a
receipt, not an id.
"""

from urllib.parse import parse_qsl

from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Parameter
from mustshare_api.domain.evidence import Choice, Closeness, Part, choose
from mustshare_api.errors import Malformed

_PARTS = [part.value for part in Part]
_FLAGS = {"true": True, "false": False}
_MOST_FIELDS = 8

FIRST_FRAME = Parameter(
    "first_frame",
    "query",
    "Take the first picture of a file that holds several, instead of refusing it.",
    {"type": "string", "enum": list(_FLAGS)},
)

PARAMETERS = (
    Parameter(
        "keep",
        "query",
        "What to keep for staff, sealed, though it is stripped from the picture: where it was "
        "taken, when, or the untouched original. Nothing unless asked.",
        {
            "type": "array",
            "items": {"type": "string", "enum": _PARTS},
            "maxItems": len(_PARTS),
            "uniqueItems": True,
        },
    ),
    Parameter(
        "location",
        "query",
        "How much of the position `keep=location` keeps: about 1 km unless `exact`.",
        {"type": "string", "enum": [closeness.value for closeness in Closeness]},
    ),
    FIRST_FRAME,
)


def chosen(request: AnyRequest) -> Choice:
    """The choice in a request's query.

    Raises:
        Malformed: a name or a value that is none of ours, or one twice.
    """
    query: bytes = request.scope["query_string"]
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(query),
            max_num_fields=_MOST_FIELDS,
        )
        return _choice(pairs)
    except (ValueError, KeyError):
        raise Malformed("choice.malformed") from None


def _choice(pairs: list[tuple[str, str]]) -> Choice:
    parts = [Part(value) for name, value in pairs if name == "keep"]
    single = [pair for pair in pairs if pair[0] != "keep"]
    others = dict(single)
    if len(others) != len(single) or not others.keys() <= {"location", "first_frame"}:
        raise Malformed("choice.malformed")
    closeness = Closeness(others["location"]) if "location" in others else None
    return choose(parts, closeness, first_frame=_FLAGS[others.get("first_frame", "false")])
