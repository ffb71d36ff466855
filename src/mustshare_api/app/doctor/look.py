"""Everything that can be seen of an installation without serving.

    own        keys, files and their modes          machine    swap, clock, limits, disk
    doors      addresses, names, certificate        locks      sandbox, confinement, extras
    database   PostgreSQL's settings and rights     directory  days and officers left
    backups    the age of the last one              running    what the service says of itself
    unit       what systemd holds it to       webhooks   whether partners are told
    calendar   whether the clock is believed

Each file yields findings and knows nothing of the others; one that cannot be looked at does
not keep the rest from being looked at.
"""

from collections.abc import Iterator

from mustshare_api.app.doctor import (
    backups,
    calendar,
    database,
    directory,
    doors,
    locks,
    machine,
    own,
    running,
    unit,
    webhooks,
)
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.settings import Settings


def look_over(settings: Settings, dsn: str | None) -> list[Finding]:
    """Looks at it all. `dsn` is None where there is no database yet."""
    return list(_findings(settings, dsn))


def _findings(settings: Settings, dsn: str | None) -> Iterator[Finding]:
    yield from own.look(settings)
    yield from doors.look(settings)
    yield from machine.look(settings)
    yield from locks.look(settings, dsn)
    yield from database.look(settings, dsn)
    if dsn is not None:
        yield from directory.look(settings, dsn)
        yield from calendar.look(dsn)
        yield from webhooks.look(dsn)
    yield from backups.look(settings)
    yield from unit.look()
    yield from running.look(settings)
    yield Finding(
        "unseen",
        "front",
        "whether a proxy writes addresses down cannot be seen from here: compare its "
        "configuration with deploy/, and look into its log folder",
    )
