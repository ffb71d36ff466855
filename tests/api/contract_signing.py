"""Signs calls of schemathesis to the staff door, and finds it an object to change."""

import hashlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from typing_extensions import override

from mustshare_api.crypto import events
from mustshare_api.crypto import requests as signing
from mustshare_api.crypto.envelope import Head, Stanza, parse_head
from tests.organisation import Officer


class Signature(requests.auth.AuthBase):
    """Signs what is about to be sent, as the key tool does."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    @override
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        officer = self.officer
        place = urlsplit(str(request.url))
        body: Any = request.body or b""
        octets = body.encode() if isinstance(body, str) else bytes(body)
        method, created = str(request.method), int(time.time())
        seen: Any = request.headers.get("If-Match")
        condition = seen.decode("latin-1") if isinstance(seen, bytes) else seen
        headers = signing.sign(
            method,
            place.netloc,
            place.path,
            place.query,
            signing.content_digest(octets),
            keyid=officer.keyid,
            seed=officer.sign_seed,
            created=created,
            nonce=secrets.token_urlsafe(16),
            if_match=condition,
        )
        event = events.request_headers(
            method,
            place.path,
            place.query,
            hashlib.sha256(octets).digest(),
            created=created,
            seed=officer.sign_seed,
        )
        request.headers.update({**headers, **event})
        return request


@dataclass(frozen=True)
class Found:
    """An object as the index and its own octets show it."""

    object_id: str
    digest: str
    octets: bytes


def first_object(door: str, by: Signature, tip_id: bytes) -> Found:
    """What the reporter of a tip said first."""
    asked = (tip_id.hex(), 1)
    entry = next(one for one in _index(door, by) if (one["tip_id"], one["kind"]) == asked)
    target = f"{door}/v1/objects/{entry['object_id']}"
    return Found(
        entry["object_id"], entry["digest"], requests.get(target, auth=by, timeout=30).content
    )


def _index(door: str, by: Signature) -> Iterator[dict[str, Any]]:
    after = ""
    while after is not None:
        target = f"{door}/v1/index" + (f"?after={after}" if after else "")
        page = requests.get(target, auth=by, timeout=30).json()
        yield from page["objects"]
        after = page["next"]


def anew(octets: bytes) -> bytes:
    """What another sealing of an object looks like to whoever cannot open it."""
    head = parse_head(octets)
    fresh = [
        Stanza(kid, secrets.token_bytes(1120), secrets.token_bytes(48)) for kid in head.kids
    ]
    payload = secrets.token_bytes(len(octets) - head.length)
    return Head.of(head.prefix, tuple(fresh)).octets + payload


def about_signature(failure: Any, case: Any) -> bool:
    """Whether a request was "wrong" by the lack of a signature alone, which every one gets."""
    lacking = "violates `required`" in str(failure.message)
    return lacking and "Signature" in str(failure.message) and "If-Match" in case.headers
