"""How many files this process may have open, and how many connections that is enough for.

A connection is one descriptor, and a second while a file that it brings waits in anonymous
memory. The shells' and systemd's soft limit of 1,024 is for programs that use select(); we do
not, so it is raised to the hard one. What is left over is for the database, the picture
workers, and whatever a request opens for a moment.
"""

import resource
from dataclasses import replace
from typing import Final

from mustshare_api.app.server.bounds import Bounds
from mustshare_api.domain.limits import KIBIBYTE
from mustshare_api.errors import Misconfigured
from mustshare_api.logs import log
from mustshare_api.settings import Settings

RESERVE: Final = 256
"""About twenty connections to the database, eight descriptors a picture in work, our code."""

OPERATORS: Final = 64
"""Connections of the operator door."""

FEWEST: Final = 64
"""Connections of the reporter door; with fewer, a handful of slow ones is felt."""


def raise_limit() -> int:
    """Raises the soft limit to the hard one; returns it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else max(soft, 1 << 20)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def affordable(files: int) -> int:
    """How many connections of the reporter door so many open files are enough for."""
    return (files - RESERVE - 2 * OPERATORS) * 4 // 9


def parked_files(settings: Settings) -> int:
    """How many files of requests under way may wait in memory: one a connection."""
    connections = min(settings.connections, max(FEWEST, affordable(raise_limit())))
    return connections + connections // 8


def bounds_of(settings: Settings) -> tuple[Bounds, Bounds, Bounds]:
    """What the reporter, the staff and the operator door ask of their connections.

    Raises:
        Misconfigured: this process may open too few files to serve anybody.
    """
    files = raise_limit()
    connections = min(settings.connections, affordable(files))
    if connections < FEWEST:
        raise Misconfigured(
            f"only {files} files may be open, which is too few to serve: raise LimitNOFILE in "
            "the unit, or `ulimit -Hn`, to 16384."
        )
    if connections < settings.connections:
        log("connections_bounded", count=connections)
    reporter = Bounds(
        connections=connections,
        header_s=settings.header_s,
        header_bytes=settings.header_kib * KIBIBYTE,
        late_s=min(Bounds().late_s, settings.body_idle_s / 4),
        stride_s=settings.stride_s,
    )
    staff = replace(reporter, connections=max(8, connections // 8))
    return reporter, staff, replace(reporter, connections=OPERATORS)
