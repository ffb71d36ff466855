"""Reporter routes that need no receipt: the form, the directory, the contract."""

from collections.abc import Hashable
from typing import Any

from litestar import Response, get

from mustshare_api.api.answers import json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.docs_page import docs_page
from mustshare_api.api.form.intake import Asked, IntakeForm, intake_form
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.api.ready import Ready, always
from mustshare_api.clock import bangkok_day
from mustshare_api.domain.case import CALLING
from mustshare_api.domain.pages import CASE
from mustshare_api.flows.public_campaigns import LIST_MOST, calling_case, card_of
from mustshare_api.flows.workbench import Workbench

_PLAIN = "text/plain"
INTAKE_KEPT_S = 20


@get(
    "/v1/intake",
    operation=Operation(
        "showIntake",
        "What a form needs",
        "Limits, types, categories, open campaigns, cases that ask for evidence, how receipts "
        "are made, and what the server can see in each mode.",
        {200: Answer("The form.", IntakeForm)},
    ),
)
async def show_intake(request: AnyRequest) -> Response[bytes]:
    """What a front end needs to build its form."""
    bench = state_of(request).bench
    today = bangkok_day(bench.clock.now())
    called = await bench.plane.called(today, None, LIST_MOST)
    calling = await bench.plane.listed(CASE, (CALLING,), None, LIST_MOST)
    asked = Asked(
        [card_of(row) for row in called.rows],
        f"/v1/campaigns?open=true&after={called.after}" if called.after else None,
        [calling_case(row) for row in calling.rows],
        f"/v1/cases?calling=true&after={calling.after}" if calling.after else None,
    )
    return json_answer(intake_form(bench, asked))


@get(
    "/v1/directory",
    operation=Operation(
        "showDirectory",
        "The signed key directory",
        "To the byte as the root keys signed it. Check it against pinned roots before sealing "
        "to it.",
        {200: Answer("A C2SP signed note.", Octets("The note.", ("text/plain",)))},
        problems=("directory.missing", "directory.expired"),
    ),
)
async def show_directory(request: AnyRequest) -> Response[bytes]:
    """The directory as signed."""
    octets = state_of(request).bench.directory.current().octets
    return Response(octets, media_type=_PLAIN)


@get(
    "/openapi.json",
    operation=Operation(
        "showContract",
        "This contract",
        "OpenAPI 3.1, for all three doors.",
        {200: Answer("The contract.", Octets("JSON.", ("application/json",)))},
    ),
)
async def show_contract(request: AnyRequest) -> Response[bytes]:
    """The OpenAPI contract."""
    return Response(state_of(request).contract, media_type="application/json")


@get(
    "/docs",
    operation=Operation(
        "showDocs",
        "This contract, to read",
        "HTML without a script and without a foreign host.",
        {200: Answer("The page.", Octets("HTML.", ("text/html",)))},
    ),
)
async def show_docs(request: AnyRequest) -> Response[bytes]:
    """The contract as a page."""
    page, policy = docs_page(state_of(request).contract)
    return Response(page, media_type="text/html", headers={"content-security-policy": policy})


ROUTES: list[Any] = [show_intake, show_directory, show_contract, show_docs]


def remember(ready: Ready, bench: Workbench) -> None:
    """Has what these routes answer kept, for as long as nothing has changed that shows."""

    def in_force() -> Hashable:
        newest = bench.directory.newest
        return newest and newest.digest, bangkok_day(bench.clock.now())

    def open_now() -> Hashable:
        # Campaigns and cases open by two people's hands, in any process: soon is early enough.
        return in_force(), bench.gate.level() > 0, bench.clock.monotonic() // INTAKE_KEPT_S

    ready.remember("/v1/intake", open_now)
    ready.remember("/v1/directory", in_force)
    ready.remember("/openapi.json", always)
    ready.remember("/docs", always)
