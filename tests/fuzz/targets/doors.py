"""What comes over the wire: JSON, forms, queries and headers, as the doors read them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import msgspec
from litestar import Request

from mustshare_api.api import bodies, choices, credentials, rotation_wire, uploads, wire
from mustshare_api.api.certificates import Presented, ProofWanted
from mustshare_api.api.form import routes as form  # fmt: skip
from mustshare_api.api.form.multipart import Bounds, Form
from mustshare_api.api.staff import audit
from mustshare_api.api.staff import routes as staff
from mustshare_api.errors import (
    Busy,
    Malformed,
    TooLarge,
    UnknownReceipt,
    Unsupported,
    WrongMoment,
)
from mustshare_api.flows.parking import Parking
from tests.fuzz.harness import Target

LEAD = b"--------front"
CONTENT_TYPE = f"multipart/form-data; boundary={LEAD[2:].decode()}"
SHAPES: tuple[type[Any], ...] = (
    wire.NewTip,
    wire.NewFollowUp,
    uploads.NewUpload,
    rotation_wire.NewReceipt,
    rotation_wire.SealedRotation,
    ProofWanted,
    Presented,
)
DECODERS = tuple(msgspec.json.Decoder(shape, strict=True) for shape in SHAPES)
BOUNDS = Bounds(
    once=("receipt", "text", "category", "location", "first_frame"),
    repeated=("keep",), files="photos", field_bytes=512, photo_bytes=512, photos=2,
)  # fmt: skip


def asked(
    query: bytes = b"", headers: Mapping[str, str] | None = None
) -> Request[Any, Any, Any]:
    """A request of which only this is known."""
    pairs = [
        (name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()
    ]
    scope: Any = {"type": "http", "method": "GET", "path": "/", "query_string": query}
    return Request(scope | {"headers": pairs, "state": {}, "app": None})


def read_json(octets: bytes) -> None:
    """A body as each of the shapes that are taken; what none takes is refused."""
    refusals = 0
    for decoder in DECODERS:
        try:
            said = bodies.decode(octets, decoder)
        except Malformed:
            refusals += 1
        else:
            if bodies.decode(msgspec.json.encode(said), decoder) != said:
                raise AssertionError
    if refusals == len(DECODERS):
        raise Malformed


def read_form(octets: bytes) -> None:
    """A form in pieces; its memory is given back whatever happens."""
    memory = Parking(4096)
    try:
        asyncio.run(gathered(octets, memory))
    finally:
        if memory.taken_bytes:
            raise AssertionError


async def gathered(octets: bytes, memory: Parking) -> None:
    """Reads the fields as the page's own flow does."""
    with Form(BOUNDS, memory) as read:
        await read.read(CONTENT_TYPE, in_pieces(octets))
        form.choice_of(read)
        form._category(read.one("category"))


async def in_pieces(octets: bytes) -> AsyncIterator[bytes]:
    """As a network brings them."""
    for at in range(0, len(octets), 61):
        yield octets[at : at + 61]


def queried(read: Callable[[Any], object]) -> Callable[[bytes], None]:
    """A reader of queries as a target reads."""

    def read_query(octets: bytes) -> None:
        read(asked(octets))

    return read_query


def read_audit_query(octets: bytes) -> None:
    """Sizes, positions and digests of the audit log."""
    found = audit._asked(asked(octets), "from", "to", "digest")
    audit._number(found.get("from"))
    audit._digest(found.get("digest", ""))


HEADERS: dict[str, Callable[[Any], object]] = {
    "authorization": credentials.presented,
    "upload-offset": uploads._offset,
    "upload-token": credentials.upload_token,
    "idempotency-key": credentials.retry_key,
    "content-type": bodies.content_type,
    "origin": form.check_origin,
}


def read_headers(octets: bytes) -> None:
    """One value as each header that we read by ourselves."""
    value = octets.decode("latin-1")
    refusals = 0
    for name, read in HEADERS.items():
        try:
            read(asked(headers={name: value}))
        except (Malformed, UnknownReceipt, Unsupported, WrongMoment):
            refusals += 1
    if refusals == len(HEADERS):
        raise Malformed


def sent_form() -> bytes:
    """Text, choices and a photo."""
    fields = {"text": "ถนนพัง", "keep": "time", "category": "", "first_frame": "true"}
    parts = [
        LEAD + f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    photo = b'; name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n'
    return (
        b"".join(parts)
        + LEAD
        + b"\r\nContent-Disposition: form-data"
        + photo
        + LEAD
        + b"--\r\n"
    )


def bodies_sent() -> Mapping[str, bytes]:
    """One of each shape."""
    here = {"latitude": 13.7, "longitude": 100.5, "precision_m": 100}
    bought = [{"scheme": "TH-EGP", "id": "66037123456"}]
    sealed = dict.fromkeys(("notice", "acceptance"), 64 * b"s")
    sent: dict[str, Any] = {
        "tip": {"text": "ถนนพัง", "coordinates": here, "procurement_refs": bought},
        "follow-up": {"text": "more"},
        "upload": {"id": "0f" * 16, "size_bytes": 9, "keep": ["time"]},
        "receipt": {"receipt": "1" * 30},
        "rotation": sealed | {"access_hash": bytes(32), "bundle": bytes(1248), "stanzas": []},
        "proof": {"certificate": "x", "for": "y"},
        "document": {"document": "x"},
    }
    return {name: msgspec.json.encode(body) for name, body in sent.items()}


TARGETS = (
    Target(
        *("json", read_json, (Malformed,)),
        bodies_sent,
        4096,
        (b'"text":', b"\\ud800", b"1e999", b'"text":"a","text":"b"', b"[[[[[[", b"NaN"),
    ),
    Target(
        *("form", read_form, (Malformed, TooLarge, Busy, Unsupported)),
        lambda: {"tip": sent_form()},
        4096,
        (LEAD, LEAD + b"--", b'; filename="', b"\r\n\r\n", b"name*=utf-8''"),
    ),
    Target(
        *("choices", queried(choices.chosen), (Malformed,)),
        lambda: {"all": b"keep=location&keep=time&location=exact&first_frame=true"},
        512,
        (b"keep=", b"%00", b"&", b"%e0"),
    ),
    Target(
        *("page", queried(staff._page), (Malformed,)),
        lambda: {"both": b"after=" + b"0f" * 16 + b"&limit=10"},
        512,
        (b"after=", b"limit=", b"%31", b"&"),
    ),
    Target(
        *("audit-query", read_audit_query, (Malformed,)),
        lambda: {"both": b"from=1&digest=" + b"0f" * 32},
        512,
        (b"from=", b"%b2", b"&"),
    ),
    Target(
        *("headers", read_headers, (Malformed,)),
        lambda: {
            "receipt": b"Receipt 123456789012345678901234567890",
            "bearer": b"Bearer " + b"A" * 43,
            "json": b"application/json; charset=utf-8",
            "origin": b"https://tips.example.org",
            "number": b"4096",
        },
        512,
        (b"Receipt ", b"Bearer ", b"http://[", b"charset=", b"\xe0\xb9\x90"),
    ),
)
