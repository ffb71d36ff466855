"""Pages for schemathesis: no schema says what can be seen, or which fields go together."""

import hashlib
import json
from typing import Any

import msgspec

from mustshare_api.domain.days import buddhist_days
from mustshare_api.domain.markup import is_unseen
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.domain.pages import PATHS

PUBLISHING = {f"publish{kind.capitalize()}": kind for kind in PATHS}
TAKING_DOWN = {f"takeDown{kind.capitalize()}" for kind in PATHS}


def readable(operation: str, body: Any) -> Any:
    """The same body in words that can be seen; a page that is none becomes its proposal."""
    if operation in TAKING_DOWN:
        return _seen(body)
    if operation not in PUBLISHING or not isinstance(body, dict) or "digest" in body:
        return body
    page = {**_seen(body), "version": 1, "change": None, "retain_until": None}
    octets = json.dumps(page).encode()
    return page if _fits(PUBLISHING[operation], octets) else _proposal(octets)


def _fits(kind: str, octets: bytes) -> bool:
    """Whether its rules hold, and no day is Buddhist, which one of long ago may still be."""
    try:
        content = READERS[kind].decode(octets)
    except msgspec.ValidationError:
        return False
    return not buddhist_days(content)


def _proposal(octets: bytes) -> dict[str, str]:
    return {"digest": hashlib.sha256(octets).hexdigest()}


def _seen(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _seen(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_seen(inner) for inner in value]
    if isinstance(value, str):
        return "".join("ก" if is_unseen(c, lines=False) or c.isspace() else c for c in value)
    return value
