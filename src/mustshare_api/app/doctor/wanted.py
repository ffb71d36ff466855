"""How PostgreSQL should be set, and what a line of its log would tell otherwise.

`deploy/postgresql/mustshare.conf` sets the same; a test holds the two against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mustshare_api.app.doctor.finding import Verdict


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a setting may be. The first value is the one we ship."""

    values: tuple[str, ...]
    why: str
    verdict: Verdict = "mend"


def _mend(why: str, *values: str) -> Wanted:
    return Wanted(values, why)


def _think(why: str, *values: str) -> Wanted:
    return Wanted(values, why, "think")


_LOSES = "a power cut would lose tips that were acknowledged"
_QUOTES = "the log would quote what is stored"
_INSTANT = "the log would tell when something came in, which no row of ours does"
_WHO = "the log would tell when and from where somebody connected"

WANTED: Mapping[str, Wanted] = MappingProxyType(
    {
        "fsync": _mend(_LOSES, "on"),
        "full_page_writes": _mend(_LOSES, "on"),
        "synchronous_commit": _mend(_LOSES, "on", "local", "remote_write", "remote_apply"),
        "log_statement": _mend(_QUOTES, "none"),
        "log_min_error_statement": _mend(_QUOTES, "panic"),
        "log_min_messages": _think(_INSTANT, "fatal", "panic"),
        "log_error_verbosity": _mend(_QUOTES, "terse"),
        "log_parameter_max_length": _mend(_QUOTES, "0"),
        "log_parameter_max_length_on_error": _mend(_QUOTES, "0"),
        "log_min_duration_statement": _mend(_QUOTES, "-1"),
        "log_min_duration_sample": _mend(_QUOTES, "-1"),
        "log_transaction_sample_rate": _mend(_QUOTES, "0"),
        "log_duration": _mend(_INSTANT, "off"),
        "log_lock_waits": _think(_INSTANT, "off"),
        "log_temp_files": _think(_INSTANT, "-1"),
        "log_autovacuum_min_duration": _think(_INSTANT, "-1"),
        "log_checkpoints": _think(_INSTANT, "off"),
        "log_connections": _think(_WHO, "off", ""),
        "log_disconnections": _think(_WHO, "off"),
        "log_replication_commands": _think(_WHO, "off"),
        "debug_print_parse": _mend(_QUOTES, "off"),
        "debug_print_rewritten": _mend(_QUOTES, "off"),
        "debug_print_plan": _mend(_QUOTES, "off"),
        "track_activities": _think("whoever may look sees each statement while it runs", "off"),
        "update_process_title": _think("the list of processes tells what is being done", "off"),
        "track_commit_timestamp": _mend("every row would get the instant it came in", "off"),
        "archive_mode": _think(
            "archived log has the instant of every commit: keep it for hours, not for weeks",
            "off",
        ),
        "data_checksums": _think("a disk that changes what it holds would go unnoticed", "on"),
    }
)
"""Setting -> what it may be."""
