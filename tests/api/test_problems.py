"""Every problem of the catalogue comes out of a real request, or a state that is provoked."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from mustshare_api import errors
from mustshare_api.api.catalogue.files import FILES
from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.api.problems import WAITING
from mustshare_api.crypto.envelope import Kind
from mustshare_api.media.strip import Stripper
from tests.api.front_end import FrontEnd
from tests.api.pictures import jpeg
from tests.api.tried_elsewhere import ELSEWHERE
from tests.documents import bombs, pdfs
from tests.doors import JSON, OCTETS, Doors, made_up_receipt, with_access, with_receipt
from tests.shape.tree import ROOT

Raised = Callable[[Doors], Awaitable[httpx.Response]]


async def post(doors: Doors, body: bytes, headers: dict[str, str] = JSON) -> httpx.Response:
    return await doors.reporter.post("/v1/tips", content=body, headers=headers)


async def form(doors: Doors, headers: dict[str, str]) -> httpx.Response:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    return await doors.reporter.post("/v1/form", content=b"--x", headers=kind | headers)


async def put(doors: Doors, body: bytes, kind: dict[str, str] = OCTETS) -> httpx.Response:
    """A picture onto a new tip."""
    headers = {**with_receipt(await doors.new_tip()), **kind}
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    return await doors.reporter.put(path, content=body, headers=headers)


async def sealed(doors: Doors) -> FrontEnd:
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients())
    await doors.reporter.post("/v1/tips", content=front.tip(), headers=OCTETS)
    return front


async def wrong_id(doors: Doors) -> httpx.Response:
    front = await sealed(doors)
    octets = front.attachment(secrets.token_bytes(16))
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    return await doors.reporter.put(path, content=octets, headers=front.headers)


async def wrong_kind(doors: Doors) -> httpx.Response:
    front = await sealed(doors)
    octets = front.follow_up(prefix=front.prefix(Kind.TIP))
    return await doors.reporter.post(
        "/v1/tip/follow-ups", content=octets, headers=front.headers
    )


async def not_sealed(doors: Doors, path: str, method: str) -> httpx.Response:
    front = await sealed(doors)
    kind = JSON if method == "POST" else OCTETS
    headers = with_access(front.keys.access) | kind
    body = b'{"id":"' + b"ab" * 16 + b'","text":"a"}'
    return await doors.reporter.request(method, path, content=body, headers=headers)


async def in_use(doors: Doors) -> httpx.Response:
    digits = await doors.new_tip("a")
    return await doors.send_tip("b", digits)


async def id_in_use(doors: Doors) -> httpx.Response:
    headers = with_receipt(await doors.new_tip())
    said = {"id": secrets.token_hex(16), "text": "a"}
    await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
    other = said | {"text": "b"}
    return await doors.reporter.post("/v1/tip/follow-ups", json=other, headers=headers)


async def no_file(doors: Doors) -> httpx.Response:
    headers = with_receipt(await doors.new_tip())
    return await doors.reporter.get(f"/v1/tip/attachments/{'ab' * 16}", headers=headers)


async def show(doors: Doors, headers: dict[str, str]) -> httpx.Response:
    return await doors.reporter.get("/v1/tip", headers=headers)


async def failing(doors: Doors, error: Exception) -> httpx.Response:
    """A picture while the strippers answer so."""

    class Failing:
        async def strip(self, *_: object, **__: object) -> None:
            raise error

    return await with_part(doors, "stripper", Failing(), lambda: put(doors, jpeg()))


async def with_part(
    doors: Doors, name: str, part: object, call: Callable[[], Awaitable[httpx.Response]]
) -> httpx.Response:
    """A call while one tool of the workbench is another."""
    before = getattr(doors.bench, name)
    object.__setattr__(doors.bench, name, part)
    try:
        return await call()
    finally:
        object.__setattr__(doors.bench, name, before)


async def shed(doors: Doors) -> httpx.Response:
    doors.bench.stretcher.turns._inside, doors.bench.stretcher.turns._line.room = 10_000, 0
    doors.bench.gate.asks = False
    return await show(doors, with_receipt(made_up_receipt()))


async def no_room(doors: Doors) -> httpx.Response:
    digits = await doors.new_tip()
    doors.bench.parking.taken_bytes = doors.bench.parking.budget_bytes
    path = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    headers = {**with_receipt(digits), **OCTETS}
    return await doors.reporter.put(path, content=jpeg(), headers=headers)


async def without_directory(doors: Doors) -> httpx.Response:
    doors.bench.directory._current = None
    return await doors.send_tip()


async def without_keys(doors: Doors) -> httpx.Response:
    org = doors.org
    later = org.note(2, days=30)
    await doors.bench.directory.accept(later)
    known = doors.bench.directory._current
    assert known is not None
    none = tuple(entry for entry in known.entries if entry.role != "intake")
    object.__setattr__(known, "entries", none)
    return await doors.send_tip()


async def expired(doors: Doors) -> httpx.Response:
    doors.clock.advance(days=40)
    return await doors.send_tip()


async def no_database(doors: Doors) -> httpx.Response:
    digits = await doors.new_tip()
    await doors.bench.tips._database.pool.close()
    return await show(doors, with_receipt(digits))


async def streams_taken(doors: Doors) -> httpx.Response:
    async def busy(*_: object, **__: object) -> None:
        raise errors.Busy("busy", retry_after_s=10)

    envelopes = doors.bench.envelopes
    envelopes.record_attachment = busy  # type: ignore[method-assign, assignment]
    return await put(doors, jpeg())


async def full(doors: Doors) -> httpx.Response:
    limits = doors.bench.limits
    object.__setattr__(limits, "attachments_per_tip", 0)
    try:
        return await put(doors, jpeg())
    finally:
        object.__setattr__(limits, "attachments_per_tip", 40)


async def too_large(doors: Doors) -> httpx.Response:
    limits = doors.bench.limits
    before = limits.attachment_bytes
    object.__setattr__(limits, "attachment_bytes", 100)
    try:
        return await put(doors, jpeg())
    finally:
        object.__setattr__(limits, "attachment_bytes", before)


def media(code: str) -> Raised:
    """One of the strippers' refusals, handed on."""
    kinds = {
        "media.too_large": errors.TooLarge,
        "media.busy": errors.Busy,
        "media.sandbox_unavailable": errors.Unavailable,
    }
    usual = errors.Unsupported if CATALOGUE[code].status == 415 else errors.Unstrippable
    return lambda doors: failing(doors, kinds.get(code, usual)(code))


