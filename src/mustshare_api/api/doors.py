"""Builds the three doors: three apps, so that no route can be reached through a wrong one."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.handlers import HTTPRouteHandler

from mustshare_api.api import follow_ups, operator, public, staff, tips
from mustshare_api.api.answers import DoorState, door_state
from mustshare_api.api.bodies import Patience
from mustshare_api.api.harden import App, harden
from mustshare_api.api.openapi import contract
from mustshare_api.api.problems import handle
from mustshare_api.flows.workbench import Workbench

REPORTER_ROUTES: list[HTTPRouteHandler] = [*tips.ROUTES, *follow_ups.ROUTES, *public.ROUTES]
STAFF_ROUTES: list[HTTPRouteHandler] = staff.ROUTES
OPERATOR_ROUTES: list[HTTPRouteHandler] = operator.ROUTES

CORS_HEADERS = ["Authorization", "Content-Type", "Accept-Language", "Idempotency-Key"]


def whole_contract(version: str) -> bytes:
    """The contract of all three doors."""
    doors = {"reporter": REPORTER_ROUTES, "staff": STAFF_ROUTES, "operator": OPERATOR_ROUTES}
    return contract(doors, version)


def reporter_door(
    bench: Workbench, patience: Patience, origins: Sequence[str], version: str
) -> App:
    """The door that the Internet sees. `origins` are those of partners' front ends, exactly."""
    cors = CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=CORS_HEADERS,
        expose_headers=["Retry-After", "Content-Language"],
        allow_credentials=False,
    )
    state = DoorState(bench, patience, whole_contract(version))
    return harden(
        _app(REPORTER_ROUTES, state, cors_config=cors if origins else None), "reporter"
    )


def staff_door(bench: Workbench, patience: Patience) -> App:
    """The door for signed requests only."""
    guards = [staff.signed_guard]
    return harden(_app(STAFF_ROUTES, DoorState(bench, patience, b""), guards=guards), "staff")


def operator_door(bench: Workbench, patience: Patience) -> App:
    """The door for this machine's operators."""
    return harden(_app(OPERATOR_ROUTES, DoorState(bench, patience, b"")), "operator")


def _app(routes: Sequence[HTTPRouteHandler], state: DoorState, **more: Any) -> App:  # noqa: ANN401 - Litestar's own options
    app: App = Litestar(
        list(routes),
        state=door_state(state),
        exception_handlers={Exception: handle},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        **more,
    )
    return app
