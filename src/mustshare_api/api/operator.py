"""The operator door: whether the service is well, and nothing about who used it.

There is no count of tips here and none of requests. A number that is read every few seconds
and written down tells when each tip came in, which is what no row of ours tells.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get

from mustshare_api.api.answers import json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.operation import Answer, Octets, Operation
from mustshare_api.clock import bangkok_day
from mustshare_api.errors import MustShareError, Unavailable
from mustshare_api.flows.directory import WARN_DAYS
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media import extras
from mustshare_api.media.sandbox import IN_FORCE


class Health(msgspec.Struct, frozen=True):
    """Whether tips can be taken, and what to look at when not."""

    ready: bool
    database: str
    directory: str
    directory_days_left: int
    sandbox_missing: list[str]
    confinement_missing: list[str]
    extras: dict[str, bool]


@get(
    "/health/live",
    operation=Operation(
        "showLive",
        "Whether the process answers",
        "Nothing else is looked at.",
        {204: Answer("It does.")},
    ),
    status_code=204,
)
async def show_live() -> None:
    """Answers."""


@get(
    "/health/ready",
    operation=Operation(
        "showReady",
        "Whether tips can be taken",
        "A problem when they cannot, whose code says what is missing.",
        {200: Answer("Ready.", Health)},
        problems=("directory.missing", "directory.expired", "directory.no_recipients"),
    ),
)
async def show_ready(request: AnyRequest) -> Response[bytes]:
    """Whether tips can be taken."""
    health = await _health(state_of(request).bench)
    if not health.ready:
        raise Unavailable(health.directory if health.database == "ok" else health.database)
    return json_answer(health)


@get(
    "/metrics",
    operation=Operation(
        "showMetrics",
        "Gauges for an alarm",
        "Prometheus text format. No counter of tips or requests: written down, it would tell "
        "when.",
        {200: Answer("Gauges.", Octets("Text.", ("text/plain",)))},
    ),
)
async def show_metrics(request: AnyRequest) -> Response[str]:
    """Gauges, none of which moves with one tip."""
    bench = state_of(request).bench
    health = await _health(bench)
    lines = [
        "# HELP mustshare_ready Whether tips can be taken.",
        "# TYPE mustshare_ready gauge",
        f"mustshare_ready {int(health.ready)}",
        "# HELP mustshare_directory_days_left Days until the directory or its keys run out.",
        "# TYPE mustshare_directory_days_left gauge",
        f"mustshare_directory_days_left {health.directory_days_left}",
        "# HELP mustshare_sandbox_missing Layers of the picture sandbox that are missing.",
        "# TYPE mustshare_sandbox_missing gauge",
        f"mustshare_sandbox_missing {len(health.sandbox_missing)}",
        "# HELP mustshare_confinement_missing Missing measures that lock the service in.",
        "# TYPE mustshare_confinement_missing gauge",
        f"mustshare_confinement_missing {len(health.confinement_missing)}",
        "# HELP mustshare_webhooks_given_up Webhook endpoints that nothing is sent to.",
        "# TYPE mustshare_webhooks_given_up gauge",
        f"mustshare_webhooks_given_up {await _given_up(bench)}",
        "# HELP mustshare_clock_leapt_days Days that the clock is ahead of what was lived.",
        "# TYPE mustshare_clock_leapt_days gauge",
        f"mustshare_clock_leapt_days {bench.calendar.leapt(bangkok_day(bench.clock.now()))}",
    ]
    return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


async def _health(bench: Workbench) -> Health:
    directory = _directory_state(bench)
    database = await _database_state(bench)
    return Health(
        ready=database == "ok" and directory in ("ok", "running_out"),
        database=database,
        directory=directory,
        directory_days_left=bench.directory.days_left(),
        sandbox_missing=missing(bench.stripper.sandbox),
        confinement_missing=missing(bench.confinement),
        extras=extras.installed(),
    )


def missing(measures: Mapping[str, str]) -> list[str]:
    """The measures that are not in force; all of them where there is nothing to be in force."""
    return (
        [name for name, state in measures.items() if state != IN_FORCE] if measures else ["all"]
    )


async def _given_up(bench: Workbench) -> int:
    """How many endpoints an operator has to look at; none while nobody can tell."""
    try:
        return await bench.outbox.disabled()
    except Unavailable:
        return 0


async def _database_state(bench: Workbench) -> str:
    try:
        await bench.directory.load()
    except MustShareError as error:
        return error.code
    return "ok"


def _directory_state(bench: Workbench) -> str:
    try:
        bench.directory.recipients()
    except Unavailable as error:
        return error.code
    return "running_out" if bench.directory.days_left() <= WARN_DAYS else "ok"


ROUTES: list[Any] = [show_live, show_ready, show_metrics]