RAISED: dict[str, Raised] = {
    "request.malformed": lambda doors: doors.signed("GET", "/v1/index?x=1"),
    "request.bad_json": lambda doors: post(doors, b"{"),
    "request.duplicate_key": lambda doors: post(doors, b'{"text":"a","text":"a"}'),
    "request.invalid_fields": lambda doors: post(doors, b"{}"),
    "request.not_found": lambda doors: doors.reporter.get("/v1/nowhere"),
    "request.wrong_method": lambda doors: doors.reporter.patch("/v1/tip"),
    "request.wrong_content_type": lambda doors: post(doors, b"x", {"content-type": "text/xml"}),
    "request.bad_retry_key": lambda doors: post(doors, b"{}", {**JSON, "idempotency-key": "x"}),
    "id.malformed": lambda doors: doors.reporter.get(
        "/v1/tip/attachments/x", headers=with_receipt(made_up_receipt())
    ),
    "id.in_use": id_in_use,
    "receipt.missing": lambda doors: doors.reporter.get("/v1/tip"),
    "receipt.unknown": lambda doors: show(doors, with_receipt(made_up_receipt())),
    "receipt.malformed": lambda doors: doors.send_tip("a", "123"),
    "receipt.in_use": in_use,
    "receipt.busy": shed,
    "tip.full": full,
    "follow_up.not_sealed": lambda doors: not_sealed(doors, "/v1/tip/follow-ups", "POST"),
    "attachment.not_sealed": lambda doors: not_sealed(
        doors, f"/v1/tip/attachments/{'ab' * 16}", "PUT"
    ),
    "attachment.empty": lambda doors: put(doors, b""),
    "attachment.too_large": too_large,
    "attachment.not_found": no_file,
    "upload.busy": no_room,
    "media.unsupported_type": lambda doors: put(doors, b"%FDF-1.2 no picture"),
    "media.undecodable": lambda doors: put(doors, jpeg()[:200]),
    **{code: media(code) for code in FILES},
    "media.archive": lambda doors: put(doors, b"PK\x05\x06"),
    "media.locked": lambda doors: put(doors, bombs.locked()),
    "media.too_many_pages": lambda doors: put(doors, pdfs.pages(61)),
    "media.too_large": media("media.too_large"),
    "media.too_many_pixels": media("media.too_many_pixels"),
    "media.animated": media("media.animated"),
    "media.multi_image": media("media.multi_image"),
    "media.timeout": media("media.timeout"),
    "media.busy": media("media.busy"),
    "media.sandbox_unavailable": media("media.sandbox_unavailable"),
    "envelope.wrong_id": wrong_id,
    "envelope.wrong_kind": wrong_kind,
    "object.not_found": lambda doors: doors.signed("GET", f"/v1/objects/{'ab' * 16}"),
    "form.malformed": lambda doors: form(doors, {}),
    "form.foreign_page": lambda doors: form(doors, {"origin": "https://elsewhere.example"}),
    "directory.missing": without_directory,
    "directory.no_recipients": without_keys,
    "directory.expired": expired,
    "database.unavailable": no_database,
    "busy": streams_taken,
}


def test_every_code_is_tried() -> None:
    """By this table or by a file that it names; none is in both."""
    assert RAISED.keys() | ELSEWHERE == CATALOGUE.keys()
    assert RAISED.keys() & ELSEWHERE == set()


def test_what_is_tried_elsewhere_is() -> None:
    """The codes that other files answer for stand in them."""
    there = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests" / "api").glob("test_*.py")
        if path.name != "test_problems.py"
    )
    floors = {"not_found", "conflict", "unavailable", "message.malformed"}
    by_status = {"request.cut_off"}

    assert {code for code in ELSEWHERE - floors - by_status if code not in there} == set()


@pytest.mark.parametrize("code", RAISED)
async def test_the_problem_is_raised_by_a_request(
    doors: Doors, code: str, stripper: Stripper
) -> None:
    """With its own status and layout, and a time to wait where the fault is ours."""
    answer = await RAISED[code](doors)
    told: dict[str, Any] = answer.json()

    assert (told["code"], answer.status_code) == (code, CATALOGUE[code].status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["title"] == CATALOGUE[code].title_th
    assert ("retry-after" in answer.headers) == (answer.status_code in WAITING)
