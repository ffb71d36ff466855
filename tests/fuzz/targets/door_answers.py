"""What the staff door, or whoever stands in its place, answers the key tool."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mustshare_api.errors import MustShareError
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door import answered, wire
from mustshare_api.keytool.words.wording import sentence
from tests.fuzz.harness import Target

ID, DIGEST = "0f" * 16, "0a" * 32
SHAPES: tuple[type[Any], ...] = (wire.IndexPage, wire.TipPage, wire.Chain, wire.Server)


def read_page(octets: bytes) -> None:
    """A page of any kind; an id in it is fit to be a file's name."""
    refused = 0
    for shape in SHAPES:
        try:
            page = msgspec.json.decode(octets, type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            refused += 1
            continue
        for entry in getattr(page, "objects", []):
            if not (entry.object_id + entry.tip_id).isalnum():
                raise AssertionError
    if refused == len(SHAPES):
        raise Refusal("door.nonsense")


def told(refused: MustShareError) -> str:
    """Its words."""
    values = refused.values if isinstance(refused, Refusal) else {}
    return sentence("en", refused.code, **values)


def read_problem(octets: bytes) -> None:
    """A refusal is always one that can be told."""
    for status in (400, 401, 409, 503, 599):
        found = answered.refusal_of(status, octets)
        if not told(found):
            raise AssertionError


def read_url(octets: bytes) -> None:
    """An address: what is kept of it is kept again."""
    url = wire.check_url(octets.decode("utf-8", "replace"))
    if wire.check_url(url) != url:
        raise AssertionError
    _ = wire.Server(url).authority


def pages() -> Mapping[str, bytes]:
    """One of each kind."""
    entry = {"object_id": ID, "tip_id": ID, "kind": 1, "received_on": "2026-11-23"}
    tip = {"tip_id": ID, "state": "received", "received_on": "2026-11-23", "answered": False}
    return {
        "index": msgspec.json.encode(
            {"objects": [entry | {"octets": 5000, "digest": DIGEST}], "next": ID}
        ),
        "tips": msgspec.json.encode(
            {"tips": [tip | {"expires_on": "2027-11-23", "bundle": None}], "next": None}
        ),
        "chain": b'{"bundle":"AAAA","rotations":[]}',
        "server": b'{"url":"https://staff.example.org"}',
    }


TARGETS = (
    Target("page-of-tool", read_page, (Refusal,), pages, 4096, (b'"next":', b"\\n", b"null")),
    Target(
        *("problem", read_problem, ()),
        lambda: {"skewed": b'{"code":"signature.skewed","skew_s":-3700}'},
        1024,
        (b'"code":"', b'"skew_s":', b'"door.refused"', b'"file.refused"', b"\\ud800"),
    ),
    Target(
        *("url", read_url, (Refusal,)),
        lambda: {"plain": b"https://staff.example.org:8444"},
        512,
        (b"https://", b"[::1]", b":65536", b"@", b"\\", b"\xef\xbd\x81"),
    ),
)
