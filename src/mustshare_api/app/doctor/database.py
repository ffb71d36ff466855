"""Whether PostgreSQL keeps what it acknowledges, tells nothing, and lets nobody else in."""

import asyncio
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from mustshare_api.app.doctor.finding import Finding
from mustshare_api.app.doctor.wanted import WANTED
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.settings import Settings
from mustshare_api.store.inspecting import Inspection, inspect

TELLING: Final = ("pg_stat_statements", "auto_explain", "pgaudit", "pg_stat_monitor")
"""They write down statements, with or without values, and when each ran."""

_CHECKSUMS: Final = "data_checksums"
_DEBIAN: Final = "(Debian"


def look(settings: Settings, dsn: str | None) -> Iterator[Finding]:
    """Each thing in turn; one line where the database does not answer."""
    if dsn is None:
        yield Finding("ok", "database", "embedded; it is made at the first start")
        return
    try:
        found = asyncio.run(inspect(dsn, WANTED))
    except MustShareError as error:
        said = error.advice if isinstance(error, Misconfigured) else error.code
        yield Finding("mend", "database", said)
        return
    yield Finding("ok", "database", f"PostgreSQL {found.version} answers")
    yield _schema(found)
    yield from of_settings(found)
    yield from of_libraries(found)
    if settings.database_url is not None:
        yield from of_rights(found)
        yield from _way(dsn)


def _schema(found: Inspection) -> Finding:
    if found.schema == "newer":
        said = "it was made by a newer program, which alone can use it: install that one"
        return Finding("mend", "database", said)
    if found.schema in ("older", "empty"):
        return Finding("ok", "database", "the next start brings it to this version")
    return Finding("ok", "database", "it is at this version")


def of_settings(found: Inspection) -> Iterator[Finding]:
    """Each setting that differs, why that matters and what sets it right."""
    right = 0
    for name, wanted in WANTED.items():
        value = found.settings.get(name)
        if value is None:
            yield Finding("unseen", "postgresql", f"{name} is hidden: ask its administrator")
        elif value in wanted.values:
            right += 1
        else:
            said = f"{name} is {value or 'empty'}: {wanted.why}"
            yield Finding(
                wanted.verdict,
                "postgresql",
                said,
                _mended(name, wanted.values[0], found.version),
            )
    yield Finding("ok", "postgresql", f"{right} settings are as they should be")


def _mended(name: str, value: str, version: str) -> str:
    if name == _CHECKSUMS:
        return _of_debian(version) or "pg_checksums --enable (while it is stopped)"
    return f"ALTER SYSTEM SET {name} = '{value}'; SELECT pg_reload_conf()"


def _of_debian(version: str) -> str:
    """The same where Debian's packages have it, which is on nobody's path."""
    major, marked, _ = version.partition(".")
    if not (marked and major.isdecimal() and _DEBIAN in version):
        return ""
    return (
        f"systemctl stop postgresql@{major}-main; runuser -u postgres -- /usr/lib/postgresql/"
        f"{major}/bin/pg_checksums --enable -D /var/lib/postgresql/{major}/main; "
        f"systemctl start postgresql@{major}-main"
    )


def of_libraries(found: Inspection) -> Iterator[Finding]:
    """What would write statements down."""
    for name in TELLING:
        if name in found.extensions:
            said = f"the extension {name} writes down what is asked and when"
            yield Finding("mend", "postgresql", said, f"DROP EXTENSION {name}")
        if found.libraries is not None and name in found.libraries:
            said = f"{name} is loaded: take it out of shared_preload_libraries"
            yield Finding("mend", "postgresql", said)
    if found.libraries is None:
        said = (
            "whether auto_explain or another listener is loaded is hidden from this role: as "
            "its administrator, SHOW shared_preload_libraries"
        )
        yield Finding("unseen", "postgresql", said)


def of_rights(found: Inspection) -> Iterator[Finding]:
    """What the service's role may do beyond its own tables, and who else may read them."""
    for right in found.rights:
        said = f"the service's role may more than it needs ({right})"
        command = f'ALTER ROLE "{found.role}" NO{_NAMED.get(right, right.upper())}'
        yield Finding("mend", "role", said, command)
    if not found.rights:
        yield Finding("ok", "role", f"{found.role} owns its tables and nothing else")
    for other in found.others:
        said = f"the role {other} may log in and read every table"
        yield Finding("think", "role", said, f'DROP ROLE "{other}"')


_NAMED: Final = {"super": "SUPERUSER"}


def _way(dsn: str) -> Iterator[Finding]:
    parts = urlsplit(dsn)
    asked = parse_qs(parts.query)
    hosts = [parts.hostname or "", *asked.get("host", [])]
    remote = [host for host in hosts if host and not host.startswith("/") and not _near(host)]
    if remote and asked.get("sslmode") != ["verify-full"]:
        said = (
            "it is on another machine, and who that is is not checked: add ?sslmode=verify-full"
        )
        yield Finding("mend", "database", said)


def _near(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
