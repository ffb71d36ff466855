"""What may be written to a log: a closed list of events, each with a closed list of keys.

Events are facts in the past tense about the service, never about a reporter. No event is
written when a tip, a follow-up or an attachment comes in: a log line carries the instant that
nothing else here keeps. What is not on the list does not get out, whoever asks for it.
"""

import sys
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, TextIO

import structlog

EVENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "service_started": frozenset(
            {"version", "reporter_door", "staff_door", "operator_door"}
        ),
        "service_stopped": frozenset(),
        "database_migrated": frozenset({"applied"}),
        "evaluation_organisation_made": frozenset(),
        "directory_accepted": frozenset({"serial", "expires_on"}),
        "directory_running_out": frozenset({"days_left"}),
        "directory_refused": frozenset({"code"}),
        "serial_floor_not_kept": frozenset({"kind"}),
        "tips_expired": frozenset({"count"}),
        "clock_leapt": frozenset({"days"}),
        "request_failed": frozenset({"kind", "door"}),
        "rows_mixed": frozenset(),
        "upkeep_failed": frozenset({"kind"}),
        "sandbox_reported": frozenset({"in_force", "missing"}),
        "confinement_reported": frozenset({"in_force", "missing"}),
        "memory_hardening_missing": frozenset({"kind"}),
        "connections_bounded": frozenset({"count"}),
        "webhooks_started": frozenset({"version"}),
        "webhooks_stopped": frozenset(),
        "webhooks_waiting": frozenset({"kind"}),
        "webhook_endpoint_disabled": frozenset({"reason"}),
    }
)
"""Event -> the keys it may carry. `kind` names an exception's class, never its text."""

_ALWAYS = frozenset({"event", "level"})
_PLAIN = (str, int, bool, type(None))


def _only_listed(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drops an event that is not on the list, and every key that is not on its list."""
    allowed = EVENTS.get(str(line.get("event")))
    if allowed is None:
        raise structlog.DropEvent
    return {
        key: value if isinstance(value, _PLAIN) else str(value)
        for key, value in line.items()
        if key in allowed or key in _ALWAYS
    }


def set_up(stream: TextIO = sys.stderr) -> None:
    """Makes every log line one JSON object on `stream`, without an instant in it.

    The journal of the host adds its own time of writing; what stands here is about the
    service alone, so that this time tells nothing about a reporter.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _only_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def log(event: str, **keys: object) -> None:
    """Writes an event of the list."""
    structlog.get_logger().info(event, **keys)
